/** What `doctor` knows of the cast: who is there to be refused, and whom a plan leaves out. */
import type { OperationOutcome } from 'fhir/r4.js'
import { type Exchange, json } from '../harness/transcript.ts'

/** One thing looked at. */
export interface Symptom {
  readonly what: string
  readonly state: 'well' | 'ill' | 'not looked at'
  readonly says: string
  readonly remedy?: string
}

/** Parts of the cast that a payer must refuse to match: a card that fits nobody, and demographics that say too little. */
export const refused: ReadonlySet<string> = new Set(['Cara Cruz', 'Finn Fisher', 'Zoe Zhang'])

/** Refused where the payer was brought there, and matched where it was not: a twin, and a member who said no. */
const brought: ReadonlySet<string> = new Set(['Ben Brown', 'Dev Desai'])

/** Is this refusal what the part of that person is about? One that finds nobody is not. */
export const refusedByPart = (name: string, { response }: Exchange): boolean => {
  if (!brought.has(name) || response?.status !== 422) return false
  const { issue } = (json(response) ?? {}) as Partial<OperationOutcome>
  return Array.isArray(issue) && issue.every((one) => typeof one?.code === 'string' && one.code !== 'not-found')
}

/** Whom the plan leaves out, and what comes of it. */
export async function othersOf(people: readonly string[], hooked: boolean): Promise<Symptom> {
  const { castNames } = await import('../simulators/fixtures/cast.ts')
  // Whom nobody holds is played without a plan.
  const left = castNames.filter((name) => !people.includes(name) && name !== 'Zoe Zhang')
  const what = 'members'
  if (hooked) return { what, state: 'well', says: 'the test hooks hold whom the plan does not name' }
  if (left.length === 0) return { what, state: 'well', says: 'the plan names the whole cast' }
  if (people.length > 0)
    return {
      what,
      state: 'not looked at',
      says: `scenarios with ${left.join(', ')} will be skipped: the plan names nobody for them`,
    }
  return {
    what,
    state: 'ill',
    says: 'the plan names neither people nor test hooks: every scenario about a member will be skipped',
    remedy:
      'say in "people" who plays the cast; plan-without-hooks.yaml in the kit of "npx vitruvian simulate" shows how',
  }
}
