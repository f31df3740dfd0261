/** What `doctor` knows of the cast: who is there to be refused, and whom a plan leaves out. */
/** One thing looked at. */
export interface Symptom {
  readonly what: string
  readonly state: 'well' | 'ill' | 'not looked at'
  readonly says: string
  readonly remedy?: string
}

/** Parts of the cast that a payer must refuse to match: a card that fits nobody, and demographics that say too little. */
const refused: ReadonlySet<string> = new Set(['Cara Cruz', 'Finn Fisher', 'Zoe Zhang'])

/** What the match of one part of the cast came to: whether it names the member, and how it was answered. */
export interface Came {
  readonly names: boolean
  readonly status: number | undefined
  readonly says: string
}

/** Why a plan says that a member is not matched. */
export type Because = 'blocked' | 'twins'

/** What such a word says of the system. */
const toldBy: Readonly<Record<Because, string>> = {
  blocked: 'tell the system that this member shares nothing with the requesting payer',
  twins: 'let the system hold two members with these demographics and this card',
}

/** Who is refused where the system was brought there, and matched where it was not; the plan has a word for it. */
const bringable: Readonly<Record<string, string>> = {
  'Ben Brown': '. If it holds two such members, say "twins: true" of them in the plan',
  'Dev Desai': '. If it knows already that this member does not want to share, say "blocked: true" of them in the plan',
}

/** Whether that is what the part demands. `because`: by the plan's own words the member is not matched. */
export function symptomOf(name: string, { names, status, says }: Came, because: Because | undefined): Symptom {
  const what = `member ${name}`
  const meant = refused.has(name) || because !== undefined
  if (meant && status === 422)
    return { what, state: 'well', says: `$member-match ${says}, as this part of the cast demands` }
  if (!meant && names) return { what, state: 'well', says: `$member-match ${says}` }
  return {
    what,
    state: 'ill',
    says: `$member-match ${says}${status === 200 && !names ? ', and names nobody' : ''}`,
    remedy: because
      ? `the plan says "${because}" of ${name}: ${toldBy[because]}, or leave the word out`
      : meant
        ? `${name} is there to be refused: give what the cast submits (the kit of "simulate" has it), or leave the name out`
        : `the system does not find ${name} by the name, birth date and card that the plan gives; compare them with what it holds${
            status === 422 ? (bringable[name] ?? '') : ''
          }`,
  }
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

/** Members whose bundle says other ids than the plan: nobody knows which record of the system is which of the bundle. */
export const unreadRecords = (names: readonly string[]): Symptom => ({
  what: 'records',
  state: 'not looked at',
  says: `the plan names another Patient than the bundle of ${names.join(', ')}: the system gave ids of its own, so nothing will be missed by comparison with the bundle`,
  remedy: 'export these records from the system, with its ids, and name those files as "bundle"',
})
