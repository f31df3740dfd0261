/** PDex tokens: one for the match alone, one for the data of one member who was matched and consents (§189, §222 to §224). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { judgeMatchOnly } from '../../auth/checks/management.ts'
import { judgeForeignReads } from '../../auth/checks/subject.ts'
import { assertionOf, isSound, originOf, said, succeeded } from '../../auth/oauth.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { answeredParts } from '../../hrex/match.ts'

export const matchTokenMatchesOnly = check(
  'PDEX-100',
  'DESC',
  'The token for the match does the match and opens no data',
  (transcript) => judgeMatchOnly(transcript),
)

/** The Patient id that the match before that request gave; undefined when it gave none. */
function memberIdBefore(transcript: Transcript, x: Exchange): string | undefined {
  const order = transcript.every()
  const match = order
    .slice(0, order.indexOf(x))
    .findLast(
      (m) =>
        m.move === 'member-match' &&
        m.from === x.from &&
        m.response?.status === 200 &&
        m.intent.person === x.intent.person,
    )
  const [member] = match ? answeredParts(match, 'MemberId') : []
  const reference = member?.valueReference?.reference
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined
}

export const clientNamesMemberInSub = check(
  'PDEX-111',
  'SHOULD',
  'The client puts the MemberId of the match into the sub of its assertion',
  (transcript) => {
    const asked = transcript.some('member-token', { where: isSound })
    return asked.flatMap((x): Finding[] => {
      const id = memberIdBefore(transcript, x)
      if (id === undefined) return [undecided(x, 'the match gave no MemberId')]
      const { sub } = assertionOf(x)?.claims ?? {}
      return typeof sub === 'string' && sub.replace(/^.*Patient\//, '') === id
        ? []
        : [
            unmet(x, 'other-subject', 'sub is not the MemberId that the match gave', {
              expected: id,
              actual: sub,
              expression: 'sub',
            }),
          ]
    })
  },
)

const byIdentifier = (x: Exchange): boolean => isSound(x) && (x.intent.subject ?? '').includes('|')

export const takesIdentifier = check(
  'PDEX-112',
  'SHOULD',
  'A token is made for a member who is named by identifier alone',
  (transcript) => {
    const x = transcript.last('member-token', { where: byIdentifier })
    if (said(x).error === 'invalid_scope') return [undecided(x, 'the scope was refused, and not the identifier')]
    return succeeded(x)
      ? []
      : [
          wrongAnswer(x, 'refused', 'a token for a member named by identifier was refused', {
            actual: said(x).error_description ?? said(x).error ?? answered(x).status,
          }),
        ]
  },
)

export const resolvesIdentifier = check(
  'PDEX-112',
  'SHOULD',
  'A member identifier alone is resolved to the Patient when the token is made',
  (transcript) => {
    const x = transcript.last('member-token', { where: (one) => byIdentifier(one) && succeeded(one) })
    const read = transcript.all('probe', { intent: { at: 'data' }, where: (p) => originOf(transcript, p) === x })
    const own = read.filter((p) => p.intent.person === x.intent.person)
    if (own.length === 0) return [undecided(x, 'nothing was read with that token')]
    return [
      ...own
        .filter((p) => !succeeded(p))
        .map((p) =>
          wrongAnswer(
            p,
            'not-opened',
            `the token does not open the Patient that the identifier is of: ${answered(p).status}`,
            { expected: 200, actual: answered(p).status },
          ),
        ),
      ...read
        .filter((p) => p.intent.person !== x.intent.person && succeeded(p))
        .map((p) => unmet(p, 'opened', 'the token opens the Patient of another member')),
    ]
  },
)

export const limitsToThePatient = check(
  'PDEX-113',
  'SHOULD',
  'The token is limited to the Patient whom it was asked for',
  (transcript) => judgeForeignReads(transcript),
)

export const asksForConsentAtIssue = check(
  'PDEX-113',
  'SHOULD',
  'No token is issued when no consent for that member is in force',
  (transcript) => {
    const x = transcript.last('member-token', { where: isSound })
    const good = transcript.all('member-token', {
      from: x.from,
      where: (one) => isSound(one) && one !== x && succeeded(one),
    })
    if (good.length === 0) return [undecided(x, 'no token for a member was ever granted, so a refusal proves nothing')]
    const { status } = answered(x)
    return [400, 401, 403].includes(status)
      ? []
      : [
          wrongAnswer(
            x,
            succeeded(x) ? 'granted' : 'wrong-status',
            `a token without a consent in force was answered ${status}`,
            {
              expected: '400 invalid_grant or 403',
              actual: status,
            },
          ),
        ]
  },
)

export const tokenChecks: readonly Check[] = [
  matchTokenMatchesOnly,
  clientNamesMemberInSub,
  takesIdentifier,
  resolvesIdentifier,
  limitsToThePatient,
  asksForConsentAtIssue,
]
