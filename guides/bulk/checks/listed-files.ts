/**
 * The files that a manifest lists: their types, addresses and counts, and that they can be had (Bulk Data 2.0 export,
 * complete).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, status, suspicious } from '../../core/judging.ts'
import { linesOf, type Resource, resourcesIn } from '../../core/received.ts'
import { absolute, succeeded } from '../../core/rest.ts'
import { expected } from '../../pdex/holdings.ts'
import { targetsOf } from '../../pdex/origins.ts'
import { isUnfiltered, type OutputItem } from '../exports.ts'
import { completedExports, ofEachCompleted } from '../judging.ts'

export const itemsAreSound = ofEachCompleted(
  'BULK-074',
  'SHALL',
  'Each output has a type and an absolute URL, and its file holds that type',
  ({ completed, manifest, files }) =>
    (manifest?.output ?? []).flatMap(({ type, url }, i): Finding[] => {
      const expression = `output[${i}]`
      if (typeof type !== 'string' || type === '')
        return [unmet(completed, 'missing-element', 'an output has no type', { expression: `${expression}.type` })]
      if (typeof url !== 'string' || !/^https?:\/\//.test(url))
        return [
          unmet(completed, 'relative-link', 'the url of an output is absolute', {
            actual: url,
            expression: `${expression}.url`,
          }),
        ]
      const file = files.find((x) => absolute(x.request.url, x) === absolute(url, completed) && succeeded(x))
      const others = file ? resourcesIn(file).filter(({ resource }) => resource.resourceType !== type) : []
      const outcomes =
        file &&
        type !== 'OperationOutcome' &&
        linesOf(file).some(({ value }) => (value as Resource | undefined)?.resourceType === 'OperationOutcome')
      return [
        ...(others.length > 0
          ? [
              unmet(file, 'wrong-type', `a file of ${type} holds ${others[0]?.resource.resourceType}`, {
                expected: type,
                expression: others[0]?.expression ?? '',
              }),
            ]
          : []),
        ...(outcomes ? [suspicious(file, 'misplaced-outcome', 'an OperationOutcome stands among the output')] : []),
      ]
    }),
)

export const nothingEmptyIsListed = ofEachCompleted(
  'BULK-075',
  'SHOULD NOT',
  'A file without data is listed',
  ({ completed, manifest, files }) =>
    (manifest?.output ?? []).flatMap(({ url, count, type }, i) => {
      const file = files.find((x) => absolute(x.request.url, x) === absolute(String(url), completed) && succeeded(x))
      const empty = count === 0 || (file !== undefined && linesOf(file).length === 0)
      return empty
        ? [
            unmet(file ?? completed, 'empty-file', `a file of ${String(type)} holds nothing`, {
              expression: `output[${i}]`,
            }),
          ]
        : []
    }),
)

export const countsAreRight = check('BULK-076', 'SHALL', 'count is the number of lines', (transcript, scene) => {
  const all = completedExports(transcript, scene)
  const counted = all.flatMap((one) =>
    (['output', 'deleted', 'error'] as const).flatMap((section) =>
      (one.manifest?.[section] ?? []).flatMap((item: OutputItem) => {
        if (item.count === undefined) return []
        const file = transcript
          .all('export-file', {
            where: (x) => absolute(x.request.url, x) === absolute(String(item.url), one.completed) && succeeded(x),
          })
          .at(-1)
        return file ? [{ item, file }] : []
      }),
    ),
  )
  if (counted.length === 0) return [undecided(undefined, 'no file with a count was fetched')]
  return few(
    counted.flatMap(({ item, file }) => {
      const actual = linesOf(file).filter(isFilled).length
      return item.count === actual
        ? []
        : [
            unmet(file, 'wrong-count', `a file of ${String(item.type)} has another number of lines than its count`, {
              expected: item.count,
              actual,
            }),
          ]
    }),
  )
})

/** A blank line is odd, and no resource (BULK-089). */
const isFilled = ({ text }: { readonly text: string }): boolean => text.trim() !== ''

export const errorsAreOutcomes = ofEachCompleted(
  'BULK-079',
  'SHALL',
  'Error files hold OperationOutcomes, and there are none without an error',
  ({ completed, manifest, errorFiles }) => {
    if (!Array.isArray(manifest?.error))
      return [unmet(completed, 'missing-element', 'error is no list', { actual: manifest?.error, expression: 'error' })]
    const read = errorFiles.filter(succeeded)
    if (manifest.error.length > 0 && read.length === 0)
      return [undecided(completed, 'no file of those in error was fetched')]
    return read.flatMap((x) => [
      ...(mediaType(answered(x)) === 'application/fhir+ndjson'
        ? []
        : [
            unmet(x, 'wrong-media-type', 'an error file is no NDJSON by its label', {
              expected: 'application/fhir+ndjson',
              actual: mediaType(answered(x)),
              expression: 'Content-Type',
            }),
          ]),
      ...linesOf(x)
        .filter((line) => isFilled(line))
        .filter(({ value }) => (value as Resource | undefined)?.resourceType !== 'OperationOutcome')
        .map(({ number, value }) =>
          unmet(x, 'wrong-type', 'a line of an error file is no OperationOutcome', {
            actual: (value as Resource | undefined)?.resourceType,
            expression: `line ${number}`,
          }),
        ),
    ])
  },
)

export const filesCanBeHad = check(
  'BULK-080',
  'SHALL',
  'Listed files can be fetched by the client',
  (transcript, scene) => {
    const all = completedExports(transcript, scene)
    const fetched = all.flatMap(({ files, errorFiles, deletedFiles, deletions: gone, completed }) =>
      [...files, ...errorFiles, ...deletedFiles].filter(
        (x) => gone.every((deletion) => isBefore(transcript, x, deletion)) && !isOver(completed, x),
      ),
    )
    if (fetched.length === 0) return [undecided(undefined, 'no file was fetched')]
    return few(fetched.flatMap((x) => status(x, [200], 'a file that the manifest lists can be fetched')))
  },
)

const isBefore = (transcript: Transcript, x: Exchange, y: Exchange): boolean => {
  const all = transcript.from(0)
  return all.indexOf(x) < all.indexOf(y)
}
const isOver = (completed: Exchange, x: Exchange): boolean => {
  const expires = Date.parse(answered(completed).headers.find(([name]) => name.toLowerCase() === 'expires')?.[1] ?? '')
  return !Number.isNaN(expires) && Date.parse(x.at) >= expires
}

/** Everything that there is, where nothing was excluded. */
export const allTypesAreGiven = ofEachCompleted(
  'BULK-033',
  'SHALL',
  'Without _type every type that is held is given',
  ({ kickOff, completed, received, whole }, _, scene) => {
    if (!isUnfiltered(kickOff) || !whole)
      return [undecided(completed, 'the export was narrowed, or not fetched completely')]
    // What this client may see, and what is not kept back with what it may not see.
    const due = expected(scene, 'export') ?? new Map<string, Resource>()
    const held = new Set([...due.values()].map(({ resourceType }) => resourceType))
    const isTold = (resource: unknown): boolean =>
      (resource as Resource).resourceType === 'Provenance' &&
      targetsOf(resource as Resource).some((key) => due.has(key))
    if (scene.person?.record?.some(isTold)) held.add('Provenance')
    if (held.size === 0) return [undecided(completed, 'what the payer holds is not known')]
    const given = new Set(received.map(({ resource }) => resource.resourceType))
    const missing = [...held].filter((type) => !given.has(type))
    return missing.length > 0
      ? [unmet(completed, 'missing-type', `the export leaves out ${missing.join(', ')}`, { expected: missing })]
      : []
  },
)

export const listedFileChecks: readonly Check[] = [
  itemsAreSound,
  nothingEmptyIsListed,
  countsAreRight,
  errorsAreOutcomes,
  filesCanBeHad,
  allTypesAreGiven,
]
