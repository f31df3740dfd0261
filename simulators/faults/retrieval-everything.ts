/** Ways to get $everything wrong, and the Provenance of what is sent (PDex data retrieval, Provenance). */
import type { FhirResource, Provenance } from 'fhir/r4.js'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  deafTo,
  fault,
  links,
  misanswer,
  type Pack,
  readdressed,
  rebundled,
  recast,
  strayEntry,
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
    'The Provenance of the transmission is about the payer, not about what was sent',
    'everything',
    ['PDEX-078'],
    rebundled((bundle) => {
      for (const { resource } of bundle.entry ?? [])
        if (resource?.resourceType === 'Provenance' && isTransmitter(resource))
          resource.target = [{ reference: resource.agent[0]?.who?.reference ?? 'Organization/payer' }]
    }),
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
  fault('everything-ignores-type', '_type changes nothing in $everything', 'everything', ['CORE-053'], deafTo('_type')),
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
    'everything',
    ['PDEX-130', 'PDEX-132'],
    rebundled((bundle) => without(bundle, (r) => r.resourceType === 'ExplanationOfBenefit' && r.use === 'claim')),
  ),
  fault(
    'everything-drops-authorizations',
    '$everything holds claims alone',
    'everything',
    ['PDEX-130', 'PDEX-126'],
    rebundled((bundle) =>
      without(bundle, (r) => r.resourceType === 'ExplanationOfBenefit' && r.use === 'preauthorization'),
    ),
  ),
  fault(
    'everything-shows-claims-too-early',
    'In the edition that wants prior authorizations alone, $everything holds claims',
    'everything',
    ['PDEX-133'],
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
  fault(
    'everything-forgets-a-type',
    '$everything leaves Immunizations out',
    'everything',
    ['PDEX-126'],
    rebundled((bundle) => without(bundle, (r) => r.resourceType === 'Immunization')),
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

/** The answer without the Provenance of its sending: in a Bundle, and in a file. */
async function withoutTransmitter(answer: Response): Promise<Response> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status !== 200) return answer
  if (type.includes('ndjson')) {
    const lines = (await answer.text()).split('\n').filter(Boolean)
    const kept = lines.filter((line) => !line.includes('"code":"transmitter"'))
    return recast(answer, kept.map((line) => `${line}\n`).join(''))
  }
  if (!type.includes('fhir+json')) return answer
  const body = (await answer.json()) as FhirResource | Pack
  if (body.resourceType === 'Bundle') without(body as Pack, (r) => r.resourceType === 'Provenance' && isTransmitter(r))
  return recast(answer, JSON.stringify(body))
}

/** The answer with money in its claims: in a Bundle, in a file, and on its own. */
async function withAmounts(answer: Response): Promise<Response> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status !== 200 || !/fhir\+(nd)?json/.test(type)) return answer
  const text = await answer.text()
  const priced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(priced)
    if (value === null || typeof value !== 'object') return value
    const held = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, priced(inner)]))
    if (held.resourceType !== 'ExplanationOfBenefit' || held.use !== 'claim') return held
    const submitted = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/adjudication', code: 'submitted' }] }
    return { ...held, total: [{ category: submitted, amount: { value: 125.5, currency: 'USD' } }] }
  }
  if (!type.includes('ndjson')) return recast(answer, JSON.stringify(priced(JSON.parse(text))))
  const lines = text.split('\n').filter(Boolean)
  return recast(answer, lines.map((line) => `${JSON.stringify(priced(JSON.parse(line)))}\n`).join(''))
}
