/** Every fault, by topic. */

import { consentFaults } from './consent.ts'
import { endpointDiscoveryFaults } from './endpoint-discovery.ts'
import type { Fault } from './fault.ts'
import { memberMatchFaults } from './member-match.ts'
import { retrievalFaults } from './retrieval.ts'

export const faults: readonly Fault[] = [
  ...(consentFaults as readonly Fault[]),
  ...(endpointDiscoveryFaults as readonly Fault[]),
  ...(memberMatchFaults as readonly Fault[]),
  ...(retrievalFaults as readonly Fault[]),
]
