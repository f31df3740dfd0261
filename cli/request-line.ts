/** A request as `simulate` prints it: when, who, what, the answer, and where it is a refusal the words of whoever refused. */
import { json } from '../harness/transcript.ts'
import { gist } from '../reports/gist.ts'
import type { Masking } from '../reports/masking.ts'
import type { SeenExchange } from '../simulators/serve.ts'

/** One line, and one more beneath it for each reason of a refusal. Secrets are masked; no newline at the end. */
export function requestLine(seen: SeenExchange, at: Date, masking: Pick<Masking, 'text'>): string {
  const { request, response, milliseconds } = seen
  const { pathname, search } = URL.parse(request.url) ?? { pathname: request.url, search: '' }
  const about = response.status < 400 ? gist(response) : ''
  const line = [
    clockTime(at),
    whoIn(seen).padEnd(20),
    request.method.padEnd(4),
    masking.text(pathname + search),
    response.status,
    `${milliseconds.toFixed(0)} ms`,
    ...(about ? [`(${about})`] : []),
  ].join('  ')
  return [line, ...reasonsIn(response).map((reason) => `           ${masking.text(reason)}`)].map(printable).join('\n')
}

/** `23:49:11Z`: in UTC, as the seconds of a JWT are. */
export const clockTime = (at: Date): string => `${at.toISOString().slice(11, 19)}Z`

/** The organization by its certificate. */
const whoIn = ({ tls }: SeenExchange): string =>
  tls?.client ? (/(?:^|[,\n] ?)CN=([^,\n]+)/.exec(tls.client.subject)?.[1] ?? tls.client.subject) : 'no certificate'

interface Issue {
  readonly code?: string
  readonly details?: { readonly text?: string }
  readonly diagnostics?: string
  readonly expression?: readonly string[]
}

/** Why it was refused: an OAuth error, or the issues of an OperationOutcome. */
function reasonsIn(response: SeenExchange['response']): string[] {
  if (response.status < 400) return []
  const said = json(response) as
    | { readonly error?: string; readonly error_description?: string; readonly issue?: readonly Issue[] }
    | undefined
  if (said?.error) return [[said.error, said.error_description].filter(Boolean).join(': ')]
  return (said?.issue ?? []).map(({ code, details, diagnostics }) =>
    [code, details?.text ?? diagnostics].filter(Boolean).join(': '),
  )
}

/** What callers wrote may stand in it: nothing of that steers a terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ')
