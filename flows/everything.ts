/** $everything of the member, page by page (FHIR R4 operation-patient-everything; PDex "Data Retrieval Methods"). */
import type { Actor, Flow } from '../harness/actor.ts'
import type { Exchange } from '../harness/transcript.ts'
import { pagesAfter } from './follow-pages.ts'
import { ask, type Manner, type Pairs, patientIdOf, posted, withQuery } from './member-requests.ts'
import { fhirBase } from './tokens.ts'

export interface EverythingManner extends Manner {
  readonly params?: Pairs | Readonly<Record<string, string>>
  /** By POST, the parameters in a Parameters resource. */
  readonly post?: boolean
  readonly firstPage?: boolean
  /** Logical id of another Patient than the member's. */
  readonly patientId?: string
}

/** FHIR types of the operation's parameters, for a posted one. */
const typedValue = (name: string, value: string): Record<string, unknown> =>
  name === '_count'
    ? { valueInteger: Number(value) }
    : name === '_type'
      ? { valueCode: value }
      : name === '_since'
        ? { valueInstant: value }
        : { valueDate: value }

/** Asks for everything. Returns the pages, the first of them always. */
export const fetchEverything = (payer: Actor, manner: EverythingManner = {}): Flow<Exchange[]> => ({
  title: `fetch everything of the member from the ${payer.name}`,
  moves: ['everything', 'everything-page'],
  perform: async (client) => {
    const { params = [], post, firstPage, patientId, ...rest } = manner
    const pairs = 'length' in params ? (params as Pairs) : Object.entries(params)
    const url = `${fhirBase(payer)}/Patient/${patientId ?? patientIdOf(client, payer, manner.person)}/$everything`
    const first = post
      ? await ask(
          client,
          payer,
          'everything',
          posted(
            url,
            pairs.flatMap(([name, value]) =>
              (name === '_type' ? value.split(',') : [value]).map((one) => ({ name, ...typedValue(name, one) })),
            ),
          ),
          rest,
        )
      : await ask(client, payer, 'everything', { method: 'GET', url: withQuery(url, pairs) }, rest)
    return firstPage ? [first] : [first, ...(await pagesAfter(client, payer, first, 'everything-page', rest))]
  },
})

/** All of these types; all there is, where a server will not be told which (`_type` is a parameter that it may not have). */
export const fetchTypes = (payer: Actor, types: readonly string[]): Flow<Exchange[]> => ({
  title: `fetch ${types.join(', ')} of the member from the ${payer.name}`,
  moves: ['everything', 'everything-page'],
  perform: async (client) => {
    const answers = await fetchEverything(payer, { params: { _type: types.join(',') } }).perform(client)
    return answers[0]?.response?.status === 200 ? answers : fetchEverything(payer).perform(client)
  },
})
