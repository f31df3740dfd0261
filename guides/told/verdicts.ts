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

/** Their codes, and in words what each found, for who wonders about a code. */
export function heardOf(
  start: string,
  steps: readonly Step[],
  scene: Scene,
): { readonly codes: readonly string[]; readonly words: string } {
  const verdicts = verdictsOf(start, steps, scene)
  const words = verdicts.map(({ code, findings }) => `${code}: ${findings.map(({ message }) => message).join('; ')}`)
  return { codes: verdicts.map(({ code }) => code), words: words.join('\n') }
}

/** Those of the beginnings whose checks find nothing amiss. */
export const silentOf = (starts: readonly string[], steps: readonly Step[], scene: Scene): readonly string[] =>
  starts.filter((start) =>
    verdictsOf(start, steps, scene).every(({ findings }) =>
      findings.every(({ severity }) => severity === 'information'),
    ),
  )
