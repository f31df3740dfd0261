/**
 * The mTLS endpoint bundle that a payer publishes: Endpoint, plan and operator, with every extension that PDex defines
 * for discovery, signed with the key that the trust manager endorsed (PDex mtls-bundle, mtls-endpoint, mtls-organization).
 */
import type { Bundle, BundleEntry, CodeableConcept, Endpoint, Extension, Organization } from 'fhir/r4.js'
import { certificateFrom } from '../harness/certificates.ts'
import { mtlsExtensions, readEndpointBundle } from '../harness/endpoint-bundle.ts'
import { signBundle } from '../harness/signature.ts'
import type { Credentials } from '../harness/wire.ts'
import { certificatesIn } from './keys.ts'

export interface Endorsement {
  /** What the trust manager gave: a certificate (PEM), or a compact JWS around the payer's own. */
  readonly signed: string
  /** PEM. */
  readonly manager: string
}

export interface Publication {
  readonly name: string
  /** URI of the organization, as in its certificate. */
  readonly uri: string
  readonly identifier: { readonly system: string; readonly value: string }
  /** Who runs the endpoint; the plan itself unless told. */
  readonly operator?: {
    readonly name: string
    readonly identifier: { readonly system: string; readonly value: string }
  }
  /** FHIR base behind mutual TLS. */
  readonly address: string
  readonly registration: string
  /** Its key signs the bundle; its certificate is the one of its handshakes, unless `shows` (PEM) names another. */
  readonly credentials: Credentials
  readonly shows?: string
  readonly endorsement: Endorsement
  /** Version of PDex that the endpoint serves. */
  readonly pdex: string
  readonly at: Date
}

const ndh = 'http://hl7.org/fhir/us/ndh/CodeSystem/'
const pdexSystem = 'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/'
const coded = (system: string, code: string, text?: string): CodeableConcept => ({
  coding: [{ system, code }],
  ...(text ? { text } : {}),
})
const complex = (url: string, ...parts: Extension[]): Extension => ({ url, extension: parts })

/** Base64 of the DER of a PEM certificate; of the text itself where it is a JWS. */
const artifact = (text: string): string =>
  text.includes('-----BEGIN')
    ? (certificatesIn(text)[0] as Buffer).toString('base64')
    : Buffer.from(text).toString('base64')

/** Signs a bundle with the endorsed key: a detached JWS, base64 as FHIR wants it. */
export function signedBundle(bundle: Bundle, credentials: Credentials, { signed, manager }: Endorsement): Bundle {
  const { signature: _old, ...content } = bundle
  const endorsed = signed.includes('-----BEGIN') ? certificatesIn(signed) : certificatesIn(credentials.cert)
  const chain = [...endorsed.slice(0, 1), ...certificatesIn(manager).slice(0, 1)]
  const { plan } = readEndpointBundle(content)
  return {
    ...content,
    signature: {
      type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1', display: "Author's Signature" }],
      when: content.timestamp ?? '',
      who: { display: plan?.name ?? '' },
      targetFormat: 'application/fhir+json',
      sigFormat: 'application/jose',
      data: Buffer.from(signBundle(content, credentials.key, chain)).toString('base64'),
    },
  }
}

/** The bundle before it is signed. */
export function unsignedBundle(publication: Publication): Bundle {
  const { name, uri, identifier, at } = publication
  const operator = publication.operator ?? { name, identifier }
  const key = identifier.value.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')
  const ids = { endpoint: `${key}-mtls`, plan: `${key}-plan`, operator: `${key}-operator` }
  const organization = (id: string, of: { name: string; identifier: object }): Organization => ({
    resourceType: 'Organization',
    id,
    identifier: [{ extension: [{ url: mtlsExtensions.identifierStatus, valueCode: 'active' }], ...of.identifier }],
    active: true,
    type: [coded(`${pdexSystem}OrgTypeCS`, 'payer')],
    name: of.name,
    telecom: [{ system: 'url', value: uri }],
    endpoint: [{ reference: `Endpoint/${ids.endpoint}` }],
  })
  const entry = (resource: Organization | Endpoint): BundleEntry => ({
    fullUrl: `${uri}/${resource.resourceType}/${resource.id}`,
    resource,
  })
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: at.toISOString(),
    entry: [
      entry(organization(ids.plan, { name, identifier })),
      entry(organization(ids.operator, operator)),
      entry(endpointOf(publication, ids)),
    ],
  }
}

function endpointOf(publication: Publication, ids: { endpoint: string; operator: string }): Endpoint {
  const { name, address, registration, credentials, shows, endorsement, pdex, identifier } = publication
  const shown = shows ?? credentials.cert
  const { validTo } = certificateFrom(shown)
  return {
    resourceType: 'Endpoint',
    id: ids.endpoint,
    extension: [
      complex(
        mtlsExtensions.signedObject,
        { url: 'ObjectType', valueCodeableConcept: coded(`${pdexSystem}MtlsObjectCodeCS`, 'MTLS') },
        { url: 'Object', valueBase64Binary: artifact(shown) },
      ),
      complex(
        mtlsExtensions.trustFramework,
        { url: 'trustFrameworkType', valueCodeableConcept: coded(`${pdexSystem}TrustFrameworkTypeCS`, 'PayerToPayer') },
        { url: 'signedArtifact', valueBase64Binary: artifact(endorsement.signed) },
        { url: 'publicCertificate', valueBase64Binary: artifact(endorsement.manager) },
      ),
      complex(
        mtlsExtensions.secureExchangeArtifacts,
        {
          url: 'secureExchangeArtifactsType',
          valueCodeableConcept: coded(`${ndh}NdhSecureExchangeArtifactsCS`, 'x509-mtls-certificate'),
        },
        { url: 'certificate', valueBase64Binary: artifact(shown) },
        { url: 'expirationDate', valueDateTime: new Date(validTo).toISOString() },
      ),
      // The code system has no code for either kind of server: text tells which is which.
      complex(
        mtlsExtensions.associatedServers,
        { url: 'associatedServersType', valueCodeableConcept: { text: 'FHIR base' } },
        { url: 'serverURL', valueString: address },
      ),
      complex(
        mtlsExtensions.associatedServers,
        {
          url: 'associatedServersType',
          valueCodeableConcept: coded(
            `${ndh}NdhAssociatedServersTypeCS`,
            'authorization-authentication-server',
            'dynamic client registration',
          ),
        },
        { url: 'serverURL', valueString: registration },
      ),
      complex(
        mtlsExtensions.dynamicRegistration,
        { url: 'trustProfile', valueCodeableConcept: coded(`${ndh}NdhTrustProfileCS`, 'smart') },
        { url: 'version', valueString: 'RFC 7591' },
      ),
      complex(
        mtlsExtensions.useCase,
        { url: 'endpointUsecasetype', valueCodeableConcept: coded(`${ndh}NdhFhirEndpointUseCaseCS`, 'payerToPayer') },
        { url: 'standard', valueUri: 'http://hl7.org/fhir/us/davinci-pdex' },
      ),
      complex(
        mtlsExtensions.fhirIg,
        { url: 'ig-publication', valueUri: 'http://hl7.org/fhir/us/davinci-pdex' },
        { url: 'ig-name', valueString: 'Da Vinci Payer Data Exchange' },
        { url: 'ig-version', valueString: pdex },
      ),
      {
        url: mtlsExtensions.accessControl,
        valueCodeableConcept: coded(`${ndh}EndpointAccessControlMechanismCS`, 'mutual-tls'),
      },
      { url: mtlsExtensions.rank, valuePositiveInt: 1 },
      {
        url: mtlsExtensions.verificationStatus,
        valueCodeableConcept: coded(`${ndh}NdhVerificationStatusCS`, 'complete'),
      },
    ],
    identifier: [{ extension: [{ url: mtlsExtensions.identifierStatus, valueCode: 'active' }], ...identifier }],
    status: 'active',
    connectionType: { system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type', code: 'hl7-fhir-rest' },
    name: `${name} payer-to-payer endpoint`,
    managingOrganization: { reference: `Organization/${ids.operator}` },
    contact: [
      {
        extension: [
          complex(
            mtlsExtensions.availableTime,
            ...(['mon', 'tue', 'wed', 'thu', 'fri'] as const).map((valueCode) => ({ url: 'daysOfWeek', valueCode })),
            { url: 'availableStartTime', valueTime: '08:00:00' },
            { url: 'availableEndTime', valueTime: '17:00:00' },
          ),
        ],
        system: 'url',
        value: publication.uri,
      },
    ],
    payloadType: [coded('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'not-applicable')],
    payloadMimeType: ['application/fhir+json'],
    address,
  }
}
