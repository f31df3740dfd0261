/** Chains with real keys, good and bad by RFC 5280 §6.1. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import * as asn1 from '@peculiar/asn1-x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { signCertificate } from './certificate.ts'
import { pem } from './keys.ts'
import { verifyCertificate } from './verify.ts'

const at = new Date('2026-03-02T15:00:00Z')
const dates = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') }

const extension = (extnID: string, value: object, critical = true): asn1.Extension =>
  new asn1.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })

type General = Partial<asn1.GeneralName>

interface Entity {
  readonly name: string
  readonly key: KeyObject
  readonly der: Uint8Array
}
const keys = new Map<string, KeyObject>()
const keyOf = (name: string): KeyObject => {
  const known = keys.get(name) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  keys.set(name, known)
  return known
}
/** A certificate of that name, by that one or by itself. */
const certified = (name: string, by: Entity | undefined, ...extensions: asn1.Extension[]): Entity => {
  // Who renews itself has a new key.
  const key = keyOf(by?.name === name ? `${name}, renewed` : name)
  const said = { subject: name, issuer: by?.name ?? name, ...dates, publicKey: createPublicKey(key), extensions }
  return { name, key, der: signCertificate(said, by?.key ?? key) }
}
const ca = (pathLenConstraint?: number): asn1.Extension =>
  extension(
    asn1.id_ce_basicConstraints,
    new asn1.BasicConstraints({ cA: true, ...(pathLenConstraint === undefined ? {} : { pathLenConstraint }) }),
  )
const names = (...list: General[]): asn1.Extension =>
  extension(
    asn1.id_ce_subjectAltName,
    new asn1.SubjectAlternativeName(list.map((one) => new asn1.GeneralName(one))),
    false,
  )
const trees = (list: General[]): asn1.GeneralSubtrees =>
  new asn1.GeneralSubtrees(list.map((one) => new asn1.GeneralSubtree({ base: new asn1.GeneralName(one) })))
const limits = (permitted: General[], excluded: General[] = []): asn1.Extension =>
  extension(
    asn1.id_ce_nameConstraints,
    new asn1.NameConstraints({
      ...(permitted.length ? { permittedSubtrees: trees(permitted) } : {}),
      ...(excluded.length ? { excludedSubtrees: trees(excluded) } : {}),
    }),
  )
const named = (...parts: [string, string][]): asn1.Name =>
  new asn1.Name(
    parts.map(
      ([type, utf8String]) =>
        new asn1.RelativeDistinguishedName([
          new asn1.AttributeTypeAndValue({ type, value: new asn1.AttributeValue({ utf8String }) }),
        ]),
    ),
  )

let root: Entity
beforeAll(() => {
  root = certified('CN=Root', undefined, ca())
})

/** `good`, or what is wrong with it. */
async function judged(...chain: Entity[]): Promise<string> {
  const verdict = await verifyCertificate(
    chain.map(({ der }) => der),
    { trusted: [pem('CERTIFICATE', root.der)], at },
  )
  return verdict.ok ? 'good' : verdict.text
}

const dns = (dNSName: string) => ({ dNSName })
const uri = (uniformResourceIdentifier: string) => ({ uniformResourceIdentifier })
const mail = (rfc822Name: string) => ({ rfc822Name })
const ip = (iPAddress: string) => ({ iPAddress })
const [C, O, CN] = ['2.5.4.6', '2.5.4.10', '2.5.4.3'] as const
const directory = (...parts: [string, string][]) => ({ directoryName: named(...parts) })

describe('name constraints', () => {
  test.each<[string, General, General, boolean]>([
    ['a host', dns('plan.example'), dns('plan.example'), true],
    ['a host below', dns('plan.example'), dns('A.Plan.Example'), true],
    ['a host with a longer label', dns('plan.example'), dns('myplan.example'), false],
    ['another host', dns('plan.example'), dns('plan.test'), false],
    ['any host', dns(''), dns('plan.test'), true],
    ['a wildcard', dns('plan.example'), dns('*.plan.example'), true],
    ['a host where only those below are meant', dns('.plan.example'), dns('plan.example'), false],
    ['a URI by its host', uri('plan.example'), uri('https://PLAN.example:8443/payer'), true],
    ['a URI by a host below', uri('plan.example'), uri('https://a.plan.example/payer'), false],
    ['a URI below a domain', uri('.plan.example'), uri('https://a.plan.example/payer'), true],
    ['a URI of the domain itself', uri('.plan.example'), uri('https://plan.example/payer'), false],
    ['a URI whose user is called like the host', uri('plan.example'), uri('https://plan.example@other.test/'), false],
    ['a mailbox', mail('me@plan.example'), mail('me@PLAN.example'), true],
    ['another mailbox', mail('me@plan.example'), mail('you@plan.example'), false],
    ['a mailbox of a host', mail('plan.example'), mail('you@plan.example'), true],
    ['a mailbox of a host below', mail('plan.example'), mail('you@a.plan.example'), false],
    ['a mailbox below a domain', mail('.plan.example'), mail('you@a.plan.example'), true],
    ['an address', ip('10.1.0.0/16'), ip('10.1.2.3'), true],
    ['an address out of the range', ip('10.1.0.0/16'), ip('10.2.2.3'), false],
    ['an address of the other family', ip('10.1.0.0/16'), ip('2001:db8::1'), false],
    ['an address of a range that ends within a byte', ip('2001:db8::/33'), ip('2001:db8:7fff::1'), true],
    ['an address behind that range', ip('2001:db8::/33'), ip('2001:db8:8000::1'), false],
    ['a name', directory([C, 'US'], [O, 'Plans']), directory([C, 'us'], [O, ' PLANS'], [CN, 'A']), true],
    ['a name of another branch', directory([C, 'US'], [O, 'Plans']), directory([C, 'US'], [O, 'Plan']), false],
    ['a name that begins otherwise', directory([O, 'Plans']), directory([C, 'US'], [O, 'Plans']), false],
    ['a name that ends too early', directory([C, 'US'], [O, 'Plans']), directory([C, 'US']), false],
  ])('hold %s', async (_what, subtree, name, inside) => {
    const permitting = certified('CN=Permitting', root, ca(), limits([subtree]))
    expect(await judged(certified('', permitting, names(name)), permitting)).toMatch(
      inside ? /^good$/ : /does not permit a name/,
    )
    const excluding = certified('CN=Excluding', root, ca(), limits([], [subtree]))
    expect(await judged(certified('', excluding, names(name)), excluding)).toMatch(
      inside ? /excludes a name/ : /^good$/,
    )
  })

  test.each([
    ['a URI without a host', uri('plan.example'), uri('urn:oid:1.2.3')],
    ['a URI with an address', uri('plan.example'), uri('https://127.0.0.1/')],
    ['a URI with an address of six', uri('plan.example'), uri('https://[::1]/')],
    ['what is no mailbox', mail('plan.example'), mail('somebody')],
    ['a kind of name that nobody can compare', { registeredID: '1.2.3' }, { registeredID: '1.2.4' }],
  ])('never let %s pass', async (_what, subtree, name) => {
    for (const limit of [limits([subtree]), limits([], [subtree])]) {
      const authority = certified('CN=Limited', root, ca(), limit)
      expect(await judged(certified('', authority, names(name)), authority)).toMatch(/name constraints/)
      // It is not about names of another kind.
      expect(await judged(certified('', authority, names(dns('plan.example'))), authority)).toBe('good')
    }
  })

  test('are kept by every name, below every authority, of the subject, too', async () => {
    const wide = certified(
      'CN=Wide',
      root,
      ca(),
      limits([dns('example'), directory([CN, 'Narrow']), directory([O, 'Plan'])]),
    )
    const narrow = certified('CN=Narrow', wide, ca(), limits([dns('plan.example'), dns('other.test')]))
    const leaf = (...list: General[]): Promise<string> =>
      judged(certified('O=Plan', narrow, names(...list)), narrow, wide)
    expect(await leaf(dns('a.plan.example'))).toBe('good')
    expect(await leaf(dns('a.plan.example'), dns('b.example'))).toMatch(/does not permit/)
    expect(await leaf(dns('other.test'))).toMatch(/does not permit/)
    expect(await judged(certified('O=Other', narrow), narrow, wide)).toMatch(/does not permit a name \(directoryName\)/)
    const mailing = certified('CN=Mailing', root, ca(), limits([mail('plan.example')]))
    const writer = (host: string, ...more: asn1.Extension[]): Promise<string> =>
      judged(certified(`E=me@${host}`, mailing, ...more), mailing)
    expect(await writer('plan.example')).toBe('good')
    expect(await writer('other.test')).toMatch(/does not permit a name \(rfc822Name\)/)
    expect(await writer('other.test', names(dns('other.test')))).toBe('good')
  })

  test('leave an authority alone that renews itself, and nobody below it', async () => {
    const limited = certified('CN=Limited', root, ca(), limits([directory([O, 'Plan'])]))
    const renewed = certified('CN=Limited', limited, ca())
    expect(await judged(certified('O=Plan', renewed), renewed, limited)).toBe('good')
    expect(await judged(certified('O=Other', renewed), renewed, limited)).toMatch(/does not permit/)
  })

  test('that cannot be read are kept by nobody', async () => {
    const hole = Buffer.from(AsnConvert.serialize(limits([ip('10.1.0.0/16')])))
    hole.set([255, 0, 255, 0], hole.length - 4)
    for (const limit of [AsnConvert.parse(hole, asn1.Extension), limits([]), deep(1), deep(0, 2)]) {
      const authority = certified('CN=Limited', root, ca(), limit)
      expect(await judged(certified('CN=Leaf', authority, names(ip('10.1.2.3'))), authority)).not.toBe('good')
    }
  })
})

const deep = (minimum: number, maximum?: number): asn1.Extension => {
  const base = new asn1.GeneralName(ip('10.1.0.0/16'))
  const subtree = new asn1.GeneralSubtree({ base, minimum, ...(maximum === undefined ? {} : { maximum }) })
  return extension(
    asn1.id_ce_nameConstraints,
    new asn1.NameConstraints({ permittedSubtrees: new asn1.GeneralSubtrees([subtree]) }),
  )
}

describe('policies', () => {
  const [gold, silver, any] = ['1.2.3.1', '1.2.3.2', asn1.id_ce_certificatePolicies_anyPolicy] as const
  const policies = (...ids: string[]): asn1.Extension =>
    extension(
      asn1.id_ce_certificatePolicies,
      new asn1.CertificatePolicies(ids.map((policyIdentifier) => new asn1.PolicyInformation({ policyIdentifier }))),
    )
  const bytes = (value: number): ArrayBuffer => Uint8Array.of(value).buffer
  const demand = (explicit?: number, mapping?: number): asn1.Extension =>
    extension(
      asn1.id_ce_policyConstraints,
      new asn1.PolicyConstraints({
        ...(explicit === undefined ? {} : { requireExplicitPolicy: bytes(explicit) }),
        ...(mapping === undefined ? {} : { inhibitPolicyMapping: bytes(mapping) }),
      }),
    )
  const noAny = (after: number): asn1.Extension =>
    extension(asn1.id_ce_inhibitAnyPolicy, new asn1.InhibitAnyPolicy(bytes(after)))
  const mapped = (issuerDomainPolicy: string, subjectDomainPolicy: string): asn1.Extension => {
    const mappings = new asn1.PolicyMappings()
    mappings.push(Object.assign(new asn1.PolicyMapping(), { issuerDomainPolicy, subjectDomainPolicy }))
    return extension(asn1.id_ce_policyMappings, mappings)
  }

  test.each<[string, asn1.Extension[], asn1.Extension[], asn1.Extension[], boolean]>([
    ['nobody asks for one', [], [], [], true],
    ['nobody asks for one and they differ', [policies(gold)], [policies(silver)], [], true],
    ['all name it', [policies(gold), demand(0)], [policies(gold)], [policies(gold)], true],
    ['the leaf names none', [policies(gold), demand(0)], [policies(gold)], [], false],
    ['the leaf names another', [policies(gold), demand(0)], [policies(gold)], [policies(silver)], false],
    ['one between names none', [policies(gold), demand(0)], [], [policies(gold)], false],
    ['any of them will do', [policies(any), demand(0)], [policies(any)], [policies(silver)], true],
    ['any of them counts no more', [policies(any), demand(0), noAny(0)], [policies(any)], [policies(silver)], false],
    ['any of them counts once more', [policies(any), demand(0), noAny(1)], [policies(any)], [policies(silver)], true],
    ['it is asked for in time', [policies(gold), demand(1)], [policies(gold)], [policies(silver)], false],
    ['it is asked for too late', [policies(gold), demand(3)], [policies(gold)], [policies(silver)], true],
    ['the leaf asks for it itself', [policies(gold)], [policies(gold)], [policies(silver), demand(0)], false],
    [
      'it is called otherwise',
      [policies(gold), demand(0), mapped(gold, silver)],
      [policies(silver)],
      [policies(silver)],
      true,
    ],
    [
      'it is still called so',
      [policies(gold), demand(0), mapped(gold, silver)],
      [policies(gold)],
      [policies(gold)],
      false,
    ],
    [
      'none may be called otherwise',
      [policies(gold), demand(0, 0)],
      [policies(gold), mapped(gold, silver)],
      [policies(silver)],
      false,
    ],
    [
      'any of them is called otherwise',
      [policies(any), demand(0), mapped(gold, silver)],
      [policies(silver)],
      [policies(silver)],
      true,
    ],
    ['any of them is mapped', [policies(any), mapped(any, silver)], [policies(silver)], [policies(silver)], false],
  ])('%s', async (_what, upper, lower, last, good) => {
    const above = certified('CN=Above', root, ca(), ...upper)
    const below = certified('CN=Below', above, ca(), ...lower)
    const verdict = await judged(certified('CN=Leaf', below, ...last), below, above)
    expect(verdict).toMatch(good ? /^good$/ : /RFC 5280/)
  })
})

describe('a chain', () => {
  const unknown = (critical: boolean): asn1.Extension =>
    extension('1.3.6.1.4.1.99999.1', new asn1.BasicConstraints(), critical)
  const usage = (flags: number): asn1.Extension => extension(asn1.id_ce_keyUsage, new asn1.KeyUsage(flags))

  test('has no critical extension that nobody understands, at its leaf as little as above', async () => {
    const authority = certified('CN=CA', root, ca())
    expect(await judged(certified('CN=Leaf', authority, unknown(false)), authority)).toBe('good')
    expect(await judged(certified('CN=Leaf', authority, unknown(true)), authority)).toMatch(
      /1\.99999\.1\) is not understood/,
    )
    const odd = certified('CN=Odd', root, ca(), unknown(true))
    expect(await judged(certified('CN=Leaf', odd), odd)).toMatch(/is not understood/)
  })

  test('has no extension twice', async () => {
    const authority = certified('CN=CA', root, ca())
    const twice = certified('CN=Leaf', authority, unknown(false), unknown(false))
    expect(await judged(twice, authority)).toMatch(/twice/)
  })

  test('is no longer than its authorities allow, those aside that renew themselves', async () => {
    const last = certified('CN=Last', root, ca(0))
    const renewed = certified('CN=Last', last, ca(0))
    const beyond = certified('CN=Beyond', last, ca())
    expect(await judged(certified('CN=Leaf', last), last)).toBe('good')
    expect(await judged(certified('CN=Leaf', renewed), renewed, last)).toBe('good')
    expect(await judged(certified('CN=Leaf', beyond), beyond, last)).toMatch(/more authorities/)
  })

  test('is signed by keys for signing certificates', async () => {
    const signing = certified('CN=Signing', root, ca(), usage(asn1.KeyUsageFlags.keyCertSign))
    expect(await judged(certified('CN=Leaf', signing), signing)).toBe('good')
    const talking = certified('CN=Talking', root, ca(), usage(asn1.KeyUsageFlags.digitalSignature))
    expect(await judged(certified('CN=Leaf', talking), talking)).not.toBe('good')
  })
})
