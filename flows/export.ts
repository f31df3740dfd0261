/**
 * Patient/$export of the member: kick-off, waiting as the server says, manifest, files, deletion (Bulk Data "Export",
 * client). Each step finds the one before it in the transcript, so a scenario may make them one by one.
 */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import { type Exchange, header } from '../harness/transcript.ts'
import { ask, type Manner, type Pairs, posted, withQuery } from './member-requests.ts'
import { fhirBase, said } from './tokens.ts'

export interface ExportManner extends Manner {
  readonly params?: Pairs | Readonly<Record<string, string>>
  /** By POST, the parameters in a Parameters resource. */
  readonly post?: boolean
}

/**
 * Of a few types, for who asks how an export lives and not what it holds. A server that has no `_type` may leave it out
 * (Bulk Data 2.0, "handling=lenient") and export everything.
 */
export const ofLittle = {
  params: { _type: 'Patient,Coverage' },
  prefer: 'respond-async, handling=lenient',
} as const satisfies ExportManner

/** A step after the kick-off, maybe of an export that somebody else began. */
export interface StepManner extends Manner {
  readonly whose?: Actor
}

const typedValue = (name: string, value: string): Record<string, unknown> =>
  name === 'patient'
    ? { valueReference: { reference: value } }
    : name === '_since' || name === '_until'
      ? { valueInstant: value }
      : name === 'includeAssociatedData'
        ? { valueCode: value }
        : { valueString: value }

/**
 * Begins an export of the member. `Prefer: respond-async` goes along unless another preference is given. A server that has too
 * much to do, maybe with an export that nobody ended, is asked again when it says; a second export at once is not.
 */
export const kickOffExport = (payer: Actor, manner: ExportManner = {}): Flow<Exchange> => ({
  title: `begin an export of the member at the ${payer.name}`,
  moves: ['export-kick-off'],
  perform: async (client) => {
    let waited = 0
    for (;;) {
      const answer = await requestExport(client, payer, manner)
      const told = answer.response?.status === 429 ? secondsToWait(answer, client.clock.now()) : undefined
      if (told === undefined || manner.intent?.parallel || waited + told > client.patience) return answer
      const seconds = Math.max(told, 1)
      waited += seconds
      await client.clock.wait(seconds)
    }
  },
})

function requestExport(client: Actor, payer: Actor, manner: ExportManner): Promise<Exchange> {
  const { params = [], post, ...rest } = manner
  const pairs = 'length' in params ? (params as Pairs) : Object.entries(params)
  const url = `${fhirBase(payer)}/Patient/$export`
  const asynchronous = { prefer: 'respond-async', ...rest }
  return post
    ? ask(
        client,
        payer,
        'export-kick-off',
        posted(
          url,
          pairs.map(([name, value]) => ({ name, ...typedValue(name, value) })),
        ),
        asynchronous,
      )
    : ask(client, payer, 'export-kick-off', { method: 'GET', url: withQuery(url, pairs) }, asynchronous)
}

/** Asks once how far it is, whether or not the time has come. */
export const pollExport = (payer: Actor, manner: StepManner = {}): Flow<Exchange> => ({
  title: `ask the ${payer.name} how far the export is`,
  moves: ['export-status'],
  perform: (client) => {
    const { whose, ...rest } = manner
    const url = statusUrl(whose ?? client, payer)
    return ask(client, payer, 'export-status', { method: 'GET', url }, { accept: 'application/json', ...rest })
  },
})

/**
 * Asks until it is done, has failed or takes too long: waits as Retry-After says, and longer each time where it says
 * nothing. A 429 and a transient fault are waited for like work in progress. Whoever is told to come back after longer than a
 * run waits does not. Returns the last answer.
 */
export const awaitExport = (payer: Actor, manner: StepManner = {}): Flow<Exchange> => ({
  title: `wait for the export of the ${payer.name}`,
  moves: ['export-status'],
  perform: async (client) => {
    let waited = 0
    let backOff = 1
    for (;;) {
      const answer = await pollExport(payer, manner).perform(client)
      if (!isNotYet(answer) || waited >= client.patience) return answer
      const told = secondsToWait(answer, client.clock.now())
      const seconds = Math.max(told ?? 0, backOff)
      if (seconds > client.patience) return answer
      backOff = Math.min(backOff * 2, 60)
      waited += seconds
      await client.clock.wait(seconds)
    }
  },
})

/** Downloads every file of the latest manifest, those of `error` and `deleted` too. */
export const downloadExport = (payer: Actor, manner: StepManner = {}): Flow<Exchange[]> => ({
  title: `download the files of the export from the ${payer.name}`,
  moves: ['export-file'],
  perform: async (client) => {
    const { whose, ...rest } = manner
    const manifest = manifestOf(whose ?? client, payer)
    // A token goes only where the manifest says that one is needed: a file may be with somebody else.
    const free = manifest.requiresAccessToken === false ? { token: null } : {}
    const files: Exchange[] = []
    for (const { section, type, url } of filesOf(manifest)) {
      const file = await ask(
        client,
        payer,
        'export-file',
        { method: 'GET', url },
        {
          accept: 'application/fhir+ndjson',
          ...free,
          ...rest,
          intent: { section, ...(type === undefined ? {} : { type: String(type) }), ...rest.intent },
        },
      )
      files.push(file)
      // Each would take as long to be given up as this one.
      if (file.failure?.kind === 'timeout') break
    }
    return files
  },
})

/** Tells the server that the export is no longer needed. */
export const deleteExport = (payer: Actor, manner: StepManner = {}): Flow<Exchange> => ({
  title: `delete the export at the ${payer.name}`,
  moves: ['export-delete'],
  perform: (client) => {
    const { whose, ...rest } = manner
    return ask(client, payer, 'export-delete', { method: 'DELETE', url: statusUrl(whose ?? client, payer) }, rest)
  },
})

/** From kick-off to the last file, then deleted unless `keep`. Stops where a step was refused. */
export const exportMember = (
  payer: Actor,
  manner: ExportManner & { readonly keep?: boolean } = {},
): Flow<Exchange[]> => ({
  title: `export the member from the ${payer.name}`,
  moves: ['export-kick-off', 'export-status', 'export-file', 'export-delete'],
  perform: async (client) => {
    const { keep, params: _params, post: _post, prefer: _prefer, ...rest } = manner
    const kickOff = await kickOffExport(payer, manner).perform(client)
    if (kickOff.response?.status !== 202 || header(kickOff.response, 'content-location') === undefined) return []
    const done = await awaitExport(payer, rest).perform(client)
    // A 200 that lists no files is no manifest: there is nothing to fetch.
    if (done.response?.status !== 200 || !Array.isArray(said(done).output)) return []
    const files = await downloadExport(payer, rest).perform(client)
    if (!keep) await deleteExport(payer, rest).perform(client)
    return files
  },
})

/** Where the latest export of that client is asked about. Throws `not-seen` when none was accepted. */
function statusUrl(client: Actor, payer: Actor): string {
  const accepted = client.transcript.latest('export-kick-off', {
    from: client.name,
    to: payer.name,
    where: ({ response }) => response?.status === 202,
  })
  const location = accepted?.response && header(accepted.response, 'content-location')
  if (!accepted || location === undefined || !URL.canParse(location, accepted.request.url))
    throw new HarnessError('not-seen', `the ${payer.name} has accepted no export and said where to ask about it`)
  return new URL(location, accepted.request.url).href
}

interface Item {
  readonly type?: unknown
  readonly url?: unknown
}
interface Manifest {
  readonly requiresAccessToken?: unknown
  readonly output?: readonly Item[]
  readonly deleted?: readonly Item[]
  readonly error?: readonly Item[]
}

/** Every file of a manifest that has an absolute address. */
function filesOf(manifest: Manifest): { readonly section: string; readonly type: unknown; readonly url: string }[] {
  return (['output', 'deleted', 'error'] as const).flatMap((section) => {
    const items: unknown = manifest[section]
    return (Array.isArray(items) ? (items as (Item | null)[]) : []).flatMap((item) =>
      typeof item?.url === 'string' && URL.canParse(item.url) ? [{ section, type: item.type, url: item.url }] : [],
    )
  })
}

/** The latest manifest that the client got. Throws `not-seen` when there was none. */
function manifestOf(client: Actor, payer: Actor): Manifest {
  const found = client.transcript.latest('export-status', {
    from: client.name,
    to: payer.name,
    where: (x) => x.response?.status === 200 && Array.isArray(said(x).output),
  })
  if (!found) throw new HarnessError('not-seen', `the ${payer.name} has completed no export`)
  return said(found) as Manifest
}

/** In progress, too early, or a fault that will pass. */
function isNotYet({ response }: Exchange): boolean {
  if (!response) return false
  if (response.status === 202 || response.status === 429) return true
  if (response.status < 500) return false
  try {
    const { issue } = JSON.parse(response.body) as { issue?: readonly { code?: string }[] }
    return Array.isArray(issue) && issue.some(({ code }) => code === 'transient')
  } catch {
    return false
  }
}

/** Retry-After in seconds from now, given as seconds or as a date; undefined when it says nothing. */
function secondsToWait({ response }: Exchange, now: Date): number | undefined {
  const text = response && header(response, 'retry-after')
  if (text === undefined) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000)
}
