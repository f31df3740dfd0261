/** Ways to get reads, errors, media types and metadata wrong (FHIR R4 http). */

import type { CapabilityStatement, FhirResource, OperationOutcome } from 'fhir/r4.js'
import { altered } from '../asked.ts'
import { fhir } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { deafTo, fault, misanswer, recast, rewritten } from './spoiling.ts'

export const unsoundAnswers: readonly Fault[] = [
  fault(
    'vread-misnames-the-version',
    'vread gives the version that is asked for under another number',
    'vread',
    ['PDEX-004', 'PDEX-034'],
    rewritten<FhirResource>((resource) => ({
      ...resource,
      meta: { ...resource.meta, versionId: String(Number(resource.meta?.versionId) + 1) },
    })),
  ),
  fault('format-is-passed-over', '_format does not outrank Accept', 'all', ['CORE-003'], deafTo('_format')),
  fault(
    'plain-json',
    'Resources come as application/json',
    'all',
    ['CORE-002'],
    misanswer((answer) =>
      answer.headers.get('content-type')?.startsWith('application/fhir+json')
        ? new Response(answer.body, {
            status: answer.status,
            headers: [...answer.headers].map(([n, v]): [string, string] => [
              n,
              n === 'content-type' ? 'application/json' : v,
            ]),
          })
        : answer,
    ),
  ),
  fault(
    'accept-is-passed-over',
    'Whatever is accepted, JSON comes',
    'all',
    ['CORE-004'],
    (honest) => (request, visit) => {
      const headers = new Headers([...request.headers])
      if (!/json/.test(headers.get('accept') ?? '')) headers.delete('accept')
      return honest(altered(request, { headers }), visit)
    },
  ),
  fault(
    'any-text-is-a-form',
    'Whatever is posted to a search is read as a form',
    'post',
    ['CORE-004'],
    (honest) => (request, visit) => {
      const headers = new Headers([...request.headers])
      headers.set('content-type', 'application/x-www-form-urlencoded')
      return honest(altered(request, { headers }), visit)
    },
  ),
  fault(
    'unknown-ids-are-found',
    'A read of an id that never was gives an empty resource',
    'read',
    ['CORE-010', 'PDEX-335'],
    misanswer((answer, { visit }) =>
      answer.status === 404
        ? fhir({ resourceType: visit.params.type, id: visit.params.id, meta: { versionId: '1' } })
        : answer,
    ),
  ),
  fault(
    'another-id-comes',
    'A read gives the resource under another id',
    'read',
    ['CORE-010'],
    rewritten<FhirResource>((resource) => ({ ...resource, id: `${resource.id}-1` })),
  ),
  fault(
    'deleted-is-read',
    'A deleted resource is read as it last was',
    'read',
    ['CORE-010', 'PDEX-336'],
    misanswer((answer, { state, visit }) => {
      if (answer.status !== 410) return answer
      const { type = '', id = '' } = visit.params
      const last = state.records.versions(type, id).findLast(({ resource }) => resource)?.resource
      return last ? fhir(last) : answer
    }),
  ),
  fault(
    'errors-without-outcome',
    'An error has no body',
    'all',
    ['CORE-020'],
    misanswer((answer) =>
      answer.status >= 400
        ? new Response(null, { status: answer.status, headers: { 'content-type': 'text/plain' } })
        : answer,
    ),
  ),
  fault(
    'errors-are-information',
    'An error is told as an information',
    'read',
    ['CORE-020'],
    misanswer(async (answer) => {
      if (answer.status < 400) return answer
      const body = (await answer.json()) as OperationOutcome
      for (const issue of body.issue) issue.severity = 'information'
      return recast(answer, JSON.stringify(body))
    }),
  ),
  fault(
    'errors-show-the-stack',
    'An error shows where in the program it happened',
    'read',
    ['CORE-021'],
    misanswer(async (answer) => {
      if (answer.status < 400) return answer
      const body = (await answer.json()) as OperationOutcome
      for (const issue of body.issue)
        issue.diagnostics = `NotFound: null\n    at Store.read (/srv/payer/store.js:41:17)\n    at async answer (/srv/payer/server.js:88:9)`
      return recast(answer, JSON.stringify(body))
    }),
  ),
  fault(
    'etag-of-yesterday',
    'ETag names the version before',
    'read',
    ['CORE-011'],
    misanswer(async (answer) => recast(answer, await answer.text(), answer.status === 200 ? { etag: 'W/"0"' } : {})),
  ),
  fault(
    'last-modified-now',
    'Last-Modified is the time of reading',
    'read',
    ['CORE-011'],
    misanswer(async (answer, { state }) =>
      recast(
        answer,
        await answer.text(),
        answer.status === 200 ? { 'last-modified': state.clock.now().toUTCString() } : {},
      ),
    ),
  ),
  fault(
    'updates-are-late',
    'A read gives the version before the newest',
    'read',
    ['PDEX-032'],
    rewritten<FhirResource>((resource, { state, visit }) => {
      const versions = state.records.versions(visit.params.type ?? '', visit.params.id ?? '')
      return versions.at(-2)?.resource ?? resource
    }),
  ),
  fault(
    'metadata-hides-everything',
    '$everything works and is not declared',
    'metadata',
    ['PDEX-002', 'CORE-056'],
    rewritten<CapabilityStatement>((statement) => {
      for (const resource of statement.rest?.[0]?.resource ?? [])
        if (resource.operation) resource.operation = resource.operation.filter(({ name }) => name !== 'everything')
      return statement
    }),
  ),
  fault(
    'metadata-hides-a-type',
    'Goals can be searched and are not declared',
    'metadata',
    ['PDEX-002', 'CORE-056'],
    rewritten<CapabilityStatement>((statement) => {
      for (const rest of statement.rest ?? [])
        rest.resource = (rest.resource ?? []).filter(({ type }) => type !== 'Goal')
      return statement
    }),
  ),
  fault(
    'metadata-hides-exports',
    'Patient/$export works and is not declared',
    'metadata',
    ['PDEX-002', 'BULK-098'],
    rewritten<CapabilityStatement>((statement) => {
      for (const resource of statement.rest?.[0]?.resource ?? [])
        if (resource.operation) resource.operation = resource.operation.filter(({ name }) => name !== 'export')
      return { ...statement, instantiates: (statement.instantiates ?? []).filter((url) => !url.includes('bulkdata')) }
    }),
  ),
  fault(
    'metadata-is-of-another-release',
    'The CapabilityStatement is of another FHIR release',
    'metadata',
    ['CORE-001', 'PDEX-001'],
    rewritten<CapabilityStatement>((statement) => ({ ...statement, fhirVersion: '5.0.0' as '4.0.1' })),
  ),
  fault(
    'metadata-is-a-wish',
    'The CapabilityStatement describes requirements, not an instance',
    'metadata',
    ['CORE-001'],
    rewritten<CapabilityStatement>((statement) => ({ ...statement, kind: 'requirements' })),
  ),
]
