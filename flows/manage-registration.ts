/** The life of a registration after it was made: read, changed, deleted (RFC 7592). */
import { randomUUID } from 'node:crypto'
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Move } from '../harness/move.ts'
import type { Exchange } from '../harness/transcript.ts'
import { guarded, latest, said } from './tokens.ts'

/** What a server alone may say: a client leaves it out of a PUT (RFC 7592 §2.2). */
const serversOwn = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** With which token, and which method: the good ones unless told. */
export type Key = 'its own' | 'a garbled one' | 'none'

const keys: Readonly<Record<Key, (own: string) => string | undefined>> = {
  'its own': (own) => own,
  'a garbled one': () => randomUUID(),
  none: () => undefined,
}

export const readRegistration = (payer: Actor, key: Key = 'its own'): Flow<Exchange> =>
  managing('read its registration with', 'read-registration', payer, key, () => ({ method: 'GET' }))

/** Sends the whole document again, with another name and, unless told otherwise, with the scope that it has. */
export const updateRegistration = (
  payer: Actor,
  change: Readonly<Record<string, unknown>> = {},
  key: Key = 'its own',
): Flow<Exchange> =>
  managing('change its registration with', 'update-registration', payer, key, (document) => {
    const kept = Object.entries(document).filter(
      ([name]) => !serversOwn.includes(name) && name !== 'software_statement',
    )
    return { method: 'PUT', body: JSON.stringify({ ...Object.fromEntries(kept), ...change }) }
  })

export const deleteRegistration = (payer: Actor, key: Key = 'its own'): Flow<Exchange> =>
  managing('delete its registration with', 'delete-registration', payer, key, () => ({ method: 'DELETE' }))

/** Everything that may be done with a registration, by who may and by who may not; it is gone in the end. */
export const manageRegistration = (payer: Actor): Flow<void> => ({
  title: `read, change and delete its registration with the ${payer.name}`,
  moves: ['read-registration', 'update-registration', 'delete-registration'],
  perform: async (client) => {
    await readRegistration(payer).perform(client)
    await readRegistration(payer, 'a garbled one').perform(client)
    await readRegistration(payer, 'none').perform(client)
    await updateRegistration(payer, { client_name: 'Another name' }, 'a garbled one').perform(client)
    await updateRegistration(payer, { client_name: 'Another name' }).perform(client)
    await deleteRegistration(payer, 'a garbled one').perform(client)
    await deleteRegistration(payer).perform(client)
    await readRegistration(payer).perform(client)
  },
})

function managing(
  verb: string,
  move: Move,
  payer: Actor,
  key: Key,
  request: (document: Readonly<Record<string, unknown>>) => { readonly method: string; readonly body?: string },
): Flow<Exchange> {
  return {
    title: `${verb} the ${payer.name}`,
    moves: [move],
    perform: (client) => {
      const document = said(
        latest(client, payer, ['register', 'update-registration', 'read-registration'], (exchange) => {
          const { registration_client_uri: url, registration_access_token: own } = said(exchange)
          return typeof url === 'string' && typeof own === 'string'
        }),
      )
      const { registration_client_uri: url, registration_access_token: own } = document
      if (typeof url !== 'string' || typeof own !== 'string')
        throw new HarnessError('not-seen', `the ${payer.name} lets nobody manage a registration`)
      const token = keys[key](own)
      const { method, body } = request(document)
      return client.send(move, payer, {
        method,
        url: token ? guarded(url, payer) : url,
        headers: [
          ['Accept', 'application/json'],
          ...(token ? [['Authorization', `Bearer ${token}`] as const] : []),
          ...(body === undefined ? [] : [['Content-Type', 'application/json'] as const]),
        ],
        ...(body === undefined ? {} : { body }),
        intent: {
          key,
          ...(key === 'its own' ? {} : { mistake: `with ${key === 'none' ? 'no token' : 'a garbled token'}` }),
        },
      })
    },
  }
}
