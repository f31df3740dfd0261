/** Each file that a plan names is looked into before anything is played. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileTroubles } from './plan-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-plan-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const bundleOf = (...types: string[]): string =>
  JSON.stringify({ resourceType: 'Bundle', entry: types.map((resourceType) => ({ resource: { resourceType } })) })

beforeAll(async () => {
  const [a, b] = await Promise.all([generate(), generate()])
  const pem = (kind: object): string => String(kind)
  const locked = generateKeyPairSync('ec', {
    namedCurve: 'P-384',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  })
  const ec = (namedCurve: string): string =>
    pem(
      generateKeyPairSync('ec', { namedCurve }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }) as unknown as object,
    )
  const files: Record<string, string> = {
    'a.pem': `\uFEFF${a.cert}`,
    'a.key': a.private,
    'b.key': b.private,
    'locked.key': locked.privateKey,
    'p256.key': ec('P-256'),
    'p384.key': ec('P-384'),
    'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'empty.txt': ' \n',
    'people.json': bundleOf('Patient', 'Coverage'),
    'nobody.json': bundleOf('Coverage'),
    'half.json': '{"resourceType": "Patient",\n "name": [{"family": Adams}]}',
    'patient.json': JSON.stringify({ resourceType: 'Patient' }),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
})

const people = (holding: object): object => ({ people: { 'Ana Adams': holding } })
const client = (signingKey: string, alg: string): object => ({ client: { signingKey, alg } })
const troubles = (raw: object): string[] =>
  fileTroubles(raw, (name) => join(folder, name)).map(([keys, says]) => `${keys.join('.')}: ${says}`)

it.each([
  [{ certificate: 'a.pem', key: 'b.key' }, /^key: is not the key of the certificate/],
  [{ certificate: 'a.key', key: 'a.key' }, /^certificate: .*a\.key holds no certificate/],
  [{ certificate: 'broken.pem', key: 'a.key' }, /is damaged/],
  [{ certificate: 'a.pem', key: 'a.pem' }, /^key: .*a\.pem holds no private key/],
  [{ certificate: 'a.pem', key: 'locked.key' }, /^key: .* is locked by a passphrase/],
  [{ roots: ['a.pem', 'empty.txt'] }, /^roots\.1: .* holds no certificate/],
  [{ roots: ['.'] }, /^roots\.0: .* is a folder/],
  [{ hooksKey: 'empty.txt' }, /^hooksKey: .* is empty/],
  [{ hooksKey: 'none' }, /^hooksKey: there is no file/],
  [client('a.pem', 'RS384'), /^client\.signingKey: .* holds no private key/],
  [client('a.key', 'ES384'), /^client\.alg: ES384 wants an EC key on the curve P-384, and signingKey is RSA$/],
  [client('p256.key', 'ES384'), /signingKey is EC prime256v1$/],
  [client('p384.key', 'RS384'), /RS384 wants an RSA key/],
  [people({ bundle: 'a.pem' }), /^people\.Ana Adams\.bundle: .*a\.pem is not JSON/],
  // By its place alone: the words there may be a member's.
  [
    people({ bundle: 'half.json' }),
    /^people\.Ana Adams\.bundle: .*half\.json is not JSON: it cannot be read from line 2, column 22 on$/,
  ],
  [people({ bundle: 'patient.json' }), /^people\.Ana Adams: the file is no Bundle/],
  [people({ submitted: 'nobody.json' }), /^people\.Ana Adams: there is no Patient/],
])('%j', (raw, says) => {
  const found = troubles(raw)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(says)
})

it('has nothing against what is right', () => {
  expect(
    troubles({
      certificate: 'a.pem',
      key: 'a.key',
      roots: ['a.pem'],
      hooksKey: 'a.key',
      one: client('p384.key', 'ES384'),
      other: client('a.key', 'RS384'),
      ...people({ bundle: 'people.json' }),
    }),
  ).toEqual([])
})
