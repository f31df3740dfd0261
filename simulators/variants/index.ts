/** Every legal variant, by topic. */
import { refusalVariants } from './refusals.ts'
import { transportVariants } from './transport.ts'
import type { Variant } from './variant.ts'

export const variants: readonly Variant[] = [...transportVariants, ...refusalVariants]
