/** A JWK set as a document: the authorization server's own keys, or a client's (RFC 7517 §5, SMART "JWK Set URL"). */
import type { Handler } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { openJson } from './oauth.ts'

/** Serves public keys; `maxAge` seconds is how long others may rely on them. */
export const jwkSet =
  (keys: () => readonly Readonly<Record<string, unknown>>[], maxAge = 300): Handler =>
  () =>
    openJson({ keys: keys() }, { 'cache-control': `public, max-age=${maxAge}` })

/** The keys that our access tokens are signed with. */
export const jwks = (state: PayerState): Handler =>
  jwkSet(() => (state.identity.signing ? [state.identity.signing.publicJwk] : []))
