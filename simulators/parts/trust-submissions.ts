/** The desk of the trust manager (PDex trust framework, steps 1 to 4): applications come in, are verified and endorsed. */
import { verify, type X509Certificate } from 'node:crypto'
import { readCertificate } from '../../certs/certificate.ts'
import { certify } from '../../certs/issue.ts'
import { certificatesIn, keyPem, pem } from '../../certs/keys.ts'
import { type Doubt, verifyCertificate } from '../../certs/verify.ts'
import { alternativeNames, certificateFrom, fromBase64, sameKey } from '../../harness/certificates.ts'
import { jwsHolds, signBytes } from '../../harness/signature.ts'
import { type Handler, json, outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Endorsed, Organization, Submission } from '../state/trust-submissions.ts'

/** What is wrong with a submission, as the answer tells it. */
type Reason = Doubt | 'no-uri' | 'bad-signature' | 'key-mismatch'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** POST: takes an application in, or says which part is missing. */
export const submit =
  (state: TrustManagerState): Handler =>
  async (request) => {
    const body = ((await request.json().catch(() => undefined)) ?? {}) as Record<string, unknown>
    const organization = organizationIn(body.organization)
    const identityCertificate = text(body.identityCertificate)
    const agreement = text(body.agreement)
    const agreementSignature = text(body.agreementSignature)
    const missing = [
      organization ? '' : 'organization (a name and an identifier with system and value)',
      identityCertificate && certificatesIn(identityCertificate).length > 0 ? '' : 'identityCertificate (PEM)',
      agreement && fromBase64(agreement) ? '' : 'agreement (base64)',
      agreementSignature ? '' : 'agreementSignature',
    ].filter(Boolean)
    if (missing.length > 0 || !organization || !identityCertificate || !agreement || !agreementSignature)
      return outcome(400, 'required', `the submission lacks: ${missing.join(', ')}`)
    const received = state.submissions.receive({
      organization,
      identityCertificate,
      agreement,
      agreementSignature,
      contact: body.contact,
      receivedAt: state.clock.now().toISOString(),
    })
    if (!received) return outcome(409, 'duplicate', 'a submission of this organization is open')
    return json(shown(received), {
      status: 201,
      headers: { location: `${state.base}/tm/submissions/${received.id}` },
    })
  }

function organizationIn(value: unknown): Organization | undefined {
  const { name, identifiers } = (value ?? {}) as { name?: unknown; identifiers?: unknown }
  if (!text(name) || !Array.isArray(identifiers) || identifiers.length === 0) return undefined
  if (!identifiers.every((one) => text(one?.system) && text(one?.value))) return undefined
  return { name: String(name), identifiers: identifiers.map(({ system, value: of }) => ({ system, value: of })) }
}

/** What anybody may know of a submission: not the agreement. */
const shown = ({ id, organization, status, reason, receivedAt }: Submission): object => ({
  id,
  organization,
  status,
  receivedAt,
  ...(reason ? { reason: reason.code, text: reason.text } : {}),
})

/** GET: how far it has come. */
export const submission =
  (state: TrustManagerState): Handler =>
  (_request, { params }) => {
    const found = state.submissions.get(params.id ?? '')
    return found ? json(shown(found)) : outcome(404, 'not-found', 'there is no such submission')
  }

/** POST verify: certificate and agreement are looked at; 422 says what is wrong. */
export const verifySubmission =
  (state: TrustManagerState): Handler =>
  async (_request, { params }) => {
    const found = state.submissions.get(params.id ?? '')
    if (!found) return outcome(404, 'not-found', 'there is no such submission')
    if (!state.submissions.after(found, 'verify'))
      return outcome(409, 'conflict', `the submission is ${found.status}: it cannot be verified`)
    const doubt = await doubtOf(found, state)
    if (!doubt) return json(shown(state.submissions.move(found, 'verify')))
    const refused = state.submissions.move(found, 'refuse', { reason: doubt })
    return json(shown(refused), { status: 422 })
  }

/** The first thing that is wrong: certificate, its revocation, its names, the agreement. */
async function doubtOf(
  submitted: Submission,
  state: TrustManagerState,
): Promise<{ code: Reason; text: string } | undefined> {
  const no = (code: Reason, why: string): { code: Reason; text: string } => ({ code, text: why })
  const chain = certificatesIn(submitted.identityCertificate)
  const { trusted, clock, community, revocations } = state
  const verified = await verifyCertificate(chain, { trusted, at: clock.now(), lists: [await community.revoked.list()] })
  if (!verified.ok) return no(verified.reason, verified.text)
  const { leaf, path } = verified
  for (const [i, link] of path.slice(0, -1).entries()) {
    // Its own office needs no errand: the list above is the one that the certificate names.
    if (i === 0 && path[1]?.raw.equals(community.authority.certificate.raw)) continue
    const learned = await revocations.of(link, path[i + 1] as X509Certificate)
    if (learned.is === 'revoked') return no('revoked', 'the certificate is revoked')
    if (learned.is === 'unknown')
      return no('untrusted-chain', `the revocation status cannot be learned: ${learned.why}`)
  }
  if (alternativeNames(leaf.subjectAltName, 'URI').length === 0)
    return no('no-uri', 'the certificate names no organization by URI')
  return agreementDoubt(submitted, leaf)
}

/** A raw signature (base64) over the agreement, or a detached JWS that also says whose key it was. */
function agreementDoubt(submitted: Submission, leaf: X509Certificate): { code: Reason; text: string } | undefined {
  const agreement = fromBase64(submitted.agreement) as Buffer
  const altered = { code: 'bad-signature', text: 'the signature does not hold over this agreement' } as const
  const [, head, signature] = /^([\w-]+)\.\.([\w-]+)$/.exec(submitted.agreementSignature) ?? []
  if (!head || !signature) {
    const raw = fromBase64(submitted.agreementSignature)
    const holds =
      raw && [undefined, 'ieee-p1363' as const].some((dsaEncoding) => holdsOver(agreement, leaf, raw, dsaEncoding))
    return holds ? undefined : altered
  }
  const jws = `${head}.${agreement.toString('base64url')}.${signature}`
  if (jwsHolds(jws, leaf.publicKey)) return undefined
  const by = signerOf(head)
  return by && !sameKey(by.publicKey, leaf.publicKey) && jwsHolds(jws, by.publicKey)
    ? { code: 'key-mismatch', text: 'the agreement is signed with another key than that of the identity certificate' }
    : altered
}

const holdsOver = (content: Buffer, by: X509Certificate, signature: Buffer, dsaEncoding?: 'ieee-p1363'): boolean =>
  verify('sha256', content, { key: by.publicKey, ...(dsaEncoding ? { dsaEncoding } : {}) }, signature)

function signerOf(head: string): X509Certificate | undefined {
  try {
    const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { x5c?: string[] }
    return certificateFrom(Buffer.from(x5c?.[0] ?? '', 'base64'))
  } catch {
    return undefined
  }
}

/** POST endorse: signs the certificate in the form that is asked for, and returns it with the manager's own. */
export const endorse =
  (state: TrustManagerState): Handler =>
  async (request, { params }) => {
    const found = state.submissions.get(params.id ?? '')
    if (!found) return outcome(404, 'not-found', 'there is no such submission')
    if (!state.submissions.after(found, 'endorse'))
      return outcome(409, 'conflict', `the submission is ${found.status}: only a verified one can be endorsed`)
    const { form = state.settings.endorsement } = ((await request.json().catch(() => undefined)) ?? {}) as {
      form?: unknown
    }
    if (form !== 'reissue' && form !== 'detached') return outcome(400, 'value', 'form is reissue or detached')
    const endorsed = form === 'reissue' ? reissued(found, state) : detached(found, state)
    state.submissions.move(found, 'endorse', { endorsed })
    return json({
      id: found.id,
      status: 'endorsed',
      form,
      signedCertificate: endorsed.certificate,
      ...(endorsed.signature ? { signature: endorsed.signature } : {}),
      trustManagerCertificate: state.manager.authority.pem,
    })
  }

/** The same key and names, certified by the manager. */
function reissued({ identityCertificate }: Submission, state: TrustManagerState): Endorsed {
  const own = certificateFrom(identityCertificate)
  const issued = certify(
    state.manager.authority,
    {
      subject: readCertificate(own.raw).subject,
      uris: alternativeNames(own.subjectAltName, 'URI'),
      dns: alternativeNames(own.subjectAltName, 'DNS'),
      ips: alternativeNames(own.subjectAltName, 'IP Address'),
      crlUrl: `${state.base}/tm/crl`,
      ocspUrl: `${state.base}/tm/ocsp`,
    },
    own.publicKey,
  )
  return { form: 'reissue', certificate: pem('CERTIFICATE', issued) }
}

/** A signature of the manager around the certificate as it is. */
function detached({ identityCertificate }: Submission, state: TrustManagerState): Endorsed {
  const [der] = certificatesIn(identityCertificate) as [Buffer]
  const { authority } = state.manager
  const signature = signBytes(der, keyPem(authority.keys.privateKey), certificatesIn(authority.pem))
  return { form: 'detached', certificate: certificateFrom(der).toString(), signature }
}
