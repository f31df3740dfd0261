/** Formats and status codes that PDex's CapabilityStatements name: what is right, what is less than right, and what is wrong. */
import { expect, it } from 'vitest'
import { accept, everything, kickOff, mistake, read, refused, search } from '../../told/questions.ts'
import { condition } from '../../told/record.ts'
import { base, outcome, type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const older = { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1' } }
const one = (more: Told = {}): Step => read('Condition/c1', { answer: condition, ...more })
const stamped = { etag: 'W/"1"', 'last-modified': 'Sun, 01 Jun 2025 10:00:00 GMT' }
const xml: Told = { answer: '<Condition/>', answered: { 'content-type': 'application/fhir+xml' } }
const asXml = accept('application/fhir+xml')
const bare = { headers: { Accept: 'application/fhir+json' } }
const cut: Told = { status: 401, answer: outcome('login') }
const gone: Told = { status: 404, answer: outcome() }
const closed: Told = { status: 403, answer: outcome('forbidden') }
const odd = mistake('bad-value')
const status = (code: number): Told => ({ status: code, answer: outcome('invalid') })
const matchToken = (answer: unknown): Step => told('match-token', 'https://old.example/token', { answer })
const narrow = { headers: { Accept: 'application/fhir+json', Authorization: 'Bearer narrow' } }
const forMatch = matchToken({ access_token: 'narrow' })
const deleted = { intent: { state: 'deleted' } }
const mislabelled = { answered: { 'content-type': 'text/plain' } }

/** The handshake was refused: there is no answer. */
const cutOff = ({ response: _, ...step }: Step): Step => ({
  ...step,
  failure: { kind: 'refused', code: 'EPROTO', message: 'tlsv1 alert certificate required' },
})

const rows: readonly Row[] = [
  ['as FHIR has it', 'PDEX-329', 'pass', [one({ answered: stamped }), search('patient=ana', [condition])]],
  [
    'a resource that is not labelled',
    'PDEX-329',
    'fail wrong-media-type',
    [one({ answered: { ...stamped, ...mislabelled.answered } })],
  ],
  [
    'a search that is no searchset',
    'PDEX-329',
    'fail wrong-bundle',
    [search('patient=ana', [], { answer: { resourceType: 'Bundle', type: 'collection' } })],
  ],
  ['a header that contradicts', 'PDEX-329', 'warning wrong-header', [one({ answered: { ...stamped, etag: 'W/"7"' } })]],
  ['only refusals', 'PDEX-329', 'skip not-decided', [one(gone)]],
  [
    'only metadata',
    'PDEX-329',
    'skip not-decided: nothing was answered',
    [told('metadata', 'metadata', { answer: { resourceType: 'CapabilityStatement' } })],
  ],

  ['JSON', 'PDEX-330', 'pass', [one()]],
  ['JSON is refused', 'PDEX-330', 'fail refuses-json', [one({ status: 406 })]],
  ['XML comes', 'PDEX-330', 'fail wrong-media-type', [one(xml)]],
  ['an error in text is another matter', 'PDEX-330', 'pass', [one({ status: 500, ...mislabelled, answer: 'sorry' })]],
  ['nothing in it', 'PDEX-330', 'pass', [one({ status: 204, answer: '', ...mislabelled })]],
  ['XML was asked for', 'PDEX-330', 'skip not-decided', [one({ ...asXml, ...xml })]],
  ['XML was asked for by the URL', 'PDEX-330', 'skip not-decided', [read('Condition/c1?_format=xml', xml)]],
  [
    'another version of FHIR was asked for',
    'PDEX-330',
    'skip not-decided',
    [one({ ...accept('application/fhir+json; fhirVersion=3.0'), ...xml })],
  ],
  ['where files lie is no interaction', 'PDEX-330', 'skip not-decided', [told('export-status', `${base}/x`, xml)]],

  ['XML', 'PDEX-331', 'pass', [one({ ...asXml, ...xml })]],
  ['JSON only', 'PDEX-331', 'pass json-only', [one({ ...asXml, status: 406, ...mislabelled, answer: '' })]],
  ['JSON instead', 'PDEX-331', 'warning wrong-media-type', [one(asXml)]],
  ['an error', 'PDEX-331', 'warning wrong-status', [one({ ...asXml, status: 500, ...mislabelled })]],
  ['XML among others', 'PDEX-331', 'skip not-decided', [one(accept('application/fhir+json, application/fhir+xml'))]],
  ['JSON by the URL', 'PDEX-331', 'skip not-decided', [read('Condition/c1?_format=json', asXml)]],
  ['XML of what is no interaction', 'PDEX-331', 'skip not-decided', [told('export-status', `${base}/x`, asXml)]],

  ['an odd value is refused', 'PDEX-332', 'pass', [search('patient=ana&onset-date=x', [], { ...odd, ...status(400) })]],
  ['an odd value of an operation', 'PDEX-332', 'pass', [everything('?start=x', [], { ...odd, ...status(400) })]],
  [
    'refused with 422',
    'PDEX-332',
    'warning less-specific',
    [search('patient=ana&onset-date=x', [], { ...odd, ...status(422) })],
  ],
  ['taken', 'PDEX-332', 'fail wrong-status', [search('patient=ana&onset-date=x', [], odd)]],
  ['an export', 'PDEX-332', 'skip not-decided', [kickOff('?_since=x', odd)]],
  ['a read', 'PDEX-332', 'skip not-decided', [one(odd)]],
  ['another mistake', 'PDEX-332', 'skip not-decided', [search('patient=ana', [], mistake('foreign'))]],

  ['without a token', 'PDEX-333', 'pass', [one({ ...bare, ...cut })]],
  ['without a token, and without a handshake', 'PDEX-333', 'pass', [cutOff(one(bare))]],
  ['403', 'PDEX-333', 'pass', [one({ ...bare, ...closed })]],
  ['404', 'PDEX-333', 'pass', [one({ ...bare, ...gone })]],
  ['403 by the statement of US Core 3.1.1', 'PDEX-333', 'warning other-status', [one({ ...bare, ...closed })], older],
  ['404 by the statement of US Core 3.1.1', 'PDEX-333', 'warning other-status', [one({ ...bare, ...gone })], older],
  ['400', 'PDEX-333', 'fail wrong-status', [one({ ...bare, ...refused() })]],
  ['a record', 'PDEX-333', 'fail wrong-status', [one(bare)]],
  [
    'with a token, of the metadata, of the match, or of a file',
    'PDEX-333',
    'skip not-decided',
    [
      one(),
      told('metadata', 'metadata', bare),
      told('member-match', 'Patient/$member-match', bare),
      told('export-file', `${base}/x`, bare),
    ],
  ],

  ['a token for the match', 'PDEX-334', 'pass', [forMatch, one(), one({ ...narrow, ...closed })]],
  ['a narrow scope', 'PDEX-334', 'pass', [one(), one({ ...mistake('narrow-scope'), ...closed })]],
  ['answered 401', 'PDEX-334', 'warning other-status', [forMatch, one(), one({ ...narrow, ...cut })]],
  ['it opens the record', 'PDEX-334', 'fail wrong-status', [forMatch, one(), one(narrow)]],
  [
    'the match itself',
    'PDEX-334',
    'skip not-decided',
    [forMatch, one(), told('member-match', 'Patient/$member-match', narrow), told('export-file', `${base}/x`, narrow)],
  ],
  ['nothing else worked', 'PDEX-334', 'skip not-decided', [forMatch, one(gone), one({ ...narrow, ...closed })]],
  [
    'what worked proves nothing: open metadata, a match, a mistake, another server, no token',
    'PDEX-334',
    'skip not-decided',
    [
      forMatch,
      told('metadata', 'metadata', { answer: {} }),
      told('member-match', 'Patient/$member-match', { answer: {} }),
      one(mistake('x')),
      { ...one(), to: 'another payer' },
      one(bare),
      one({ ...narrow, ...closed }),
    ],
  ],
  [
    'the token was not given',
    'PDEX-334',
    'skip not-decided',
    [
      told('match-token', 'https://old.example/token', { status: 400, answer: { access_token: 'narrow' } }),
      one(),
      one(narrow),
    ],
  ],
  [
    'the token is another kind',
    'PDEX-334',
    'skip not-decided',
    [
      told('member-token', 'https://old.example/token', { answer: { access_token: 'narrow' } }),
      matchToken('{'),
      matchToken({ access_token: 7 }),
      one(),
      one(narrow),
    ],
  ],

  ['an unknown id', 'PDEX-335', 'pass', [one({ ...mistake('unknown-id'), ...gone })]],
  ['an unknown type', 'PDEX-335', 'pass', [told('search', 'NoSuchType?x=1', { ...mistake('unknown-type'), ...gone })]],
  [
    'rights first',
    'PDEX-335',
    'warning less-specific',
    [told('search', 'NoSuchType?x=1', { ...mistake('unknown-type'), ...closed })],
  ],
  ['an unknown id is forbidden', 'PDEX-335', 'pass', [one({ ...mistake('unknown-id'), ...closed })]],
  ['an unknown id is found', 'PDEX-335', 'fail wrong-status', [one(mistake('unknown-id'))]],
  [
    'an unknown type elsewhere, an operation, a file',
    'PDEX-335',
    'skip not-decided',
    [
      kickOff('?_type=X', mistake('unknown-type')),
      one(mistake('unknown-type')),
      everything('', [], mistake('unknown-id')),
      told('export-file', `${base}/x`, mistake('unknown-id')),
      one(),
    ],
  ],

  ['gone', 'PDEX-336', 'pass', [one({ ...deleted, status: 410, answer: outcome('deleted') })]],
  ['gone without a trace', 'PDEX-336', 'pass no-trace', [one({ ...deleted, ...gone })]],
  ['hidden', 'PDEX-336', 'skip not-decided', [one({ ...deleted, ...closed })]],
  ['still there', 'PDEX-336', 'fail wrong-status', [one(deleted)]],
  [
    'not deleted, or searched',
    'PDEX-336',
    'skip not-decided',
    [one(), told('search', 'Condition?_id=c1', { answer: searchset([]), ...deleted })],
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf(row[4]))).toBe(row[2])
})
