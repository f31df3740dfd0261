/**
 * Ways in which a trust manager is careless with its repository: what gets onto main without a review, and what stays
 * there.
 */
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'
import { fault, type Spoil, unguarded } from './trust-spoiling.ts'

const approve = 'POST /repo/merge-requests/:id/approve'

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

export const trustRepositoryFaults: readonly Fault<TrustManagerState>[] = [
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
]
