import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign, compactVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { jwsHoldsBy, signJws, verifyingKey } from './jws.ts'

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const pairs = {
  ES256: ec('P-256'),
  ES384: ec('P-384'),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RS384: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
type Alg = keyof typeof pairs
const each = Object.keys(pairs) as Alg[]

describe('a compact JWS', () => {
  test.each(each)('by %s is what jose makes and takes', async (alg) => {
    const { privateKey, publicKey } = pairs[alg]
    const ours = signJws({ alg, kid: 'k' }, { iss: 'Þórarinn' }, pem(privateKey))
    const { payload, protectedHeader } = await compactVerify(ours, publicKey)
    expect([protectedHeader, JSON.parse(new TextDecoder().decode(payload))]).toEqual([
      { alg, kid: 'k' },
      { iss: 'Þórarinn' },
    ])
    const theirs = await new CompactSign(Buffer.from('{}')).setProtectedHeader({ alg }).sign(privateKey)
    expect(jwsHoldsBy(theirs, publicKey)).toBe(true)
    expect(jwsHoldsBy(theirs, publicKey, ['none'])).toBe(false)
  })

  test.each(each)('by %s does not hold when a letter of it is another', (alg) => {
    const { privateKey, publicKey } = pairs[alg]
    const [head = '', payload = '', signature = ''] = signJws({ alg }, { iss: 'a' }, pem(privateKey)).split('.')
    const other = Buffer.from('{"iss":"b"}').toString('base64url')
    const bent = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
    expect(jwsHoldsBy(`${head}.${payload}.${signature}`, publicKey)).toBe(true)
    for (const text of [
      `${head}.${other}.${signature}`,
      `${head}.${payload}.${bent}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${payload}.${signature}.`,
      `${head}.${payload}.${signature}=`,
      '',
    ])
      expect(jwsHoldsBy(text, publicKey)).toBe(false)
    for (const stranger of each.filter((one) => one !== alg))
      expect(jwsHoldsBy(`${head}.${payload}.${signature}`, pairs[stranger].publicKey)).toBe(false)
  })

  test('with an extension that must be understood does not hold', () => {
    const { privateKey, publicKey } = pairs.ES256
    const text = signJws({ alg: 'ES256', crit: ['b64'], b64: false }, { iss: 'a' }, pem(privateKey))
    expect(jwsHoldsBy(text, publicKey)).toBe(false)
  })

  test('is not signed with a key of another kind, of another curve, or that is too short', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    for (const [alg, key] of [
      ['ES256', pairs.ES384.privateKey],
      ['RS256', pairs.ES256.privateKey],
      ['RS256', short],
      ['HS256', pairs.RS256.privateKey],
      ['none', pairs.RS256.privateKey],
    ] as const)
      expect(() => signJws({ alg }, {}, pem(key))).toThrow(TypeError)
  })
})

test('a key that is private, or for another use, verifies nothing', () => {
  const { privateKey, publicKey } = pairs.ES256
  const open = publicKey.export({ format: 'jwk' })
  expect(verifyingKey(open).equals(publicKey)).toBe(true)
  expect(verifyingKey({ ...open, key_ops: ['verify'] }).equals(publicKey)).toBe(true)
  expect(() => verifyingKey({ ...open, key_ops: ['sign'] })).toThrow(TypeError)
  expect(() => verifyingKey(privateKey.export({ format: 'jwk' }))).toThrow(TypeError)
  expect(() => verifyingKey({ kty: 'EC' })).toThrow()
})
