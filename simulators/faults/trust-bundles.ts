/** Bundles on main that are wrong in one way: what a publisher forgot, or a repository spoiled. */
import type { Bundle, Endpoint, Extension, Organization } from 'fhir/r4.js'
import { certificatesIn } from '../../certs/keys.ts'
import { throwAway } from '../../certs/throw-away.ts'
import { extensionsOf, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'
import { rewritingMain } from './trust-spoiling.ts'

const of = <T extends { resourceType: string }>(bundle: Bundle, type: T['resourceType']): T[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === type ? [resource as unknown as T] : []))
const endpointIn = (bundle: Bundle): Endpoint => of<Endpoint>(bundle, 'Endpoint')[0] as Endpoint
const organizationsIn = (bundle: Bundle): Organization[] => of<Organization>(bundle, 'Organization')
/** Each repetition of an extension of the Endpoint. */
const each = (bundle: Bundle, name: keyof typeof mtlsExtensions, change: (extension: Extension) => void): void =>
  extensionsOf(endpointIn(bundle), mtlsExtensions[name]).forEach(change)
const without = (extension: Extension, name: string): void => {
  extension.extension = (extension.extension ?? []).filter(({ url }) => url !== name)
}

const published = (
  id: string,
  title: string,
  breaks: readonly string[],
  change: (bundle: Bundle) => void | Promise<void>,
): Fault<TrustManagerState> => ({
  id: `publishes-${id}`,
  title: `publishes ${title}`,
  actor: 'trust manager',
  route: 'GET /repo/main/bundles',
  breaks,
  spoil: rewritingMain(change),
})

export const trustBundleFaults: readonly Fault<TrustManagerState>[] = [
  published('searchsets', 'bundles that are searchsets', ['NDH-001'], (bundle) => {
    bundle.type = 'searchset'
  }),
  published(
    'unsigned-bundles',
    'bundles without a signature',
    ['NDH-002', 'NDH-004', 'PDEX-093', 'PDEX-478'],
    (bundle) => {
      delete bundle.signature
    },
  ),
  published('undated-bundles', 'bundles without a timestamp', ['NDH-002', 'PDEX-478'], (bundle) => {
    delete bundle.timestamp
  }),
  published(
    'certificates-as-signatures',
    'a certificate where the signature belongs',
    ['NDH-004', 'PDEX-093'],
    (bundle) => {
      const [object] = extensionsOf(endpointIn(bundle), mtlsExtensions.signedObject)
      const data = object && partOf(object, 'Object')?.valueBase64Binary
      if (bundle.signature && data) bundle.signature.data = data
    },
  ),
  published(
    'altered-bundles',
    'bundles that were changed after they were signed',
    ['NDH-004', 'PDEX-093'],
    (bundle) => {
      for (const organization of organizationsIn(bundle)) organization.alias = ['Another Name']
    },
  ),
  published('endpoints-alone', 'Endpoints without any Organization', ['NDH-003', 'PDEX-087', 'PDEX-088'], (bundle) => {
    bundle.entry = (bundle.entry ?? []).filter(({ resource }) => resource?.resourceType !== 'Organization')
  }),
  published('one-organization', 'one Organization instead of two', ['PDEX-088'], (bundle) => {
    const [first] = organizationsIn(bundle)
    bundle.entry = (bundle.entry ?? []).filter(({ resource }) => resource?.id !== first?.id)
  }),
  published('tests', 'Endpoints that are tests', ['NDH-005', 'PDEX-480', 'NDH-027'], (bundle) => {
    endpointIn(bundle).status = 'test'
  }),
  published('two-payload-types', 'Endpoints with two payload types', ['NDH-005', 'PDEX-480'], (bundle) => {
    const endpoint = endpointIn(bundle)
    endpoint.payloadType = [...endpoint.payloadType, ...endpoint.payloadType]
  }),
  published('plain-addresses', 'addresses that are not https', ['NDH-005', 'PDEX-480'], (bundle) => {
    endpointIn(bundle).address = endpointIn(bundle).address.replace('https:', 'http:')
  }),
  published('pages', 'a payload that is a web page', ['NDH-014', 'PDEX-480'], (bundle) => {
    endpointIn(bundle).payloadMimeType = ['text/html']
  }),
  published('no-certificate', 'Endpoints without a signed object', ['NDH-006', 'PDEX-479'], (bundle) => {
    const endpoint = endpointIn(bundle)
    endpoint.extension = (endpoint.extension ?? []).filter(({ url }) => url !== mtlsExtensions.signedObject)
  }),
  published('unreadable-certificates', 'signed objects that are no certificates', ['NDH-006', 'PDEX-479'], (bundle) =>
    each(bundle, 'signedObject', (extension) => {
      const object = partOf(extension, 'Object')
      if (object) object.valueBase64Binary = Buffer.from('a certificate').toString('base64')
    }),
  ),
  published('one-server', 'the FHIR base without the registration endpoint', ['NDH-007', 'PDEX-094'], (bundle) => {
    const endpoint = endpointIn(bundle)
    const [, ...others] = extensionsOf(endpoint, mtlsExtensions.associatedServers)
    endpoint.extension = (endpoint.extension ?? []).filter((extension) => !others.includes(extension))
  }),
  published('server-types-as-strings', 'server types as strings', ['PDEX-482'], (bundle) =>
    each(bundle, 'associatedServers', (extension) => {
      const type = partOf(extension, 'associatedServersType')
      if (!type) return
      delete type.valueCodeableConcept
      type.valueString = 'registration'
    }),
  ),
  published('untyped-frameworks', 'a trust framework without its type', ['NDH-008', 'PDEX-482'], (bundle) =>
    each(bundle, 'trustFramework', (extension) => without(extension, 'trustFrameworkType')),
  ),
  published('expired-artifacts', 'artifacts that have expired', ['NDH-009'], (bundle) =>
    each(bundle, 'secureExchangeArtifacts', (extension) => {
      const date = partOf(extension, 'expirationDate')
      if (date) date.valueDateTime = '2024-01-01'
    }),
  ),
  published('unknown-trust-profiles', 'a trust profile that nobody knows', ['NDH-010'], (bundle) =>
    each(bundle, 'dynamicRegistration', (extension) => {
      const profile = partOf(extension, 'trustProfile')
      if (profile) profile.valueCodeableConcept = { coding: [{ system: 'urn:example', code: 'wishful' }] }
    }),
  ),
  published('public-access', 'an access control mechanism that is public', ['NDH-011'], (bundle) =>
    each(bundle, 'accessControl', (extension) => {
      for (const coding of extension.valueCodeableConcept?.coding ?? []) coding.code = 'public'
    }),
  ),
  published('untyped-uses', 'a use case without its type', ['NDH-012', 'PDEX-482'], (bundle) =>
    each(bundle, 'useCase', (extension) => without(extension, 'endpointUsecasetype')),
  ),
  published('another-version', 'another version of PDex than it serves', ['NDH-013'], (bundle) =>
    each(bundle, 'fhirIg', (extension) => {
      const version = partOf(extension, 'ig-version')
      if (version) version.valueString = '1.0.0'
    }),
  ),
  published('managers-elsewhere', 'a managing organization that is not in the bundle', ['NDH-014'], (bundle) => {
    endpointIn(bundle).managingOrganization = { reference: 'Organization/elsewhere' }
  }),
  published('telephones', 'Organizations with a telephone', ['NDH-015', 'PDEX-481'], (bundle) => {
    for (const organization of organizationsIn(bundle)) organization.telecom = [{ system: 'phone', value: '555-0100' }]
  }),
  published('nameless-organizations', 'Organizations without a name', ['NDH-015', 'PDEX-481', 'NDH-027'], (bundle) => {
    for (const organization of organizationsIn(bundle)) delete organization.name
  }),
  published('unendorsed-endpoints', 'Endpoints that nobody endorses', ['NDH-016', 'PDEX-087', 'PDEX-089'], (bundle) => {
    const endpoint = endpointIn(bundle)
    endpoint.extension = (endpoint.extension ?? []).filter(({ url }) => url !== mtlsExtensions.trustFramework)
  }),
  published('no-framework-key', 'Endpoints without the key of the framework', ['NDH-016', 'PDEX-089'], (bundle) =>
    each(bundle, 'trustFramework', (extension) => without(extension, 'publicCertificate')),
  ),
  published(
    'another-framework-key',
    'the key of another framework',
    ['NDH-016', 'NDH-028', 'PDEX-087', 'PDEX-089'],
    async (bundle) => {
      const { cert } = await throwAway({ subject: 'CN=Another Framework' })
      const data = (certificatesIn(cert)[0] as Buffer).toString('base64')
      each(bundle, 'trustFramework', (extension) => {
        const key = partOf(extension, 'publicCertificate')
        if (key) key.valueBase64Binary = data
      })
    },
  ),
  published('unknown-identifier-status', 'an identifier status that nobody knows', ['PDEX-483'], (bundle) => {
    for (const organization of organizationsIn(bundle))
      for (const identifier of organization.identifier ?? [])
        for (const extension of extensionsOf(identifier, mtlsExtensions.identifierStatus)) extension.valueCode = 'fine'
  }),
  published('unknown-days', 'hours on a day that is no day of the week', ['PDEX-483'], (bundle) => {
    for (const contact of endpointIn(bundle).contact ?? [])
      for (const extension of extensionsOf(contact, mtlsExtensions.availableTime)) {
        const day = partOf(extension, 'daysOfWeek')
        if (day) day.valueCode = 'monday'
      }
  }),
]
