/** Every fault, by topic. A fault of the payer reads the payer's state, one of the trust manager the trust manager's. */
import { authorizationFaults } from './authorization.ts'
import { consentFaults } from './consent.ts'
import { unsoundDetails } from './details.ts'
import { endpointDiscoveryFaults } from './endpoint-discovery.ts'
import type { Fault } from './fault.ts'
import { keySetFaults } from './key-sets.ts'
import { leaks } from './leak.ts'
import { memberMatchFaults } from './member-match.ts'
import { mutualTlsFaults } from './mutual-tls.ts'
import { unsoundOffers } from './offers.ts'
import { retrievalFaults } from './retrieval.ts'
import { unsoundPayload } from './retrieval-payload.ts'
import { unsoundStatements } from './retrieval-statement.ts'
import { subtleActorFaults } from './subtle-actors.ts'
import { subtleAnswerFaults } from './subtle-answers.ts'
import { subtleAuthorizationFaults } from './subtle-authorizations.ts'
import { subtleBundleFaults } from './subtle-bundles.ts'
import { subtleDetailFaults } from './subtle-details.ts'
import { subtleDoorFaults } from './subtle-doors.ts'
import { subtleFormFaults } from './subtle-forms.ts'
import { subtleJobFaults } from './subtle-jobs.ts'
import { subtleMatchFaults } from './subtle-match.ts'
import { subtlePayloadFaults } from './subtle-payload.ts'
import { subtleRetrievalFaults } from './subtle-retrieval.ts'
import { subtleSearchFaults } from './subtle-search.ts'
import { subtleStatementFaults } from './subtle-statement.ts'
import { unlikeWays } from './triangulation.ts'
import { trustBundleFaults } from './trust-bundles.ts'
import { trustManagerFaults } from './trust-manager.ts'
import { trustRepositoryFaults } from './trust-repository.ts'

export const faults = [
  ...trustManagerFaults,
  ...trustRepositoryFaults,
  ...trustBundleFaults,
  ...mutualTlsFaults,
  ...authorizationFaults,
  ...keySetFaults,
  ...endpointDiscoveryFaults,
  ...memberMatchFaults,
  ...consentFaults,
  ...retrievalFaults,
  ...unsoundPayload,
  ...unsoundStatements,
  ...leaks,
  ...unlikeWays,
  ...unsoundOffers,
  ...unsoundDetails,
  ...subtleMatchFaults,
  ...subtleRetrievalFaults,
  ...subtleJobFaults,
  ...subtleSearchFaults,
  ...subtleActorFaults,
  ...subtleDoorFaults,
  ...subtleBundleFaults,
  ...subtleStatementFaults,
  ...subtleFormFaults,
  ...subtleAnswerFaults,
  ...subtlePayloadFaults,
  ...subtleDetailFaults,
  ...subtleAuthorizationFaults,
] as readonly Fault[]
