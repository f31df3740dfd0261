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

/** A story in a row: what happens, the start of the id of one check, what it must find, the steps, and what the scene knows. */
export type Row = [
  title: string,
  start: string,
  found: string,
  steps: readonly Step[],
  scene?: Partial<Scene> | undefined,
]

/**
 * What the one check whose id begins like that says: its verdict, the codes of what it found, and after a colon the words. Cut
 * to `fail wrong-status` where the words are not what is `expected`.
 */
export function foundOf([, start, expected, steps]: Row, scene: Scene): string {
  const [verdict, ...more] = verdictsOf(start, steps, scene)
  if (!verdict || more.length > 0) throw new Error(`${more.length + (verdict ? 1 : 0)} checks begin with ${start}`)
  const codes = [verdict.code, ...verdict.findings.map(({ code }) => code)].join(' ')
  const words = verdict.findings.map(({ message }) => message).join('; ')
  return expected.includes(':') && words.includes(expected.slice(expected.indexOf(': ') + 2))
    ? `${codes}${expected.slice(expected.indexOf(':'))}`
    : `${codes}${expected === codes ? '' : `: ${words}`}`
}
