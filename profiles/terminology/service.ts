/**
 * An optional terminology service for what the definitions at hand leave open: questions are gathered while resources are judged, sent
 * together as a batch of $validate-code, and their answers kept.
 */
import { HarnessError } from '../../harness/errors.ts'
import type { Json } from '../rules/visit.ts'
import type { Answer } from './membership.ts'

export interface TerminologyService {
  /** The answer as far as it is known; a new question is noted. For `createValidator({ terminology })`. */
  decide(valueSet: string, value: unknown): Answer
  /** Sends the noted questions; returns how many were sent. */
  ask(): Promise<number>
}
export interface ServiceOptions {
  /** Base URL of a FHIR terminology server. */
  readonly base: string
  readonly fetch?: typeof fetch
  readonly headers?: Readonly<Record<string, string>>
  /** Questions in one batch. */
  readonly batch?: number
}

interface Question {
  readonly valueSet: string
  readonly value: unknown
}

/** A service at a server. A question that the server cannot answer stays open and is not asked again. */
export function terminologyService({ base, headers = {}, batch = 50, ...options }: ServiceOptions): TerminologyService {
  const answers = new Map<string, Answer>()
  const open = new Map<string, Question>()
  const send = options.fetch ?? fetch
  return {
    decide: (valueSet, value) => {
      const key = `${valueSet} ${JSON.stringify(essence(value))}`
      const known = answers.get(key)
      if (known !== undefined) return known
      open.set(key, { valueSet, value })
      return 'open'
    },
    ask: async () => {
      const questions = [...open]
      open.clear()
      for (let at = 0; at < questions.length; at += batch) {
        const part = questions.slice(at, at + batch)
        const entries = await post(
          send,
          base,
          headers,
          part.map(([, question]) => question),
        )
        part.forEach(([key], index) => {
          answers.set(key, answerOf(entries[index]))
        })
      }
      return questions.length
    },
  }
}

/** What of a value the answer depends on. */
function essence(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { coding, system, code, version } = value as Json
  if (Array.isArray(coding)) return (coding as Json[]).map(essence)
  return { system, code, version }
}

function parametersOf({ valueSet, value }: Question): Json {
  const [url, version] = valueSet.split('|') as [string, string | undefined]
  const parameter: Json[] = [{ name: 'url', valueUri: url }]
  if (version !== undefined) parameter.push({ name: 'valueSetVersion', valueString: version })
  if (typeof value === 'string')
    parameter.push({ name: 'code', valueCode: value }, { name: 'inferSystem', valueBoolean: true })
  else if (Array.isArray((value as Json).coding))
    parameter.push({ name: 'codeableConcept', valueCodeableConcept: value })
  else parameter.push({ name: 'coding', valueCoding: essence(value) })
  return { resourceType: 'Parameters', parameter }
}

async function post(
  send: typeof fetch,
  base: string,
  headers: Readonly<Record<string, string>>,
  questions: readonly Question[],
): Promise<unknown[]> {
  const body = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: questions.map((question) => ({
      request: { method: 'POST', url: 'ValueSet/$validate-code' },
      resource: parametersOf(question),
    })),
  }
  let response: Response
  try {
    response = await send(base, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json', ...headers },
      body: JSON.stringify(body),
    })
  } catch (cause) {
    throw new HarnessError('cannot-reach', `The terminology server cannot be reached at ${base}.`, { cause })
  }
  if (!response.ok)
    throw new HarnessError('cannot-reach', `The terminology server answers ${response.status} at ${base}.`)
  const answer = (await response.json()) as Json
  return Array.isArray(answer.entry) ? answer.entry : []
}

function answerOf(entry: unknown): Answer {
  const resource = (entry as Json | undefined)?.resource as Json | undefined
  const parameter = resource?.resourceType === 'Parameters' ? resource.parameter : undefined
  const result = Array.isArray(parameter)
    ? (parameter as Json[]).find(({ name }) => name === 'result')?.valueBoolean
    : undefined
  return result === true ? 'in' : result === false ? 'out' : 'open'
}
