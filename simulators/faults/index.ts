/** Every fault, by topic. */

import { consentFaults } from './consent.ts'
import { endpointDiscoveryFaults } from './endpoint-discovery.ts'
import type { Fault } from './fault.ts'
import { memberMatchFaults } from './member-match.ts'
import { retrievalFaults } from './retrieval.ts'
import { answerFaults } from './retrieval-answers.ts'
import { bulkFaults } from './retrieval-bulk.ts'
import { everythingFaults } from './retrieval-everything.ts'
import { fileFaults } from './retrieval-files.ts'
import { parameterFaults } from './retrieval-parameters.ts'
import { rightsFaults } from './retrieval-rights.ts'
import { searchFaults } from './retrieval-search.ts'

export const faults: readonly Fault[] = [
  ...(consentFaults as readonly Fault[]),
  ...(endpointDiscoveryFaults as readonly Fault[]),
  ...(memberMatchFaults as readonly Fault[]),
  ...(answerFaults as readonly Fault[]),
  ...(bulkFaults as readonly Fault[]),
  ...(everythingFaults as readonly Fault[]),
  ...(fileFaults as readonly Fault[]),
  ...(parameterFaults as readonly Fault[]),
  ...(rightsFaults as readonly Fault[]),
  ...(searchFaults as readonly Fault[]),
  ...(retrievalFaults as readonly Fault[]),
]
