/** What checks say of steps that were told by hand. */
import { verdictOf } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Verdict } from '../../harness/verdict.ts'
import { guides } from '../index.ts'
import { type Step, transcriptOf } from './told.ts'

const checks = guides.flatMap((guide) => guide.checks)

/** The verdicts of every check whose id begins like that; none where no check does. */
export const verdictsOf = (start: string, steps: readonly Step[], scene: Scene): readonly Verdict[] =>
  checks.filter(({ id }) => id.startsWith(start)).map((check) => verdictOf(check, transcriptOf(...steps), scene))

/** Their codes alone. */
export const codesOf = (start: string, steps: readonly Step[], scene: Scene): readonly string[] =>
  verdictsOf(start, steps, scene).map(({ code }) => code)
