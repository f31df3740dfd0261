/** HRex $member-match: what the payer that is asked answers (OperationDefinition member-match, mm-7 to mm-12; member-match-out). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { isUnable } from '../../core/judging.ts'
import { at, codingsAt, outcomeOf, resourceOf } from '../../core/received.ts'
import { endedBelowHttp } from '../../core/resets.ts'
import { disclosed } from '../disclosure.ts'
import { answeredParts, isMatch, matchedAnyway, onMatch, onRefusal, onVariation, partsOf, says } from '../match.ts'
import { codes, hasCoding, profile } from '../names.ts'
import { conformance } from '../profiled.ts'

/** 422, and nothing given away. */
const refused = (why: string) =>
  onRefusal((x, response, scene) => {
    const anyway = matchedAnyway(x, scene)
    if (anyway) return [anyway]
    const findings = disclosed(x, response, scene)
    if (response.status === 422) return findings
    const actual = response.status
    return [
      // What went wrong comes before what else it brought along.
      unmet(x, 'wrong-status', `${why}, and ${actual} came instead of 422`, { expected: 422, actual }),
      ...findings,
    ]
  })

export const refusesNobody = check('HREX-009', 'SHALL', 'No match is answered 422', refused('nobody fits'))

export const refusesSeveral = check(
  'HREX-010',
  'SHALL',
  'Several matches are answered 422',
  refused('more than one member fits'),
)

export const namesTheFailure = check(
  'HREX-012',
  'SHOULD',
  'A 422 carries an OperationOutcome that names the failure',
  onRefusal((x, response) => {
    if (response.status !== 422) return [undecided(x, `${response.status} came, which is no 422`)]
    const outcome = outcomeOf(x)
    if (!outcome)
      return [
        unmet(x, 'missing-outcome', 'the 422 carries no OperationOutcome with an issue', {
          expected: 'OperationOutcome',
          actual: response.body.slice(0, 120),
        }),
      ]
    const issues = at(outcome, 'issue')
    return issues.some((issue) => at(issue, 'code').length > 0 && says(issue) !== '')
      ? []
      : [
          unmet(
            x,
            'says-nothing',
            'no issue of the OperationOutcome has a code and says in words or a coding what failed',
            { expression: 'OperationOutcome.issue' },
          ),
        ]
  }),
)

export const returnsOne = check(
  'HREX-008',
  'SHALL',
  'A match names one member and no more',
  onMatch((x) => {
    if (!partsOf(resourceOf(x))) return [undecided(x, 'the answer is no Parameters')]
    return ['MemberIdentifier', 'MemberId'].flatMap((name) => {
      const actual = answeredParts(x, name).length
      return actual > 1
        ? [
            unmet(x, 'several-matches', `the answer has ${actual} parameters ${name}`, {
              expected: 1,
              actual,
              expression: `Parameters.parameter.where(name='${name}')`,
            }),
          ]
        : []
    })
  }),
)

/** One MemberIdentifier with a value, typed as the edition says; closed. */
function shapeOf(x: Exchange, type: { system: string; code: string }, allowed: readonly string[]): Finding[] {
  const parts = partsOf(resourceOf(x))
  if (!parts)
    return [
      unmet(x, 'wrong-type', 'the answer is no Parameters', {
        expected: 'Parameters',
        actual: resourceOf(x)?.resourceType,
      }),
    ]
  const findings: Finding[] = []
  for (const { name } of parts)
    if (!allowed.includes(String(name)))
      findings.push(
        unmet(x, 'unknown-parameter', 'the answer has a parameter that its profile leaves no room for', {
          expected: allowed,
          actual: name,
          expression: 'Parameters.parameter.name',
        }),
      )
  const identifiers = parts.filter(({ name }) => name === 'MemberIdentifier')
  if (identifiers.length !== 1)
    findings.push(
      unmet(x, 'cardinality', 'the answer does not have exactly one MemberIdentifier', {
        expected: 1,
        actual: identifiers.length,
      }),
    )
  for (const { valueIdentifier } of identifiers) {
    const expression = "Parameters.parameter.where(name='MemberIdentifier').value"
    const types = codingsAt(valueIdentifier, 'type')
    if (!hasCoding(types, type))
      findings.push(
        unmet(x, 'wrong-type', `the MemberIdentifier is not typed ${type.code}`, {
          expected: `${type.system}#${type.code}`,
          actual: types.map(({ system, code }) => `${system}#${code}`),
          expression: `${expression}.type`,
        }),
      )
    if (typeof valueIdentifier?.value !== 'string' || valueIdentifier.value === '')
      findings.push(
        unmet(x, 'missing-element', 'the MemberIdentifier has no value', { expression: `${expression}.value` }),
      )
  }
  return findings
}

export const answersAsIn10 = check(
  'HREX-019',
  'SHALL',
  'The answer is one MemberIdentifier typed MB',
  onMatch((x) => shapeOf(x, codes.memberNumber, ['MemberIdentifier'])),
)

/** A Patient, or a version of it, relative or absolute (FHIR R4 references). */
const literal = /^(?:https?:\/\/\S+\/)?Patient\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/

export const answersAsIn11 = check(
  'HREX-020',
  'SHALL',
  'The answer is one MemberIdentifier typed UMB and at most a MemberId',
  onMatch((x) => {
    const findings = shapeOf(x, codes.uniqueMember, ['MemberIdentifier', 'MemberId'])
    const ids = answeredParts(x, 'MemberId')
    const expression = "Parameters.parameter.where(name='MemberId').value"
    if (ids.length > 1)
      findings.push(unmet(x, 'cardinality', 'the answer has more than one MemberId', { actual: ids.length }))
    for (const { valueReference } of ids)
      if (!literal.test(String(valueReference?.reference ?? '')))
        findings.push(
          unmet(x, 'wrong-reference', 'the MemberId is no literal reference to a Patient', {
            expected: 'Patient/{id}',
            actual: valueReference,
            expression,
          }),
        )
    return findings
  }),
)

export const answerConforms = check(
  'HREX-020',
  'SHALL',
  'The answer conforms to hrex-parameters-member-match-out',
  onMatch((x, { editions }) =>
    conformance(x, validate(resourceOf(x), profile('hrex-parameters-member-match-out'), editions)),
  ),
)

export const postOnly = check(
  'HREX-014',
  'SHALL',
  'The operation is invoked by POST and refused by GET',
  (transcript, scene) => {
    const got = transcript.last('member-match', {
      to: scene.responder,
      where: ({ request }) => request.method === 'GET',
    })
    const { status } = answered(got)
    const posted = transcript.all('member-match', {
      to: scene.responder,
      where: (x) => x.request.method === 'POST' && isMatch(x),
    })
    if (posted.length === 0)
      return [undecided(got, 'POST was never answered with a match, so a refused GET says nothing')]
    if (isUnable(got)) return [undecided(got, `${status} came, which is no refusal of GET`)]
    return status >= 400
      ? []
      : [
          unmet(got, 'wrong-status', `a GET of an operation that changes state was answered ${status}`, {
            expected: '405 or another refusal',
            actual: status,
          }),
        ]
  },
)

export const stopsGuessing = check(
  'HREX-007',
  'SHALL',
  'Card after card for one person is not tried for ever',
  (transcript, scene) => {
    const guesses = transcript.some('member-match', {
      to: scene.responder,
      where: ({ intent }) => intent.guess !== undefined,
    })
    const last = guesses.at(-1) as Exchange
    const hit = guesses.find(isMatch)
    if (hit) return [unmet(hit, 'guessed', 'a card that was made up was matched', { expected: 422, actual: 200 })]
    if (!guesses.some(({ response }) => response?.status === 422))
      return [undecided(last, 'no card was refused because it fits nobody, so nothing was seen of a limit')]
    // A lock that ends the connection is a defence as well, where matches are served otherwise.
    const ended = endedBelowHttp(last, transcript.all('member-match', { to: scene.responder, where: isMatch }))
    if (ended) return ended
    if (last.failure) return [undecided(last, last.failure.message)]
    const { status } = answered(last)
    if (status === 429 || status === 403 || status === 401 || status === 423) return []
    if (status !== 422) return [undecided(last, `${status} came, which tells nothing about guessing`)]
    // An alarm that nobody outside can see is a measure too: worth a look, and no proof that there is none.
    return [
      {
        severity: 'warning',
        code: 'no-limit-seen',
        message: `${guesses.length} different cards for one person were each answered 422 and nothing slowed them down`,
        expected: '429, a lock or an alarm',
        actual: 422,
        exchange: last.id,
      },
    ]
  },
)

export const toleratesExtensions = check(
  'HREX-037',
  'SHOULD NOT',
  'An extension that nobody knows is no reason to refuse a match',
  onVariation('an extension'),
)

export const memberMatchChecks: readonly Check[] = [
  stopsGuessing,
  returnsOne,
  refusesNobody,
  refusesSeveral,
  namesTheFailure,
  postOnly,
  answersAsIn10,
  answersAsIn11,
  answerConforms,
  toleratesExtensions,
]

export const memberMatchUntested: Readonly<Record<string, string>> = {}
