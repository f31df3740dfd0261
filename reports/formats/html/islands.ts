/**
 * The run as the report's own script reads it: an index that is read at once, and the parts of its volumes that are read when
 * somebody opens or searches them.
 */
import { editionsText } from '../../../harness/edition.ts'
import type { CertificateFacts } from '../../../harness/transcript.ts'
import type { VerdictCode } from '../../../harness/verdict.ts'
import { whyOf } from '../../findings.ts'
import type { WholeScenario } from '../../run.ts'
import { scenarioTitle } from '../../wording.ts'
import type { Material } from '../format.ts'
import { packed } from './packed.ts'
import { type OpenVolume, openVolume, type Volume } from './volume.ts'

export interface IndexedScenario {
  readonly id: string
  readonly title: string
  readonly feature: string
  readonly code: VerdictCode
  readonly edition: string
  /** The volume that has it, and the part of it that has it whole. */
  readonly volume: number
  readonly part: number
}
/** One verdict in the list of a requirement: scenario by its place in the index, texts by their place in `texts`. */
export type IndexedVerdict = readonly [
  scenario: number,
  code: VerdictCode,
  title: number,
  message: number,
  place: string,
]

export interface Index {
  readonly scenarios: readonly IndexedScenario[]
  readonly verdicts: Readonly<Record<string, readonly IndexedVerdict[]>>
  readonly texts: readonly string[]
  readonly requirements: Readonly<
    Record<string, { readonly statement: string; readonly url: string; readonly where: string }>
  >
  readonly volumes: readonly {
    readonly certificates: readonly CertificateFacts[]
    /** Number of the first piece of each part of pieces. */
    readonly pieceParts: readonly number[]
  }[]
}

/** A part of report.html, packed; `id` is that of its element, without `part-`. */
export interface Part {
  readonly id: string
  readonly text: string
}

/** Scenarios and their volumes, as plain data. */
export interface Shelf {
  readonly scenarios: readonly IndexedScenario[]
  readonly volumes: readonly Volume[]
}

export interface Islands {
  /** Takes the next scenario. */
  readonly take: (scenario: WholeScenario) => void
  /** Takes over the scenarios of another shelf as the next ones. */
  readonly join: (shelf: Shelf) => void
  /** What was taken. */
  readonly end: () => Promise<Shelf>
}

export function islandsOf(): Islands {
  const scenarios: IndexedScenario[] = []
  const open = new Map<string, { readonly number: number; readonly volume: OpenVolume }>()
  const volumes: Pick<OpenVolume, 'end'>[] = []
  return {
    take: (scenario) => {
      const { id, line, code } = scenario
      const edition = editionsText(line.editions)
      const its = open.get(edition) ?? { number: volumes.length, volume: openVolume() }
      if (!open.has(edition)) volumes.push(its.volume)
      open.set(edition, its)
      const part = its.volume.take(scenario)
      scenarios.push({
        id,
        title: scenarioTitle(line),
        feature: line.feature,
        code,
        edition,
        volume: its.number,
        part,
      })
    },
    join: (shelf) => {
      const before = volumes.length
      for (const one of shelf.scenarios) scenarios.push({ ...one, volume: before + one.volume })
      for (const volume of shelf.volumes) volumes.push({ end: async () => volume })
    },
    end: async () => ({ scenarios, volumes: await Promise.all(volumes.map((volume) => volume.end())) }),
  }
}

/** The parts of the report, index first. */
export async function partsOf({ scenarios, volumes }: Shelf, material: Material): Promise<readonly Part[]> {
  const index: Index = {
    scenarios,
    ...verdictsOf(material, scenarios),
    volumes: volumes.map(({ certificates, pieces }) => ({
      certificates,
      pieceParts: pieces.map(({ first }) => first),
    })),
  }
  return [
    { id: 'index', text: await packed(JSON.stringify(index)) },
    ...volumes.flatMap((volume, v) => [
      ...volume.scenarios.map((text, i) => ({ id: `${v}-scenarios-${i}`, text })),
      ...volume.pieces.map(({ text }, i) => ({ id: `${v}-pieces-${i}`, text })),
    ]),
  ]
}

/** The verdicts on every requirement; texts are kept once. */
function verdictsOf(
  { sums }: Material,
  scenarios: readonly IndexedScenario[],
): Pick<Index, 'verdicts' | 'texts' | 'requirements'> {
  const texts = new Map<string, number>([['', 0]])
  const text = (value: string): number => {
    const number = texts.get(value) ?? texts.size
    texts.set(value, number)
    return number
  }
  const places = new Map(scenarios.map(({ id }, at) => [id, at]))
  const verdicts = Object.fromEntries(
    sums.judged.map((one) => [
      one.id,
      one.verdicts.map(({ scenario, verdict }): IndexedVerdict => {
        const why = verdict.code === 'pass' ? undefined : whyOf(verdict)
        // What is met leads to the verdict, which marks all that it was seen in.
        const at = why && (why.exchange ?? verdict.evidence.at(-1))
        return [
          places.get(scenario.id) as number,
          verdict.code,
          text(verdict.title),
          text(why?.message ?? ''),
          at ?? '',
        ]
      }),
    ]),
  )
  const requirements = Object.fromEntries(
    sums.judged.flatMap(({ id, requirement: r }) =>
      r ? [[id, { statement: r.statement, url: r.url, where: r.where }]] : [],
    ),
  )
  return { verdicts, texts: [...texts.keys()], requirements }
}
