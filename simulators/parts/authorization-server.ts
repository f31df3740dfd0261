/** What the authorization server says of itself, told from its table: an endpoint is there if a row is (RFC 8414, SMART). */
import type { Route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { signingAlgorithms } from './client-authentication.ts'
import { authMethods, grantTypes } from './client-metadata.ts'
import { offeredScopes } from './scopes.ts'

/** Row of the table -> name of the endpoint in discovery. */
const endpoints: Readonly<Record<string, string>> = {
  'POST /auth/token': 'token_endpoint',
  'POST /auth/register': 'registration_endpoint',
  'POST /auth/introspect': 'introspection_endpoint',
  'POST /auth/revoke': 'revocation_endpoint',
  'GET /auth/jwks': 'jwks_uri',
}

/** The endpoints that these rows are, absolute. */
export const endpointsOf = (state: PayerState, rows: readonly Route[]): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap(({ name }) => {
      const key = endpoints[name]
      return key ? [[key, `${state.base}${name.slice(name.indexOf('/'))}`]] : []
    }),
  )

/** What SMART's document and that of RFC 8414 have in common. */
export function serverMetadata(state: PayerState, rows: readonly Route[]): Record<string, unknown> {
  const found = endpointsOf(state, rows)
  const { jwks_uri: _keys, ...behindMutualTls } = found
  return {
    ...found,
    grant_types_supported: grantTypes,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: authMethods,
    // Those of UDAP's own clients stand in UDAP's own document: nobody else is let in with them.
    token_endpoint_auth_signing_alg_values_supported: signingAlgorithms,
    scopes_supported: offeredScopes,
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: behindMutualTls,
  }
}
