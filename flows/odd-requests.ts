/** Requests beside the plain ones: operations by the wrong method, bodies of the wrong kind, documents by $docref, all formats. */
import type { Actor, Flow } from '../harness/actor.ts'
import type { Exchange } from '../harness/transcript.ts'
import { inTurn } from './in-turn.ts'
import {
  absoluteUrl,
  ask,
  type Manner,
  oneReceived,
  type Pairs,
  patientIdOf,
  received,
  resourcesIn,
  withQuery,
} from './member-requests.ts'
import { readResource } from './read.ts'
import { fhirBase } from './tokens.ts'

/** Any GET below the FHIR base. */
export const tryGet = (payer: Actor, path: string, pairs: Pairs = [], manner: Manner = {}): Flow<Exchange> => ({
  title: `try ${path} at the ${payer.name}`,
  moves: ['probe'],
  perform: (client) =>
    ask(client, payer, 'probe', { method: 'GET', url: withQuery(`${fhirBase(payer)}/${path}`, pairs) }, manner),
})

/** A search whose body is plain text. */
export const postText = (payer: Actor, type: string): Flow<Exchange> => ({
  title: `post text to the search of ${type} at the ${payer.name}`,
  moves: ['probe'],
  perform: (client) =>
    ask(
      client,
      payer,
      'probe',
      {
        method: 'POST',
        url: `${fhirBase(payer)}/${type}/_search`,
        body: `patient=${patientIdOf(client, payer)}`,
        type: 'text/plain',
      },
      { intent: { mistake: 'unreadable-body' } },
    ),
})

/** The documents of the member by the operation of US Core, or of somebody else. */
export const fetchDocref = (payer: Actor, patientId?: string): Flow<Exchange> => ({
  title: `ask the ${payer.name} for documents by $docref`,
  moves: ['probe'],
  perform: (client) =>
    ask(
      client,
      payer,
      'probe',
      {
        method: 'GET',
        url: withQuery(`${fhirBase(payer)}/DocumentReference/$docref`, [
          ['patient', patientId ?? patientIdOf(client, payer)],
        ]),
      },
      patientId === undefined ? {} : { intent: { mistake: 'foreign' } },
    ),
})

/** One resource under every name of JSON, with _format before Accept, as XML, as a picture, as other versions of FHIR. */
export const readInEveryFormat = (payer: Actor, type: string): Flow<void> => ({
  title: `read a ${type} of the ${payer.name} in every format`,
  moves: ['read'],
  perform: async (client) => {
    const path = `${type}/${oneReceived(client, payer, type).id}`
    const url = absoluteUrl(payer, path)
    const by = (accept: string, format?: string): Flow<Exchange> =>
      readResource(payer, format === undefined ? url : withQuery(url, [['_format', format]]), {
        accept,
        intent: { accept },
      })
    await inTurn(
      'read in every format',
      by('application/fhir+json'),
      by('application/json'),
      by('application/fhir+json;q=0.9, */*;q=0.1'),
      by('application/fhir+xml', 'json'),
      by('application/fhir+xml', 'application/fhir+json'),
      by('application/fhir+xml'),
      by('image/png'),
      by('application/fhir+json; fhirVersion=4.0'),
      by('application/fhir+json; fhirVersion=5.0'),
      by('application/fhir+json; fhirVersion=3.0'),
    ).perform(client)
  },
})

/** One of each type that was received, read again; with `unknown`, an id of each that nobody gave out. */
export const readEachType = (payer: Actor, read: (type: string) => Flow<unknown>): Flow<void> => ({
  title: `read one of each type at the ${payer.name}`,
  moves: ['read', 'vread', 'history'],
  perform: async (client) => {
    for (const type of new Set(received(client, payer).map(({ resourceType }) => resourceType)))
      await read(type).perform(client)
  },
})

/** Every resource of those types that was received, read by itself, and by its version where it has one. */
export const readAllOf = (payer: Actor, types: readonly string[]): Flow<void> => ({
  title: `read every ${types.join(' and ')} that was received from the ${payer.name}`,
  moves: ['read', 'vread'],
  perform: async (client) => {
    for (const type of types)
      for (const { id, meta } of received(client, payer, type)) {
        if (!id) continue
        await readResource(payer, `${type}/${id}`).perform(client)
        const url = absoluteUrl(payer, `${type}/${id}/_history/${meta?.versionId}`)
        if (meta?.versionId) await ask(client, payer, 'vread', { method: 'GET', url })
      }
  },
})

/** The version of a type's first resource that was seen first: after an update, the one before. */
export const readFirstVersion = (payer: Actor, type: string): Flow<Exchange> => ({
  title: `read the first version of a ${type} that the ${payer.name} gave`,
  moves: ['vread'],
  perform: (client) => {
    const { id } = oneReceived(client, payer, type)
    const seen = client.transcript
      .all(['search', 'read', 'everything', 'export-file'], { from: client.name, to: payer.name })
      .flatMap(resourcesIn)
      .find((resource) => resource.resourceType === type && resource.id === id)
    const url = absoluteUrl(payer, `${type}/${id}/_history/${seen?.meta?.versionId ?? '1'}`)
    return ask(client, payer, 'vread', { method: 'GET', url })
  },
})
