/** What the sentences of exports judge: a phrase and the checks that it stands for. */
import * as deletedResources from '../guides/bulk/checks/deleted-resources.ts'
import * as deletion from '../guides/bulk/checks/deletion.ts'
import * as files from '../guides/bulk/checks/files.ts'
import * as kickOff from '../guides/bulk/checks/kick-off.ts'
import * as listedFiles from '../guides/bulk/checks/listed-files.ts'
import * as manifest from '../guides/bulk/checks/manifest.ts'
import * as parameters from '../guides/bulk/checks/parameters.ts'
import * as patience from '../guides/bulk/checks/patience.ts'
import * as privacy from '../guides/bulk/checks/privacy.ts'
import * as exportProvenance from '../guides/bulk/checks/provenance.ts'
import * as refusals from '../guides/bulk/checks/refusals.ts'
import * as since from '../guides/bulk/checks/since.ts'
import * as status from '../guides/bulk/checks/status.ts'
import * as typeFilters from '../guides/bulk/checks/type-filters.ts'
import * as types from '../guides/bulk/checks/types.ts'
import * as rights from '../guides/hrex/checks/rights.ts'
import * as exported from '../guides/pdex/checks/export.ts'
import type { Judgements } from './retrieval-judgements.ts'

export const exportQualities: Judgements = {
  'runs to its end': [exported.exportIsSupported, exported.exportRunsToItsEnd, rights.nothingOfOthers],
  'is begun as it should be': [
    privacy.overGoodTls,
    privacy.byBackendServices,
    kickOff.startsAsynchronously,
    kickOff.startsByGet,
    kickOff.saysWhereToAsk,
    kickOff.clientAcceptsFhir,
    kickOff.clientPrefersAsync,
  ],
  'tells how far it is': [
    status.runningIs202,
    patience.progressIsShort,
    patience.saysWhenToAsk,
    patience.clientWaits,
    patience.clientTriesAgain,
  ],
  'has a sound manifest': [
    status.manifestIsJson,
    status.expiryIsTold,
    manifest.fieldsAreThere,
    manifest.transactionTimeHolds,
    manifest.requestIsRepeated,
    manifest.tokenNeedIsTold,
    listedFiles.itemsAreSound,
    listedFiles.nothingEmptyIsListed,
    listedFiles.countsAreRight,
    listedFiles.errorsAreOutcomes,
    listedFiles.allTypesAreGiven,
  ],
  'has sound files': [
    listedFiles.filesCanBeHad,
    files.filesAreLabelled,
    files.clientShowsItsToken,
    files.linesAreResources,
    files.latestVersionsOnly,
    files.binariesAreAttached,
    files.referencesStayHere,
    exportProvenance.provenanceIsGiven,
  ],
  'gives each resource once, as it is now': [files.latestVersionsOnly],
  'keeps its token to itself where none is needed': [files.tokenGoesNowhereElse],
  'says no more than it must': [manifest.extensionIsAnObject],
  'holds these types alone': [types.typesAreHonoured, types.repeatedIsListed],
  'holds what changed since': [since.sinceIsHonoured],
  'lists what was deleted since': [deletedResources.deletionsAreListed, deletedResources.deletedIsNotGiven],
  'is trimmed to these elements': [parameters.elementsAreTrimmed],
  'holds what answers to the filter': [typeFilters.filterIsHonoured],
  'holds what answers to either filter': [typeFilters.filtersAreAlternatives],
  'holds the Provenance that was asked for': [exportProvenance.associatedDataIsHonoured],
  'can be begun by POST': [kickOff.startsByPost],
  'holds nothing of strangers that were named': [parameters.strangersAreNotGiven],
  'accepts every name of NDJSON and no other format': [parameters.formatsAreAccepted],
  'is refused for that': [refusals.refusalsSayWhy],
  'is refused for its type': [refusals.refusalsSayWhy, types.unknownTypesAreErrors],
  'is refused for its parameter': [refusals.refusalsSayWhy, parameters.unsupportedIsRefused],
  'tells what it left out': [status.partialSuccess, types.unknownTypesAreErrors],
  'is begun or refused, and never answered at once': [
    refusals.withoutPreference,
    kickOff.startsAsynchronously,
    kickOff.saysWhereToAsk,
  ],
  'is refused for its time': [refusals.refusalsSayWhy, since.unreadableSinceIsRefused],
  'takes or refuses what is new in 3.0': [parameters.laterParameters],
  'may run beside another': [refusals.parallelExports],
  'is not to be asked about too often': [patience.impatienceIsAnswered],
  'fails with a reason': [status.failureIsAnError],
  'is gone when it is deleted': [deletion.deletionIsAccepted, deletion.deletedIsUnknown],
  'can be deleted when it is complete': [deletion.deletionIsAccepted],
  'cannot be deleted twice': [deletion.wrongDeletionIsRefused],
  'leaves no files behind': [files.lostFilesAreErrors],
  'is for nobody without a token': [privacy.protectedAsTheKickOff],
  'is for the client that began it': [
    privacy.onlyForItsClient,
    deletion.wrongDeletionIsRefused,
    rights.rightsAreVerified,
  ],
}
