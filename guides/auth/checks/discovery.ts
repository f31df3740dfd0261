/** Discovery of the authorization server by SMART's document, and a client that reads before it asks. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { isAbsolute, isSound, type JsonObject, objectIn, said, succeeded, texts, tokenMoves } from '../oauth.ts'
import { beyond, covers, registeredFor, scopesIn } from '../scopes.ts'

/** The latest SMART configuration that was read. Throws `not-seen`. */
const configuration = (transcript: Transcript): Exchange => transcript.last('smart-configuration')

const isAnyAccept = ({ intent }: Exchange): boolean => intent.accept === 'text/html' || intent.accept === 'none'

export const servesSmart = check(
  'AUTH-001',
  'SHALL',
  'The SMART configuration is JSON for everybody, whatever is accepted',
  (transcript) => {
    const all = transcript.some('smart-configuration')
    const findings = all.flatMap((x): Finding[] => {
      const response = answered(x)
      const accept = header(x.request, 'accept') ?? 'no Accept header'
      if (response.status !== 200)
        return [
          wrongAnswer(x, 'wrong-status', `with ${accept} the SMART configuration was answered ${response.status}`, {
            expected: 200,
            actual: response.status,
          }),
        ]
      if (mediaType(response) !== 'application/json' || !objectIn(response))
        return [
          unmet(x, 'not-json', `with ${accept} the SMART configuration is no JSON object of that media type`, {
            expected: 'application/json',
            actual: header(response, 'content-type') ?? 'no media type',
          }),
        ]
      return []
    })
    return findings.length || all.some(isAnyAccept)
      ? findings
      : [undecided(all[0], 'nobody asked with another Accept header, or with none')]
  },
)

export const listsRequiredKeys = check(
  'AUTH-002',
  'SHALL',
  'The SMART configuration has its required keys',
  (transcript) => {
    const x = configuration(transcript)
    const document = objectIn(answered(x))
    if (!document) return [wrongAnswer(x, 'not-json', 'the SMART configuration is no JSON object')]
    const findings: Finding[] = []
    const missing = (key: string, expected: string): void => {
      findings.push(
        wrongAnswer(x, 'missing-key', `the SMART configuration has no usable ${key}`, {
          expected,
          actual: document[key] ?? 'nothing',
          expression: key,
        }),
      )
    }
    if (typeof document.token_endpoint !== 'string') missing('token_endpoint', 'a URL')
    if (!texts(document.grant_types_supported).includes('client_credentials'))
      missing('grant_types_supported', 'a list with client_credentials')
    if (texts(document.capabilities).length === 0) missing('capabilities', 'a list of capabilities')
    const challenges = document.code_challenge_methods_supported
    if (challenges === undefined)
      // Written for servers with a login; a backend-only server often leaves it out.
      findings.push({
        ...unmet(x, 'missing-key', 'code_challenge_methods_supported is missing, which SMART wants of every server', {
          expression: 'code_challenge_methods_supported',
        }),
        severity: 'warning',
      })
    else if (!texts(challenges).includes('S256') || texts(challenges).includes('plain'))
      missing('code_challenge_methods_supported', 'S256, and not plain')
    return findings
  },
)

export const listsAbsoluteUrls = check(
  'AUTH-003',
  'SHALL',
  'Every endpoint of the SMART configuration is an absolute URL',
  (transcript) => {
    const x = configuration(transcript)
    const document = objectIn(answered(x)) ?? {}
    const urls = urlsIn(document)
    if (urls.length === 0) return [wrongAnswer(x, 'missing-key', 'the SMART configuration names no endpoint')]
    return urls
      .filter(([, url]) => !isAbsolute(url))
      .map(([key, url]) =>
        unmet(x, 'not-absolute', `${key} is no absolute https URL`, {
          expected: 'https://…',
          actual: url,
          expression: key,
        }),
      )
  },
)

/** Every endpoint that a SMART configuration names, with where it stands: those of other hosts, and those beside it, too. */
function urlsIn(document: JsonObject): (readonly [at: string, url: unknown])[] {
  const { mtls_endpoint_aliases: aliases, associated_endpoints: associated } = document
  return [
    ...Object.entries(document).filter(([key]) => key.endsWith('_endpoint') || key === 'jwks_uri' || key === 'issuer'),
    ...Object.entries((aliases ?? {}) as JsonObject).map(
      ([key, url]) => [`mtls_endpoint_aliases.${key}`, url] as const,
    ),
    ...(Array.isArray(associated) ? associated : []).map(
      (one: JsonObject | null, i) => [`associated_endpoints[${i}].url`, one?.url] as const,
    ),
  ]
}

export const advertisesBackendServices = check(
  'AUTH-004',
  'SHALL',
  'The SMART configuration advertises asymmetric client authentication',
  (transcript) => {
    const x = configuration(transcript)
    const document = objectIn(answered(x)) ?? {}
    const lists = (key: string, anyOf: readonly string[]): Finding[] =>
      texts(document[key]).some((value) => anyOf.includes(value))
        ? []
        : [
            wrongAnswer(x, 'not-advertised', `${key} lists none of ${anyOf.join(', ')}`, {
              expected: anyOf,
              actual: document[key] ?? 'nothing',
              expression: key,
            }),
          ]
    const findings = [
      ...lists('capabilities', ['client-confidential-asymmetric']),
      ...lists('token_endpoint_auth_methods_supported', ['private_key_jwt']),
      ...lists('token_endpoint_auth_signing_alg_values_supported', ['RS384', 'ES384']),
      ...lists('grant_types_supported', ['client_credentials']),
    ]
    if (document.scopes_supported === undefined)
      findings.push({
        ...unmet(x, 'not-advertised', 'scopes_supported is missing, so a client must guess', {
          expression: 'scopes_supported',
        }),
        severity: 'warning',
      })
    return findings
  },
)

/** Scopes that belong to a login and are never granted to a client on its own. */
const ofALogin = /^(launch|openid|fhirUser|profile|offline_access|online_access|user\/)/

export const offersItsScopes = check(
  'AUTH-005',
  'SHALL',
  'Every scope in scopes_supported is really granted',
  (transcript) => {
    const x = configuration(transcript)
    const listed = texts(said(x).scopes_supported).filter((scope) => !ofALogin.test(scope))
    if (listed.length === 0) return [undecided(x, 'scopes_supported lists no scope that a backend client can ask for')]
    return listed.flatMap((scope): Finding[] => {
      const asked = transcript.all(tokenMoves, { where: (t) => isSound(t) && t.intent.scope === scope }).at(-1)
      if (!asked) return [undecided(x, `nobody asked for the scope ${scope}`)]
      const { status } = answered(asked)
      const granted = status === 200 ? scopesIn(said(asked).scope ?? scope) : []
      if (granted.some((one) => covers(one, scope))) return []
      const held = registeredFor(transcript, asked)
      // What a server would not register may be for clients of another kind, and a part may be granted of what is asked for.
      const kept = held !== undefined && beyond(held, [scope]).length > 0
      const wrong = wrongAnswer(
        asked,
        'not-granted',
        `the scope ${scope} is listed and was not ${kept ? 'registered for this client' : 'granted'}`,
        {
          expected: scope,
          actual: status === 200 ? said(asked).scope : `${status} ${String(said(asked).error ?? '')}`,
          expression: 'scopes_supported',
        },
      )
      return [kept || granted.some((one) => covers(scope, one)) ? { ...wrong, severity: 'warning' } : wrong]
    })
  },
)

export const clientReadsFirst = check(
  'AUTH-006',
  'SHALL',
  'The client reads discovery before it asks for a token',
  (transcript) => {
    const asked = transcript.some(tokenMoves, { where: isSound })
    const order = transcript.every()
    return asked.flatMap((x) => {
      if (x.intent.endpoint === 'told') return [undecided(x, 'the client was told where tokens are given')]
      const before = order.slice(0, order.indexOf(x))
      const read = before.some(
        (d) =>
          d.from === x.from &&
          d.to === x.to &&
          ['smart-configuration', 'authorization-server', 'udap-configuration'].includes(d.move) &&
          succeeded(d),
      )
      return read
        ? []
        : [unmet(x, 'not-discovered', `the ${x.from} asked for a token and had not read where tokens are given`)]
    })
  },
)

export const discoveryChecks: readonly Check[] = [
  servesSmart,
  listsRequiredKeys,
  listsAbsoluteUrls,
  advertisesBackendServices,
  offersItsScopes,
  clientReadsFirst,
]

export const discoveryUntested: Readonly<Record<string, string>> = {
  'AUTH-007':
    'only a server that breaks AUTH-003 serves relative URLs, so no scenario shows it; a unit test of the flows resolves them',
}
