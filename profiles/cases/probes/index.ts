/** All probes, topic by topic. */
import type { Probe } from '../probe.ts'
import { bindings } from './bindings.ts'
import { bundles } from './bundles.ts'
import { elements } from './elements.ts'
import { extensions } from './extensions.ts'
import { invariants } from './invariants.ts'
import { profiles } from './profiles.ts'
import { references } from './references.ts'
import { slicing } from './slicing.ts'
import { slicingOrder } from './slicing-order.ts'
import { values } from './values.ts'

export const topics: Readonly<Record<string, readonly Probe[]>> = {
  elements,
  values,
  slicing,
  'slicing in order': slicingOrder,
  extensions,
  references,
  bundles,
  profiles,
  invariants,
  bindings,
}
