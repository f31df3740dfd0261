/** Reads of single resources: the newest version, an older one, the history, and on condition that it changed (FHIR R4 http). */
import { randomUUID } from 'node:crypto'
import type { Actor, Flow } from '../harness/actor.ts'
import { type Exchange, header } from '../harness/transcript.ts'
import { absoluteUrl, ask, type Manner, oneReceived, patientIdOf } from './member-requests.ts'

/** `Type/id`, or the URL of a resource. */
type Which = string

/** Reads it. */
export const readResource = (payer: Actor, which: Which, manner: Manner = {}): Flow<Exchange> => ({
  title: `read ${which} at the ${payer.name}`,
  moves: ['read'],
  perform: (client) => ask(client, payer, 'read', { method: 'GET', url: absoluteUrl(payer, which) }, manner),
})

/** Reads the Patient of the member whom the token is for. */
export const readPatient = (payer: Actor): Flow<Exchange> => ({
  title: `read the Patient at the ${payer.name}`,
  moves: ['read'],
  perform: (client) => readResource(payer, `Patient/${patientIdOf(client, payer)}`).perform(client),
})

/** Reads the first resource of that type that was received. */
export const readOneOf = (payer: Actor, type: string, manner: Manner = {}): Flow<Exchange> => ({
  title: `read a ${type} again at the ${payer.name}`,
  moves: ['read'],
  perform: (client) => readResource(payer, `${type}/${oneReceived(client, payer, type).id}`, manner).perform(client),
})

/** Reads an id that nobody gave out. */
export const readUnknown = (payer: Actor, type: string, manner: Manner = {}): Flow<Exchange> => ({
  title: `read a ${type} that does not exist at the ${payer.name}`,
  moves: ['read'],
  perform: (client) =>
    readResource(payer, `${type}/${randomUUID()}`, {
      ...manner,
      intent: { mistake: 'unknown-id', ...manner.intent },
    }).perform(client),
})

/** Reads one version: the one that was received unless told. */
export const readVersion = (payer: Actor, type: string, version?: string, manner: Manner = {}): Flow<Exchange> => ({
  title: `read a version of a ${type} at the ${payer.name}`,
  moves: ['vread'],
  perform: (client) => {
    const resource = oneReceived(client, payer, type)
    const url = absoluteUrl(payer, `${type}/${resource.id}/_history/${version ?? resource.meta?.versionId ?? '1'}`)
    return ask(client, payer, 'vread', { method: 'GET', url }, manner)
  },
})

/** Reads the history of the first resource of that type that was received. */
export const readHistory = (payer: Actor, type: string, manner: Manner = {}): Flow<Exchange> => ({
  title: `read the history of a ${type} at the ${payer.name}`,
  moves: ['history'],
  perform: (client) => {
    const url = absoluteUrl(payer, `${type}/${oneReceived(client, payer, type).id}/_history`)
    return ask(client, payer, 'history', { method: 'GET', url }, manner)
  },
})

/**
 * Reads it again only if it changed, and once more only if it is not the version that somebody else holds: that it is. Returns
 * the second answer.
 */
export const readIfChanged = (payer: Actor, type: string, manner: Manner = {}): Flow<Exchange> => ({
  title: `read a ${type} at the ${payer.name} only if it changed`,
  moves: ['read'],
  perform: async (client) => {
    const first = await readOneOf(payer, type, manner).perform(client)
    const tag = first.response && header(first.response, 'etag')
    const date = first.response && header(first.response, 'last-modified')
    const condition = tag
      ? (['If-None-Match', tag] as const)
      : date
        ? (['If-Modified-Since', date] as const)
        : undefined
    if (!condition) return first
    const again = (header: readonly [string, string]): Promise<Exchange> =>
      readOneOf(payer, type, { ...manner, headers: [...(manner.headers ?? []), header] }).perform(client)
    const second = await again(condition)
    if (tag) await again(['If-None-Match', 'W/"a-version-of-long-ago"'])
    return second
  },
})
