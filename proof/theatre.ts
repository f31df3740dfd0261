/** Where trials are played: the simulated stage, spoiled as a trial wants it, and what a scenario told while it was played. */
import { createHash } from 'node:crypto'
import { requirementsById } from '../guides/catalogue.ts'
import { editionSets } from '../guides/editions.ts'
import { HarnessError } from '../harness/errors.ts'
import type { EndLine, JournalLine, ScenarioLine } from '../harness/journal.ts'
import type { Exchange, Transcript } from '../harness/transcript.ts'
import type { Verdict } from '../harness/verdict.ts'
import type { Seen } from '../simulators/spoil.ts'
import { play } from '../steps/play.ts'
import type { Stage } from '../steps/run.ts'
import { type SelfPlayStage, type Spoiling, selfPlay } from '../steps/stages/self-play.ts'
import type { Mark } from './pointing.ts'

/** A scenario that was played, with everything that it told. */
export interface Told {
  readonly scenario: ScenarioLine
  readonly line: number
  readonly verdicts: Verdict[]
  readonly exchanges: Exchange[]
  /** What reached the simulated systems, and how much had been said by then. */
  readonly seen: { readonly seen: Seen; readonly after: number }[]
  end?: EndLine
}

export interface Theatre {
  /** Plays the scenarios at these places (`features/a.feature:12:30`) in that edition. */
  play(places: readonly string[], edition: number, spoiling?: Spoiling): Promise<readonly Told[]>
  close(): Promise<void>
}

/** Opens the stage. Throws `file-trouble` when the authorities cannot be kept. */
export async function openTheatre(options: { readonly certs: string; readonly seed: string }): Promise<Theatre> {
  const stage = await selfPlay(options)
  return {
    play: (places, edition, spoiling) => playOn(stage, places, edition, spoiling),
    close: () => stage.close(),
  }
}

/** The same name for the same scenario, whenever it is played: its tenant's chances depend on it. */
const idOf = (place: string, edition: number): string =>
  `p${createHash('sha1').update(`${place} ${edition}`).digest('hex').slice(0, 12)}`

async function playOn(
  stage: SelfPlayStage,
  places: readonly string[],
  edition: number,
  spoiling: Spoiling = {},
): Promise<readonly Told[]> {
  const editions = editionSets[edition]
  if (!editions) throw new RangeError(`there is no edition ${edition}`)
  const told = new Map<string, Told>()
  const lines = new Map<string, number>()
  let transcript: Transcript | undefined
  let current: Told | undefined
  stage.spoil({
    ...spoiling,
    watch: (seen) => current?.seen.push({ seen, after: transcript?.length ?? 0 }),
  })
  const watched: Stage = {
    seats: stage.seats,
    open: (id, at, said) => {
      transcript = said
      return stage.open(id, at, said)
    },
    close: () => stage.close(),
  }
  const journal = (line: JournalLine): void => {
    if (line.line === 'scenario') {
      current = { scenario: line, line: lines.get(line.id) ?? 0, verdicts: [], exchanges: [], seen: [] }
      told.set(line.id, current)
    } else if (line.line === 'verdict') current?.verdicts.push(line.verdict)
    else if (line.line === 'exchange') current?.exchanges.push(line.exchange)
    else if (line.line === 'end' && current) {
      current.end = line
      current = undefined
    }
  }
  try {
    const interrupted = await play({
      stage: watched,
      editions: [editions],
      requirements: requirementsById,
      journal,
      places,
      idOf: ({ uri, line }) => {
        const id = idOf(`${uri}:${line}`, edition)
        lines.set(id, line)
        return id
      },
    })
    if (interrupted) throw new HarnessError('internal', interrupted)
  } finally {
    stage.spoil({})
  }
  return [...told.values()]
}

/** Which exchanges the faulty part had a hand in, by the request's method and address; an errand counts for the exchange that it was run in. */
export function marksOf({ seen, exchanges }: Pick<Told, 'seen' | 'exchanges'>): Mark[] {
  const last = Math.max(exchanges.length - 1, 0)
  return seen
    .filter(({ seen: { fault } }) => fault !== undefined)
    .map(({ seen: { method, url, altered }, after }) => {
      const during = exchanges.findIndex(
        ({ request }, index) => index >= after && request.method === method && request.url === url,
      )
      // A conversation goes on while others are told: what was said meanwhile is a few exchanges away at most.
      const itself = during >= 0 && during - after <= 3
      return { during: itself ? during : Math.min(after, last), altered, itself }
    })
}
