/** The data routes of a payer: reading, rights and consents, documents, media types, the CapabilityStatement. */
import type { CapabilityStatement, Provenance } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { base, ids, json, link, requester, smallPayer } from './small-payer.ts'

test('without a token nothing, with a token for another member nothing of this one', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  expect((await payer.ask(undefined, '/fhir/Condition')).status).toBe(401)
  expect((await payer.ask('a', '/fhir/Condition/bob-pressure')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Condition/bob-pressure/_history/1')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Condition/bob-pressure/_history')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Binary/bob-note-text')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Patient/bob/$everything')).status).toBe(404)
  payer.state.settings.foreign = 403
  expect((await payer.ask('a', '/fhir/Condition/bob-pressure')).status).toBe(403)
  expect((await payer.ask('a', '/fhir/Condition/nobody')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Patient/bob/$everything')).status).toBe(403)
})

test('a consent for non-sensitive data keeps the rest back, everywhere', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana', { policy: 'regular' })
  expect(ids(await json(payer.ask('a', '/fhir/Condition?patient=ana')))).toEqual(['Condition/ana-pressure'])
  for (const path of [
    'Condition/ana-secret',
    'Condition/ana-secret/_history',
    'Condition/ana-secret/_history/1',
    'DocumentReference/ana-secret-note',
    'Binary/ana-secret-text',
    'Practitioner/psychiatrist',
  ])
    expect((await payer.ask('a', `/fhir/${path}`)).status, path).toBe(404)
  expect((await payer.ask('a', '/fhir/Binary/ana-note-text')).status).toBe(200)
  const everything = await (await payer.ask('a', '/fhir/Patient/ana/$everything')).text()
  expect(everything).toContain('ana-pressure')
  expect(everything).not.toMatch(/secret|psychiatrist/)
  const origin = await json<Provenance>(payer.ask('a', '/fhir/Provenance/ana-origin'))
  expect(origin.target.map((t) => t.reference)).toEqual(['Condition/ana-pressure', 'Encounter/ana-visit'])
  payer.admit('open', 'ana')
  expect((await payer.ask('open', '/fhir/Practitioner/psychiatrist')).status).toBe(200)
})

test('claims and prior authorizations are permitted apart, with what hangs on them', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana', { permissions: { claims: false, priorAuthorizations: true } })
  expect(ids(await json(payer.ask('a', '/fhir/ExplanationOfBenefit')))).toEqual([
    'ExplanationOfBenefit/ana-authorization',
  ])
  expect((await payer.ask('a', '/fhir/ExplanationOfBenefit/ana-claim')).status).toBe(404)
  expect((await payer.ask('a', '/fhir/Provenance/ana-claim-origin')).status).toBe(404)
  payer.admit('c', 'ana', { permissions: { claims: true, priorAuthorizations: false } })
  for (const path of [
    'ExplanationOfBenefit/ana-authorization',
    'DocumentReference/ana-letter',
    'Binary/ana-letter-text',
  ])
    expect((await payer.ask('c', `/fhir/${path}`)).status, path).toBe(404)
  expect(await (await payer.ask('c', '/fhir/Patient/ana/$everything')).text()).not.toMatch(/authorization|letter/)
})

test('shared resources are seen by whom they concern', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  expect(ids(await json(payer.ask('a', '/fhir/Practitioner?name=strass')))).toEqual([])
  expect(ids(await json(payer.ask('a', '/fhir/Practitioner?name=stra')))).toEqual(['Practitioner/doctor'])
  expect((await payer.ask('a', '/fhir/Organization/owner')).status).toBe(200)
  expect((await payer.ask('a', '/fhir/PractitionerRole/elsewhere')).status).toBe(404)
})

test('read: version in the headers, conditional, updated, deleted', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const read = (headers: Record<string, string> = {}): Promise<Response> =>
    payer.ask('a', '/fhir/Condition/ana-pressure', { headers })
  const first = await read()
  expect(first.headers.get('etag')).toBe('W/"1"')
  expect(first.headers.get('last-modified')).toBe('Sat, 01 Feb 2025 08:00:00 GMT')
  expect((await read({ 'if-none-match': 'W/"1"' })).status).toBe(304)
  expect((await read({ 'if-modified-since': 'Sat, 01 Feb 2025 08:00:00 GMT' })).status).toBe(304)
  const resource = payer.state.records.read('Condition', 'ana-pressure')
  if (resource) payer.state.records.update(resource)
  const second = await read({ 'if-none-match': 'W/"1"' })
  expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"'])
  expect((await json<{ meta: { lastUpdated: string } }>(second)).meta.lastUpdated).toBe('2026-03-02T15:00:00.000Z')
  expect(await json(payer.ask('a', '/fhir/Condition/ana-pressure/_history/1'))).toMatchObject({
    meta: { versionId: '1' },
  })
  payer.state.records.remove('Condition', 'ana-pressure')
  expect((await read()).status).toBe(410)
  expect((await payer.ask('a', '/fhir/Condition/ana-pressure/_history/3')).status).toBe(410)
  expect((await payer.ask('a', '/fhir/Condition/ana-pressure/_history/1')).status).toBe(200)
  expect((await payer.ask('a', '/fhir/Condition/ana-pressure/_history/9')).status).toBe(404)
  const history = await json(payer.ask('a', '/fhir/Condition/ana-pressure/_history'))
  expect(history.entry?.map((e) => [e.request?.method, e.response?.etag])).toEqual([
    ['DELETE', 'W/"3"'],
    ['PUT', 'W/"2"'],
    ['POST', 'W/"1"'],
  ])
})

test('media types are negotiated', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const status = async (accept: string | undefined, query = ''): Promise<number> =>
    (await payer.ask('a', `/fhir/Patient/ana${query}`, accept === undefined ? {} : { headers: { accept } })).status
  expect(await status(undefined)).toBe(200)
  expect(await status('application/fhir+json; fhirVersion=4.0')).toBe(200)
  expect(await status('application/fhir+json; fhirVersion=5.0')).toBe(406)
  expect(await status('image/png')).toBe(406)
  expect(await status('application/fhir+xml')).toBe(406)
  expect(await status('application/fhir+xml', '?_format=json')).toBe(200)
  expect(await status('application/json', '?_format=xml')).toBe(406)
  expect(await status('application/fhir+xml, application/fhir+json;q=0.5')).toBe(200)
  expect(await status('application/json;q=0')).toBe(406)
})

test('a document comes raw or as its resource', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const note = await json<{ content: { attachment: { url: string } }[] }>(
    payer.ask('a', '/fhir/DocumentReference/ana-note'),
  )
  const url = note.content[0]?.attachment.url ?? ''
  expect(url).toBe(`${base}/fhir/Binary/ana-note-text`)
  const raw = await payer.ask('a', url)
  expect([raw.headers.get('content-type'), await raw.text()]).toEqual([
    'text/plain; charset=utf-8',
    'the note of Núñez',
  ])
  const wrapped = await payer.ask('a', url, { headers: { accept: 'application/fhir+json' } })
  expect(await json(wrapped)).toMatchObject({ resourceType: 'Binary', contentType: 'text/plain; charset=utf-8' })
  expect((await payer.ask('a', url, { headers: { accept: 'application/pdf' } })).status).toBe(406)
})

test('$docref gives the newest summary', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  expect(ids(await json(payer.ask('a', '/fhir/DocumentReference/$docref?patient=ana')))).toEqual([
    'DocumentReference/ana-secret-note',
  ])
  expect(ids(await json(payer.ask('a', '/fhir/DocumentReference/$docref?patient=ana&end=2024-05')))).toEqual([
    'DocumentReference/ana-note',
  ])
  expect((await payer.ask('a', '/fhir/DocumentReference/$docref')).status).toBe(400)
  expect((await payer.ask('a', '/fhir/DocumentReference/$docref?patient=bob')).status).toBe(404)
})

test('a consent that ends, ends everything', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  payer.state.consents.revoke('ana', requester)
  for (const path of ['Condition', 'Patient/ana', 'Patient/ana/$everything', 'Binary/ana-note-text'])
    expect((await payer.ask('a', `/fhir/${path}`)).status, path).toBe(403)
})

test('a token for one type yields that type', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana', { scopes: ['patient/Condition.rs'] })
  const bundle = await json(payer.ask('a', '/fhir/Condition?_revinclude=Provenance:target&_count=1'))
  expect(ids(bundle)).toEqual(['Condition/ana-pressure'])
  expect(ids(await json(payer.ask('a', link(bundle, 'next') ?? ''))).length).toBeGreaterThan(0)
  expect((await payer.ask('a', '/fhir/Patient/ana/$everything')).status).toBe(403)
})

test('the CapabilityStatement is what the table offers', async () => {
  const payer = smallPayer()
  const statement = await json<CapabilityStatement>(payer.ask(undefined, '/fhir/metadata'))
  const types = statement.rest?.[0]?.resource ?? []
  const patient = types.find(({ type }) => type === 'Patient')
  expect(patient?.operation?.map(({ name }) => name)).toEqual(['everything', 'export'])
  expect(patient?.interaction?.map(({ code }) => code).sort()).toEqual([
    'history-instance',
    'read',
    'search-type',
    'vread',
  ])
  expect(types.find(({ type }) => type === 'Binary')?.searchParam).toBeUndefined()
  expect(types.find(({ type }) => type === 'ExplanationOfBenefit')?.searchInclude).toContain('ExplanationOfBenefit:*')
  expect(statement.instantiates?.[0]).toMatch(/pdex-server-6-1$/)
  const old = smallPayer({ editions: { pdex: '2.1.0', 'us-core': '3.1.1' } })
  const before = await json<CapabilityStatement>(old.ask(undefined, '/fhir/metadata'))
  expect(before.instantiates?.[0]).toMatch(/pdex-server$/)
})
