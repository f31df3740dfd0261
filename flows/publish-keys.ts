/** A client's own key set: replaced by another, so that the key that it signs with is good no more. */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { exportJWK } from 'jose'
import type { Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { held, signed } from './jwt.ts'

/** Publishes a set with a new key alone, signed with the old one; the client goes on signing with the old one. */
export const withdrawKey = (): Flow<Exchange> => ({
  title: 'take its key out of its published key set',
  moves: ['publish-jwks'],
  perform: async (client) => {
    const { alg, kid, key } = held(client.identity.signing, client.name, 'signing key')
    if (!client.places.jwks) throw new HarnessError('cannot-set-up', `the ${client.name} publishes no JWK set`)
    const { publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-384' })
    const next = { ...(await exportJWK(publicKey)), kid: `${kid}-next`, alg: 'ES384', use: 'sig' }
    return client.send('publish-jwks', client, {
      method: 'PUT',
      url: client.places.jwks,
      headers: [['Content-Type', 'application/jwt']],
      body: signed({ header: { alg, kid }, claims: { keys: [next] }, key }),
      as: null,
      intent: { withdrawn: kid },
    })
  },
})
