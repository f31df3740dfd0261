/** Searches that nearly find the right thing: one form, one zone, one bound, one include that is wrong (PDex CapabilityStatements). */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  deafTo,
  fault,
  misanswer,
  type Pack,
  readdressed,
  rebundled,
  rewritten,
  type Spoil,
  within,
  without,
} from './spoiling.ts'

const each = (url: URL, change: (value: string, name: string) => string): void => {
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    url.searchParams.delete(name)
    for (const value of values) url.searchParams.append(name, change(value, name))
  }
}
const hasTime = (value: string): boolean => /^[a-z]{0,2}\d{4}-\d\d-\d\dT/.test(value)
const claims = /\/ExplanationOfBenefit$/
const docref = /\$docref$/

const forms: readonly Fault[] = [
  fault(
    'codes-with-their-system-find-nothing',
    'A code with its system is not found',
    'search',
    ['PDEX-338', 'CORE-043'],
    readdressed((url) =>
      each(url, (value, name) => (name === 'code' ? value.replace(/^[^|,\\]+\|(?=.)/, 'urn:nothing|') : value)),
    ),
  ),
  fault(
    'coverages-are-found-by-bare-ids-alone',
    'Coverage alone is not found by type and id of the patient',
    'search',
    ['PDEX-338', 'CORE-044'],
    within(
      /\/Coverage$/,
      (honest) => (request, visit) =>
        visit.url.searchParams.get('patient')?.startsWith('Patient/')
          ? outcome(400, 'invalid', 'an id, please')
          : honest(request, visit),
    ),
  ),
  fault(
    'times-are-cut-off',
    'Of a date with a time only the day counts',
    'search',
    ['PDEX-354', 'CORE-042'],
    readdressed((url) => each(url, (value) => (hasTime(value) ? value.replace(/T.*$/, '') : value))),
  ),
  fault(
    'offsets-are-read-as-utc',
    'The offset of a date is passed over',
    'search',
    ['PDEX-354'],
    readdressed((url) => each(url, (value) => (hasTime(value) ? value.replace(/[+-]\d\d:\d\d$/, 'Z') : value))),
  ),
]

const kept = (bundle: Pack, keep: (claim: Record<string, unknown>) => boolean): void => {
  without(bundle, (resource) => resource.resourceType === 'ExplanationOfBenefit' && !keep(resource as never))
  bundle.total = (bundle.entry ?? []).filter(({ search }) => search?.mode === 'match').length
}

const ofClaims: readonly Fault[] = [
  fault(
    'claims-are-dated-by-their-creation',
    'A search by the date of service looks at when a claim was made',
    'search',
    ['PDEX-340', 'PDEX-352', 'PDEX-400'],
    within(claims, (honest, state) => (request, visit) => {
      const from = visit.url.searchParams.get('service-date')?.replace(/^ge/, '')
      if (from === undefined || !/^\d/.test(from)) return honest(request, visit)
      const spoil: Spoil = (inner, s) =>
        rebundled((bundle) => kept(bundle, ({ created }) => Date.parse(String(created)) >= Date.parse(from)))(
          deafTo('service-date')(inner, s),
          s,
        )
      return spoil(honest, state)(request, visit)
    }),
  ),
  fault(
    'claims-ignore-updates',
    'Only _lastUpdated is passed over',
    'search',
    ['PDEX-340', 'PDEX-400'],
    within(claims, deafTo('_lastUpdated')),
  ),
]

const documents: readonly Fault[] = [
  fault(
    'docref-of-strangers-breaks',
    '$docref of another patient is answered with 500',
    'all',
    ['PDEX-342'],
    within(
      docref,
      misanswer((answer) =>
        answer.status === 404 || answer.status === 403 ? outcome(500, 'exception', 'no such key') : answer,
      ),
    ),
  ),
  fault(
    'docref-gives-notes',
    '$docref gives another note instead of the summary of care',
    'all',
    ['PDEX-367'],
    within(
      docref,
      rebundled((bundle, { state, visit }) => {
        const [note] = [...state.records.compartment(visit.grant?.patientId ?? '', new Set(['DocumentReference']))]
        for (const entry of bundle.entry ?? []) if (note) entry.resource = note
      }),
    ),
  ),
  fault(
    'docref-gives-what-was-superseded',
    '$docref gives a summary that is not current any more',
    'all',
    ['PDEX-367'],
    within(
      docref,
      rebundled((bundle) => {
        for (const { resource } of bundle.entry ?? [])
          if (resource?.resourceType === 'DocumentReference') resource.status = 'superseded'
      }),
    ),
  ),
]

const includes: readonly Fault[] = [
  fault(
    'included-coverages-are-shorter',
    'A Coverage that is included has fewer elements than one that is read',
    'search',
    ['PDEX-357'],
    rebundled((bundle) => {
      for (const { resource, search } of bundle.entry ?? [])
        if (search?.mode === 'include' && resource?.resourceType === 'Coverage') delete resource.period
    }),
  ),
  fault(
    'versions-differ-from-reads',
    'The current version has other content by vread than by read',
    'vread',
    ['PDEX-357'],
    rewritten<Record<string, unknown>>((resource) => ({ ...resource, language: 'fr' })),
  ),
  fault(
    'include-all-forgets-care-teams',
    '_include=* brings nobody of the care team',
    'search',
    ['PDEX-358'],
    within(
      claims,
      rebundled((bundle) =>
        without(bundle, ({ resourceType }) => resourceType === 'PractitionerRole' || resourceType === 'Practitioner'),
      ),
    ),
  ),
  fault(
    'include-all-is-for-the-first',
    '_include=* brings what the first claim points at',
    'search',
    ['PDEX-358'],
    within(
      claims,
      rebundled((bundle) => {
        const [first] = bundle.entry ?? []
        const text = JSON.stringify(first?.resource)
        bundle.entry = (bundle.entry ?? []).filter(
          ({ search, resource }) =>
            search?.mode !== 'include' ||
            resource?.resourceType === 'Provenance' ||
            text.includes(`"${resource?.resourceType}/${resource?.id}"`),
        )
      }),
    ),
  ),
  fault(
    'care-teams-come-without-provenance',
    '_revinclude brings no Provenance of a CareTeam',
    'search',
    ['PDEX-070', 'PDEX-377'],
    within(/\/CareTeam$/, deafTo('_revinclude')),
  ),
  fault(
    'orders-come-without-provenance',
    '_revinclude brings no Provenance of a ServiceRequest',
    'search',
    ['PDEX-377'],
    within(/\/ServiceRequest$/, deafTo('_revinclude')),
  ),
]
export const subtleFormFaults: readonly Fault[] = [...forms, ...ofClaims, ...documents, ...includes]
