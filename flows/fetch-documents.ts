/** Fetches what the member's documents point at: notes, reports, papers of a prior authorization (US Core DocumentReference). */
import type { Attachment } from 'fhir/r4.js'
import type { Actor, Flow } from '../harness/actor.ts'
import type { FhirResource } from '../harness/person.ts'
import type { Exchange } from '../harness/transcript.ts'
import { absoluteUrl, ask, type Manner, received } from './member-requests.ts'
import { fhirBase } from './tokens.ts'

const listOf = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : [])

const attachmentsOf = (resource: FhirResource): readonly (Attachment | undefined)[] =>
  resource.resourceType === 'DocumentReference'
    ? listOf(resource.content).map((one) => one?.attachment)
    : resource.resourceType === 'DiagnosticReport'
      ? listOf(resource.presentedForm)
      : []

/**
 * Fetches every attachment that was received with a URL, each once. The token goes along only to the payer's own FHIR base;
 * a place elsewhere must do without (US Core: no further authorization outside the base).
 */
export const fetchDocuments = (payer: Actor, manner: Manner = {}): Flow<Exchange[]> => ({
  title: `fetch the documents of the member from the ${payer.name}`,
  moves: ['binary'],
  perform: async (client) => {
    const urls = new Map<string, string | undefined>()
    for (const resource of received(client, payer))
      for (const { url, contentType } of attachmentsOf(resource).map((one) => one ?? {}))
        if (typeof url === 'string' && !url.startsWith('#')) urls.set(absoluteUrl(payer, url), contentType)
    const fetched: Exchange[] = []
    for (const [url, contentType] of urls) {
      const outside = url.startsWith(`${fhirBase(payer)}/`) ? {} : { token: null }
      const accept = (typeof contentType === 'string' ? contentType.split(';')[0] : undefined) ?? '*/*'
      fetched.push(await ask(client, payer, 'binary', { method: 'GET', url }, { accept, ...outside, ...manner }))
    }
    return fetched
  },
})
