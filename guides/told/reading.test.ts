/** Checks of reading and of formats, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import { accept, mistake, patient, type Question, read, refused, titled, token } from './questions.ts'
import { outcome, type Step, sceneOf, searchset, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const named = (family: string) => ({ answer: { ...patient, name: [{ family }] } })
/** The connection ends before the first byte of an answer to who has no token. */
const ended = (path: string, code: string): Step => {
  const { response: _, ...asked } = read(path, mistake('no-token', { headers: {} }))
  return { ...asked, failure: { kind: 'refused', code, message: 'the connection was reset before an answer' } }
}

const questions: readonly Question[] = [
  ['CORE-002', 'pass', [read('Patient/ana', named('Þórarinn 哈特'))]],
  // What stood there in another character set is lost when it is read as UTF-8.
  ['CORE-002', 'warning', [read('Patient/ana', named('\ufffd\ufffdrarinn'))]],
  ['CORE-010/a-read-returns', 'fail', [read('Patient/ana', { answer: `\ufeff${JSON.stringify(patient)}` })]],
  ['PDEX-333', 'pass', [read('Patient/ana', mistake('no-token', { headers: {}, ...refused(401) }))]],
  // A reset is a refusal where the same endpoint serves who has a token; elsewhere it may be the network's doing.
  ['PDEX-333', 'pass', [read('Patient/ana'), ended('Patient/ana', 'ECONNRESET')]],
  ['PDEX-333', 'skip', [read('Condition/1'), ended('Patient/ana', 'ECONNRESET')]],
  ['PDEX-333', 'skip', [read('Patient/ana', { status: 404 }), ended('Patient/ana', 'ECONNRESET')]],
  ['PDEX-333', 'pass', [ended('Patient/ana', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')]],
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
]

describe('a read and its answer', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
