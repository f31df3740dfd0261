/** One export from kick-off to files, put together from the exchanges that made it (Bulk Data 2.0 export). */
import { type Exchange, header, json, reading, type Transcript } from '../../harness/transcript.ts'
import { isObject, type Received, resourcesIn } from '../core/received.ts'
import { absolute, asked, succeeded } from '../core/rest.ts'

export interface OutputItem {
  readonly type?: unknown
  readonly url?: unknown
  readonly count?: unknown
}
export interface Manifest {
  readonly transactionTime?: unknown
  readonly request?: unknown
  readonly requiresAccessToken?: unknown
  readonly output?: readonly OutputItem[]
  readonly deleted?: readonly OutputItem[]
  readonly error?: readonly OutputItem[]
  readonly extension?: unknown
}

export interface Export {
  readonly kickOff: Exchange
  /** Address of the job; undefined when the kick-off gave none. */
  readonly statusUrl?: string
  /** Polls by whom the job is, in order. */
  readonly polls: readonly Exchange[]
  /** The poll that brought the manifest. */
  readonly completed?: Exchange
  readonly manifest?: Manifest
  /** Downloads by whom the job is, of what `output` lists. */
  readonly files: readonly Exchange[]
  /** Downloads of what `error` lists. */
  readonly errorFiles: readonly Exchange[]
  /** Downloads of what `deleted` lists. */
  readonly deletedFiles: readonly Exchange[]
  readonly deletions: readonly Exchange[]
  /** Polls, downloads and deletions by somebody else. */
  readonly intrusions: readonly Exchange[]
  /** Every file that `output` lists was downloaded with success. */
  readonly whole: boolean
  readonly received: readonly Received[]
}

const following = ['export-status', 'export-file', 'export-delete', 'probe'] as const

const hasBearer = ({ request }: Exchange): boolean => /^bearer /i.test(header(request, 'authorization') ?? '')

/** A request with a bearer token and without a mistake that its sender announced. */
export const isHonest = (exchange: Exchange): boolean => exchange.intent.mistake === undefined && hasBearer(exchange)

/** Every export that was kicked off with success, in order. */
export const exportsIn = (transcript: Transcript, to: string): readonly Export[] =>
  transcript.known(`exports of ${to}`, () => {
    const everything = transcript.from(0)
    return everything
      .filter((x) => x.move === 'export-kick-off' && x.to === to && x.response?.status === 202)
      .map((kickOff) => followUp(kickOff, everything))
  })

function followUp(kickOff: Exchange, everything: readonly Exchange[]): Export {
  const location = kickOff.response && header(kickOff.response, 'content-location')
  const statusUrl = location === undefined ? undefined : absolute(location, kickOff)
  const later = everything
    .slice(everything.indexOf(kickOff) + 1)
    .filter((x) => (following as readonly string[]).includes(x.move) && x.to === kickOff.to)
  // The steps of an export that was begun with a mistake are meant as its kick-off was.
  const isMeant = (x: Exchange): boolean => x.from === kickOff.from && x.intent.mistake === kickOff.intent.mistake
  const isOurs = (x: Exchange): boolean => isMeant(x) && hasBearer(x)
  const at = (x: Exchange): string => asked(x).address
  const atStatus = later.filter((x) => statusUrl !== undefined && at(x) === statusUrl)
  const polls = atStatus.filter((x) => x.request.method === 'GET' && isOurs(x))
  const completed = polls.find((x) => x.response?.status === 200 && manifestOf(x) !== undefined)
  const manifest = completed && manifestOf(completed)
  const urls = (items: unknown): Set<string> =>
    new Set(
      (Array.isArray(items) ? (items as readonly OutputItem[]) : []).map(({ url }) =>
        absolute(String(url), completed ?? kickOff),
      ),
    )
  const [outputs, errors, gone] = [urls(manifest?.output), urls(manifest?.error), urls(manifest?.deleted)]
  const downloads = later.filter((x) => [outputs, errors, gone].some((listed) => listed.has(at(x))))
  // A file that needs no token is fetched without one.
  const isOwnFile = (x: Exchange): boolean => isOurs(x) || (isMeant(x) && manifest?.requiresAccessToken === false)
  const files = downloads.filter((x) => outputs.has(at(x)) && isOwnFile(x))
  // Whoever judges an export has read all of it.
  for (const x of [kickOff, ...atStatus, ...downloads]) reading(x)
  const got = new Set(files.filter(succeeded).map(at))
  return {
    kickOff,
    ...(statusUrl === undefined ? {} : { statusUrl }),
    polls,
    ...(completed ? { completed } : {}),
    ...(manifest ? { manifest } : {}),
    files,
    errorFiles: downloads.filter((x) => errors.has(at(x)) && isOwnFile(x)),
    deletedFiles: downloads.filter((x) => gone.has(at(x)) && isOwnFile(x)),
    deletions: atStatus.filter((x) => x.request.method === 'DELETE' && isOurs(x)),
    intrusions: [...atStatus.filter((x) => !isOurs(x)), ...downloads.filter((x) => !isOwnFile(x))],
    whole: manifest?.output !== undefined && [...outputs].every((url) => got.has(url)),
    // A file that was fetched twice is one file.
    received: [...new Map(files.filter(succeeded).map((x) => [at(x), x])).values()].flatMap(resourcesIn),
  }
}

/** The body as a manifest: JSON that is no FHIR resource and lists output. What is no item stands for one that says nothing. */
export function manifestOf({ response }: Exchange): Manifest | undefined {
  const body = response && json(response)
  if (!isObject(body) || body.resourceType !== undefined || !Array.isArray(body.output)) return undefined
  const { output, deleted, error, ...rest } = body
  return {
    ...rest,
    output: itemsOf(output),
    ...(Array.isArray(deleted) ? { deleted: itemsOf(deleted) } : {}),
    ...(Array.isArray(error) ? { error: itemsOf(error) } : {}),
  }
}

const itemsOf = (list: readonly unknown[]): OutputItem[] => list.map((item) => (isObject(item) ? item : {}))

/** The comma list of `_type`, repetitions joined; undefined when the kick-off names none. */
export function typesAskedFor(kickOff: Exchange): ReadonlySet<string> | undefined {
  const asks = asked(kickOff)
    .params.getAll('_type')
    .flatMap((value) => value.split(','))
  const types = asks.map((type) => type.trim()).filter(Boolean)
  return types.length > 0 ? new Set(types) : undefined
}

/** True when the kick-off narrows nothing down: no type, time, filter or element. */
export const isUnfiltered = (kickOff: Exchange): boolean => {
  const { params } = asked(kickOff)
  return ['_type', '_since', '_until', '_typeFilter', '_elements', 'patient'].every((name) => !params.has(name))
}
