/** HRex endpoint discovery: where does that payer answer other payers? Asked over ordinary TLS, tried over mutual TLS. */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import { type Exchange, json } from '../harness/transcript.ts'
import { fhirBase } from './tokens.ts'

const code = 'davinci_pdex_payer_endpoint'

/** Reads the payer's well-known document and looks whether its payer endpoint answers. */
export const discoverEndpoints = (payer: Actor): Flow<string | undefined> => ({
  title: `look up the endpoints of the ${payer.name}`,
  moves: ['well-known', 'metadata'],
  perform: async (client) => {
    const endpoint = endpointIn(await lookUp(client, payer))
    if (endpoint) await tryOut(client, payer, endpoint)
    return endpoint
  },
})

/** Calls an address that was good once; when it is not any more, the payer is looked up again (ep-4). */
export const findAgain = (payer: Actor): Flow<string | undefined> => ({
  title: `call the ${payer.name} at an address that has been given up`,
  moves: ['metadata', 'well-known'],
  perform: async (client) => {
    const tried = await tryOut(client, payer, `${fhirBase(payer)}-given-up`, { standing: 'given up' })
    if (tried.response && tried.response.status < 400) return undefined
    return discoverEndpoints(payer).perform(client)
  },
})

const lookUp = (client: Actor, payer: Actor): Promise<Exchange> => {
  const { open } = payer.places
  if (!open) throw new HarnessError('cannot-set-up', `nobody knows where the ${payer.name} answers over ordinary TLS`)
  return client.send('well-known', payer, {
    method: 'GET',
    url: `${open}/.well-known/davinci-configuration`,
    headers: [['Accept', 'application/json']],
    as: null,
  })
}

const tryOut = (client: Actor, payer: Actor, base: string, intent: Record<string, string> = {}): Promise<Exchange> =>
  client.send('metadata', payer, {
    method: 'GET',
    url: `${base.replace(/\/$/, '')}/metadata`,
    headers: [['Accept', 'application/fhir+json']],
    intent: { ...intent, found: 'well-known' },
  })

/** The newest version that is offered, whatever it is (ep-3); the code without a version when there is nothing better. */
export function endpointIn(exchange: Exchange): string | undefined {
  const document = exchange.response ? json(exchange.response) : undefined
  const endpoints = (document as { endpoints?: unknown } | undefined)?.endpoints
  if (typeof endpoints !== 'object' || endpoints === null) return undefined
  const offers = Object.entries(endpoints).flatMap(([key, value]) => {
    const found = /^([a-z_]+)(?:#(\d+)\.(\d+))?$/.exec(key)
    if (found?.[1] !== code || typeof value !== 'string' || !/^https?:\/\//.test(value)) return []
    return [{ rank: found[2] === undefined ? -1 : Number(found[2]) * 1000 + Number(found[3]), value }]
  })
  return offers.sort((a, b) => b.rank - a.rank)[0]?.value
}
