/** Formats and status codes that the CapabilityStatements of PDex name (CapStmt pdex-server, pdex-server-6-1). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { isHarnessError } from '../../../harness/errors.ts'
import { answered, type Exchange, header, json, mediaType } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { resourcesAreLabelled } from '../../core/checks/media.ts'
import { headersAgreeWithMeta, hidesDeleted, notThere } from '../../core/checks/read.ts'
import { answersWithSearchset, fullUrlsAgree } from '../../core/checks/searchset.ts'
import {
  few,
  hasToken,
  isMistaken,
  requests,
  someRequests,
  status,
  suspicious,
  tokenOf,
  wrongAnswer,
} from '../../core/judging.ts'
import { resourceOf, resourcesIn } from '../../core/received.ts'
import { endedBelowHttp } from '../../core/resets.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { isModern } from '../profiles.ts'

/** Base FHIR, as far as every answer shows it. */
export const followsBaseFhir = check(
  'PDEX-329',
  'SHALL',
  'Answers follow the rules of FHIR’s REST API',
  (transcript, scene) => {
    const parts = [resourcesAreLabelled, answersWithSearchset, fullUrlsAgree]
    const findings = parts.flatMap((part) => {
      try {
        return part.judge(transcript, scene)
      } catch (cause) {
        // Nobody made a request of that kind: the others are judged.
        if (isHarnessError(cause, 'not-seen')) return []
        throw cause
      }
    })
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type }, x) => interaction === 'read' && type !== 'Binary' && succeeded(x),
    )
    // Versions are a SHOULD of the base: a header that contradicts meta is the reader's business, not a failure.
    const headers =
      reads.length > 0
        ? headersAgreeWithMeta.judge(transcript, scene).map((finding) => ({ ...finding, severity: 'warning' as const }))
        : []
    const any = requests(
      transcript,
      scene,
      ({ interaction }, x) =>
        interaction !== 'other' &&
        interaction !== 'capabilities' &&
        succeeded(x) &&
        (resourceOf(x) !== undefined || resourcesIn(x).length > 0),
    )
    return any.length === 0 ? [undecided(undefined, 'nothing was answered')] : few([...findings, ...headers])
  },
)

const acceptsJson = (x: Exchange): boolean =>
  /application\/fhir\+json/.test(header(x.request, 'accept') ?? '') &&
  !/fhirVersion/i.test(header(x.request, 'accept') ?? '')

export const jsonEverywhere = check(
  'PDEX-330',
  'SHALL',
  'JSON is answered on every interaction',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, params }, x) =>
        ['read', 'vread', 'history-instance', 'search-type', 'capabilities', 'operation'].includes(interaction) &&
        acceptsJson(x) &&
        !params.has('_format') &&
        x.response !== undefined,
    )
    return few(
      made.flatMap((x) => {
        if (answered(x).status === 406)
          return [unmet(x, 'refuses-json', 'a request for FHIR JSON is refused', { actual: 406 })]
        if (!succeeded(x) || answered(x).body === '') return []
        const type = mediaType(answered(x))
        if (!type.includes('json'))
          return [
            unmet(x, 'wrong-media-type', 'a request for FHIR JSON brought something else', {
              expected: 'application/fhir+json',
              actual: type,
            }),
          ]
        // A label is no proof: what it stands on has to be JSON, too.
        return type.includes('ndjson') || json(answered(x)) !== undefined
          ? []
          : [unmet(x, 'no-json', 'what is labelled as JSON is none', { actual: answered(x).body.slice(0, 40) })]
      }),
    )
  },
)

export const xmlMayBeHad = check('PDEX-331', 'SHOULD', 'XML is answered where it is asked for', (transcript, scene) =>
  someRequests(
    transcript,
    scene,
    ({ interaction }, x) =>
      interaction !== 'other' &&
      /^application\/fhir\+xml/.test(header(x.request, 'accept') ?? '') &&
      !asked(x).params.has('_format'),
  ).flatMap((x) => {
    if (answered(x).status === 406) return [noted(x, 'json-only', 'the server speaks JSON only')]
    const found = status(x, [200], 'a request for XML is answered, or refused with 406')
    return found.length > 0 || mediaType(answered(x)).includes('xml')
      ? found
      : [
          unmet(x, 'wrong-media-type', 'a request for XML brought something else', {
            expected: 'application/fhir+xml or 406',
            actual: mediaType(answered(x)),
          }),
        ]
  }),
)

export const invalidIs400 = check(
  'PDEX-332',
  'SHALL',
  'An invalid parameter is answered with 400',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        ['search-type', 'operation'].includes(interaction) &&
        x.intent.mistake === 'bad-value' &&
        x.move !== 'export-kick-off',
    ).flatMap((x) =>
      answered(x).status === 422
        ? [suspicious(x, 'less-specific', '422 came where the statement says 400', { expected: 400, actual: 422 })]
        : status(x, [400], 'a value that cannot be read is answered with 400'),
    ),
)

/** 401 by the statements of 3.1.1; any of 401, 403 and 404 by that of 6.1. */
export const unauthorizedIs401 = check(
  'PDEX-333',
  'SHALL',
  'A request without a token is answered with 401',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        interaction !== 'other' && interaction !== 'capabilities' && !hasToken(x) && x.move !== 'member-match',
    )
    const served = made.some(({ failure }) => failure) ? requests(transcript, scene, (_asks, x) => hasToken(x)) : []
    return made.flatMap((x): Finding[] => {
      // A caller that a mutual TLS host does not know is refused before it can be answered.
      const ended = endedBelowHttp(x, served)
      if (ended) return [...ended]
      const code = answered(x).status
      if (code === 401) return []
      if (code === 403 || code === 404)
        return isModern(scene.editions)
          ? []
          : [
              suspicious(x, 'other-status', `the statement for US Core 3.1.1 names 401 and ${code} came`, {
                expected: 401,
                actual: code,
              }),
            ]
      return [
        wrongAnswer(x, 'wrong-status', 'a request without a token is not refused as unauthorized', {
          expected: 401,
          actual: code,
        }),
      ]
    })
  },
)

/** A token that is good for something else. */
export const insufficientScopeIs403 = check(
  'PDEX-334',
  'SHALL',
  'A scope that does not suffice is answered with 403',
  (transcript, scene) => {
    const all = transcript.from(0)
    const narrow = new Set(all.filter((x) => x.move === 'match-token' && succeeded(x)).flatMap(issued))
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, operation }, x) =>
        interaction !== 'other' &&
        operation !== '$member-match' &&
        (narrow.has(tokenOf(x) ?? '') || x.intent.mistake === 'narrow-scope'),
    )
    const worked = all.some(
      (x) =>
        x.to === scene.responder &&
        !isMistaken(x) &&
        ['read', 'search-type', 'operation'].includes(asked(x).interaction) &&
        asked(x).operation !== '$member-match' &&
        hasToken(x) &&
        !narrow.has(tokenOf(x) ?? '') &&
        succeeded(x),
    )
    return [
      ...made.flatMap((x) =>
        answered(x).status === 401
          ? [
              suspicious(x, 'other-status', 'a scope that does not suffice is answered with 401', {
                expected: 403,
                actual: 401,
              }),
            ]
          : status(x, [403], 'a scope that does not suffice is answered with 403'),
      ),
      ...(worked ? [] : [undecided(undefined, 'no request with a sufficient scope succeeded')]),
    ]
  },
)

const issued = (x: Exchange): string[] => {
  try {
    const { access_token: token } = JSON.parse(x.response?.body ?? '{}') as { access_token?: unknown }
    return typeof token === 'string' ? [token] : []
  } catch {
    return []
  }
}

export const unknownIs404 = check(
  'PDEX-335',
  'SHALL',
  'An unknown resource or type is answered with 404',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      (asks, x) =>
        asks.interaction !== 'other' &&
        (x.intent.mistake === 'unknown-id' ||
          (x.intent.mistake === 'unknown-type' && asks.interaction === 'search-type')) &&
        asks.operation === undefined,
    ).flatMap((x) =>
      // No token is for a type that is not there: who looks at rights first says 403.
      answered(x).status === 403 && x.intent.mistake === 'unknown-type'
        ? [suspicious(x, 'less-specific', '403 came where the statement says 404', { expected: 404, actual: 403 })]
        : status(x, notThere, 'what is unknown is answered with 404'),
    ),
)

export const deletedIs410 = check('PDEX-336', 'SHALL', 'A deleted resource is answered with 410', (transcript, scene) =>
  someRequests(
    transcript,
    scene,
    ({ interaction }, x) => interaction === 'read' && x.intent.state === 'deleted',
  ).flatMap((x) =>
    answered(x).status === 404
      ? [noted(x, 'no-trace', 'no trace of what was deleted is kept')]
      : answered(x).status === 403
        ? [hidesDeleted(x)]
        : status(x, [410], 'a deleted resource is answered with 410, or 404 where no trace is kept'),
  ),
)

export const httpChecks: readonly Check[] = [
  followsBaseFhir,
  jsonEverywhere,
  xmlMayBeHad,
  invalidIs400,
  unauthorizedIs401,
  insufficientScopeIs403,
  unknownIs404,
  deletedIs410,
]
