/** The fields of the manifest of a completed export (Bulk Data 2.0 export, complete). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { type Exchange, json } from '../../../harness/transcript.ts'
import { few, hasToken, suspicious } from '../../core/judging.ts'
import { isObject, keyOf } from '../../core/received.ts'
import { succeeded } from '../../core/rest.ts'
import { notCompleted, ofEachCompleted, polls } from '../judging.ts'

/** The body of a completed answer, whatever it is. */
const fieldsOf = ({ response }: Exchange): Readonly<Record<string, unknown>> => {
  const body = response && json(response)
  return isObject(body) ? body : {}
}

/** Every answer of 200 to a poll is a manifest, a faulty one too. */
export const fieldsAreThere = check('BULK-070', 'SHALL', 'A manifest has its five fields', (transcript, scene) => {
  const done = polls(transcript, scene).filter(
    (x) => x.response?.status === 200 && hasToken(x) && x.intent.mistake === undefined,
  )
  if (done.length === 0) return [notCompleted(transcript, scene)]
  return few(
    done.flatMap((x) => {
      const fields = fieldsOf(x)
      const missing = ['transactionTime', 'request', 'requiresAccessToken', 'output', 'error'].filter(
        (name) => !(name in fields),
      )
      const lists = ['output', 'deleted', 'error'].filter((name) => name in fields && !Array.isArray(fields[name]))
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

export const transactionTimeHolds = ofEachCompleted(
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

export const requestIsRepeated = ofEachCompleted(
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

export const tokenNeedIsTold = ofEachCompleted(
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

export const extensionIsAnObject = ofEachCompleted(
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

export const manifestChecks: readonly Check[] = [
  fieldsAreThere,
  transactionTimeHolds,
  requestIsRepeated,
  tokenNeedIsTold,
  extensionIsAnObject,
]
