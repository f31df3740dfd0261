/** One thing in a told story changed: a step, its question, its answer, or whatever was said anywhere. */
import type { Scene } from '../../harness/scene.ts'
import type { Exchange } from '../../harness/transcript.ts'
import { outcome, type Step } from './told.ts'

export type Change = (step: Step) => Step | undefined

/** A story that is changed, the starts of the ids of the checks that have a say about that, and what the scene knows. */
export type Changed = readonly [
  title: string,
  change: (steps: readonly Step[]) => Step[],
  starts: string,
  scene?: Partial<Scene>,
]

/** Changed stories by name, for a table of tests. */
export const titled = (table: readonly Changed[]) =>
  table.map(([title, change, starts, scene]) => ({ title, change, starts: starts.split(' '), scene }))

/** Steps made by that move whose URL has that text. */
export const at =
  (move: string, part: string, change: Change): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    steps.flatMap((step) => (step.move === move && step.request.url.includes(part) ? (change(step) ?? []) : [step]))
/** Every answer, its text changed. */
export const everywhere =
  (change: (text: string) => string): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    steps.map((step) =>
      step.response ? { ...step, response: { ...step.response, body: change(step.response.body) } } : step,
    )
/** Several changes, one after the other. */
export const both =
  (...changes: ((steps: readonly Step[]) => Step[])[]): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    changes.reduce<Step[]>((now, change) => change(now), [...steps])

/** The step is left out. */
export const gone: Change = () => undefined
/** The answer, with something else of it. */
export const answered =
  (more: Partial<NonNullable<Exchange['response']>>): Change =>
  (step) =>
    step.response ? { ...step, response: { ...step.response, ...more } } : step
/** The text of the answer changed. */
export const body =
  (change: (text: string) => string): Change =>
  (step) =>
    answered({ body: change(step.response?.body ?? '') })(step)
/** Another text of the answer. */
export const says = (value: unknown): Change =>
  answered({ body: typeof value === 'string' ? value : JSON.stringify(value) })
/** A header of the answer, other or none. */
export const header =
  (name: string, value: string | undefined): Change =>
  (step) =>
    answered({
      headers: [
        ...(step.response?.headers ?? []).filter(([n]) => n.toLowerCase() !== name),
        ...(value === undefined ? [] : [[name, value] as const]),
      ],
    })(step)
/** A header of the question, other or none. */
export const asked =
  (name: string, value: string | undefined): Change =>
  (step) => ({
    ...step,
    request: {
      ...step.request,
      headers: [
        ...step.request.headers.filter(([n]) => n.toLowerCase() !== name),
        ...(value === undefined ? [] : [[name, value] as const]),
      ],
    },
  })
/** The JSON of the answer changed. */
export const json = (change: (value: Record<string, unknown>) => void): Change =>
  body((text) => {
    const value = JSON.parse(text) as Record<string, unknown>
    change(value)
    return JSON.stringify(value)
  })
/** Lines without those that have that part. */
export const without = (text: string, part: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n')
/** Entries of Bundles whose text has that part. */
export const dropEntries = (part: string): Change =>
  json((bundle) => {
    bundle.entry = (bundle.entry as object[]).filter((entry) => !JSON.stringify(entry).includes(part))
  })
/** Another status, with an OperationOutcome unless told. */
export const status = (code: number, value: unknown = outcome()): Change =>
  answered({ status: code, body: JSON.stringify(value) })
