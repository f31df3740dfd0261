/** Every fault, by topic. */

import { authorizationFaults } from './authorization.ts'
import { consentFaults } from './consent.ts'
import { endpointDiscoveryFaults } from './endpoint-discovery.ts'
import type { Fault } from './fault.ts'
import { memberMatchFaults } from './member-match.ts'
import { mutualTlsFaults } from './mutual-tls.ts'
import { retrievalFaults } from './retrieval.ts'
import { unsoundAnswers } from './retrieval-answers.ts'
import { unsoundExports } from './retrieval-bulk.ts'
import { unsoundEverything } from './retrieval-everything.ts'
import { unsoundFiles } from './retrieval-files.ts'
import { unsoundParameters } from './retrieval-parameters.ts'
import { unsoundRights } from './retrieval-rights.ts'
import { unsoundSearches } from './retrieval-search.ts'
import { trustBundleFaults } from './trust-bundles.ts'
import { trustManagerFaults } from './trust-manager.ts'

export const faults: readonly Fault[] = [
  ...(authorizationFaults as readonly Fault[]),
  ...(consentFaults as readonly Fault[]),
  ...(endpointDiscoveryFaults as readonly Fault[]),
  ...(memberMatchFaults as readonly Fault[]),
  ...(mutualTlsFaults as readonly Fault[]),
  ...(unsoundAnswers as readonly Fault[]),
  ...(unsoundExports as readonly Fault[]),
  ...(unsoundEverything as readonly Fault[]),
  ...(unsoundFiles as readonly Fault[]),
  ...(unsoundParameters as readonly Fault[]),
  ...(unsoundRights as readonly Fault[]),
  ...(unsoundSearches as readonly Fault[]),
  ...(retrievalFaults as readonly Fault[]),
  ...(trustBundleFaults as readonly Fault[]),
  ...(trustManagerFaults as readonly Fault[]),
]
