/**
 * The validator as a library: `import { createValidator, shippedPackages } from 'vitruvian/validate'`. Its types are in validate.d.mts; a
 * test holds that they are those of profiles/validate.ts.
 */
import { load } from './sources.mjs'

const validator = await load('profiles/validate.ts')

export const {
  answerCache,
  createValidator,
  loadPackages,
  packageOfResources,
  shippedPackages,
  terminologyService,
  validateWith,
  versionsFor,
} = validator
