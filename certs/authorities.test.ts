import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isHarnessError } from '../harness/errors.ts'
import { type Authorities, authorities } from './authorities.ts'
import { identity } from './identity.ts'
import { issue, over } from './issue.ts'
import { belongTogether, certificatesIn } from './keys.ts'

let folder: string
let all: Authorities
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitruvian-certs-'))
  all = await authorities(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    console.warn('openssl is not here: its second opinion is skipped')
    return false
  }
})()

test('the same folder gives the same authorities, also to a second process', async () => {
  const text = await readFile(join(folder, 'authorities.json'), 'utf8')
  expect(JSON.parse(text).root.certificate).toBe(all.root.pem)
  if (process.platform !== 'win32') expect((await stat(join(folder, 'authorities.json'))).mode & 0o777).toBe(0o600)
  const script = `import { authorities } from ${JSON.stringify(new URL('./authorities.ts', import.meta.url).href)}
    process.stdout.write((await authorities(${JSON.stringify(folder)})).root.pem)`
  const other = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(other).toBe(all.root.pem)
})

test('two that start at once in an empty folder agree', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'vitruvian-certs-'))
  const { readOrMake } = await import('./cache.ts')
  const file = join(empty, 'deep', 'file')
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((text) => readOrMake(file, async () => text)))
  expect(new Set(made).size).toBe(1)
  await rm(empty, { recursive: true, force: true })
})

test('a damaged cache is told with its remedy', async () => {
  const damaged = await mkdtemp(join(tmpdir(), 'vitruvian-certs-'))
  const kept = JSON.parse(await readFile(join(folder, 'authorities.json'), 'utf8'))
  for (const text of [
    '{',
    '{}',
    JSON.stringify({ ...kept, root: kept.rogueRoot }),
    JSON.stringify({ ...kept, rogue: { ...kept.rogue, key: 'x' } }),
  ]) {
    await writeFile(join(damaged, 'authorities.json'), text)
    const trouble = await authorities(damaged).catch((error: unknown) => error)
    expect(isHarnessError(trouble, 'file-trouble') && trouble.remedy).toMatch(/delete .*authorities\.json/)
  }
  await rm(damaged, { recursive: true, force: true })
})

test('a leaf says what was asked for', async () => {
  const made = await issue(all.intermediate, {
    subject: 'CN=New Plan, O=New Plan',
    uris: ['https://new-plan.example/payer'],
    dns: ['localhost'],
    ips: ['127.0.0.1'],
    usages: ['clientAuth'],
    crlUrl: 'http://127.0.0.1:1/crl',
    ocspUrl: 'http://127.0.0.1:1/ocsp',
  })
  const leaf = new X509Certificate(made.credentials.cert)
  expect(leaf.subjectAltName).toBe('URI:https://new-plan.example/payer, DNS:localhost, IP Address:127.0.0.1')
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(leaf.infoAccess).toContain('OCSP - URI:http://127.0.0.1:1/ocsp')
  expect(leaf.ca).toBe(false)
  expect(certificatesIn(made.credentials.cert)).toHaveLength(2)
  expect(belongTogether(made.credentials.cert, made.credentials.key)).toBe(true)
})

test('an RSA key is kept for its subject', async () => {
  const terms = { subject: 'CN=Old Plan', key: 'rsa' } as const
  const [one, two] = [await issue(all.intermediate, terms), await issue(all.intermediate, terms)]
  expect(one.credentials.key).toBe(two.credentials.key)
  expect(one.der).not.toEqual(two.der)
  expect(new X509Certificate(one.credentials.cert).publicKey.asymmetricKeyType).toBe('rsa')
})

test.skipIf(!hasOpenssl)('openssl agrees on the chain', async () => {
  const good = await issue(all.intermediate, { subject: 'CN=Good' })
  const expired = await issue(all.intermediate, { subject: 'CN=Late', ...over })
  const rogue = await issue(all.rogue, { subject: 'CN=Good' })
  await writeFile(join(folder, 'root.pem'), all.root.pem)
  const verify = async (cert: string): Promise<string> => {
    await writeFile(join(folder, 'leaf.pem'), cert)
    try {
      return execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-CAfile',
          join(folder, 'root.pem'),
          '-untrusted',
          join(folder, 'leaf.pem'),
          join(folder, 'leaf.pem'),
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      )
    } catch (error) {
      return String((error as { stderr: string }).stderr)
    }
  }
  expect(await verify(good.credentials.cert)).toMatch(/OK/)
  expect(await verify(expired.credentials.cert)).toMatch(/expired/)
  expect(await verify(rogue.credentials.cert)).toMatch(/unable to get (local )?issuer|self-signed/)
})

test('an identity has a certificate with its URI and a key for JWTs', async () => {
  for (const alg of ['ES384', 'RS384'] as const) {
    const made = await identity({
      authority: all.intermediate,
      name: 'Plan, "The New" + Co',
      uri: 'https://new-plan.example/payer',
      identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '12345' },
      alg,
    })
    const leaf = new X509Certificate(made.credentials?.cert ?? '')
    expect(leaf.subjectAltName).toBe('URI:https://new-plan.example/payer')
    expect(leaf.toLegacyObject().subject.CN).toBe('Plan, "The New" + Co')
    expect(made.signing?.publicJwk).not.toHaveProperty('d')
    expect(made.signing).toMatchObject({ alg, publicJwk: { kid: made.signing?.kid } })
  }
})
