import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Authorities, authorities } from '../certs/authorities.ts'
import { identity } from '../certs/identity.ts'
import { certificatesIn } from '../certs/keys.ts'
import { Actor, type ActorName, type Identity } from '../harness/actor.ts'
import { VirtualClock } from '../harness/clock.ts'
import { random } from '../harness/random.ts'
import { certificateFacts } from '../harness/tls-facts.ts'
import { type Exchange, json, Transcript } from '../harness/transcript.ts'
import { Wire } from '../harness/wire.ts'
import { type Host, startHost } from '../simulators/host.ts'
import type { Simulation } from '../simulators/simulator.ts'
import { Directory } from '../simulators/state/directory.ts'
import type { TrustManagerState } from '../simulators/state/trust-manager-state.ts'
import { trustManager } from '../simulators/trust-manager.ts'
import { revokeCertificate } from './revoke-certificate.ts'
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
const naic = 'urn:oid:2.16.840.1.113883.6.300'
const folder = mkdtempSync(join(tmpdir(), 'vitruvian-trust-'))
const wire = new Wire()
let host: Host
let all: Authorities
let identities: Record<string, Identity>
let clock: VirtualClock
let transcript: Transcript
let simulation: Simulation<TrustManagerState>
let base: string
let tenants = 0

beforeAll(async () => {
  all = await authorities(folder)
  host = await startHost()
  const make = (name: string, uri: string, value: string): Promise<Identity> =>
    identity({ authority: all.intermediate, authorities: all, name, uri, identifier: { system: naic, value } })
  identities = {
    'requesting payer': await make('New Plan', 'https://new-plan.example/payer', '1'),
    'responding payer': await make('Old Plan', 'https://old-plan.example/payer', '2'),
    'trust manager': await make('Trust Exchange', 'https://trust.example', '3'),
  }
})
afterAll(async () => {
  wire.close()
  await host.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  transcript = new Transcript()
  const tenant = `t${++tenants}`
  base = `${host.origin}/${tenant}`
  simulation = await trustManager({
    clock,
    random: random(tenant),
    identity: identities['trust manager'] as Identity,
    base,
    authorities: all,
  })
  host.open(tenant, simulation)
})

const actor = (name: ActorName): Actor =>
  new Actor({
    name,
    identity: identities[name] as Identity,
    places: { trust: base, ...(name === 'responding payer' ? { fhir: 'https://127.0.0.1:1/x/fhir' } : {}) },
    clock,
    transcript,
    wire,
  })
const payer = (): Actor => actor('requesting payer')
const trust = (): Actor => actor('trust manager')
const status = ({ response, failure }: Exchange): number | string => response?.status ?? failure?.message ?? 'nothing'
const body = ({ response }: Exchange): Record<string, unknown> =>
  (response ? json(response) : {}) as Record<string, unknown>

describe('onboarding', () => {
  test.each(['reissue', 'detached'] as const)('a payer is endorsed by %s and gets both certificates', async (form) => {
    const endorsed = await becomeEndorsed(trust(), form).perform(payer())
    expect(transcript.every().map(status)).toEqual([201, 200, 200])
    expect(body(endorsed)).toMatchObject({ status: 'endorsed', form })
    expect(body(endorsed).trustManagerCertificate).toContain('BEGIN CERTIFICATE')
    await readSigningCertificate(trust()).perform(payer())
    expect(certificatesIn(transcript.last('fetch-signing-certificate').response?.body ?? '')).toHaveLength(1)
  })

  test.each([
    'without the agreement',
    'without the signature on the agreement',
    'without the identity certificate',
    'without the organization',
  ])('an application %s is not taken in', async (mistake) => {
    expect(status(await apply(trust(), mistake).perform(payer()))).toBe(400)
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
    expect(status(await apply(trust(), mistake).perform(payer()))).toBe(201)
    const verified = await verifyApplication(payer()).perform(trust())
    expect(status(verified)).toBe(422)
    expect(body(verified)).toMatchObject({ status: 'refused', reason })
    expect(status(await endorseApplication(payer()).perform(trust()))).toBe(409)
  })

  test('every mistake of an application is tried above', () => {
    expect(applicationMistakes).toHaveLength(6)
  })

  test('one open submission each; only the trust manager decides', async () => {
    await apply(trust()).perform(payer())
    expect(status(await apply(trust()).perform(payer()))).toBe(409)
    expect(status(await endorseApplication(payer()).perform(trust()))).toBe(409)
    expect(status(await endorseItself(trust()).perform(payer()))).toBe(403)
    const bare = await payer().send('probe', trust(), { method: 'GET', url: `${base}/tm/members` })
    expect(status(bare)).toBe(401)
  })
})

describe('the repository', () => {
  test('a bundle goes from a branch to main, and members see it', async () => {
    await becomeEndorsed(trust()).perform(payer())
    expect(status(await pushToMain(trust(), { editions }).perform(payer()))).toBe(403)
    expect(status(await proposeBundle(trust(), { editions }).perform(payer()))).toBe(201)
    expect(body(await refreshRepository(trust()).perform(payer()))).toMatchObject({ bundles: [] })
    expect(status(await requestMerge(trust()).perform(payer()))).toBe(201)
    expect(status(await requestMerge(trust()).perform(payer()))).toBe(409)
    expect(status(await approveBundle(trust(), payer()).perform(payer()))).toBe(403)
    const merge = transcript.all('request-merge').find(({ response }) => response?.status === 201)
    expect(body(merge as Exchange).review).toMatchObject({ issue: [{ severity: 'information' }] })
  })

  test('a merge, a refresh and a refresh with nothing new', async () => {
    await becomeEndorsed(trust()).perform(payer())
    expect(body(await publish(trust(), { editions }).perform(payer()))).toMatchObject({ status: 'merged' })
    const first = await refreshRepository(trust()).perform(payer())
    expect((body(first).bundles as unknown[]).length).toBe(1)
    expect(status(await refreshRepository(trust()).perform(payer()))).toBe(304)
    await publish(trust(), { editions, manner: 'with a new address' }).perform(payer())
    expect(status(await refreshRepository(trust()).perform(payer()))).toBe(200)
  })

  test.each(bundleMistakes)('a bundle %s is not merged', async (mistake) => {
    await becomeEndorsed(trust()).perform(payer())
    const asked = await publish(trust(), { editions, manner: mistake }).perform(payer())
    expect(status(asked)).toBe(422)
    expect(body(asked)).toMatchObject({ resourceType: 'OperationOutcome' })
    expect(status(await rejectBundle(trust(), payer(), 'see the review').perform(trust()))).toBe(200)
    expect(body(await refreshRepository(trust()).perform(payer()))).toMatchObject({ bundles: [] })
  })

  test('who is not endorsed publishes nothing; who loses the membership is removed and listed', async () => {
    expect(status(await publish(trust(), { editions }).perform(actor('responding payer')))).toBe(422)
    await becomeEndorsed(trust()).perform(payer())
    await publish(trust(), { editions }).perform(payer())
    expect(status(await revokeMembership(payer()).perform(trust()))).toBe(200)
    expect(body(await refreshRepository(trust()).perform(payer()))).toMatchObject({ bundles: [] })
    expect((await readRevocationList(trust()).perform(payer())).response?.body).toContain('BEGIN X509 CRL')
    expect(status(await revokeMembership(payer()).perform(trust()))).toBe(409)
    expect(status(await publish(trust(), { editions }).perform(payer()))).toBe(422)
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
    await becomeEndorsed(trust()).perform(payer())
    await publish(trust(), { editions }).perform(payer())
    const to = join(folder, `clone-${tenants}`)
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
  })
})

describe("a payer's directory", () => {
  const directory = (): Directory =>
    new Directory({ clock, trusted: all.trusted, fetch, repository: `${base}/repo/main/bundles` })
  const shown = async (mistake?: string): Promise<ReturnType<typeof certificateFacts>> => {
    const { credentials, mistaken } = identities['requesting payer'] as Identity
    const around = { authority: `${base}/ca`, another: 'https://old-plan.example/payer' }
    const made = mistake ? await mistaken?.(mistake, around) : credentials
    if (mistake?.startsWith('revoked') && made) await revokeCertificate(trust(), made).perform(payer())
    return certificateFacts(certificatesIn(made?.cert ?? ''))
  }

  test('copies main, and again when the copy is old', async () => {
    const copy = directory()
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'unknown' })
    await becomeEndorsed(trust()).perform(payer())
    await publish(trust(), { editions }).perform(payer())
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'unknown' })
    await clock.wait(301)
    expect(await copy.standing(await shown())).toMatchObject({
      ok: true,
      member: { name: 'New Plan', identifier: { system: naic, value: '1' } },
    })
    await revokeMembership(payer()).perform(trust())
    expect(await copy.standing(await shown())).toMatchObject({ ok: true })
    await clock.wait(301)
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'removed' })
  })

  test('renews its copy when it is told to', async () => {
    const copy = directory()
    await copy.renew()
    await becomeEndorsed(trust(), 'detached').perform(payer())
    await publish(trust(), { editions }).perform(payer())
    await copy.renew()
    expect(copy.members).toHaveLength(1)
    expect(await copy.standing(await shown())).toMatchObject({ ok: true })
  })

  test.each([
    ['that has expired', 'expired'],
    ['that is not valid yet', 'expired'],
    ['for servers only', 'untrusted'],
    ['for signing code only', 'untrusted'],
    ['signed by itself', 'untrusted'],
    ['signed by an authority that nobody trusts', 'untrusted'],
    ['signed by an impostor of the authority', 'untrusted'],
    ['signed by a member', 'untrusted'],
    ['that names another payer', 'unknown'],
    ['that names a host instead of a URI', 'unknown'],
    ['that names an e-mail address instead of a URI', 'unknown'],
    ['that names nobody', 'unknown'],
    ['that it never published', 'unknown'],
    ['of nobody in the repository', 'unknown'],
    ['revoked by list', 'revoked'],
    ['revoked by OCSP', 'revoked'],
    ['with a short key', 'untrusted'],
  ])('refuses a certificate %s: %s', async (mistake, reason) => {
    await becomeEndorsed(trust()).perform(payer())
    await publish(trust(), { editions }).perform(payer())
    const copy = directory()
    expect(await copy.standing(await shown())).toMatchObject({ ok: true })
    expect(await copy.standing(await shown(mistake))).toMatchObject({ ok: false, reason })
  })

  test('knows the authorities of its community for a client that shows its leaf alone, as a resumed session does', async () => {
    await becomeEndorsed(trust(), 'reissue').perform(payer())
    await publish(trust(), { editions }).perform(payer())
    const { credentials } = identities['requesting payer'] as Identity
    const { signedCertificate } = body(transcript.last('endorse-application'))
    const leafOf = (pem: string): ReturnType<typeof certificateFacts> =>
      certificateFacts(certificatesIn(pem).slice(0, 1))
    const own = leafOf(credentials?.cert ?? '')
    expect(await directory().standing(own)).toMatchObject({ ok: false, reason: 'untrusted' })
    const knowing = new Directory({
      clock,
      trusted: all.trusted,
      own: identities['responding payer']?.credentials?.cert,
      fetch,
      repository: `${base}/repo/main/bundles`,
    })
    expect(await knowing.standing(own)).toMatchObject({ ok: true, member: { name: 'New Plan' } })
    expect(await knowing.standing(leafOf(String(signedCertificate)))).toMatchObject({ ok: true })
    const [impostor = ''] = (await shown('signed by an impostor of the authority')).chain
    expect(await knowing.standing(certificateFacts([Buffer.from(impostor, 'base64')]))).toMatchObject({ ok: false })
  })

  test('by hand: admitted, endorsed only, removed, revoked', async () => {
    const copy = new Directory({ clock, trusted: all.trusted })
    const { name, uri, identifier, credentials } = identities['requesting payer'] as Identity
    const facts = await shown()
    copy.admit({ name, uri, identifier }, 'endorsed-only')
    expect(await copy.standing(facts)).toMatchObject({ reason: 'not-merged' })
    copy.admit({ name, uri, identifier, certificate: credentials?.cert ?? '' })
    expect(await copy.standing(facts)).toMatchObject({ ok: true })
    expect(await copy.standing(await shown('that it never published'))).toMatchObject({ reason: 'unknown' })
    expect(await copy.standing(await shown('revoked by list'))).toMatchObject({ reason: 'untrusted' })
    copy.revoke(facts.thumbprint, 'crl')
    expect(await copy.standing(facts)).toMatchObject({ reason: 'revoked' })
    const other = new Directory({ clock, trusted: all.trusted })
    other.admit({ name, uri, identifier })
    other.remove(uri)
    expect(await other.standing(facts)).toMatchObject({ reason: 'removed' })
  })
})
