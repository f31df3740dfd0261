/** Every legal choice of an authorization server and of what leads to it. */
import { discoveryVariants } from './authorization-discovery.ts'
import { registrationVariants } from './authorization-registration.ts'
import { tokenVariants } from './authorization-tokens.ts'
import type { Variant } from './variant.ts'

export const authorizationVariants: readonly Variant[] = [
  ...tokenVariants,
  ...registrationVariants,
  ...discoveryVariants,
]
