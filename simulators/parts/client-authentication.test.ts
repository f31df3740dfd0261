/** A certificate proves its client by any legal writing of its name; an assertion that is refused tells why, and who asks for it. */
import { sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signingKey } from '../../certs/identity.ts'
import { signJws } from '../../certs/jws.ts'
import { epochSeconds, VirtualClock } from '../../harness/clock.ts'
import type { PayerState } from '../state/payer-state.ts'
import { authenticate, jwtBearer } from './client-authentication.ts'

const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
const now = epochSeconds(clock.now())
const url = 'https://127.0.0.1:1/t/auth/token'
const certificate = {
  subject: 'CN=New Harbor Health, O=New Harbor Health',
  subjectAltName: 'URI:https://new-harbor.example/payer, DNS:payer.new-harbor.example',
}
const state = (metadata: object): PayerState =>
  ({
    clock,
    clients: { find: () => ({ id: 'c', metadata, organization: { uri: 'https://new-harbor.example/payer' } }) },
  }) as unknown as PayerState
const ask = (metadata: object, form: Readonly<Record<string, string>>) =>
  authenticate(state(metadata), new Request(url), new Map(Object.entries(form)), {
    visit: { url: new URL(url), params: {}, certificate: certificate as never },
    audience: [url],
    memberSubject: false,
  })

test.each([
  ['tls_client_auth_subject_dn', 'CN=New Harbor Health,O=New Harbor Health'],
  ['tls_client_auth_subject_dn', 'o=New Harbor Health, cn=new harbor health'],
  ['tls_client_auth_san_dns', 'Payer.New-Harbor.example'],
  ['tls_client_auth_san_uri', 'https://new-harbor.example/payer'],
])('by %s "%s" the certificate proves the client', async (name, value) => {
  const metadata = { token_endpoint_auth_method: 'tls_client_auth', [name]: value }
  expect((await ask(metadata, { client_id: 'c' })).client.id).toBe('c')
  await expect(ask({ ...metadata, [name]: `${value}x` }, { client_id: 'c' })).rejects.toThrow('RFC 8705')
})

describe('an assertion that is refused', () => {
  const claims = { iss: 'c', sub: 'c', aud: url, exp: now + 300, iat: now, jti: 'j' }
  test.each([
    ['aud', { ...claims, aud: 'https://127.0.0.1:1/t/fhir' }, `${url} (RFC 7523 section 3)`],
    ['age', { ...claims, iat: now - 90, exp: now - 30 }, 'expired 30 seconds ago by this server'],
    ['haste', { ...claims, iat: now + 120, exp: now + 300 }, 'begins 120 seconds from now'],
    ['length of life', { ...claims, exp: now + 3600 }, 'SMART asymmetric authentication'],
  ])('says what is wrong with its %s', async (_what, said, words) => {
    const { key } = await signingKey('ES384', 'c')
    const client_assertion = signJws({ alg: 'ES384', kid: 'k' }, said, key)
    const form = { client_assertion_type: jwtBearer, client_assertion }
    await expect(ask({ token_endpoint_auth_method: 'private_key_jwt' }, form)).rejects.toThrow(words)
  })

  test('says that OpenSSL writes signatures otherwise', async () => {
    const { key, publicJwk } = await signingKey('ES384', 'c')
    const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url')
    const signed = `${part({ alg: 'ES384', kid: 'k' })}.${part(claims)}`
    const client_assertion = `${signed}.${sign('sha384', Buffer.from(signed), key).toString('base64url')}`
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...publicJwk, kid: 'k' }] } }
    await expect(ask(metadata, { client_assertion_type: jwtBearer, client_assertion })).rejects.toThrow('is DER')
  })

  test('says how a JWT is written', async () => {
    const form = { client_assertion_type: jwtBearer, client_assertion: 'a+/=.b.c' }
    await expect(ask({}, form)).rejects.toThrow('base64url without padding')
  })
})
