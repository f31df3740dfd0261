/** Token revocation (RFC 7009): a client gives a token back, and it is good for nothing from then on. */
import type { Handler } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { authenticate } from './client-authentication.ts'
import { answering, formOf, OAuthRefusal } from './oauth.ts'
import { tokenUrl } from './token.ts'

export const revocationUrl = (state: PayerState): string => `${state.base}/auth/revoke`

export const revocation =
  (state: PayerState): Handler =>
  (request, visit) =>
    answering(async () => {
      const form = await formOf(request)
      const audience = [revocationUrl(state), tokenUrl(state)]
      const { client } = await authenticate(state, request, form, { visit, audience, memberSubject: false })
      const text = form.get('token')
      if (text === undefined) throw new OAuthRefusal('invalid_request', 'token is missing')
      const token = state.tokens.find(text)
      if (token && token.grant.clientId !== client.id)
        throw new OAuthRefusal('unauthorized_client', 'the token was issued to another client')
      state.tokens.revoke(text)
      // A token that is unknown is as good as revoked (RFC 7009 §2.2).
      return new Response(null, { status: 200, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
    })
