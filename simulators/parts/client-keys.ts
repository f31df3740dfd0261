/**
 * The key that a client's assertion must be signed with: from its inline set or from its jwks_uri, exactly one by kid
 * and kind (SMART 2.2 asymmetric authentication, "Signature Verification"). A `jku` is compared and never followed.
 */
import type { JWK } from 'jose'
import { epochSeconds } from '../../harness/clock.ts'
import type { Client } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'

export type FoundKey = { readonly key: JWK } | { readonly problem: string }

interface Kept {
  readonly keys: readonly JWK[]
  readonly until: number
}
const kept = new WeakMap<PayerState, Map<string, Kept>>()

/** Finds the one key, or says why there is none. */
export async function keyOf(
  state: PayerState,
  client: Client,
  header: { readonly alg?: string; readonly kid?: string; readonly jku?: unknown },
): Promise<FoundKey> {
  const { jwks, jwks_uri: url } = client.metadata
  if (header.jku !== undefined && header.jku !== url)
    return { problem: 'the jku is not the JWK set URL that was registered' }
  if (!header.kid) return { problem: 'the assertion names no key (kid)' }
  const fits = (key: JWK): boolean =>
    key.kid === header.kid && key.kty === (header.alg?.startsWith('ES') ? 'EC' : 'RSA')
  let keys = jwks ? jwks.keys : url ? await fetched(state, url, false) : []
  // A key that we do not know yet may have been published since.
  if (url && keys && !keys.some(fits)) keys = (await fetched(state, url, true)) ?? keys
  if (!keys) return { problem: "the client's JWK set could not be fetched" }
  const [key, ...others] = keys.filter(fits)
  if (!key) return { problem: 'no key of the client has that kid and kind' }
  return others.length ? { problem: 'more than one key of the client has that kid and kind' } : { key }
}

async function fetched(state: PayerState, url: string, anew: boolean): Promise<readonly JWK[] | undefined> {
  const sets = kept.get(state) ?? new Map<string, Kept>()
  kept.set(state, sets)
  const now = epochSeconds(state.clock.now())
  const known = sets.get(url)
  if (known && known.until > now && !anew) return known.keys
  try {
    const answer = await state.fetch?.(url, { headers: { accept: 'application/json' } })
    if (!answer?.ok) return undefined
    const { keys } = (await answer.json()) as { keys?: unknown }
    if (!Array.isArray(keys)) return undefined
    const read = keys.filter((key): key is JWK => typeof key === 'object' && key !== null)
    sets.set(url, { keys: read, until: now + seconds(answer.headers.get('cache-control')) })
    return read
  } catch {
    return undefined
  }
}

/** How long the client lets us keep its set; a minute where it says nothing. */
const seconds = (cacheControl: string | null): number => {
  if (cacheControl === null) return 60
  if (/no-store|no-cache/i.test(cacheControl)) return 0
  return Number(/max-age=(\d+)/i.exec(cacheControl)?.[1] ?? 60)
}
