/** Ways to get search parameters wrong: dates, tokens, references, strings, includes (FHIR R4 search). */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { deafTo, fault, misanswer, readdressed, rebundled, strayEntry } from './spoiling.ts'

const values = (url: URL, change: (value: string, name: string) => string): void => {
  for (const [name, value] of [...url.searchParams])
    if (!name.startsWith('_')) url.searchParams.set(name, change(value, name))
}
const isSearch = (path: string): boolean => /\/fhir\/[A-Z]\w+(\/_search)?$/.test(path)

export const unsoundParameters: readonly Fault[] = [
  fault('include-is-passed-over', '_include is declared and passed over', 'search', ['PDEX-440'], deafTo('_include')),
  fault(
    'date-prefixes-are-passed-over',
    'A date prefix is cut off and the rest compared for equality',
    'search',
    ['CORE-042'],
    readdressed((url) => values(url, (value) => value.replace(/^(ne|gt|ge|lt|le|sa|eb|ap)(?=\d{4})/, ''))),
  ),
  fault(
    'ge-is-gt',
    'A date from a day on begins the day after',
    'search',
    ['CORE-042'],
    readdressed((url) => values(url, (value) => value.replace(/^ge(?=\d{4})/, 'gt'))),
  ),
  fault(
    'token-systems-are-passed-over',
    'A token is compared by its code alone',
    'search',
    ['CORE-043'],
    readdressed((url) =>
      values(url, (value) =>
        /^(https?:|urn:)?[^,]*\|[^,|]+$/.test(value) ? value.slice(value.lastIndexOf('|') + 1) : value,
      ),
    ),
  ),
  fault(
    'absolute-references-are-strangers',
    'A reference is not found by its absolute URL',
    'search',
    ['CORE-044'],
    readdressed((url) =>
      values(url, (value) => (/^https?:.*\/[A-Z]\w+\/[^/|]+$/.test(value) ? 'Patient/nobody' : value)),
    ),
  ),
  fault(
    'bare-ids-are-no-references',
    'A reference is found with its type only',
    'search',
    ['CORE-044'],
    readdressed((url) =>
      values(url, (value, name) => (name === 'patient' && !value.includes('/') ? 'Patient/nobody' : value)),
    ),
  ),
  fault(
    'strings-match-anywhere',
    'A string is found in the middle of a word',
    'search',
    ['CORE-045'],
    readdressed((url) => {
      for (const name of ['name', 'family', 'given', 'address'])
        for (const value of url.searchParams.getAll(name)) {
          url.searchParams.delete(name)
          url.searchParams.append(`${name}:contains`, value)
        }
    }),
  ),
  fault(
    'strings-match-whole',
    'A string is found when it is complete and in the same case only',
    'search',
    ['CORE-045'],
    readdressed((url) => {
      for (const name of ['name', 'family', 'given', 'address'])
        for (const value of url.searchParams.getAll(name)) {
          url.searchParams.delete(name)
          url.searchParams.append(`${name}:exact`, value)
        }
    }),
  ),
  fault(
    'escapes-are-read-as-they-stand',
    'An escaped comma parts values',
    'search',
    ['CORE-046'],
    readdressed((url) => values(url, (value) => value.replaceAll('\\', ''))),
  ),
  fault(
    'combinations-are-either-or',
    'Of two parameters only the first counts',
    'search',
    ['PDEX-416'],
    readdressed((url) => {
      const [, second] = [...url.searchParams.keys()].filter((name) => !name.startsWith('_'))
      if (second) url.searchParams.delete(second)
    }),
  ),
  fault(
    'includes-come-twice',
    'What two matches refer to is included twice',
    'search',
    ['CORE-050'],
    rebundled((bundle) => {
      const included = (bundle.entry ?? []).filter(
        (e) => e.search?.mode === 'include' && e.resource?.resourceType !== 'Provenance',
      )
      bundle.entry?.push(...included)
    }),
  ),
  fault(
    'includes-are-matches',
    'What is included is marked as a match',
    'search',
    ['PDEX-439', 'PDEX-440'],
    rebundled((bundle) => {
      for (const entry of bundle.entry ?? []) entry.search = { mode: 'match' }
    }),
  ),
  fault(
    'revinclude-is-passed-over',
    '_revinclude is declared and passed over',
    'search',
    ['CORE-051', 'PDEX-070', 'PDEX-439'],
    deafTo('_revinclude'),
  ),
  fault(
    'revinclude-brings-all-provenance',
    '_revinclude brings Provenance about other records as well',
    'search',
    ['CORE-051'],
    rebundled((bundle, { state, visit }) => {
      if (!visit.url.searchParams.has('_revinclude') || !bundle.entry) return
      const known = new Set(bundle.entry.map(({ resource }) => `${resource?.resourceType}/${resource?.id}`))
      for (const about of state.records.compartment(visit.grant?.patientId ?? '', new Set(['Provenance'])))
        if (
          about.resourceType === 'Provenance' &&
          !about.meta?.security &&
          !about.target.some(({ reference }) => known.has(reference ?? ''))
        )
          bundle.entry.push(strayEntry(state, about, 'include'))
    }),
  ),
  fault(
    'search-is-not-there',
    'Observations cannot be searched',
    'search',
    ['PDEX-003', 'PDEX-127'],
    misanswer((answer, { visit }) =>
      visit.params.type === 'Observation' && isSearch(visit.url.pathname)
        ? outcome(404, 'not-supported', 'this type cannot be searched')
        : answer,
    ),
  ),
]
