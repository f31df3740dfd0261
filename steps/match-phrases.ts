/** The phrases of sentences about matching a member, and the checks or fixtures that each stands for. */
import { manners } from '../flows/match-member.ts'
import * as consent from '../guides/hrex/checks/consent.ts'
import * as coverage from '../guides/hrex/checks/coverage.ts'
import * as discovery from '../guides/hrex/checks/discovery.ts'
import * as request from '../guides/hrex/checks/match-request.ts'
import * as match from '../guides/hrex/checks/member-match.ts'
import * as client from '../guides/pdex/checks/match-client.ts'
import * as evaluation from '../guides/pdex/checks/match-consent.ts'
import * as pdex from '../guides/pdex/checks/member-match.ts'
import type { Check } from '../harness/check.ts'
import type { Fixture } from '../harness/fixture.ts'

/** Ways to put the request: each phrase means itself. */
export const ways: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(manners).map((phrase) => [phrase, phrase]),
)

export type Segmentation = Extract<Fixture, { is: 'segmentation' }>['way']
export const segmentations: Readonly<Record<string, Segmentation>> = {
  'leaves sensitive records out': 'excludes',
  'labels sensitive records': 'tags',
  'can neither leave out nor label sensitive records': 'cannot',
}

/** Why a match is refused, and what must hold of such a refusal. */
export const refusals: Readonly<Record<string, readonly Check[]>> = {
  'nobody fits': [match.refusesNobody, match.namesTheFailure, pdex.refusesAllButOne],
  'more than one member fits': [match.refusesSeveral, match.namesTheFailure, pdex.refusesAllButOne],
  'the request is badly formed': [pdex.refusesMalformed],
  'the consent is unsound': [pdex.refusesMalformed, evaluation.evaluatesConsent],
  'the consent cannot be honoured': [
    consent.refusesConsent,
    match.namesTheFailure,
    evaluation.disclosesNothing,
    evaluation.saysConsentIsWhy,
    evaluation.evaluatesConsent,
  ],
  'the operation is for POST': [match.postOnly],
  'somebody is guessing': [match.stopsGuessing],
}

/** What may differ without harm. */
export const differences: Readonly<Record<string, Check>> = {
  'an unknown extension': match.toleratesExtensions,
  'a further actor': consent.acceptsMoreActors,
  'a document that nobody can fetch': evaluation.ignoresTheDocument,
  'the first or last day': evaluation.acceptsOnBothDays,
}

/** What a payer that asks does, and the checks of it. */
export const habits: Readonly<Record<string, readonly Check[]>> = {
  'sent a sound request': [
    consent.namesBothPayers,
    coverage.tellsAllItKnows,
    coverage.linksLittle,
    request.refersLocally,
    request.asksAsIn10,
    request.asksAsIn11,
    request.requestConforms,
    request.sendsCoverageToLink,
    request.tellsDemographics,
    coverage.tellsMemberNumber,
    coverage.tellsPayorAndRelationship,
    coverage.coverageConforms,
    coverage.tellsClasses,
    consent.saysWhatItMust,
    consent.consentConforms,
    consent.saysOnePolicy,
    consent.saysNothingElse,
    consent.identifiesOrganizations,
    client.suggestsAPeriod,
  ],
  'named the representative in the consent': [client.containsTheRepresentative, client.namesTheRepresentative],
  'went on without a MemberId': [client.copesWithIdentifierAlone],
  'asked for data after the match alone': [client.matchesFirst],
  'named the member by the identifier of the match': [request.goesOnByUniqueIdentifier],
  'used the endpoint that was offered': [discovery.acceptsNewerCodes],
  'looked the endpoint up again': [discovery.looksUpAgain],
}

/** How a consent came to its end. */
export const endings: Readonly<Record<string, Check>> = {
  'has ended': consent.keepsConsent,
  'is revoked': evaluation.heedsRevocation,
}
