/** Checks of single questions and their answers, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../harness/check.ts'
import type { Scene } from '../harness/scene.ts'
import type { Exchange } from '../harness/transcript.ts'
import { guides } from './index.ts'
import { base, outcome, sceneOf, searchset, type Told, told, transcriptOf } from './told.ts'
import { provenanceOf } from './told-record.ts'
import { anaScene } from './told-story.ts'

type Step = Omit<Exchange, 'id'>
const checks = guides.flatMap((guide) => guide.checks)

const condition = (id: string, more: object = {}): object => ({
  resourceType: 'Condition',
  id,
  meta: { versionId: '1', lastUpdated: '2025-06-01T10:00:00Z' },
  subject: { reference: 'Patient/ana' },
  code: { coding: [{ system: 'http://snomed.info/sct', code: id }] },
  onsetDateTime: `2020-0${id.length}-01`,
  ...more,
})
const [one, two, three] = [condition('1'), condition('22'), condition('333')]
const patient = {
  resourceType: 'Patient',
  id: 'ana',
  name: [{ family: 'Müller', given: ['Ana'] }],
  identifier: [{ system: 'https://m', value: 'M,1' }],
}

const search = (query: string, found: readonly object[], more: Told = {}): Step =>
  told('search', `Condition?${query}`, { answer: searchset(found, { self: `${base}/Condition?${query}` }), ...more })
const all = search('patient=ana', [one, two, three])
const refused = (status = 400): Told => ({ status, answer: outcome('invalid') })
const form = (form: string): Told => ({ intent: { form } })
const mistake = (mistake: string, more: Told = {}): Told => ({ ...more, intent: { mistake, ...more.intent } })

const everything = (query: string, found: readonly object[], more: Told = {}): Step =>
  told('everything', `Patient/ana/$everything${query}`, { answer: searchset([patient, ...found]), ...more })
const kickOff = (query: string, more: Told = {}): Step =>
  told('export-kick-off', `Patient/$export${query}`, {
    headers: { Accept: 'application/fhir+json', Prefer: 'respond-async', Authorization: 'Bearer t' },
    status: 202,
    answered: { 'content-location': `${base}/_export/${query || 'x'}` },
    ...more,
  })
/** A kick-off, its manifest and its one file. */
const exported = (query: string, found: readonly object[], more: Told = {}, manifest: object = {}): Step[] => {
  const url = `${base}/_export/${query || 'x'}`
  return [
    kickOff(query, more),
    told('export-status', url, {
      ...(more.intent ? { intent: more.intent } : {}),
      answered: { 'content-type': 'application/json' },
      answer: {
        transactionTime: '2026-03-02T15:00:00Z',
        request: url,
        requiresAccessToken: true,
        output: found.length ? [{ type: 'Condition', url: `${url}/1` }] : [],
        error: [],
        ...manifest,
      },
    }),
    ...(found.length
      ? [
          told('export-file', `${url}/1`, {
            ...(more.intent ? { intent: more.intent } : {}),
            answered: { 'content-type': 'application/fhir+ndjson' },
            answer: found.map((r) => `${JSON.stringify(r)}\n`).join(''),
          }),
        ]
      : []),
  ]
}
const token = told('member-token', 'https://old.example/auth/token', {
  method: 'POST',
  answer: { access_token: 't', patient: 'ana' },
})
const read = (path: string, more: Told = {}): Step => told('read', path, { answer: patient, ...more })
const accept = (accept: string, more: Told = {}): Told => ({
  headers: { Accept: accept, Authorization: 'Bearer t' },
  ...more,
})

/** Start of the check's id, what the verdict is, the steps, and what the scene knows. */
const rows: readonly (readonly [string, string, readonly Step[], Partial<Scene>?])[] = [
  // media
  [
    'CORE-003',
    'pass',
    [
      read('Patient/ana', accept('application/json')),
      read('Patient/ana', accept('application/fhir+json')),
      read('Patient/ana?_format=json', accept('application/fhir+xml')),
    ],
  ],
  ['CORE-003', 'fail', [read('Patient/ana', accept('application/json', { status: 406, answer: outcome() }))]],
  [
    'CORE-003',
    'fail',
    [
      read(
        'Patient/ana?_format=json',
        accept('application/fhir+xml', { answered: { 'content-type': 'application/fhir+xml' } }),
      ),
    ],
  ],
  ['CORE-003', 'skip', [read('Patient/ana', accept('application/fhir+json'))]],
  ['CORE-004/an-accept', 'pass', [read('Patient/ana', accept('image/png', { status: 406, answer: outcome() }))]],
  ['CORE-004/an-accept', 'warning', [read('Patient/ana', accept('image/png'))]],
  [
    'CORE-004/a-body',
    'pass',
    [
      told('probe', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        status: 415,
        answer: outcome(),
      }),
    ],
  ],
  [
    'CORE-004/a-body',
    'warning',
    [
      told('probe', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        answer: searchset([]),
      }),
    ],
  ],
  [
    'CORE-005',
    'pass',
    [
      read('Patient/ana', accept('application/fhir+json; fhirVersion=4.0')),
      read('Patient/ana', accept('application/fhir+json; fhirVersion=5.0', { status: 406, answer: outcome() })),
    ],
  ],
  [
    'PDEX-001/another',
    'pass',
    [read('Patient/ana', accept('application/fhir+json; fhirVersion=5.0', { status: 406, answer: outcome() }))],
  ],
  [
    'PDEX-001/another',
    'fail',
    [
      read(
        'Patient/ana',
        accept('application/fhir+json; fhirVersion=5.0', {
          answered: { 'content-type': 'application/fhir+json; fhirVersion=5.0' },
        }),
      ),
    ],
  ],
  ['PDEX-331', 'pass', [read('Patient/ana', accept('application/fhir+xml', { status: 406, answer: outcome() }))]],
  ['PDEX-331', 'warning', [read('Patient/ana', accept('application/fhir+xml'))]],
  // reading
  [
    'CORE-012',
    'pass',
    [
      read('Patient/ana', {
        headers: { 'If-None-Match': 'W/"1"', Authorization: 'Bearer t' },
        status: 304,
        answer: '',
      }),
    ],
  ],
  ['CORE-012', 'skip', [read('Patient/ana', { headers: { 'If-None-Match': 'W/"1"', Authorization: 'Bearer t' } })]],
  [
    'CORE-010/a-read-of-a-deleted',
    'pass',
    [read('Procedure/p', { intent: { state: 'deleted' }, status: 410, answer: outcome('deleted') })],
  ],
  [
    'CORE-010/a-read-of-a-deleted',
    'pass',
    [read('Procedure/p', { intent: { state: 'deleted' }, status: 404, answer: outcome() })],
  ],
  ['CORE-010/a-read-of-a-deleted', 'fail', [read('Procedure/p', { intent: { state: 'deleted' } })]],
  ['PDEX-336', 'pass', [read('Procedure/p', { intent: { state: 'deleted' }, status: 404, answer: outcome() })]],
  ['PDEX-336', 'fail', [read('Procedure/p', { intent: { state: 'deleted' } })]],
  [
    'PDEX-032',
    'pass',
    [
      read('Patient/ana', { answer: { ...patient, meta: { versionId: '1' } } }),
      read('Patient/ana', { intent: { state: 'updated' }, answer: { ...patient, meta: { versionId: '2' } } }),
    ],
  ],
  [
    'PDEX-032',
    'warning',
    [
      read('Patient/ana', { answer: { ...patient, meta: { versionId: '1' } } }),
      read('Patient/ana', { intent: { state: 'updated' }, answer: { ...patient, meta: { versionId: '1' } } }),
    ],
  ],
  [
    'CORE-055',
    'pass',
    [
      told('member-match', 'Patient/$member-match', { method: 'POST', answer: {} }),
      told('probe', 'Patient/$member-match', { status: 405, answer: outcome() }),
    ],
  ],
  [
    'CORE-055',
    'fail',
    [
      told('member-match', 'Patient/$member-match', { method: 'POST', answer: {} }),
      told('probe', 'Patient/$member-match', { answer: {} }),
    ],
  ],
  ['CORE-055', 'skip', [told('probe', 'Patient/$member-match', { status: 405, answer: outcome() })]],
  [
    'PDEX-334',
    'pass',
    [
      told('match-token', 'https://old.example/auth/token', { answer: { access_token: 'm' } }),
      token,
      read('Patient/ana'),
      read('Patient/ana', { headers: { Authorization: 'Bearer m' }, status: 403, answer: outcome('forbidden') }),
    ],
  ],
  [
    'PDEX-334',
    'fail',
    [
      told('match-token', 'https://old.example/auth/token', { answer: { access_token: 'm' } }),
      token,
      read('Patient/ana'),
      read('Patient/ana', { headers: { Authorization: 'Bearer m' } }),
    ],
  ],
  // searching
  [
    'CORE-030',
    'pass',
    [
      all,
      told('search', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
        body: 'patient=ana',
        answer: searchset([three, two, one]),
      }),
    ],
  ],
  [
    'CORE-030',
    'fail',
    [
      all,
      told('search', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
        body: 'patient=ana',
        answer: searchset([one]),
      }),
    ],
  ],
  ['CORE-036', 'pass', [search('patient=ana&_count=2', [one, two])]],
  ['CORE-036', 'fail', [search('patient=ana&_count=2', [one, two, three])]],
  [
    'CORE-037',
    'pass',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([three]) }),
    ],
  ],
  [
    'CORE-037',
    'warning',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([]) }),
    ],
  ],
  [
    'CORE-037',
    'warning',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([two, three]) }),
    ],
  ],
  [
    'CORE-040',
    'pass',
    [
      search('colour=red', [one], mistake('unknown-parameter')),
      search(
        'colour=red',
        [],
        mistake('unknown-parameter', {
          headers: { Prefer: 'handling=strict', Authorization: 'Bearer t' },
          ...refused(),
        }),
      ),
    ],
  ],
  [
    'CORE-040',
    'warning',
    [
      search(
        'colour=red',
        [one],
        mistake('unknown-parameter', { headers: { Prefer: 'handling=strict', Authorization: 'Bearer t' } }),
      ),
    ],
  ],
  ['CORE-040', 'pass', [search('colour=red', [], mistake('unknown-parameter', refused()))]],
  [
    'CORE-032',
    'fail',
    [
      told(
        'search',
        'Condition?colour=red',
        mistake('unknown-parameter', {
          intent: { parameter: 'colour' },
          answer: searchset([one], { self: `${base}/Condition?colour=red` }),
        }),
      ),
    ],
  ],
  ['CORE-041/a-malformed', 'pass', [search('onset-date=x', [], mistake('bad-value', refused()))]],
  ['CORE-041/a-malformed', 'warning', [search('onset-date=x', [], mistake('bad-value'))]],
  ['PDEX-332', 'fail', [search('onset-date=x', [], mistake('bad-value'))]],
  ['PDEX-332', 'pass', [search('onset-date=x', [], mistake('bad-value', refused()))]],
  ['CORE-041/a-value', 'pass', [search('code=none', [], mistake('unmatched-value'))]],
  ['CORE-041/a-value', 'warning', [search('code=none', [one], mistake('unmatched-value'))]],
  ['CORE-041/a-value', 'warning', [search('code=none', [], mistake('unmatched-value', refused(404)))]],
  [
    'CORE-042',
    'pass',
    [
      all,
      ...['ge', 'gt', 'le', 'lt', 'sa', 'eb'].map((p) =>
        search(
          `patient=ana&onset-date=${p}2020-02-01`,
          { ge: [two, three], gt: [three], le: [one, two], lt: [one], sa: [three], eb: [one] }[p] as object[],
          form(p),
        ),
      ),
    ],
  ],
  ['CORE-042', 'fail', [all, search('patient=ana&onset-date=ge2020-02-01', [three], form('ge'))]],
  ['CORE-042', 'fail', [all, search('patient=ana&onset-date=lt2020-02-01', [one, two], form('lt'))]],
  ['CORE-042', 'skip', [all, search('patient=ana&onset-date=ge2020-02-01', [two, three], form('ge'))]],
  [
    'CORE-043',
    'pass',
    [
      all,
      search('patient=ana&code=1', [one], form('code')),
      search('patient=ana&code=http://snomed.info/sct|1', [one], form('both')),
      search('patient=ana&code=|1', [], form('none')),
      search('patient=ana&code=http://snomed.info/sct|', [one, two, three], form('system')),
    ],
  ],
  ['CORE-043', 'fail', [all, search('patient=ana&code=|1', [one], form('none'))]],
  ['CORE-043', 'fail', [all, search('patient=ana&code=http://loinc.org|1', [one], form('both'))]],
  [
    'CORE-044',
    'pass',
    ['ana', 'Patient/ana', `${base}/Patient/ana`].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, [one, two, three], form(id)),
    ),
  ],
  [
    'CORE-044',
    'fail',
    ['ana', 'Patient/ana', `${base}/Patient/ana`].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, id.startsWith('http') ? [] : [one, two, three], form(id)),
    ),
  ],
  [
    'CORE-044',
    'skip',
    ['ana', 'Patient/ana'].map((id) => search(`patient=${encodeURIComponent(id)}`, [one], form(id))),
  ],
  [
    'PDEX-338',
    'pass',
    ['ana', 'Patient/ana'].map((id) => search(`patient=${encodeURIComponent(id)}`, [one], form(id))),
  ],
  [
    'PDEX-338',
    'fail',
    ['ana', 'Patient/ana'].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, id === 'ana' ? [] : [one], form(id)),
    ),
  ],
  [
    'CORE-045',
    'pass',
    ['name=mul', 'name=MÜLL', 'name:exact=Müller'].map((q) =>
      told('search', `Patient?${encodeURI(q)}`, { answer: searchset([patient]), ...form(q) }),
    ),
  ],
  ['CORE-045', 'fail', [told('search', 'Patient?name=ller', { answer: searchset([patient]), ...form('middle') })]],
  [
    'CORE-045',
    'fail',
    [told('search', 'Patient?name:exact=muller', { answer: searchset([patient]), ...form('exact') })],
  ],
  [
    'CORE-046',
    'pass',
    [
      told('search', `Patient?identifier=${encodeURIComponent('https://m|M\\,1')}`, {
        answer: searchset([patient]),
        ...form('escaped'),
      }),
    ],
  ],
  ['CORE-046', 'fail', [all, search(`patient=ana&code=${encodeURIComponent('1\\,22')}`, [one, two], form('escaped'))]],
  [
    'CORE-050',
    'warning',
    [search('patient=ana&_include=x', [one, { resourceType: 'Organization', id: 'o', mode: 'include' }])],
  ],
  ['CORE-051', 'fail', [search('patient=ana&_revinclude=Provenance:target', [one])]],
  [
    'CORE-051',
    'pass',
    [
      search('patient=ana&_revinclude=Provenance:target', [
        one,
        { ...provenanceOf('p', ['Condition/1'], {}), mode: 'include' },
      ]),
    ],
  ],
  [
    'CORE-052',
    'skip',
    [told('search', 'Condition?_summary=true', { answer: searchset([one], { self: `${base}/Condition` }) })],
  ],
  [
    'CORE-052',
    'pass',
    [
      told('search', 'Condition?_summary=true', {
        answer: searchset([{ ...one, meta: { tag: [{ code: 'SUBSETTED' }] } }], {
          self: `${base}/Condition?_summary=true`,
        }),
      }),
    ],
  ],
  ['PDEX-127/a-search', 'pass', [token, search('', [one])], anaScene()],
  [
    'PDEX-127/a-search',
    'fail',
    [token, search('', [one, condition('i1', { subject: { reference: 'Patient/iris' } })])],
    anaScene(),
  ],
  ['PDEX-127/a-search', 'pass', [token, search('', [], refused(403))], anaScene()],
  ['PDEX-127/each', 'skip', [token, all]],
  ['PDEX-127/each', 'fail', [token, told('search', 'Goal?patient=ana', refused(404))]],
  ['PDEX-354', 'pass', [all, search('patient=ana&onset-date=ge2020-02-01T00:00:00Z', [two, three])]],
  ['PDEX-354', 'fail', [all, search('patient=ana&onset-date=ge2020-02-01T00:00:00Z', [], refused())]],
  ['PDEX-355', 'warning', [search('patient=ana&onset-date=ge2020-02-01', [two])]],
  ['PDEX-340', 'skip', [told('search', 'ExplanationOfBenefit?patient=ana&type=pharmacy', { answer: searchset([]) })]],
  [
    'PDEX-340',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&type=pharmacy', {
        answer: searchset([
          {
            resourceType: 'ExplanationOfBenefit',
            id: 'e',
            type: { coding: [{ code: 'oral' }] },
            patient: { reference: 'Patient/ana' },
          },
        ]),
      }),
    ],
  ],
  // $everything
  [
    'CORE-053/everything-with-type',
    'pass',
    [everything('', [one, { resourceType: 'Goal', id: 'g' }]), everything('?_type=Condition', [one])],
  ],
  [
    'CORE-053/everything-with-type',
    'fail',
    [
      everything('', [one, { resourceType: 'Goal', id: 'g' }]),
      everything('?_type=Condition', [one, { resourceType: 'Goal', id: 'g' }]),
    ],
  ],
  [
    'CORE-053/everything-with-type',
    'fail',
    [everything('', [one, two, { resourceType: 'Goal', id: 'g' }]), everything('?_type=Condition', [one])],
  ],
  [
    'CORE-053/everything-with-since',
    'pass',
    [
      everything('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      everything('?_since=2024-01-01T00:00:00Z', [one]),
    ],
  ],
  [
    'CORE-053/everything-with-since',
    'fail',
    [
      everything('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      everything('?_since=2024-01-01T00:00:00Z', [
        one,
        condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } }),
      ]),
    ],
  ],
  [
    'CORE-053/everything-with-start',
    'fail',
    [
      everything('', [{ resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } }]),
      everything('?start=2024-01-01', [
        { resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } },
      ]),
    ],
  ],
  [
    'CORE-053/everything-with-start',
    'pass',
    [
      everything('', [{ resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } }]),
      everything('?start=2024-01-01', []),
    ],
  ],
  [
    'CORE-053/everything-by-post',
    'pass',
    [everything('', [one]), everything('', [one, provenanceOf('new', ['Condition/1'], {})], { method: 'POST' })],
  ],
  ['CORE-053/everything-by-post', 'fail', [everything('', [one]), everything('', [], { method: 'POST' })]],
  [
    'CORE-053/everything-refuses',
    'pass',
    [everything('', [one]), everything('?start=x', [], mistake('bad-value', refused()))],
  ],
  ['CORE-053/everything-refuses', 'fail', [everything('', [one]), everything('?start=x', [one], mistake('bad-value'))]],
  [
    'CORE-053/everything-refuses',
    'pass',
    [
      everything('', [one]),
      everything(
        '?_type=X',
        [],
        mistake('unknown-type', { answer: searchset([{ ...outcome(), id: 'o', mode: 'outcome' }]) }),
      ),
    ],
  ],
  [
    'CORE-054',
    'pass',
    [everything('', [one]), told('everything', 'Patient/iris/$everything', mistake('foreign', refused(404)))],
  ],
  [
    'CORE-054',
    'fail',
    [
      everything('', [one]),
      told('everything', 'Patient/iris/$everything', mistake('foreign', { answer: searchset([one]) })),
    ],
  ],
  ['CORE-054', 'skip', [told('everything', 'Patient/iris/$everything', mistake('foreign', refused(404)))]],
  ['PDEX-131', 'pass', [everything('?_type=Patient,Condition', [one])]],
  ['PDEX-138', 'pass', [token, read('Patient/ana'), read('Patient/ana', { from: 'another payer', ...refused(404) })]],
  ['PDEX-138', 'warning', [token, read('Patient/ana'), read('Patient/ana', { from: 'another payer' })]],
  ['PDEX-138', 'skip', [token, read('Patient/ana', { from: 'another payer', ...refused(404) })]],
  // export
  ['BULK-012', 'pass', [kickOff('', { method: 'POST' })]],
  [
    'BULK-013',
    'pass',
    [...exported('?_type=Condition,Patient', [one]), ...exported('?_type=Condition&_type=Patient', [one])],
  ],
  [
    'BULK-013',
    'fail',
    [...exported('?_type=Condition,Patient', [one]), ...exported('?_type=Condition&_type=Patient', [two])],
  ],
  ['BULK-015/without', 'pass', [kickOff('', mistake('no-prefer', refused()))]],
  ['BULK-015/without', 'warning', [kickOff('', mistake('no-prefer', { status: 200, answer: searchset([one]) }))]],
  ['BULK-017', 'pass', [kickOff('?_since=x', mistake('bad-since', refused()))]],
  ['BULK-017', 'fail', [kickOff('?_since=x', mistake('bad-since'))]],
  ['BULK-017', 'fail', [kickOff('?_since=x', mistake('bad-since', { status: 400, answer: '' }))]],
  [
    'BULK-018',
    'pass',
    [
      kickOff(''),
      kickOff('', { intent: { parallel: 'true' }, status: 429, answered: { 'retry-after': '5' }, answer: outcome() }),
    ],
  ],
  ['BULK-018', 'warning', [kickOff(''), kickOff('', { intent: { parallel: 'true' }, status: 429, answer: outcome() })]],
  [
    'BULK-030',
    'pass',
    [
      ...['application/fhir%2Bndjson', 'application/ndjson', 'ndjson'].map((f) => kickOff(`?_outputFormat=${f}`)),
      kickOff('?_outputFormat=text/csv', mistake('bad-format', refused())),
    ],
  ],
  ['BULK-030', 'fail', [kickOff('?_outputFormat=ndjson', refused())]],
  ['BULK-030', 'fail', [kickOff('?_outputFormat=text/csv', mistake('bad-format'))]],
  ['BULK-031', 'fail', [...exported('', [one, two]), ...exported('?_since=2026-01-01T00:00:00Z', [one])]],
  [
    'BULK-031',
    'pass',
    [
      ...exported('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      ...exported('?_since=2024-01-01T00:00:00Z', [one]),
    ],
  ],
  ['BULK-032', 'fail', exported('?_type=Patient', [one])],
  ['BULK-032', 'pass', exported('?_type=Condition', [one])],
  ['BULK-034', 'pass', [kickOff('?_type=X', mistake('unknown-type', refused()))]],
  ['BULK-034', 'warning', [kickOff('?_type=X', mistake('unknown-type'))]],
  ['BULK-035', 'warning', exported('?_elements=id', [one])],
  ['BULK-035', 'pass', exported('?_elements=id', [condition('1', { meta: { tag: [{ code: 'SUBSETTED' }] } })])],
  ['BULK-036', 'pass', [token, kickOff('?patient=Patient/iris', mistake('foreign', refused()))], anaScene()],
  [
    'BULK-036',
    'fail',
    [
      token,
      ...exported(
        '?patient=Patient/iris',
        [condition('i1', { subject: { reference: 'Patient/iris' } })],
        mistake('foreign'),
      ),
    ],
    anaScene(),
  ],
  [
    'BULK-037',
    'fail',
    exported('?includeAssociatedData=LatestProvenanceResources', [
      one,
      provenanceOf('a', ['Condition/1'], {}),
      provenanceOf('b', ['Condition/1'], {}),
    ]),
  ],
  [
    'BULK-037',
    'pass',
    exported('?includeAssociatedData=LatestProvenanceResources', [one, provenanceOf('a', ['Condition/1'], {})]),
  ],
  ['BULK-037', 'skip', [kickOff('?includeAssociatedData=LatestProvenanceResources', refused())]],
  [
    'BULK-039',
    'pass',
    [...exported('', [one, two]), ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1')}`, [one])],
  ],
  [
    'BULK-039',
    'fail',
    [...exported('', [one, two]), ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1')}`, [one, two])],
  ],
  [
    'BULK-040',
    'pass',
    [
      ...exported('', [one, two, three]),
      ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1,Condition?code=22')}`, [one, two]),
    ],
  ],
  [
    'BULK-040',
    'fail',
    [
      ...exported('', [one, two, three]),
      ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1,Condition?code=22')}`, [one]),
    ],
  ],
  ['BULK-041', 'skip', [kickOff('?_until=2026-01-01T00:00:00Z', refused())]],
  ['BULK-042', 'pass', [kickOff('?colour=red', mistake('unknown-parameter', refused()))]],
  ['BULK-042', 'warning', [kickOff('?colour=red', mistake('unknown-parameter'))]],
  [
    'BULK-060',
    'pass',
    exported(
      '?_type=X,Condition',
      [one],
      mistake('unknown-type', { headers: { Prefer: 'respond-async, handling=lenient', Authorization: 'Bearer t' } }),
      { error: [{ type: 'OperationOutcome', url: 'https://x' }] },
    ),
  ],
  [
    'BULK-060',
    'fail',
    exported(
      '?_type=X,Condition',
      [one],
      mistake('unknown-type', { headers: { Prefer: 'respond-async, handling=lenient', Authorization: 'Bearer t' } }),
    ),
  ],
  [
    'BULK-003',
    'pass',
    [
      ...exported('', [one]),
      told(
        'export-status',
        `${base}/_export/x`,
        mistake('no-token', { headers: { Accept: 'application/json' }, status: 401, answer: outcome('login') }),
      ),
    ],
  ],
  [
    'BULK-003',
    'fail',
    [
      ...exported('', [one]),
      told(
        'export-file',
        `${base}/_export/x/1`,
        mistake('no-token', { headers: { Accept: 'application/json' }, answer: JSON.stringify(one) }),
      ),
    ],
  ],
  [
    'BULK-004',
    'pass',
    [
      ...exported('', [one]),
      told('export-status', `${base}/_export/x`, { from: 'another payer', ...mistake('foreign', refused(404)) }),
    ],
  ],
  [
    'BULK-004',
    'skip',
    [
      ...exported('', [one]),
      told('export-status', `${base}/_export/x`, { from: 'another payer', ...mistake('foreign', { answer: {} }) }),
    ],
  ],
  [
    'BULK-054',
    'pass',
    [
      ...exported('', [one]),
      told(
        'export-status',
        `${base}/_export/x`,
        mistake('too-fast', { status: 429, answered: { 'retry-after': '5' }, answer: outcome() }),
      ),
    ],
  ],
  [
    'BULK-054',
    'warning',
    [...exported('', [one]), told('export-status', `${base}/_export/x`, mistake('too-fast', { status: 202 }))],
  ],
  [
    'BULK-055',
    'pass',
    [kickOff(''), told('export-status', `${base}/_export/x`, { status: 500, answer: outcome('exception') })],
  ],
  [
    'BULK-055',
    'fail',
    [
      kickOff(''),
      told('export-status', `${base}/_export/x`, {
        status: 500,
        answered: { 'content-type': 'text/plain' },
        answer: 'sorry',
      }),
    ],
  ],
  [
    'BULK-077',
    'pass',
    [
      ...exported(
        '?_since=2026-01-01T00:00:00Z',
        [one],
        { intent: { state: 'deleted' } },
        { deleted: [{ type: 'Bundle', url: `${base}/_export/d` }] },
      ),
      told('export-file', `${base}/_export/d`, {
        answered: { 'content-type': 'application/fhir+ndjson' },
        answer: JSON.stringify({
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [{ request: { method: 'DELETE', url: 'Goal/g' } }],
        }),
      }),
    ],
  ],
  ['BULK-077', 'warning', exported('?_since=2026-01-01T00:00:00Z', [one], { intent: { state: 'deleted' } })],
  [
    'BULK-078',
    'fail',
    [
      ...exported(
        '?_since=2026-01-01T00:00:00Z',
        [one],
        {},
        { deleted: [{ type: 'Bundle', url: `${base}/_export/d` }] },
      ),
      told('export-file', `${base}/_export/d`, {
        answered: { 'content-type': 'application/fhir+ndjson' },
        answer: JSON.stringify({
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [{ request: { method: 'DELETE', url: 'Condition/1' } }],
        }),
      }),
    ],
  ],
  [
    'BULK-092',
    'pass',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('expired', refused(404)))],
  ],
  [
    'BULK-092',
    'fail',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('expired', { answer: '' }))],
  ],
  [
    'BULK-097',
    'pass',
    [
      kickOff(''),
      ...[202, 404].map((status) =>
        told('export-delete', `${base}/_export/x`, {
          method: 'DELETE',
          status,
          answer: status === 404 ? outcome() : '',
        }),
      ),
    ],
  ],
  [
    'BULK-097',
    'fail',
    [
      kickOff(''),
      ...[202, 202].map((status) => told('export-delete', `${base}/_export/x`, { method: 'DELETE', status })),
    ],
  ],
  [
    'BULK-086',
    'fail',
    [
      kickOff(''),
      ...exported('', [one]).slice(1, 2),
      told('export-file', `${base}/_export/x/1`, {
        headers: { Accept: 'application/fhir+ndjson' },
        status: 401,
        answer: outcome(),
      }),
    ],
  ],
  // documents, choices, includes
  [
    'PDEX-030',
    'pass',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
      told('binary', 'Binary/b', { answer: 'text' }),
    ],
  ],
  [
    'PDEX-030',
    'warning',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
      told('binary', 'Binary/b', refused(404)),
    ],
  ],
  [
    'PDEX-030',
    'skip',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
    ],
  ],
  [
    'PDEX-035/a-versioned-reference-is',
    'fail',
    [search('patient=ana', [condition('1', { encounter: { reference: 'Encounter/n|2' } })])],
  ],
  [
    'PDEX-035/a-versioned-reference-is',
    'pass',
    [search('patient=ana', [condition('1', { encounter: { reference: 'Encounter/n/_history/2' } })])],
  ],
  [
    'PDEX-361',
    'fail',
    [search('patient=ana', [{ resourceType: 'Device', id: 'd', udiCarrier: [{ deviceIdentifier: '1' }] }])],
  ],
  [
    'PDEX-361',
    'fail',
    [
      search('patient=ana', [
        { resourceType: 'Device', id: 'd', udiCarrier: [{ deviceIdentifier: '1', carrierHRF: '(01)1(10)A' }] },
      ]),
    ],
  ],
  [
    'PDEX-361',
    'pass',
    [
      search('patient=ana', [
        {
          resourceType: 'Device',
          id: 'd',
          lotNumber: 'A',
          udiCarrier: [{ deviceIdentifier: '1', carrierHRF: '(01)1(10)A' }],
        },
      ]),
    ],
  ],
  [
    'PDEX-363',
    'fail',
    [
      search('patient=ana', [
        { resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'Patient/ana' } }] },
      ]),
    ],
  ],
  [
    'PDEX-363',
    'pass',
    [
      search('patient=ana', [
        { resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'PractitionerRole/r' } }] },
      ]),
    ],
  ],
  ['PDEX-368', 'fail', [search('patient=ana', [{ resourceType: 'Encounter', id: 'n', serviceProvider: {} }])]],
  ['PDEX-369', 'pass', [search('patient=ana', [{ resourceType: 'Goal', id: 'g', startDate: '2020' }])]],
  [
    'PDEX-372',
    'fail',
    [
      told('search', 'MedicationRequest?patient=ana&_include=MedicationRequest:medication', {
        answer: searchset([
          { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } },
        ]),
      }),
    ],
  ],
  [
    'PDEX-372',
    'pass',
    [
      told('search', 'MedicationRequest?patient=ana&_include=MedicationRequest:medication', {
        answer: searchset([
          { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } },
          { resourceType: 'Medication', id: 'x', mode: 'include' },
        ]),
      }),
      read('Medication/x', { answer: { resourceType: 'Medication', id: 'x' } }),
    ],
  ],
  [
    'PDEX-358',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([
          { resourceType: 'ExplanationOfBenefit', id: 'e', provider: { reference: 'Practitioner/p' } },
        ]),
      }),
    ],
  ],
  [
    'PDEX-357',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([{ resourceType: 'Practitioner', id: 'p', active: true, mode: 'include' }]),
      }),
      read('Practitioner/p', { answer: { resourceType: 'Practitioner', id: 'p' } }),
    ],
  ],
  [
    'PDEX-357',
    'pass',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([{ active: true, resourceType: 'Practitioner', id: 'p', mode: 'include' }]),
      }),
      read('Practitioner/p', { answer: { resourceType: 'Practitioner', id: 'p', active: true } }),
    ],
  ],
  [
    'PDEX-359',
    'warning',
    [told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', { answer: searchset([]) })],
  ],
  ['PDEX-342', 'pass', [told('probe', 'DocumentReference/$docref?patient=ana', { answer: searchset([]) })]],
  ['PDEX-342', 'fail', [told('probe', 'DocumentReference/$docref?patient=ana', refused(404))]],
  ['PDEX-473', 'fail', [search('patient=ana', [{ resourceType: 'Device', id: 'd', patient: {} }])]],
  [
    'PDEX-475',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'MedicationDispense',
          id: 'd',
          extension: [
            { url: 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/DispenseRefill', valueInteger: 1 },
          ],
        },
      ]),
    ],
  ],
  [
    'PDEX-474',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'MedicationDispense',
          id: 'd',
          status: 'completed',
          meta: { profile: ['http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/pdex-medicationdispense'] },
          medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm' }] },
        },
      ]),
    ],
  ],
  [
    'HREX-030',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'Provenance',
          id: 'p',
          meta: { profile: ['http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-provenance'] },
          target: [{ display: 'x' }],
        },
      ]),
    ],
  ],
  [
    'HREX-037',
    'skip',
    [search('patient=ana', [condition('1', { extension: [{ url: 'https://other.example/x', valueString: 'x' }] })])],
  ],
  [
    'HREX-037',
    'pass',
    [
      search('patient=ana', [condition('1', { extension: [{ url: 'https://other.example/x', valueString: 'x' }] })]),
      all,
    ],
  ],
  [
    'CORE-064',
    'fail',
    [
      search('patient=ana', [
        condition('1', {
          _onsetDateTime: {
            extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'dunno' }],
          },
        }),
      ]),
    ],
  ],
  [
    'CORE-064',
    'pass',
    [
      search('patient=ana', [
        condition('1', {
          _onsetDateTime: {
            extension: [
              { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'asked-unknown' },
            ],
          },
        }),
      ]),
    ],
  ],
]

describe('a question and its answer', () => {
  it.each(
    rows.map(([start, code, steps, scene], i) => ({ name: `${start} ${code} #${i}`, start, code, steps, scene })),
  )('$name', ({ start, code, steps, scene }) => {
    const tried = checks.filter(({ id }) => id.startsWith(start))
    expect(tried.length, start).toBeGreaterThan(0)
    const verdicts = tried.map((check) => verdictOf(check, transcriptOf(...steps), scene ? sceneOf(scene) : sceneOf()))
    const words = verdicts
      .map((verdict) => `${verdict.code}: ${verdict.findings.map(({ message }) => message).join('; ')}`)
      .join('\n')
    expect(
      verdicts.some((verdict) => verdict.code === code),
      words,
    ).toBe(true)
  })
})
