/** PDex "Evaluation of Consent" and "Consent Revocation": what the payer that is asked makes of the Consent. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type SentResponse } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { gaveNothing, isUnable, suspicious } from '../../core/judging.ts'
import { at, outcomeOf } from '../../core/received.ts'
import { disclosed } from '../../hrex/disclosure.ts'
import { onRefusal, onVariation, order, says } from '../../hrex/match.ts'
import { retrieving } from '../member.ts'
import { asksForData } from './match-client.ts'

export const disclosesNothing = check(
  'PDEX-114',
  'SHALL NOT',
  'A refusal for the consent discloses no id of the member',
  onRefusal((x, response, scene) => {
    const findings = disclosed(x, response, scene)
    if (response.status < 400)
      return [
        ...findings,
        unmet(x, 'not-refused', `the consent cannot be honoured, and ${response.status} came`, {
          expected: 422,
          actual: response.status,
        }),
      ]
    return findings
  }),
)

export const saysConsentIsWhy = check(
  'PDEX-115',
  'SHALL',
  'A consent that cannot be honoured is answered 422 with an OperationOutcome that says so',
  onRefusal((x, response) => {
    const { status: actual } = response
    if (actual !== 422)
      return [
        unmet(x, 'wrong-status', `the consent cannot be honoured, and ${actual} came instead of 422`, {
          expected: 422,
          actual,
        }),
      ]
    const issues = at(outcomeOf(x), 'issue')
    const [first] = issues
    if (first === undefined)
      return [
        unmet(x, 'missing-outcome', 'the 422 carries no OperationOutcome with an issue', {
          expected: 'OperationOutcome',
          actual: response.body.slice(0, 120),
        }),
      ]
    const findings: Finding[] = []
    if (!issues.some((issue) => ['error', 'fatal'].includes(String(at(issue, 'severity')[0]))))
      findings.push(
        unmet(x, 'wrong-code', 'no issue has the severity error', {
          expected: 'error',
          actual: at(outcomeOf(x), 'issue.severity'),
          expression: 'OperationOutcome.issue.severity',
        }),
      )
    const words = issues.map(says).join(' ')
    if (words === '')
      findings.push(
        unmet(x, 'says-nothing', 'the OperationOutcome does not say in words that the consent is why', {
          expression: 'OperationOutcome.issue',
        }),
      )
    // Words are free, and in any language: what sounds like something else deserves a look and no more.
    else if (!/consent|polic|permi|disclos|privacy|shar|authori[sz]/i.test(words))
      findings.push(
        suspicious(x, 'other-reason', 'the OperationOutcome does not seem to say that the consent is why', {
          actual: words,
          expression: 'OperationOutcome.issue',
        }),
      )
    return findings
  }),
)

export const evaluatesConsent = check(
  'PDEX-118',
  'DESC',
  'Patient, policy, period and payer of the consent are looked at',
  onRefusal((x, { status: actual }: SentResponse) => {
    if (actual === 422) return []
    if (actual >= 400 && actual < 500)
      return [
        suspicious(x, 'other-status', `the consent was not accepted, with ${actual} in place of 422`, {
          expected: 422,
          actual,
        }),
      ]
    return [unmet(x, 'not-refused', `the consent does not permit this, and ${actual} came`, { expected: 422, actual })]
  }),
)

export const acceptsOnBothDays = check(
  'PDEX-118',
  'DESC',
  'A consent holds on its first and on its last day',
  onVariation('a period that has today at its edge'),
)

export const ignoresTheDocument = check(
  'PDEX-119',
  'DESC',
  'The document behind Consent.source plays no part in the decision',
  onVariation('a source that nobody can fetch'),
)

export const heedsRevocation = check(
  'PDEX-124',
  'DESC',
  'After a revocation the next token or data call is refused',
  (transcript, scene) => {
    const x = transcript.last(['member-token', ...retrieving], {
      from: scene.requester,
      to: scene.responder,
      where: (y) => isToken(y) || asksForData(y),
    })
    const control = transcript.all(['member-token', ...retrieving], {
      from: scene.requester,
      to: scene.responder,
      where: (y) => order(y) < order(x) && (isToken(x) ? isToken(y) : asksForData(y)) && granted(y),
    })
    if (control.length === 0)
      return [undecided(x, 'the same was never granted before the revocation, so a refusal says nothing')]
    if (isUnable(x)) return [undecided(x, `${answered(x).status} came, which is no refusal`)]
    return granted(x)
      ? [
          unmet(x, 'granted', 'the consent is revoked, and this was granted', {
            expected: 'a refusal, or nothing',
            actual: answered(x).status,
          }),
        ]
      : []
  },
)
const isToken = ({ move }: Exchange): boolean => move === 'member-token'
const granted = (x: Exchange): boolean => (isToken(x) ? answered(x).status < 400 : !gaveNothing(x))

export const matchConsentChecks: readonly Check[] = [
  disclosesNothing,
  saysConsentIsWhy,
  evaluatesConsent,
  acceptsOnBothDays,
  ignoresTheDocument,
  heedsRevocation,
]
