/** Asking an authorization server about a token, and giving one back (RFC 7662, RFC 7009). */
import { randomUUID } from 'node:crypto'
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { lookUp } from './discover.ts'
import { signed } from './jwt.ts'
import { strangersKey } from './strangers-key.ts'
import { draftAssertion, jwtBearer, registeredWith } from './token-request.ts'
import { type EndpointName, endpointOf, guarded, type TokenKind, tokenOf } from './tokens.ts'

/** Which token is asked about, and as whom. */
export type AskedAbout = 'its token' | 'a token that nobody issued' | 'the token of another client'

/** Asks what the token is good for. `anonymous`: without saying who asks; `falsely`: in the client's name, with a stranger's key. */
export const introspect = (
  payer: Actor,
  kind: TokenKind,
  options: {
    readonly about?: AskedAbout
    readonly owner?: Actor
    readonly anonymous?: boolean
    readonly falsely?: boolean
  } = {},
): Flow<Exchange> => ({
  title: `ask the ${payer.name} what ${options.about ?? 'its token'} is good for`,
  moves: ['introspect'],
  perform: async (client) => {
    const about = options.about ?? 'its token'
    const token = about === 'a token that nobody issued' ? randomUUID() : tokenOf(options.owner ?? client, payer, kind)
    return client.send('introspect', payer, {
      ...(await form(client, payer, 'introspection_endpoint', token, options)),
      intent: {
        kind,
        about,
        ...(options.anonymous ? { mistake: 'without saying who asks' } : {}),
        ...(options.falsely ? { mistake: "with a stranger's key" } : {}),
      },
    })
  },
})

/** Gives the latest token of that kind back. */
export const revokeToken = (payer: Actor, kind: TokenKind): Flow<Exchange> => ({
  title: `give the token back to the ${payer.name}`,
  moves: ['revoke-token'],
  perform: async (client) =>
    client.send('revoke-token', payer, {
      ...(await form(client, payer, 'revocation_endpoint', tokenOf(client, payer, kind))),
      intent: { kind },
    }),
})

async function form(
  client: Actor,
  payer: Actor,
  name: EndpointName,
  token: string,
  { anonymous, falsely }: { readonly anonymous?: boolean; readonly falsely?: boolean } = {},
): Promise<{ method: 'POST'; url: string; headers: [string, string][]; body: string }> {
  const url = await lookUp(client, payer, name)
  // RFC 7523 §3: the token endpoint's URL names the server whichever of its endpoints is asked.
  const audience = endpointOf(client, payer, 'token_endpoint')
  if (!url || !audience)
    throw new HarnessError('not-seen', `discovery of the ${payer.name} names no ${name.replace('_', ' ')}`)
  const fields: [string, string][] = [
    ['token', token],
    ['token_type_hint', 'access_token'],
  ]
  if (!anonymous) {
    const registered = registeredWith(client, payer)
    if (registered.method === 'tls_client_auth') {
      if (falsely)
        throw new HarnessError('cannot-set-up', `the ${client.name} signs nothing: its certificate speaks for it`)
      fields.push(['client_id', registered.clientId])
    } else {
      const draft = draftAssertion(client, registered, audience)
      if (falsely) draft.key = await strangersKey(client, draft.header.alg)
      fields.push(['client_assertion_type', jwtBearer], ['client_assertion', signed(draft)])
    }
  }
  return {
    method: 'POST',
    url: guarded(url, payer),
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
    ],
    body: new URLSearchParams(fields).toString(),
  }
}
