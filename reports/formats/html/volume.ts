/**
 * What report.html keeps of the scenarios that were judged by one set of editions: every certificate and every piece of a body
 * once. A volume needs nothing of another, so that each is made where its scenarios are played.
 */
import type { CertificateFacts, Exchange, TlsFacts } from '../../../harness/transcript.ts'
import type { WholeScenario } from '../../run.ts'
import { packed } from './packed.ts'
import { type PiecePart, piecesOf, type StoredBody } from './pieces.ts'

export type StoredTls = Omit<TlsFacts, 'server' | 'client'> & { readonly server?: number; readonly client?: number }
export type StoredExchange = Omit<Exchange, 'request' | 'response' | 'tls'> & {
  readonly request: Omit<Exchange['request'], 'body'> & StoredBody
  readonly response?: Omit<NonNullable<Exchange['response']>, 'body'> & StoredBody
  readonly tls?: StoredTls
}
export type StoredScenario = Omit<WholeScenario, 'exchanges'> & {
  readonly exchanges: readonly { readonly step: number; readonly exchange: StoredExchange }[]
}

/** Plain data: it may come from another process. */
export interface Volume {
  readonly certificates: readonly CertificateFacts[]
  /** Packed parts. */
  readonly scenarios: readonly string[]
  readonly pieces: readonly PiecePart[]
}

export interface OpenVolume {
  /** Takes the next scenario. Returns the part that has it. */
  readonly take: (scenario: WholeScenario) => number
  readonly end: () => Promise<Volume>
}

/** Characters of one part before it is compressed. */
const partSize = 512 * 1024

export function openVolume(): OpenVolume {
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

  const parts: Promise<string>[] = []
  let open: string[] = []
  let size = 0
  const close = (): void => {
    if (open.length > 0) parts.push(packed(`[${open.join(',')}]`))
    open = []
    size = 0
  }
  return {
    take: (scenario) => {
      const part = parts.length
      const whole: StoredScenario = { ...scenario, exchanges: scenario.exchanges.map(stored) }
      const text = JSON.stringify(whole)
      open.push(text)
      size += text.length
      if (size > partSize) close()
      return part
    },
    end: async () => {
      close()
      return { certificates: certificates.all(), scenarios: await Promise.all(parts), pieces: await pieces.end() }
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
