/**
 * The rows of a payer's table for a member's data: what a requester gets with a member token. Generic rows (`/:type/:id`)
 * would catch what is more particular, so these come last in the table.
 */
import { bearer } from '../guards/bearer.ts'
import { accepts, fhirJson, takes } from '../guards/fhir-json.ts'
import { rateLimit } from '../guards/rate-limit.ts'
import { respondAsync } from '../guards/respond-async.ts'
import { searchedTypes } from '../search/lookup.ts'
import { type Claim, type Route, route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { binary } from './binary.ts'
import { capabilityStatement } from './capability-statement.ts'
import { docref } from './docref.ts'
import { everything, everythingCrawls, everythingPage } from './everything.ts'
import { exportDelete, exportFile, exportKickOff, exportStatus, nextPoll } from './export.ts'
import { history } from './history.ts'
import { read, vread } from './read.ts'
import { search, searchCrawls, searchPage } from './search.ts'

const operation = (type: string, name: string, definition: string): Claim => ({ type, operation: { name, definition } })
const toEverything = operation('Patient', 'everything', 'http://hl7.org/fhir/OperationDefinition/Patient-everything')
const toExport = operation('Patient', 'export', 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export')
const toDocref = operation('DocumentReference', 'docref', 'http://hl7.org/fhir/us/core/OperationDefinition/docref')
const everyType = (interaction: NonNullable<Claim['interaction']>, ...more: string[]): readonly Claim[] =>
  [...searchedTypes, ...more].map((type) => ({ type, interaction }))
const toHistories = everyType('history-instance', 'Binary')
const toVersions = everyType('vread', 'Binary')
const toReads = everyType('read')
const toSearches = everyType('search-type')

/** For the host behind mutual TLS. `others` are the rows before these: the CapabilityStatement declares what they claim, too. */
export function dataRoutes(state: PayerState, others: readonly Route[] = []): Route[] {
  const member = [bearer(state, 'member')]
  const reading = [...member, fhirJson]
  const kickingOff = [...member, fhirJson, respondAsync]
  const polling = [
    ...member,
    accepts('application/json', 'application/fhir+json'),
    rateLimit(state.clock, nextPoll(state)),
  ]
  const downloading = [...member, accepts('application/fhir+ndjson', 'application/ndjson')]
  const found = searchCrawls(state)
  const all = everythingCrawls(state)
  const rows = [
    route('GET', '/fhir/Patient/:id/$everything', reading, everything(state, all), toEverything),
    route('POST', '/fhir/Patient/:id/$everything', reading, everything(state, all), toEverything),
    route('GET', '/fhir/Patient/_everything/:cursor', reading, everythingPage(state, all)),
    route('GET', '/fhir/Patient/$export', kickingOff, exportKickOff(state), toExport),
    route('POST', '/fhir/Patient/$export', kickingOff, exportKickOff(state), toExport),
    route('GET', '/fhir/_export/:job', polling, exportStatus(state)),
    route('DELETE', '/fhir/_export/:job', member, exportDelete(state)),
    route('GET', '/fhir/_export/:job/:file', downloading, exportFile(state)),
    route('GET', '/fhir/DocumentReference/$docref', reading, docref(state), toDocref),
    route('POST', '/fhir/DocumentReference/$docref', reading, docref(state), toDocref),
    route('GET', '/fhir/Binary/:id', member, binary(state), { type: 'Binary', interaction: 'read' }),
    route(
      'POST',
      '/fhir/:type/_search',
      [...reading, takes('application/x-www-form-urlencoded', '')],
      search(state, found),
    ),
    route('GET', '/fhir/:type/_page/:cursor', reading, searchPage(state, found)),
    route('GET', '/fhir/:type/:id/_history', reading, history(state), ...toHistories),
    route('GET', '/fhir/:type/:id/_history/:version', reading, vread(state), ...toVersions),
    route('GET', '/fhir/:type/:id', reading, read(state), ...toReads),
    route('GET', '/fhir/:type', reading, search(state, found), ...toSearches),
  ]
  return [metadataRoute(state, () => [...others, ...rows]), ...rows]
}

/** GET /metadata, for which no token is needed. `offered` gives the table behind mutual TLS: few ask. */
export const metadataRoute = (state: PayerState, offered: () => readonly Route[]): Route =>
  route('GET', '/fhir/metadata', [fhirJson], capabilityStatement(state, offered))
