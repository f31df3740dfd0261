/** What holds for a published mTLS Endpoint itself: one rule each, for the checks of NDH and of PDex. */
import { noted, undecided, unmet } from '../../harness/check.ts'
import { artifactIn, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import { at, isResource, objectsIn } from '../core/received.ts'
import { eachExtension, hasCode, part, type Rule, unless } from './published.ts'

const payloadTypes = [
  'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/EndpointPayloadTypeCS',
]

export const endpointIsActive: Rule = (p) => {
  const { endpoint } = p
  if (!endpoint) return [undecided(p.exchange, 'the bundle has no Endpoint')]
  return [
    ...unless(endpoint.status === 'active', p, 'wrong-code', 'the Endpoint is not active', {
      expected: 'active',
      actual: endpoint.status,
      expression: 'Endpoint.status',
    }),
    ...unless(
      Boolean(endpoint.connectionType?.code && endpoint.connectionType.system),
      p,
      'missing-element',
      'the Endpoint says no connection type by system and code',
      { actual: endpoint.connectionType, expression: 'Endpoint.connectionType' },
    ),
    ...unless(
      endpoint.payloadType?.length === 1,
      p,
      'wrong-count',
      'the Endpoint does not have exactly one payload type',
      {
        expected: 1,
        actual: endpoint.payloadType?.length ?? 0,
        expression: 'Endpoint.payloadType',
      },
    ),
    ...unless(/^https:\/\/[^\s]+$/.test(endpoint.address ?? ''), p, 'wrong-address', 'the address is no https URL', {
      actual: endpoint.address,
      expression: 'Endpoint.address',
    }),
    ...(endpoint.payloadType?.length === 1 && !hasCode(endpoint.payloadType[0], ['not-applicable', 'NA'], payloadTypes)
      ? [
          noted(
            p.exchange,
            'other-payload-type',
            'the payload type is not of the value set that mtls-endpoint suggests',
          ),
        ]
      : []),
  ]
}

const mimeTypes = ['application/fhir+xml', 'application/fhir+json', 'application/fhir+turtle']

export const endpointSpeaksFhir: Rule = (p) => {
  const { endpoint } = p
  if (!endpoint) return [undecided(p.exchange, 'the bundle has no Endpoint')]
  const foreign = at(endpoint, 'payloadMimeType').filter((type) => !mimeTypes.some((known) => known === type))
  return unless(foreign.length === 0, p, 'wrong-code', 'the payload MIME type is no FHIR media type', {
    expected: mimeTypes,
    actual: foreign,
    expression: 'Endpoint.payloadMimeType',
  })
}

export const managedInTheBundle: Rule = (p) => {
  const reference = p.endpoint?.managingOrganization?.reference
  if (!p.endpoint) return [undecided(p.exchange, 'the bundle has no Endpoint')]
  if (!p.endpoint.managingOrganization) return [undecided(p.exchange, 'the Endpoint names no managing organization')]
  const found = objectsIn(p.bundle.entry).some(
    ({ fullUrl, resource }) =>
      reference &&
      isResource(resource) &&
      resource.resourceType === 'Organization' &&
      (reference === fullUrl || reference === `Organization/${resource.id}`),
  )
  return unless(found, p, 'unresolved-reference', 'the managing organization is not an Organization of the bundle', {
    actual: reference ?? p.endpoint.managingOrganization,
    expression: 'Endpoint.managingOrganization',
  })
}

/** The mTLS certificate of the payer, in a form that can be read. */
export const carriesItsCertificate: Rule = (p) =>
  eachExtension(
    p,
    mtlsExtensions.signedObject,
    (extension, at) => {
      const shape = [
        ...part(p, extension, 'ObjectType', 'valueCodeableConcept', at, true),
        ...part(p, extension, 'Object', 'valueBase64Binary', at, true),
      ]
      if (shape.length > 0) return shape
      const artifact = artifactIn(partOf(extension, 'Object'))
      const expression = `${at}.extension('Object')`
      if (artifact?.kind !== 'certificate')
        return [
          unmet(p.exchange, 'not-a-certificate', 'Object holds no X.509 certificate', {
            actual: artifact ? 'a bare public key' : 'something else',
            expression,
          }),
        ]
      return artifact.encoding === 'der' && artifact.layers === 0
        ? []
        : [
            noted(
              p.exchange,
              'odd-encoding',
              `Object holds ${artifact.encoding.toUpperCase()} under ${artifact.layers} more layers of base64 where DER is expected`,
            ),
          ]
    },
    () => [
      unmet(p.exchange, 'missing-element', 'the Endpoint has no signed object', {
        expression: `Endpoint.extension('${mtlsExtensions.signedObject}')`,
      }),
    ],
  )
