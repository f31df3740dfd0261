/** With the kit and what `simulate` says alone a client comes from trust to data, and its developer reads why not. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Bundle, Endpoint, OperationOutcomeIssue, ParametersParameter } from 'fhir/r4.js'
import { afterAll, beforeAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-kit-'))
const kept = (...names: string[]): string => readFileSync(join(folder, 'kit', ...names), 'utf8')
let simulation: ChildProcess
let places = { fhir: '', open: '', trust: '', hooks: '' }
let printed = ''

beforeAll(async () => {
  const program = fileURLToPath(new URL('vitruvian.mjs', import.meta.url))
  simulation = spawn(process.execPath, [program, 'simulate', '--json', '--kit', 'kit'], { cwd: folder })
  simulation.stderr?.on('data', (chunk) => {
    printed += String(chunk)
  })
  const [first] = await once(simulation.stdout as NodeJS.ReadableStream, 'data')
  places = JSON.parse(String(first)) as typeof places
}, 60_000)
afterAll(async () => {
  simulation.kill()
  await once(simulation, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
/** As a client of that payer; `nobody` shows no certificate. */
async function ask<T>(who: string, url: string, sent: Sent = {}): Promise<{ status: number; body: T }> {
  const credentials = who === 'nobody' ? {} : { cert: kept(`${who}.pem`), key: kept(`${who}.key`) }
  const { body, method = body === undefined ? 'GET' : 'POST', headers = {} } = sent
  const asked = request(url, { method, headers, ca: kept('root.pem'), agent: false, ...credentials })
  asked.end(body)
  const [answer] = await once(asked, 'response')
  return { status: answer.statusCode, body: JSON.parse((await text(answer)) || '{}') as T }
}
const form = (fields: Readonly<Record<string, string>>): Sent => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

it('is enough to register, to be given tokens, to match everybody in their part, to read, and to lose the right to it', async () => {
  const auth = new URL('auth', places.fhir).href
  const { body: client } = await ask<{ client_id: string }>('requesting-payer', `${auth}/register`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_uri: /New Harbor Health \| (\S+)/.exec(kept('README.md'))?.[1],
    }),
  })
  const token = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const all = { grant_type: 'client_credentials', client_id: client.client_id, ...fields }
    return (await ask<{ access_token: string }>('requesting-payer', `${auth}/token`, form(all))).body.access_token
  }
  const scope = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
  const authorization = `Bearer ${await token({ scope })}`
  const matched: Record<string, string | undefined> = {}
  let patient = ''
  for (const name of readdirSync(join(folder, 'kit', 'people')).filter((one) => one.endsWith('-match.json'))) {
    const { status, body } = await ask<{ parameter?: ParametersParameter[]; issue?: OperationOutcomeIssue[] }>(
      'requesting-payer',
      `${places.fhir}/Patient/$member-match`,
      { headers: { authorization, 'content-type': 'application/fhir+json' }, body: kept('people', name) },
    )
    matched[name.replace('-match.json', '')] = status === 200 ? 'matched' : body.issue?.[0]?.code
    if (name.startsWith('ana'))
      patient = body.parameter?.find((one) => one.name === 'MemberId')?.valueReference?.reference?.split('/')[1] ?? ''
  }
  expect(matched).toEqual({
    ...Object.fromEntries(
      ['ana-adams', 'carla-cruz', 'eva-evans', 'grace-green', 'hugo-hart', 'iris-ito', 'jack-jones', 'kim-klein'].map(
        (name) => [name, 'matched'],
      ),
    ),
    'leo-lopez': 'matched',
    'ben-brown': 'multiple-matches',
    'cara-cruz': 'not-found',
    'dev-desai': 'business-rule',
    'finn-fisher': 'required',
    'zoe-zhang': 'not-found',
  })
  const member = `Bearer ${await token({ scope: 'patient/*.rs', patient })}`
  const conditions = () =>
    ask<Bundle>('requesting-payer', `${places.fhir}/Condition?patient=${patient}`, {
      headers: { authorization: member },
    })
  expect((await conditions()).body.total).toBeGreaterThan(0)

  const hook = { headers: { authorization: `Bearer ${kept('hooks.key').trim()}` } }
  const hooked = (path: string, body: object) =>
    ask<{ reason: string }>('nobody', `${places.hooks}/tenants/payer${path}`, { ...hook, body: JSON.stringify(body) })
  const revoked = { is: 'consent-revoked', person: 'Ana Adams', payer: 'requesting payer' }
  expect((await hooked('/fixtures', revoked)).status).toBe(204)
  expect((await conditions()).status).toBe(403)
  expect(await hooked('/fixtures', { ...revoked, payer: 'nobody' })).toMatchObject({
    status: 409,
    body: { reason: 'nobody here is called "nobody"' },
  })
  expect((await hooked('/clock', { seconds: 60 })).body.reason).toContain('wall clock')
  expect((await ask('nobody', `${places.hooks}/tenants/payer`, { ...hook, method: 'DELETE' })).status).toBe(409)
})

it("opens the trust manager's desk, and the payer is found on main", async () => {
  const authorization = `Bearer ${kept('trust-manager.token').trim()}`
  const desk = await ask<{ members: { organization: { name: string } }[] }>('nobody', `${places.trust}/tm/members`, {
    headers: { authorization },
  })
  expect(desk.body.members.map(({ organization }) => organization.name)).toEqual(['Old Mill Health'])
  const { body } = await ask<{ bundles: { bundle: Bundle }[] }>('nobody', `${places.trust}/repo/main/bundles`)
  const endpoints = body.bundles.flatMap(({ bundle }) => bundle.entry?.map(({ resource }) => resource) ?? [])
  const endpoint = endpoints.find((one): one is Endpoint => one?.resourceType === 'Endpoint')
  expect(endpoint?.address).toBe(places.fhir)
  expect(JSON.stringify(endpoint?.extension)).toContain(new URL('auth/register', places.fhir).href)
})

it('prints who asked for what, and why it was refused', async () => {
  const url = `${new URL('auth', places.fhir).href}/token`
  await ask('another-payer', url, form({ grant_type: 'client_credentials' }))
  await ask('nobody', `${places.open}/Patient/1`)
  await expect
    .poll(() => printed)
    .toContain(`everything else is behind mutual TLS at ${places.fhir.replace('/fhir', '')}`)
  await expect(ask('nobody', `${places.fhir}/metadata`)).rejects.toThrow()
  await expect.poll(() => printed).toMatch(/the client showed no certificate/)
  expect(printed).toMatch(/Z {2}Third Ridge Plan +POST {2}\/payer\/auth\/token {2}401 .*\n +invalid_client: /)
  expect(printed).toMatch(/Z {2}no certificate +GET +\/trust\/repo\/main\/bundles {2}200/)
})
