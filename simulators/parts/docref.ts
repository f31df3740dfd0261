/**
 * DocumentReference/$docref: references to a member's documents, by type and period; without a type the summaries (CCD),
 * without a period the newest of each type (US Core OperationDefinition docref).
 */
import type { DocumentReference } from 'fhir/r4.js'
import { preferences } from '../guards/prefer.ts'
import { isAnswer } from '../said.ts'
import { rangeOf, rangeOfElement } from '../search/dates.ts'
import { tokenAsked, tokenMatches } from '../search/match.ts'
import { type Handler, outcome } from '../simulator.ts'
import { each } from '../state/each.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sightOf } from '../state/visibility.ts'
import { bundleAnswer } from './bundle-writer.ts'
import { operationInput } from './operation-input.ts'
import { entryOf, nothingFound, queryOf } from './search.ts'

/** LOINC: summarization of episode note, the type of a CCD. */
const summary = 'http://loinc.org|34133-9'
const known = new Set(['patient', 'start', 'end', 'type', 'on-demand', 'profile'])

/** GET and POST /DocumentReference/$docref */
export const docref =
  (state: PayerState): Handler =>
  async (request, { url, grant }) => {
    const input = await operationInput(request, url)
    if (isAnswer(input)) return input
    if (preferences(request).handling === 'strict' && input.some(([name]) => !known.has(name)))
      return outcome(400, 'not-supported', 'a parameter is not offered for $docref')
    const value = (name: string): string | undefined => input.findLast(([n, v]) => n === name && v !== '')?.[1]
    const patient = value('patient')?.replace(/^Patient\//, '')
    if (patient === undefined) return outcome(400, 'required', 'patient is missing')
    if (patient !== grant?.patientId && state.settings.foreign === 'empty')
      return nothingFound(state, `${state.base}/fhir/DocumentReference/$docref`)
    if (patient !== grant?.patientId)
      return state.settings.foreign === 403 && state.records.holds(patient)
        ? outcome(403, 'forbidden', 'the access token is not for the data of this member')
        : outcome(404, 'not-found', 'there is no such Patient')
    const [from, to] = [rangeOf(value('start')), rangeOf(value('end'))]
    if ((value('start') && !from) || (value('end') && !to)) return outcome(400, 'invalid', 'start or end is no date')
    const asked = tokenAsked(value('type') ?? summary)

    const sight = sightOf(state, grant)
    const found: DocumentReference[] = []
    await each(state.records.stream(patient, new Set(['DocumentReference'])), (resource) => {
      if (resource.resourceType !== 'DocumentReference' || !sight.lets(resource)) return
      if (!tokenMatches(resource.type, asked, { name: 'type', kind: 'token', path: 'type' })) return
      const range = rangeOfElement(resource.context?.period) ?? rangeOfElement(resource.date)
      if (range && ((from && range.until <= from.from) || (to && range.from >= to.until))) return
      found.push(sight.shows(resource) as DocumentReference)
    })
    const entry = (from || to ? found : newestOfEach(found)).map((resource) => entryOf(state, resource, 'match'))
    const used = input.filter(([name, v]) => known.has(name) && v !== '')
    return bundleAnswer({
      resourceType: 'Bundle',
      id: state.random.uuid(),
      meta: { lastUpdated: state.clock.now().toISOString() },
      type: 'searchset',
      total: entry.length,
      link: [{ relation: 'self', url: `${state.base}/fhir/DocumentReference/$docref${queryOf(used)}` }],
      ...(entry.length ? { entry } : {}),
    })
  }

function newestOfEach(documents: readonly DocumentReference[]): DocumentReference[] {
  const when = ({ date, meta }: DocumentReference): number => Date.parse(date ?? meta?.lastUpdated ?? '') || 0
  const newest = new Map<string, DocumentReference>()
  for (const document of documents) {
    const type = JSON.stringify(document.type?.coding?.map(({ system, code }) => [system, code]) ?? document.type?.text)
    const known = newest.get(type)
    if (!known || when(document) > when(known)) newest.set(type, document)
  }
  return [...newest.values()]
}
