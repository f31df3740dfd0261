/** What a payer publishes on main, one thing of it changed: the checks say so, and nothing against another way that is as good. */
import type { X509Certificate } from 'node:crypto'
import type { Bundle, BundleEntry, Endpoint, Extension } from 'fhir/r4.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Authority, rootAuthority } from '../../certs/authority.ts'
import { signedBundle, unsignedBundle } from '../../certs/endpoint-bundle.ts'
import { type Issued, issue } from '../../certs/issue.ts'
import { certificateFrom } from '../../harness/certificates.ts'
import { extensionsOf, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import { type Step, sceneOf, told } from '../told/told.ts'
import { heardOf } from '../told/verdicts.ts'

let community: Authority
let manager: Issued
let payer: Issued
let own: X509Certificate
beforeAll(async () => {
  community = await rootAuthority('CN=Community')
  manager = await issue(community, { subject: 'CN=Manager' })
  const notAfter = new Date('2026-12-31T20:00:00Z')
  payer = await issue(community, { subject: 'CN=Payer', uris: ['https://payer.example'], notAfter })
  own = certificateFrom(payer.der)
})

const credentials = () => payer.credentials
const endorsement = () => ({ signed: payer.credentials.cert, manager: community.pem })
const unsigned = (): Bundle =>
  unsignedBundle({
    name: 'Payer',
    uri: 'https://payer.example',
    identifier: { system: 'urn:x', value: '1' },
    address: 'https://payer.example/fhir',
    registration: 'https://payer.example/register',
    credentials: credentials(),
    endorsement: endorsement(),
    pdex: '2.2.0',
    at: new Date('2026-03-02T15:00:00Z'),
  })
const endpointOf = (bundle: Bundle): Endpoint =>
  bundle.entry?.find(({ resource }) => resource?.resourceType === 'Endpoint')?.resource as Endpoint
const partIn = (bundle: Bundle, url: string, name: string): Extension =>
  partOf(extensionsOf(endpointOf(bundle), url)[0] as Extension, name) as Extension

type Change = (bundle: Bundle) => void
const untouched: Change = () => {}
/** The bundle, changed before it is signed or after. */
const published = (before = untouched, after = untouched): Bundle => {
  const bundle = unsigned()
  before(bundle)
  const signed = signedBundle(bundle, credentials(), endorsement())
  after(signed)
  return signed
}
const shown = (whose: string, body: string): Step =>
  told('fetch-signing-certificate', `https://trust.example/${whose}`, { intent: { whose }, answer: body })
const onMain = (bundle: unknown, ...more: Step[]): Step[] => [
  ...more,
  told('refresh-repository', 'https://trust.example/main', { answer: { bundles: [{ bundle }] } }),
]
const roots = (): Step[] => [shown('community', community.pem), shown('manager', community.pem)]
const heard = (start: string, steps: readonly Step[]) => heardOf(start, steps, sceneOf())

const dated =
  (date: string): Change =>
  (bundle) => {
    partIn(bundle, mtlsExtensions.secureExchangeArtifacts, 'expirationDate').valueDateTime = date
  }
const endpoint =
  (change: (endpoint: Endpoint) => void): Change =>
  (bundle) =>
    change(endpointOf(bundle))
const without =
  (url: string): Change =>
  (bundle) => {
    const one = endpointOf(bundle)
    one.extension = (one.extension ?? []).filter((extension) => extension.url !== url)
  }
const withoutEndpoint: Change = (bundle) => {
  bundle.entry = (bundle.entry ?? []).filter(({ resource }) => resource?.resourceType !== 'Endpoint')
}
const artifact = (url: string, name: string, text: string): Change => {
  return (bundle) => {
    partIn(bundle, url, name).valueBase64Binary = Buffer.from(text).toString('base64')
  }
}
/** Bundle.signature.data is something else. */
const signature =
  (text: string): Change =>
  (bundle) => {
    if (bundle.signature) bundle.signature.data = Buffer.from(text).toString('base64')
  }

const unsignedJws = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}..c2ln`

/** Start of a check's id, what it says, what is changed before the bundle is signed, and what after. */
const changes: readonly (readonly [start: string, code: string, why: string, before?: Change, after?: Change])[] = [
  ['NDH-004', 'pass', ''],
  ['NDH-004', 'warning', 'not signed', untouched, (bundle) => delete bundle.signature],
  ['NDH-004', 'warning', 'neither a JWS nor XML', untouched, signature('scribble')],
  ['NDH-004', 'warning', 'names no certificate', untouched, signature(unsignedJws)],
  ['NDH-004', 'skip', 'XML signature', untouched, signature('<?xml version="1.0"?><Signature/>')],
  [
    'NDH-004',
    'warning',
    'changed after it was signed',
    untouched,
    endpoint((one) => Object.assign(one, { name: 'x' })),
  ],
  ['NDH-005', 'pass', ''],
  [
    'NDH-005',
    'pass',
    'not of the value set',
    endpoint((one) => Object.assign(one, { payloadType: [{ text: 'any' }] })),
  ],
  ['NDH-005', 'fail', 'no https URL', endpoint((one) => Object.assign(one, { address: 'http://payer.example/fhir' }))],
  ['NDH-005', 'fail', 'no connection type', endpoint((one) => Object.assign(one, { connectionType: { code: 'x' } }))],
  ['NDH-005', 'skip', 'no Endpoint', withoutEndpoint],
  ['NDH-006', 'pass', ''],
  ['NDH-006', 'fail', 'no signed object', without(mtlsExtensions.signedObject)],
  ['NDH-006', 'fail', 'no X.509 certificate', artifact(mtlsExtensions.signedObject, 'Object', 'scribble')],
  ['NDH-007', 'pass', 'its type says so'],
  [
    'NDH-007',
    'warning',
    'no https URL',
    (bundle) => {
      partIn(bundle, mtlsExtensions.associatedServers, 'serverURL').valueString = 'http://payer.example/fhir'
    },
  ],
  ['NDH-007', 'warning', 'two servers', without(mtlsExtensions.associatedServers)],
  ['NDH-007', 'skip', 'no Endpoint', withoutEndpoint],
  ['NDH-009', 'pass', ''],
  // A date is as exact as it is written, and the certificate ends on a day of that year.
  ['NDH-009', 'pass', '', dated('2026')],
  ['NDH-009', 'pass', '', dated('2026-12')],
  ['NDH-009', 'pass', '', dated('2026-12-31')],
  ['NDH-009', 'pass', '', dated('2027-01-01')],
  ['NDH-009', 'pass', '', dated('2026-12-31T21:00:00+01:00')],
  ['NDH-009', 'fail', 'not the end of the certificate', dated('2028')],
  ['NDH-009', 'fail', 'not the end of the certificate', dated('2026-12-31T20:00:01Z')],
  ['NDH-009', 'fail', 'not the end of the certificate', dated('the end of the year')],
  ['NDH-009', 'fail', 'has expired', dated('2026-02')],
  [
    'NDH-009',
    'fail',
    'holds no certificate',
    artifact(mtlsExtensions.secureExchangeArtifacts, 'certificate', 'scribble'),
  ],
  ['NDH-009', 'skip', 'no secure exchange artifact', without(mtlsExtensions.secureExchangeArtifacts)],
  ['NDH-011', 'pass', ''],
  ['NDH-011', 'skip', 'nothing of its access control', without(mtlsExtensions.accessControl)],
  ['NDH-014', 'pass', ''],
  ['NDH-014', 'skip', 'names no managing organization', endpoint((one) => delete one.managingOrganization)],
  ['NDH-014', 'fail', 'no FHIR media type', endpoint((one) => Object.assign(one, { payloadMimeType: ['text/plain'] }))],
  ['NDH-014', 'skip', 'no Endpoint', withoutEndpoint],
  ['NDH-016', 'pass', ''],
  ['NDH-016', 'warning', 'carries no key', without(mtlsExtensions.trustFramework)],
  [
    'NDH-016',
    'warning',
    'neither a certificate nor a public key',
    artifact(mtlsExtensions.trustFramework, 'publicCertificate', 'scribble'),
  ],
  ['NDH-028', 'pass', ''],
  ['NDH-028', 'skip', 'no signed artifact', without(mtlsExtensions.trustFramework)],
  ['NDH-028', 'warning', 'holds no certificate', artifact(mtlsExtensions.trustFramework, 'signedArtifact', 'scribble')],
  ['NDH-027', 'pass', ''],
  [
    'NDH-027',
    'warning',
    'neither an Endpoint nor an Organization',
    (bundle) => bundle.entry?.push({ resource: { resourceType: 'Basic', code: {} } } as BundleEntry),
  ],
]

describe('a published bundle', () => {
  it.each(changes.map(([start, code, why, before, after], i) => ({ i, start, code, why, before, after })))(
    '#$i $start $code $why',
    ({ start, code, why, before, after }) => {
      const { codes, words } = heard(start, onMain(published(before, after), ...roots()))
      expect(codes, words).toEqual([code])
      expect(words).toContain(why)
    },
  )

  it('says nothing where nothing is published', () => {
    expect(heard('NDH-001', onMain(undefined)).codes).toEqual(['skip'])
    expect(heard('NDH-001', onMain('a text')).words).toContain('nobody has published')
  })

  it('is not held against an authority or a manager that nobody showed', () => {
    expect(heard('NDH-004', onMain(published())).codes).toEqual(['skip'])
    expect(heard('NDH-016', onMain(published())).words).toContain('was not fetched')
  })

  it('is signed by somebody of the community', async () => {
    const strange = await rootAuthority('CN=Stranger')
    const main = onMain(published(), shown('community', strange.pem), shown('manager', strange.pem))
    expect(heard('NDH-004', main).words).toContain('does not lead to the authority')
    expect(heard('NDH-016', main).words).toContain("is not the trust manager's")
  })

  it('is signed with a certificate that is in force', () => {
    const late = { ...sceneOf(), now: new Date(Date.parse(own.validTo) + 1000).toISOString() }
    expect(heardOf('NDH-004', onMain(published(), ...roots()), late).words).toContain('is expired')
  })

  it('is endorsed by the manager of the framework', () => {
    const other = artifact(mtlsExtensions.trustFramework, 'publicCertificate', manager.credentials.cert)
    expect(heard('NDH-028', onMain(published(other), ...roots())).words).toContain('does not verify')
  })
})
