/**
 * The repository over HTTP (PDex trust framework): bundles are put on branches, reviewed, merged to main, and read by the
 * members; and the bare repository itself, for `git clone`.
 */

import type { OperationOutcomeIssue } from 'fhir/r4.js'
import type { Asked } from '../asked.ts'
import { Said } from '../said.ts'
import { fhir, type Handler, json, outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { MergeRequest } from '../state/trust-merge-requests.ts'
import { review } from './trust-review.ts'

const resourceOf = (issues: readonly OperationOutcomeIssue[]): object => ({
  resourceType: 'OperationOutcome',
  issue: issues.length
    ? issues
    : [{ severity: 'information', code: 'informational', diagnostics: 'nothing was found that speaks against it' }],
})
const bodyOf = async (request: Asked): Promise<Record<string, unknown>> =>
  ((await request.json().catch(() => undefined)) ?? {}) as Record<string, unknown>

/** Names that git takes for a branch, and that cannot leave their folder. */
const isBranch = (name: string): boolean =>
  /^[A-Za-z0-9][\w.-]{0,80}(\/[A-Za-z0-9][\w.-]{0,80}){0,3}$/.test(name) && !/\.\.|\.lock$/.test(name)
const isFile = (name: string): boolean => /^[A-Za-z0-9][\w-]*(\.[\w-]+)*\.json$/.test(name)

/** PUT: a bundle on a branch; main is for the trust manager's review alone. */
export const putBundle =
  (state: TrustManagerState): Handler =>
  async (request, { params }) => {
    const { branch = '', file = '' } = params
    if (branch === 'main') return outcome(403, 'forbidden', 'main changes by review only: put the bundle on a branch')
    if (!isBranch(branch) || !isFile(file)) return outcome(400, 'value', 'name a branch, and a file like plan.json')
    const text = await request.text()
    let name = 'a member'
    try {
      const read = JSON.parse(text) as {
        resourceType?: string
        entry?: { resource?: { name?: string; resourceType?: string } }[]
      }
      if (read?.resourceType !== 'Bundle') return outcome(422, 'structure', 'the file holds no FHIR Bundle')
      name = read.entry?.find(({ resource }) => resource?.resourceType === 'Organization')?.resource?.name ?? name
    } catch {
      return outcome(400, 'structure', 'the file is not JSON')
    }
    const path = `bundles/${file}`
    const author = { name, email: `${branch.replaceAll('/', '.')}@branch.invalid` }
    const revision = await state.repository.put(branch, path, text, author, `Publish ${path}`)
    return json({ branch, path, revision }, { status: 201 })
  }

/** GET: the branches and where they are. */
export const branches =
  (state: TrustManagerState): Handler =>
  async () =>
    json({ branches: Object.fromEntries(await state.repository.branches()) })

/** What a branch would change, reviewed file by file. */
async function reviewed(branch: string, state: TrustManagerState): Promise<OperationOutcomeIssue[]> {
  const main = await state.repository.files('main')
  const changes = await state.repository.changes(branch)
  if (changes.size === 0)
    return [{ severity: 'error', code: 'business-rule', diagnostics: 'the branch changes nothing' }]
  return [...changes].flatMap(([path, content]) => review(path, content, state, main.get(path)))
}

const shown = async (request: MergeRequest, state: TrustManagerState): Promise<object> => ({
  ...request,
  ...(request.status === 'open' ? { review: resourceOf(await reviewed(request.branch, state)) } : {}),
})

/** POST: asks for a branch to be merged. */
export const requestMerge =
  (state: TrustManagerState): Handler =>
  async (request) => {
    const { branch, title } = await bodyOf(request)
    if (typeof branch !== 'string' || branch === 'main') return outcome(400, 'required', 'name the branch to be merged')
    if (!(await state.repository.revision(branch))) return outcome(404, 'not-found', 'there is no such branch')
    const opened = state.mergeRequests.open({
      branch,
      title: typeof title === 'string' ? title : `Merge ${branch}`,
      createdAt: state.clock.now().toISOString(),
    })
    if (!opened) return outcome(409, 'duplicate', 'a merge request for this branch is open')
    const location = `${state.base}/repo/merge-requests/${opened.id}`
    return json(await shown(opened, state), { status: 201, headers: { location } })
  }

/** GET: all of them, or one with its review. */
export const mergeRequests =
  (state: TrustManagerState): Handler =>
  async (_request, { params }) => {
    if (!params.id) return json({ mergeRequests: state.mergeRequests.all })
    const found = state.mergeRequests.get(params.id)
    return found ? json(await shown(found, state)) : outcome(404, 'not-found', 'there is no such merge request')
  }

/** POST approve: merges what passes the review; 422 with what does not, and the request stays open. */
export const approve =
  (state: TrustManagerState): Handler =>
  async (_request, { params }) => {
    const found = state.mergeRequests.get(params.id ?? '')
    if (!found) return outcome(404, 'not-found', 'there is no such merge request')
    if (!state.mergeRequests.after(found, 'merge'))
      return outcome(409, 'conflict', `the merge request is ${found.status} already`)
    const issues = await reviewed(found.branch, state)
    if (issues.length > 0) return fhir(resourceOf(issues), 422)
    const result = await state.repository.merge(found.branch, `Merge ${found.branch}: ${found.title}`)
    if ('conflict' in result) return outcome(409, 'conflict', `${result.conflict} was changed on main meanwhile`)
    return json(state.mergeRequests.move(found, 'merge', { revision: result.merged }))
  }

/** POST reject, with a reason. */
export const reject =
  (state: TrustManagerState): Handler =>
  async (request, { params }) => {
    const found = state.mergeRequests.get(params.id ?? '')
    if (!found) return outcome(404, 'not-found', 'there is no such merge request')
    const { reason } = await bodyOf(request)
    if (typeof reason !== 'string' || reason === '') return outcome(400, 'required', 'a rejection says its reason')
    if (!state.mergeRequests.after(found, 'reject'))
      return outcome(409, 'conflict', `the merge request is ${found.status} already`)
    return json(state.mergeRequests.move(found, 'reject', { reason }))
  }

/** GET: the bundles on main; 304 when the reader has this revision. */
export const mainBundles =
  (state: TrustManagerState): Handler =>
  async (request) => {
    // A repository that nobody has used is not made for a reader.
    const revision = state.repository.begun ? await state.repository.revision('main') : undefined
    const etag = `"${revision ?? 'empty'}"`
    const headers = { etag, 'cache-control': 'no-cache' }
    if (
      request.headers
        .get('if-none-match')
        ?.split(/\s*,\s*/)
        .includes(etag)
    )
      return new Response(null, { status: 304, headers })
    const files = revision ? await state.repository.files('main') : new Map<string, string>()
    const bundles = [...files]
      .filter(([path]) => path.startsWith('bundles/'))
      .map(([path, text]) => ({ file: path.slice('bundles/'.length), bundle: JSON.parse(text) as unknown }))
    return json({ revision: revision ?? null, bundles }, { headers })
  }

/** GET: one bundle on main. */
export const mainBundle =
  (state: TrustManagerState): Handler =>
  async (_request, { params }) => {
    const text = state.repository.begun
      ? (await state.repository.files('main')).get(`bundles/${params.file}`)
      : undefined
    if (text === undefined) return outcome(404, 'not-found', 'there is no such bundle on main')
    return new Said(text, { headers: { 'content-type': 'application/fhir+json; charset=utf-8' } })
  }

/** GET: a file of the bare repository, as `git clone` asks for it over the dumb protocol. */
export const clone =
  (state: TrustManagerState, pathOf: (params: Readonly<Record<string, string>>) => string): Handler =>
  async (_request, { params }) => {
    const found = await state.repository.raw(pathOf(params))
    if (!found) return outcome(404, 'not-found', 'there is no such object')
    return new Said(found, {
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-cache' },
    })
  }
