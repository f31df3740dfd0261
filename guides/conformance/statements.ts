/**
 * What core, HRex and PDex each state of must-support and missing data: one judgement, under as many statements as there are
 * (US Core "Must Support", HRex conf-1 to conf-7, PDex "Must Support").
 */
import type { Check } from '../../harness/check.ts'
import { validate } from '../../profiles/validate.ts'
import { conformances, conforming, isMissing, neverSeen } from './conformance.ts'
import { goesOn, hasUnexpectedExtension, isFull, saysWhyMissing } from './consuming.ts'
import { mustSupport } from './must-support.ts'
import { emptyValues } from './soundness.ts'

type Judge = Check['judge']

/** A source fills each must-support element in one resource at least. */
export const filledSomewhere: Judge = (transcript, scene) =>
  neverSeen(conformances(transcript, scene, validate), scene, mustSupport)

/** What a profile requires is there, and has a value or a reason. */
export const requiredIsThere: Judge = (transcript, scene) => [
  ...conforming(
    conformances(transcript, scene, validate),
    ({ is }) => is !== 'unprofiled',
    'resources with a profile',
    isMissing,
  ),
  ...emptyValues(transcript, scene),
]

/** A consumer takes filled resources and goes on. */
export const fullIsBorne: Judge = (transcript, scene) =>
  goesOn(transcript, scene, isFull, 'a resource with all that its profile supports')

/** A consumer takes values that an extension replaces and goes on. */
export const replacedIsBorne: Judge = (transcript, scene) =>
  goesOn(transcript, scene, saysWhyMissing, 'a resource that says why a value is missing')

/** A consumer takes what it did not expect and goes on. */
export const unexpectedIsBorne: Judge = (transcript, scene) =>
  goesOn(transcript, scene, hasUnexpectedExtension, 'an extension that no guide defines')
