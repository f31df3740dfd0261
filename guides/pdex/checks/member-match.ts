/** What PDex adds to $member-match: single-member payer-to-payer exchange, and the base URLs that HRex discovery publishes. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff, suspicious, wrongAnswer } from '../../core/judging.ts'
import { at, outcomeOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { documentOf, endpointsOf } from '../../hrex/checks/discovery.ts'
import { disclosed } from '../../hrex/disclosure.ts'
import {
  answeredParts,
  isMatch,
  lastMatch,
  matchedAnyway,
  memberIdOf,
  onMatch,
  onRefusal,
  order,
  says,
} from '../../hrex/match.ts'

export const matchesMembers = check('PDEX-107', 'SHALL', 'A member who is insured is matched', (transcript, scene) => {
  const x = lastMatch(transcript, scene)
  const { status: actual } = answered(x)
  if (isMatch(x)) return []
  const later = putOff(x)
  if (later) return [undecided(x, later)]
  if (actual === 200)
    return [
      unmet(x, 'no-match', 'a member who is insured was asked for, and the 200 names nobody', {
        expected: 'MemberIdentifier',
        expression: 'Parameters.parameter',
      }),
    ]
  const offered = ![404, 405, 501].includes(actual)
  return [
    unmet(
      x,
      'wrong-status',
      offered ? `a member who is insured was asked for, and ${actual} came` : `$member-match is not offered: ${actual}`,
      {
        expected: 200,
        actual,
      },
    ),
    ...at(outcomeOf(x), 'issue').map((issue) => noted(x, 'reason', `the responder says: ${says(issue)}`)),
  ]
})

export const givesMemberId = check(
  'PDEX-108',
  'SHOULD',
  'A match gives the MemberId beside the MemberIdentifier',
  (transcript, scene) => {
    const x = lastMatch(transcript, scene)
    if (!isMatch(x)) return [undecided(x, 'there was no match to look at')]
    const [part] = answeredParts(x, 'MemberId')
    const reference = part?.valueReference?.reference
    if (typeof reference !== 'string')
      return [
        unmet(x, 'missing-element', 'the answer has no MemberId', {
          expected: 'MemberId',
          expression: 'Parameters.parameter',
        }),
      ]
    const id = memberIdOf(x)
    const lost = transcript.all(['read', 'everything'], {
      from: scene.requester,
      to: scene.responder,
      where: (y) =>
        order(y) > order(x) &&
        asked(y).type === 'Patient' &&
        asked(y).id === id &&
        [404, 410].includes(y.response?.status ?? 0),
    })
    return lost.map((y) =>
      unmet(y, 'unresolvable', 'the Patient of the MemberId cannot be found', {
        expected: 200,
        actual: y.response?.status,
      }),
    )
  },
)

export const namesTheMember = check(
  'PDEX-109',
  'SHALL',
  'A match gives the MemberIdentifier of the member who was asked for',
  onMatch((x, { person, bystander }) => {
    const parts = answeredParts(x, 'MemberIdentifier')
    const expression = "Parameters.parameter.where(name='MemberIdentifier').value"
    if (parts.length !== 1)
      return [
        unmet(x, 'cardinality', 'the answer does not have exactly one MemberIdentifier', {
          expected: 1,
          actual: parts.length,
          expression: 'Parameters.parameter',
        }),
      ]
    const { value, system, type } = parts[0]?.valueIdentifier ?? {}
    const findings: Finding[] = []
    if (typeof value !== 'string' || value === '')
      findings.push(
        unmet(x, 'missing-element', 'the MemberIdentifier has no value', { expression: `${expression}.value` }),
      )
    if (type === undefined)
      findings.push(
        unmet(x, 'missing-element', 'the MemberIdentifier has no type', { expression: `${expression}.type` }),
      )
    const known = person?.memberIdentifier
    if (
      known &&
      typeof value === 'string' &&
      (known.value !== value || (known.system !== '' && known.system !== system))
    )
      findings.push(
        unmet(x, 'other-member', `the MemberIdentifier is not that of ${person.name}`, {
          expected: `${known.system}|${known.value}`,
          actual: `${system}|${value}`,
          expression,
        }),
      )
    if (bystander?.memberIdentifier && bystander.memberIdentifier.value === value)
      findings.push(
        unmet(x, 'other-member', `the MemberIdentifier is that of ${bystander.name}`, { actual: value, expression }),
      )
    const id = memberIdOf(x)
    if (id && person?.patientId && id !== person.patientId)
      findings.push(
        unmet(x, 'other-member', `the MemberId is not that of ${person.name}`, {
          expected: person.patientId,
          actual: id,
          expression: "Parameters.parameter.where(name='MemberId').value",
        }),
      )
    return findings
  }),
)

export const refusesAllButOne = check(
  'PDEX-116',
  'DESC',
  'No match or several matches are answered 422',
  onRefusal((x, { status: actual }, scene) => {
    if (actual === 422) return []
    const anyway = matchedAnyway(x, scene)
    return [
      anyway ??
        unmet(x, 'wrong-status', `not exactly one member fits, and ${actual} came instead of 422`, {
          expected: 422,
          actual,
        }),
    ]
  }),
)

/** What may come instead of 422 when the body cannot be read at all. */
const beforeReading = [406, 411, 413, 415]

export const refusesMalformed = check(
  'PDEX-117',
  'DESC',
  'A badly formed request is answered 422 with an OperationOutcome',
  onRefusal((x, response, scene) => {
    const { status: actual } = response
    const unreadable = /\b(XML|body|nesting)\b/.test(x.intent.mistake ?? '')
    const findings = disclosed(x, response, scene)
    if (actual !== 422 && actual !== 400 && !(unreadable && beforeReading.includes(actual)))
      return [
        ...findings,
        unmet(x, 'wrong-status', `the request is badly formed, and ${actual} came`, { expected: [422, 400], actual }),
      ]
    if (actual === 400 && !unreadable)
      findings.push(suspicious(x, 'less-specific', '400 came where the guide says 422', { expected: 422, actual }))
    if (!outcomeOf(x) && !(unreadable && actual !== 422))
      findings.push(
        unmet(x, 'missing-outcome', `the ${actual} carries no OperationOutcome`, {
          expected: 'OperationOutcome',
          actual: response.body.slice(0, 120),
        }),
      )
    return findings
  }),
)

export const publishesItsBases = check(
  'PDEX-019',
  'SHOULD',
  'The base URLs of the three access APIs are discoverable and answer',
  (transcript, scene) => {
    const x = transcript.last('well-known', { to: scene.responder })
    const { status: actual } = answered(x)
    if (actual !== 200 || !documentOf(x))
      return [
        wrongAnswer(x, 'no-document', 'there is no well-known document to find them in', {
          expected: '200 with JSON',
          actual,
        }),
      ]
    const endpoints = endpointsOf(x)
    const findings: Finding[] = ['patient', 'provider', 'payer']
      .map((audience) => `davinci_pdex_${audience}_endpoint`)
      .filter((code) => !endpoints.some(([key]) => key === code || key.startsWith(`${code}#`)))
      .map((code) =>
        unmet(x, 'missing-endpoint', `the document names no ${code}`, {
          expected: code,
          actual: endpoints.map(([key]) => key),
          expression: 'endpoints',
        }),
      )
    const bases = endpoints.flatMap(([, address]) =>
      typeof address === 'string' ? [`${address.replace(/\/$/, '')}/metadata`] : [],
    )
    const tried = transcript.all('metadata', {
      to: scene.responder,
      where: (y) => order(y) > order(x) && bases.includes(y.request.url),
    })
    for (const y of tried)
      if (!succeeded(y))
        findings.push(
          wrongAnswer(y, 'does-not-answer', 'an endpoint that the document names does not answer with its metadata', {
            expected: 200,
            actual: y.response?.status ?? y.failure?.message,
          }),
        )
    return findings
  },
)

export const memberMatchChecks: readonly Check[] = [
  publishesItsBases,
  matchesMembers,
  givesMemberId,
  namesTheMember,
  refusesAllButOne,
  refusesMalformed,
]

export const memberMatchUntested: Readonly<Record<string, string>> = {}
