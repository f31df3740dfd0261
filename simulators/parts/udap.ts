/**
 * UDAP discovery: `.well-known/udap` under the FHIR base, with metadata signed by a certificate that names that base
 * (UDAP Security 2.0 "Discovery"). A payer without such a certificate has no UDAP and answers 404.
 */
import { signJws } from '../../certs/jws.ts'
import { certificatesIn } from '../../certs/keys.ts'
import { epochSeconds } from '../../harness/clock.ts'
import { type Handler, outcome, type Route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { endpointsOf } from './authorization-server.ts'
import { udapAlgorithms } from './client-authentication.ts'
import { openJson } from './oauth.ts'
import { offeredScopes } from './scopes.ts'

/** A year at most; a day is plenty for what is made anew at each request. */
const signedSeconds = 86_400

export const udapMetadata =
  (state: PayerState, rows: readonly Route[]): Handler =>
  async (_request, { url }) => {
    const { udap } = state
    if (!udap) return outcome(404, 'not-found', 'UDAP is not offered here')
    const community = url.searchParams.get('community')
    if (community !== null && community !== udap.community) return new Response(null, { status: 204 })
    const { token_endpoint, registration_endpoint } = endpointsOf(state, rows)
    const endpoints = { token_endpoint, registration_endpoint }
    return openJson({
      udap_versions_supported: ['1'],
      udap_profiles_supported: ['udap_dcr', 'udap_authn', 'udap_authz'],
      udap_authorization_extensions_supported: ['hl7-b2b'],
      udap_authorization_extensions_required: ['hl7-b2b'],
      udap_certifications_supported: [],
      grant_types_supported: ['client_credentials'],
      scopes_supported: offeredScopes,
      ...endpoints,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: udapAlgorithms,
      registration_endpoint_jwt_signing_alg_values_supported: udapAlgorithms,
      signed_metadata: signed(state, baseOf(url), await udap.credentials(), endpoints),
    })
  }

/** The base that was asked for is the one that is signed: the same document stands on both hosts. */
function signed(
  state: PayerState,
  base: string,
  { cert, key }: { readonly cert: string; readonly key: string },
  endpoints: Readonly<Record<string, string | undefined>>,
): string {
  const now = epochSeconds(state.clock.now())
  const header = { alg: 'RS256', x5c: certificatesIn(cert).map((der) => der.toString('base64')) }
  const claims = { ...endpoints, iss: base, sub: base, iat: now, exp: now + signedSeconds, jti: state.random.uuid() }
  return signJws(header, claims, key)
}

const baseOf = ({ origin, pathname }: URL): string => origin + pathname.replace(/\/\.well-known\/udap$/, '')
