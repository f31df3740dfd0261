/**
 * Parameters of an export that name formats, elements, patients, or nothing that is known (Bulk Data 2.0 export, query
 * parameters).
 */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, putOff, status } from '../../core/judging.ts'
import { isSubsetted, keyOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { foreignIn, memberIds } from '../../pdex/member.ts'
import { exportsIn } from '../exports.ts'
import { exportsWith, kickOffs, notWhole } from '../judging.ts'

const spellings = ['application/fhir+ndjson', 'application/ndjson', 'ndjson']

export const formatsAreAccepted = check(
  'BULK-030',
  'SHALL',
  'Every name of NDJSON is accepted, another format refused',
  (transcript, scene) => {
    const all = kickOffs(transcript, scene, (x) => asked(x).params.has('_outputFormat'))
    const made = all.filter((x) => putOff(x) === undefined)
    const format = (x: Exchange): string => asked(x).params.get('_outputFormat') ?? ''
    const findings = made.flatMap((x) =>
      spellings.includes(format(x))
        ? status(x, [202], `_outputFormat=${format(x)} is accepted`)
        : answered(x).status >= 400
          ? []
          : [
              unmet(x, 'wrong-status', `_outputFormat=${format(x)} is accepted`, {
                expected: '4xx',
                actual: answered(x).status,
              }),
            ],
    )
    const tried = new Set(made.map(format))
    const open = spellings.filter((name) => !tried.has(name))
    return [
      ...findings,
      ...(open.length > 0 || [...tried].every((name) => spellings.includes(name))
        ? [undecided(undefined, open.length > 0 ? `nobody tried ${open.join(', ')}` : 'nobody tried another format')]
        : []),
    ]
  },
)

/** Elements that no profile of the table demands: what stays beside them may be mandatory somewhere. */
const dispensable = `text note encounter performer recorder asserter recordedDate issued bodySite interpretation
  referenceRange derivedFrom device method specimen basedOn partOf evidence stage severity`.split(/\s+/)

export const elementsAreTrimmed = check(
  'BULK-035',
  'SHOULD',
  '_elements trims resources and tags them SUBSETTED',
  (transcript, scene) => {
    kickOffs(transcript, scene, (x) => asked(x).params.has('_elements'))
    const all = exportsWith(transcript, scene, '_elements')
    if (all.length === 0) return notWhole('_elements')
    return all.flatMap((one) => {
      const listed = new Set(
        asked(one.kickOff)
          .params.getAll('_elements')
          .flatMap((value) => value.split(','))
          .map((element) => element.replace(/^[A-Z]\w*\./, '').trim()),
      )
      return few(
        one.received
          .filter(({ resource }) => resource.resourceType !== 'Provenance')
          .flatMap(({ exchange, resource, expression }): Finding[] => {
            const kept = dispensable.filter((element) => element in resource && !listed.has(element))
            return [
              ...(isSubsetted(resource)
                ? []
                : [unmet(exchange, 'missing-tag', `${keyOf(resource)} is not tagged SUBSETTED`, { expression })]),
              ...(kept.length > 0
                ? [
                    unmet(exchange, 'ignored-parameter', `${keyOf(resource)} keeps elements that were not asked for`, {
                      expected: [...listed],
                      actual: kept,
                      expression,
                    }),
                  ]
                : []),
            ]
          }),
      )
    })
  },
)

export const strangersAreNotGiven = check(
  'BULK-036',
  'SHALL NOT',
  'An export gives data of patients outside of the list',
  (transcript, scene) => {
    const made = kickOffs(transcript, scene, (x) => asked(x).params.has('patient'))
    const own = memberIds(transcript, scene)
    const named = exportsIn(transcript, scene.responder).filter(({ kickOff }) => made.includes(kickOff))
    const given = named.flatMap(({ files }) => foreignIn(files, own, scene))
    const accepted = made.filter((x) => x.intent.mistake === 'foreign' && succeeded(x))
    const refused = made.filter((x) => x.intent.mistake === 'foreign' && !succeeded(x))
    const waiting = accepted.filter(
      (x) => !named.some(({ kickOff, completed }) => kickOff === x && completed !== undefined),
    )
    return [
      ...few(given.map(({ exchange, expression, what }) => unmet(exchange, 'other-member', what, { expression }))),
      ...waiting.map((x) => undecided(x, 'the export that names a stranger was not waited for')),
      ...(refused.length + accepted.length === 0 && given.length === 0
        ? [undecided(made[0], 'no export named a stranger')]
        : []),
    ]
  },
)

const later = ['_until', 'organizeOutputBy', 'allowPartialManifests']

export const laterParameters = check(
  'BULK-041',
  'MAY',
  'Parameters of Bulk Data 3.0 are honoured or refused',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => later.some((name) => asked(x).params.has(name))).map((x) =>
      answered(x).status === 202
        ? noted(x, 'accepted', 'a parameter of Bulk Data 3.0 is accepted')
        : answered(x).status >= 500
          ? unmet(x, 'wrong-status', 'a parameter of Bulk Data 3.0 breaks the export', {
              expected: '202 or 4xx',
              actual: answered(x).status,
            })
          : undecided(x, 'Bulk Data 3.0 is not offered'),
    ),
)

export const unsupportedIsRefused = check(
  'BULK-042',
  'SHOULD',
  'A parameter that is not supported is refused, unless the client is lenient',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'unknown-parameter').flatMap((x) => {
      const lenient = /handling=lenient/.test(header(x.request, 'prefer') ?? '')
      if (lenient)
        return answered(x).status < 500 ? [] : status(x, [202, 400], 'a lenient kick-off is accepted or refused')
      return answered(x).status >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'a parameter that is not supported is passed over', {
              expected: '4xx',
              actual: answered(x).status,
            }),
          ]
    }),
)

export const parameterChecks: readonly Check[] = [
  formatsAreAccepted,
  elementsAreTrimmed,
  strangersAreNotGiven,
  laterParameters,
  unsupportedIsRefused,
]
