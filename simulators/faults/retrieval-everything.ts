/** Ways to get $everything wrong, and the Provenance of what is sent (PDex data retrieval, Provenance). */
import type { FhirResource, Provenance } from 'fhir/r4.js'
import { altered } from '../asked.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  deafTo,
  fault,
  links,
  misanswer,
  ofEverything,
  type Pack,
  readdressed,
  rebundled,
  recast,
  strayEntry,
  within,
  without,
} from './spoiling.ts'

const isTransmitter = ({ agent }: Provenance): boolean =>
  agent.some(({ type }) => type?.coding?.some(({ code }) => code === 'transmitter'))

export const unsoundEverything: readonly Fault[] = [
  fault(
    'transmitter-is-missing',
    'Nothing says that the payer sent the data',
    'all',
    ['PDEX-075', 'PDEX-078', 'PDEX-069'],
    misanswer(async (answer) => withoutTransmitter(answer)),
  ),
  fault(
    'transmitter-is-a-person',
    'The transmitter is a practitioner',
    'everything',
    ['PDEX-075'],
    rebundled((bundle) => {
      const person = bundle.entry?.find((e) => e.resource?.resourceType === 'Practitioner')?.resource
      for (const { resource } of bundle.entry ?? [])
        if (resource?.resourceType === 'Provenance' && isTransmitter(resource))
          for (const agent of resource.agent) agent.who = { reference: `Practitioner/${person?.id}` }
    }),
  ),
  fault(
    'transmitter-of-something-else',
    'The Provenance of the transmission is about something that was not sent',
    'all',
    ['PDEX-078'],
    misanswer(async (answer) => misdirected(answer)),
  ),
  fault(
    'origins-are-dropped',
    "Only the payer's own Provenance is given, not where the data came from",
    'search',
    ['PDEX-062', 'PDEX-063'],
    rebundled((bundle) => without(bundle, (r) => r.resourceType === 'Provenance' && !isTransmitter(r))),
  ),
  fault(
    'everything-is-not-there',
    '$everything is not implemented',
    'everything',
    ['PDEX-128', 'CORE-053'],
    () => () => outcome(501, 'not-supported', '$everything is not offered'),
  ),
  fault(
    'everything-ignores-type',
    '_type changes nothing in $everything',
    'everything',
    ['CORE-053', 'PDEX-131'],
    deafTo('_type'),
  ),
  fault(
    'everything-ignores-since',
    '_since changes nothing in $everything',
    'everything',
    ['CORE-053'],
    deafTo('_since'),
  ),
  fault(
    'everything-reads-since-as-care',
    '$everything takes _since for the date of care',
    'everything',
    ['CORE-053'],
    readdressed((url) => {
      const since = url.searchParams.get('_since')
      if (since === null) return
      url.searchParams.delete('_since')
      url.searchParams.set('start', since.slice(0, 10))
    }),
  ),
  fault(
    'everything-ignores-care-dates',
    'start and end change nothing in $everything',
    'everything',
    ['CORE-053'],
    deafTo('start', 'end'),
  ),
  fault(
    'everything-looks-at-the-end-alone',
    'Between two days, $everything looks at the later one alone',
    'everything',
    ['CORE-053'],
    readdressed(({ searchParams }) => {
      if (searchParams.has('end')) searchParams.delete('start')
    }),
  ),
  fault(
    'everything-is-not-posted',
    '$everything is offered by GET alone',
    'everythingByPost',
    ['CORE-053'],
    () => () => outcome(405, 'not-supported', '$everything is asked for by GET'),
  ),
  fault(
    'everything-posted-has-one-page',
    'By POST, $everything ends with its first page',
    'everythingByPost',
    ['CORE-053'],
    rebundled((bundle) => {
      bundle.link = links(bundle).filter(({ relation }) => relation !== 'next')
    }),
  ),
  fault(
    'everything-posted-is-not-read',
    'By POST, $everything takes no parameters',
    'everythingByPost',
    ['CORE-053'],
    (honest) => (request, visit) =>
      honest(altered(request, { body: JSON.stringify({ resourceType: 'Parameters' }) }), visit),
  ),
  fault(
    'everything-is-a-collection',
    '$everything comes as a collection',
    'everything',
    ['PDEX-128', 'CORE-053'],
    rebundled((bundle) => {
      bundle.type = 'collection'
    }),
  ),
  fault(
    'everything-drops-claims',
    '$everything holds prior authorizations alone where claims belong in it',
    'all',
    ['PDEX-130', 'PDEX-132'],
    within(
      ofEverything,
      rebundled((bundle) => without(bundle, (r) => r.resourceType === 'ExplanationOfBenefit' && r.use === 'claim')),
    ),
  ),
  fault(
    'everything-drops-authorizations',
    '$everything holds claims alone',
    'all',
    ['PDEX-130', 'PDEX-126'],
    within(
      ofEverything,
      rebundled((bundle) =>
        without(bundle, (r) => r.resourceType === 'ExplanationOfBenefit' && r.use === 'preauthorization'),
      ),
    ),
  ),
  fault(
    'everything-shows-claims-too-early',
    'In the edition that wants prior authorizations alone, $everything holds claims',
    'all',
    ['PDEX-133'],
    within(
      ofEverything,
      rebundled((bundle, { state, visit }) => {
        if (visit.url.searchParams.has('_type') || links(bundle).some(({ relation }) => relation === 'next')) return
        const known = new Set((bundle.entry ?? []).map(({ resource }) => resource?.id))
        for (const claim of state.records.compartment(visit.grant?.patientId ?? '', new Set(['ExplanationOfBenefit'])))
          if (
            claim.resourceType === 'ExplanationOfBenefit' &&
            claim.use === 'claim' &&
            !claim.meta?.security &&
            !known.has(claim.id)
          )
            bundle.entry?.push(strayEntry(state, claim))
      }),
    ),
  ),
  fault(
    'everything-forgets-a-type',
    '$everything leaves Immunizations out',
    'all',
    ['PDEX-126'],
    within(
      ofEverything,
      rebundled((bundle) => without(bundle, (r) => r.resourceType === 'Immunization')),
    ),
  ),
  fault(
    'everything-points-nowhere',
    '$everything refers to practitioners that it leaves out and that cannot be read',
    'all',
    ['PDEX-139'],
    (honest, state) => async (request, visit) => {
      const { pathname } = visit.url
      if (/\/Practitioner\/[^/]+$/.test(pathname)) return outcome(404, 'not-found', 'there is no such Practitioner')
      const answer = await honest(request, visit)
      if (!/everything/.test(pathname) || answer.status !== 200) return answer
      const bundle = (await answer.json()) as Pack
      without(bundle, (r) => r.resourceType === 'Practitioner')
      return recast(answer, JSON.stringify({ ...bundle, meta: { lastUpdated: state.clock.now().toISOString() } }))
    },
  ),
  fault(
    'claims-have-amounts',
    'Claims in the non-financial profiles carry amounts of money',
    'all',
    ['PDEX-022'],
    misanswer(async (answer) => withAmounts(answer)),
  ),
  fault(
    'versioned-references-with-a-pipe',
    'References name a version behind a bar',
    'everything',
    ['PDEX-035'],
    rebundled((bundle) => {
      for (const { resource } of bundle.entry ?? [])
        if (resource?.resourceType === 'Encounter' && resource.subject?.reference) resource.subject.reference += '|1'
    }),
  ),
]

/** Does something to each resource of a good answer: in a Bundle, in a file, on its own; undefined takes it away. */
async function each(answer: Response, change: (resource: FhirResource) => FhirResource | undefined): Promise<Response> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status !== 200 || !/fhir\+(nd)?json/.test(type)) return answer
  if (type.includes('ndjson')) {
    const lines = (await answer.text()).split('\n').filter(Boolean)
    const kept = lines.flatMap((line) => change(JSON.parse(line) as FhirResource) ?? [])
    return recast(answer, kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
  const body = (await answer.json()) as FhirResource | Pack
  if (body.resourceType !== 'Bundle') return recast(answer, JSON.stringify(change(body) ?? body))
  const bundle = body as Pack
  const entry = (bundle.entry ?? []).flatMap((one) => {
    const resource = one.resource && change(one.resource)
    return resource ? [{ ...one, resource }] : []
  })
  const { entry: _, ...rest } = bundle
  return recast(answer, JSON.stringify(entry.length ? { ...rest, entry } : rest))
}

/** Without the Provenance of its sending. */
const withoutTransmitter = (answer: Response): Promise<Response> =>
  each(answer, (r) => (r.resourceType === 'Provenance' && isTransmitter(r) ? undefined : r))

/** With a Provenance of its sending that is about something else. */
const misdirected = (answer: Response): Promise<Response> =>
  each(answer, (r) =>
    r.resourceType === 'Provenance' && isTransmitter(r)
      ? { ...r, target: [{ reference: 'List/what-was-sent-last-week' }] }
      : r,
  )

/** With money in its claims. */
const withAmounts = (answer: Response): Promise<Response> =>
  each(answer, (r) => {
    if (r.resourceType !== 'ExplanationOfBenefit' || r.use !== 'claim') return r
    const submitted = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/adjudication', code: 'submitted' }] }
    return { ...r, total: [{ category: submitted, amount: { value: 125.5, currency: 'USD' } }] }
  })
