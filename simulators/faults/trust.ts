/** Everything that can go wrong about trust: the manager, the bundles on main, and a payer's eye for certificates. */
import type { Fault } from './fault.ts'
import { mutualTlsFaults } from './mutual-tls.ts'
import { trustBundleFaults } from './trust-bundles.ts'
import { trustManagerFaults } from './trust-manager.ts'

export const trustFaults: readonly Fault[] = [
  ...(trustManagerFaults as readonly Fault[]),
  ...(trustBundleFaults as readonly Fault[]),
  ...(mutualTlsFaults as readonly Fault[]),
]
