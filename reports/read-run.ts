/** Builds a run from the lines of its record, and hands each scenario on when it is whole. */
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { CompleteLine, EndLine, JournalLine, RunLine, ScenarioLine } from '../harness/journal.ts'
import type { Exchange } from '../harness/transcript.ts'
import { type Verdict, type VerdictCode, verbs } from '../harness/verdict.ts'
import { readRecord } from './read-record.ts'
import { codes, type PlayedScenario, type PlayedStep, type Run, type TakeScenario } from './run.ts'

type Open = {
  line: ScenarioLine
  steps: PlayedStep[]
  exchanges: { step: number; exchange: Exchange }[]
  actors: Set<string>
  verdicts: { step: number; verdict: Verdict }[]
  end?: EndLine
}

export interface RunBuilder {
  /** Throws HarnessError `file-trouble` when it cannot be the next line; `place` says there where it was read. */
  readonly add: (line: JournalLine, place?: string) => void
  /** Gives the scenarios that have ended since, in order, to who takes them. */
  readonly give: () => void
  /** Gives the rest; the run as far as it was told. */
  readonly run: () => Run
}

/** Takes the lines of one run as they come, and keeps what was said in a scenario until it is given to `take`. */
export function runBuilder(take?: TakeScenario): RunBuilder {
  let first: RunLine | undefined
  let complete: CompleteLine | undefined
  const scenarios = new Map<string, Open>()
  const waiting: Open[] = []
  const giveNext = (): void => {
    const next = waiting.shift()
    if (!next || !first || !take) return
    take({ ...closed(next), exchanges: next.exchanges }, first)
    next.exchanges = []
  }
  const of = (id: string, kind: string): Open => {
    const found = scenarios.get(id)
    if (!found)
      throw new HarnessError('file-trouble', `the record has a line (${kind}) of scenario ${id}, which never began`)
    if (found.end)
      throw new HarnessError('file-trouble', `the record has a line (${kind}) of scenario ${id} after its end`)
    return found
  }
  const add = (line: JournalLine, place?: string): void => {
    try {
      added(line)
    } catch (cause) {
      if (place === undefined || !isHarnessError(cause)) throw cause
      throw new HarnessError(cause.code, `${place}: ${cause.message}`, { cause })
    }
  }
  const added = (line: JournalLine): void => {
    trusted(line)
    switch (line.line) {
      case 'run':
        first = line
        return
      case 'scenario':
        if (scenarios.has(line.id))
          throw new HarnessError('file-trouble', `the record begins scenario ${line.id} twice`)
        scenarios.set(line.id, { line, steps: [], exchanges: [], actors: new Set(), verdicts: [] })
        waiting.push(scenarios.get(line.id) as Open)
        return
      case 'exchange': {
        const { exchanges, actors } = of(line.scenario, 'exchange')
        if (take) exchanges.push({ step: line.step, exchange: line.exchange })
        actors.add(line.exchange.from).add(line.exchange.to)
        return
      }
      case 'verdict':
        of(line.scenario, 'verdict').verdicts.push({ step: line.step, verdict: line.verdict })
        return
      case 'step': {
        const { step, keyword, text, status, message, setUp = [], milliseconds } = line
        of(line.scenario, 'step').steps.push({
          number: step,
          keyword: keyword.trim(),
          text,
          status,
          ...(message === undefined ? {} : { message }),
          setUp,
          milliseconds,
        })
        return
      }
      case 'end':
        of(line.scenario, 'end').end = line
        return
      case 'complete':
        complete = line
    }
  }
  const run = (): Run => {
    if (!first) throw new HarnessError('file-trouble', 'the record does not start a run')
    while (waiting.length > 0) giveNext()
    const incomplete = complete ? complete.interrupted : 'the record ends before the run did'
    return {
      line: first,
      scenarios: [...scenarios.values()].map(closed),
      ...(complete ? { complete } : {}),
      ...(incomplete === undefined ? {} : { incomplete }),
    }
  }
  const give = (): void => {
    while (waiting[0]?.end) giveNext()
  }
  return { add, give, run }
}

/** Ids and codes become addresses and names of styles in reports: they must be what the harness writes. */
function trusted(line: JournalLine): void {
  const id = (what: string, value: string | undefined): void => {
    if (value !== undefined && !/^[\w.-]{1,64}$/.test(value))
      throw new HarnessError('file-trouble', `the record has ${JSON.stringify(value)} as ${what}`)
  }
  const code = (value: VerdictCode): void => {
    if (!codes.includes(value)) throw new HarnessError('file-trouble', `the record has "${value}" as a verdict`)
  }
  if (line.line === 'scenario') id('the id of a scenario', line.id)
  if (line.line === 'exchange') id('the id of an exchange', line.exchange.id)
  if (line.line === 'end') code(line.code)
  if (line.line !== 'verdict') return
  const { verdict } = line
  code(verdict.code)
  id('the id of a requirement', verdict.requirement)
  for (const one of verdict.evidence) id('an exchange of evidence', one)
  for (const { exchange } of verdict.findings) id('the exchange of a finding', exchange)
  if (!verbs.includes(verdict.verb))
    throw new HarnessError('file-trouble', `the record has "${verdict.verb}" as a verb`)
}

/** A scenario whose end was never written is our trouble: an error, whatever it had found by then. */
function closed({ line, steps, actors, verdicts, end }: Open): PlayedScenario {
  const reason = end ? end.reason : 'the record ends in the middle of this scenario'
  return {
    id: line.id,
    line,
    steps: [...steps].sort((a, b) => a.number - b.number),
    verdicts,
    actors: [...actors],
    code: end?.code ?? 'error',
    ...(reason === undefined ? {} : { reason }),
    milliseconds: end?.milliseconds ?? 0,
    ended: end !== undefined,
  }
}

/** The lines of a record, and where each was read. Throws HarnessError `file-trouble` when it is damaged. */
export function eachLine(path: string, take: (line: JournalLine, place: string) => void): void {
  let number = 0
  for (const line of readRecord(path)) take(line, `line ${++number} of ${path}`)
}

/** Reads a record to its end. Throws HarnessError `file-trouble` when it is damaged; a cut-off one is only marked. */
export function readRun(path: string, take?: TakeScenario): Run {
  const builder = runBuilder(take)
  eachLine(path, (line, place) => {
    builder.add(line, place)
    builder.give()
  })
  return builder.run()
}
