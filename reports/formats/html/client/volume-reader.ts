/** Reads one volume: its scenarios with bodies and certificates in their places, and which of them say something. */
import type { Exchange } from '../../../../harness/transcript.ts'
import type { WholeScenario } from '../../../run.ts'
import type { Index } from '../islands.ts'
import type { BodyRef } from '../pieces.ts'
import type { StoredExchange, StoredScenario } from '../volume.ts'
import { partText } from './packed-part.ts'

/** A scenario whole, and how long the bodies are of which only the beginning is here. */
export type ReadScenario = WholeScenario & { readonly cut: ReadonlyMap<string, number> }

export interface VolumeReader {
  readonly scenario: (part: number, id: string) => Promise<ReadScenario | undefined>
  /** Ids of the scenarios of these parts in whose transcript the words stand. `stop` ends the search early. */
  readonly find: (words: string, parts: Iterable<number>, stop: () => boolean) => Promise<readonly string[]>
}

/** The numbers of a body's pieces are nobody's words. */
const said = (key: string, value: unknown): unknown => (key === 'body' && typeof value !== 'string' ? '' : value)

export function volumeReader(number: number, { certificates, pieceParts }: Index['volumes'][number]): VolumeReader {
  const scenarios = new Map<number, Promise<readonly StoredScenario[]>>()
  const pieces = new Map<number, Promise<readonly string[]>>()
  const once = <T>(of: Map<number, Promise<T>>, part: number, id: string): Promise<T> => {
    const known = of.get(part) ?? partText(id).then((text) => JSON.parse(text) as T)
    of.set(part, known)
    return known
  }
  const piecesId = (part: number): string => `${number}-pieces-${part}`
  const scenarioPart = (part: number): Promise<readonly StoredScenario[]> =>
    once(scenarios, part, `${number}-scenarios-${part}`)
  const piecePart = (part: number): Promise<readonly string[]> => once(pieces, part, piecesId(part))
  const piece = async (number: number): Promise<string> => {
    const part = pieceParts.findLastIndex((first) => first <= number)
    return (await piecePart(part))[number - (pieceParts[part] as number)] ?? ''
  }
  const body = async (ref: BodyRef): Promise<string> =>
    typeof ref === 'string' ? ref : (await Promise.all(ref.map(piece))).join('')
  const whole = async (stored: StoredExchange, cut: Map<string, number>): Promise<Exchange> => {
    const { request, response, tls, ...rest } = stored
    if (request.cut) cut.set(`${stored.id}-request`, request.cut)
    if (response?.cut) cut.set(`${stored.id}-response`, response.cut)
    const server = tls?.server === undefined ? undefined : certificates[tls.server]
    const client = tls?.client === undefined ? undefined : certificates[tls.client]
    return {
      ...rest,
      request: { ...request, body: await body(request.body) },
      ...(response ? { response: { ...response, body: await body(response.body) } } : {}),
      ...(tls
        ? {
            tls: {
              protocol: tls.protocol,
              cipher: tls.cipher,
              ...(server ? { server } : {}),
              ...(client ? { client } : {}),
            },
          }
        : {}),
    }
  }

  return {
    scenario: async (part, id) => {
      const stored = (await scenarioPart(part)).find((one) => one.id === id)
      if (!stored) return undefined
      const cut = new Map<string, number>()
      const exchanges = await Promise.all(
        stored.exchanges.map(async ({ step, exchange }) => ({ step, exchange: await whole(exchange, cut) })),
      )
      return { ...stored, exchanges, cut }
    },
    find: async (words, parts, stop) => {
      // The parts are searched as they are written, so the words are written the same way.
      const wanted = JSON.stringify(words).slice(1, -1).toLowerCase()
      const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
      const has = (value: unknown): boolean => JSON.stringify(value, said).toLowerCase().includes(wanted)
      const hit = new Set<number>()
      for (const [part, first] of pieceParts.entries()) {
        if (stop()) return []
        if ((await partText(piecesId(part))).toLowerCase().includes(wanted))
          for (const [at, text] of (await piecePart(part)).entries()) if (has(text)) hit.add(first + at)
        await rest()
      }
      // Every piece but a body's first begins with a brace: other words cannot stand across two of them.
      const across = wanted.indexOf('{') > 0
      const refers = async (ref: BodyRef = ''): Promise<boolean> =>
        typeof ref !== 'string' && (ref.some((number) => hit.has(number)) || (across && has(await body(ref))))
      const found = new Set<string>()
      for (const part of parts) {
        if (stop()) return []
        for (const scenario of await scenarioPart(part)) {
          if (has(scenario)) found.add(scenario.id)
          for (const { exchange: x } of scenario.exchanges)
            if (!found.has(scenario.id) && ((await refers(x.request.body)) || (await refers(x.response?.body))))
              found.add(scenario.id)
        }
        await rest()
      }
      return [...found]
    },
  }
}
