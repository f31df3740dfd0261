/** What a relying party learns about revocation: lists and OCSP answers, really fetched, kept for a while by the clock. */
import type { X509Certificate } from 'node:crypto'
import { ocspQuestion, readOcsp } from '../../certs/ocsp.ts'
import { readRevocationList } from '../../certs/revocation-list.ts'
import { revocationSources } from '../../certs/revocation-sources.ts'
import type { Clock } from '../../harness/clock.ts'

/** How anything is fetched; given from outside, so that trust and tests are the owner's. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export type Learned =
  | { readonly is: 'good' }
  | { readonly is: 'revoked'; readonly via: 'crl' | 'ocsp' }
  /** The certificate names sources, and none could be believed. */
  | { readonly is: 'unknown'; readonly why: string }

export class Revocations {
  readonly #clock: Clock
  readonly #fetch: Fetch | undefined
  readonly #seconds: number
  readonly #lists = new Map<string, { bytes: Uint8Array; at: number }>()

  constructor(clock: Clock, fetch: Fetch | undefined, seconds: number) {
    this.#clock = clock
    this.#fetch = fetch
    this.#seconds = seconds
  }

  /** Asks every source that the certificate names: one that says "revoked" is believed, one that says "good" is enough. */
  async of(certificate: X509Certificate, issuer: X509Certificate): Promise<Learned> {
    const { lists, responders } = revocationSources(certificate.raw)
    if (lists.length + responders.length === 0) return { is: 'good' }
    const doubts: string[] = []
    let good = false
    for (const url of lists) {
      const read = await this.#askList(url, certificate, issuer)
      if (read.believed && read.revoked) return { is: 'revoked', via: 'crl' }
      if (read.believed) good = true
      else doubts.push(`the list at ${url}: ${read.why}`)
    }
    for (const url of responders) {
      const read = await this.#askResponder(url, certificate, issuer)
      if (read.believed && read.status === 'revoked') return { is: 'revoked', via: 'ocsp' }
      if (read.believed && read.status === 'good') good = true
      else doubts.push(`the responder at ${url}: ${read.believed ? 'does not know the certificate' : read.why}`)
    }
    return good ? { is: 'good' } : { is: 'unknown', why: doubts.join('; ') }
  }

  /** Forgets what it fetched. */
  forget(): void {
    this.#lists.clear()
  }

  async #askList(
    url: string,
    certificate: X509Certificate,
    issuer: X509Certificate,
  ): ReturnType<typeof readRevocationList> {
    const now = this.#clock.now()
    const kept = this.#lists.get(url)
    let bytes = kept && now.getTime() - kept.at < this.#seconds * 1000 ? kept.bytes : undefined
    if (!bytes) {
      const got = await this.#get(url)
      if (typeof got === 'string') return { believed: false, why: got }
      bytes = got
    }
    const read = await readRevocationList(bytes, issuer.raw, certificate.serialNumber, now)
    if (read.believed) this.#lists.set(url, { bytes, at: kept?.bytes === bytes ? kept.at : now.getTime() })
    return read
  }

  async #askResponder(url: string, certificate: X509Certificate, issuer: X509Certificate): ReturnType<typeof readOcsp> {
    const question = await ocspQuestion(certificate.raw, issuer.raw)
    const got = await this.#get(url, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
      body: new Uint8Array(question),
    })
    if (typeof got === 'string') return { believed: false, why: got }
    return readOcsp(got, certificate.raw, issuer.raw, this.#clock.now(), question)
  }

  /** The bytes, or why there are none. */
  async #get(url: string, init?: RequestInit): Promise<Uint8Array | string> {
    if (!this.#fetch) return 'nothing can be fetched from here'
    try {
      const response = await this.#fetch(url, init)
      if (!response.ok) return `it answers ${response.status}`
      return new Uint8Array(await response.arrayBuffer())
    } catch (cause) {
      return `it cannot be reached (${(cause as Error).message})`
    }
  }
}
