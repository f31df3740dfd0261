/**
 * Discovery of the authorization server: `.well-known/smart-configuration` under the FHIR base (SMART 2.2 conformance) and
 * `.well-known/oauth-authorization-server` between host and issuer path (RFC 8414).
 */
import type { Handler, Route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { serverMetadata } from './authorization-server.ts'
import { openJson } from './oauth.ts'
import { issuerUrl } from './token.ts'

/** Open to everybody, and JSON whatever somebody accepts. */
export const smartConfiguration =
  (state: PayerState, rows: readonly Route[]): Handler =>
  () =>
    openJson({
      ...serverMetadata(state, rows),
      // No member logs in here: S256 is listed because SMART wants the key of every server (ambiguity A-21).
      code_challenge_methods_supported: ['S256'],
      capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
    })

/** The issuer is told exactly as it stands in access tokens. */
export const authorizationServer =
  (state: PayerState, rows: readonly Route[]): Handler =>
  () =>
    openJson({ issuer: issuerUrl(state), ...serverMetadata(state, rows) })
