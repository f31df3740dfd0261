/** UDAP Security 2.0: registration by software statement, changed and cancelled by another. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { badMetadata, brokenStatements, looseStatements, strangersStatements } from '../mistakes.ts'
import {
  isSound,
  type JsonObject,
  judgeRefusal,
  jwtIn,
  made,
  objectIn,
  said,
  succeeded,
  text,
  texts,
  tokenMoves,
} from '../oauth.ts'

export const udapRegistrations = (x: Exchange): boolean => x.intent.form === 'udap'

/** The software statement of a UDAP registration. */
export const statementOf = (x: Exchange) => jwtIn(text(objectIn(x.request)?.software_statement))

export const clientStatesWell = check(
  'AUTH-105',
  'SHALL',
  "The client's software statement says what UDAP wants",
  (transcript) =>
    transcript.some('register', { where: (x) => udapRegistrations(x) && isSound(x) }).flatMap((x) => {
      const { header: head = {}, claims = {} } = statementOf(x) ?? {}
      const { iss, sub, aud, iat, exp, jti, client_name, contacts, grant_types, scope } = claims as JsonObject
      const findings: Finding[] = []
      const must = (holds: boolean, expression: string, expected: string): void => {
        if (!holds)
          findings.push(
            unmet(x, 'wrong-claim', `${expression} of the software statement is not as it must be`, {
              expected,
              actual: (claims as JsonObject)[expression] ?? 'nothing',
              expression,
            }),
          )
      }
      must(objectIn(x.request)?.udap === '1', 'udap', '"1" beside the statement')
      must(texts(head.x5c).length > 0, 'x5c', 'the chain of the certificate')
      must(typeof iss === 'string' && iss === sub, 'sub', 'the same URI as iss')
      must(aud === x.request.url, 'aud', x.request.url)
      must(typeof iat === 'number', 'iat', 'seconds since 1970')
      must(typeof exp === 'number' && exp - Number(iat) <= 300, 'exp', 'at most 300 seconds after iat')
      must(typeof jti === 'string', 'jti', 'an id')
      must(typeof client_name === 'string', 'client_name', 'a name')
      must(
        texts(contacts).some((one) => one.startsWith('mailto:')),
        'contacts',
        'at least one mailto:',
      )
      must(
        ['', 'client_credentials', 'authorization_code'].includes(
          texts(grant_types)
            .filter((one) => one !== 'refresh_token')
            .join(' '),
        ),
        'grant_types',
        'client_credentials or authorization_code',
      )
      must(
        (claims as JsonObject).token_endpoint_auth_method === 'private_key_jwt',
        'token_endpoint_auth_method',
        'private_key_jwt',
      )
      must(typeof scope === 'string' && scope !== '', 'scope', 'the scopes that are wanted')
      if (!texts(grant_types).includes('authorization_code'))
        for (const name of ['redirect_uris', 'response_types', 'logo_uri'])
          must((claims as JsonObject)[name] === undefined, name, 'nothing without authorization_code')
      return findings
    }),
)

const refusedStatements = [...brokenStatements, ...looseStatements, ...strangersStatements, ...badMetadata]

export const validatesStatements = check(
  'AUTH-106',
  'SHALL',
  'A UDAP registration succeeds by a statement that holds, and by no other',
  (transcript) => {
    const all = transcript.some('register', { where: udapRegistrations })
    const first = all.find((x) => isSound(x) && x.intent.variation === undefined)
    if (!first) return [undecided(all[0], 'nobody registered soundly in the UDAP way')]
    // Whoever is known from an earlier scenario or run changes its registration: 200 (UDAP DCR §5.2).
    if (![200, 201].includes(answered(first).status) || typeof said(first).client_id !== 'string')
      return [
        unmet(first, 'refused', `a sound UDAP registration was answered ${answered(first).status}`, {
          expected: '201 (or 200, for who is registered already) with a client_id',
          actual: said(first).error_description ?? said(first).error ?? answered(first).status,
        }),
      ]
    return all.filter(made(refusedStatements)).flatMap((x) =>
      judgeRefusal(x, {
        statuses: [400],
        codes: ['invalid_software_statement', 'unapproved_software_statement', 'invalid_client_metadata'],
        what: x.intent.mistake ?? '',
      }),
    )
  },
)

export const modifiesAndCancels = check(
  'AUTH-107',
  'SHALL',
  'The same issuer again changes its registration, and without grant types ends it',
  (transcript) => {
    const all = transcript.some('register', { where: (x) => udapRegistrations(x) && isSound(x) })
    const [first, ...later] = all
    if (!first || !succeeded(first)) return [undecided(first, 'the first UDAP registration did not succeed')]
    if (later.length === 0) return [undecided(first, 'nobody registered a second time')]
    const order = transcript.every()
    return later.flatMap((x): Finding[] => {
      const { status } = answered(x)
      const cancels = x.intent.variation === 'with no grant types'
      // To change a registration is a right, to cancel it so is advice (UDAP Security 2.0, "Modifying and Cancelling").
      const weighed = (finding: Finding): Finding => (cancels ? { ...finding, severity: 'warning' } : finding)
      if (!succeeded(x))
        return [
          weighed(
            wrongAnswer(x, 'refused', 'another statement of the same issuer was refused', {
              expected: 200,
              actual: `${status} ${String(said(x).error ?? '')}`.trim(),
            }),
          ),
        ]
      if (cancels) {
        const after = transcript.all(tokenMoves, { from: x.from, where: (t) => order.indexOf(t) > order.indexOf(x) })
        if (after.length === 0) return [undecided(x, 'the cancelled client asked for nothing more')]
        return after
          .filter((t) => answered(t) && succeeded(t))
          .map((t) => weighed(unmet(t, 'still-alive', 'a client that cancelled its registration still gets tokens')))
      }
      const findings: Finding[] = []
      if (status !== 200)
        findings.push(noted(x, 'status', `a modification was answered ${status}, where UDAP prefers 200`))
      if (said(x).client_id !== said(first).client_id)
        findings.push(noted(x, 'new-id', 'the modification changed the client id, which UDAP would rather keep'))
      return findings
    })
  },
)

export const udapRegistrationChecks: readonly Check[] = [clientStatesWell, validatesStatements, modifiesAndCancels]
