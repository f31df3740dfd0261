/** Token introspection (RFC 7662, SMART 2.2): what a token is good for, told to the client that it was issued to. */
import { epochSeconds } from '../../harness/clock.ts'
import type { Handler } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { authenticate } from './client-authentication.ts'
import { answering, formOf, OAuthRefusal, secretJson } from './oauth.ts'
import { issuerUrl, tokenUrl } from './token.ts'

export const introspectionUrl = (state: PayerState): string => `${state.base}/auth/introspect`

export const introspection =
  (state: PayerState): Handler =>
  (request, visit) =>
    answering(async () => {
      const form = await formOf(request)
      const audience = [introspectionUrl(state), tokenUrl(state)]
      const { client } = await authenticate(state, request, form, { visit, audience, memberSubject: false })
      const text = form.get('token')
      if (text === undefined) throw new OAuthRefusal('invalid_request', 'token is missing')
      const token = state.tokens.find(text)
      const standing = state.tokens.standing(text, epochSeconds(state.clock.now()))
      // Of a token that is not theirs or no longer good a caller learns nothing (RFC 7662 §2.2).
      if (!token || standing !== 'active' || token.grant.clientId !== client.id) return secretJson({ active: false })
      const { grant, issuedAt } = token
      return secretJson({
        active: true,
        scope: grant.scopes.join(' '),
        client_id: grant.clientId,
        token_type: 'Bearer',
        exp: grant.expires,
        iat: issuedAt,
        sub: grant.clientId,
        iss: issuerUrl(state),
        aud: `${state.base}/fhir`,
        ...(grant.patientId === undefined ? {} : { patient: grant.patientId }),
        ...(grant.thumbprint === undefined ? {} : { cnf: { 'x5t#S256': grant.thumbprint } }),
      })
    })
