/** Keys: how a client publishes and uses them, which algorithms and key sets a server takes (SMART 2.2 asymmetric authentication). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { objectsIn } from '../../core/received.ts'
import { badAlgorithms } from '../mistakes.ts'
import {
  assertionOf,
  isSound,
  type JsonObject,
  judgeMistakes,
  judgeRefusal,
  metadataSent,
  objectIn,
  said,
  succeeded,
  tokenMoves,
} from '../oauth.ts'

/** The keys of a JWK set. */
export const keysIn = (value: unknown): readonly JsonObject[] =>
  objectsIn((value as { keys?: unknown } | undefined)?.keys)

/** The registration that was in force for that client when the exchange was sent. */
const registrationBefore = (transcript: Transcript, x: Exchange): Exchange | undefined => {
  const order = transcript.every()
  return order
    .slice(0, order.indexOf(x))
    .findLast((r) => r.move === 'register' && r.from === x.from && r.to === x.to && isSound(r) && succeeded(r))
}

export const takesBothKindsOfKeySets = check(
  'AUTH-040',
  'SHALL',
  'Keys are taken inline and by the URL of a key set',
  (transcript) => {
    // Who is registered with no key asks for no token either: that nobody did is no excuse.
    const tokens = transcript.all(tokenMoves, { where: isSound })
    const registered = transcript.some('register', { where: isSound })
    const byUrl = (x: Exchange): boolean => metadataSent(x).jwks_uri !== undefined
    const inline = (x: Exchange): boolean => metadataSent(x).jwks !== undefined
    return (
      [
        ['inline', inline],
        ['by the URL of the key set', byUrl],
      ] as const
    ).flatMap(([how, is]): Finding[] => {
      const registration = registered.findLast(is)
      if (!registration) return [undecided(undefined, `nobody registered keys ${how}`)]
      if (!succeeded(registration))
        return [
          wrongAnswer(
            registration,
            'refused',
            `a registration of keys ${how} was answered ${answered(registration).status}`,
            {
              expected: 201,
              actual: `${answered(registration).status} ${String(said(registration).error ?? '')}`.trim(),
            },
          ),
        ]
      const used = tokens.filter((x) => registrationBefore(transcript, x) === registration)
      if (used.length === 0) return [undecided(registration, `no token was asked for with keys registered ${how}`)]
      if (used.some(succeeded)) return []
      const last = used.at(-1) as Exchange
      const { status } = answered(last)
      return [
        wrongAnswer(last, 'refused', `an assertion signed with a key that was registered ${how} was refused`, {
          actual: said(last).error_description ?? said(last).error ?? status,
        }),
      ]
    })
  },
)

const smartAlgorithms = ['RS384', 'ES384'] as const
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const needed: Readonly<Record<string, readonly string[]>> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'] }

export const publishesSoundKeys = check(
  'AUTH-041',
  'SHALL',
  "Each of the client's JWKs says what it must and holds nothing private",
  (transcript) => {
    const inline = transcript.all('register', { where: (x) => isSound(x) && metadataSent(x).jwks !== undefined })
    const fetched = transcript.all('fetch-jwks', { where: succeeded })
    const sets = [
      ...inline.map((x) => [x, keysIn(metadataSent(x).jwks)] as const),
      ...fetched.map((x) => [x, keysIn(objectIn(x.response))] as const),
    ]
    if (sets.length === 0) return [undecided(undefined, 'no JWK set of a client was seen')]
    return sets.flatMap(([x, keys]) => {
      if (keys.length === 0) return [unmet(x, 'empty', 'the JWK set holds no key', { expression: 'keys' })]
      return keys.flatMap((key, i) => [
        ...['kty', 'kid', ...(needed[String(key.kty)] ?? [])]
          .filter((name) => typeof key[name] !== 'string')
          .map((name) => unmet(x, 'missing-element', `a key has no ${name}`, { expression: `keys[${i}].${name}` })),
        ...privateMembers
          .filter((name) => name in key)
          .map((name) =>
            unmet(x, 'private-key', `a key holds the private ${name}`, { expression: `keys[${i}].${name}` }),
          ),
      ])
    })
  },
)

export const publishesKeysOpenly = check(
  'AUTH-042',
  'SHALL',
  "The client's JWK set is open to everybody, over TLS",
  (transcript) =>
    transcript.some('fetch-jwks').flatMap((x) => {
      const response = answered(x)
      const findings: Finding[] = []
      if (!/^https:/.test(x.request.url)) findings.push(unmet(x, 'no-tls', 'the JWK set is not served over TLS'))
      if (x.tls?.client || header(x.request, 'authorization'))
        findings.push(undecided(x, 'the key set was fetched with credentials'))
      if (response.status !== 200 || keysIn(objectIn(response)).length === 0)
        findings.push(
          wrongAnswer(x, 'not-served', `the JWK set was answered ${response.status} and holds no keys`, {
            expected: 200,
          }),
        )
      if (header(response, 'cache-control') === undefined)
        findings.push({
          ...unmet(x, 'no-cache-control', 'the JWK set does not say how long it may be kept'),
          severity: 'warning',
        })
      return findings
    }),
)

export const clientsSignBothWays = check(
  'AUTH-043',
  'SHALL',
  'Our clients sign with RS384 and with ES384',
  (transcript) => {
    const signed = transcript.some(tokenMoves, { where: (x) => isSound(x) && assertionOf(x) !== undefined })
    const algorithm = (x: Exchange): unknown => assertionOf(x)?.header.alg
    const others = signed.filter((x) => !smartAlgorithms.some((alg) => alg === algorithm(x)))
    if (others.length)
      return others.map((x) =>
        unmet(x, 'other-algorithm', 'an assertion is signed by an algorithm that servers need not support', {
          expected: smartAlgorithms,
          actual: algorithm(x),
          expression: 'alg',
        }),
      )
    const used = new Set(signed.filter(succeeded).map(algorithm))
    const missing = smartAlgorithms.filter((alg) => !used.has(alg))
    return missing.length
      ? [undecided(signed.at(-1), `no token was granted for an assertion with ${missing.join(', ')}`)]
      : []
  },
)

export const validatesAlgorithms = check(
  'AUTH-044',
  'SHALL',
  'An unsigned assertion and one signed with a shared secret are refused',
  (transcript) =>
    judgeMistakes(transcript, tokenMoves, badAlgorithms, (x) =>
      judgeRefusal(x, { statuses: [400, 401], codes: ['invalid_client'], what: x.intent.mistake ?? '' }),
    ),
)

export const wantsOneKey = check('AUTH-054', 'SHALL', 'A key id that two keys have finds none', (transcript) => {
  const x = transcript.last('register', { intent: { variation: 'with two keys of the same id' } })
  const { status } = answered(x)
  if (!succeeded(x))
    return status >= 400 && status < 500
      ? [noted(x, 'refused', 'two keys of one id were refused at registration already')]
      : [undecided(x, `two keys of one id were neither registered nor refused: HTTP ${status}`)]
  const asked = transcript.all(tokenMoves, { where: isSound })
  if (!asked.some((t) => succeeded(t) && registrationBefore(transcript, t) !== x))
    return [undecided(x, 'no token was granted to the same client with one key')]
  const used = asked.filter((t) => registrationBefore(transcript, t) === x)
  if (used.length === 0) return [undecided(x, 'no token was asked for with one of the two keys')]
  return used.flatMap((t) =>
    judgeRefusal(t, { statuses: [400, 401], codes: ['invalid_client'], what: 'whose key id two keys have' }),
  )
})

export const keysChecks: readonly Check[] = [
  takesBothKindsOfKeySets,
  publishesSoundKeys,
  publishesKeysOpenly,
  clientsSignBothWays,
  validatesAlgorithms,
  wantsOneKey,
]
