/** Reads an mTLS endpoint bundle (PDex mtls-bundle) as found in a repository, tolerant of every encoding that turns up. */
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Bundle, CodeableConcept, Endpoint, Extension, Organization } from 'fhir/r4.js'
import { type Artifact, alternativeNames, decodeArtifact } from './certificates.ts'

const pdex = 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/'

/** Canonicals of the extensions of the mTLS endpoint. */
export const mtlsExtensions = {
  signedObject: `${pdex}pdex-mtls-signedobject-extension`,
  associatedServers: `${pdex}base-ext-associatedServers`,
  dynamicRegistration: `${pdex}base-ext-dynamicRegistration`,
  trustFramework: `${pdex}base-ext-trustFramework`,
  secureExchangeArtifacts: `${pdex}base-ext-secureExchangeArtifacts`,
  accessControl: `${pdex}base-ext-endpointAccessControlMechanism`,
  useCase: `${pdex}base-ext-endpoint-usecase`,
  fhirIg: `${pdex}base-ext-fhir-ig`,
  connectionTypeVersion: 'http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-connection-type-version',
  rank: `${pdex}base-ext-endpoint-rank`,
  verificationStatus: `${pdex}base-ext-verification-status`,
  identifierStatus: `${pdex}base-ext-identifier-status`,
  availableTime: `${pdex}base-ext-contactpoint-availabletime`,
} as const

export interface Server {
  readonly type: CodeableConcept | undefined
  readonly url: string | undefined
}

export interface EndpointBundle {
  readonly endpoints: readonly Endpoint[]
  readonly organizations: readonly Organization[]
  /** The plan: the Organization that the Endpoint's managingOrganization is not, or the only one. */
  readonly plan: Organization | undefined
  readonly address: string | undefined
  /** URIs that its certificates name. */
  readonly uris: readonly string[]
  /** What the payer shows in a handshake (signed objects and exchange artifacts that are certificates). */
  readonly published: readonly Artifact[]
  /** Membership certificates that a trust manager made, and what verifies them. */
  readonly endorsed: readonly {
    readonly signed: Artifact | undefined
    readonly by: Artifact | undefined
    readonly raw: Extension
  }[]
  readonly servers: readonly Server[]
}

/** The resources of a type in a bundle. */
const resourcesOf = <T>(bundle: Bundle, type: string): T[] =>
  (Array.isArray(bundle.entry) ? bundle.entry : [])
    .map((entry) => entry?.resource)
    .filter((r) => r?.resourceType === type) as T[]

/** The extensions of that URL. */
export const extensionsOf = (
  element: { readonly extension?: readonly Extension[] | undefined } | undefined,
  url: string,
): Extension[] =>
  (Array.isArray(element?.extension) ? element.extension : []).filter((extension) => extension?.url === url)

/** The part of a complex extension. */
export const partOf = (extension: Extension, name: string): Extension | undefined => extensionsOf(extension, name)[0]

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The certificate or key in a part of a complex extension. */
export const artifactIn = (part: Extension | undefined): Artifact | undefined =>
  decodeArtifact(text(part?.valueBase64Binary) ?? '')

/** Never throws: what is not there, or is something else than FHIR has in its place, is empty. */
export function readEndpointBundle(bundle: Bundle): EndpointBundle {
  const endpoints = resourcesOf<Endpoint>(bundle, 'Endpoint')
  const organizations = resourcesOf<Organization>(bundle, 'Organization')
  const [endpoint] = endpoints
  const managing = text(endpoint?.managingOrganization?.reference)
    ?.split('/')
    .at(-1)
    ?.replace(/^urn:uuid:/, '')
  const published = [
    ...extensionsOf(endpoint, mtlsExtensions.signedObject).map((extension) => partOf(extension, 'Object')),
    ...extensionsOf(endpoint, mtlsExtensions.secureExchangeArtifacts).map((extension) =>
      partOf(extension, 'certificate'),
    ),
  ]
    .map(artifactIn)
    .filter((artifact) => artifact !== undefined)
  const endorsed = extensionsOf(endpoint, mtlsExtensions.trustFramework).map((raw) => ({
    signed: artifactIn(partOf(raw, 'signedArtifact')),
    by: artifactIn(partOf(raw, 'publicCertificate')),
    raw,
  }))
  const leaves = [...endorsed.map(({ signed }) => signed), ...published].map((artifact) => artifact?.certificates[0])
  return {
    endpoints,
    organizations,
    plan: organizations.find(({ id }) => id !== managing) ?? organizations[0],
    address: text(endpoint?.address),
    uris: [...new Set(leaves.flatMap((leaf) => urisOf(leaf)))],
    published,
    endorsed,
    servers: extensionsOf(endpoint, mtlsExtensions.associatedServers).map((extension) => ({
      type: partOf(extension, 'associatedServersType')?.valueCodeableConcept,
      url: text(partOf(extension, 'serverURL')?.valueString),
    })),
  }
}

const urisOf = (leaf: X509Certificate | undefined): string[] => alternativeNames(leaf?.subjectAltName, 'URI')

/** Public keys that the payer may show in a handshake: of what it published, and of what was endorsed. */
export const keysOf = ({ published, endorsed }: EndpointBundle): KeyObject[] => [
  ...published.map(({ key }) => key),
  ...endorsed.flatMap(({ signed }) => (signed?.kind === 'certificate' ? [signed.key] : [])),
]
