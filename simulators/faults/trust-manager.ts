/** Ways in which a trust manager is careless: with applications, endorsements, reviews and revocations. */
import type { Bundle } from 'fhir/r4.js'
import { intermediateAuthority, rootAuthority } from '../../certs/authority.ts'
import { issue } from '../../certs/issue.ts'
import { pem } from '../../certs/keys.ts'
import { revocationList, revocationListPem } from '../../certs/revocation-list.ts'
import { throwAway } from '../../certs/throw-away.ts'
import type { Handler } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'

type Spoil = Fault<TrustManagerState>['spoil']
const fault = (
  id: string,
  title: string,
  route: string,
  breaks: readonly string[],
  spoil: Spoil,
): Fault<TrustManagerState> => ({ id, title, actor: 'trust manager', route, breaks, spoil })

const verify = 'POST /tm/submissions/:id/verify'
const endorse = 'POST /tm/submissions/:id/endorse'
const approve = 'POST /repo/merge-requests/:id/approve'

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

/** Merges although the honest review says no, when all that it says is of this kind. */
const mergingDespite =
  (...kinds: RegExp[]): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 422) return answer
    const { issue: issues } = (await answer.clone().json()) as { issue: { diagnostics?: string }[] }
    const overlooked = issues.every(({ diagnostics = '' }) => kinds.some((kind) => kind.test(diagnostics)))
    return overlooked ? merge(state, visit.params.id) : answer
  }

async function merge(state: TrustManagerState, id: string | undefined): Promise<Response> {
  const found = state.mergeRequests.get(id ?? '')
  if (!found) return Response.json({}, { status: 404 })
  const result = await state.repository.merge(found.branch, 'Merge without a look')
  if ('conflict' in result) return Response.json({}, { status: 409 })
  return Response.json(state.mergeRequests.move(found, 'merge', { revision: result.merged }))
}

/** A refusal for lack of authority is no obstacle. */
const unguarded =
  (instead: (state: TrustManagerState, id: string | undefined) => Promise<Response> | Response): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    return answer.status === 401 || answer.status === 403 ? instead(state, visit.params.id) : answer
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
    'opens-main',
    'takes bundles on main without a review',
    'PUT /repo/branches/:branch/bundles/:file',
    ['PDEX-090'],
    (honest, { repository }) =>
      async (request, visit) => {
        const text = await request.clone().text()
        const answer = await honest(request, visit)
        if (answer.status !== 403) return answer
        const author = { name: 'anybody', email: 'anybody@branch.invalid' }
        const revision = await repository.put('main', `bundles/${visit.params.file}`, text, author, 'Publish')
        return Response.json({ branch: 'main', revision }, { status: 201 })
      },
  ),
  fault(
    'merges-unsigned-bundles',
    'merges bundles that are not signed',
    approve,
    ['PDEX-091', 'NDH-022'],
    mergingDespite(/is not signed$/, /is no JWS/),
  ),
  fault(
    'merges-altered-bundles',
    'merges bundles whose signature does not hold',
    approve,
    ['PDEX-091', 'NDH-022'],
    mergingDespite(/signature does not hold/),
  ),
  fault(
    'merges-bundles-of-strangers',
    'merges bundles of payers that are not endorsed',
    approve,
    ['PDEX-091', 'NDH-022'],
    mergingDespite(/endorsed/, /publicCertificate/, /bundle is about/),
  ),
  fault(
    'merges-bundles-about-others',
    'merges a bundle about an organization that did not sign it',
    approve,
    ['PDEX-091', 'NDH-022'],
    mergingDespite(/is about the organization/),
  ),
  fault(
    'merges-misshapen-bundles',
    'looks at signatures and not at what is signed',
    approve,
    ['PDEX-091', 'NDH-022'],
    mergingDespite(
      /timestamp/,
      /collection/,
      /Endpoint/,
      /Organization/,
      /telecom/,
      /CodeableConcept/,
      /https/,
      /signed object/,
      /endorsed$/,
      /manager's$/,
      /about/,
    ),
  ),
  fault(
    'merges-in-words-only',
    'says that a bundle is merged and leaves main as it is',
    approve,
    ['PDEX-091'],
    (honest, { mergeRequests }) =>
      async (request, visit) => {
        const known = mergeRequests.get(visit.params.id ?? '')
        // What the honest one would refuse is refused: only what is good is forgotten.
        const copy = known && { ...known }
        if (!copy || !request.headers.has('authorization') || copy.branch.endsWith('-2')) return honest(request, visit)
        return Response.json({ ...copy, status: 'merged', revision: '0'.repeat(40) })
      },
  ),
  fault('lets-anybody-merge', 'merges for whoever asks', approve, ['PDEX-091', 'NDH-022'], unguarded(merge)),
  fault(
    'keeps-revoked-members',
    'revokes a membership and leaves the bundle on main',
    'POST /tm/members/:id/revoke',
    ['NDH-023'],
    (honest, { repository }) =>
      async (request, visit) => {
        const before = await repository.files('main')
        const answer = await honest(request, visit)
        const { removed = [] } = (await answer.clone().json()) as { removed?: string[] }
        for (const path of removed)
          await repository.put(
            'main',
            path,
            before.get(path) ?? '',
            { name: 'nobody', email: 'nobody@branch.invalid' },
            'Keep',
          )
        return answer
      },
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

/** A handler that changes every bundle on main as it is read. */
export const rewritingMain =
  (change: (bundle: Bundle) => void | Promise<void>): Spoil =>
  (honest: Handler) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 200) return answer
    const body = (await answer.clone().json()) as { bundles: { bundle: Bundle }[] }
    for (const { bundle } of body.bundles) await change(bundle)
    return Response.json(body, { headers: { etag: answer.headers.get('etag') ?? '' } })
  }
