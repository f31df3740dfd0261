/** Media types: what is asked for and what comes (FHIR R4 http#mime-type, http#parameters, http#version-parameter). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, mediaType } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, isMistaken, someRequests, status, suspicious } from '../judging.ts'
import { resourceOf } from '../received.ts'
import { asked, succeeded } from '../rest.ts'

const fhirJson = 'application/fhir+json'

/** A FHIR resource in JSON is labelled as one, in UTF-8; XML is not read here. */
export const resourcesAreLabelled = check(
  'CORE-002',
  'SHALL',
  'A resource is answered as application/fhir+json in UTF-8',
  (transcript, scene) =>
    few(
      someRequests(transcript, scene, (_, x) => x.move !== 'export-file' && resourceOf(x) !== undefined).flatMap(
        (x) => {
          const response = answered(x)
          const type = mediaType(response)
          // A Binary may come as what it is: only the resource form has to be labelled.
          if (asked(x).type === 'Binary' && !type.includes('json')) return []
          const charset = /charset="?([^;"\s]+)/i.exec(header(response, 'content-type') ?? '')?.[1]
          return [
            ...(type === fhirJson || (type === 'application/json' && wishedForGeneric(x))
              ? []
              : [
                  unmet(x, 'wrong-media-type', 'a FHIR resource came with another media type', {
                    expected: fhirJson,
                    actual: type,
                    expression: 'Content-Type',
                  }),
                ]),
            ...(charset && charset.toLowerCase() !== 'utf-8'
              ? [
                  unmet(x, 'wrong-charset', 'FHIR is UTF-8', {
                    expected: 'utf-8',
                    actual: charset,
                    expression: 'Content-Type',
                  }),
                ]
              : []),
            ...mangled(response.body).map((actual) =>
              suspicious(x, 'broken-letters', 'the answer holds the sign that stands for bytes that are no UTF-8', {
                expected: 'UTF-8',
                actual,
              }),
            ),
          ]
        },
      ),
    ),
)

/** What bytes that are no UTF-8 become when they are read, with what stands around it. */
const mangled = (body: string): string[] => /.{0,20}\ufffd.{0,20}/.exec(body)?.slice(0, 1) ?? []

/** Who asks for application/json SHOULD get it under that name (FHIR R4 http#mime-type). */
const wishedForGeneric = (x: Exchange): boolean =>
  (asked(x).params.get('_format') ?? accepted(x)[0]) === 'application/json'

const fhirVersion = (x: Exchange): string | undefined =>
  /fhirVersion="?([\d.]+)/i.exec(header(x.request, 'accept') ?? '')?.[1]

const jsonNames = ['json', 'application/json', 'application/fhir+json']
/** The media types of an Accept header, best first. */
const accepted = (x: Exchange): string[] =>
  (header(x.request, 'accept') ?? '')
    .split(',')
    .map((part) => (part.split(';')[0] ?? '').trim().toLowerCase())
    .filter(Boolean)

/** Every name of JSON brings JSON, and _format outranks Accept. */
export const jsonByAnyName = check(
  'CORE-003',
  'SHALL',
  'Every name of JSON brings JSON, and _format outranks Accept',
  (transcript, scene) => {
    const asking = someRequests(transcript, scene, ({ interaction, params }, x) => {
      if (interaction === 'other' || interaction === 'operation' || interaction === 'system') return false
      const format = params.get('_format')
      return format !== null ? jsonNames.includes(format) : jsonNames.includes(accepted(x)[0] ?? '')
    })
    const fair = asking.filter(
      (x) => !isMistaken(x) && x.response?.status !== 401 && /^4\.0|^$/.test(fhirVersion(x) ?? ''),
    )
    const found = fair.flatMap((x): Finding[] => {
      if (answered(x).status === 406)
        return [unmet(x, 'refuses-json', 'a request for JSON is refused', { actual: 406 })]
      if (!succeeded(x)) return []
      return mediaType(answered(x)).includes('json')
        ? []
        : [
            unmet(x, 'wrong-media-type', 'a request for JSON brought something else', {
              actual: mediaType(answered(x)),
            }),
          ]
    })
    const names = new Set(fair.map((x) => asked(x).params.get('_format') ?? accepted(x)[0]))
    const outranks = fair.some((x) => asked(x).params.has('_format') && !jsonNames.includes(accepted(x)[0] ?? ''))
    if (found.length === 0 && (!outranks || names.size < 3))
      return [
        undecided(
          undefined,
          'not every name of JSON was tried, nor _format against an Accept that asks for something else',
        ),
      ]
    return found
  },
)

/** What cannot be served is refused with 406, what cannot be read with 415. */
export const unserveableIsRefused = check(
  'CORE-004',
  'SHOULD',
  'An Accept that cannot be served is refused with 406',
  (transcript, scene) =>
    someRequests(transcript, scene, ({ interaction, params }, x) => {
      const types = accepted(x)
      return (
        interaction !== 'other' &&
        !params.has('_format') &&
        types.length > 0 &&
        types.every((type) => /^(image|audio|video)\//.test(type))
      )
    }).flatMap((x) => status(x, [406], 'an Accept that cannot be served is refused with 406')),
)

export const unreadableIsRefused = check(
  'CORE-004',
  'SHOULD',
  'A body of an unknown media type is refused with 415',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      ({ interaction }, x) => interaction !== 'other' && mediaType(x.request) === 'text/plain',
    ).flatMap((x) => status(x, [415], 'a body of an unknown media type is refused with 415')),
)

/** fhirVersion=4.0 is served, another version is not answered with R4 under its name. */
export const versionParameter = check(
  'CORE-005',
  'MAY',
  'The fhirVersion parameter of a media type is honoured',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      ({ interaction }, x) => interaction !== 'other' && fhirVersion(x) !== undefined,
    ).flatMap((x) => {
      if (fhirVersion(x)?.startsWith('4.0')) return status(x, [200], 'fhirVersion=4.0 is served')
      return answered(x).status === 406
        ? []
        : [noted(x, 'version-ignored', `fhirVersion=${fhirVersion(x)} is answered with ${answered(x).status}`)]
    }),
)

export const mediaChecks: readonly Check[] = [
  resourcesAreLabelled,
  jsonByAnyName,
  unserveableIsRefused,
  unreadableIsRefused,
  versionParameter,
]
