/**
 * The run as the report's own script reads it: an index that is read at once, and parts (scenarios, bodies) that are read when
 * somebody opens or searches them. Every body and certificate is kept once; every part is gzip in base64, inert text to a browser.
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { editionsText } from '../../../harness/edition.ts'
import type { CertificateFacts, Exchange, TlsFacts } from '../../../harness/transcript.ts'
import type { VerdictCode } from '../../../harness/verdict.ts'
import { whyOf } from '../../findings.ts'
import type { PlayedScenario } from '../../run.ts'
import { scenarioTitle } from '../../wording.ts'

import type { Material } from '../format.ts'

/** A body by its number in the table of bodies, or itself when it is short. */
export type BodyRef = string | number
export type StoredTls = Omit<TlsFacts, 'server' | 'client'> & { readonly server?: number; readonly client?: number }
export type StoredExchange = Omit<Exchange, 'request' | 'response' | 'tls'> & {
  readonly request: Omit<Exchange['request'], 'body'> & { readonly body: BodyRef; readonly cut?: number }
  readonly response?: Omit<NonNullable<Exchange['response']>, 'body'> & {
    readonly body: BodyRef
    readonly cut?: number
  }
  readonly tls?: StoredTls
}
export type StoredScenario = Omit<PlayedScenario, 'exchanges'> & {
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
  /** Number of the first body of each part of bodies. */
  readonly bodyParts: readonly number[]
}

export interface Islands {
  /** Id of its element and content, index first. */
  readonly parts: readonly { readonly id: string; readonly text: string }[]
}

/** Characters of a body that the report shows; the record has the rest. */
const longestBody = 256 * 1024
/** Shorter bodies stay where they are said. */
const inline = 120
/** Characters of one part before it is compressed. */
const partSize = 512 * 1024

export async function islandsOf({ run, sums }: Material): Promise<Islands> {
  const certificates = new Map<string, { readonly at: number; readonly facts: CertificateFacts }>()
  const certificate = (facts: CertificateFacts): number => {
    const key = `${facts.thumbprint}/${facts.chain.length}`
    const known = certificates.get(key)
    if (known) return known.at
    certificates.set(key, { at: certificates.size, facts })
    return certificates.size - 1
  }
  const bodies = new Map<string, number>()
  const stored = (text: string): { body: BodyRef; cut?: number } => {
    if (text.length <= inline) return { body: text }
    const kept = text.length > longestBody ? text.slice(0, longestBody) : text
    const number = bodies.get(kept) ?? bodies.size
    bodies.set(kept, number)
    return { body: number, ...(kept === text ? {} : { cut: text.length }) }
  }
  const exchange = (x: Exchange): StoredExchange => {
    const { request, response, tls, ...rest } = x
    return {
      ...rest,
      request: { ...request, ...stored(request.body) },
      ...(response ? { response: { ...response, ...stored(response.body) } } : {}),
      ...(tls
        ? {
            tls: {
              protocol: tls.protocol,
              cipher: tls.cipher,
              ...(tls.server ? { server: certificate(tls.server) } : {}),
              ...(tls.client ? { client: certificate(tls.client) } : {}),
            },
          }
        : {}),
    }
  }

  const scenarioParts: string[][] = []
  const scenarios: IndexedScenario[] = []
  let size = Number.POSITIVE_INFINITY
  for (const scenario of run.scenarios) {
    const whole: StoredScenario = {
      ...scenario,
      exchanges: scenario.exchanges.map((one) => ({ step: one.step, exchange: exchange(one.exchange) })),
    }
    if (size > partSize) {
      scenarioParts.push([])
      size = 0
    }
    const text = JSON.stringify(whole)
    size += text.length
    scenarioParts.at(-1)?.push(text)
    scenarios.push({
      id: scenario.id,
      title: scenarioTitle(scenario.line),
      feature: scenario.line.feature,
      code: scenario.code,
      edition: editionsText(scenario.line.editions),
      part: scenarioParts.length - 1,
    })
  }

  const bodyParts: string[][] = []
  const firsts: number[] = []
  size = Number.POSITIVE_INFINITY
  for (const [text, number] of bodies) {
    if (size > partSize) {
      bodyParts.push([])
      firsts.push(number)
      size = 0
    }
    size += text.length
    bodyParts.at(-1)?.push(text)
  }

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
  const index: Index = {
    scenarios,
    verdicts,
    texts: [...texts.keys()],
    requirements: Object.fromEntries(
      sums.judged.flatMap(({ id, requirement: r }) =>
        r ? [[id, { statement: r.statement, url: r.url, where: r.where }]] : [],
      ),
    ),
    certificates: [...certificates.values()].map(({ facts }) => facts),
    bodyParts: firsts,
  }
  const parts = [
    { id: 'index', text: JSON.stringify(index) },
    ...scenarioParts.map((part, number) => ({ id: `scenarios-${number}`, text: `[${part.join(',')}]` })),
    ...bodyParts.map((part, number) => ({ id: `bodies-${number}`, text: JSON.stringify(part) })),
  ]
  return { parts: await Promise.all(parts.map(async ({ id, text }) => ({ id, text: await packed(text) }))) }
}

const zip = promisify(gzip)
/** Base64 has no character that markup could take for its own. The time in the gzip header stays zero: same run, same file. */
const packed = async (text: string): Promise<string> => (await zip(text, { level: 4 })).toString('base64')
