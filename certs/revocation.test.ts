import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateFrom } from '../harness/certificates.ts'
import { type Authorities, authorities } from './authorities.ts'
import { type Issued, issue, over, tocome } from './issue.ts'
import { certificatesIn } from './keys.ts'
import { answerOcsp, ocspQuestion, readOcsp } from './ocsp.ts'
import { authorityByRequest, leafByRequest, readRequest, signingRequest } from './request.ts'
import { readRevocationList, revocationList, revocationListPem } from './revocation-list.ts'
import { throwAway } from './throw-away.ts'
import { verifyCertificate } from './verify.ts'

const at = new Date('2026-03-02T15:00:00Z')
let folder: string
let all: Authorities
let good: Issued
let bad: Issued
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitruvian-certs-'))
  all = await authorities(folder)
  good = await issue(all.intermediate, { subject: 'CN=Good', uris: ['https://good.example/payer'] })
  bad = await issue(all.intermediate, { subject: 'CN=Bad', uris: ['https://bad.example/payer'] })
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
const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
const openssl = async (...args: string[]): Promise<string> => {
  const run = await promisify(execFile)('openssl', args).catch((error: { stdout: string; stderr: string }) => error)
  return run.stdout + run.stderr
}
const issuer = (): Uint8Array => all.intermediate.certificate.raw
const serialOf = ({ der }: Issued): string => certificateFrom(der).serialNumber
const revokedBad = () => [{ serial: serialOf(bad), at, reason: 'keyCompromise' as const }]

describe('revocation lists', () => {
  test('name who is revoked, and are believed of their issuer alone', async () => {
    const list = await revocationList(all.intermediate, revokedBad())
    expect(await readRevocationList(list, issuer(), serialOf(bad), at)).toEqual({ believed: true, revoked: true })
    expect(await readRevocationList(list, issuer(), serialOf(good), at)).toEqual({ believed: true, revoked: false })
    const pem = Buffer.from(revocationListPem(list))
    expect(await readRevocationList(pem, issuer(), serialOf(bad), at)).toEqual({ believed: true, revoked: true })
    const other = await revocationList(all.rogue, revokedBad())
    expect(await readRevocationList(other, issuer(), serialOf(bad), at)).toMatchObject({ believed: false })
    const late = await readRevocationList(list, issuer(), serialOf(bad), new Date('2037-01-01'))
    expect(late).toMatchObject({ believed: false, why: 'a newer one is due' })
    const altered = new Uint8Array(list)
    altered[altered.length - 1] = (altered[altered.length - 1] as number) ^ 1
    expect(await readRevocationList(altered, issuer(), serialOf(bad), at)).toMatchObject({ believed: false })
    expect(await readRevocationList(Buffer.from('<html>'), issuer(), serialOf(bad), at)).toMatchObject({
      believed: false,
    })
  })

  test('an empty one is one too', async () => {
    const list = await revocationList(all.intermediate, [], 300)
    expect(await readRevocationList(list, issuer(), serialOf(bad), at)).toEqual({ believed: true, revoked: false })
  })

  test.skipIf(!hasOpenssl)('openssl reads them the same way', async () => {
    const lists =
      revocationListPem(await revocationList(all.intermediate, revokedBad(), 2)) +
      revocationListPem(await revocationList(all.root, []))
    const crl = await file('crl.pem', lists)
    const root = await file('root.pem', all.root.pem)
    const check = async (leaf: Issued): Promise<string> => {
      const cert = await file('leaf.pem', leaf.credentials.cert)
      return openssl('verify', '-crl_check_all', '-CAfile', root, '-CRLfile', crl, '-untrusted', cert, cert)
    }
    expect(await check(good)).toMatch(/OK/)
    expect(await check(bad)).toMatch(/certificate revoked/)
  })
})

describe('OCSP', () => {
  const ask = async (about: Issued, authority = all.intermediate): Promise<unknown> => {
    const question = await ocspQuestion(about.der, issuer())
    return readOcsp(await answerOcsp(authority, question, revokedBad()), about.der, issuer(), at, question)
  }

  test('tells when in whole seconds (RFC 5280 §4.1.2.5.2)', async () => {
    const question = await ocspQuestion(bad.der, issuer())
    const late = [{ serial: serialOf(bad), at: new Date('2026-03-02T15:04:05.678Z') }]
    const text = async (der: Promise<Uint8Array>): Promise<string> => Buffer.from(await der).toString('latin1')
    expect(await text(answerOcsp(all.intermediate, question, late))).toContain('20260302150405Z')
    expect(await text(revocationList(all.intermediate, late))).toContain('260302150405Z')
  })

  test('answers good, revoked, and unknown for a stranger', async () => {
    expect(await ask(good)).toEqual({ believed: true, status: 'good' })
    expect(await ask(bad)).toEqual({ believed: true, status: 'revoked' })
    const stranger = await issue(all.rogue, { subject: 'CN=Good' })
    const rogueIssuer = all.rogue.certificate.raw
    const question = await ocspQuestion(stranger.der, rogueIssuer)
    const answer = await answerOcsp(all.intermediate, question, [])
    expect(await readOcsp(answer, stranger.der, rogueIssuer, at)).toMatchObject({ believed: false })
  })

  test('an answer by somebody else, about something else, or to another question is not believed', async () => {
    expect(await ask(good, all.rogue)).toMatchObject({ believed: false })
    const question = await ocspQuestion(good.der, issuer())
    const answer = await answerOcsp(all.intermediate, question, [])
    expect(await readOcsp(answer, bad.der, issuer(), at)).toMatchObject({ believed: false })
    const another = await ocspQuestion(good.der, issuer())
    expect(await readOcsp(answer, good.der, issuer(), at, another)).toEqual({
      believed: false,
      why: 'it answers somebody else',
    })
    expect(await readOcsp(answer, good.der, issuer(), new Date('2037-01-01'))).toMatchObject({ believed: false })
  })

  test('a question that is none is declined', async () => {
    const answer = await answerOcsp(all.intermediate, Buffer.from('hello'), [])
    expect(await readOcsp(answer, good.der, issuer(), at)).toEqual({
      believed: false,
      why: 'the responder declined with status 1',
    })
  })

  test.skipIf(!hasOpenssl)('openssl asks and believes the same', async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const answer = await answerOcsp(all.intermediate, Buffer.concat(chunks), revokedBad())
        response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(answer)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const root = await file('root.pem', all.root.pem)
    const by = await file('issuer.pem', all.intermediate.pem)
    const check = async (about: Issued): Promise<string> =>
      openssl(
        'ocsp',
        '-issuer',
        by,
        '-cert',
        await file('leaf.pem', about.credentials.cert),
        '-url',
        url,
        '-CAfile',
        root,
      )
    expect(await check(good)).toMatch(/: good[\s\S]*Response verify OK/)
    expect(await check(bad)).toMatch(/: revoked[\s\S]*Response verify OK/)
    server.close()
  })
})

describe('requests', () => {
  test('keep their names and prove their key', async () => {
    const leaf = await leafByRequest(all.intermediate, {
      subject: 'CN=New Plan',
      uris: ['https://new-plan.example/payer'],
      dns: ['localhost'],
    })
    expect(certificateFrom(leaf.der).subjectAltName).toBe('URI:https://new-plan.example/payer, DNS:localhost')
    const mine = await signingRequest({ subject: 'CN=New Plan' })
    const altered = Buffer.from(mine.pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    altered[altered.length - 5] = (altered[altered.length - 5] as number) ^ 1
    expect(
      await readRequest(
        `-----BEGIN CERTIFICATE REQUEST-----\n${altered.toString('base64')}\n-----END CERTIFICATE REQUEST-----`,
      ),
    ).toBeUndefined()
    expect(await readRequest('hello')).toBeUndefined()
  })

  test('an authority by request can issue', async () => {
    const manager = await authorityByRequest(all.root, 'CN=Trust Manager, O=Community')
    const leaf = await issue(manager, { subject: 'CN=Payer' })
    expect(await verify(leaf.credentials.cert)).toMatchObject({ ok: true })
  })
})

const verify = (pem: string, more: object = {}): Promise<unknown> =>
  verifyCertificate(certificatesIn(pem), { trusted: all.trusted, at, ...more })

describe('verification', () => {
  test('tells each doubt apart', async () => {
    const cert = async (terms: object, authority = all.intermediate): Promise<string> =>
      (await issue(authority, { subject: 'CN=Leaf', ...terms })).credentials.cert
    expect(await verify(good.credentials.cert, { usage: 'clientAuth' })).toMatchObject({ ok: true })
    expect(await verify(await cert(over))).toMatchObject({ reason: 'expired' })
    expect(await verify(await cert(tocome))).toMatchObject({ reason: 'not-yet-valid' })
    expect(await verify(await cert({}, all.rogue))).toMatchObject({ reason: 'untrusted-chain' })
    expect(await verify(await cert({ usages: ['serverAuth'] }), { usage: 'clientAuth' })).toMatchObject({
      reason: 'wrong-usage',
    })
    expect(await verify(await cert({ key: 'rsa-1024' }))).toMatchObject({ reason: 'weak-key' })
    expect(await verify((await throwAway({ subject: 'CN=Me' })).cert)).toMatchObject({ reason: 'self-signed' })
    expect(await verify('')).toMatchObject({ reason: 'untrusted-chain' })
    const lists = [await revocationList(all.intermediate, revokedBad())]
    expect(await verify(bad.credentials.cert, { lists })).toMatchObject({ reason: 'revoked' })
    expect(await verify(good.credentials.cert, { lists })).toMatchObject({ ok: true })
  })

  test('a leaf may not issue, and a rogue with the same name is no issuer', async () => {
    const [payer] = certificatesIn(good.credentials.cert)
    const forged = await issue(
      {
        ...all.intermediate,
        keys: await keysOf(good),
        certificate: certificateFrom(good.der),
        chain: good.credentials.cert,
      },
      { subject: 'CN=Forged' },
    )
    expect(payer).toBeDefined()
    expect(await verify(forged.credentials.cert)).toMatchObject({ reason: 'untrusted-chain' })
    const twin = await issue(
      { ...all.rogue, certificate: all.intermediate.certificate, chain: all.intermediate.chain },
      { subject: 'CN=Twin' },
    )
    expect(await verify(twin.credentials.cert)).toMatchObject({ reason: 'untrusted-chain' })
  })
})

const keysOf = async (issued: Issued): Promise<CryptoKeyPair> =>
  (await import('./keys.ts')).keysFromPem(issued.credentials.key)

test('a throw-away keeps the key that it is given', async () => {
  const made = await throwAway({
    subject: 'CN=New Plan, O=New Plan',
    uris: ['https://new-plan.example/payer'],
    keyPem: good.credentials.key,
  })
  expect(made.key.trim()).toBe(good.credentials.key.trim())
})
