/** Is this certificate good? Chain, dates, use, key size and RFC 5280 rules; revocation by lists that are at hand. */
import { createHash, type X509Certificate } from 'node:crypto'
import { certificateFrom, inForce, isSelfSigned, pathTo } from '../harness/certificates.ts'
import { once } from '../harness/once.ts'
import { pathDoubt } from './path-rules.ts'
import { readRevocationList } from './revocation-list.ts'

/** Reason codes of a refusal, as a trust manager tells them. */
export type Doubt =
  | 'expired'
  | 'not-yet-valid'
  | 'self-signed'
  | 'untrusted-chain'
  | 'wrong-usage'
  | 'weak-key'
  | 'revoked'

export type Verified =
  | {
      readonly ok: true
      readonly leaf: X509Certificate /** Leaf first, root last. */
      readonly path: readonly X509Certificate[]
    }
  | { readonly ok: false; readonly reason: Doubt; readonly text: string }

export interface Demands {
  /** PEM of the roots. */
  readonly trusted: readonly string[]
  readonly at: Date
  readonly usage?: 'clientAuth' | 'serverAuth'
  /** Revocation lists at hand (DER or PEM); each is used for the certificates of its issuer. */
  readonly lists?: readonly Uint8Array[]
}

const usages = { clientAuth: '1.3.6.1.5.5.7.3.2', serverAuth: '1.3.6.1.5.5.7.3.1' } as const
const anyUsage = '2.5.29.37.0'

const judged = new Map<string, Verified>()

/**
 * Judges a chain (DER, leaf first; what else it holds may be in any order). But for the lists the same chain at the same
 * instant is judged once: the verdict depends on nothing else, and a scenario asks for it at every connection.
 */
export async function verifyCertificate(chain: readonly Uint8Array[], demands: Demands): Promise<Verified> {
  const verified = judgedOnce(chain, demands)
  if (!verified.ok) return verified
  const { path } = verified
  for (const [i, certificate] of path.slice(0, -1).entries())
    for (const list of demands.lists ?? []) {
      const issuer = path[i + 1] as X509Certificate
      const read = await readRevocationList(list, issuer.raw, certificate.serialNumber, demands.at)
      if (read.believed && read.revoked)
        return { ok: false, reason: 'revoked', text: `${nameOf(certificate)} is revoked` }
    }
  return verified
}

function judgedOnce(chain: readonly Uint8Array[], demands: Demands): Verified {
  const hash = createHash('sha256')
  for (const der of chain) hash.update(der).update('|')
  for (const root of demands.trusted) hash.update(root)
  const key = `${hash.digest('base64')} ${demands.at.getTime()} ${demands.usage ?? ''}`
  return once(judged, key, () => judge(chain, demands))
}

function judge(chain: readonly Uint8Array[], demands: Demands): Verified {
  const no = (reason: Doubt, text: string): Verified => ({ ok: false, reason, text })
  let certificates: X509Certificate[]
  try {
    certificates = chain.map((der) => certificateFrom(der))
  } catch {
    return no('untrusted-chain', 'the certificate cannot be read')
  }
  const [leaf, ...between] = certificates
  if (!leaf) return no('untrusted-chain', 'there is no certificate')
  const roots = demands.trusted.map((pem) => certificateFrom(pem))
  const path = pathTo(leaf, between, roots)
  if (!path)
    return isSelfSigned(leaf)
      ? no('self-signed', 'the certificate is signed by itself')
      : no('untrusted-chain', 'the certificate does not lead to an authority that is trusted here')
  for (const certificate of path) {
    const force = inForce(certificate, demands.at)
    const name = certificate === leaf ? 'the certificate' : `the certificate of ${nameOf(certificate)}`
    if (force === 'expired') return no('expired', `${name} expired on ${certificate.validTo}`)
    if (force === 'not-yet-valid') return no('not-yet-valid', `${name} is not valid before ${certificate.validFrom}`)
  }
  const weak = path.find(isWeak)
  if (weak) return no('weak-key', `the key of ${nameOf(weak)} is too short`)
  if (demands.usage && !mayServe(leaf, usages[demands.usage]))
    return no(
      'wrong-usage',
      `the certificate is not meant for ${demands.usage === 'clientAuth' ? 'clients' : 'servers'}`,
    )
  // A trusted leaf is its own path: nobody signs for anybody.
  const doubt = path.length > 1 ? pathDoubt(path) : undefined
  if (doubt) return no('untrusted-chain', `the chain breaks RFC 5280: ${doubt}`)
  return { ok: true, leaf, path }
}

const nameOf = (certificate: X509Certificate): string => certificate.subject.replaceAll('\n', ', ')

const isWeak = ({ publicKey }: X509Certificate): boolean => {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  if (publicKey.asymmetricKeyType === 'rsa') return (modulusLength ?? 0) < 2048
  if (publicKey.asymmetricKeyType === 'ec') return !['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve ?? '')
  return publicKey.asymmetricKeyType !== 'ed25519' && publicKey.asymmetricKeyType !== 'ed448'
}

/** Without an extended key usage a certificate may serve for anything (RFC 5280 §4.2.1.12). */
const mayServe = (certificate: X509Certificate, usage: string): boolean => {
  const named = certificate.keyUsage as readonly string[] | undefined
  return !named || named.includes(usage) || named.includes(anyUsage)
}
