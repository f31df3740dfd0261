/** A payer's own copy of the repository: whom it knows by it, and whom it refuses. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { certificatesIn } from '../certs/keys.ts'
import { certificateFacts } from '../harness/tls-facts.ts'
import { type Exchange, json } from '../harness/transcript.ts'
import { naic, type SmallTrust, smallTrust, type TrustTenancy } from '../simulators/small-trust.ts'
import { Directory } from '../simulators/state/directory.ts'
import { revokeCertificate } from './revoke-certificate.ts'
import { becomeEndorsed, revokeMembership } from './trust-application.ts'
import { publish } from './trust-repository.ts'

const editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }
let community: SmallTrust
let clock: TrustTenancy['clock']
let transcript: TrustTenancy['transcript']
let base: TrustTenancy['base']
let payer: TrustTenancy['payer']
let trust: TrustTenancy['trust']

beforeAll(async () => {
  community = await smallTrust()
})
afterAll(() => community.close())
beforeEach(async () => {
  ;({ clock, transcript, base, payer, trust } = await community.open())
})

const body = ({ response }: Exchange): Record<string, unknown> =>
  (response ? json(response) : {}) as Record<string, unknown>

describe("a payer's directory", () => {
  const directory = (): Directory =>
    new Directory({ clock, trusted: community.all.trusted, fetch, repository: `${base}/repo/main/bundles` })
  const shown = async (mistake?: string): Promise<ReturnType<typeof certificateFacts>> => {
    const { credentials, mistaken } = community.identities['requesting payer']
    const around = { authority: `${base}/ca`, another: 'https://old-plan.example/payer' }
    const made = mistake ? await mistaken?.(mistake, around) : credentials
    if (mistake?.startsWith('revoked') && made) await revokeCertificate(trust, made).perform(payer)
    return certificateFacts(certificatesIn(made?.cert ?? ''))
  }

  test('copies main, and again when the copy is old', async () => {
    const copy = directory()
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'unknown' })
    await becomeEndorsed(trust).perform(payer)
    await publish(trust, { editions }).perform(payer)
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'unknown' })
    await clock.wait(301)
    expect(await copy.standing(await shown())).toMatchObject({
      ok: true,
      member: { name: 'New Plan', identifier: { system: naic, value: '1' } },
    })
    await revokeMembership(payer).perform(trust)
    expect(await copy.standing(await shown())).toMatchObject({ ok: true })
    await clock.wait(301)
    expect(await copy.standing(await shown())).toMatchObject({ ok: false, reason: 'removed' })
  })

  test('renews its copy when it is told to', async () => {
    const copy = directory()
    await copy.renew()
    await becomeEndorsed(trust, 'detached').perform(payer)
    await publish(trust, { editions }).perform(payer)
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
    await becomeEndorsed(trust).perform(payer)
    await publish(trust, { editions }).perform(payer)
    const copy = directory()
    expect(await copy.standing(await shown())).toMatchObject({ ok: true })
    expect(await copy.standing(await shown(mistake))).toMatchObject({ ok: false, reason })
  })

  test('knows the authorities of its community for a client that shows its leaf alone, as a resumed session does', async () => {
    await becomeEndorsed(trust, 'reissue').perform(payer)
    await publish(trust, { editions }).perform(payer)
    const { credentials } = community.identities['requesting payer']
    const { signedCertificate } = body(transcript.last('endorse-application'))
    const leafOf = (pem: string): ReturnType<typeof certificateFacts> =>
      certificateFacts(certificatesIn(pem).slice(0, 1))
    const own = leafOf(credentials?.cert ?? '')
    expect(await directory().standing(own)).toMatchObject({ ok: false, reason: 'untrusted' })
    const knowing = new Directory({
      clock,
      trusted: community.all.trusted,
      own: community.identities['responding payer'].credentials?.cert,
      fetch,
      repository: `${base}/repo/main/bundles`,
    })
    expect(await knowing.standing(own)).toMatchObject({ ok: true, member: { name: 'New Plan' } })
    expect(await knowing.standing(leafOf(String(signedCertificate)))).toMatchObject({ ok: true })
    const [impostor = ''] = (await shown('signed by an impostor of the authority')).chain
    expect(await knowing.standing(certificateFacts([Buffer.from(impostor, 'base64')]))).toMatchObject({ ok: false })
  })

  test('by hand: admitted, endorsed only, removed, revoked', async () => {
    const copy = new Directory({ clock, trusted: community.all.trusted })
    const { name, uri, identifier, credentials } = community.identities['requesting payer']
    const facts = await shown()
    copy.admit({ name, uri, identifier }, 'endorsed-only')
    expect(await copy.standing(facts)).toMatchObject({ reason: 'not-merged' })
    copy.admit({ name, uri, identifier, certificate: credentials?.cert ?? '' })
    expect(await copy.standing(facts)).toMatchObject({ ok: true })
    expect(await copy.standing(await shown('that it never published'))).toMatchObject({ reason: 'unknown' })
    expect(await copy.standing(await shown('revoked by list'))).toMatchObject({ reason: 'untrusted' })
    copy.revoke(facts.thumbprint, 'crl')
    expect(await copy.standing(facts)).toMatchObject({ reason: 'revoked' })
    const other = new Directory({ clock, trusted: community.all.trusted })
    other.admit({ name, uri, identifier })
    other.remove(uri)
    expect(await other.standing(facts)).toMatchObject({ reason: 'removed' })
  })
})
