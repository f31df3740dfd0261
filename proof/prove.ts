/** Leads a proof: the honest run, then every trial, over as many processes as there are cores. */
import { clientFaults } from '../flows/faults/index.ts'
import { requirementsById } from '../guides/catalogue.ts'
import { editionSets } from '../guides/editions.ts'
import { HarnessError } from '../harness/errors.ts'
import { faults } from '../simulators/faults/index.ts'
import { variants } from '../simulators/variants/index.ts'
import { everyPlace } from '../steps/play.ts'
import { type Company, openCompany } from './company.ts'
import type { Alarm, Fact } from './facts.ts'
import { type Matrix, matrixOf } from './matrix.ts'
import type { HonestTask, Result } from './orders.ts'
import { samplePairs } from './pairs.ts'
import { clientFaultTrial, faultTrial, type Planning, pairTrial, variantTrial } from './plan.ts'
import type { Outcome, Trial } from './trial.ts'

export interface ProofOptions {
  /** Folder of the authorities. */
  readonly certs: string
  readonly seed: string
  /** Processes. */
  readonly jobs: number
  readonly all: boolean
  /** How many pairs of faults. */
  readonly pairs: number
  /** Ids of faults, client faults and variants; absent: all of them. */
  readonly only?: ReadonlySet<string>
  /** Only trials that name one of these. */
  readonly requirements?: readonly string[]
  /** The how-manieth part of how many, from 1. */
  readonly shard?: readonly [number, number]
  /** Told of each task that is done, and how many there are of its kind. */
  readonly told: (result: Result, done: number, of: number) => void
}

export interface Proof extends Matrix {
  readonly format: 1
  readonly seed: string
  /** Whether everything was tried: every trial, and in each every scenario that can show it. */
  readonly whole: boolean
  readonly all: boolean
  readonly scenarios: number
  /** CPU milliseconds; all that differs between two proofs of the same sources and seed. */
  readonly timings: {
    readonly honest: number
    readonly trials: Readonly<Record<string, number>>
  }
}

/** The proof. Throws `bad-input` for a name that nobody has, and what a process throws. */
export async function prove(options: ProofOptions): Promise<Proof> {
  demandKnown(options)
  const company = openCompany(options)
  try {
    const honest = await playAll(company, options)
    const { facts, alarms } = honest
    company.teach(facts)
    const trials = trialsOf(facts, options)
    let done = 0
    const results = await company.perform(
      trials.map((trial) => ({ is: 'trial', trial })),
      (result) => options.told(result, ++done, trials.length),
    )
    const outcomes: Outcome[] = []
    const spent: Record<string, number> = {}
    for (const result of results) {
      if (result.is !== 'trial') continue
      outcomes.push(result.outcome)
      spent[result.outcome.id] = result.milliseconds
    }
    return {
      format: 1,
      seed: options.seed,
      whole: !options.only && !options.requirements && !options.shard,
      all: options.all,
      scenarios: facts.length,
      ...matrixOf(facts, alarms, outcomes, requirementsById),
      timings: { honest: honest.milliseconds, trials: spent },
    }
  } finally {
    company.close()
  }
}

const chunk = 12

/** Every scenario in every edition, without any fault. */
async function playAll(
  company: Company,
  { told }: ProofOptions,
): Promise<{ facts: Fact[]; alarms: Alarm[]; milliseconds: number }> {
  const places = await everyPlace()
  const tasks = editionSets.flatMap((_editions, edition) =>
    [...new Set(places.map(({ uri }) => uri))].flatMap((uri) => {
      const lines = places.filter((place) => place.uri === uri).map(({ line }) => line)
      return chunks(lines, chunk).map((some): HonestTask => ({ is: 'honest', uri, lines: some, edition }))
    }),
  )
  let done = 0
  const results = await company.perform(tasks, (result) => told(result, ++done, tasks.length))
  const honest = results.filter((result) => result.is === 'honest')
  return {
    facts: honest.flatMap(({ facts }) => facts),
    alarms: honest.flatMap(({ alarms }) => alarms),
    milliseconds: honest.flatMap((one) => Object.values(one.milliseconds)).reduce((sum, ms) => sum + ms, 0),
  }
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))

/** Every trial that was asked for, the longest kind first so that no core waits for another at the end. */
function trialsOf(facts: readonly Fact[], options: ProofOptions): Trial[] {
  const planning: Planning = { facts, all: options.all }
  const { only, requirements, shard } = options
  const wanted = <T extends { readonly id: string }>(list: readonly T[]): readonly T[] =>
    only ? list.filter(({ id }) => only.has(id)) : list
  const trials = [
    ...wanted(variants).map((variant) => variantTrial(planning, variant)),
    ...wanted(faults).map((fault) => faultTrial(planning, fault)),
    ...wanted(clientFaults).map((fault) => clientFaultTrial(planning, fault)),
    ...samplePairs(wanted(faults), options.pairs, options.seed).map((pair) => pairTrial(planning, pair)),
  ]
  const asked = requirements
    ? trials.filter(({ goals, kind }) => kind !== 'variant' && goals.flat().some((id) => requirements.includes(id)))
    : trials
  return shard ? asked.filter((_trial, i) => i % shard[1] === shard[0] - 1) : asked
}

function demandKnown({ only, requirements = [] }: ProofOptions): void {
  const known = new Set([...faults, ...clientFaults, ...variants].map(({ id }) => id))
  const strange = [...(only ?? [])].filter((id) => !known.has(id))
  if (strange.length > 0)
    throw new HarnessError('bad-input', `there is no fault or variant ${strange.join(', ')}`, {
      remedy: `one of: ${[...known].join(', ')}`,
    })
  const unknown = requirements.filter((id) => !requirementsById.has(id))
  if (unknown.length > 0)
    throw new HarnessError('bad-input', `the ledger has no ${unknown.join(', ')}`, {
      remedy: 'npx vitruvian requirements lists them',
    })
}
