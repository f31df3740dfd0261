/** Ways for a client to register wrongly: its request, its software statement, and where it takes it (RFC 7591, UDAP). */
import type { Actor, Message } from '../../harness/actor.ts'
import { endpointOf } from '../tokens.ts'
import { type ClientFault, clientFault, saying, withHeaders } from './client-fault.ts'
import { resigned } from './resigning.ts'

type Fields = Record<string, unknown>

/** A registration in JSON with its body and the header and claims of its statement changed. */
const registering = (
  id: string,
  title: string,
  breaks: readonly string[],
  ofBody: (body: Fields, client: Actor) => void,
  ofStatement: (header: Fields, claims: Fields, client: Actor) => void,
): ClientFault =>
  clientFault(
    id,
    title,
    'register',
    breaks,
    saying(async (message: Message, { client }) => {
      if (!message.body?.startsWith('{')) return message
      const body = JSON.parse(message.body) as Fields
      ofBody(body, client)
      if (typeof body.software_statement === 'string')
        body.software_statement = await resigned(client, body.software_statement, (header, claims) =>
          ofStatement(header, claims, client),
        )
      return { ...message, body: JSON.stringify(body) }
    }),
  )

/** What is registered is said in the statement and beside it alike. */
const registration = (
  id: string,
  title: string,
  breaks: readonly string[],
  change: (fields: Fields, client: Actor) => void,
): ClientFault => registering(id, title, breaks, change, (_header, claims, client) => change(claims, client))

const statement = (
  id: string,
  title: string,
  breaks: readonly string[],
  change: (header: Fields, claims: Fields) => void,
): ClientFault => registering(id, title, breaks, () => undefined, change)

export const registrationFaults: readonly ClientFault[] = [
  registration(
    'authenticates-by-certificate',
    'asks for the data without an assertion',
    ['BULK-002'],
    (sent, client) => {
      if (sent.token_endpoint_auth_method === undefined) return
      Reflect.deleteProperty(sent, 'jwks')
      Object.assign(sent, {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_uri: client.identity.uri,
      })
    },
  ),
  clientFault(
    'registers-by-form',
    'puts its registration in a form',
    'register',
    ['AUTH-021'],
    saying((message) => withHeaders(message, { 'Content-Type': 'application/x-www-form-urlencoded' })),
  ),
  clientFault(
    'registers-in-a-list',
    'registers a list of clients',
    'register',
    ['AUTH-021'],
    saying((message) => ({ ...message, body: `[${message.body}]` })),
  ),
  registration('registers-two-key-sets', 'sends its keys and an address of its keys', ['AUTH-025'], (sent, client) =>
    Reflect.set(sent, 'jwks_uri', client.places.jwks),
  ),
  registration('leaves-its-method-out', 'does not say how it authenticates', ['AUTH-027'], (sent) =>
    Reflect.deleteProperty(sent, 'token_endpoint_auth_method'),
  ),
  registration('registers-for-people', 'registers for a grant that needs a person', ['AUTH-027'], (sent) =>
    Reflect.set(sent, 'grant_types', ['authorization_code']),
  ),
  statement('statement-for-an-hour', 'signs statements that live for an hour', ['AUTH-105'], (_header, claims) =>
    Reflect.set(claims, 'exp', Number(claims.iat) + 3600),
  ),
  statement('statement-without-contact', 'leaves out whom to write to', ['AUTH-105'], (_header, claims) =>
    Reflect.set(claims, 'contacts', ['interoperability']),
  ),
  clientFault(
    'registers-at-the-plain-address',
    'registers in the UDAP way where the metadata without a signature says',
    'register',
    ['AUTH-103'],
    saying((message, { client, to }) => {
      const plain = endpointOf(client, to, 'registration_endpoint')
      return message.intent?.form === 'udap' ? { ...message, url: `${plain ?? message.url}-of-old` } : message
    }),
  ),
]
