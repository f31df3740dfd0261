/** Searches and reads that are right at the first door: the form beside the query, the second page, the short name of a format. */
import { altered } from '../asked.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { every } from './retrieval-payload.ts'
import { fault, forMember, misanswer, readdressed, rebundled, recast, recordsOf, strayEntry } from './spoiling.ts'

const values = (url: URL, change: (value: string) => string): void => {
  for (const [name, value] of [...url.searchParams])
    if (!name.startsWith('_')) url.searchParams.set(name, change(value))
}

export const subtleSearchFaults: readonly Fault[] = [
  fault(
    'short-names-are-refused',
    '_format=json is not understood',
    'all',
    ['CORE-003'],
    (honest) => (request, visit) =>
      visit.url.searchParams.get('_format') === 'json'
        ? outcome(406, 'not-supported', 'application/fhir+json, please')
        : honest(request, visit),
  ),
  fault(
    'post-reads-one-parameter',
    'A search by POST goes by its first parameter alone',
    'post',
    ['CORE-030'],
    (honest) => async (request, visit) => {
      const form = new URLSearchParams(await request.clone().text())
      const [first, second] = [...form.keys()].filter((name) => !name.startsWith('_'))
      if (!first || !second) return honest(request, visit)
      form.delete(second)
      return honest(altered(request, { body: form.toString() }), visit)
    },
  ),
  fault(
    'nothing-found-is-a-collection',
    'A search without hits is answered with a Bundle of another type',
    'search',
    ['CORE-031'],
    rebundled((bundle) => {
      if (!bundle.entry?.length) bundle.type = 'collection'
    }),
  ),
  fault(
    'count-holds-for-the-first-page',
    'Pages after the first are larger than _count',
    'all',
    ['CORE-036', 'CORE-037'],
    (honest, state) => {
      const wider = rebundled((bundle, { visit }) => {
        const type = bundle.entry?.[0]?.resource?.resourceType
        const more = recordsOf(state, visit.grant?.patientId, type ?? '')
        bundle.entry = [...(bundle.entry ?? []), ...more.map((one) => strayEntry(state, one))]
      })(honest, state)
      return (request, visit) => (/\/_page\//.test(visit.url.pathname) ? wider : honest)(request, visit)
    },
  ),
  fault(
    'everything-passes-count-over',
    '$everything gives pages of its own size',
    'everything',
    ['CORE-036'],
    readdressed((url) => url.searchParams.delete('_count')),
  ),
  fault(
    'unknown-parameters-break-it',
    'An unknown parameter breaks a search',
    'search',
    ['CORE-040'],
    misanswer(async (answer, { request, visit }) => {
      if (answer.status !== 200 || /strict/.test(request.headers.get('prefer') ?? '')) return answer
      const text = await answer.text()
      const self = /"relation":"self","url":"([^"]*)"/.exec(text)?.[1] ?? ''
      const passed = [...visit.url.searchParams.keys()].some(
        (name) => !name.startsWith('_') && !self.includes(`${name}=`) && !self.includes(`${name}:`),
      )
      return passed ? outcome(500, 'exception', 'something broke') : recast(answer, text)
    }),
  ),
  fault(
    'escaped-bars-part-values',
    'An escaped bar parts system and code',
    'search',
    ['CORE-046', 'CORE-043'],
    readdressed((url) => values(url, (value) => value.replaceAll('\\|', '|'))),
  ),
  fault(
    'includes-of-the-whole-record',
    '_include brings what no match refers to',
    'search',
    ['CORE-050'],
    rebundled((bundle, { state, visit }) => {
      if (!visit.url.searchParams.has('_include') || !bundle.entry) return
      const pointed = JSON.stringify(bundle.entry)
      const stray = recordsOf(state, visit.grant?.patientId, 'Encounter').find(
        ({ id }) => !pointed.includes(`Encounter/${id}`),
      )
      if (stray) bundle.entry.push(strayEntry(state, stray, 'include'))
    }),
  ),
  fault(
    'includes-stop-at-the-first',
    '_include brings what the first match refers to',
    'search',
    ['PDEX-440', 'PDEX-358', 'PDEX-372'],
    rebundled((bundle) => {
      const [first] = bundle.entry ?? []
      const told = JSON.stringify(first?.resource)
      bundle.entry = (bundle.entry ?? []).filter(
        ({ search, resource }) =>
          search?.mode !== 'include' ||
          resource?.resourceType === 'Provenance' ||
          told.includes(`${resource?.resourceType}/${resource?.id}`),
      )
    }),
  ),
  fault(
    'summaries-lose-what-is-mandatory',
    'A summary leaves out elements that no resource can be without',
    'all',
    ['CORE-052'],
    misanswer(async (answer, { visit }) => {
      if (!/[?&](_summary|_elements)=/.test(visit.url.search) || answer.status !== 200) return answer
      const body = (await answer.json()) as { entry?: { resource?: Record<string, unknown> }[] }
      for (const { resource } of body.entry ?? [])
        for (const name of ['status', 'code', 'subject', 'intent']) delete resource?.[name]
      return recast(answer, JSON.stringify(body))
    }),
  ),
  fault(
    'conditional-reads-are-stale',
    'A read that is only wanted if something changed is answered as if nothing ever did',
    'read',
    ['CORE-012'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return answer.status === 200 && request.headers.has('if-none-match')
        ? new Response(null, { status: 304 })
        : answer
    },
  ),
  fault(
    'everything-by-post-of-any-member',
    'A token for one member opens $everything of another when it is asked for by POST',
    'everythingByPost',
    ['CORE-054', 'HREX-058'],
    forMember(({ visit }) => visit.params.id),
  ),
  fault(
    'reasons-stand-in-names',
    'A missing part of a name is explained by a code that nobody knows',
    'all',
    ['CORE-064', 'PDEX-337'],
    every('Patient', (resource) => {
      for (const name of (resource.name ?? []) as Record<string, unknown>[])
        name._text = {
          extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-known' }],
        }
    }),
  ),
  fault(
    'patients-lose-their-language',
    'Patients come without the language that they speak',
    'all',
    ['CORE-060', 'HREX-031', 'PDEX-006', 'PDEX-014'],
    every('Patient', (resource) => {
      delete resource.communication
    }),
  ),
]
