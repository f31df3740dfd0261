/** All classes of defects that are derived from official definitions, read without a line of the validator. */
import { extensions } from './extensions.ts'
import type { Finder } from './finder.ts'
import { invariants } from './invariants.ts'
import { profiles } from './profiles.ts'
import { structure } from './structure.ts'
import { terminology } from './terminology.ts'
import { values } from './values.ts'
import { wholes } from './wholes.ts'

/** Class -> where it can be seeded. */
export const derived: Readonly<Record<string, Finder>> = {
  ...structure,
  ...values,
  ...profiles,
  ...terminology,
  ...extensions,
  ...invariants,
  ...wholes,
}
