/** What the sentences of retrieval judge, exports aside: a phrase and the checks that it stands for. */

import * as exportCapability from '../guides/bulk/checks/capability.ts'
import * as files from '../guides/bulk/checks/files.ts'
import * as privacy from '../guides/bulk/checks/privacy.ts'
import * as coreCapability from '../guides/core/checks/capability.ts'
import * as errors from '../guides/core/checks/errors.ts'
import * as coreEverything from '../guides/core/checks/everything.ts'
import * as everythingRefusals from '../guides/core/checks/everything-refusals.ts'
import * as include from '../guides/core/checks/include.ts'
import * as media from '../guides/core/checks/media.ts'
import * as mustSupport from '../guides/core/checks/must-support.ts'
import * as paging from '../guides/core/checks/paging.ts'
import * as values from '../guides/core/checks/parameters.ts'
import * as read from '../guides/core/checks/read.ts'
import * as search from '../guides/core/checks/search.ts'
import * as searchset from '../guides/core/checks/searchset.ts'
import * as conformance from '../guides/hrex/checks/conformance.ts'
import * as hrexProvenance from '../guides/hrex/checks/provenance.ts'
import * as rights from '../guides/hrex/checks/rights.ts'
import * as capability from '../guides/pdex/checks/capability.ts'
import * as data from '../guides/pdex/checks/data.ts'
import * as devices from '../guides/pdex/checks/devices.ts'
import * as docref from '../guides/pdex/checks/docref.ts'
import * as documents from '../guides/pdex/checks/documents.ts'
import * as everything from '../guides/pdex/checks/everything.ts'
import * as exported from '../guides/pdex/checks/export.ts'
import * as general from '../guides/pdex/checks/general.ts'
import * as http from '../guides/pdex/checks/http.ts'
import * as includes from '../guides/pdex/checks/includes.ts'
import * as medications from '../guides/pdex/checks/medications.ts'
import * as offeredIncludes from '../guides/pdex/checks/offered-includes.ts'
import { ownProfileChecks } from '../guides/pdex/checks/own-profiles.ts'
import * as permission from '../guides/pdex/checks/permissions.ts'
import * as preciseDates from '../guides/pdex/checks/precise-dates.ts'
import * as provenance from '../guides/pdex/checks/provenance.ts'
import * as provenanceProfile from '../guides/pdex/checks/provenance-profile.ts'
import * as notes from '../guides/pdex/checks/resource-notes.ts'
import * as retrieval from '../guides/pdex/checks/retrieval.ts'
import * as searching from '../guides/pdex/checks/searching.ts'
import * as sourceFormats from '../guides/pdex/checks/source-formats.ts'
import * as transmission from '../guides/pdex/checks/transmission.ts'
import type { Check } from '../harness/check.ts'

/** A phrase, and what is judged by it. */
export type Judgements = Readonly<Record<string, readonly Check[]>>

const of = (checks: readonly Check[], ...requirements: string[]): readonly Check[] =>
  checks.filter(({ requirement }) => requirements.includes(requirement))

export const dataQualities: Judgements = {
  'is the whole record, by every method alike': [retrieval.methodsAgree, retrieval.methodsAreComplete],
  'is the whole record': [retrieval.methodsAreComplete],
  'holds nothing of another member': [rights.nothingOfOthers],
  'is given to nobody without a right to it': [rights.rightsAreVerified],
  'is given to no client that did not match the member': [permission.onlyTheMatchingClient, rights.rightsAreVerified],
  'keeps to what the client may see': [
    permission.permissionsHoldEverywhere,
    everything.everythingIsLimited,
    exported.exportIsLimited,
    privacy.showsOnlyWhatMayBeSeen,
  ],
  'keeps to what the client may see, on this route': [permission.permissionsHoldEverywhere],
  'differs between clients that may see different things': [permission.clientsDiffer],
  'is clinical data of US Core': of(
    data.dataChecks,
    'PDEX-021',
    'PDEX-038',
    'PDEX-040',
    'PDEX-041',
    'PDEX-042',
    'PDEX-044',
    'PDEX-045',
    'PDEX-046',
    'PDEX-047',
    'PDEX-049',
    'PDEX-052',
    'PDEX-056',
  ),
  'names its facilities, practitioners and organizations by US Core': [
    ...of(data.dataChecks, 'PDEX-050', 'PDEX-051', 'PDEX-053', 'PDEX-054', 'PDEX-055'),
    conformance.referencesLeadToUsCore,
  ],
  'holds claims without amounts, and prior authorizations': [
    ...of(data.dataChecks, 'PDEX-022', 'PDEX-023'),
    ...of(
      ownProfileChecks,
      'PDEX-464',
      'PDEX-465',
      'PDEX-466',
      'PDEX-467',
      'PDEX-468',
      'PDEX-469',
      'PDEX-470',
      'PDEX-471',
      'PDEX-472',
    ),
  ],
  'holds devices and dispenses by their profiles': [
    ...of(data.dataChecks, 'PDEX-025', 'PDEX-048', 'PDEX-059', 'PDEX-060'),
    ...of(ownProfileChecks, 'PDEX-473', 'PDEX-474', 'PDEX-475'),
    devices.devicesCarryTheirUdi,
  ],
  'has what its profiles require, and what they support': [
    ...of(data.dataChecks, 'PDEX-013', 'PDEX-014', 'PDEX-015'),
    general.mustSupportIsPopulated,
    general.unknownIsLeftOut,
    conformance.sourcesFill,
    conformance.requiredIsThere,
    mustSupport.mustSupportIsFilled,
    mustSupport.requiredIsPresent,
    mustSupport.missingIsCoded,
    capability.profilesAreNamed,
  ],
  'makes the choices that the CapabilityStatements leave': [
    notes.careTeamMembers,
    notes.encounterChoices,
    notes.goalChoices,
    notes.conditionChoices,
    notes.prescriptionChoices,
    notes.valuelessObservations,
    notes.organizationsHaveNpi,
    notes.noSocialSecurityNumber,
  ],
  'names the member by a member number': [data.memberNumberIsTyped],
  'is versioned': [data.versioningMayBeUsed],
  'names versions as it should': [data.versionsAreNamedRight, data.versionedReferencesResolve],
  'has documents with content': [
    data.documentsCanBeHad,
    documents.documentsAreComplete,
    documents.outsideNeedsNoToken,
    files.attachmentsCanBeHad,
  ],
}

export const searchQualities: Judgements = {
  'works for each type of the table': [retrieval.typesCanBeSearched],
  'gives nothing of another member when nobody is named': [retrieval.searchWithoutPatient],
  'gives sound bundles': [
    searchset.answersWithSearchset,
    searchset.selfLinkTells,
    searchset.fullUrlsAgree,
    searchset.modesAreSet,
    searchset.totalCountsMatches,
    media.resourcesAreLabelled,
    http.jsonEverywhere,
  ],
  'finds the same by GET and by POST': [search.formEqualsQuery],
  'comes in pages that hold together': [
    paging.countIsACeiling,
    paging.pagesAreComplete,
    searchset.totalCountsMatches,
    searchset.answersWithSearchset,
  ],
  'knows the rules of dates': [values.datePrefixes, preciseDates.preciseDatesWork],
  'knows the forms of tokens': [values.tokenForms, values.escapedValues, searching.spellingsAgree],
  'knows the forms of references': [values.referenceForms, searching.spellingsAgree],
  'knows the rules of strings': [values.stringMatching],
  'includes what is pointed at': [include.includesAreReferenced, offeredIncludes.includesWork],
  'includes all that claims point at, as it can be read': [
    includes.claimsIncludeEverything,
    includes.includedEqualsRead,
  ],
  'includes medications that can be read': [medications.medicationsCanBeHad],
  'includes Provenance': [
    include.provenanceIsIncluded,
    offeredIncludes.revincludesWork,
    offeredIncludes.provenanceOfAllTypes,
  ],
  'ignores what it does not know, unless it is to be strict': [
    search.unknownParameterIsHandled,
    searchset.selfLinkTells,
  ],
  'refuses values that cannot be read': [search.malformedValueIsRefused, http.invalidIs400],
  'finds nothing where nothing fits': [search.unmatchedValueIsEmpty],
  'tags what it cuts': [include.subsetsAreTagged],
  'finds claims by date, update and type': [searching.claimsAreSearchedWithPatient, searching.ownParametersWork],
  'finds documents by $docref': [docref.docrefIsThere, docref.docrefGivesTheLatest],
}

export const everythingQualities: Judgements = {
  'is a searchset with the Patient': [everything.everythingIsSupported, coreEverything.everythingIsASearchset],
  'holds prior authorizations and claims': [everything.everythingHoldsBothKinds, everything.everythingDropsNoClaims],
  'holds prior authorizations alone': [everything.everythingHoldsPriorAuthorizations],
  'is closed in itself': [everything.everythingIsClosed],
  'holds these types alone': [everything.everythingCanBeNarrowed, coreEverything.typesAreHonoured],
  'holds what changed since': [coreEverything.sinceIsHonoured],
  'holds care of that time': [coreEverything.careDatesAreHonoured],
  'comes in pages that hold together': [paging.countIsACeiling, paging.pagesAreComplete],
  'is the same by GET and by POST': [coreEverything.postedEverything],
  'is refused': [everythingRefusals.everythingRefusesMistakes],
  'gives nothing to whom it is not for': [everythingRefusals.everythingKeepsToRights, rights.rightsAreVerified],
}

export const answerQualities: Judgements = {
  'are what was asked for': [read.readReturnsTheId],
  'carry their version in the headers': [read.headersAgreeWithMeta],
  'say 404 for ids that nobody gave out': [read.unknownIdIsNotFound, http.unknownIs404],
  'say 404 for types that nobody knows': [http.unknownIs404],
  'say 410 or 404 for what was deleted': [read.deletedIsGone, http.deletedIs410],
  'say 401 without a token': [http.unauthorizedIs401],
  'say 403 for a scope that does not suffice': [http.insufficientScopeIs403],
  'say 304 for what did not change': [read.conditionalRead],
  'are JSON by any name': [media.jsonByAnyName, media.resourcesAreLabelled],
  'are XML or a refusal where XML is asked for': [http.xmlMayBeHad],
  'refuse what cannot be served': [media.unserveableIsRefused],
  'refuse what cannot be understood': [media.unreadableIsRefused],
  'are R4, whatever version is asked for': [media.versionParameter, general.isR4, general.otherVersionsAreNotServed],
  'say why they refuse, and no more': [errors.errorsSayWhy, errors.errorsGiveNothingAway],
  'give old versions and histories': [capability.versionsWork, data.versionsAreRead],
  'give the latest version': [data.latestIsServed],
  'follow the rules of FHIR': [http.followsBaseFhir, http.jsonEverywhere, media.resourcesAreLabelled],
  'refuse by GET what changes something': [coreCapability.stateChangingOperationsArePosted],
}

export const provenanceQualities: Judgements = {
  'names the payer as transmitter in each exchange': [
    transmission.payerTransmits,
    transmission.everyExchangeHasATransmitter,
    transmission.custodyIsTold,
  ],
  'tells where the data is from': [provenance.sourceIsDescribed, provenance.eachHasAnOrigin],
  'tells in what form the data came': [
    sourceFormats.formatIsTold,
    sourceFormats.claimsAreTold,
    provenanceProfile.sourceFormatStandsRight,
  ],
  'has its elements': [provenance.elementsAreThere, provenanceProfile.pdexProvenanceIsSound],
  'names agents that fit': [
    hrexProvenance.targetsAreReferences,
    hrexProvenance.agentsFitTheirPart,
    hrexProvenance.nobodyActsOnBehalfInVain,
  ],
  'can be had for every type': [provenance.provenanceCanBeHad],
}

export const statementQualities: Judgements = {
  'is there for everybody': [
    coreCapability.metadataIsPublished,
    capability.patientIsSupported,
    capability.moreThanPatient,
    notes.screeningIsDeclared,
  ],
  'declares all that works': [capability.whatWorksIsDeclared, coreCapability.whatWorksIsDeclared],
  'declares the match and the export': [capability.matchIsDeclared, exportCapability.exportIsDeclared],
  'declares what works: reading and searching each type': [capability.readAndSearchAreThere],
  'declares no more than works': [capability.systemInteractionsWork, capability.expandIsOffered],
  'lets consents be found by patient': [capability.consentsCanBeFound],
  'lets devices be found by type': [devices.devicesAreFoundByType],
}

export const retrievalHabits: Judgements = {
  'retrieves as it should': [retrieval.looksAtTheStatementFirst, retrieval.usesTheMemberToken],
  'says whom and what it searches for': [searching.clientNamesAtLeastAnId],
  'sends precise dates': [preciseDates.clientSendsPreciseDates],
  'follows next links as they are given': [paging.linksAreFollowedAsGiven],
  'asks for the payor of a coverage': [includes.payorIsIncluded],
  'takes whatever comes': [
    general.clientTakesMustSupport,
    general.clientTakesReasons,
    conformance.consumersBear,
    conformance.replacedValuesAreBorne,
    conformance.unexpectedIsBorne,
    mustSupport.mustSupportIsBorne,
    mustSupport.replacedIsBorne,
    mustSupport.unexpectedIsNotRejected,
    medications.clientFollowsMedications,
  ],
  'submits the member id on the card': [data.cardCarriesTheMemberId],
}
