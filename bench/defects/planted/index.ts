/** All classes of defects that are planted by hand, written from FHIR R4 and the profiles' pages, not from the validator. */
import { bundles } from './bundles.ts'
import { elements } from './elements.ts'
import { extensions } from './extensions.ts'
import { narratives } from './narratives.ts'
import { primitives } from './primitives.ts'
import { profiles } from './profiles.ts'
import { rules } from './rules.ts'
import type { Plant } from './spots.ts'

/** Class -> how it is planted. */
export const planted: Readonly<Record<string, Plant>> = {
  ...elements,
  ...primitives,
  ...extensions,
  ...profiles,
  ...bundles,
  ...rules,
  ...narratives,
}
