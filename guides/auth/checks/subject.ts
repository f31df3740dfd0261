/** Tokens that are for one member: named as the subject, opening no other record, and none without consent. */
import { type Check, check, undecided } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { isSound, originOf, said, succeeded } from '../oauth.ts'

/** A member's token at somebody else's record: refused, or hidden. */
export function judgeForeignReads(transcript: Transcript): Finding[] {
  const isForeign = (x: Exchange): boolean => {
    const origin = originOf(transcript, x)
    return (
      origin?.move === 'member-token' &&
      x.intent.person !== undefined &&
      origin.intent.person !== undefined &&
      origin.intent.person !== x.intent.person
    )
  }
  const foreign = transcript.some('probe', {
    intent: { at: 'data', token: 'its token for the data' },
    where: isForeign,
  })
  const own = transcript.all('probe', {
    intent: { at: 'data' },
    where: (x) => succeeded(x) && originOf(transcript, x) !== undefined && !isForeign(x),
  })
  return foreign.flatMap((x) => {
    if (own.length === 0) return [undecided(x, "the member's own record was never opened with that token")]
    const { status } = answered(x)
    return [401, 403, 404].includes(status)
      ? []
      : [
          wrongAnswer(
            x,
            succeeded(x) ? 'accepted' : 'wrong-status',
            `the token of one member was answered ${status} at the record of another`,
            {
              expected: '403 or 404',
              actual: status,
            },
          ),
        ]
  })
}

export const confinesToTheMember = check(
  'AUTH-115',
  'SHALL',
  "A member's token opens no other member's record",
  (transcript) => judgeForeignReads(transcript),
)

export const asksForConsentAgain = check(
  'AUTH-115',
  'SHALL',
  "A member's token opens nothing once their consent has ended",
  (transcript) => {
    const late = transcript.some('probe', { intent: { token: 'its token for the data, whose consent has ended' } })
    const good = transcript.all('probe', { where: (x) => isSound(x) && x.intent.at === 'data' && succeeded(x) })
    return late.flatMap((x) => {
      const earlier = good.find((y) => y.intent.person === x.intent.person)
      if (!earlier) return [undecided(x, 'the record was never opened while the consent held')]
      const { status } = answered(x)
      if ([401, 403, 404].includes(status)) return []
      const wrong = wrongAnswer(
        x,
        succeeded(x) ? 'accepted' : 'wrong-status',
        `a record whose consent has ended was answered ${status}`,
        { expected: '401, 403 or 404', actual: status },
      )
      // Consent is asked for when a token is made, and a token may live on until its end: five minutes of this are advice.
      return [{ ...wrong, severity: 'warning' }]
    })
  },
)

export const takesMemberAsSubject = check(
  'AUTH-118',
  'SHOULD',
  'The member is taken from the subject of the assertion',
  (transcript) => {
    const asked = transcript.last('member-token', { where: (x) => isSound(x) && x.intent.subjectMode === 'sub' })
    if (said(asked).error === 'invalid_scope') return [undecided(asked, 'the scope was refused, and not the subject')]
    return succeeded(asked)
      ? []
      : [
          wrongAnswer(asked, 'not-granted', 'a token for the member named in sub was refused', {
            actual: said(asked).error ?? answered(asked).status,
          }),
        ]
  },
)

export const bindsToTheSubject = check(
  'AUTH-118',
  'SHOULD',
  'The token is for the member who is the subject of the assertion, and for no other',
  (transcript) => {
    transcript.last('member-token', { where: (x) => isSound(x) && x.intent.subjectMode === 'sub' && succeeded(x) })
    return judgeForeignReads(transcript)
  },
)

export const subjectChecks: readonly Check[] = [
  confinesToTheMember,
  asksForConsentAgain,
  takesMemberAsSubject,
  bindsToTheSubject,
]
