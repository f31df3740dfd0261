/** What PDex asks of the payer that matches a member: consent before data, what the Consent says of a representative, going on without a MemberId. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { at, codingsAt } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { answeredParts, askedIn, isMatch, onRequests, order, soundRequests } from '../../hrex/match.ts'
import { retrieving } from '../member.ts'

/** True for a request of somebody's data, by whatever move: not for metadata, tokens or the match itself. */
export const asksForData = (exchange: Exchange): boolean => {
  const { interaction, operation } = asked(exchange)
  return (
    ['read', 'vread', 'history-instance', 'search-type'].includes(interaction) ||
    operation === '$everything' ||
    operation === '$export'
  )
}

export const matchesFirst = check(
  'PDEX-106',
  'SHALL',
  'Data is asked for after a match that carried a consent',
  (transcript, scene) => {
    const [first] = transcript.some(retrieving, {
      from: scene.requester,
      to: scene.responder,
      where: (x) => asksForData(x) && x.intent.mistake === undefined,
    })
    const matches = transcript.all('member-match', { from: scene.requester, to: scene.responder, where: isMatch })
    return first && matches.some((x) => askedIn(x).consent && order(x) < order(first))
      ? []
      : [unmet(first, 'no-match-before', 'the member’s data was asked for before any match with a consent')]
  },
)
export const copesWithIdentifierAlone = check(
  'PDEX-110',
  'SHALL',
  'The client goes on with the MemberIdentifier alone',
  (transcript, scene) => {
    const x = transcript.last('member-match', { from: scene.requester, to: scene.responder, where: isMatch })
    if (answeredParts(x, 'MemberId').length > 0)
      return [undecided(x, 'the answer had a MemberId, so nothing was asked of the client')]
    const later = transcript.all(['member-token', ...retrieving], {
      from: scene.requester,
      to: scene.responder,
      where: (y) => order(y) > order(x) && (y.move === 'member-token' || asksForData(y)),
    })
    const reached = later.filter(succeeded)
    if (reached.length > 0) return []
    return later.length > 0
      ? [undecided(later[0], 'the client went on, and was answered with a refusal')]
      : [unmet(x, 'stalled', 'the match brought no MemberId, and the client did not go on')]
  },
)

const representativeRoles = ['DPOWATT', 'HPOWATT', 'POWATT', 'GUADLTM', 'SPOWATT', 'GUARD']

/** Requests whose Consent somebody else than the patient gave. */
const onRepresentatives =
  (judge: (consent: unknown, exchange: Exchange) => readonly Finding[]) =>
  (transcript: Transcript, scene: Scene): readonly Finding[] => {
    const given = soundRequests(transcript, scene).filter(({ consent, patient }) => {
      const [performer] = at(consent, 'performer.reference')
      return consent && performer !== `Patient/${patient?.id}`
    })
    if (given.length === 0) return [undecided(undefined, 'every consent was given by the patient')]
    return given.flatMap(({ consent, exchange }) => judge(consent, exchange))
  }

export const containsTheRepresentative = check(
  'PDEX-121',
  'SHOULD',
  'A representative who gave the consent is contained in it',
  onRepresentatives((consent, exchange) => {
    const [actual] = at(consent, 'performer.reference')
    const found = at(consent, 'contained').find((resource) => `#${at(resource, 'id')[0]}` === actual)
    return ['Patient', 'RelatedPerson'].includes(String(at(found, 'resourceType')[0]))
      ? []
      : [
          unmet(exchange, 'not-contained', 'the representative is no contained Patient or RelatedPerson', {
            expected: '#id of a contained resource',
            actual,
            expression: 'Consent.performer',
          }),
        ]
  }),
)

export const namesTheRepresentative = check(
  'PDEX-122',
  'SHOULD',
  'The representative is an actor with a role such as DPOWATT',
  onRepresentatives((consent, exchange) => {
    const actual = codingsAt(consent, 'provision.actor.role').map(({ code }) => code)
    return actual.some((code) => representativeRoles.includes(String(code)))
      ? []
      : [
          unmet(exchange, 'missing-element', 'no actor has the role of a representative', {
            expected: representativeRoles,
            actual,
            expression: 'Consent.provision.actor.role',
          }),
        ]
  }),
)

/** Plan end of a concurrent coverage is about a year after its start; with a margin, 15 months. */
const longestDays = 457

export const suggestsAPeriod = check(
  'PDEX-123',
  'MAY',
  'The consent begins at the enrolment and ends within the plan year',
  onRequests(({ consent, exchange }) => {
    const [start, end] = ['start', 'end'].map((name) => Date.parse(String(at(consent, `provision.period.${name}`)[0])))
    const days = ((end ?? Number.NaN) - (start ?? Number.NaN)) / 86_400_000
    if (Number.isNaN(days)) return [undecided(exchange, 'the consent has no period to look at')]
    return days <= longestDays
      ? []
      : [
          unmet(exchange, 'long-period', `the consent holds for ${Math.round(days)} days`, {
            expected: `at most ${longestDays} days`,
            actual: days,
            expression: 'Consent.provision.period',
          }),
        ]
  }),
)

export const matchClientChecks: readonly Check[] = [
  matchesFirst,
  copesWithIdentifierAlone,
  containsTheRepresentative,
  namesTheRepresentative,
  suggestsAPeriod,
]
