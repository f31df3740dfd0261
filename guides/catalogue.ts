/** The guides' requirements by id. */
import type { Requirement } from '../harness/requirement.ts'
import { guides } from './index.ts'

/** Every statement of every guide that is here. */
export const requirementsById: ReadonlyMap<string, Requirement> = new Map(
  guides.flatMap((guide) => guide.requirements).map((requirement) => [requirement.id, requirement]),
)
