/** $validate-code at a FHIR terminology server (http://hl7.org/fhir/R4/valueset-operation-validate-code.html): several questions in a batch, or one by one. */
import type { Json } from '../rules/visit.ts'
import type { Decision } from './membership.ts'

export interface ServerOptions {
  /** Base URL of a FHIR terminology server. */
  readonly base: string
  readonly fetch?: typeof fetch
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds to wait for an answer. */
  readonly timeout?: number
}
export interface Question {
  readonly valueSet: string
  readonly value: unknown
}
/** What came of sending: decisions in the order of the questions, or why the server did not answer at all. */
export type Asked =
  | { readonly answered: true; readonly decisions: readonly Decision[] }
  | { readonly answered: false; readonly reason: string }

/** Sends the questions as one batch; where the server knows no batches, one by one. */
export async function askServer(server: ServerOptions, questions: readonly Question[]): Promise<Asked> {
  const batch = await post(server, '', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: questions.map((question) => ({
      request: { method: 'POST', url: 'ValueSet/$validate-code' },
      resource: parametersOf(question),
    })),
  })
  if ('reason' in batch) return { answered: false, reason: batch.reason }
  const { entry } = batch.body
  if (batch.status < 300 && Array.isArray(entry)) return { answered: true, decisions: (entry as Json[]).map(ofEntry) }
  if (!noBatches.has(batch.status)) return { answered: false, reason: `the terminology server answers ${batch.status}` }
  const decisions: Decision[] = []
  for (const question of questions) {
    const single = await post(server, '/ValueSet/$validate-code', parametersOf(question))
    if ('reason' in single) return { answered: false, reason: single.reason }
    decisions.push(decisionOf(single.body, single.status))
  }
  return { answered: true, decisions }
}

/** What servers say who take no batches. */
const noBatches = new Set([400, 404, 405, 415, 422, 501])

function parametersOf({ valueSet, value }: Question): Json {
  const [url, version] = valueSet.split('|') as [string, string | undefined]
  const parameter: Json[] = [{ name: 'url', valueUri: url }]
  if (version !== undefined) parameter.push({ name: 'valueSetVersion', valueString: version })
  if (typeof value === 'string')
    parameter.push({ name: 'code', valueCode: value }, { name: 'inferSystem', valueBoolean: true })
  else if (Array.isArray((value as Json).coding))
    parameter.push({ name: 'codeableConcept', valueCodeableConcept: value })
  else parameter.push({ name: 'coding', valueCoding: value })
  return { resourceType: 'Parameters', parameter }
}

async function post(
  { base, headers = {}, timeout = 30_000, ...options }: ServerOptions,
  path: string,
  body: Json,
): Promise<{ status: number; body: Json } | { reason: string }> {
  const send = options.fetch ?? fetch
  try {
    const response = await send(`${base.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    })
    const text = await response.text()
    try {
      const read: unknown = JSON.parse(text)
      return { status: response.status, body: typeof read === 'object' && read !== null ? (read as Json) : {} }
    } catch {
      if (response.ok) return { reason: 'the terminology server answers with something that is not JSON' }
      return { status: response.status, body: {} }
    }
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return { reason: `the terminology server did not answer within ${timeout / 1000} s` }
    const { cause, message } = error as Error
    return { reason: `the terminology server cannot be reached: ${cause instanceof Error ? cause.message : message}` }
  }
}

/** An entry of a batch-response: its resource, or the outcome beside its status. */
function ofEntry(entry: Json): Decision {
  const response = (entry.response ?? {}) as Json
  const status = Number.parseInt(String(response.status ?? '200'), 10)
  return decisionOf((entry.resource ?? response.outcome ?? {}) as Json, status)
}

function decisionOf(resource: Json, status: number): Decision {
  const open = (why: unknown): Decision => ({
    open: `the terminology server does not decide it: ${String(why).replace(/\s+/g, ' ').slice(0, 300)}`,
  })
  if (resource.resourceType !== 'Parameters' || !Array.isArray(resource.parameter))
    return open(textOfOutcome(resource) ?? `it answers ${status}`)
  const parameters = resource.parameter as Json[]
  const named = (name: string): Json | undefined => parameters.find((each) => each?.name === name)
  const result = named('result')?.valueBoolean
  if (result === true) return 'in'
  const issues = named('issues')?.resource as Json | undefined
  const message = named('message')?.valueString ?? (issues && textOfOutcome(issues))
  if (result !== false) return open(message ?? 'it gives no result')
  // A server that does not know the code system or the value set says false too, but has not looked.
  const blind =
    named('x-caused-by-unknown-system') ??
    named('x-unknown-system') ??
    (issues && hasNotFound(issues) ? issues : undefined)
  return blind ? open(message ?? 'it does not know the code system') : 'out'
}

/** An issue `not-found` that is about a definition, not about the code (`code-invalid`). */
const hasNotFound = ({ issue }: Json): boolean =>
  Array.isArray(issue) && (issue as Json[]).some(({ code }) => code === 'not-found' || code === 'not-supported')

function textOfOutcome({ resourceType, issue }: Json): string | undefined {
  if (resourceType !== 'OperationOutcome' || !Array.isArray(issue)) return undefined
  const [first] = issue as Json[]
  const text = (first?.details as Json | undefined)?.text ?? first?.diagnostics ?? first?.code
  return typeof text === 'string' ? text : undefined
}
