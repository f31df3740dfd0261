/**
 * Software statements: what a trust community's member says of its client, signed with the key of its certificate
 * (RFC 7591 §2.3, PDex "Dynamic Client Registration", UDAP "Registration"). The rules are a table, asked in order.
 */
import type { JWTPayload } from 'jose'
import { jwsHoldsBy, type ReadJwt, readJwt } from '../../certs/jws.ts'
import { alternativeNames, certificateFrom } from '../../harness/certificates.ts'
import { defaults } from '../../harness/config.ts'
import { certificateFacts } from '../../harness/tls-facts.ts'
import type { CertificateFacts } from '../../harness/transcript.ts'
import type { Visit } from '../simulator.ts'
import type { Organization } from '../state/clients.ts'
import type { Standing } from '../state/directory.ts'
import type { PayerState } from '../state/payer-state.ts'
import { OAuthRefusal } from './oauth.ts'

/** Clocks may differ by this much when a JWT says when it was made; never when it says how long it lives. */
export const skewSeconds = 60

export interface Statement {
  readonly text: string
  readonly header: ReadJwt['header']
  readonly claims: JWTPayload & Readonly<Record<string, unknown>>
  readonly certificate: CertificateFacts
  readonly standing: Standing
  /** Where it was posted to. */
  readonly audience: string
  readonly now: number
  readonly visit: Visit
}

type Problem = { readonly code: 'invalid_software_statement' | 'unapproved_software_statement'; readonly text: string }
const invalid = (text: string): Problem => ({ code: 'invalid_software_statement', text })
const unapproved = (text: string): Problem => ({ code: 'unapproved_software_statement', text })

export interface StatementRule {
  readonly name: string
  /** Says what is wrong; undefined when the rule is kept. */
  readonly broken: (statement: Statement, state: PayerState) => Problem | undefined | Promise<Problem | undefined>
}

export const statementRules: readonly StatementRule[] = [
  {
    name: 'signature',
    broken: ({ text, certificate }) =>
      jwsHoldsBy(text, certificateFrom(Buffer.from(certificate.chain[0] as string, 'base64')).publicKey)
        ? undefined
        : invalid('the signature was not made with the key of the certificate in x5c'),
  },
  { name: 'community', broken: ({ standing }) => (standing.ok ? undefined : unapproved(standing.text)) },
  {
    name: 'issuer',
    broken: ({ claims, certificate }) => {
      if (typeof claims.iss !== 'string' || claims.iss !== claims.sub)
        return invalid('iss and sub must be the same URI')
      return alternativeNames(certificate.subjectAltName, 'URI').includes(claims.iss)
        ? undefined
        : invalid('iss is no URI of the subjectAltName of the certificate')
    },
  },
  {
    // A statement is no secret: whoever saw one must not register with it.
    name: 'sender',
    broken: ({ claims, visit }) =>
      visit.certificate && !alternativeNames(visit.certificate.subjectAltName, 'URI').includes(claims.iss ?? '')
        ? invalid('the statement is of another organization than the connection')
        : undefined,
  },
  {
    name: 'audience',
    broken: ({ claims, audience }) =>
      [claims.aud].flat().includes(audience)
        ? undefined
        : invalid(`aud is not the URL of the registration endpoint, ${audience}`),
  },
  {
    name: 'expiry',
    broken: ({ claims, now }) => {
      if (typeof claims.exp !== 'number') return invalid('exp is missing')
      return claims.exp > now
        ? undefined
        : invalid(`the statement has expired ${now - claims.exp} seconds ago by this server's clock`)
    },
  },
  {
    name: 'lifetime',
    broken: ({ claims, now }) => {
      if (typeof claims.iat !== 'number') return invalid('iat is missing')
      if (claims.iat > now + skewSeconds)
        return invalid(`the statement was issued ${claims.iat - now} seconds from now by this server's clock`)
      return (claims.exp ?? 0) - claims.iat > defaults.assertionSeconds
        ? invalid(`a statement lives at most ${defaults.assertionSeconds} seconds`)
        : undefined
    },
  },
  {
    // The last one: only a good statement uses its id up.
    name: 'replay',
    broken: ({ claims, now }, state) => {
      if (typeof claims.jti !== 'string' || claims.jti === '') return invalid('jti is missing')
      return state.clients.useOnce(`statement ${claims.iss}`, claims.jti, claims.exp ?? 0, now)
        ? undefined
        : invalid('a statement with this jti was used before')
    },
  },
]

const algorithms = ['RS256', 'RS384', 'ES256', 'ES384']

export const noCertificates =
  'x5c holds no certificates: each is DER in base64, not base64url and not PEM (RFC 7515 section 4.1.6)'

/** The certificates of a header, leaf first. Throws where one is written otherwise. */
export function derIn(x5c: readonly string[]): Buffer[] {
  return x5c.map((one) => {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(one)) throw new TypeError(noCertificates)
    return Buffer.from(one, 'base64')
  })
}

/** Verifies a statement and says who made it. Throws an OAuth refusal. */
export async function verifyStatement(
  state: PayerState,
  text: string,
  part: { readonly audience: string; readonly now: number; readonly visit: Visit },
  rules: readonly StatementRule[] = statementRules,
): Promise<{ readonly claims: Statement['claims']; readonly organization: Organization }> {
  const refuse = ({ code, text }: Problem): never => {
    throw new OAuthRefusal(code, text)
  }
  let read: ReadJwt
  let certificate: CertificateFacts
  try {
    read = readJwt(text)
  } catch {
    return refuse(invalid('the statement is not a signed JWT'))
  }
  const { header, claims }: Pick<Statement, 'header' | 'claims'> = read
  if (!algorithms.includes(header.alg ?? ''))
    return refuse(invalid(`the statement must be signed with ${algorithms.join(', ')}`))
  try {
    const { x5c } = header
    if (!x5c?.length) return refuse(invalid('the header has no certificate (x5c)'))
    certificate = certificateFacts(derIn(x5c))
  } catch (error) {
    if (error instanceof OAuthRefusal) throw error
    return refuse(invalid(noCertificates))
  }
  const statement: Statement = {
    text,
    header,
    claims,
    certificate,
    standing: await state.directory.standing(certificate),
    ...part,
  }
  for (const rule of rules) {
    const problem = await rule.broken(statement, state)
    if (problem) return refuse(problem)
  }
  // A fault may leave the community rule out: then the certificate's own word must do.
  const organization = statement.standing.ok
    ? statement.standing.member
    : { uri: claims.iss ?? '', identifier: { system: 'urn:ietf:rfc:3986', value: claims.iss ?? '' } }
  return { claims, organization }
}
