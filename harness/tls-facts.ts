/** What a TLS connection shows: protocol, cipher, and both certificates as the record keeps them. */
import { createHash, X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { once } from './once.ts'
import { presentedBy } from './pool.ts'
import type { CertificateFacts, TlsFacts } from './transcript.ts'

/** SHA-256 of the DER, base64url without padding (RFC 8705 x5t#S256). */
export const thumbprint = (der: Uint8Array): string => createHash('sha256').update(der).digest('base64url')

const seenCertificates = new Map<string, CertificateFacts>()

/** What a certificate (DER, leaf first with its issuers) shows. */
export function certificateFacts(chain: readonly Uint8Array[]): CertificateFacts {
  const [leaf, ...issuers] = chain
  if (!leaf) throw new RangeError('a chain has at least a leaf')
  // The same leaf may come with other issuers: what was shown is evidence.
  return once(seenCertificates, chain.map(thumbprint).join(' '), () => factsOf(leaf, issuers), 2000)
}

function factsOf(leaf: Uint8Array, issuers: readonly Uint8Array[]): CertificateFacts {
  const certificate = new X509Certificate(leaf)
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    thumbprint: thumbprint(leaf),
    serial: certificate.serialNumber,
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    subjectAltName: certificate.subjectAltName ?? '',
    chain: [leaf, ...issuers].map((der) => Buffer.from(der).toString('base64')),
  }
}

/** The chain that the peer showed, leaf first. */
export function peerChain(peer: DetailedPeerCertificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = []
  for (let at = peer; at?.raw && chain.length < 8; at = at.issuerCertificate) {
    chain.push(at.raw)
    if (!at.issuerCertificate || at.issuerCertificate === at) break
  }
  return chain
}

const pemChain = (pem: string): Uint8Array[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((m) =>
    Buffer.from(m[1] as string, 'base64'),
  )

const shownBy = new WeakMap<Socket, TlsFacts>()

/** Whether it was read already what that connection shows. */
export const isKnown = (socket: Socket): boolean => shownBy.has(socket)

/** What a connection shows, and the chain (PEM) that we show on it; read once for each, since it is the same for every request on it. */
export function tlsFacts(socket: TLSSocket, own: string | undefined): TlsFacts | undefined {
  const known = shownBy.get(socket)
  if (known) return known
  const facts = readTlsFacts(socket, own)
  if (facts) shownBy.set(socket, facts)
  return facts
}

function readTlsFacts(socket: TLSSocket, own: string | undefined): TlsFacts | undefined {
  const protocol = socket.getProtocol?.()
  if (!protocol) return undefined
  const server = peerChain(presentedBy(socket))
  const client = own ? pemChain(own) : []
  return {
    protocol,
    cipher: socket.getCipher().name,
    ...(server.length ? { server: certificateFacts(server) } : {}),
    ...(client.length ? { client: certificateFacts(client) } : {}),
  }
}
