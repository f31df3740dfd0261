/**
 * A payer's copy of the trust community: whose bundles are on main, which certificates they published, and whether the
 * certificate that somebody shows belongs to a member in good standing (PDex trust framework, mTLS discovery).
 */
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Bundle } from 'fhir/r4.js'
import { certificatesIn } from '../../certs/keys.ts'
import { type Verified, verifyCertificate } from '../../certs/verify.ts'
import { alternativeNames, certificateFrom, inForce, sameKey } from '../../harness/certificates.ts'
import type { Clock } from '../../harness/clock.ts'
import { type EndpointBundle, keysOf, readEndpointBundle } from '../../harness/endpoint-bundle.ts'
import { once } from '../../harness/once.ts'
import { endorsedWith, readBundleSignature } from '../../harness/signature.ts'
import type { CertificateFacts } from '../../harness/transcript.ts'
import { type Fetch, Revocations } from './revocations.ts'

export interface Member {
  readonly name: string
  readonly uri: string
  readonly identifier: { readonly system: string; readonly value: string }
}

export type Standing =
  | { readonly ok: true; readonly member: Member }
  | {
      readonly ok: false
      readonly reason: 'unknown' | 'not-merged' | 'removed' | 'revoked' | 'expired' | 'untrusted'
      /** One sentence, safe to send. */
      readonly text: string
    }

export interface DirectoryOptions {
  readonly clock: Clock
  /** PEM of the roots of the community. */
  readonly trusted: readonly string[]
  /** PEM of the payer's own certificate with its issuers: authorities of the community that it knows without being shown them. */
  readonly own?: string | undefined
  /** Fetches revocation lists, OCSP answers and the repository; absent: nothing is fetched. */
  readonly fetch?: Fetch | undefined
  /** `GET` of the bundles on main: `${trust}/repo/main/bundles`. Absent: the copy is what was handed in. */
  readonly repository?: string | undefined
  /** Seconds that a revocation list, a verdict on a certificate and the copy of main are good for; 300 unless told. */
  readonly seconds?: number | undefined
}

interface Entry extends Member {
  readonly standing: 'member' | 'endorsed-only' | 'removed'
  /** What it published; empty where the member was admitted without: then its name in a good certificate is enough. */
  readonly keys: readonly KeyObject[]
  /** Admitted by hand: a refresh does not touch it. */
  readonly byHand: boolean
}

/** Tenants are told of the same few members. */
const published = new Map<string, readonly KeyObject[]>()

const keysIn = (pem: string): KeyObject[] =>
  certificatesIn(pem)
    .slice(0, 1)
    .map((der) => certificateFrom(der).publicKey)

export class Directory {
  readonly #options: DirectoryOptions
  readonly #seconds: number
  readonly #revocations: Revocations
  readonly #issuers: readonly Uint8Array[]
  readonly #entries = new Map<string, Entry>()
  readonly #revoked = new Map<string, 'crl' | 'ocsp'>()
  readonly #known = new Map<string, { standing: Standing; at: number }>()
  /** Keys of trust managers that merged bundles name: who carries their signature is endorsed at least. */
  #endorsers: KeyObject[] = []
  /** DER of the managers' certificates in the merged bundles, with their issuers. */
  #managers: readonly Uint8Array[] = []
  #copied: { etag: string | undefined; at: number } | undefined
  #copying: Promise<void> | undefined

  constructor(options: DirectoryOptions) {
    this.#options = options
    this.#seconds = options.seconds ?? 300
    this.#issuers = certificatesIn(options.own ?? '').slice(1)
    this.#revocations = new Revocations(options.clock, options.fetch, this.#seconds)
  }

  /** Makes somebody a member without a repository, or only endorsed. `certificate` (PEM) is what it published. */
  admit(member: Member & { readonly certificate?: string }, standing: 'member' | 'endorsed-only' = 'member'): void {
    const { name, uri, identifier, certificate } = member
    const keys = certificate === undefined ? [] : once(published, certificate, () => keysIn(certificate))
    this.#entries.set(uri, { name, uri, identifier, standing, keys, byHand: true })
    this.#known.clear()
  }

  /** Removed from main. */
  remove(uri: string): void {
    const entry = this.#entries.get(uri)
    if (entry) this.#entries.set(uri, { ...entry, standing: 'removed' })
    this.#known.clear()
  }

  /** Learned, in that way, that this certificate is revoked. */
  revoke(thumbprint: string, via: 'crl' | 'ocsp'): void {
    this.#revoked.set(thumbprint, via)
    this.#known.clear()
  }

  /** Replaces the copy of main. A bundle that cannot be believed is left out. Who was on main and is no more is removed. */
  async refresh(bundles: readonly Bundle[]): Promise<void> {
    const merged = new Map<string, Entry>()
    const managers: X509Certificate[] = []
    const endorsers: KeyObject[] = []
    for (const bundle of bundles) {
      const read = readEndpointBundle(bundle)
      const entry = await this.#believe(bundle, read)
      if (!entry) continue
      merged.set(entry.uri, entry)
      endorsers.push(...read.endorsed.flatMap(({ by }) => (by ? [by.key] : [])))
      managers.push(...read.endorsed.flatMap(({ by }) => by?.certificates ?? []))
    }
    for (const [uri, entry] of this.#entries)
      if (!entry.byHand && !merged.has(uri)) this.#entries.set(uri, { ...entry, standing: 'removed' })
    for (const [uri, entry] of merged) this.#entries.set(uri, entry)
    if (endorsers.length > 0) {
      this.#endorsers = endorsers
      this.#managers = [...new Map(managers.map((one) => [one.fingerprint256, one.raw])).values()]
    }
    this.#known.clear()
  }

  /** Everybody who is on main by this copy. */
  get members(): Member[] {
    return [...this.#entries.values()]
      .filter(({ standing }) => standing === 'member')
      .map(({ name, uri, identifier }) => ({ name, uri, identifier }))
  }

  /** Fetches main again now, and forgets what it knew of revocation. Keeps its copy where the repository does not answer. */
  async renew(): Promise<void> {
    this.#copied = this.#copied && { ...this.#copied, at: Number.NEGATIVE_INFINITY }
    this.#revocations.forget()
    this.#known.clear()
    await this.#copy()
  }

  /** Is whoever shows this certificate a member in good standing? */
  async standing(certificate: CertificateFacts): Promise<Standing> {
    const now = this.#options.clock.now().getTime()
    const known = this.#known.get(certificate.thumbprint)
    if (known && now - known.at < this.#seconds * 1000 && now >= known.at) return known.standing
    const standing = await this.#judge(certificate)
    if (this.#known.size > 1000) this.#known.clear()
    this.#known.set(certificate.thumbprint, { standing, at: now })
    return standing
  }

  async #judge(certificate: CertificateFacts): Promise<Standing> {
    const { clock, trusted } = this.#options
    const chain = certificate.chain.map((der) => Buffer.from(der, 'base64'))
    const verify = (): Promise<Verified> =>
      verifyCertificate([...chain, ...this.#issuers, ...this.#managers], {
        trusted,
        at: clock.now(),
        usage: 'clientAuth',
      })
    let verified = await verify()
    // A resumed session shows the leaf alone, and Node 24 does so for every client whose chain it has verified: the authorities
    // of the community are known all the same, those of the trust manager from main.
    if (!verified.ok && verified.reason === 'untrusted-chain' && chain.length === 1) {
      await this.#copy()
      verified = await verify()
    }
    if (!verified.ok) {
      const late = verified.reason === 'expired' || verified.reason === 'not-yet-valid'
      return refused(late ? 'expired' : 'untrusted', verified.text)
    }
    const via = this.#revoked.get(certificate.thumbprint)
    if (via) return refused('revoked', 'the certificate is revoked')
    const { leaf, path } = verified
    const listed = await this.#listed(leaf)
    if (listed.standing !== 'member') return this.#unlisted(listed.standing, path)
    // Only now: nobody but a member gets to choose which addresses are fetched from here.
    for (const [i, link] of path.slice(0, -1).entries()) {
      const learned = await this.#revocations.of(link, path[i + 1] as X509Certificate)
      if (learned.is === 'revoked') return refused('revoked', 'the certificate is revoked')
      if (learned.is === 'unknown')
        return refused('untrusted', 'the revocation status of the certificate cannot be learned')
    }
    const { name, uri, identifier } = listed
    return { ok: true, member: { name, uri, identifier } }
  }

  /** The member whose URI the certificate names and whose key it holds; looks at main again where the copy is old. */
  async #listed(leaf: X509Certificate): Promise<Entry | { standing: 'unnamed' | 'unknown' | 'other-key' }> {
    const uris = alternativeNames(leaf.subjectAltName, 'URI')
    if (uris.length === 0) return { standing: 'unnamed' }
    const byHand = uris.map((uri) => this.#entries.get(uri)).find((entry) => entry?.byHand)
    if (!byHand) await this.#copy()
    const entry = byHand ?? uris.map((uri) => this.#entries.get(uri)).find((found) => found !== undefined)
    if (!entry) return { standing: 'unknown' }
    if (entry.keys.length > 0 && !entry.keys.some((key) => sameKey(key, leaf.publicKey)))
      return { standing: 'other-key' }
    return entry
  }

  #unlisted(
    standing: Entry['standing'] | 'unnamed' | 'unknown' | 'other-key',
    path: readonly X509Certificate[],
  ): Standing {
    const endorsed = path.slice(1).some(({ publicKey }) => this.#endorsers.some((key) => sameKey(key, publicKey)))
    if (standing === 'unnamed')
      return refused('unknown', 'the certificate names no organization by URI (HRex security)')
    if (standing === 'other-key') return refused('unknown', 'the certificate is not the one that this member published')
    if (standing === 'removed') return refused('removed', 'the organization was removed from the trust community')
    if (standing === 'endorsed-only' || endorsed)
      return refused('not-merged', 'the organization is endorsed and its bundle is not in the repository')
    return refused('unknown', 'the organization is not in the repository of the trust community')
  }

  /** The repository's main, once for all who ask at the same time. */
  async #copy(): Promise<void> {
    const { clock, fetch, repository } = this.#options
    if (!fetch || !repository) return
    if (this.#copied && clock.now().getTime() - this.#copied.at < this.#seconds * 1000) return
    this.#copying ??= this.#fetchMain(fetch, repository).finally(() => {
      this.#copying = undefined
    })
    await this.#copying
  }

  async #fetchMain(fetch: Fetch, repository: string): Promise<void> {
    const at = this.#options.clock.now().getTime()
    const etag = this.#copied?.etag
    try {
      const response = await fetch(repository, {
        headers: { accept: 'application/json', ...(etag ? { 'if-none-match': etag } : {}) },
      })
      if (response.status === 304) this.#copied = { etag, at }
      if (!response.ok) return
      const { bundles } = (await response.json()) as { bundles: { bundle: Bundle }[] }
      await this.refresh(bundles.map(({ bundle }) => bundle))
      this.#copied = { etag: response.headers.get('etag') ?? undefined, at }
    } catch {
      // Nobody there: the old copy goes on, as a git clone would.
    }
  }

  /** Signed by an endorsed key, endorsed under a root of the community, at an https address: else it does not count. */
  async #believe(bundle: Bundle, read: EndpointBundle): Promise<Entry | undefined> {
    const signature = readBundleSignature(bundle)
    const endorsed = read.endorsed.find(({ signed, by }) => signed?.kind === 'certificate' && by)
    const leaf = endorsed?.signed?.certificates[0]
    const [uri] = alternativeNames(leaf?.subjectAltName, 'URI')
    if (!leaf || !uri || !read.address?.startsWith('https://') || signature.is !== 'jws' || !signature.valid)
      return undefined
    if (!sameKey(signature.chain[0]?.publicKey ?? leaf.publicKey, leaf.publicKey)) return undefined
    // The manager's certificate must lead to a root of the community, and the manager's key must have endorsed the leaf.
    const manager = endorsed?.by?.certificates ?? []
    const { trusted, clock } = this.#options
    const verified = await verifyCertificate(
      manager.map(({ raw }) => raw),
      { trusted, at: clock.now() },
    )
    if (!verified.ok || !verified.leaf.ca) return undefined
    if (!endorsed?.signed || !endorsedWith(endorsed.signed, verified.leaf.publicKey)) return undefined
    if (inForce(leaf, clock.now()) !== 'yes') return undefined
    const identifier = read.plan?.identifier?.[0]
    return {
      name: read.plan?.name ?? uri,
      uri,
      identifier: { system: identifier?.system ?? '', value: identifier?.value ?? '' },
      standing: 'member',
      keys: keysOf(read),
      byHand: false,
    }
  }
}

const refused = (reason: Exclude<Standing, { ok: true }>['reason'], text: string): Standing => ({
  ok: false,
  reason,
  text,
})
