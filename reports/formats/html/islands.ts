/**
 * The run as the report's own script reads it: an index that is read at once, and parts (scenarios, pieces of bodies) that are
 * read when somebody opens or searches them. Every certificate and every piece of a body is kept once.
 */
import { editionsText } from '../../../harness/edition.ts'
import type { CertificateFacts, Exchange, TlsFacts } from '../../../harness/transcript.ts'
import type { VerdictCode } from '../../../harness/verdict.ts'
import { whyOf } from '../../findings.ts'
import type { WholeScenario } from '../../run.ts'
import { scenarioTitle } from '../../wording.ts'
import type { Material } from '../format.ts'
import { type Part, packed } from './packed.ts'
import { piecesOf, type StoredBody } from './pieces.ts'

export type StoredTls = Omit<TlsFacts, 'server' | 'client'> & { readonly server?: number; readonly client?: number }
export type StoredExchange = Omit<Exchange, 'request' | 'response' | 'tls'> & {
  readonly request: Omit<Exchange['request'], 'body'> & StoredBody
  readonly response?: Omit<NonNullable<Exchange['response']>, 'body'> & StoredBody
  readonly tls?: StoredTls
}
export type StoredScenario = Omit<WholeScenario, 'exchanges'> & {
  readonly exchanges: readonly { readonly step: number; readonly exchange: StoredExchange }[]
}

export interface IndexedScenario {
  readonly id: string
  readonly title: string
  readonly feature: string
  readonly code: VerdictCode
  readonly edition: string
  /** The part that has it whole. */
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
  readonly certificates: readonly CertificateFacts[]
  /** Number of the first piece of each part of pieces. */
  readonly pieceParts: readonly number[]
}

export interface Islands {
  /** Takes the next scenario. */
  readonly take: (scenario: WholeScenario) => void
  /** The parts, index first, when every scenario was taken. */
  readonly end: (material: Material) => readonly Part[]
}

/** Characters of one part before it is compressed. */
const partSize = 512 * 1024

export function islandsOf(): Islands {
  const certificates = certificateTable()
  const pieces = piecesOf()
  const stored = ({ step, exchange: x }: WholeScenario['exchanges'][number]): StoredScenario['exchanges'][number] => {
    const { id, move, from, to, at, intent, request: asked, response: said, failure, tls, timings } = x
    const { method, url } = asked
    const exchange: StoredExchange = {
      id,
      move,
      from,
      to,
      at,
      intent,
      // One by one, since a copy would read the body.
      request: { method, url, headers: asked.headers, ...pieces.store(asked) },
      ...(said
        ? {
            response: {
              status: said.status,
              statusText: said.statusText,
              headers: said.headers,
              ...pieces.store(said),
            },
          }
        : {}),
      ...(failure ? { failure } : {}),
      ...(tls ? { tls: certificates.refer(tls) } : {}),
      timings,
    }
    return { step, exchange }
  }

  const parts: Part[] = []
  const scenarios: IndexedScenario[] = []
  let open: string[] = []
  let size = 0
  const close = (): void => {
    if (open.length > 0) parts.push(packed(`scenarios-${parts.length}`, `[${open.join(',')}]`))
    open = []
    size = 0
  }
  return {
    take: (scenario) => {
      const whole: StoredScenario = { ...scenario, exchanges: scenario.exchanges.map(stored) }
      const text = JSON.stringify(whole)
      scenarios.push({
        id: scenario.id,
        title: scenarioTitle(scenario.line),
        feature: scenario.line.feature,
        code: scenario.code,
        edition: editionsText(scenario.line.editions),
        part: parts.length,
      })
      open.push(text)
      size += text.length
      if (size > partSize) close()
    },
    end: (material) => {
      close()
      const bodies = pieces.end()
      const index: Index = {
        scenarios,
        ...verdictsOf(material),
        certificates: certificates.all(),
        pieceParts: bodies.firsts,
      }
      return [packed('index', JSON.stringify(index)), ...parts, ...bodies.parts]
    },
  }
}

function certificateTable(): { refer(tls: TlsFacts): StoredTls; all(): CertificateFacts[] } {
  const known = new Map<string, { readonly at: number; readonly facts: CertificateFacts }>()
  const numberOf = (facts: CertificateFacts): number => {
    const key = `${facts.thumbprint}/${facts.chain.length}`
    const found = known.get(key)
    if (found) return found.at
    known.set(key, { at: known.size, facts })
    return known.size - 1
  }
  return {
    refer: ({ protocol, cipher, server, client }) => ({
      protocol,
      cipher,
      ...(server ? { server: numberOf(server) } : {}),
      ...(client ? { client: numberOf(client) } : {}),
    }),
    all: () => [...known.values()].map(({ facts }) => facts),
  }
}

/** The verdicts on every requirement; texts are kept once. */
function verdictsOf({ run, sums }: Material): Pick<Index, 'verdicts' | 'texts' | 'requirements'> {
  const texts = new Map<string, number>([['', 0]])
  const text = (value: string): number => {
    const number = texts.get(value) ?? texts.size
    texts.set(value, number)
    return number
  }
  const places = new Map(run.scenarios.map((scenario, at) => [scenario.id, at]))
  const verdicts = Object.fromEntries(
    sums.judged.map((one) => [
      one.id,
      one.verdicts.map(({ scenario, verdict }): IndexedVerdict => {
        const why = verdict.code === 'pass' ? undefined : whyOf(verdict)
        const at = why?.exchange ?? verdict.evidence.at(-1)
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
