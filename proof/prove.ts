/** Leads a proof: the honest run, then every trial, over as many processes as there are cores. */
import { clientFaults } from '../flows/faults/index.ts'
import { requirementsById } from '../guides/catalogue.ts'
import { editionSets } from '../guides/editions.ts'
import { HarnessError } from '../harness/errors.ts'
import { nearest } from '../harness/nearest.ts'
import { faults } from '../simulators/faults/index.ts'
import { variants } from '../simulators/variants/index.ts'
import { everyPlace, home } from '../steps/play.ts'
import { touchedBy } from './changed.ts'
import { type Company, openCompany } from './company.ts'
import type { Alarm, Fact } from './facts.ts'
import { readSources, type Sources } from './imports.ts'
import { type Matrix, matrixOf } from './matrix.ts'
import { changedSince, keepMemory, type Memory, memoryOf, readMemory } from './memory.ts'
import type { HonestTask, Result } from './orders.ts'
import { samplePairs } from './pairs.ts'
import { clientFaultTrial, faultTrial, type Planning, pairTrial, variantTrial } from './plan.ts'
import { type Sample, scenariosAfter, shortProof, trialsAfter } from './selection.ts'
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
  /** Only what a change touches, compared with the proof that is remembered in `out`. */
  readonly changed?: Changed
  /** Folder where proofs are kept, with the memory of the last whole one. */
  readonly out: string
  /** The how-manieth part of how many, from 1. */
  readonly shard?: readonly [number, number]
  /** Told of each task that is done, and how many there are of its kind. */
  readonly told: (result: Result, done: number, of: number) => void
}

export interface Changed {
  /** Paths from the package's folder; absent: what is not as it was at the last proof. */
  readonly paths?: readonly string[]
}

/** What a short proof was about. */
export interface Short {
  readonly changed: readonly string[]
  /** Files that so much depends on that only a whole proof says whether all is well. */
  readonly shared: readonly string[]
  readonly scenarios: { readonly taken: number; readonly of: number }
  readonly trials: { readonly taken: number; readonly of: number }
}

export interface Proof extends Matrix {
  readonly format: 1
  readonly seed: string
  /** Whether everything was tried: every trial, and in each every scenario that can show it. */
  readonly whole: boolean
  readonly all: boolean
  readonly scenarios: number
  readonly short?: Short
  /** CPU milliseconds; all that differs between two proofs of the same sources and seed. */
  readonly timings: {
    readonly honest: number
    readonly trials: Readonly<Record<string, number>>
  }
}

/** The proof. Throws `bad-input` for a name that nobody has, and what a process throws. */
export async function prove(options: ProofOptions): Promise<Proof> {
  demandKnown(options)
  const sources = readSources(home)
  const memory = options.changed ? readMemory(options.out, options.seed) : undefined
  const short = memory && shortened(memory, sources, options)
  const company = openCompany(options)
  try {
    const places = await everyPlace(short ? undefined : tagsFor(options))
    const honest = await playHonestly(company, short ? short.tasks(places) : everyTask(places), options)
    const facts = short ? short.merged(honest.facts, places) : honest.facts
    company.teach(facts)
    const chosen = trialsOf(facts, options)
    const picked = short?.trials(chosen, facts) ?? { taken: chosen, of: chosen.length }
    const { outcomes, spent } = await playTrials(company, picked.taken, options)
    const matrix = matrixOf(facts, honest.alarms, outcomes, requirementsById)
    const whole = !options.only && !options.requirements && !options.shard && !short
    const complete = whole || (short?.complete === true && picked.taken.length === picked.of)
    if (complete) keepMemory(options.out, memoryOf(options.seed, sources, facts, matrix.rows, memory))
    return {
      format: 1,
      seed: options.seed,
      whole,
      all: options.all,
      scenarios: whole ? facts.length : honest.facts.length,
      ...(short ? { short: { ...short.about, trials: { taken: picked.taken.length, of: picked.of } } } : {}),
      ...matrix,
      timings: { honest: honest.milliseconds, trials: spent },
    }
  } finally {
    company.close()
  }
}

/** What tries a few faults is among the scenarios with the tags of what they break; undefined: all scenarios. */
function tagsFor({ only, requirements = [], all }: ProofOptions): string | undefined {
  if (all || (!only && requirements.length === 0)) return undefined
  const breaking = [...faults, ...clientFaults].filter(({ id, breaks }) =>
    only ? only.has(id) : breaks.some((one) => requirements.includes(one)),
  )
  const choices = only ? variants.filter(({ id }) => only.has(id)) : []
  const ids = [...breaking.flatMap(({ breaks }) => breaks), ...choices.flatMap(({ touches }) => touches)]
  return [...new Set([...ids, ...requirements])].map((id) => `@${id}`).join(' or ')
}

async function playTrials(
  company: Company,
  trials: readonly Trial[],
  { told }: ProofOptions,
): Promise<{ outcomes: Outcome[]; spent: Record<string, number> }> {
  let done = 0
  const results = await company.perform(
    trials.map((trial) => ({ is: 'trial', trial })),
    (result) => told(result, ++done, trials.length),
  )
  const tried = results.filter((result) => result.is === 'trial')
  return {
    outcomes: tried.map(({ outcome }) => outcome),
    spent: Object.fromEntries(tried.map(({ outcome, milliseconds }) => [outcome.id, milliseconds])),
  }
}

type Places = Awaited<ReturnType<typeof everyPlace>>

/** What is played after a change, and how it joins with what is remembered. */
function shortened(
  memory: Memory,
  sources: Sources,
  { changed, jobs, seed }: ProofOptions,
): {
  tasks(places: Places): HonestTask[]
  merged(now: readonly Fact[], places: Places): Fact[]
  trials(trials: readonly Trial[], facts: readonly Fact[]): Sample<Trial>
  readonly complete: boolean
  readonly about: Omit<Short, 'trials'>
} {
  const paths = changed?.paths?.filter((path) => sources.has(path) || path in memory.sources)
  const files = paths ?? changedSince(memory, sources)
  const subjects = [...faults, ...clientFaults, ...variants].map(({ id }) => id)
  const touched = touchedBy(files, sources, subjects)
  const salt = `${seed} ${files.map((path) => `${path} ${sources.get(path)?.length ?? 0}`).join(' ')}`
  const again = scenariosAfter(memory, touched, salt, jobs)
  const ids = new Set(again.taken.map(({ id }) => id))
  const spent = again.taken.reduce((sum, { cost }) => sum + cost, 0)
  return {
    tasks: (places) =>
      editionSets.flatMap((_editions, edition) => {
        const old = again.taken.filter((fact) => fact.edition === edition)
        const anew = places.filter(({ uri }) => touched.features.has(uri))
        return tasksFor([...anew, ...old], edition)
      }),
    merged: (now, places) => {
      const there = new Set(places.map(({ uri, line }) => `${uri}:${line}`))
      const kept = memory.facts.filter(
        ({ id, uri, line }) => !ids.has(id) && !touched.features.has(uri) && there.has(`${uri}:${line}`),
      )
      return [...now, ...kept]
    },
    trials: (trials, facts) =>
      trialsAfter(
        trials,
        new Map(facts.map((fact) => [fact.id, fact])),
        memory,
        touched,
        salt,
        shortProof * jobs - spent,
      ),
    complete: again.taken.length === again.of,
    about: { changed: files, shared: touched.shared, scenarios: { taken: again.taken.length, of: again.of } },
  }
}

const chunk = 12

/** Scenarios at these places as tasks, feature by feature. */
const tasksFor = (places: Places, edition: number): HonestTask[] =>
  [...new Set(places.map(({ uri }) => uri))].flatMap((uri) => {
    const lines = places.filter((place) => place.uri === uri).map(({ line }) => line)
    return chunks(lines, chunk).map((some): HonestTask => ({ is: 'honest', uri, lines: some, edition }))
  })

/** Every scenario in every edition. */
const everyTask = (places: Places): HonestTask[] =>
  editionSets.flatMap((_editions, edition) => tasksFor(places, edition))

/** Scenarios without any fault. */
async function playHonestly(
  company: Company,
  tasks: readonly HonestTask[],
  { told }: ProofOptions,
): Promise<{ facts: Fact[]; alarms: Alarm[]; milliseconds: number }> {
  let done = 0
  const results = await company.perform(tasks, (result) => told(result, ++done, tasks.length))
  const honest = results.filter((result) => result.is === 'honest')
  return {
    facts: honest.flatMap(({ facts }) => facts),
    alarms: honest.flatMap(({ alarms }) => alarms),
    milliseconds: honest.reduce((sum, one) => sum + one.milliseconds, 0),
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
  // A pair is about what is asked for: both of it name a requirement that is.
  const paired = wanted(faults).filter(({ breaks }) => !requirements || breaks.some((id) => requirements.includes(id)))
  const trials = [
    ...wanted(variants).map((variant) => variantTrial(planning, variant)),
    ...wanted(faults).map((fault) => faultTrial(planning, fault)),
    ...wanted(clientFaults).map((fault) => clientFaultTrial(planning, fault)),
    ...samplePairs(paired, options.pairs, options.seed).map((pair) => pairTrial(planning, pair)),
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
      remedy: `the nearest are ${nearest(strange[0] as string, [...known]).join(', ')}; "npx vitruvian requirements show PDEX-109" names those of a requirement`,
    })
  const unknown = requirements.filter((id) => !requirementsById.has(id))
  if (unknown.length > 0)
    throw new HarnessError('bad-input', `no guide has a statement ${unknown.join(', ')}`, {
      remedy: `the nearest are ${nearest(unknown[0] as string, [...requirementsById.keys()]).join(', ')}; "npx vitruvian requirements" lists all`,
    })
}
