/** What the extensions of a published mTLS Endpoint say: servers, trust framework, artifacts, use; one rule each. */
import type { X509Certificate } from 'node:crypto'
import { noted, undecided, unmet } from '../../harness/check.ts'
import { artifactIn, extensionsOf, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import { json } from '../../harness/transcript.ts'
import { rangeOf } from '../core/search-dates.ts'
import { codings, eachExtension, hasCode, notThere, type Published, part, type Rule, unless } from './published.ts'

const ndh = 'http://hl7.org/fhir/us/ndh/CodeSystem/'

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

const notItsEnd = 'expirationDate is not the end of the certificate'

/** A day, a month or a year is as exact as it is, and without a zone it may be that of any place. */
const marginOf = (date: string): number => (date.includes('T') ? 0 : 14 * 3_600_000)

/** Does the certificate end at that date? */
function isEndOf(leaf: X509Certificate, date: unknown): boolean {
  const range = rangeOf(date)
  const end = Date.parse(leaf.validTo)
  return range !== undefined && range[0] - marginOf(String(date)) <= end && end <= range[1] + marginOf(String(date))
}

/** Is that date over, wherever it was written? */
function isOver(date: unknown, now: string): boolean {
  const range = rangeOf(date)
  return range !== undefined && range[1] + marginOf(String(date)) < Date.parse(now)
}

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
      const certificate = partOf(extension, 'certificate')
      const date = partOf(extension, 'expirationDate')?.valueDateTime
      const leaf = artifactIn(certificate)?.certificates[0]
      const expression = `${at}.extension('expirationDate')`
      return [
        ...shape,
        ...unless(!certificate || leaf !== undefined, p, 'not-a-certificate', 'certificate holds no certificate', {
          expression: `${at}.extension('certificate')`,
        }),
        ...unless(date === undefined || !leaf || isEndOf(leaf, date), p, 'wrong-date', notItsEnd, {
          expected: leaf?.validTo,
          actual: date,
          expression,
        }),
        ...unless(!isOver(date, p.scene.now), p, 'expired', 'the published artifact has expired', {
          actual: date,
          expression,
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
      const publication = partOf(extension, 'ig-publication')?.valueUri as unknown
      const told = partOf(extension, 'ig-version')?.valueString
      return [
        ...part(p, extension, 'ig-publication', 'valueUri', at, false),
        ...part(p, extension, 'ig-name', 'valueString', at, false),
        ...part(p, extension, 'ig-version', 'valueString', at, false),
        ...(String(publication ?? '').startsWith(canonical) && told && version && told !== version
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
