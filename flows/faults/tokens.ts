/** Ways for a client to ask for tokens wrongly: its form, its assertion, whom it names, and where it never looked (SMART 2.2, UDAP). */
import { createHmac } from 'node:crypto'
import type { Actor, Message } from '../../harness/actor.ts'
import { type ClientFault, clientFault, leavingOut, saying, withHeaders } from './client-fault.ts'
import { resigned } from './resigning.ts'

const asking = ['match-token', 'member-token'] as const

const token = (
  id: string,
  title: string,
  breaks: readonly string[],
  spoil: ClientFault['spoil'],
  moves: ClientFault['moves'] = asking,
): ClientFault => clientFault(id, title, moves, breaks, spoil)

/** The form changed in place. */
const form = (change: (form: URLSearchParams) => void): ClientFault['spoil'] =>
  saying((message) => {
    const sent = new URLSearchParams(message.body)
    change(sent)
    return { ...message, body: sent.toString() }
  })

/** The assertion of the form with other headers and claims, signed again; a form without one stays. */
const assertion = (
  change: (header: Record<string, unknown>, claims: Record<string, unknown>, message: Message) => void,
): ClientFault['spoil'] =>
  saying(async (message, { client }) => {
    const sent = new URLSearchParams(message.body)
    const jwt = sent.get('client_assertion')
    if (jwt === null) return message
    sent.set('client_assertion', await resigned(client, jwt, (header, claims) => change(header, claims, message)))
    return { ...message, body: sent.toString() }
  })

const seconds = (value: unknown): number => Number(value)

export const tokenFaults: readonly ClientFault[] = [
  token(
    'guesses-the-token-endpoint',
    'tries where tokens might be given before it looks where they are',
    ['AUTH-006'],
    (honest) => {
      let tried = false
      return async (move, to, message) => {
        if (!tried) {
          tried = true
          await honest('match-token', to, {
            method: 'POST',
            url: message.url.replace(/\.well-known\/.*$/, 'oauth/token'),
            headers: [['Content-Type', 'application/x-www-form-urlencoded']],
            body: 'grant_type=client_credentials',
          })
        }
        return honest(move, to, message)
      }
    },
    ['smart-configuration'],
  ),
  token(
    'asks-in-json',
    'puts its token request in JSON',
    ['AUTH-046'],
    saying((message) => ({
      ...withHeaders(message, { 'Content-Type': 'application/json' }),
      body: JSON.stringify(Object.fromEntries(new URLSearchParams(message.body))),
    })),
  ),
  token(
    'asks-without-scope',
    'does not say which scope it wants',
    ['AUTH-046'],
    form((sent) => sent.delete('scope')),
  ),
  token(
    'asks-by-saml',
    'says that its assertion is another kind of assertion',
    ['AUTH-046'],
    form((sent) => sent.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer')),
  ),
  token(
    'asks-with-basic-credentials',
    'sends client credentials in a header along with its assertion',
    ['AUTH-046'],
    saying((message) => withHeaders(message, { Authorization: 'Basic Y2xpZW50OnNlY3JldA==' })),
  ),
  token(
    'asserts-without-type',
    'does not say that its assertion is a JWT',
    ['AUTH-047'],
    assertion((header) => Reflect.deleteProperty(header, 'typ')),
  ),
  token(
    'asserts-by-an-unknown-key',
    'names a key that it has not registered',
    ['AUTH-047'],
    assertion((header) => Reflect.set(header, 'kid', 'of-yesterday')),
  ),
  token(
    'asserts-for-ten-minutes',
    'makes assertions that live for ten minutes',
    ['AUTH-048'],
    assertion((_header, claims) => Reflect.set(claims, 'exp', seconds(claims.iat) + 600)),
  ),
  token(
    'asserts-for-the-issuer',
    'makes assertions for the authorization server and not for its token endpoint',
    ['AUTH-048'],
    assertion((_header, claims) => Reflect.set(claims, 'aud', String(claims.aud).replace(/\/[^/]*$/, ''))),
  ),
  token('asserts-the-same-twice', 'uses an assertion id again', ['AUTH-048'], (honest, client) => {
    let first: unknown
    const again = assertion((_header, claims) => {
      first ??= claims.jti
      claims.jti = first
    })
    return again(honest, client)
  }),
  token(
    'signs-by-another-algorithm',
    'signs with an algorithm that SMART does not name',
    ['AUTH-043', 'AUTH-047'],
    saying(async (message) => {
      const sent = new URLSearchParams(message.body)
      const [, claims] = (sent.get('client_assertion') ?? '').split('.')
      if (!claims) return message
      const input = `${Buffer.from('{"alg":"HS384","typ":"JWT","kid":"shared"}').toString('base64url')}.${claims}`
      sent.set('client_assertion', `${input}.${createHmac('sha384', 'shared').update(input).digest('base64url')}`)
      return { ...message, body: sent.toString() }
    }),
  ),
  token(
    'names-the-client-as-subject',
    'names the member nowhere in its assertion',
    ['PDEX-111'],
    assertion((_header, claims) => Reflect.set(claims, 'sub', claims.iss)),
    ['member-token'],
  ),
  token(
    'stalls-without-member-id',
    'cannot go on when a match brings the MemberIdentifier alone',
    ['PDEX-110'],
    leavingOut((_message, { client, to }) => !broughtMemberId(client, to)),
    ['member-token'],
  ),
  token(
    'leaves-its-client-id-out',
    'authenticates with its certificate and does not say which client it is',
    ['AUTH-080'],
    form((sent) => {
      if (!sent.has('client_assertion')) sent.delete('client_id')
    }),
  ),
  token(
    'asserts-no-purpose',
    'does not say in its UDAP assertion what the data is for',
    ['AUTH-108'],
    assertion((_header, claims) => {
      const { 'hl7-b2b': b2b } = (claims.extensions ?? {}) as Record<string, Record<string, unknown>>
      if (b2b) Reflect.deleteProperty(b2b, 'purpose_of_use')
    }),
  ),
  token(
    'asserts-without-chain',
    'does not show the certificate behind its UDAP assertion',
    ['AUTH-108'],
    assertion((header) => Reflect.deleteProperty(header, 'x5c')),
  ),
]

const broughtMemberId = (client: Actor, to: Actor): boolean =>
  client.transcript
    .all('member-match', { from: client.name, to: to.name })
    .some(({ response }) => response?.body.includes('"MemberId"') ?? false)
