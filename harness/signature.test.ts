import { createPublicKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type Authority, rootAuthority } from '../certs/authority.ts'
import { type Issued, issue } from '../certs/issue.ts'
import { decodeArtifact } from './certificates.ts'
import { canonicalJson, endorsedWith, jwsHolds, readBundleSignature, signBundle, signBytes } from './signature.ts'

let root: Authority
let payer: Issued
beforeAll(async () => {
  root = await rootAuthority('CN=Root')
  payer = await issue(root, { subject: 'CN=Payer' })
})
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  timestamp: '2026-03-02T15:00:00Z',
  entry: [{ fullUrl: 'urn:x' }],
}
const signed = (content: object, by = payer): object => ({
  ...content,
  signature: { data: Buffer.from(signBundle(content, by.credentials.key, [by.der])).toString('base64') },
})

test('a signature holds over the same content in any order, and over no other', () => {
  const good = signed(bundle)
  expect(readBundleSignature(good)).toMatchObject({ is: 'jws', valid: true })
  const turned = Object.fromEntries(Object.entries(good).reverse())
  expect(readBundleSignature(turned)).toMatchObject({ valid: true })
  expect(readBundleSignature({ ...good, id: 'a', meta: { lastUpdated: '2026-03-02T15:00:00Z' } })).toMatchObject({
    valid: true,
  })
  expect(readBundleSignature({ ...good, type: 'searchset' })).toMatchObject({ valid: false })
  expect(readBundleSignature({ ...good, entry: [] })).toMatchObject({ valid: false })
})

test('RSA keys and P-384 keys sign too', async () => {
  const rsa = await issue(root, { subject: 'CN=Payer', key: 'rsa' })
  expect(readBundleSignature(signed(bundle, rsa))).toMatchObject({ is: 'jws', valid: true })
})

test('a signature by another key than that of its certificate does not hold', async () => {
  const other = await issue(root, { subject: 'CN=Other' })
  const forged = signBundle(bundle, other.credentials.key, [payer.der])
  expect(readBundleSignature({ ...bundle, signature: { data: Buffer.from(forged).toString('base64') } })).toMatchObject(
    { valid: false },
  )
})

test('what is no signature is told apart', () => {
  const data = (content: string | Uint8Array): object => ({
    ...bundle,
    signature: { data: Buffer.from(content).toString('base64') },
  })
  const jws = (header: object): string => `${Buffer.from(JSON.stringify(header)).toString('base64url')}..c2ln`
  expect(readBundleSignature(bundle)).toEqual({ is: 'absent' })
  expect(readBundleSignature({ ...bundle, signature: {} })).toEqual({ is: 'absent' })
  expect(readBundleSignature(data(payer.der))).toMatchObject({ is: 'certificate' })
  expect(readBundleSignature(data('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'))).toEqual({ is: 'xml' })
  expect(readBundleSignature(data('hello'))).toEqual({ is: 'unknown' })
  expect(readBundleSignature({ ...bundle, signature: { data: '%' } })).toEqual({ is: 'unknown' })
  const x5c = [Buffer.from(payer.der).toString('base64')]
  for (const header of [{ alg: 'none', x5c }, { alg: 'HS256', x5c }, { alg: 'RS256', x5c }, { alg: 'ES256' }, {}])
    expect(readBundleSignature(data(jws(header)))).toMatchObject({ is: 'jws', valid: false })
})

test('an endorsement is a certificate of the manager, or a JWS around one', () => {
  const by = new X509Certificate(root.pem).publicKey
  const manager = root
  const certificate = decodeArtifact(Buffer.from(payer.der).toString('base64'))
  expect(certificate && endorsedWith(certificate, by)).toBe(true)
  expect(certificate && endorsedWith(certificate, createPublicKey(payer.credentials.key))).toBe(false)
  const text = signBytes(payer.der, payer.credentials.key, [payer.der])
  const around = decodeArtifact(Buffer.from(text).toString('base64'))
  expect(around).toMatchObject({ kind: 'certificate', jws: text })
  expect(around && endorsedWith(around, createPublicKey(payer.credentials.key))).toBe(true)
  expect(around && endorsedWith(around, by)).toBe(false)
  expect(jwsHolds('a.b', by)).toBe(false)
  expect(manager.certificate.subject).toBe('CN=Root')
})

test('canonical JSON does not depend on order or spelling', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 200 },
  )
  expect(canonicalJson({ b: 1, a: { d: [2, { z: 1, y: 2 }], c: undefined } })).toBe(
    '{"a":{"d":[2,{"y":2,"z":1}]},"b":1}',
  )
})
