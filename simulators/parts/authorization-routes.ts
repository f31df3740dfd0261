/** The rows of a payer's table for registration and tokens, behind mutual TLS, and for discovery, which is for everybody. */
import { type Route, route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { introspection } from './introspection.ts'
import { jwks } from './jwks.ts'
import { deleteRegistration, readRegistration, register, updateRegistration } from './registration.ts'
import { revocation } from './revocation.ts'
import { authorizationServer, smartConfiguration } from './smart-configuration.ts'
import { token } from './token.ts'
import { udapMetadata } from './udap.ts'

const rows = (state: PayerState): Route[] => {
  return [
    route('POST', '/auth/register', [], register(state)),
    route('GET', '/auth/register/:clientId', [], readRegistration(state)),
    route('PUT', '/auth/register/:clientId', [], updateRegistration(state)),
    route('DELETE', '/auth/register/:clientId', [], deleteRegistration(state)),
    route('POST', '/auth/token', [], token(state)),
    route('POST', '/auth/introspect', [], introspection(state)),
    route('POST', '/auth/revoke', [], revocation(state)),
    route('GET', '/auth/jwks', [], jwks(state)),
  ]
}

const discovery = (state: PayerState, offered: readonly Route[]): Route[] => [
  route('GET', '/fhir/.well-known/smart-configuration', [], smartConfiguration(state, offered)),
  route('GET', '/fhir/.well-known/udap', [], udapMetadata(state, offered)),
  route('GET', '/.well-known/oauth-authorization-server/auth', [], authorizationServer(state, offered)),
]

/** On the host that speaks mutual TLS. */
export const authorizationRoutes = (state: PayerState): Route[] => {
  const offered = rows(state)
  return [...offered, ...discovery(state, offered)]
}

/** On the host that speaks ordinary TLS: the same documents, which point to the other host. */
export const openAuthorizationRoutes = (state: PayerState): Route[] => discovery(state, rows(state))
