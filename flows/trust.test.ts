import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { certificatesIn } from '../certs/keys.ts'
import { type Exchange, json } from '../harness/transcript.ts'
import { type SmallTrust, smallTrust, type TrustTenancy } from '../simulators/small-trust.ts'
import {
  applicationMistakes,
  apply,
  becomeEndorsed,
  endorseApplication,
  endorseItself,
  readRevocationList,
  readSigningCertificate,
  revokeMembership,
  verifyApplication,
} from './trust-application.ts'
import {
  approveBundle,
  bundleMistakes,
  proposeBundle,
  publish,
  pushToMain,
  refreshRepository,
  rejectBundle,
  requestMerge,
} from './trust-repository.ts'

const editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }
let community: SmallTrust
let transcript: TrustTenancy['transcript']
let base: TrustTenancy['base']
let payer: TrustTenancy['payer']
let payerAt: TrustTenancy['payerAt']
let responder: TrustTenancy['responder']
let trust: TrustTenancy['trust']

beforeAll(async () => {
  community = await smallTrust()
})
afterAll(() => community.close())
beforeEach(async () => {
  ;({ transcript, base, payer, payerAt, responder, trust } = await community.open())
})

const status = ({ response, failure }: Exchange): number | string => response?.status ?? failure?.message ?? 'nothing'
const body = ({ response }: Exchange): Record<string, unknown> =>
  (response ? json(response) : {}) as Record<string, unknown>

describe('onboarding', () => {
  test.each(['reissue', 'detached'] as const)('a payer is endorsed by %s and gets both certificates', async (form) => {
    const endorsed = await becomeEndorsed(trust, form).perform(payer)
    expect(transcript.every().map(status)).toEqual([201, 200, 200])
    expect(body(endorsed)).toMatchObject({ status: 'endorsed', form })
    expect(body(endorsed).trustManagerCertificate).toContain('BEGIN CERTIFICATE')
    await readSigningCertificate(trust).perform(payer)
    expect(certificatesIn(transcript.last('fetch-signing-certificate').response?.body ?? '')).toHaveLength(1)
  })

  test.each([
    'without the agreement',
    'without the signature on the agreement',
    'without the identity certificate',
    'without the organization',
  ])('an application %s is not taken in', async (mistake) => {
    expect(status(await apply(trust, mistake).perform(payer))).toBe(400)
  })

  test.each([
    ['whose agreement was altered after signing', 'bad-signature'],
    ['whose agreement is signed with another key', 'bad-signature'],
    ['that has expired', 'expired'],
    ['that is not valid yet', 'not-yet-valid'],
    ['signed by itself', 'self-signed'],
    ['signed by an authority that nobody trusts', 'untrusted-chain'],
    ['signed by an impostor of the authority', 'untrusted-chain'],
    ['signed by a member', 'untrusted-chain'],
    ['that names a host instead of a URI', 'no-uri'],
    ['revoked by list', 'revoked'],
    ['revoked by OCSP', 'revoked'],
    ['with a short key', 'weak-key'],
  ])('an application %s is refused: %s', async (mistake, reason) => {
    expect(status(await apply(trust, mistake).perform(payer))).toBe(201)
    const verified = await verifyApplication(payer).perform(trust)
    expect(status(verified)).toBe(422)
    expect(body(verified)).toMatchObject({ status: 'refused', reason })
    expect(status(await endorseApplication(payer).perform(trust))).toBe(409)
  })

  test('every mistake of an application is tried above', () => {
    expect(applicationMistakes).toHaveLength(6)
  })

  test('one open submission each; only the trust manager decides', async () => {
    await apply(trust).perform(payer)
    expect(status(await apply(trust).perform(payer))).toBe(409)
    expect(status(await endorseApplication(payer).perform(trust))).toBe(409)
    expect(status(await endorseItself(trust).perform(payer))).toBe(403)
    const bare = await payer.send('probe', trust, { method: 'GET', url: `${base}/tm/members` })
    expect(status(bare)).toBe(401)
  })
})

describe('the repository', () => {
  test('a bundle goes from a branch to main, and members see it', async () => {
    await becomeEndorsed(trust).perform(payer)
    expect(status(await pushToMain(trust, { editions }).perform(payer))).toBe(403)
    expect(status(await proposeBundle(trust, { editions }).perform(payer))).toBe(201)
    expect(body(await refreshRepository(trust).perform(payer))).toMatchObject({ bundles: [] })
    expect(status(await requestMerge(trust).perform(payer))).toBe(201)
    expect(status(await requestMerge(trust).perform(payer))).toBe(409)
    expect(status(await approveBundle(trust, payer).perform(payer))).toBe(403)
    const merge = transcript.all('request-merge').find(({ response }) => response?.status === 201)
    expect(body(merge as Exchange).review).toMatchObject({ issue: [{ severity: 'information' }] })
  })

  test('two servers are published, whatever the FHIR base is called', async () => {
    await becomeEndorsed(trust).perform(payer)
    const { request } = await proposeBundle(trust, { editions }).perform(payerAt('https://127.0.0.1:1/api/R4'))
    const servers = [...request.body.matchAll(/"serverURL",\s*"valueString": "([^"]*)"/g)].map(([, url]) => url)
    expect(new Set(servers).size).toBe(2)
  })

  test('a merge, a refresh and a refresh with nothing new', async () => {
    await becomeEndorsed(trust).perform(payer)
    expect(body(await publish(trust, { editions }).perform(payer))).toMatchObject({ status: 'merged' })
    const first = await refreshRepository(trust).perform(payer)
    expect((body(first).bundles as unknown[]).length).toBe(1)
    expect(status(await refreshRepository(trust).perform(payer))).toBe(304)
    await publish(trust, { editions, manner: 'with a new address' }).perform(payer)
    expect(status(await refreshRepository(trust).perform(payer))).toBe(200)
  })

  test.each(bundleMistakes)('a bundle %s is not merged', async (mistake) => {
    await becomeEndorsed(trust).perform(payer)
    const asked = await publish(trust, { editions, manner: mistake }).perform(payer)
    expect(status(asked)).toBe(422)
    expect(body(asked)).toMatchObject({ resourceType: 'OperationOutcome' })
    expect(status(await rejectBundle(trust, payer, 'see the review').perform(trust))).toBe(200)
    expect(body(await refreshRepository(trust).perform(payer))).toMatchObject({ bundles: [] })
  })

  test('who is not endorsed publishes nothing; who loses the membership is removed and listed', async () => {
    expect(status(await publish(trust, { editions }).perform(responder))).toBe(422)
    await becomeEndorsed(trust).perform(payer)
    await publish(trust, { editions }).perform(payer)
    expect(status(await revokeMembership(payer).perform(trust))).toBe(200)
    expect(body(await refreshRepository(trust).perform(payer))).toMatchObject({ bundles: [] })
    expect((await readRevocationList(trust).perform(payer)).response?.body).toContain('BEGIN X509 CRL')
    expect(status(await revokeMembership(payer).perform(trust))).toBe(409)
    expect(status(await publish(trust, { editions }).perform(payer))).toBe(422)
  })

  test('git clones it', async () => {
    let git = true
    try {
      execFileSync('git', ['--version'])
    } catch {
      git = false
      console.warn('git is not here: cloning from the simulator is not tried')
    }
    if (!git) return
    await becomeEndorsed(trust).perform(payer)
    await publish(trust, { editions }).perform(payer)
    const folder = mkdtempSync(join(tmpdir(), 'vitruvian-clone-'))
    const to = join(folder, 'clone')
    const { execFile } = await import('node:child_process')
    const environment = {
      ...process.env,
      GIT_TERMINAL_PROMPT: '0',
      http_proxy: '',
      HTTP_PROXY: '',
      no_proxy: '127.0.0.1',
    }
    const said = await new Promise<string>((resolve) => {
      execFile('git', ['clone', '-q', `${base}/repo.git`, to], { env: environment }, (error, out, err) =>
        resolve(error ? `${error.message} ${out} ${err}` : ''),
      )
    })
    expect(said).toBe('')
    expect(existsSync(join(to, 'README.md'))).toBe(true)
    expect(JSON.parse(readFileSync(join(to, 'bundles', 'new-plan.json'), 'utf8'))).toMatchObject({ type: 'collection' })
    expect(
      execFileSync('git', ['-C', to, 'rev-list', '--merges', '--count', 'HEAD'], { encoding: 'utf8' }).trim(),
    ).toBe('1')
    expect(execFileSync('git', ['-C', to, 'branch', '-r'], { encoding: 'utf8' })).toContain('origin/new-plan')
    rmSync(folder, { recursive: true, maxRetries: 5 })
  })
})
