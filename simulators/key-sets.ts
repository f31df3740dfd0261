/**
 * Where the payers whom the harness plays publish their JWK sets (SMART "JWK Set URL"). Open to everybody to read; a set is
 * replaced by whoever signs the new one with a key of the old.
 */
import type { JWK } from 'jose'
import { jwsHoldsBy, verifyingKey } from '../certs/jws.ts'
import type { Identity } from '../harness/actor.ts'
import { jwkSet } from './parts/jwks.ts'
import { type Handler, outcome, route, type Simulation } from './simulator.ts'

/** Seconds that others may rely on a set. */
export const keySetSeconds = 60

type Sets = Map<string, readonly Readonly<Record<string, unknown>>[]>

/** `payer` in the path is the host of the organization's URI: `/new-harbor.example/jwks.json`. */
export function keySets(payers: readonly Pick<Identity, 'uri' | 'signing'>[]): Simulation<Sets> {
  const sets: Sets = new Map()
  for (const { uri, signing } of payers) if (signing) sets.set(new URL(uri).hostname, [signing.publicJwk])
  const of =
    (answer: (keys: readonly Readonly<Record<string, unknown>>[], payer: string) => Handler): Handler =>
    (request, visit) => {
      const payer = visit.params.payer ?? ''
      const keys = sets.get(payer)
      return keys
        ? answer(keys, payer)(request, visit)
        : outcome(404, 'not-found', 'nobody of that name publishes keys')
    }
  return {
    state: sets,
    routes: [
      route(
        'GET',
        '/:payer/jwks.json',
        [],
        of((keys) => jwkSet(() => keys, keySetSeconds)),
      ),
      route(
        'PUT',
        '/:payer/jwks.json',
        [],
        of((keys, payer) => async (request) => {
          const next = signedByOneOf(keys, await request.text())
          if (!next) return outcome(403, 'forbidden', 'the set is not signed with a key of the one that it replaces')
          sets.set(payer, next)
          return new Response(null, { status: 204 })
        }),
      ),
    ],
  }
}

function signedByOneOf(keys: readonly Readonly<Record<string, unknown>>[], text: string): JWK[] | undefined {
  const holds = (key: Readonly<Record<string, unknown>>): boolean => {
    try {
      return jwsHoldsBy(text, verifyingKey(key), [String(key.alg)])
    } catch {
      return false
    }
  }
  if (!keys.some(holds)) return undefined
  try {
    const { keys: next } = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { keys?: JWK[] }
    return Array.isArray(next) ? next : undefined
  } catch {
    return undefined
  }
}
