/** UDAP Security 2.0, an alternative to mutual TLS: discovery, and registration by software statement. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { badMetadata, brokenStatements, looseStatements, strangersStatements } from '../mistakes.ts'
import {
  isAbsolute,
  isSound,
  type JsonObject,
  judgeRefusal,
  jwtIn,
  made,
  notOffered,
  objectIn,
  said,
  succeeded,
  text,
  texts,
  tokenMoves,
} from '../oauth.ts'
import { readSignedMetadata } from '../signed-metadata.ts'

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
          unmet(x, 'not-served', `the UDAP metadata was answered ${response.status} ${mediaType(response)}`, {
            expected: '200 application/json',
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

export const udapRegistrations = (x: Exchange): boolean => x.intent.form === 'udap'

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
    return [
      unmet(x, 'wrong-status', `an unknown community was answered ${response.status}`, {
        expected: '204, or 200 with the default metadata',
        actual: response.status,
      }),
    ]
  },
)

/** The software statement of a UDAP registration. */
export const statementOf = (x: Exchange) => jwtIn(text(objectIn(x.request)?.software_statement))

export const clientStatesWell = check(
  'AUTH-105',
  'SHALL',
  "The client's software statement says what UDAP wants",
  (transcript) =>
    transcript.some('register', { where: (x) => udapRegistrations(x) && isSound(x) }).flatMap((x) => {
      const { header: head = {}, claims = {} } = statementOf(x) ?? {}
      const { iss, sub, aud, iat, exp, jti, client_name, contacts, grant_types, scope } = claims as JsonObject
      const findings: Finding[] = []
      const must = (holds: boolean, expression: string, expected: string): void => {
        if (!holds)
          findings.push(
            unmet(x, 'wrong-claim', `${expression} of the software statement is not as it must be`, {
              expected,
              actual: (claims as JsonObject)[expression] ?? 'nothing',
              expression,
            }),
          )
      }
      must(objectIn(x.request)?.udap === '1', 'udap', '"1" beside the statement')
      must(texts(head.x5c).length > 0, 'x5c', 'the chain of the certificate')
      must(typeof iss === 'string' && iss === sub, 'sub', 'the same URI as iss')
      must(aud === x.request.url, 'aud', x.request.url)
      must(typeof iat === 'number', 'iat', 'seconds since 1970')
      must(typeof exp === 'number' && exp - Number(iat) <= 300, 'exp', 'at most 300 seconds after iat')
      must(typeof jti === 'string', 'jti', 'an id')
      must(typeof client_name === 'string', 'client_name', 'a name')
      must(
        texts(contacts).some((one) => one.startsWith('mailto:')),
        'contacts',
        'at least one mailto:',
      )
      must(
        ['', 'client_credentials', 'authorization_code'].includes(
          texts(grant_types)
            .filter((one) => one !== 'refresh_token')
            .join(' '),
        ),
        'grant_types',
        'client_credentials or authorization_code',
      )
      must(
        (claims as JsonObject).token_endpoint_auth_method === 'private_key_jwt',
        'token_endpoint_auth_method',
        'private_key_jwt',
      )
      must(typeof scope === 'string' && scope !== '', 'scope', 'the scopes that are wanted')
      if (!texts(grant_types).includes('authorization_code'))
        for (const name of ['redirect_uris', 'response_types', 'logo_uri'])
          must((claims as JsonObject)[name] === undefined, name, 'nothing without authorization_code')
      return findings
    }),
)

const refusedStatements = [...brokenStatements, ...looseStatements, ...strangersStatements, ...badMetadata]

export const validatesStatements = check(
  'AUTH-106',
  'SHALL',
  'A UDAP registration succeeds by a statement that holds, and by no other',
  (transcript) => {
    const all = transcript.some('register', { where: udapRegistrations })
    const first = all.find((x) => isSound(x) && x.intent.variation === undefined)
    if (!first) return [undecided(all[0], 'nobody registered soundly in the UDAP way')]
    // Whoever is known from an earlier scenario or run changes its registration: 200 (UDAP DCR §5.2).
    if (![200, 201].includes(answered(first).status) || typeof said(first).client_id !== 'string')
      return [
        unmet(first, 'refused', `a sound UDAP registration was answered ${answered(first).status}`, {
          expected: '201 (or 200, for who is registered already) with a client_id',
          actual: said(first).error_description ?? said(first).error ?? answered(first).status,
        }),
      ]
    return all.filter(made(refusedStatements)).flatMap((x) =>
      judgeRefusal(x, {
        statuses: [400],
        codes: ['invalid_software_statement', 'unapproved_software_statement', 'invalid_client_metadata'],
        what: x.intent.mistake ?? '',
      }),
    )
  },
)

export const modifiesAndCancels = check(
  'AUTH-107',
  'SHALL',
  'The same issuer again changes its registration, and without grant types ends it',
  (transcript) => {
    const all = transcript.some('register', { where: (x) => udapRegistrations(x) && isSound(x) })
    const [first, ...later] = all
    if (!first || !succeeded(first)) return [undecided(first, 'the first UDAP registration did not succeed')]
    if (later.length === 0) return [undecided(first, 'nobody registered a second time')]
    const order = transcript.every()
    return later.flatMap((x): Finding[] => {
      const { status } = answered(x)
      const cancels = x.intent.variation === 'with no grant types'
      // To change a registration is a right, to cancel it so is advice (UDAP Security 2.0, "Modifying and Cancelling").
      const weighed = (finding: Finding): Finding => (cancels ? { ...finding, severity: 'warning' } : finding)
      if (!succeeded(x))
        return [
          weighed(
            unmet(x, 'refused', 'another statement of the same issuer was refused', {
              expected: 200,
              actual: `${status} ${String(said(x).error ?? '')}`.trim(),
            }),
          ),
        ]
      if (cancels) {
        const after = transcript.all(tokenMoves, { from: x.from, where: (t) => order.indexOf(t) > order.indexOf(x) })
        if (after.length === 0) return [undecided(x, 'the cancelled client asked for nothing more')]
        return after
          .filter((t) => answered(t) && succeeded(t))
          .map((t) => weighed(unmet(t, 'still-alive', 'a client that cancelled its registration still gets tokens')))
      }
      const findings: Finding[] = []
      if (status !== 200)
        findings.push(noted(x, 'status', `a modification was answered ${status}, where UDAP prefers 200`))
      if (said(x).client_id !== said(first).client_id)
        findings.push(noted(x, 'new-id', 'the modification changed the client id, which UDAP would rather keep'))
      return findings
    })
  },
)

export const udapChecks: readonly Check[] = [
  servesMetadata,
  listsRequiredMetadata,
  signsMetadata,
  clientBelievesTheSigned,
  knowsCommunities,
  clientStatesWell,
  validatesStatements,
  modifiesAndCancels,
]
