import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alternativeNames } from '../harness/certificates.ts'
import { type Authority, intermediateAuthority, rootAuthority } from './authority.ts'
import { type Element, elementsOf, integer, momentOf, octets, oid, sequence, time } from './der.ts'
import { distinguishedName, nameBytes, nameText, sameName, subjectBytes } from './distinguished-name.ts'
import { issue } from './issue.ts'
import { readRequest, signingRequest } from './request.ts'
import { readRevocationList, revocationList } from './revocation-list.ts'
import { revocationSources } from './revocation-sources.ts'

x509.cryptoProvider.set(globalThis.crypto)

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-signed-'))
let authority: Authority
beforeAll(async () => {
  authority = await intermediateAuthority(await rootAuthority('CN=Root, O=Tests'), 'CN=Issuing, O=Tests')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
const hasOpenssl = (() => {
  try {
    return openssl('version') !== ''
  } catch {
    console.warn('openssl is not here: its requests and lists are not read')
    return false
  }
})()

describe('DER', () => {
  test('what is written is read', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }), (parts) => {
        const [whole] = elementsOf(sequence(...parts.map(octets))) as [Element]
        expect(elementsOf(whole.content).map(({ content }) => [...content])).toEqual(parts.map((part) => [...part]))
      }),
    )
    const long = octets(Buffer.alloc(70_000, 7))
    expect(elementsOf(long)[0]?.content.length).toBe(70_000)
  })

  test('bytes that are none are refused, and nothing is read beyond their end', () => {
    for (const hex of ['30', '3005', '308001', '30840000000102', '3003020101ff', '0282'])
      expect(() => elementsOf(Buffer.from(hex, 'hex'))).toThrow(RangeError)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(Buffer.concat(elementsOf(bytes).map(({ raw }) => raw))).toEqual(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })

  test.each([
    [integer(0), '020100'],
    [integer(127), '02017f'],
    [integer(128), '02020080'],
    [integer(65_536), '0203010000'],
    [integer(Buffer.from('0000ff', 'hex')), '020200ff'],
    [oid('1.2.840.113549.1.1.11'), '06092a864886f70d01010b'],
    [oid('2.16.840.1.101.3.4.2.1'), '0609608648016503040201'],
    [time(new Date('2049-12-31T23:59:59.999Z')), `170d${Buffer.from('491231235959Z').toString('hex')}`],
    [time(new Date('2050-01-01T00:00:00Z')), `180f${Buffer.from('20500101000000Z').toString('hex')}`],
  ])('%# is written by the book', (made, hex) => expect(made.toString('hex')).toBe(hex))

  test('moments are read', () => {
    for (const text of ['1999-12-31T23:59:59.000Z', '2026-03-02T15:00:00.000Z', '2077-01-01T00:00:00.000Z'])
      expect(momentOf(elementsOf(time(new Date(text)))[0] as Element).toISOString()).toBe(text)
    expect(() => momentOf(elementsOf(octets(Buffer.from('yesterday')))[0] as Element)).toThrow(RangeError)
  })
})

describe('names', () => {
  test.each(['New Plan', 'Plan, "The New" + Co', 'Größe; <of> #1 = \\', 'a,b\\,c'])('%s', (name) => {
    expect(nameText(nameBytes(distinguishedName(name)))).toBe(`CN=${name}, O=${name}`)
  })
  test('are the same whatever their case and spaces', () => {
    expect(sameName(nameBytes('CN=New  Plan'), nameBytes('CN=new plan '))).toBe(true)
    expect(sameName(nameBytes('CN=New Plan'), nameBytes('O=New Plan'))).toBe(false)
    expect(() => nameBytes('XX=New Plan')).toThrow(TypeError)
  })
})

const terms = {
  subject: 'CN=New Plan, O=New Plan',
  uris: ['https://new-plan.example/payer'],
  dns: ['localhost'],
  ips: ['127.0.0.1', '2001:db8::7', '::1'],
  emails: ['it@new-plan.example'],
  crlUrl: 'https://ca.example/crl',
  ocspUrl: 'https://ca.example/ocsp',
} as const

test('another library reads a certificate as we do', async () => {
  for (const key of ['ec', 'rsa'] as const) {
    const { certificate, der } = await issue(authority, { ...terms, key })
    const other = new x509.X509Certificate(new Uint8Array(der))
    expect(other.subject).toBe(terms.subject)
    expect(other.issuer).toBe('CN=Issuing, O=Tests')
    expect(
      await other.verify({
        publicKey: new x509.PublicKey(authority.publicKey.export({ type: 'spki', format: 'der' })),
      }),
    ).toBe(true)
    const ski = other.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId
    const expected = await x509.SubjectKeyIdentifierExtension.create(other.publicKey)
    expect(ski).toBe(expected.keyId)
    expect(other.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      new x509.X509Certificate(authority.certificate.raw).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    )
    expect(other.getExtension(x509.KeyUsagesExtension)?.usages).toBe(x509.KeyUsageFlags.digitalSignature)
    const names = other.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? []
    expect(names.map(({ value }) => value)).toEqual(
      expect.arrayContaining([...terms.uris, ...terms.dns, ...terms.emails, '127.0.0.1']),
    )
    expect(alternativeNames(certificate.subjectAltName, 'IP Address')).toEqual([
      '127.0.0.1',
      '2001:DB8:0:0:0:0:0:7',
      '0:0:0:0:0:0:0:1',
    ])
    expect(revocationSources(der)).toEqual({ lists: [terms.crlUrl], responders: [terms.ocspUrl] })
  }
})

test('another library reads a list as we wrote it', async () => {
  const revoked = [
    { serial: '7f01', at: new Date('2026-03-02T15:00:00Z'), reason: 'keyCompromise' },
    { serial: 'f0', at: new Date('2026-03-02T15:00:00Z') },
  ] as const
  const other = new x509.X509Crl(new Uint8Array(revocationList(authority, revoked, 300)))
  expect(other.issuer).toBe('CN=Issuing, O=Tests')
  expect(other.entries.map(({ serialNumber, reason }) => [serialNumber.replace(/^00/, ''), reason])).toEqual([
    ['7f01', x509.X509CrlReason.keyCompromise],
    ['f0', undefined],
  ])
  expect(
    await other.verify({ publicKey: new x509.PublicKey(authority.publicKey.export({ type: 'spki', format: 'der' })) }),
  ).toBe(true)
})

const openedText = (extension: x509.Extension | undefined): string =>
  Buffer.from(extension?.value ?? new ArrayBuffer(0)).toString('latin1')

test('a request of another library is granted', async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify'])
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=New Plan, O=New Plan',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-384' },
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'url', value: 'https://new-plan.example' }])],
  })
  const asked = readRequest(request.toString('pem'))
  expect(asked && nameText(asked.subject)).toBe('CN=New Plan, O=New Plan')
  expect(asked?.names.uris).toEqual(['https://new-plan.example'])
  const ours = await signingRequest({ subject: 'CN=New Plan', uris: ['https://new-plan.example'] })
  const read = new x509.Pkcs10CertificateRequest(ours.pem)
  expect(await read.verify()).toBe(true)
  expect(read.extensions.map(({ type }) => type)).toEqual(['2.5.29.17'])
  expect(openedText(read.extensions[0])).toContain('https://new-plan.example')
})

describe.skipIf(!hasOpenssl)('of openssl', () => {
  test.each([
    ['rsa', ['-newkey', 'rsa:2048']],
    ['rsa with SHA-512', ['-newkey', 'rsa:2048', '-sha512']],
    ['rsa-pss', ['-newkey', 'rsa:2048', '-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1']],
    ['p-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1']],
    ['ed25519', ['-newkey', 'ed25519']],
  ])('a request with a key of kind %s proves it', (_kind, options) => {
    openssl(
      'req',
      '-new',
      '-nodes',
      '-keyout',
      'k.pem',
      '-out',
      'r.pem',
      '-subj',
      '/O=A Plan/CN=Plan',
      ...options,
      '-addext',
      'subjectAltName=URI:https://a.example,DNS:a.example,IP:10.0.0.1,IP:2001:db8::1',
    )
    const text = readFileSync(join(folder, 'r.pem'), 'utf8')
    const asked = readRequest(text)
    expect(asked && nameText(asked.subject)).toBe('O=A Plan, CN=Plan')
    expect(asked?.names).toMatchObject({ uris: ['https://a.example'], dns: ['a.example'], emails: [] })
    expect(asked?.names.ips?.[0]).toBe('10.0.0.1')
    const secret = createPrivateKey(readFileSync(join(folder, 'k.pem')))
    expect(asked?.publicKey.equals(createPublicKey(secret))).toBe(true)
    const der = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    for (const at of [20, der.length - 20]) {
      const altered = Buffer.from(der)
      altered[at] = (altered[at] as number) ^ 1
      const spoiled = `-----BEGIN CERTIFICATE REQUEST-----\n${altered.toString('base64')}\n-----END CERTIFICATE REQUEST-----`
      expect(readRequest(spoiled)).toBeUndefined()
    }
  })

  test('a certificate and a list are read', () => {
    openssl(
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'rsa:2048',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Their CA',
    )
    writeFileSync(join(folder, 'index.txt'), 'R\t350101000000Z\t260101000000Z,keyCompromise\t0A1B\tunknown\t/CN=Bad\n')
    writeFileSync(join(folder, 'number'), '01\n')
    writeFileSync(
      join(folder, 'ca.cnf'),
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=30\n',
    )
    openssl('ca', '-config', 'ca.cnf', '-gencrl', '-keyfile', 'ca.key', '-cert', 'ca.pem', '-out', 'crl.pem')
    const list = readFileSync(join(folder, 'crl.pem'))
    const issuer = new X509Certificate(readFileSync(join(folder, 'ca.pem')))
    expect(nameText(subjectBytes(issuer))).toBe('CN=Their CA')
    const now = new Date()
    now.setMinutes(now.getMinutes() + 1)
    expect(readRevocationList(list, issuer.raw, '0A1B', now)).toEqual({ believed: true, revoked: true })
    expect(readRevocationList(list, issuer.raw, '0A1C', now)).toEqual({ believed: true, revoked: false })
    expect(readRevocationList(list, authority.certificate.raw, '0A1B', now)).toEqual({
      believed: false,
      why: 'it is the list of CN=Their CA',
    })
  })
})
