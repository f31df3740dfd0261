/** All probes, topic by topic. */
import type { Probe } from '../probe.ts'
import { bindings } from './bindings.ts'
import { bindingsFurther } from './bindings-further.ts'
import { bundleTypes } from './bundle-types.ts'
import { bundles } from './bundles.ts'
import { elements } from './elements.ts'
import { extensionPlaces } from './extension-places.ts'
import { extensions } from './extensions.ts'
import { extensionsFurther } from './extensions-further.ts'
import { invariants } from './invariants.ts'
import { invariantsOfR4 } from './invariants-of-r4.ts'
import { narratives } from './narratives.ts'
import { primitives } from './primitives.ts'
import { profiles } from './profiles.ts'
import { profilesFurther } from './profiles-further.ts'
import { referenceTargets } from './reference-targets.ts'
import { references } from './references.ts'
import { referencesFurther } from './references-further.ts'
import { slicing } from './slicing.ts'
import { slicingChoices } from './slicing-choices.ts'
import { slicingFurther } from './slicing-further.ts'
import { slicingOrder } from './slicing-order.ts'
import { values } from './values.ts'
import { valuesFurther } from './values-further.ts'

export const topics: Readonly<Record<string, readonly Probe[]>> = {
  elements,
  primitives,
  values: [...values, ...valuesFurther],
  slicing: [...slicing, ...slicingFurther, ...slicingChoices],
  'slicing in order': slicingOrder,
  extensions: [...extensions, ...extensionsFurther, ...extensionPlaces],
  references: [...references, ...referencesFurther, ...referenceTargets],
  bundles: [...bundles, ...bundleTypes],
  narratives,
  profiles: [...profiles, ...profilesFurther],
  invariants: [...invariants, ...invariantsOfR4],
  bindings: [...bindings, ...bindingsFurther],
}
