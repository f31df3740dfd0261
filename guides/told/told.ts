/** Transcripts made by hand, for trying checks: an exchange in a line, a scene in another. */
import type { Move } from '../../harness/move.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, type HeaderList, Transcript } from '../../harness/transcript.ts'

export const base = 'https://old.example/fhir'

export interface Told {
  readonly from?: string
  readonly method?: string
  readonly at?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly intent?: Readonly<Record<string, string>>
  readonly status?: number
  readonly answer?: unknown
  readonly answered?: Readonly<Record<string, string>>
  /** No answer at all. */
  readonly lost?: true
}

/** An exchange that no transcript has recorded yet. */
export type Step = Omit<Exchange, 'id'>

const list = (headers: Readonly<Record<string, string>>): HeaderList => Object.entries(headers)

/** One exchange; the path is below the FHIR base unless it is a URL. A token goes along unless the headers say otherwise. */
export function told(move: Move, path: string, more: Told = {}): Step {
  const {
    from = 'requesting payer',
    method = 'GET',
    at = '2026-03-02T15:00:00.000Z',
    headers,
    body = '',
    intent = {},
  } = more
  const { status = 200, answer, answered, lost } = more
  const text = typeof answer === 'string' ? answer : answer === undefined ? '' : JSON.stringify(answer)
  return {
    move,
    from,
    to: 'responding payer',
    at,
    intent,
    request: {
      method,
      url: /^https?:/.test(path) ? path : `${base}/${path}`,
      headers: list(headers ?? { Accept: 'application/fhir+json', Authorization: 'Bearer t' }),
      body,
    },
    ...(lost
      ? { failure: { kind: 'unreachable' as const, code: 'ECONNREFUSED', message: 'nobody there' } }
      : {
          response: {
            status,
            statusText: '',
            headers: list({ 'content-type': 'application/fhir+json; charset=utf-8', ...answered }),
            body: text,
          },
        }),
    timings: { connect: 0, firstByte: 0, total: 0 },
  }
}

/** A transcript of these, in order. */
export function transcriptOf(...exchanges: readonly Step[]): Transcript {
  const transcript = new Transcript()
  for (const exchange of exchanges) transcript.record(exchange)
  return transcript
}

/** A scene between two payers, with more told of it. */
export const sceneOf = (more: Partial<Scene> = {}): Scene => ({
  editions: { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' },
  now: '2026-03-02T15:00:00.000Z',
  requester: 'requesting payer',
  responder: 'responding payer',
  facts: {},
  ...more,
})

/** A searchset of these, matches unless told. */
export const searchset = (
  resources: readonly object[],
  more: { next?: string; self?: string; total?: number } = {},
): object => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(more.total === undefined ? {} : { total: more.total }),
  link: [
    ...(more.self ? [{ relation: 'self', url: more.self }] : []),
    ...(more.next ? [{ relation: 'next', url: more.next }] : []),
  ],
  entry: resources.map((one) => {
    const { mode = 'match', ...resource } = one as { mode?: string; resourceType: string; id: string }
    return { fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource, search: { mode } }
  }),
})

/** An OperationOutcome of one issue. */
export const outcome = (code = 'not-found', severity = 'error'): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, diagnostics: 'no' }],
})
