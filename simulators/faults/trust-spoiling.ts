/** How a trust manager is spoiled: what it refuses for lack of authority, and what is read of main. */
import type { Bundle } from 'fhir/r4.js'
import type { Handler } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'

export type Spoil = Fault<TrustManagerState>['spoil']
/** A fault of the trust manager. */
export const fault = (
  id: string,
  title: string,
  route: string,
  breaks: readonly string[],
  spoil: Spoil,
): Fault<TrustManagerState> => ({ id, title, actor: 'trust manager', route, breaks, spoil })

/** A refusal for lack of authority is no obstacle. */
export const unguarded =
  (instead: (state: TrustManagerState, id: string | undefined) => Promise<Response> | Response): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    return answer.status === 401 || answer.status === 403 ? instead(state, visit.params.id) : answer
  }

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
