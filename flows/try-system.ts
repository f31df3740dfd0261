/** Tries what a server declares for the whole system: batches, searches over all types, its history, the expansion of a value set. */
import type { CapabilityStatement } from 'fhir/r4.js'
import type { Actor, Flow } from '../harness/actor.ts'
import type { Exchange } from '../harness/transcript.ts'
import { ask } from './member-requests.ts'
import { fhirBase, latest, said } from './tokens.ts'

/** Codes of a statement's interactions for the system -> how each is tried, without changing anything. */
const tries: Readonly<Record<string, { readonly method: string; readonly path: string; readonly bundle?: string }>> = {
  batch: { method: 'POST', path: '', bundle: 'batch' },
  transaction: { method: 'POST', path: '', bundle: 'transaction' },
  'search-system': { method: 'GET', path: '?_type=Patient&_count=1' },
  'history-system': { method: 'GET', path: '/_history?_count=1' },
}

/** One call for each that the latest CapabilityStatement declares; none where it declares none. */
export const trySystem = (payer: Actor): Flow<Exchange[]> => ({
  title: `try what the ${payer.name} declares for the whole system`,
  moves: ['probe'],
  perform: async (client) => {
    const { rest: [rest] = [] } = said(latest(client, payer, 'metadata')) as Partial<CapabilityStatement>
    const answers: Exchange[] = []
    for (const { code } of rest?.interaction ?? []) {
      const { method, path, bundle } = tries[code] ?? {}
      if (method === undefined) continue
      const message = { method, url: `${fhirBase(payer)}${path}` }
      const body = bundle && {
        type: 'application/fhir+json',
        body: JSON.stringify({ resourceType: 'Bundle', type: bundle }),
      }
      answers.push(await ask(client, payer, 'probe', { ...message, ...body }, { intent: { at: 'system', code } }))
    }
    const valueSets = rest?.resource?.find(({ type }) => type === 'ValueSet')
    if (valueSets?.operation?.some(({ name }) => name === 'expand')) {
      const url = `${fhirBase(payer)}/ValueSet/$expand?url=http%3A%2F%2Fhl7.org%2Ffhir%2FValueSet%2Fadministrative-gender`
      answers.push(await ask(client, payer, 'probe', { method: 'GET', url }, { intent: { at: 'operation' } }))
    }
    return answers
  },
})
