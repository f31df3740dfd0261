/** 429 and 503 decide nothing: who is put off was neither refused nor answered wrongly, whatever the question was. */
import { expect, it } from 'vitest'
import { all, form, kickOff, mistake, one, refused, search } from './questions.ts'
import { jwt } from './registered.ts'
import { declaring, slow } from './searches.ts'
import { anaScene } from './story.ts'
import { base, outcome, type Step, sceneOf, searchset, type Told, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const [auth, trust] = ['https://old.example/auth', 'https://trust.example']
const away: Told = { status: 503, answer: outcome('transient') }
const json = { 'content-type': 'application/json' }
const smart = (more: Told = {}): Step =>
  told('smart-configuration', `${base}/.well-known/smart-configuration`, { answered: json, ...more })
const token = (scope: string, more: Told = {}): Step =>
  told('match-token', `${auth}/token`, {
    method: 'POST',
    body: `scope=${encodeURIComponent(scope)}&client_assertion=${jwt({}, { iss: 'c' })}`,
    answered: json,
    answer: { access_token: 't', scope },
    ...more,
    intent: { scope, ...more.intent },
  })
const register = (metadata: object, more: Told = {}): Step =>
  told('register', `${auth}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(metadata),
    status: 201,
    answered: json,
    answer: { client_id: 'c' },
    ...more,
    intent: { form: 'plain', ...more.intent },
  })
const keyed = { jwks: { keys: [] }, token_endpoint_auth_method: 'private_key_jwt' }
const matching = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
const wellKnown = (more: Told): Step => told('well-known', 'https://old.example/.well-known/davinci-pdex', more)
const formed = (query: string, found = [one], more: Told = {}): Step =>
  search(query, found, { ...form(query), ...more })
const tracing = declaring({ type: 'Condition', searchRevInclude: ['Provenance:target'] })
const including = 'patient=ana&_revinclude=Provenance:target'
const paged = told('search', 'Condition?patient=ana', { answer: searchset([one], { next: `${base}/page/2` }) })
const job = `${base}/_export/x`
const manifest = told('export-status', job, {
  answered: json,
  answer: {
    transactionTime: '2026-03-02T15:00:00Z',
    request: job,
    requiresAccessToken: true,
    output: [{ type: 'Condition', url: `${job}/1` }],
    error: [],
  },
})
const handshake = (version: string, more: Told): Step => ({
  ...told('handshake', 'metadata', { ...more, intent: { tls: version } }),
  tls: { protocol: version, cipher: 'x' },
})
const verify = (mistaken: string | undefined, more: Told): Step =>
  told('verify-application', `${trust}/verify`, { intent: mistaken ? { mistake: mistaken } : {}, ...more })

it.each<[string, Step[]]>([
  ['AUTH-001', [smart(slow)]],
  ['AUTH-002', [smart(slow)]],
  ['AUTH-003', [smart(slow)]],
  ['AUTH-005', [smart({ answer: { scopes_supported: ['s'] } }), token('s', slow)]],
  ['AUTH-022', [register(keyed, slow)]],
  ['AUTH-040', [register(keyed, slow), token('s')]],
  ['AUTH-040', [register(keyed), token('s', away)]],
  [
    'AUTH-042',
    [told('fetch-jwks', 'https://new.example/jwks', { headers: {}, ...slow, answered: { 'cache-control': 'x' } })],
  ],
  ['AUTH-100', [told('udap-configuration', `${base}/.well-known/udap`, away)]],
  ['AUTH-119', [token(matching, slow)]],
  ['HREX-060', [wellKnown(slow)]],
  ['PDEX-019', [wellKnown(away)]],
  ['CORE-001', [told('metadata', 'metadata', slow)]],
  ['PDEX-333', [told('read', 'Condition/1', { headers: { Accept: 'application/fhir+json' }, ...slow })]],
  ['PDEX-439', [tracing, all, search(including, [], slow)]],
  ['PDEX-135', [kickOff(''), told('export-status', job, away)]],
  ['PDEX-135', [kickOff(''), manifest, told('export-file', `${job}/1`, slow)]],
  ['BULK-003', [told('export-status', job, { headers: {}, ...slow, ...mistake('no-token', slow) })]],
  ['CORE-037', [paged, told('next-page', `${base}/page/2`, slow)]],
  ['CORE-042', [formed('patient=ana&onset-date=gt2000'), formed('patient=ana&onset-date=lt2030', [], slow)]],
  ['CORE-043', [formed('patient=ana&code=1'), formed('patient=ana&code=http://snomed.info/sct|1', [], slow)]],
  ['CORE-044', [formed('patient=ana'), formed('patient=Patient/ana', [], slow), formed(`patient=${base}/Patient/ana`)]],
  ['PDEX-083', [verify(undefined, {}), verify('whose certificate has expired', slow)]],
  ['PDEX-082', [told('submit-application', `${trust}/applications`, slow)]],
])('%s %#', (start, steps) => {
  const { codes, words } = heardOf(start, steps, anaScene())
  expect(codes, words).toEqual(codes.map(() => 'skip'))
  expect(codes, start).not.toEqual([])
})

it('is a connection all the same: what TLS spoke was spoken', () => {
  const { codes, words } = heardOf('HREX-047', [handshake('TLSv1.3', slow)], sceneOf())
  expect(codes, words).toEqual(['pass'])
  // Whatever was said over it.
  expect(heardOf('HREX-047', [handshake('TLSv1.3', refused(404))], sceneOf()).codes).toEqual(['pass'])
  expect(heardOf('HREX-047', [handshake('TLSv1.1', slow)], sceneOf()).codes).toEqual(['fail'])
})
