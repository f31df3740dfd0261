/** pkijs, set up, and the few conversions that it needs: validation by RFC 5280 and OCSP are its part. */
import * as pkijs from 'pkijs'
import { once } from '../harness/once.ts'

pkijs.setEngine(
  'node',
  new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto, subtle: globalThis.crypto.subtle }),
)

export { pkijs }

/** A copy without a shared buffer behind it, as pkijs wants it. */
const bytes = (der: Uint8Array): ArrayBuffer => new Uint8Array(der).buffer

const certificates = new Map<string, pkijs.Certificate>()

/** A certificate; each is read once: the same few are in every chain. */
export function pkiCertificate(der: Uint8Array): pkijs.Certificate {
  const name = Buffer.from(der).toString('latin1')
  return once(certificates, name, () => pkijs.Certificate.fromBER(bytes(der)))
}

export const pkiOcspRequest = (der: Uint8Array): pkijs.OCSPRequest => pkijs.OCSPRequest.fromBER(bytes(der))
export const pkiOcspResponse = (der: Uint8Array): pkijs.OCSPResponse => pkijs.OCSPResponse.fromBER(bytes(der))
