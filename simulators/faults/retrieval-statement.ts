/** Ways to promise one thing and do another: the CapabilityStatement, status codes, searches and exports that it speaks of. */

import type { CapabilityStatement } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { type Asked, altered } from '../asked.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  deafTo,
  fault,
  misanswer,
  readdressed,
  rebundled,
  recast,
  reheaded,
  relined,
  rewritten,
  type Spoil,
} from './spoiling.ts'

/** The statement changed in place. */
export const restated = (change: (statement: CapabilityStatement) => void): Spoil =>
  rewritten<CapabilityStatement>((statement) => {
    if (statement.resourceType === 'CapabilityStatement') change(statement)
    return statement
  })

export const types = (statement: CapabilityStatement) => statement.rest?.[0]?.resource ?? []

/** Rows of the capability table that a server must offer, Patient left out. */
const required = `PDEX-380 PDEX-382 PDEX-384 PDEX-386 PDEX-389 PDEX-391 PDEX-393 PDEX-395 PDEX-397 PDEX-400 PDEX-402 PDEX-406 PDEX-408
  PDEX-410 PDEX-412 PDEX-414 PDEX-416 PDEX-418 PDEX-422 PDEX-424 PDEX-426 PDEX-428 PDEX-431 PDEX-433 PDEX-435 PDEX-437`
/** Rows with vread among what a server should offer. */
const versioned = `PDEX-381 PDEX-383 PDEX-385 PDEX-387 PDEX-390 PDEX-392 PDEX-394 PDEX-396 PDEX-398 PDEX-401 PDEX-403 PDEX-407 PDEX-409
  PDEX-411 PDEX-413 PDEX-415 PDEX-417 PDEX-419 PDEX-421 PDEX-423 PDEX-425 PDEX-427 PDEX-429 PDEX-432 PDEX-434 PDEX-436 PDEX-438`

export const list = (text: string): string[] => text.trim().split(/\s+/)

/** Refused unless it fits. */
const refuse =
  (when: (request: Asked, url: URL) => boolean, status: number, code: string): Spoil =>
  (honest) =>
  (request, visit) =>
    when(request, visit.url) ? outcome(status, code, 'this is refused') : honest(request, visit)

const docref: Pick<Fault, 'actor' | 'route'> = {
  actor: 'responding payer',
  route: 'GET /fhir/DocumentReference/$docref',
}

export const unsoundStatements: readonly Fault[] = [
  fault(
    'metadata-declares-patients-alone',
    'Everything works, and only Patient is declared',
    'metadata',
    ['PDEX-328', 'PDEX-379', ...list(required)],
    restated((statement) => {
      const [rest] = statement.rest ?? []
      if (rest) rest.resource = types(statement).filter(({ type }) => type === 'Patient')
    }),
  ),
  fault(
    'metadata-forgets-patient-searches',
    'Patients are declared without their search parameters and their profile',
    'metadata',
    ['PDEX-327', 'PDEX-420'],
    restated((statement) => {
      for (const type of types(statement))
        if (type.type === 'Patient') {
          delete type.searchParam
          delete type.supportedProfile
        }
    }),
  ),
  fault(
    'metadata-names-another-match',
    'The match is declared by another definition',
    'metadata',
    ['PDEX-344'],
    restated((statement) => {
      for (const type of types(statement))
        for (const operation of type.operation ?? [])
          if (operation.name === 'member-match') operation.definition = 'http://example.org/match'
    }),
  ),
  fault(
    'versions-are-mixed-up',
    'vread gives a version that was not asked for',
    'vread',
    ['PDEX-034', ...list(versioned)],
    rewritten<{ meta?: { versionId?: string } }>((resource) => ({
      ...resource,
      meta: { ...resource.meta, versionId: 'another' },
    })),
  ),
  fault(
    'resources-are-web-pages',
    'Resources are labelled as HTML',
    'read',
    ['PDEX-329', 'PDEX-330', 'CORE-002'],
    reheaded(200, { 'content-type': 'text/html' }),
  ),
  fault(
    'nobody-is-unauthorized',
    'A request without a token is answered with 500',
    'all',
    ['PDEX-333'],
    misanswer(async (answer) => (answer.status === 401 ? recast(answer, await answer.text(), {}, 500) : answer)),
  ),
  fault(
    'scopes-are-not-found',
    'A token for something else is answered with 404',
    'read',
    ['PDEX-334'],
    misanswer(async (answer) =>
      answer.status === 403 || answer.status === 401 ? recast(answer, await answer.text(), {}, 404) : answer,
    ),
  ),
  fault(
    'other-versions-are-promised',
    'An answer is labelled as the version of FHIR that was asked for',
    'read',
    ['PDEX-001'],
    (honest) => async (request, visit) => {
      const version = /fhirVersion=([\d.]+)/.exec(request.headers.get('accept') ?? '')?.[1]
      if (version === undefined) return honest(request, visit)
      const answer = await honest(
        altered(request, { headers: { ...Object.fromEntries(request.headers), accept: 'application/fhir+json' } }),
        visit,
      )
      return recast(answer, await answer.text(), { 'content-type': `application/fhir+json; fhirVersion=${version}` })
    },
  ),
  {
    ...docref,
    id: 'documents-cannot-be-asked-for',
    title: '$docref is not there',
    breaks: ['PDEX-342'],
    spoil: () => () => outcome(501, 'not-supported', 'not offered'),
  },
  fault(
    'medications-are-not-there',
    'Medications are pointed at and cannot be read',
    'read',
    ['PDEX-372'],
    (honest) => (request, visit) =>
      visit.params.type === 'Medication' ? outcome(404, 'not-found', 'there is none') : honest(request, visit),
  ),
  fault(
    'includes-are-older',
    'What is included differs from what is read',
    'search',
    ['PDEX-357'],
    rebundled((bundle) => {
      for (const { resource, search } of bundle.entry ?? [])
        if (search?.mode === 'include' && resource?.resourceType === 'Organization')
          resource.name = 'As it was called before'
    }),
  ),
  fault(
    'claims-come-alone',
    'Claims come without what they point at',
    'search',
    ['PDEX-358', 'PDEX-372'],
    deafTo('_include'),
  ),
  fault(
    'offsets-are-refused',
    'Dates with a time are refused',
    'search',
    ['PDEX-354'],
    refuse(
      (_, url) => [...url.searchParams.values()].some((value) => /^[a-z]{0,2}\d{4}-\d\d-\d\dT/.test(value)),
      400,
      'invalid',
    ),
  ),
  fault(
    'claims-ignore-dates',
    'Claims are found whatever date or type is asked for',
    'search',
    ['PDEX-340', 'PDEX-352', 'PDEX-400'],
    deafTo('service-date', '_lastUpdated', 'type', 'use', 'status'),
  ),
  fault(
    'codes-need-their-system',
    'A code without its system is not found',
    'search',
    ['PDEX-338', 'CORE-043'],
    readdressed((url) => {
      const code = url.searchParams.get('code')
      if (code !== null && !code.includes('|')) url.searchParams.set('code', `urn:nothing|${code}`)
    }),
  ),
  fault(
    'devices-ignore-their-type',
    'Devices are found whatever type is asked for',
    'search',
    ['PDEX-362'],
    deafTo('type'),
  ),
  fault(
    'second-exports-are-refused-rudely',
    'A second export at once is refused, and nobody learns when to come again',
    'kickOff',
    ['BULK-018'],
    (honest, state) => {
      let begun = false
      return async (request, visit) => {
        if (begun) return outcome(429, 'throttled', `not before ${state.clock.now().getUTCFullYear() + 1}`)
        const answer = await honest(request, visit)
        begun = answer.status === 202
        return answer
      }
    },
  ),
  fault(
    'elements-are-all-there',
    '_elements changes nothing in an export',
    'kickOff',
    ['BULK-035'],
    deafTo('_elements'),
  ),
  fault(
    'elements-are-tagged-alone',
    'What _elements cuts from an export is tagged, and keeps its notes',
    'file',
    ['BULK-035'],
    relined((lines) =>
      lines.map((line) =>
        line.meta?.tag?.some(({ code }) => code === 'SUBSETTED')
          ? ({ ...line, note: [{ text: 'as it always was' }] } as FhirResource)
          : line,
      ),
    ),
  ),
  fault(
    'older-provenance-comes',
    'An export of the latest Provenance brings older Provenance as well',
    'file',
    ['BULK-037'],
    relined((lines) =>
      lines.flatMap((line): FhirResource[] =>
        line.resourceType === 'Provenance'
          ? [line, { ...line, id: `${line.id}-older`, recorded: '2001-01-01T00:00:00Z' }]
          : [line],
      ),
    ),
  ),
  fault(
    'only-the-last-filter-counts',
    'Of several filters on a type the last one counts',
    'kickOff',
    ['BULK-040'],
    readdressed((url) => {
      const filter = url.searchParams.get('_typeFilter')
      const last = filter?.split(/,(?=[A-Z][A-Za-z]+\?)/).at(-1)
      if (last !== undefined && last !== filter) url.searchParams.set('_typeFilter', last)
    }),
  ),
  fault(
    'anything-goes-in-exports',
    'Parameters that nobody knows are passed over in an export, strictly or not',
    'kickOff',
    ['BULK-042'],
    deafTo('colour'),
  ),
  fault(
    'errors-are-records',
    'Error files hold records instead of outcomes',
    'file',
    ['BULK-079'],
    relined((lines) =>
      lines.map((line) =>
        line.resourceType === 'OperationOutcome' ? { resourceType: 'Basic', id: 'x', code: {} } : line,
      ),
    ),
  ),
]
