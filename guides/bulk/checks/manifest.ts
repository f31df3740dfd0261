/** The manifest of a completed export: its fields, its files, what it promises (Bulk Data 2.0 export, complete). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, json, type Transcript } from '../../../harness/transcript.ts'
import type { Finding, Verb } from '../../../harness/verdict.ts'
import { few, hasToken, status, suspicious } from '../../core/judging.ts'
import { at, keyOf, linesOf, type Resource, resourcesIn } from '../../core/received.ts'
import { absolute, asked, succeeded } from '../../core/rest.ts'
import { expected } from '../../pdex/holdings.ts'
import { targetsOf } from '../../pdex/origins.ts'
import { type Export, exportsIn, isUnfiltered, type OutputItem } from '../exports.ts'

interface Completed extends Export {
  readonly completed: Exchange
}

/** Exports with a manifest; throws `not-seen` when nobody asked about any. */
function completedExports(transcript: Transcript, scene: Scene): Completed[] {
  transcript.some(['export-status', 'export-file'], { to: scene.responder })
  return exportsIn(transcript, scene.responder).filter((one): one is Completed => one.completed !== undefined)
}

const each = (
  requirement: string,
  verb: Verb,
  title: string,
  judge: (one: Completed, transcript: Transcript, scene: Scene) => Finding[],
): Check =>
  check(requirement, verb, title, (transcript, scene) => {
    const found = completedExports(transcript, scene)
    return found.length === 0
      ? [undecided(undefined, 'no export was completed')]
      : few(found.flatMap((one) => judge(one, transcript, scene)))
  })

/** The body of a completed answer, whatever it is. */
const fieldsOf = (x: Exchange): Readonly<Record<string, unknown>> =>
  (x.response && (json(x.response) as Record<string, unknown> | undefined)) ?? {}

/** Every answer of 200 to a poll is a manifest, a faulty one too. */
export const fieldsAreThere = check('BULK-070', 'SHALL', 'A manifest has its five fields', (transcript, scene) => {
  const done = transcript.some('export-status', {
    to: scene.responder,
    where: (x) => x.response?.status === 200 && hasToken(x) && x.intent.mistake === undefined,
  })
  return few(
    done.flatMap((x) => {
      const fields = fieldsOf(x)
      const missing = ['transactionTime', 'request', 'requiresAccessToken', 'output', 'error'].filter(
        (name) => !(name in fields),
      )
      const lists = ['output', 'error'].filter((name) => name in fields && !Array.isArray(fields[name]))
      return [
        ...(missing.length > 0
          ? [unmet(x, 'missing-element', `the manifest lacks ${missing.join(', ')}`, { expected: missing })]
          : []),
        ...lists.map((name) =>
          unmet(x, 'wrong-type', `${name} is no list`, { actual: typeof fields[name], expression: name }),
        ),
      ]
    }),
  )
})

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

export const transactionTimeHolds = each(
  'BULK-071',
  'SHALL',
  'transactionTime is an instant, and nothing in the files is later',
  ({ completed, manifest, received }) => {
    const text = manifest?.transactionTime
    if (typeof text !== 'string' || !instant.test(text))
      return [
        unmet(completed, 'wrong-type', 'transactionTime is no instant with a time zone', {
          actual: text,
          expression: 'transactionTime',
        }),
      ]
    // Clocks differ by minutes, not by hours.
    if (completed && Date.parse(text) > Date.parse(completed.at) + 3_600_000)
      return [
        unmet(completed, 'in-the-future', 'transactionTime lies in the future', {
          expected: `at most ${completed.at}`,
          actual: text,
          expression: 'transactionTime',
        }),
      ]
    const later = received.filter(
      ({ resource }) =>
        Math.floor(Date.parse(resource.meta?.lastUpdated ?? '') / 1000) > Math.floor(Date.parse(text) / 1000),
    )
    return few(
      later.map(({ exchange, resource, expression }) =>
        suspicious(exchange, 'later-change', `${keyOf(resource)} changed after transactionTime`, {
          expected: text,
          actual: resource.meta?.lastUpdated,
          expression,
        }),
      ),
      2,
    )
  },
)

export const requestIsRepeated = each(
  'BULK-072',
  'SHALL',
  'The manifest repeats the URL of the kick-off',
  ({ completed, manifest, kickOff }) => {
    const plain = (url: string): string => {
      try {
        const { origin, pathname, searchParams } = new URL(url)
        searchParams.sort()
        return `${origin}${decodeURIComponent(pathname)}?${searchParams}`
      } catch {
        return url
      }
    }
    return typeof manifest?.request === 'string' && plain(manifest.request) === plain(kickOff.request.url)
      ? []
      : [
          unmet(completed, 'wrong-value', 'request is not the URL of the kick-off', {
            expected: kickOff.request.url,
            actual: manifest?.request,
            expression: 'request',
          }),
        ]
  },
)

export const tokenNeedIsTold = each(
  'BULK-073',
  'SHALL',
  'requiresAccessToken is a boolean, and true to what the files need',
  ({ completed, manifest, files, intrusions }) => {
    const told = manifest?.requiresAccessToken
    if (typeof told !== 'boolean')
      return [
        unmet(completed, 'wrong-type', 'requiresAccessToken is no boolean', {
          expected: true,
          actual: told,
          expression: 'requiresAccessToken',
        }),
      ]
    const refused = files.find((x) => !hasToken(x) && [401, 403].includes(x.response?.status ?? 0))
    const open = intrusions.some((x) => x.move === 'export-file' && !hasToken(x) && succeeded(x))
    return [
      // An address that nobody can guess may be the only key there is, on the same server, too.
      ...(!told && refused
        ? [
            unmet(completed, 'wrong-value', 'files are said to need no token and are refused without one', {
              expected: true,
              actual: told,
              expression: 'requiresAccessToken',
            }),
          ]
        : []),
      ...(told && open
        ? [
            unmet(completed, 'wrong-value', 'files are said to need a token and are given without', {
              expected: 'a refusal',
            }),
          ]
        : []),
    ]
  },
)

export const itemsAreSound = each(
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

export const nothingEmptyIsListed = each(
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
    counted
      .filter(({ item, file }) => item.count !== linesOf(file).filter(({ text }) => text.trim() !== '').length)
      .map(({ item, file }) =>
        unmet(file, 'wrong-count', `a file of ${String(item.type)} has another number of lines than its count`, {
          expected: item.count,
          actual: linesOf(file).length,
        }),
      ),
  )
})

/** Files of deletions, where there are any. */
const deletions = (transcript: Transcript, { manifest, completed }: Completed): Exchange[] =>
  (manifest?.deleted ?? []).flatMap(({ url }) =>
    transcript.all('export-file', {
      where: (x) => absolute(x.request.url, x) === absolute(String(url), completed) && succeeded(x),
    }),
  )

export const deletionsAreListed = check(
  'BULK-077',
  'SHOULD',
  'With _since, deletions are listed as transactions',
  (transcript, scene) => {
    const since = completedExports(transcript, scene).filter(({ kickOff }) => asked(kickOff).params.has('_since'))
    const expecting = since.filter(({ kickOff }) => kickOff.intent.state === 'deleted')
    const files = since.flatMap((one) => deletions(transcript, one))
    const lost = expecting
      .filter(({ manifest }) => (manifest?.deleted ?? []).length === 0)
      .map(({ completed }) =>
        unmet(completed, 'missing-deletion', 'a resource was deleted since, and deleted is empty', {
          expected: 'a file in deleted',
          expression: 'deleted',
        }),
      )
    const wrong = files.flatMap((x) =>
      linesOf(x).flatMap(({ value, number }) => {
        const bundle = value as Resource | undefined
        const requests = at(bundle, 'entry.request') as { method?: string; url?: string }[]
        const sound =
          bundle?.resourceType === 'Bundle' &&
          bundle.type === 'transaction' &&
          requests.length > 0 &&
          requests.every(({ method, url }) => method === 'DELETE' && url)
        return sound
          ? []
          : [
              unmet(x, 'wrong-bundle', 'a line of deletions is no transaction of DELETEs', {
                expression: `line ${number}`,
              }),
            ]
      }),
    )
    if (lost.length + wrong.length > 0) return few([...lost, ...wrong])
    return files.length === 0 && expecting.length === 0
      ? [undecided(undefined, 'nothing was deleted before an export with _since')]
      : []
  },
)

export const deletedIsNotGiven = check(
  'BULK-078',
  'SHALL NOT',
  'A resource is deleted and given at once',
  (transcript, scene) => {
    const all = completedExports(transcript, scene)
    const found = all.map((one) => ({
      one,
      gone: new Set(
        deletions(transcript, one).flatMap((x) =>
          linesOf(x).flatMap(({ value }) => at(value, 'entry.request.url').map(String)),
        ),
      ),
    }))
    if (found.every(({ gone }) => gone.size === 0)) return [undecided(undefined, 'no export listed deletions')]
    return few(
      found.flatMap(({ one, gone }) =>
        one.received
          .filter(({ resource }) => gone.has(keyOf(resource)))
          .map(({ exchange, resource, expression }) =>
            unmet(exchange, 'deleted-and-given', `${keyOf(resource)} is in the output and among the deletions`, {
              expression,
            }),
          ),
      ),
    )
  },
)

export const errorsAreOutcomes = each(
  'BULK-079',
  'SHALL',
  'Error files hold OperationOutcomes, and there are none without an error',
  ({ completed, manifest, errorFiles }) => {
    if (!Array.isArray(manifest?.error))
      return [unmet(completed, 'missing-element', 'error is no list', { actual: manifest?.error, expression: 'error' })]
    return errorFiles.filter(succeeded).flatMap((x) =>
      linesOf(x)
        .filter(({ value }) => (value as Resource | undefined)?.resourceType !== 'OperationOutcome')
        .map(({ number, value }) =>
          unmet(x, 'wrong-type', 'a line of an error file is no OperationOutcome', {
            actual: (value as Resource | undefined)?.resourceType,
            expression: `line ${number}`,
          }),
        ),
    )
  },
)

export const filesCanBeHad = check(
  'BULK-080',
  'SHALL',
  'Listed files can be fetched by the client',
  (transcript, scene) => {
    const all = completedExports(transcript, scene)
    const fetched = all.flatMap(({ files, deletions: gone, completed }) =>
      files.filter((x) => gone.every((deletion) => isBefore(transcript, x, deletion)) && !isOver(completed, x)),
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

export const extensionIsAnObject = each(
  'BULK-081',
  'SHALL',
  'extension is a JSON object',
  ({ completed, manifest }) => {
    const extension = manifest?.extension
    if (extension === undefined) return [undecided(completed, 'the manifest has no extension')]
    return typeof extension === 'object' && extension !== null && !Array.isArray(extension)
      ? []
      : [unmet(completed, 'wrong-type', 'extension is no JSON object', { actual: extension, expression: 'extension' })]
  },
)

/** Everything that there is, where nothing was excluded. */
export const allTypesAreGiven = each(
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

export const manifestChecks: readonly Check[] = [
  fieldsAreThere,
  transactionTimeHolds,
  requestIsRepeated,
  tokenNeedIsTold,
  itemsAreSound,
  nothingEmptyIsListed,
  countsAreRight,
  deletionsAreListed,
  deletedIsNotGiven,
  errorsAreOutcomes,
  filesCanBeHad,
  extensionIsAnObject,
  allTypesAreGiven,
]
