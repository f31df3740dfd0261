/** Why a handshake ended, in words for whoever runs the client: OpenSSL's own name a line of its sources. */
import type { TLSSocket } from 'node:tls'

/** What we found wrong with the chain that a client showed, by the code of Node's verification. */
const refused: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed, and only authorities of the community are trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not one that is trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'it came alone and its issuer is not known here: send the whole chain, the leaf first and its issuers after it',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it is revoked',
  INVALID_PURPOSE: 'it is not made for clients (extended key usage)',
}

/** What OpenSSL calls it, and what the client did. */
const mistakes: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'the client spoke HTTP without TLS: the address begins with https://',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    'the client showed no certificate, and this host asks for one (mutual TLS)',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the client offers no version of TLS that is spoken here (1.2 and 1.3)',
  ERR_SSL_NO_SHARED_CIPHER: 'the client offers no cipher that is spoken here',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what came is not TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the client does not trust the certificate of this server: it lacks the root',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the client refused the certificate of this server: does it trust the root?',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the client refused the certificate of this server: does it trust the root?',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the client says that the certificate of this server has expired',
  ECONNRESET: 'the client left before the handshake was over',
}

/** One sentence; what nobody has words for is told as it came, without addresses in memory and lines of sources. */
export function handshakeTrouble(
  error: Error & { code?: string },
  socket?: Pick<TLSSocket, 'authorizationError'>,
): string {
  // Node ends the connection for it, and tells that as a reset. It is a code, whatever its type says.
  const verification = socket?.authorizationError as unknown
  if (typeof verification === 'string')
    return `the certificate of the client is refused: ${refused[verification] ?? 'it cannot be verified'} (${verification})`
  const known = mistakes[error.code ?? '']
  if (known) return known
  const [, reason = error.message] = /:SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? []
  return reason.trim()
}
