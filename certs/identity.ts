/** A member of a trust community, complete: organization, mutual TLS certificate with the URI in its SAN, and a key for JWTs. */
import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Identity, SigningAlgorithm } from '../harness/actor.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import { once } from '../harness/once.ts'
import type { Credentials } from '../harness/wire.ts'
import type { Authorities } from './authorities.ts'
import type { Authority } from './authority.ts'
import { distinguishedName } from './distinguished-name.ts'
import { issue, keptRsaKey, type Terms } from './issue.ts'
import { keyPem, newKeys } from './keys.ts'
import { isCertificateMistake, isRevoked, mistakes, type Owner } from './mistakes.ts'

export { distinguishedName }

export interface IdentityTerms extends Omit<Terms, 'subject' | 'uris'> {
  readonly authority: Authority
  readonly name: string
  /** `https://new-plan.example/payer` */
  readonly uri: string
  readonly identifier: { readonly system: string; readonly value: string }
  /** Given, the member can also show certificates that are wrong on purpose (`mistaken`). */
  readonly authorities?: Authorities
  /** How its JWTs are signed; ES384 unless told. */
  readonly alg?: SigningAlgorithm
}

/** Makes a member. Its certificate serves as client and as server; give `dns` and `ips` to one that runs a server. */
export async function identity(terms: IdentityTerms): Promise<Identity> {
  const { authority, authorities, name, uri, identifier, alg = 'ES384', ...rest } = terms
  const { credentials } = await issue(authority, { ...rest, subject: distinguishedName(name), uris: [uri] })
  const signing = await signingKey(alg, name, authority.folder)
  const strangersKey = (kind: SigningAlgorithm): Promise<string> => unknownKey(kind, authority.folder)
  const member: Identity = { name, uri, identifier, credentials, signing, strangersKey }
  return authorities ? { ...member, mistaken: mistakenOf(authorities, { name, uri, credentials }) } : member
}

/** The certificates that this member can show by mistake; for one whose key we hold. */
export const mistakenOf = (all: Authorities, owner: Owner): NonNullable<Identity['mistaken']> => {
  const made = new Map<string, Promise<Credentials | null>>()
  return async (mistake, around = {}) => {
    if (!isCertificateMistake(mistake)) throw new HarnessError('internal', `nobody makes the mistake "${mistake}"`)
    const make = (): Promise<Credentials | null> => mistakes[mistake](all, owner, around)
    try {
      // One that is to be revoked is revoked once, and must be new; each other is as wrong the second time.
      return await (isRevoked(mistake) ? make() : once(made, `${mistake} ${around.another ?? ''}`, make))
    } catch (cause) {
      if (isHarnessError(cause)) throw cause
      // A key of a kind that we do not use, brought along by a plan.
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new HarnessError('cannot-set-up', `no certificate ${mistake} can be made for ${owner.name}: ${why}`, {
        cause,
      })
    }
  }
}

/** PKCS#8 PEM of a key of nobody's. */
export const unknownKey = async (alg: SigningAlgorithm, folder?: string): Promise<string> =>
  (await signingKey(alg, 'somebody unknown', folder)).key

/** A key that signs JWTs, with its public JWK and the JWK's thumbprint as key id. */
export async function signingKey(
  alg: SigningAlgorithm,
  name: string,
  folder?: string,
): Promise<NonNullable<Identity['signing']>> {
  const { privateKey } =
    alg === 'RS384' ? await keptRsaKey(`${name} jwt`, folder) : await newKeys(alg === 'ES256' ? 'ec' : 'p384')
  const key = keyPem(privateKey)
  const open = createPublicKey(key).export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(open)
  return { key, alg, kid, publicJwk: { ...open, kid, alg, use: 'sig' } }
}
