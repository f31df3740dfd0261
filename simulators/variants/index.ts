/** Every legal variant, by topic. */
import { authorizationVariants } from './authorization.ts'
import { exportFileVariants } from './export-files.ts'
import { exportVariants } from './exports.ts'
import { matchVariants } from './matches.ts'
import { narrowSearchVariants } from './narrow-searches.ts'
import { payloadVariants } from './payload.ts'
import { refusalVariants } from './refusals.ts'
import { searchVariants } from './searches.ts'
import { statementVariants } from './statements.ts'
import { transportVariants } from './transport.ts'
import { trustVariants } from './trust.ts'
import type { Variant } from './variant.ts'
import { versionVariants } from './versions.ts'

export const variants: readonly Variant[] = [
  ...trustVariants,
  ...transportVariants,
  ...refusalVariants,
  ...authorizationVariants,
  ...matchVariants,
  ...statementVariants,
  ...searchVariants,
  ...narrowSearchVariants,
  ...payloadVariants,
  ...versionVariants,
  ...exportVariants,
  ...exportFileVariants,
]
