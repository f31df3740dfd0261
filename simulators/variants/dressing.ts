/** The ways in which a legal choice gets between the honest answer and the wire. */
import type { Bundle, BundleEntry, BundleLink, OperationOutcome } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { type About, recast, rows } from '../faults/spoiling.ts'
import type { Handler, Route } from '../simulator.ts'
import { names, whole } from '../spoil.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Dress } from './variant.ts'

type Wrap = (honest: Handler, state: PayerState) => Handler

/** Row by a name of the retrieval rows, or by its own. */
type Row = keyof typeof rows | `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${string}`
const nameOf = (row: Row): string => rows[row as keyof typeof rows] ?? row

/** One after the other. */
export const both =
  (...dresses: readonly Dress[]): Dress =>
  (table) =>
    dresses.reduce((dressed, dress) => dress(dressed), table)

/** Rows wrapped, guards and handler together. */
export const over =
  (row: Row, wrap: Wrap): Dress =>
  ({ state, routes }) => ({
    state,
    routes: routes.map((one) =>
      names({ route: nameOf(row) }, one) ? { ...one, guards: [], handler: wrap(whole(one), state) } : one,
    ),
  })

/** The answers of a row made other answers that are as good. */
export const answers = (row: Row, change: (answer: Response, about: About) => Response | Promise<Response>): Dress =>
  over(
    row,
    (honest, state) => async (request, visit) => change(await honest(request, visit), { state, visit, request }),
  )

/** The row asks nobody: it always answers so. */
export const always = (row: Row, answer: () => Response): Dress => over(row, () => answer)

/** Other headers on every answer of a row that fits; null takes one away. */
export const headers = (
  row: Row,
  changes: (answer: Response) => Record<string, string | null>,
  fits: (answer: Response, about: About) => boolean = () => true,
): Dress =>
  answers(row, async (answer, about) =>
    fits(answer, about) ? recast(answer, await bodyOf(answer), changes(answer)) : answer,
  )

/** The body's text; null where there is none, as a 204 or 304 must have it. */
export const bodyOf = async (answer: Response): Promise<string | null> => (answer.body ? await answer.text() : null)

const isJson = (answer: Response): boolean => /json(;|$)/i.test(answer.headers.get('content-type') ?? '')
const isLines = (answer: Response): boolean => /ndjson/i.test(answer.headers.get('content-type') ?? '')

/** JSON answers of a row with those statuses changed. */
export const json = <T>(
  row: Row,
  change: (body: T, about: About) => object,
  fits: (status: number) => boolean = (status) => status < 300,
): Dress =>
  answers(row, async (answer, about) => {
    if (!fits(answer.status) || !isJson(answer) || isLines(answer)) return answer
    return recast(answer, JSON.stringify(change((await answer.json()) as T, about)))
  })

/** The text of every JSON body written otherwise, lines of a file one by one. */
export const text = (write: (value: unknown) => string, writeLine = write): Dress =>
  answers('all', async (answer) => {
    if (isLines(answer)) return recast(answer, await lineByLine(answer, (line) => writeLine(JSON.parse(line))))
    if (!isJson(answer)) return answer
    return recast(answer, write(await answer.json()))
  })

const lineByLine = async (answer: Response, change: (line: string) => string): Promise<string> =>
  (await answer.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => `${change(line)}\n`)
    .join('')

/** Bodies that hold no record of a member. */
const noRecords = new Set(['OperationOutcome', 'CapabilityStatement', 'Parameters'])

/** Every record that goes out, by whatever way, changed. */
export const records = (change: (resource: FhirResource, about: About) => FhirResource): Dress =>
  answers('all', async (answer, about) => {
    if (answer.status !== 200) return answer
    const changed = (resource: FhirResource): FhirResource =>
      noRecords.has(resource.resourceType) ? resource : change(resource, about)
    if (isLines(answer))
      return recast(
        answer,
        await lineByLine(answer, (line) => {
          const resource = JSON.parse(line) as FhirResource
          return JSON.stringify(resource.resourceType === 'Bundle' ? resource : changed(resource))
        }),
      )
    if (!/fhir\+json/.test(answer.headers.get('content-type') ?? '')) return answer
    const body = (await answer.json()) as FhirResource
    if (body.resourceType !== 'Bundle') return recast(answer, JSON.stringify(changed(body)))
    const entry = body.entry?.map((one) =>
      one.resource ? { ...one, resource: changed(one.resource as FhirResource) } : one,
    )
    return recast(answer, JSON.stringify({ ...body, ...(entry ? { entry } : {}) }))
  })

/** Every searchset changed: first pages, later pages, $everything and $docref. */
export const searchsets = (change: (bundle: Bundle, about: About) => Bundle): Dress =>
  json<Bundle>('all', (body, about) =>
    body.resourceType === 'Bundle' && body.type === 'searchset' ? change(body, about) : body,
  )

/** Every OperationOutcome of an error changed. */
export const outcomes = (change: (outcome: OperationOutcome, about: About) => OperationOutcome): Dress =>
  json<OperationOutcome>(
    'all',
    (body, about) => (body.resourceType === 'OperationOutcome' ? change(body, about) : body),
    (status) => status >= 400,
  )

export const isMatch = ({ search }: BundleEntry): boolean => search?.mode === 'match'

/** A Bundle's links, one of them changed. */
export const relinked = (bundle: Bundle, relation: string, change: (url: string) => string): Bundle => ({
  ...bundle,
  ...(bundle.link
    ? {
        link: bundle.link.map(
          (one): BundleLink => (one.relation === relation ? { ...one, url: change(one.url) } : one),
        ),
      }
    : {}),
})

/**
 * Answers under another address: what is asked for at `from` is answered by the row that has always answered there. `from`
 * matches a path below the tenant's base; `to` gives the old one.
 */
export const alias =
  (method: Route['method'], from: RegExp, to: (found: RegExpExecArray, url: URL) => string): Dress =>
  (table) => {
    const handler: Handler = async (request, visit) => {
      const base = new URL(table.state.base).pathname
      const found = from.exec(visit.url.pathname.slice(base.length))
      const path = found ? to(found, visit.url) : '/'
      const row = table.routes.find((one) => one.method === method && one.path.test(path))
      if (!row) return new Response(null, { status: 404 })
      const url = new URL(base + path + visit.url.search, visit.url)
      const params = { ...row.path.exec(path)?.groups }
      const known = { ...visit, url, params }
      for (const guard of row.guards) {
        const refusal = await guard(request, known)
        if (refusal) return refusal
      }
      return row.handler(request, known)
    }
    const row: Route = { name: `${method} ${from.source}`, method, path: from, guards: [], handler, claims: [] }
    return { state: table.state, routes: [row, ...table.routes] }
  }
