import { createPublicKey, X509Certificate } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { intermediateAuthority, rootAuthority } from '../certs/authority.ts'
import { issue } from '../certs/issue.ts'
import {
  alternativeNames,
  decodeArtifact,
  decodeCertificate,
  inForce,
  isSelfSigned,
  pathTo,
  sameKey,
} from './certificates.ts'

let leaf: X509Certificate
let between: X509Certificate
let root: X509Certificate
let key: string
beforeAll(async () => {
  const top = await rootAuthority('CN=Root')
  const middle = await intermediateAuthority(top, 'CN=Middle')
  const made = await issue(middle, { subject: 'CN=Leaf', uris: ['https://leaf.example/a,b'], dns: ['leaf.example'] })
  leaf = new X509Certificate(made.der)
  between = new X509Certificate(middle.pem)
  root = new X509Certificate(top.pem)
  key = made.credentials.key
})
const b64 = (data: Buffer | string): string => Buffer.from(data).toString('base64')

test('a certificate is read from every encoding that turns up, and says which it was', () => {
  const pem = leaf.toString()
  expect(decodeArtifact(b64(leaf.raw))).toMatchObject({ kind: 'certificate', encoding: 'der', layers: 0 })
  expect(decodeArtifact(b64(pem))).toMatchObject({ kind: 'certificate', encoding: 'pem', layers: 0 })
  expect(decodeArtifact(b64(b64(leaf.raw)))).toMatchObject({ kind: 'certificate', encoding: 'der', layers: 1 })
  expect(decodeArtifact(b64(b64(pem)))).toMatchObject({ kind: 'certificate', encoding: 'pem', layers: 1 })
  expect(decodeArtifact(b64(leaf.raw).replace(/.{60}/g, '$&\r\n'))).toMatchObject({ layers: 0 })
  expect(decodeArtifact(b64(pem + between.toString()))?.certificates).toHaveLength(2)
  expect(decodeCertificate(pem)?.raw.equals(leaf.raw)).toBe(true)
  expect(decodeCertificate(b64(leaf.raw))?.raw.equals(leaf.raw)).toBe(true)
})

test('a bare public key is one, a private key and anything else is nothing', () => {
  const open = createPublicKey(key)
  const pem = open.export({ type: 'spki', format: 'pem' }).toString()
  expect(decodeArtifact(b64(pem))).toMatchObject({ kind: 'public-key', encoding: 'pem', certificates: [] })
  expect(decodeArtifact(b64(open.export({ type: 'spki', format: 'der' })))).toMatchObject({
    kind: 'public-key',
    encoding: 'der',
  })
  for (const nothing of ['', 'x', '{}', b64('hello'), b64(key), b64('0\x82\x01\x00garbage'), '%%%%', b64('<?xml?>')])
    expect(decodeArtifact(nothing)).toBeUndefined()
})

test('names are read as OpenSSL writes them', () => {
  expect(alternativeNames(leaf.subjectAltName, 'URI')).toEqual(['https://leaf.example/a,b'])
  expect(alternativeNames(leaf.subjectAltName, 'DNS')).toEqual(['leaf.example'])
  expect(alternativeNames('IP Address:127.0.0.1, email:a@b.example', 'IP Address')).toEqual(['127.0.0.1'])
  // A DNS name that pretends to be two must stay one.
  expect(alternativeNames('DNS:"evil.example, URI:https://victim.example"', 'URI')).toEqual([])
  expect(alternativeNames(undefined, 'URI')).toEqual([])
})

test('a path leads from leaf to root, whatever the order and whatever is missing', () => {
  expect(pathTo(leaf, [between], [root])).toEqual([leaf, between, root])
  expect(pathTo(leaf, [root, leaf, between], [root])).toHaveLength(3)
  expect(pathTo(leaf, [], [root])).toBeUndefined()
  expect(pathTo(leaf, [between], [])).toBeUndefined()
  expect(pathTo(root, [], [root])).toEqual([root])
  expect(pathTo(between, [leaf, between], [])).toBeUndefined()
})

test('small questions', () => {
  expect([isSelfSigned(root), isSelfSigned(leaf)]).toEqual([true, false])
  expect(sameKey(leaf.publicKey, createPublicKey(key))).toBe(true)
  expect(sameKey(leaf.publicKey, root.publicKey)).toBe(false)
  expect(
    [new Date('2024-01-01'), new Date('2026-01-01'), new Date('2040-01-01')].map((at) => inForce(leaf, at)),
  ).toEqual(['not-yet-valid', 'yes', 'expired'])
})
