import type { FhirResource, Provenance } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { base, requester, type SmallPayer, smallPayer } from './small-payer.ts'

interface Manifest {
  transactionTime: string
  request: string
  requiresAccessToken: boolean
  output: { type: string; url: string; count: number }[]
  deleted: { url: string; count: number }[]
  error: { url: string; count: number }[]
}
const kickOff = (payer: SmallPayer, query = '', headers: Record<string, string> = {}): Promise<Response> =>
  payer.ask('a', `/fhir/Patient/$export${query}`, { headers: { prefer: 'respond-async', ...headers } })
const started = async (payer: SmallPayer, query = '', headers: Record<string, string> = {}): Promise<string> => {
  const response = await kickOff(payer, query, headers)
  expect(response.status, await response.clone().text()).toBe(202)
  return response.headers.get('content-location') ?? ''
}
async function finished(payer: SmallPayer, query = '', headers: Record<string, string> = {}): Promise<Manifest> {
  payer.state.jobs.plan({ way: 'ready-at-once' })
  const response = await payer.ask('a', await started(payer, query, headers))
  expect(response.status).toBe(200)
  return (await response.json()) as Manifest
}
const lines = async (payer: SmallPayer, url: string): Promise<FhirResource[]> =>
  (await (await payer.ask('a', url)).text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FhirResource)

test('kick-off, polls, manifest, files, deletion', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const url = await started(payer)
  expect(url.startsWith(`${base}/fhir/`)).toBe(true)
  const running = await payer.ask('a', url)
  expect([running.status, running.headers.get('retry-after'), await running.text()]).toEqual([202, '5', ''])
  expect(running.headers.get('x-progress')?.length).toBeLessThan(100)
  const early = await payer.ask('a', url)
  expect([early.status, early.headers.get('retry-after')]).toEqual([429, '5'])
  await payer.clock.wait(5)
  const done = await payer.ask('a', url, { headers: { accept: 'application/json' } })
  expect([done.status, done.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(Date.parse(done.headers.get('expires') ?? '')).toBe(payer.clock.now().getTime() + 3_600_000)
  const manifest = (await done.json()) as Manifest
  expect(manifest).toMatchObject({
    request: `${base}/fhir/Patient/$export`,
    requiresAccessToken: true,
    transactionTime: '2026-03-02T15:00:00.000Z',
    error: [],
    deleted: [],
  })
  for (const { type, url: file, count } of manifest.output) {
    const response = await payer.ask('a', file, { headers: { accept: 'application/fhir+ndjson' } })
    expect(response.headers.get('content-type')).toBe('application/fhir+ndjson')
    const found = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FhirResource)
    expect([type, found.length]).toEqual([found[0]?.resourceType, count])
  }
  expect(manifest.output.map(({ type }) => type)).not.toContain('Binary')
  const sent = (await lines(payer, manifest.output.find(({ type }) => type === 'Provenance')?.url ?? '')).at(
    -1,
  ) as Provenance
  expect(sent.agent[0]?.type?.coding?.[0]?.code).toBe('transmitter')
  expect(sent.recorded).toBe(manifest.transactionTime)
  expect((await payer.ask('a', url, { method: 'DELETE' })).status).toBe(202)
  const gone = await payer.ask('a', url)
  expect([gone.status, ((await gone.json()) as FhirResource).resourceType]).toEqual([404, 'OperationOutcome'])
  expect((await payer.ask('a', manifest.output[0]?.url ?? '')).status).toBe(404)
  expect((await payer.ask('a', url, { method: 'DELETE' })).status).toBe(404)
})

test('holds the same as $everything', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const bundle = (await (await payer.ask('a', '/fhir/Patient/ana/$everything')).json()) as {
    entry: { resource: FhirResource }[]
  }
  const key = (r: FhirResource): string => `${r.resourceType}/${r.id}`
  const known = (k: string): boolean => !/^Provenance\/(?!ana)/.test(k)
  const exported = (await Promise.all((await finished(payer)).output.map(({ url }) => lines(payer, url))))
    .flat()
    .map(key)
  expect(exported.filter(known).sort()).toEqual(
    bundle.entry
      .map((e) => key(e.resource))
      .filter(known)
      .sort(),
  )
})

test('nobody else sees it', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  payer.admit('b', 'bob', { clientId: 'client-of-a' })
  payer.admit('other', 'ana')
  const manifest = await finished(payer)
  const status = manifest.output[0]?.url.replace(/\/[^/]+$/, '') ?? ''
  for (const token of ['b', 'other'])
    for (const [url, method] of [
      [status, 'GET'],
      [manifest.output[0]?.url ?? '', 'GET'],
      [status, 'DELETE'],
    ] as const)
      expect((await payer.ask(token, url, { method })).status).toBe(404)
  expect((await payer.ask(undefined, status)).status).toBe(401)
  payer.state.consents.revoke('ana', requester)
  expect((await payer.ask('a', manifest.output[0]?.url ?? '')).status).toBe(403)
  expect((await kickOff(payer)).status).toBe(403)
})

test('a file leaves out what became hidden since', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const url = (await finished(payer, '?_type=Condition')).output[0]?.url ?? ''
  expect((await lines(payer, url)).map(({ id }) => id)).toEqual(['ana-pressure', 'ana-secret'])
  payer.admit('a', 'ana', { policy: 'regular' })
  expect((await lines(payer, url)).map(({ id }) => id)).toEqual(['ana-pressure'])
})

test('parameters narrow it down or are refused', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const types = async (query: string): Promise<string[]> =>
    (await finished(payer, query)).output.map(({ type, count }) => `${type} ${count}`)
  expect(await types('?_type=Patient,Condition&_outputFormat=ndjson')).toEqual(['Patient 1', 'Condition 2'])
  expect(await types('?_type=Patient&_type=Condition&_outputFormat=application/fhir%2Bndjson')).toEqual([
    'Patient 1',
    'Condition 2',
  ])
  expect(await types('?_type=Condition&_since=2025-02-02T00:00:00Z')).toEqual(['Condition 1'])
  expect(
    await types('?_type=Condition&_typeFilter=Condition%3Fcode%3D59621000,Condition%3Fonset-date%3D2024-03'),
  ).toEqual(['Condition 1'])
  expect(await types('?_type=CarePlan')).toEqual([])
  for (const query of [
    '?_outputFormat=text/csv',
    '?_since=2025',
    '?_type=NoSuchType',
    '?_type=Binary',
    '?_typeFilter=Condition%3Fcolour%3Dred',
    '?_typeFilter=Condition%3F_include%3Dx',
    '?patient=Patient/ana',
    '?organizeOutputBy=Patient',
    '?includeAssociatedData=Magic',
  ]) {
    const response = await kickOff(payer, query)
    expect([response.status, ((await response.json()) as FhirResource).resourceType], query).toEqual([
      400,
      'OperationOutcome',
    ])
  }
  expect((await payer.ask('a', '/fhir/Patient/$export')).status).toBe(400)
  const lenient = await finished(payer, '?_type=NoSuchType,Patient', { prefer: 'respond-async, handling=lenient' })
  expect(lenient.output.map(({ type }) => type)).toEqual(['Patient'])
  expect((await lines(payer, lenient.error[0]?.url ?? ''))[0]).toMatchObject({ resourceType: 'OperationOutcome' })
})

test('by POST, with members named', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const post = (reference: string): Promise<Response> =>
    payer.ask('a', '/fhir/Patient/$export', {
      method: 'POST',
      headers: { prefer: 'respond-async', 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Parameters',
        parameter: [{ name: 'patient', valueReference: { reference } }],
      }),
    })
  expect((await post('Patient/ana')).status).toBe(202)
  expect((await post('Patient/bob')).status).toBe(400)
})

test('elements, latest Provenance, deletions', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const trimmed = await finished(payer, '?_type=Condition&_elements=id,code')
  const first = (await lines(payer, trimmed.output[0]?.url ?? ''))[0]
  expect(Object.keys(first ?? {}).sort()).toEqual(['code', 'id', 'meta', 'resourceType', 'subject'])
  expect(first?.meta?.tag?.[0]?.code).toBe('SUBSETTED')
  await payer.clock.wait(60)
  payer.state.records.remove('Encounter', 'ana-visit')
  const later = await finished(payer, '?_since=2026-03-02T15:00:30Z')
  expect(later.deleted).toHaveLength(1)
  expect((await lines(payer, later.deleted[0]?.url ?? ''))[0]).toMatchObject({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ request: { method: 'DELETE', url: 'Encounter/ana-visit' } }],
  })
})

test('it can fail, and it ends', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana', { expires: 4e9 })
  payer.state.jobs.plan({ way: 'fails', polls: 1 })
  const url = await started(payer)
  expect((await payer.ask('a', url)).status).toBe(202)
  await payer.clock.wait(5)
  const failed = await payer.ask('a', url)
  expect([failed.status, failed.headers.get('content-type')]).toEqual([500, 'application/fhir+json; charset=utf-8'])
  const manifest = await finished(payer)
  await payer.clock.wait(3601)
  expect((await payer.ask('a', manifest.output[0]?.url ?? '')).status).toBe(404)
})

test('Retry-After comes as seconds and as a date', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  payer.state.jobs.plan({ way: 'slow', polls: 2 })
  const url = await started(payer)
  expect((await payer.ask('a', url)).headers.get('retry-after')).toBe('5')
  await payer.clock.wait(5.5)
  const second = (await payer.ask('a', url)).headers.get('retry-after') ?? ''
  expect(Date.parse(second)).toBe(Date.parse('2026-03-02T15:00:11Z'))
  await payer.clock.wait(5)
  expect((await payer.ask('a', url)).status).toBe(200)
})
