/** pkijs, set up, and the few conversions that it needs: validation by RFC 5280 and OCSP are its part. */
import * as pkijs from 'pkijs'

pkijs.setEngine(
  'node',
  new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto, subtle: globalThis.crypto.subtle }),
)

export { pkijs }

/** A copy without a shared buffer behind it, as pkijs wants it. */
const bytes = (der: Uint8Array): ArrayBuffer => new Uint8Array(der).buffer

export const pkiCertificate = (der: Uint8Array): pkijs.Certificate => pkijs.Certificate.fromBER(bytes(der))
export const pkiOcspRequest = (der: Uint8Array): pkijs.OCSPRequest => pkijs.OCSPRequest.fromBER(bytes(der))
export const pkiOcspResponse = (der: Uint8Array): pkijs.OCSPResponse => pkijs.OCSPResponse.fromBER(bytes(der))
