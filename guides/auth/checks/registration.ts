/** Dynamic client registration: what is answered to sound ones, and who is kept out (RFC 7591 §3.2.1). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import {
  answered,
  type Exchange,
  header,
  headerList,
  mediaType,
  type SentResponse,
} from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff, suspicious, wrongAnswer } from '../../core/judging.ts'
import { endedBelowHttp } from '../../core/resets.ts'
import { uncertified } from '../mistakes.ts'
import {
  goodVariant,
  isSound,
  jwtIn,
  made,
  metadataSent,
  notOffered,
  objectIn,
  said,
  succeeded,
  text,
} from '../oauth.ts'
import { whereMutualTlsIsUsed } from './binding.ts'

/** A sound registration in RFC 7591's own form; UDAP answers a little otherwise. */
const plainly = (x: Exchange): boolean => isSound(x) && x.intent.form !== 'udap'

/** Refused below HTTP, or by a gateway in its own words, or by the endpoint: all keep a stranger out. */
const keptOut = (x: Exchange, good: readonly Exchange[]): Finding[] => {
  const ended = endedBelowHttp(x, good)
  if (ended) return [...ended]
  const { status } = answered(x)
  const expected = 'the connection ended, or 401 or 403'
  // Mutual TLS was there; that the caller is looked up in the repository is a described step of PDex, with no keyword.
  if (succeeded(x) && !made(uncertified)(x))
    return [
      suspicious(
        x,
        'accepted',
        `the registration endpoint answered ${status} to a caller whose certificate is by the authority of the community, and in no bundle of its repository`,
        { expected, actual: status },
      ),
    ]
  if (succeeded(x))
    return [
      unmet(x, 'accepted', `the registration endpoint answered ${status} to a caller whom mutual TLS should keep out`, {
        expected,
        actual: status,
      }),
    ]
  return status >= 400 && status < 500 && putOff(x) === undefined
    ? []
    : [undecided(x, `neither registered nor refused: HTTP ${status}`)]
}

export const keepsStrangersOut = check(
  'AUTH-020',
  'SHALL',
  'Nobody registers without a certificate of the community',
  (transcript) => {
    const strange = transcript.some('register', { where: (x) => made(uncertified)(x) || x.from === 'a stranger' })
    return strange.flatMap((x) => {
      if (!/^https:/.test(x.request.url)) return [unmet(x, 'no-tls', 'the registration endpoint is not behind TLS')]
      const good = transcript.all('register', { to: x.to, where: (one) => isSound(one) && succeeded(one) && one !== x })
      if (!good.some((one) => one.from !== 'a stranger'))
        return [undecided(x, 'no registration succeeded with a certificate, so a refusal proves nothing')]
      return whereMutualTlsIsUsed(transcript, keptOut(x, good))
    })
  },
)

/** What was sent and must come back, as it was or as the server registered it; keys may be kept in the other form. */
const repeated = [['grant_types'], ['token_endpoint_auth_method'], ['jwks', 'jwks_uri']]
/** A server that knows nothing of these ignores them, and has nothing to tell (RFC 7591 §2). */
const perhapsUnknown = ['scope', 'client_name']

/** Manners that need not be offered: without a signed statement, in a body that is no JSON, by other credentials than keys. */
const dispensable = [
  'with plain JSON',
  'with a signed statement alone',
  'with the URL of its key set',
  'with its certificate as its credential',
]

/** The answer to a sound registration, as RFC 7591 §3.2.1 wants it. */
function judgeSuccess(x: Exchange): Finding[] {
  const response = answered(x)
  const { status } = response
  if (dispensable.includes(x.intent.variation ?? '') && status >= 400 && status < 500)
    return [undecided(x, `to register ${x.intent.variation} is not offered: it was answered ${status}`)]
  if (status !== 201)
    return [
      wrongAnswer(x, 'wrong-status', `a sound registration was answered ${status}`, {
        expected: 201,
        actual: `${status} ${String(said(x).error ?? '')} ${String(said(x).error_description ?? '')}`.trim(),
      }),
    ]
  const answer = objectIn(response)
  if (mediaType(response) !== 'application/json' || !answer)
    return [unmet(x, 'not-json', 'the answer is no JSON object', { actual: header(response, 'content-type') })]
  const findings: Finding[] = []
  if (typeof answer.client_id !== 'string' || answer.client_id === '')
    findings.push(unmet(x, 'missing-element', 'the answer has no client_id', { expression: 'client_id' }))
  const sent = metadataSent(x)
  const missing = (name: string): Finding =>
    unmet(x, 'missing-element', `${name} was registered and is not in the answer`, {
      expected: sent[name],
      expression: name,
    })
  for (const names of repeated) {
    const name = names.find((one) => sent[one] !== undefined)
    if (name && names.every((one) => answer[one] === undefined)) findings.push(missing(name))
  }
  for (const name of perhapsUnknown)
    if (sent[name] !== undefined && answer[name] === undefined) findings.push({ ...missing(name), severity: 'warning' })
  if (answer.client_secret !== undefined && typeof answer.client_secret_expires_at !== 'number')
    findings.push(
      unmet(x, 'missing-element', 'a secret was issued and the answer does not say when it expires', {
        expression: 'client_secret_expires_at',
      }),
    )
  return [...findings, ...unstored(x, response)]
}

const unstored = (x: Exchange, response: SentResponse): Finding[] =>
  (headerList(response, 'cache-control') ?? '').toLowerCase().includes('no-store')
    ? []
    : [
        {
          ...unmet(x, 'may-be-stored', 'the answer holds secrets and does not forbid to store it', {
            expected: 'Cache-Control: no-store',
            actual: headerList(response, 'cache-control') ?? 'nothing',
          }),
          severity: 'warning' as const,
        },
      ]

export const answersRegistration = check(
  'AUTH-022',
  'SHALL',
  'A registration is answered 201 with a client id and what was registered',
  (transcript) => transcript.some('register', { where: plainly }).flatMap(judgeSuccess),
)

export const ignoresUnknownMembers = check(
  'AUTH-024',
  'SHALL',
  'Metadata that the server does not know is ignored',
  (transcript) => {
    const x = transcript.last('register', { intent: { variation: 'with a member that nobody knows' } })
    if (!goodVariant(transcript, x)) return [undecided(x, 'no registration succeeded without the unknown member')]
    return succeeded(x)
      ? []
      : [
          wrongAnswer(x, 'refused', `a registration with an unknown member was answered ${answered(x).status}`, {
            expected: 201,
            actual: answered(x).status,
          }),
        ]
  },
)

export const signedOutranksPlain = check(
  'AUTH-026',
  'SHALL',
  'What the software statement says outranks what stands beside it',
  (transcript) => {
    const x = transcript.last('register', {
      intent: { variation: 'with another name beside the statement than in it' },
    })
    const answer = objectIn(answered(x))
    if (!answer || !succeeded(x)) return [undecided(x, 'the registration did not succeed')]
    const sent = text(objectIn(x.request)?.software_statement)
    const signedName = jwtIn(sent)?.claims.client_name
    if (answer.software_statement === undefined && answer.client_name !== signedName)
      return notOffered(x, 'the use of software statements')
    const findings: Finding[] = []
    if (answer.client_name === undefined)
      findings.push(undecided(x, 'the answer does not say which of the names was registered'))
    else if (answer.client_name !== signedName)
      findings.push(
        unmet(x, 'unsigned-value', 'the unsigned name was registered in the place of the signed one', {
          expected: signedName,
          actual: answer.client_name,
          expression: 'client_name',
        }),
      )
    if (answer.software_statement !== sent)
      findings.push(
        unmet(x, 'statement-changed', 'the software statement was used and is not returned as it was sent', {
          expression: 'software_statement',
        }),
      )
    return findings
  },
)

export const registrationChecks: readonly Check[] = [
  keepsStrangersOut,
  answersRegistration,
  ignoresUnknownMembers,
  signedOutranksPlain,
]
