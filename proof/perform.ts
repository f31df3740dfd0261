/** Performs one task on a stage: scenarios as they are, for the facts; or a trial, scenario by scenario. */

import { clientFaults } from '../flows/faults/index.ts'
import { editionSets } from '../guides/editions.ts'
import { HarnessError } from '../harness/errors.ts'
import { faults } from '../simulators/faults/index.ts'
import { variants } from '../simulators/variants/index.ts'
import { trustRowsOf, type Variant } from '../simulators/variants/variant.ts'
import type { Spoiling } from '../steps/stages/self-play.ts'
import { type Alarm, type Fact, unmetCodes } from './facts.ts'
import type { HonestResult, HonestTask, TrialResult } from './orders.ts'
import { gapsIn, type Mark } from './pointing.ts'
import { saidIn } from './sameness.ts'
import { marksOf, type Theatre, type Told } from './theatre.ts'
import type { Trial } from './trial.ts'
import { type Retold, tryOut } from './try-out.ts'

/** Plays scenarios without any fault, and notes what they teach. */
export async function playHonestly(theatre: Theatre, { uri, lines, edition }: HonestTask): Promise<HonestResult> {
  const began = process.cpuUsage()
  const told = await theatre.play([`${uri}:${lines.join(':')}`], edition)
  return {
    is: 'honest',
    facts: told.map((one) => factOf(one, edition)),
    alarms: told.flatMap((one) => alarmsOf(one, edition)),
    milliseconds: spentSince(began),
  }
}

const keyOf = ({ scenario: { uri, name, example }, line }: Told, edition: number): string =>
  `${uri}:${line}: ${name}${example ? ` (${example})` : ''}, PDex ${editionSets[edition]?.pdex ?? ''}`

const factOf = (told: Told, edition: number): Fact => ({
  id: told.scenario.id,
  key: keyOf(told, edition),
  uri: told.scenario.uri,
  line: told.line,
  edition,
  code: told.end?.code ?? 'error',
  judged: told.verdicts.map(({ requirement, check, code }) => ({ requirement, check, code })),
  said: saidIn(told.exchanges),
  rows: [...new Set(told.seen.map(({ seen }) => seen.route))].toSorted(),
  moves: [...new Set(told.exchanges.map(({ from, move }) => `${from}: ${move}`))].toSorted(),
  cost: told.exchanges.length + 1,
})

function alarmsOf(told: Told, edition: number): Alarm[] {
  const scenario = keyOf(told, edition)
  const found = told.verdicts
    .filter(({ code }) => unmetCodes.includes(code))
    .map(({ requirement, check, code, findings }) => ({
      scenario,
      requirement,
      check,
      code,
      message: findings[0]?.message ?? '',
    }))
  const broken = told.end?.code === 'error' && !found.some(({ code }) => code === 'error')
  return broken
    ? [...found, { scenario, requirement: '', check: '', code: 'error', message: told.end?.reason ?? '' }]
    : found
}

/** Plays a trial. */
export async function playTrial(
  theatre: Theatre,
  trial: Trial,
  facts: ReadonlyMap<string, Fact>,
): Promise<TrialResult> {
  const began = process.cpuUsage()
  const spoiling = spoilingOf(trial)
  const outcome = await tryOut(trial, facts, async (fact) => {
    const [told] = await theatre.play([`${fact.uri}:${fact.line}`], fact.edition, spoiling)
    if (!told) throw new HarnessError('internal', `${fact.key} was not played`)
    return retold(told, fact, spoiling)
  })
  return { is: 'trial', outcome, milliseconds: spentSince(began) }
}

function spentSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return Math.round((user + system) / 1000)
}

/** What the stage must do wrong, or otherwise. Throws `internal` for a name that no list has. */
function spoilingOf({ kind, subjects }: Trial): Spoiling {
  const find = <T extends { readonly id: string }>(list: readonly T[], id: string): T => {
    const found = list.find((one) => one.id === id)
    if (!found) throw new HarnessError('internal', `there is no ${kind} ${id}`)
    return found
  }
  const [first = ''] = subjects
  if (kind === 'client fault') {
    const clientFault = find(clientFaults, first)
    return clientFault.facing ? { clientFault, ...choosing(find(variants, clientFault.facing)) } : { clientFault }
  }
  if (kind === 'variant') return choosing(find(variants, first))
  return { faults: subjects.map((id) => find(faults, id)) }
}

/** A legal choice, of the payer or of the trust manager. */
const choosing = (variant: Variant): Spoiling => ({ variant, faults: trustRowsOf(variant) })

function retold(told: Told, fact: Fact, { clientFault }: Spoiling): Retold {
  const places = new Map(told.exchanges.map(({ id }, index) => [id, index]))
  const { end } = told
  const trouble = end?.code === 'error' ? end.reason : undefined
  let said: ReturnType<typeof saidIn> | undefined
  const now = (): ReturnType<typeof saidIn> => {
    said ??= saidIn(told.exchanges)
    return said
  }
  return {
    verdicts: told.verdicts,
    indexOf: (exchange) => places.get(exchange) ?? -1,
    said: now,
    get marks() {
      return clientFault ? clientMarks(told, fact, now(), clientFault) : marksOf(told)
    },
    ...(trouble ? { trouble } : {}),
  }
}

/** What a wrong client said, and where it fell silent. */
function clientMarks(
  { exchanges }: Told,
  { said }: Fact,
  now: ReturnType<typeof saidIn>,
  { actor, moves }: NonNullable<Spoiling['clientFault']>,
): Mark[] {
  const own = exchanges.flatMap(({ from, move, intent }, during) =>
    from === actor && moves.includes(move) && intent.mistake === undefined
      ? [{ during, altered: true, itself: true }]
      : [],
  )
  const gaps = gapsIn(said, now).map((during): Mark => ({ during, altered: false, itself: false, silence: true }))
  return [...own, ...gaps]
}
