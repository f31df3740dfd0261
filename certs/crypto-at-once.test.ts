import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { cryptoAtOnce } from './crypto-at-once.ts'

const { subtle } = webcrypto
const data = new TextEncoder().encode('what is signed')
const publicExponent = new Uint8Array([1, 0, 1])
const kinds = [
  { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  { name: 'ECDSA', namedCurve: 'P-384', hash: { name: 'SHA-384' } },
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent, hash: 'SHA-256' },
  { name: 'RSA-PSS', modulusLength: 2048, publicExponent, hash: 'SHA-256', saltLength: 32 },
] as const

describe('crypto at once', () => {
  test.each(kinds)('signs and verifies as Node does ($name, $hash)', async (kind) => {
    const keys = (await subtle.generateKey(kind, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
    const ours = await cryptoAtOnce.subtle.sign(kind, keys.privateKey, data)
    const theirs = await subtle.sign(kind, keys.privateKey, data)
    expect(await subtle.verify(kind, keys.publicKey, ours, data)).toBe(true)
    expect(await cryptoAtOnce.subtle.verify(kind, keys.publicKey, theirs, data)).toBe(true)
    expect(await cryptoAtOnce.subtle.verify(kind, keys.publicKey, theirs, data.subarray(1))).toBe(false)
    expect(await cryptoAtOnce.subtle.verify(kind, keys.publicKey, new Uint8Array(3), data)).toBe(false)
    await expect(cryptoAtOnce.subtle.sign(kind, keys.publicKey, data)).rejects.toThrow()
    await expect(cryptoAtOnce.subtle.verify(kind, keys.privateKey, ours, data)).rejects.toThrow()
  })

  test.each(['SHA-1', 'SHA-256', 'SHA-384'])('digests as Node does (%s)', async (name) => {
    const part = data.subarray(5)
    expect(Buffer.from(await cryptoAtOnce.subtle.digest(name, part))).toEqual(
      Buffer.from(await subtle.digest(name, part)),
    )
  })

  test('has a digest of nobody else', async () => {
    await expect(cryptoAtOnce.subtle.digest('MD-17', data)).rejects.toThrow()
  })
})
