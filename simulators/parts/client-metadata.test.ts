/** What a client says of itself is refused in words that tell what to say instead. */
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { clientMetadata } from './client-metadata.ts'

const jwk = (modulusLength: number): object => ({
  ...generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' }),
  kid: 'k',
})
const long = jwk(2048)
const read = (said: Record<string, unknown>) => clientMetadata(said, { jwksUriOffered: true, keys: 'set' })
const good = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'private_key_jwt' }

test('an RSA key has 2048 bits at least (RFC 7518 §3.3)', () => {
  expect(() => read({ ...good, jwks: { keys: [jwk(1024)] } })).toThrow('less than 2048 bits')
  for (const n of [undefined, null, 5, {}])
    expect(() => read({ ...good, jwks: { keys: [{ ...long, n }] } })).toThrow('less than 2048 bits')
  expect(read({ ...good, jwks: { keys: [long] } }).jwks?.keys).toHaveLength(1)
})

test('who left out what has a default is told of the default', () => {
  expect(() => read({ jwks: { keys: [long] } })).toThrow('ask for client_credentials')
  expect(() => read({ grant_types: ['client_credentials'] })).toThrow('without token_endpoint_auth_method')
  expect(() => read({ ...good, token_endpoint_auth_method: 'none' })).toThrow('none is not offered here')
})
