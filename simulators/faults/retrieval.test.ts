import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { base, type SmallPayer, smallPayer } from '../parts/small-payer.ts'
import { names, spoiled } from '../spoil.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { retrievalFaults } from './retrieval.ts'

const ledger = new Map(
  ['pdex', 'hrex', 'core', 'bulk'].flatMap((guide) => {
    const rows = JSON.parse(
      readFileSync(new URL(`../../guides/${guide}/requirements.json`, import.meta.url), 'utf8'),
    ) as {
      id: string
      level: string
      testability: string
    }[]
    return rows.map((row) => [row.id, row] as const)
  }),
)

test('every fault has a name of its own, a row that exists, and requirements that can catch it', () => {
  expect(new Set(retrievalFaults.map(({ id }) => id)).size).toBe(retrievalFaults.length)
  const { routes } = smallPayer()
  for (const fault of retrievalFaults) {
    expect(
      routes.some((route) => names(fault, route)),
      fault.id,
    ).toBe(true)
    expect(fault.breaks.length, fault.id).toBeGreaterThan(0)
    for (const id of fault.breaks) {
      expect(ledger.get(id)?.testability, `${fault.id}: ${id}`).toMatch(/^automatic-/)
    }
  }
})

/** Questions of every kind: what a fault changes must show in the answer to one of them. */
const searches = [
  'Condition?patient=ana&_revinclude=Provenance:target',
  'Condition?patient=Patient/ana&code=http://snomed.info/sct|59621000',
  'Condition?patient=ana&code=http://elsewhere.example|59621000',
  'Condition?patient=https://payer.example/t1/fhir/Patient/ana',
  'Condition?patient=bob',
  'Condition?onset-date=ge2024-06-01',
  'Condition?onset-date=lt2024-04',
  'Condition?onset-date=nonsense',
  'Condition?patient=ana&colour=red',
  'Condition',
  'Observation?patient=ana&category=social-history',
  'Immunization?patient=ana&_format=json',
  'CarePlan?patient=ana',
  'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*',
  'ExplanationOfBenefit?identifier=1\\,ana',
  'Patient?name=n%C3%BA',
  'Patient?name=%C3%BA%C3%B1',
  'Practitioner/doctor',
  'Practitioner/psychiatrist',
]
const singles = [
  'Condition/ana-pressure',
  'Condition/ana-secret',
  'Condition/ana-secret/_history',
  'Condition/ana-secret/_history/1',
  'ExplanationOfBenefit/ana-claim',
  'ExplanationOfBenefit/ana-claim/_history/1',
  'Condition/bob-pressure',
  'Condition/bob-pressure/_history/1',
  'Condition/nobody',
  'Encounter/ana-visit',
  'Procedure/ana-suture',
  'Procedure/ana-suture/_history/1',
  'Binary/ana-note-text',
  'Binary/ana-secret-text',
  'Binary/bob-note-text',
  'Patient/bob/$everything',
  'Patient/ana/$everything?_type=Condition',
  'Patient/ana/$everything?_since=2025-03-01T00:00:00Z',
  'Patient/ana/$everything?start=2024-06-01',
  'Patient/ana/$everything?start=2024-06-01&end=2024-12-31',
  'metadata',
]
const exports = [
  '',
  '?_type=Condition',
  '?_type=Condition&_type=Patient',
  '?_since=2025-03-01T00:00:00Z',
  '?_since=nonsense',
  '?_outputFormat=text/csv',
  '?_outputFormat=ndjson',
  '?_type=NoSuchType',
  '?_type=Condition&_typeFilter=Condition%3Fcode%3D59621000',
]

class Differs extends Error {}

/** What a fault's answers are held against. */
interface Honest {
  readonly told: readonly string[]
  readonly fault: Fault
}

/** Does the request come to a row that the fault lies over? */
function meets(fault: Fault, { routes }: SmallPayer, method: string, url: string): boolean {
  const path = new URL(url.startsWith('https') ? url : `${base}${url}`).pathname.slice(new URL(base).pathname.length)
  const row = routes.find((each) => each.method === method && each.path.test(path))
  return row !== undefined && names(fault, row)
}

/**
 * Asks them all. With the honest answers at hand it stops at the first that is another; about records, where no question depends on those
 * before it, rows that the fault does not lie over are not asked again.
 */
async function battery(payer: SmallPayer, about: 'records' | 'exports', honest?: Honest): Promise<string[]> {
  const told: string[] = []
  const ask = async (
    token: string | undefined,
    path: string,
    init?: RequestInit,
  ): Promise<{ response?: Response; text: string }> => {
    if (honest && about === 'records' && !meets(honest.fault, payer, init?.method ?? 'GET', path)) {
      const text = honest.told[told.length] ?? ''
      told.push(text)
      return { text }
    }
    const response = await payer.ask(token, path, init)
    const text = await response.text()
    told.push(`${path} ${response.status} ${JSON.stringify([...response.headers])} ${text}`)
    if (honest && told.at(-1) !== honest.told[told.length - 1]) throw new Differs()
    return { response, text }
  }
  const links = (text: string): string | undefined => {
    const url = /"relation":"next","url":"([^"]+)"/.exec(text)?.[1]
    return url?.startsWith('https://payer.example') ? url : undefined
  }
  if (about === 'exports') {
    await askForExports()
    return told
  }
  for (const token of ['a', 'poor']) for (const path of [...searches, ...singles]) await ask(token, `/fhir/${path}`)
  for (const path of [
    'DocumentReference?patient=ana&_count=1',
    'ExplanationOfBenefit?_count=1',
    'Condition?_count=1',
    'Patient/ana/$everything?_count=5',
    'Patient/ana/$everything',
  ])
    for (const token of ['a', 'poor'])
      for (let url: string | undefined = `/fhir/${path}`; url; ) {
        const { text } = await ask(token, url)
        url = links(text)
      }
  await ask('a', '/fhir/Condition?colour=red', { headers: { prefer: 'handling=strict' } })
  await ask('a', '/fhir/Condition', { headers: { accept: 'image/png' } })
  await ask('a', '/fhir/Condition?_format=json', { headers: { accept: 'image/png' } })
  await ask('a', '/fhir/Condition/_search', {
    method: 'POST',
    body: 'code=59621000',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  await ask('a', '/fhir/Condition/_search', {
    method: 'POST',
    body: 'code=59621000',
    headers: { 'content-type': 'text/plain' },
  })
  await ask('a', '/fhir/Patient/ana/$everything', {
    method: 'POST',
    body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: '_count', valueInteger: 2 }] }),
    headers: { 'content-type': 'application/fhir+json' },
  })
  payer.state.records.remove('Encounter', 'ana-visit')
  await ask('a', '/fhir/Encounter/ana-visit')
  return told

  async function askForExports(): Promise<void> {
    payer.state.records.remove('Encounter', 'ana-visit')
    for (const token of ['a', 'poor'])
      for (const query of exports) {
        const { response } = await ask(token, `/fhir/Patient/$export${query}`, { headers: { prefer: 'respond-async' } })
        const status = response?.headers.get('content-location')
        if (!status?.startsWith('https')) continue
        for (let poll = 0; poll < 2; poll++) {
          await ask(token, status)
          await payer.clock.wait(6)
        }
        const { text } = await ask(token, status)
        for (const [, url] of text.matchAll(/"url":"(https:[^"]+)"/g)) await ask(token, url as string)
        await ask('other', status)
        await ask(undefined, status)
        await ask('other', `${status}/Patient.ndjson`)
        await ask(undefined, `${status}/Patient.ndjson`)
        await ask(token, `${status}/Nothing.ndjson`)
        for (let twice = 0; twice < 2; twice++) await ask(token, status, { method: 'DELETE' })
        await ask(token, status)
      }
    await ask('a', '/fhir/Patient/$export')
    const { response } = await ask('a', '/fhir/Patient/$export?_type=NoSuchType,Patient', {
      headers: { prefer: 'respond-async, handling=lenient' },
    })
    const status = response?.headers.get('content-location')
    if (status?.startsWith('https')) {
      await ask('a', status)
      await ask('a', status)
      await payer.clock.wait(6)
      await ask('a', status)
    }
    payer.state.jobs.plan({ way: 'fails' })
    const failing = await ask('a', '/fhir/Patient/$export', { headers: { prefer: 'respond-async' } })
    const failed = failing.response?.headers.get('content-location')
    if (failed?.startsWith('https')) await ask('a', failed)
  }
}

function prepared(fault: Fault | undefined, pdex: string): SmallPayer {
  const wrap = (routes: SmallPayer['routes'], state: PayerState): SmallPayer['routes'] =>
    fault ? spoiled({ state, routes }, [fault as Fault<PayerState>]).routes : routes
  const payer = smallPayer({ editions: { pdex, 'us-core': '6.1.0' }, wrap })
  const expires = 4_000_000_000
  payer.admit('a', 'ana', { expires })
  const poor = { system: 'urn:naic', value: '00002' }
  const permissions = { claims: false, priorAuthorizations: true }
  payer.admit('poor', 'ana', { expires, organization: poor, policy: 'regular', permissions })
  payer.state.clients.permit(poor, permissions)
  payer.state.clients.register({
    organization: { uri: 'https://poor.example', identifier: poor },
    metadata: {
      grant_types: ['client_credentials'],
      response_types: [],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'patient/*.rs',
      tls_client_certificate_bound_access_tokens: true,
    },
    issuedAt: 0,
    udap: false,
  })
  payer.admit('other', 'bob', { expires })
  const procedure = payer.state.records.read('Procedure', 'ana-suture')
  if (procedure) payer.state.records.update(procedure)
  return payer
}

test('every fault shows in an answer', async () => {
  for (const pdex of ['2.2.0', '2.1.0']) {
    const parts = ['records', 'exports'] as const
    const honest = {
      records: await battery(prepared(undefined, pdex), 'records'),
      exports: await battery(prepared(undefined, pdex), 'exports'),
    }
    expect(await battery(prepared(undefined, pdex), 'exports')).toEqual(honest.exports)
    for (const fault of retrievalFaults) {
      if ((fault.id === 'everything-shows-claims-too-early') !== (pdex === '2.1.0')) continue
      const asked =
        fault.route === '*' ? parts : /[_$]export/.test(fault.route) ? (['exports'] as const) : (['records'] as const)
      const shows = async (): Promise<void> => {
        for (const part of asked) await battery(prepared(fault, pdex), part, { told: honest[part], fault })
      }
      await expect(shows(), fault.id).rejects.toBeInstanceOf(Differs)
    }
  }
}, 120_000)
