/** UDAP Security 2.0, an alternative to mutual TLS: discovery by signed metadata. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { isAbsolute, type JsonObject, jwtIn, notOffered, objectIn, said, succeeded, text, texts } from '../oauth.ts'
import { readSignedMetadata } from '../signed-metadata.ts'
import { udapRegistrations } from './udap-registration.ts'

/** How a server answers that knows nothing of UDAP: as to any address that it does not know. */
const unknown = [400, 404, 405, 410, 501]

/** The latest metadata without a community. */
const latest = (transcript: Transcript): Exchange =>
  transcript.last('udap-configuration', { where: ({ intent }) => intent.community === undefined })

/** Decides about it only where there is any: AUTH-100 judges whether it is served. */
function metadata(transcript: Transcript, judge: (x: Exchange, document: JsonObject) => Finding[]): Finding[] {
  const x = latest(transcript)
  const response = answered(x)
  if (unknown.includes(response.status)) return notOffered(x, 'UDAP')
  const document = objectIn(response)
  if (response.status !== 200) return [undecided(x, 'there is no UDAP metadata to look at')]
  return document ? judge(x, document) : [unmet(x, 'not-json', 'the UDAP metadata is no JSON object')]
}

export const servesMetadata = check(
  'AUTH-100',
  'SHALL',
  'UDAP metadata is JSON for everybody, or there is none',
  (transcript) => {
    const x = latest(transcript)
    const response = answered(x)
    if (unknown.includes(response.status)) return notOffered(x, 'UDAP')
    return response.status === 200 && mediaType(response) === 'application/json' && objectIn(response)
      ? []
      : [
          wrongAnswer(x, 'not-served', `the UDAP metadata was answered ${response.status} ${mediaType(response)}`, {
            expected: '200 application/json, or 404 where UDAP is not offered',
            actual: `${response.status} ${mediaType(response)}`,
          }),
        ]
  },
)

export const listsRequiredMetadata = check(
  'AUTH-101',
  'SHALL',
  'UDAP metadata has everything that is required',
  (transcript) =>
    metadata(transcript, (x, document) => {
      const findings: Finding[] = []
      const wrong = (key: string, expected: string): void => {
        findings.push(
          unmet(x, 'wrong-key', `${key} is not as UDAP wants it`, {
            expected,
            actual: document[key] ?? 'nothing',
            expression: key,
          }),
        )
      }
      const exactly = (key: string, value: string): void => {
        if (texts(document[key]).join(' ') !== value) wrong(key, `["${value}"]`)
      }
      const all = (key: string, values: readonly string[]): void => {
        if (!values.every((value) => texts(document[key]).includes(value))) wrong(key, values.join(', '))
      }
      const filled = (key: string): void => {
        if (texts(document[key]).length === 0) wrong(key, 'a list that is not empty')
      }
      exactly('udap_versions_supported', '1')
      const grants = texts(document.grant_types_supported)
      all('udap_profiles_supported', [
        'udap_dcr',
        'udap_authn',
        ...(grants.includes('client_credentials') ? ['udap_authz'] : []),
      ])
      for (const key of ['udap_authorization_extensions_supported', 'udap_certifications_supported']) {
        if (!Array.isArray(document[key])) wrong(key, 'a list')
        const required = key.replace('supported', 'required')
        if (texts(document[key]).length && !Array.isArray(document[required])) wrong(required, 'a list')
        if (!texts(document[required]).every((one) => texts(document[key]).includes(one)))
          wrong(required, `nothing that ${key} does not list`)
      }
      filled('grant_types_supported')
      if (grants.includes('refresh_token') && !grants.includes('authorization_code'))
        wrong('grant_types_supported', 'refresh_token beside authorization_code alone')
      filled('scopes_supported')
      const login = grants.includes('authorization_code') ? ['authorization_endpoint'] : []
      for (const key of ['token_endpoint', 'registration_endpoint', ...login])
        if (!isAbsolute(document[key])) wrong(key, 'an absolute URL')
      exactly('token_endpoint_auth_methods_supported', 'private_key_jwt')
      filled('token_endpoint_auth_signing_alg_values_supported')
      filled('registration_endpoint_jwt_signing_alg_values_supported')
      if (!jwtIn(text(document.signed_metadata))) wrong('signed_metadata', 'a JWT')
      return findings
    }),
)

const baseOf = (x: Exchange): string => x.request.url.replace(/\/\.well-known\/udap(\?.*)?$/, '')

export const signsMetadata = check(
  'AUTH-102',
  'SHALL',
  'UDAP metadata is signed with a certificate that names the server',
  (transcript, scene) =>
    metadata(transcript, (x, document) => {
      const signed = readSignedMetadata(document.signed_metadata, baseOf(x), new Date(scene.now))
      if (!signed) return [unmet(x, 'no-jwt', 'signed_metadata is no JWT', { expression: 'signed_metadata' })]
      return signed.faults.map(({ expression, message }) =>
        unmet(x, 'not-signed-well', `of the signed metadata: ${message}`, {
          expression: `signed_metadata.${expression}`,
        }),
      )
    }),
)

export const clientBelievesTheSigned = check(
  'AUTH-103',
  'SHALL',
  'The client goes where the signed metadata says',
  (transcript, scene) => {
    const order = transcript.every()
    return transcript.some('register', { where: udapRegistrations }).flatMap((x): Finding[] => {
      const read = order
        .slice(0, order.indexOf(x))
        .findLast((d) => d.move === 'udap-configuration' && d.from === x.from && d.response?.status === 200)
      if (!read) return [unmet(x, 'not-discovered', 'the client registered and had not read the UDAP metadata')]
      const signed = readSignedMetadata(said(read).signed_metadata, baseOf(read), new Date(scene.now))
      if (!signed || signed.faults.length)
        return [unmet(x, 'believed', 'the client registered though the signed metadata cannot be believed')]
      return signed.claims.registration_endpoint === x.request.url
        ? []
        : [
            unmet(x, 'elsewhere', 'the client registered elsewhere than the signed metadata says', {
              expected: signed.claims.registration_endpoint,
              actual: x.request.url,
            }),
          ]
    })
  },
)

export const knowsCommunities = check(
  'AUTH-104',
  'SHALL',
  'A community that the server does not know is answered with nothing or with the default',
  (transcript) => {
    const x = transcript.last('udap-configuration', { where: ({ intent }) => intent.community !== undefined })
    const plain = transcript.all('udap-configuration', {
      where: (one) => one.intent.community === undefined && succeeded(one),
    })
    if (plain.length === 0) return notOffered(x, 'UDAP')
    const response = answered(x)
    if (response.status === 204 || (response.status === 200 && jwtIn(text(said(x).signed_metadata)))) return []
    const wrong = wrongAnswer(x, 'wrong-status', `an unknown community was answered ${response.status}`, {
      expected: '204, or 200 with the default metadata',
      actual: response.status,
    })
    // So UDAP Security 1.0 had it, before 204 took its place.
    return [response.status === 404 ? { ...wrong, severity: 'warning' } : wrong]
  },
)

export const udapChecks: readonly Check[] = [
  servesMetadata,
  listsRequiredMetadata,
  signsMetadata,
  clientBelievesTheSigned,
  knowsCommunities,
]
