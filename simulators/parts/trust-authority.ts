/** What an authority publishes: its certificate, its revocation list, OCSP answers; and what it takes: requests, revocations. */
import { verify } from 'node:crypto'
import type { Authority } from '../../certs/authority.ts'
import { certificatesIn, pem } from '../../certs/keys.ts'
import { grantLeaf, readRequest } from '../../certs/request.ts'
import { revocationList, revocationListPem } from '../../certs/revocation-list.ts'
import { certificateFrom, decodeCertificate, fromBase64, issuedBy } from '../../harness/certificates.ts'
import { Said } from '../said.ts'
import { type Handler, json, outcome } from '../simulator.ts'
import type { Office, TrustManagerState } from '../state/trust-manager-state.ts'

/** Longest path of an OCSP request in a URL: RFC 6960 appendix A.1 wants GET only below 255 bytes. */
const getLimit = 1024

const bytes = (content: Uint8Array, type: string): Response =>
  new Said(content, { headers: { 'content-type': type, 'cache-control': 'no-cache' } })

/** PEM of the authority and of those above it. `alsoRoot` adds what the chain of a leaf leaves out. */
export const certificates =
  (authority: Authority, ...alsoRoot: readonly string[]): Handler =>
  () =>
    new Said([authority.chain || authority.pem, ...alsoRoot].join(''), {
      headers: { 'content-type': 'application/x-pem-file' },
    })

/** The list as of now (RFC 5280): DER, or PEM for who asks for it. */
export const list =
  ({ revoked }: Office): Handler =>
  async (request) => {
    const der = await revoked.list()
    return request.headers.get('accept')?.includes('pem')
      ? new Said(revocationListPem(der), { headers: { 'content-type': 'application/x-pem-file' } })
      : bytes(der, 'application/pkix-crl')
  }

/** The list of a root that has revoked nobody. */
export const emptyList =
  (root: Authority): Handler =>
  async () =>
    bytes(await revocationList(root, []), 'application/pkix-crl')

/** OCSP over POST (RFC 6960 appendix A). */
export const ocspPost =
  ({ revoked }: Office): Handler =>
  async (request) =>
    bytes(await revoked.answer(new Uint8Array(await request.arrayBuffer())), 'application/ocsp-response')

/** OCSP over GET: the request in base64 in the path. */
export const ocspGet =
  ({ revoked }: Office): Handler =>
  async (_request, { params }) => {
    const asked = (params.request ?? '').length > getLimit ? undefined : fromBase64(params.request ?? '')
    return bytes(await revoked.answer(asked ?? Buffer.alloc(0)), 'application/ocsp-response')
  }

/** Grants a certificate for a request (PKCS#10, PEM) that proves its key. */
export const enrol =
  (state: TrustManagerState): Handler =>
  async (request) => {
    const asked = await readRequest(await request.text())
    if (!asked) return outcome(400, 'invalid', 'send a PKCS#10 request in PEM that is signed with its own key')
    const { authority } = state.community
    const granted = await grantLeaf(authority, asked, {
      crlUrl: `${state.base}/ca/crl`,
      ocspUrl: `${state.base}/ca/ocsp`,
    })
    const body = `${pem('CERTIFICATE', granted)}${authority.chain}`
    return new Said(body, { status: 201, headers: { 'content-type': 'application/x-pem-file' } })
  }

/** Revokes a certificate for whoever proves to hold its key: a signature over its DER. */
export const revokeOwn =
  (state: TrustManagerState): Handler =>
  async (request) => {
    const { certificate, proof } = ((await request.json().catch(() => ({}))) ?? {}) as Record<string, unknown>
    const leaf = decodeCertificate(String(certificate ?? ''))
    const [issuer] = certificatesIn(state.community.authority.pem).map((der) => certificateFrom(der))
    if (!leaf || !issuer || !issuedBy(leaf, issuer))
      return outcome(404, 'not-found', 'this authority has not issued such a certificate')
    const signature = fromBase64(String(proof ?? ''))
    if (!signature || !verify('sha256', leaf.raw, leaf.publicKey, signature))
      return outcome(403, 'forbidden', 'only who holds the key of a certificate may have it revoked')
    const fresh = state.community.revoked.revoke({
      serial: leaf.serialNumber,
      at: state.clock.now(),
      reason: 'keyCompromise',
    })
    return json({ serial: leaf.serialNumber, status: 'revoked' }, { status: fresh ? 201 : 200 })
  }
