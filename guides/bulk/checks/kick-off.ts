/** Beginning an export: how it is asked for, accepted and refused (Bulk Data 2.0 export, kick-off and privacy). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, json, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, status } from '../../core/judging.ts'
import { at, outcomeOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { foreignIn, memberIds } from '../../pdex/member.ts'
import { keepsToRights } from '../../pdex/rights.ts'
import { exportsIn } from '../exports.ts'

const moves = ['export-kick-off', 'export-status', 'export-file', 'export-delete'] as const

/** Kick-offs with the responder; throws `not-seen` without any. */
export const kickOffs = (
  transcript: Transcript,
  scene: Scene,
  where: (x: Exchange) => boolean = () => true,
): Exchange[] => transcript.some('export-kick-off', { to: scene.responder, where })

/** Those that should have been accepted. */
export const soundKickOffs = (
  transcript: Transcript,
  scene: Scene,
  where: (x: Exchange) => boolean = () => true,
): Exchange[] =>
  kickOffs(transcript, scene, (x) => x.from === scene.requester && !isMistaken(x) && hasToken(x) && where(x))

/** Where an answer sends the client: to ask about the export, for its files. */
const addressesIn = ({ response }: Exchange): string[] => {
  if (!response) return []
  const manifest = json(response) as Readonly<Record<string, unknown>> | undefined
  const listed = ['output', 'deleted', 'error'].flatMap((name) => at(manifest, `${name}.url`).map(String))
  return [header(response, 'content-location') ?? '', ...listed].filter(Boolean)
}

export const overGoodTls = check(
  'BULK-001',
  'SHALL',
  'Every step of an export goes over TLS 1.2 or later',
  (transcript, scene) => {
    const all = transcript.some(moves, { to: scene.responder, where: (x) => x.response !== undefined })
    const unknown = all.every(({ tls }) => tls === undefined)
    // A step that the server sends the client to without TLS is as bad whether or not the client dares to take it.
    const sent = all.flatMap((x) => addressesIn(x).map((url) => [x, url] as const))
    const open = sent
      .filter(([, url]) => url.startsWith('http:'))
      .map(([x, url]) => unmet(x, 'weak-transport', 'the server names an address without TLS', { actual: url }))
    const found = all.flatMap((x) =>
      x.request.url.startsWith('http:') || (x.tls && !/^TLSv1\.[23]$/.test(x.tls.protocol))
        ? [
            unmet(x, 'weak-transport', 'a step of the export goes over weak or no TLS', {
              expected: 'TLS 1.2 or 1.3',
              actual: x.tls?.protocol ?? 'http',
            }),
          ]
        : [],
    )
    const findings = [...open, ...found]
    return findings.length === 0 && unknown ? [undecided(all[0], 'the transport was not recorded')] : few(findings)
  },
)

export const byBackendServices = check(
  'BULK-002',
  'SHOULD',
  'The export is authorized by SMART Backend Services',
  (transcript, scene) => {
    const [first] = soundKickOffs(transcript, scene)
    const token = transcript
      .all('member-token', { from: scene.requester, to: scene.responder, where: succeeded })
      .findLast((x) => before(transcript, x, first))
    if (!token) return [undecided(first, 'how the token was come by is not in the transcript')]
    const form = new URLSearchParams(token.request.body)
    return form.get('grant_type') === 'client_credentials' && form.has('client_assertion')
      ? []
      : [
          unmet(token, 'other-authorization', 'the token was come by in another way', {
            expected: 'client_credentials with client_assertion',
            actual: form.get('grant_type'),
          }),
        ]
  },
)

const before = (transcript: Transcript, x: Exchange, y: Exchange | undefined): boolean => {
  const all = transcript.from(0)
  return y === undefined || all.indexOf(x) < all.indexOf(y)
}

export const showsOnlyWhatMayBeSeen = check(
  'BULK-005',
  'SHALL',
  'The export holds only what the client may see',
  (transcript, scene) => {
    const files = exportsIn(transcript, scene.responder)
      .filter(({ kickOff }) => kickOff.from === scene.requester)
      .flatMap((one) => one.files)
    const foreign = foreignIn(files, memberIds(transcript, scene), scene)
    return [
      ...keepsToRights('export', transcript, scene),
      ...few(
        foreign.map(({ exchange, expression, what }) =>
          unmet(exchange, 'other-member', `the export holds another member: ${what}`, { expression }),
        ),
      ),
    ]
  },
)

/** Whoever is answered with success is answered alike: sound kick-offs, and those that only do not prefer to wait. */
const accepted = (transcript: Transcript, scene: Scene): Exchange[] =>
  kickOffs(
    transcript,
    scene,
    (x) =>
      x.from === scene.requester &&
      hasToken(x) &&
      (!isMistaken(x) || (x.intent.mistake === 'no-prefer' && succeeded(x))) &&
      !(isRefusal(x) && needNotBeTaken(x)),
  )

const isRefusal = ({ response }: Exchange): boolean => response !== undefined && response.status >= 400

/** What a server may refuse: POST, parameters that are optional for it, and more exports at once than it can do. */
const optional = ['_type', '_elements', '_typeFilter', 'patient', 'includeAssociatedData', '_until']
const needNotBeTaken = (x: Exchange): boolean =>
  x.request.method === 'POST' ||
  x.intent.parallel === 'true' ||
  x.response?.status === 429 ||
  optional.some((name) => asked(x).params.has(name))

export const startsAsynchronously = check(
  'BULK-010',
  'SHALL',
  'Patient/$export starts an asynchronous job',
  (transcript, scene) =>
    few(accepted(transcript, scene).flatMap((x) => status(x, [202], 'an export is accepted with 202'))),
)

const byMethod = (method: string) => (x: Exchange) => x.request.method === method

export const startsByGet = check('BULK-011', 'SHALL', 'An export is started by GET', (transcript, scene) =>
  soundKickOffs(transcript, scene, byMethod('GET'))
    .slice(0, 1)
    .flatMap((x) => status(x, [202], 'an export is started by GET')),
)

export const startsByPost = check('BULK-012', 'MAY', 'An export is started by POST', (transcript, scene) =>
  soundKickOffs(transcript, scene, byMethod('POST')).flatMap((x) =>
    succeeded(x)
      ? status(x, [202], 'an export is started by POST')
      : [undecided(x, `POST is refused with ${x.response?.status}`)],
  ),
)

const sentHeader = (
  requirement: string,
  title: string,
  name: string,
  fits: (value: string) => boolean,
  expected: string,
): Check =>
  check(requirement, 'SHOULD', title, (transcript, scene) =>
    soundKickOffs(transcript, scene).flatMap((x) => {
      const value = header(x.request, name)
      return value !== undefined && fits(value)
        ? []
        : [
            unmet(x, 'missing-header', `the kick-off does not say ${name}: ${expected}`, {
              expected,
              actual: value,
              expression: name,
            }),
          ]
    }),
  )

export const clientAcceptsFhir = sentHeader(
  'BULK-014',
  'The client accepts application/fhir+json',
  'Accept',
  (value) => value.includes('application/fhir+json'),
  'application/fhir+json',
)
export const clientPrefersAsync = sentHeader(
  'BULK-015',
  'The client prefers an asynchronous answer',
  'Prefer',
  (value) => value.includes('respond-async'),
  'respond-async',
)

/** Without Prefer: 202 all the same, or a refusal; never the data itself. */
export const withoutPreference = check(
  'BULK-015',
  'SHOULD',
  'Without Prefer an export is started or refused, never answered at once',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'no-prefer').flatMap((x) => {
      const { status: actual } = answered(x)
      return actual === 202 || actual >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'an export without Prefer is answered with data', {
              expected: '202 or 4xx',
              actual,
            }),
          ]
    }),
)

export const saysWhereToAsk = check(
  'BULK-016',
  'SHALL',
  'An accepted export says in Content-Location where to ask about it',
  (transcript, scene) =>
    few(
      accepted(transcript, scene).flatMap((x): Finding[] => {
        const found = status(x, [202], 'a sound kick-off is accepted with 202')
        if (found.length > 0) return found
        const location = header(answered(x), 'content-location')
        return location !== undefined && /^https?:\/\//.test(location)
          ? []
          : [
              unmet(x, 'relative-link', 'Content-Location is an absolute URL', {
                expected: 'https://…',
                actual: location,
                expression: 'Content-Location',
              }),
            ]
      }),
    ),
)

/** Mistakes in a kick-off that Bulk Data wants refused. */
const refusable = new Set([
  'bad-format',
  'bad-since',
  'unknown-parameter',
  'unknown-type',
  'foreign',
  'bad-filter',
  'no-token',
  'bad-value',
])

const isChallenge = (x: Exchange): boolean =>
  [401, 403].includes(answered(x).status) && header(answered(x), 'www-authenticate') !== undefined

export const refusalsSayWhy = check(
  'BULK-017',
  'SHALL',
  'A refused kick-off is a 4xx or 5xx with an OperationOutcome',
  (transcript, scene) => {
    const wrong = kickOffs(
      transcript,
      scene,
      (x) => refusable.has(x.intent.mistake ?? '') || (x.response?.status ?? 0) >= 400,
    )
    const always = new Set(['bad-format', 'bad-since', 'no-token'])
    const strict = (x: Exchange): boolean => /handling=strict/.test(header(x.request, 'prefer') ?? '')
    return few(
      wrong.flatMap((x): Finding[] => {
        const { status: actual } = answered(x)
        if (actual < 400)
          return always.has(x.intent.mistake ?? '') || strict(x)
            ? [unmet(x, 'wrong-status', `a kick-off with ${x.intent.mistake} is accepted`, { expected: '4xx', actual })]
            : [noted(x, 'lenient', `a kick-off with ${x.intent.mistake} is accepted`)]
        // Who is not let in is answered by the layer that guards the API, in its own words (RFC 6750 §3).
        if (!outcomeOf(x) && isChallenge(x))
          return [noted(x, 'no-outcome', `the ${actual} of a kick-off is a challenge without an OperationOutcome`)]
        return outcomeOf(x)
          ? mediaType(answered(x)).includes('json')
            ? []
            : [unmet(x, 'wrong-media-type', 'the refusal is not labelled as JSON', { actual: mediaType(answered(x)) })]
          : [
              unmet(x, 'missing-outcome', `the ${actual} of a kick-off carries no OperationOutcome`, {
                actual: answered(x).body.slice(0, 120),
              }),
            ]
      }),
    )
  },
)

export const parallelExports = check(
  'BULK-018',
  'SHOULD',
  'A second export at once is started, or refused with 429 and Retry-After',
  (transcript, scene) => {
    const all = soundKickOffs(transcript, scene)
    const accepted = all.filter((x) => x.response?.status === 202)
    const second = all.filter((x) => x.intent.parallel === 'true')
    if (second.length === 0) return [undecided(accepted[0], 'no second export was started while one was running')]
    return second.flatMap((x) => {
      const response = answered(x)
      if (response.status === 202) return []
      if (response.status !== 429) return status(x, [202, 429], 'a second export is started or refused with 429')
      return header(response, 'retry-after') === undefined
        ? [unmet(x, 'missing-header', 'a 429 says when to come again', { expected: 'Retry-After' })]
        : []
    })
  },
)

const definition = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export'

export const exportIsDeclared = check(
  'BULK-098',
  'SHOULD',
  'The CapabilityStatement names the export and instantiates bulk-data',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    if (!statement) return [undecided(undefined, 'metadata is no CapabilityStatement')]
    const operations = [...(statement.types.get('Patient')?.operations ?? []), ...statement.systemOperations]
    const named = operations.find(
      ({ name, definition: other }) =>
        name === 'export' || name === 'patient-export' || other?.split('|')[0] === definition,
    )
    const canonicals = ((statement.resource.instantiates as string[] | undefined) ?? []).map(
      (canonical) => canonical.split('|')[0],
    )
    return [
      ...(named
        ? []
        : [
            unmet(statement.exchange, 'undeclared', 'no operation export is declared on Patient', {
              expected: definition,
            }),
          ]),
      ...(named && named.definition?.split('|')[0] !== definition
        ? [
            unmet(statement.exchange, 'wrong-definition', 'the export is declared by another definition', {
              expected: definition,
              actual: named.definition,
            }),
          ]
        : []),
      ...(canonicals.includes('http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data')
        ? []
        : [
            unmet(statement.exchange, 'missing-element', 'the statement does not instantiate bulk-data', {
              actual: canonicals,
              expression: 'CapabilityStatement.instantiates',
            }),
          ]),
    ]
  },
)

export const kickOffChecks: readonly Check[] = [
  overGoodTls,
  byBackendServices,
  showsOnlyWhatMayBeSeen,
  startsAsynchronously,
  startsByGet,
  startsByPost,
  clientAcceptsFhir,
  clientPrefersAsync,
  withoutPreference,
  saysWhereToAsk,
  refusalsSayWhy,
  parallelExports,
  exportIsDeclared,
]

const ofGroups = 'Groups belong to the bulk exchange of many members: this exchange is about one Patient'
const of3 = 'a rule of Bulk Data 3.0 or later, and PDex builds on 2.0.0'
export const kickOffUntested: Readonly<Record<string, string>> = {
  'BULK-006': 'the files of one member are sent in one go: no download lasts until the export expires',
  'BULK-007': ofGroups,
  'BULK-020': ofGroups,
  'BULK-061': of3,
  'BULK-088': of3,
  'BULK-100': ofGroups,
  'BULK-101': of3,
}
