/** Ways in which a trust manager is careless: with applications, endorsements and its own certificates. */
import { intermediateAuthority, rootAuthority } from '../../certs/authority.ts'
import { issue } from '../../certs/issue.ts'
import { pem } from '../../certs/keys.ts'
import { revocationList, revocationListPem } from '../../certs/revocation-list.ts'
import { throwAway } from '../../certs/throw-away.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'
import { fault, type Spoil, unguarded } from './trust-spoiling.ts'

const verify = 'POST /tm/submissions/:id/verify'
const endorse = 'POST /tm/submissions/:id/endorse'

/** Refusals for these reasons are told as success. */
const overlooking =
  (...reasons: string[]): Spoil =>
  (honest) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 422) return answer
    const body = (await answer.clone().json()) as { reason?: string }
    if (!reasons.includes(body.reason ?? '')) return answer
    const { reason: _reason, ...rest } = body
    return Response.json({ ...rest, status: 'verified' })
  }

/** A good JSON answer with something changed. */
const changing =
  (change: (body: Record<string, unknown>, state: TrustManagerState) => Promise<void> | void): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 200) return answer
    const body = (await answer.json()) as Record<string, unknown>
    await change(body, state)
    return Response.json(body)
  }

const pemAnswer = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'application/x-pem-file' } })

export const trustManagerFaults: readonly Fault<TrustManagerState>[] = [
  fault(
    'overlooks-dates',
    'verifies certificates without looking at their dates',
    verify,
    ['PDEX-083', 'NDH-019'],
    overlooking('expired', 'not-yet-valid'),
  ),
  fault(
    'overlooks-the-chain',
    'believes a certificate whoever signed it',
    verify,
    ['PDEX-083', 'NDH-019'],
    overlooking('untrusted-chain', 'self-signed'),
  ),
  fault(
    'overlooks-revocation',
    'verifies certificates without asking whether they are revoked',
    verify,
    ['PDEX-083', 'NDH-019'],
    overlooking('revoked'),
  ),
  fault(
    'overlooks-the-uri',
    'verifies certificates that name no organization by URI',
    verify,
    ['PDEX-083', 'NDH-019'],
    overlooking('no-uri'),
  ),
  fault(
    'overlooks-short-keys',
    'verifies certificates with keys that are too short',
    verify,
    ['PDEX-083', 'NDH-019'],
    overlooking('weak-key'),
  ),
  fault(
    'overlooks-the-agreement',
    'endorses without checking the signature on the agreement',
    verify,
    ['PDEX-084', 'NDH-020'],
    overlooking('bad-signature', 'key-mismatch'),
  ),
  fault(
    'takes-incomplete-applications',
    'takes in applications that lack a part',
    'POST /tm/submissions',
    ['PDEX-082'],
    (honest, { submissions }) =>
      async (request, visit) => {
        const answer = await honest(request, visit)
        if (answer.status !== 400) return answer
        return Response.json({ id: `incomplete-${submissions.members.length}`, status: 'received' }, { status: 201 })
      },
  ),
  fault(
    'shows-a-self-signed-certificate',
    'signs with a certificate that nobody stands behind',
    'GET /tm/certificate',
    ['PDEX-081'],
    (_honest, { identity }) =>
      async () =>
        pemAnswer((await throwAway({ subject: `CN=${identity.name}`, uris: [identity.uri] })).cert),
  ),
  fault(
    'shows-a-certificate-of-another-authority',
    'signs with a certificate of an authority outside the community',
    'GET /tm/certificate',
    ['PDEX-081'],
    () => async () =>
      pemAnswer((await intermediateAuthority(await rootAuthority('CN=Elsewhere'), 'CN=Trust Manager')).pem),
  ),
  fault(
    'lets-anybody-endorse',
    'endorses an application for whoever asks',
    endorse,
    ['PDEX-081'],
    unguarded((_state, id) => Response.json({ id, status: 'endorsed' })),
  ),
  fault(
    'endorses-another-key',
    'certifies a key that the payer did not submit',
    endorse,
    ['PDEX-085', 'NDH-021'],
    changing(async (body, { manager }) => {
      const other = await issue(manager.authority, { subject: 'CN=Somebody', uris: ['https://somebody.example'] })
      body.signedCertificate = pem('CERTIFICATE', other.der)
      delete body.signature
    }),
  ),
  fault(
    'endorses-in-words-only',
    'returns the submitted certificate unchanged and calls it endorsed',
    endorse,
    ['PDEX-085', 'NDH-021'],
    (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      if (answer.status !== 200) return answer
      const { signature: _signature, ...body } = (await answer.json()) as Record<string, unknown>
      return Response.json({
        ...body,
        signedCertificate: state.submissions.get(visit.params.id ?? '')?.identityCertificate,
      })
    },
  ),
  fault(
    'endorses-with-another-key',
    'signs with a key that is not that of its certificate',
    endorse,
    ['PDEX-085', 'NDH-021'],
    changing(async (body) => {
      body.trustManagerCertificate = (
        await intermediateAuthority(await rootAuthority('CN=Elsewhere'), 'CN=Trust Manager')
      ).pem
    }),
  ),
  fault(
    'keeps-its-certificate',
    "returns the endorsed certificate without the manager's own",
    endorse,
    ['PDEX-086', 'NDH-021'],
    changing((body) => {
      delete body.trustManagerCertificate
    }),
  ),
  fault(
    'lists-nobody',
    'revokes a membership without telling anybody',
    'GET /tm/crl',
    ['NDH-023'],
    (_honest, { manager }) =>
      async () =>
        pemAnswer(revocationListPem(await revocationList(manager.authority, [], 9))),
  ),
]
