/** HRex conformance: what sources fill and consumers bear, required elements, references to US Core (conf-1 to conf-8). */
import { type Check, check } from '../../../harness/check.ts'
import { validate } from '../../../profiles/validate.ts'
import { conformances, conforming } from '../../conformance/conformance.ts'
import * as statements from '../../conformance/statements.ts'
import { sharedTypes } from '../../core/compartment.ts'

export const sourcesFill = check(
  'HREX-031',
  'SHALL',
  'A source fills each must-support element somewhere',
  statements.filledSomewhere,
)
export const consumersBear = check(
  'HREX-032',
  'SHALL',
  'A consumer takes filled resources and goes on',
  statements.fullIsBorne,
)
export const requiredIsThere = check(
  'HREX-033',
  'SHALL',
  'Required elements are there and have a value',
  statements.requiredIsThere,
)
export const replacedValuesAreBorne = check(
  'HREX-036',
  'SHALL',
  'A consumer takes elements whose value an extension replaces',
  statements.replacedIsBorne,
)
export const unexpectedIsBorne = check(
  'HREX-037',
  'SHOULD NOT',
  'A consumer stops at an extension that it does not know',
  statements.unexpectedIsBorne,
)
export const referencesLeadToUsCore = check(
  'HREX-038',
  'SHOULD',
  'Referenced resources satisfy US Core',
  (transcript, scene) =>
    conforming(
      conformances(transcript, scene, validate, ({ resourceType }) => sharedTypes.has(resourceType)),
      ({ is }) => is !== 'unprofiled',
      'referenced resources',
    ),
)

export const conformanceChecks: readonly Check[] = [
  sourcesFill,
  consumersBear,
  requiredIsThere,
  replacedValuesAreBorne,
  unexpectedIsBorne,
  referencesLeadToUsCore,
]
