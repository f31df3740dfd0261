/** What seldom goes wrong, each told in a line or two, with what is as good beside it. */
import { describe, expect, it } from 'vitest'
import { answered, at, body, both, type Changed, dropEntries, json, titled as named } from './changes.ts'
import {
  all,
  everything,
  exported,
  kickOff,
  mistake,
  one,
  type Question,
  read,
  refused,
  search,
  titled,
  two,
} from './questions.ts'
import { provenanceOf } from './record.ts'
import { anaScene, statement, story } from './story.ts'
import { base, outcome, type Step, sceneOf, searchset, told } from './told.ts'
import { heardOf, silentOf } from './verdicts.ts'

const job = `${base}/_export/x`
const deletions = (lines: string) => [
  ...exported('?_since=2025-01-01T00:00:00Z', [one], {}, { deleted: [{ type: 'Bundle', url: `${job}/d` }] }),
  told('export-file', `${job}/d`, { answered: { 'content-type': 'application/fhir+ndjson' }, answer: lines }),
]
const uris = [{ url: 'token', valueUri: `${base}/auth/token` }]
const oauth = { url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris', extension: uris }
const readable = told('metadata', 'metadata', {
  answer: { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', security: { extension: [oauth] } }] },
})
const stranger = (status: number) =>
  told('handshake', 'metadata', { intent: { certificate: 'that has expired' }, ...refused(status) })
const remove = (request: object): string =>
  JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [{ request }] })
const deletes = (more: object) => [
  kickOff(''),
  told('export-delete', job, { method: 'DELETE', ...mistake('unknown-id', { status: 404, ...more }) }),
]
const text = { 'content-type': 'text/plain' }
const document = (more: object) => ({
  resourceType: 'DocumentReference',
  id: 'd',
  type: { coding: [{ system: 'http://loinc.org', code: '34117-2' }] },
  custodian: { reference: 'Organization/o' },
  content: [{ attachment: { url: `${base}/Binary/b` } }],
  ...more,
})
const documents = (more: object) => [
  told('search', 'DocumentReference?patient=ana', { answer: searchset([document(more)]) }),
]
const agents = (agent: object) => [
  all,
  search('patient=ana&_revinclude=Provenance:target', [provenanceOf('p', ['Condition/1'], agent)]),
]
const itself = { who: { reference: 'Organization/o' }, onBehalfOf: { reference: 'Organization/o' } }
const another = { who: { reference: 'Organization/o' }, onBehalfOf: { reference: 'Organization/p' } }
const byNumber = (value: string) => ({
  type: 'Organization',
  identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value },
})
const docref = (answer: unknown) => [told('probe', 'DocumentReference/$docref?patient=ana', { answer })]

const filter = '?_type=Condition&_typeFilter=Condition%3Fcode%3D1'
/** A page of a search that brings Provenance of something else, with that link beside its own. */
const strange = (link: object) => {
  const bundle = searchset([one, { ...provenanceOf('p', ['Condition/9'], {}), mode: 'include' }]) as { link: object[] }
  return search('patient=ana&_revinclude=Provenance:target', [], {
    answer: { ...bundle, link: [...bundle.link, ...('url' in link ? [link] : [])] },
  })
}

const questions: readonly Question[] = [
  ['BULK-077', 'pass', deletions(remove({ method: 'DELETE', url: 'Condition/9' }))],
  ['BULK-077', 'warning', deletions(remove({ method: 'PUT', url: 'Condition/9' }))],
  ['BULK-077', 'warning', deletions(remove({ method: 'DELETE' }))],
  ['BULK-077', 'warning', deletions('"Condition/9"')],
  ['BULK-097', 'pass', deletes({ answer: outcome() })],
  ['BULK-097', 'fail', deletes({ answered: text, answer: 'no' })],
  // A guard before the API speaks in its own words.
  ['BULK-097', 'pass', deletes({ status: 401, answered: { ...text, 'www-authenticate': 'Bearer' }, answer: '' })],
  ['BULK-017', 'pass', [kickOff('?_outputFormat=x', mistake('bad-format', refused()))]],
  ['BULK-017', 'fail', [kickOff('?_outputFormat=x', mistake('bad-format', { ...refused(), answered: text }))]],
  ['CORE-012', 'pass', [read('Patient/ana', { headers: { 'If-None-Match': 'W/"1"' }, status: 304, answer: '' })]],
  ['CORE-012', 'skip', [read('Patient/ana', { headers: { 'If-None-Match': 'W/"1"' } })]],
  ['CORE-001', 'fail', [told('metadata', 'metadata', { answer: outcome() })]],
  ['CORE-001', 'fail', [told('metadata', 'metadata', { answer: { ...statement, rest: [{ mode: 'client' }] } })]],
  ['CORE-001', 'warning', [told('metadata', 'metadata', { headers: {}, status: 401, answer: outcome() })]],
  ['CORE-033', 'pass', [all]],
  [
    'CORE-033',
    'fail',
    [
      told('search', 'Condition?patient=ana', {
        answer: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: one }] },
      }),
    ],
  ],
  [
    'CORE-037',
    'warning',
    [
      told('search', 'Condition?patient=ana', { answer: searchset([one], { next: 'page/2' }) }),
      told('next-page', `Condition/page/2`.replace('Condition/', ''), { answer: searchset([two]) }),
    ],
  ],
  ['CORE-051', 'fail', [all, strange({})]],
  // A page may end between a match and what comes along with it.
  ['CORE-051', 'warning', [all, strange({ relation: 'next', url: `${base}/page/2` })]],
  ['CORE-051', 'warning', [all, strange({ relation: 'previous', url: `${base}/page/0` })]],
  ['BULK-039', 'pass', [...exported('', [one, two]), ...exported(filter, [one])]],
  ['BULK-039', 'skip', [...exported('', [one]), ...exported(filter, [one])]],
  ['BULK-039', 'fail', [...exported('', [one, two]), ...exported(filter, [one, two])]],
  ['HREX-065', 'pass', agents(another)],
  ['HREX-065', 'warning', agents(itself)],
  // Known by their numbers alone: two organizations, and one.
  ['HREX-065', 'pass', agents({ who: byNumber('1'), onBehalfOf: byNumber('2') })],
  ['HREX-065', 'warning', agents({ who: byNumber('1'), onBehalfOf: byNumber('1') })],
  ['PDEX-365', 'fail', documents({ type: undefined })],
  ['PDEX-365', 'fail', documents({ content: [{ attachment: {} }] })],
  ['PDEX-365', 'fail', documents({ custodian: undefined })],
  ['PDEX-342', 'pass', docref(searchset([]))],
  ['PDEX-342', 'fail', docref({ resourceType: 'Bundle', type: 'collection' })],
  ['PDEX-128', 'pass', [everything('', [one])]],
  ['PDEX-128', 'fail', [told('everything', 'Patient/ana/$everything', { answer: searchset([one]) })]],
  ['PDEX-128', 'pass', [told('everything', 'Patient/ana/$everything?_type=Condition', { answer: searchset([one]) })]],
  [
    'CORE-053/everything-returns',
    'fail',
    [told('everything', 'Patient/ana/$everything', { answer: searchset([one]) })],
  ],
  ['PDEX-095', 'pass', [readable, stranger(403)]],
  ['PDEX-095', 'skip', [stranger(403)]],
  ['PDEX-095', 'skip', [readable, told('metadata', 'metadata', refused(503))]],
  ['PDEX-095', 'warning', [readable, told('metadata', 'metadata', refused(403))]],
  ['PDEX-135', 'warning', [told('export-kick-off', 'Patient/$export', { status: 202 })]],
]

describe('what seldom goes wrong', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})

const changed: readonly Changed[] = [
  ['no method brings any Provenance', without('Provenance'), 'PDEX-075 PDEX-078'],
  ['laboratory observations are held and not given', without('Observation'), 'PDEX-049'],
  [
    'the export is declared by a definition of their own',
    at(
      'metadata',
      '',
      body((words) => words.replace('OperationDefinition/patient-export', 'OperationDefinition/x')),
    ),
    'BULK-098',
  ],
  ['metadata cannot be read', at('metadata', '', answered({ status: 500 })), 'PDEX-095 NDH-018'],
]
/** Nobody is given any resource of that type. */
function without(type: string): (steps: readonly Step[]) => Step[] {
  return both(
    at('search', '=ana', dropEntries(`{"resourceType":"${type}"`)),
    at('everything-page', '', dropEntries(`{"resourceType":"${type}"`)),
    at('everything', '', dropEntries(`{"resourceType":"${type}"`)),
    at('export-file', `/${type}`, () => undefined),
    at('export-status', '', (step) =>
      step.response?.body.includes('"output"')
        ? json((manifest) => {
            manifest.output = (manifest.output as { type: string }[]).filter((item) => item.type !== type)
          })(step)
        : step,
    ),
  )
}

it.each(named(changed))('$title', ({ change, starts, scene }) => {
  expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
})
