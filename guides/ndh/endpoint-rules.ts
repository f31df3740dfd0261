/** What holds for a published mTLS Endpoint and its extensions: one rule each, for the checks of NDH and of PDex. */
import type { CodeableConcept, Coding } from 'fhir/r4.js'
import { decodeArtifact } from '../../harness/certificates.ts'
import { noted, undecided, unmet } from '../../harness/check.ts'
import { extensionsOf, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import { json } from '../../harness/transcript.ts'
import { eachExtension, notThere, type Published, part, type Rule, unless } from './published.ts'

const ndh = 'http://hl7.org/fhir/us/ndh/CodeSystem/'
const codings = (concept: CodeableConcept | undefined): readonly Coding[] => concept?.coding ?? []
const hasCode = (concept: CodeableConcept | undefined, codes: readonly string[], systems: readonly string[]): boolean =>
  codings(concept).some(({ system, code }) => codes.includes(code ?? '') && systems.includes(system ?? ''))

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
  const foreign = (endpoint.payloadMimeType ?? []).filter((type) => !mimeTypes.includes(type))
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
  const entries = (p.bundle.entry ?? []).filter(({ resource }) => resource?.resourceType === 'Organization')
  const found = entries.some(
    ({ fullUrl, resource }) => reference && (reference === fullUrl || reference === `Organization/${resource?.id}`),
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
      const artifact = decodeArtifact(partOf(extension, 'Object')?.valueBase64Binary ?? '')
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

/** Parts that complex extensions must have, as CodeableConcepts. */
const requiredParts = [
  [mtlsExtensions.associatedServers, 'associatedServersType'],
  [mtlsExtensions.trustFramework, 'trustFrameworkType'],
  [mtlsExtensions.secureExchangeArtifacts, 'secureExchangeArtifactsType'],
  [mtlsExtensions.useCase, 'endpointUsecasetype'],
] as const

export const complexExtensionsAreComplete: Rule = (p) => {
  const used = requiredParts.filter(([url]) => extensionsOf(p.endpoint, url).length > 0)
  if (used.length === 0) return [undecided(p.exchange, 'the Endpoint uses none of the complex extensions')]
  return used.flatMap(([url, name]) =>
    extensionsOf(p.endpoint, url).flatMap((extension, i) =>
      part(p, extension, name, 'valueCodeableConcept', `Endpoint.extension('${url}')[${i}]`, true),
    ),
  )
}

/** Where the FHIR base and the registration are; tells by which rule they were found, since no code says it. */
export const namesItsServers: Rule = (p) => {
  const { servers, address } = p.read
  const at = `Endpoint.extension('${mtlsExtensions.associatedServers}')`
  if (!p.endpoint) return [undecided(p.exchange, 'the bundle has no Endpoint')]
  const urls = servers.map(({ url }) => url).filter((url) => url !== undefined)
  if (new Set(urls).size < 2)
    return [
      unmet(p.exchange, 'missing-element', 'the Endpoint does not name two servers: FHIR base and registration', {
        expected: 2,
        actual: urls,
        expression: at,
      }),
    ]
  const bad = urls.filter((url) => !url.startsWith('https://') || !URL.canParse(url))
  if (bad.length > 0)
    return [unmet(p.exchange, 'wrong-address', 'a server URL is no https URL', { actual: bad, expression: at })]
  const registration = registrationOf(p)
  const base = urls.find((url) => url !== registration?.url && (url === address || /\/fhir\b|\/r4\b/i.test(url)))
  return [
    ...unless(base !== undefined, p, 'unknown-server', 'none of the servers is recognizable as the FHIR base', {
      actual: urls,
      expression: at,
    }),
    ...(registration
      ? [noted(p.exchange, 'registration-found', `registration is ${registration.url}: ${registration.rule}`)]
      : [
          unmet(p.exchange, 'unknown-server', 'none of the servers is recognizable as the registration endpoint', {
            actual: urls,
            expression: at,
          }),
        ]),
  ]
}

/** The order in which a registration endpoint is looked for. */
function registrationOf({ read, transcript, scene }: Published): { url: string; rule: string } | undefined {
  for (const { type, url } of read.servers)
    if (
      url &&
      (codings(type).some(({ code }) => /registration/i.test(code ?? '')) || /registration/i.test(type?.text ?? ''))
    )
      return { url, rule: 'its type says so' }
  for (const { type, url } of read.servers)
    if (url && codings(type).some(({ code }) => code === 'authorization-authentication-server') && /regist/i.test(url))
      return { url, rule: 'it is an authorization server and its path says so' }
  const smart = transcript.all('smart-configuration', { to: scene.responder }).at(-1)
  const told =
    smart?.response && (json(smart.response) as { registration_endpoint?: unknown } | undefined)?.registration_endpoint
  if (typeof told === 'string') return { url: told, rule: 'smart-configuration says so' }
  return read.address && /regist/i.test(read.address)
    ? { url: read.address, rule: 'the address of the Endpoint looks like it' }
    : undefined
}

export const trustFrameworkIsComplete: Rule = (p) =>
  eachExtension(
    p,
    mtlsExtensions.trustFramework,
    (extension, at) => [
      ...part(p, extension, 'trustFrameworkType', 'valueCodeableConcept', at, true),
      ...part(p, extension, 'signedArtifact', 'valueBase64Binary', at, false),
      ...part(p, extension, 'publicCertificate', 'valueBase64Binary', at, false),
      ...part(p, extension, 'qualifier', 'valueString', at, false),
    ],
    notThere('trust framework'),
  )

export const artifactsAreCurrent: Rule = (p) =>
  eachExtension(
    p,
    mtlsExtensions.secureExchangeArtifacts,
    (extension, at) => {
      const shape = [
        ...part(p, extension, 'secureExchangeArtifactsType', 'valueCodeableConcept', at, true),
        ...part(p, extension, 'certificate', 'valueBase64Binary', at, false),
        ...part(p, extension, 'expirationDate', 'valueDateTime', at, false),
      ]
      const text = partOf(extension, 'certificate')?.valueBase64Binary
      const date = partOf(extension, 'expirationDate')?.valueDateTime
      const leaf = text === undefined ? undefined : decodeArtifact(text)?.certificates[0]
      const ends = date === undefined ? undefined : new Date(date)
      return [
        ...shape,
        ...unless(
          text === undefined || leaf !== undefined,
          p,
          'not-a-certificate',
          'certificate holds no certificate',
          {
            expression: `${at}.extension('certificate')`,
          },
        ),
        // A date without a time is as exact as a day.
        ...unless(
          !leaf ||
            !ends ||
            !date ||
            new Date(leaf.validTo)
              .toISOString()
              .startsWith(ends.toISOString().slice(0, date.length <= 10 ? date.length : 19)),
          p,
          'wrong-date',
          'expirationDate is not the end of the certificate',
          { expected: leaf?.validTo, actual: date, expression: `${at}.extension('expirationDate')` },
        ),
        ...unless(!ends || ends > new Date(p.scene.now), p, 'expired', 'the published artifact has expired', {
          actual: date,
          expression: `${at}.extension('expirationDate')`,
        }),
      ]
    },
    notThere('secure exchange artifact'),
  )

export const saysHowToRegister: Rule = (p) =>
  eachExtension(
    p,
    mtlsExtensions.dynamicRegistration,
    (extension, at) => {
      const profile = partOf(extension, 'trustProfile')
      const expression = `${at}.extension('trustProfile')`
      const systems = [`${ndh}NdhTrustProfileCS`, 'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/TrustProfileCS']
      return [
        ...part(p, extension, 'trustProfile', 'valueCodeableConcept', at, false),
        ...part(p, extension, 'version', 'valueString', at, false),
        ...(profile && !hasCode(profile.valueCodeableConcept, ['udap', 'smart'], systems)
          ? [
              unmet(p.exchange, 'wrong-code', 'the trust profile is neither udap nor smart', {
                actual: profile.valueCodeableConcept,
                expression,
              }),
            ]
          : []),
      ]
    },
    notThere('dynamic registration'),
  )

/** Both names of the code system: it was renamed after NDH 1.0.0. */
const accessSystems = [`${ndh}EndpointAccessControlMechanismCS`, `${ndh}NdhEndpointAccessControlMechanismCS`]

export const saysMutualTls: Rule = (p) => {
  const found = extensionsOf(p.endpoint, mtlsExtensions.accessControl)
  const expression = `Endpoint.extension('${mtlsExtensions.accessControl}')`
  if (found.length === 0) return [undecided(p.exchange, 'the Endpoint says nothing of its access control')]
  return [
    ...unless(found.length === 1, p, 'wrong-count', 'the access control mechanism is given more than once', {
      expected: 1,
      actual: found.length,
      expression,
    }),
    ...unless(
      hasCode(found[0]?.valueCodeableConcept, ['mutual-tls'], accessSystems),
      p,
      'wrong-code',
      'the access control mechanism is not mutual-tls',
      { expected: 'mutual-tls', actual: found[0]?.valueCodeableConcept ?? Object.keys(found[0] ?? {}), expression },
    ),
  ]
}

export const saysItsUse: Rule = (p) =>
  eachExtension(
    p,
    mtlsExtensions.useCase,
    (extension, at) => [
      ...part(p, extension, 'endpointUsecasetype', 'valueCodeableConcept', at, true),
      ...part(p, extension, 'standard', 'valueUri', at, false),
    ],
    notThere('use case'),
  )

export const saysItsGuide: Rule = (p) => {
  const version = p.scene.editions.pdex
  const canonical = 'http://hl7.org/fhir/us/davinci-pdex'
  return eachExtension(
    p,
    mtlsExtensions.fhirIg,
    (extension, at) => {
      const publication = partOf(extension, 'ig-publication')?.valueUri
      const told = partOf(extension, 'ig-version')?.valueString
      return [
        ...part(p, extension, 'ig-publication', 'valueUri', at, false),
        ...part(p, extension, 'ig-name', 'valueString', at, false),
        ...part(p, extension, 'ig-version', 'valueString', at, false),
        ...(publication?.startsWith(canonical) && told && version && told !== version
          ? [
              unmet(p.exchange, 'wrong-version', 'the Endpoint says another version of PDex than it is judged by', {
                expected: version,
                actual: told,
                expression: `${at}.extension('ig-version')`,
              }),
            ]
          : []),
      ]
    },
    notThere('implementation guide'),
  )
}
