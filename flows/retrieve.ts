/** The whole member by one of the three methods, after a look at what the server offers (PDex "Data Retrieval Methods"). */
import type { Actor, Flow } from '../harness/actor.ts'
import type { Editions } from '../harness/edition.ts'
import { isHarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { readMetadata } from './discover.ts'
import { fetchEverything } from './everything.ts'
import { exportMember } from './export.ts'
import { type Manner, patientIdOf, received } from './member-requests.ts'
import { readResource } from './read.ts'
import { searchByMemberIdentifier, searchEverythingOfTheTable } from './search.ts'
import { latest } from './tokens.ts'

export const retrievalMethods = ['search', '$everything', 'export'] as const
export type RetrievalMethod = (typeof retrievalMethods)[number]

/** Retrieves everything of the member. Returns the answers that hold data. */
export const retrieve = (
  payer: Actor,
  method: RetrievalMethod,
  editions: Editions,
  manner: Manner = {},
): Flow<Exchange[]> => ({
  title: `retrieve the member from the ${payer.name} by ${method}`,
  moves: [
    'metadata',
    'search',
    'next-page',
    'everything',
    'everything-page',
    'export-kick-off',
    'export-status',
    'export-file',
    'export-delete',
    'read',
  ],
  perform: async (client) => {
    if (!latest(client, payer, 'metadata')) await readMetadata(payer).perform(client)
    if (method !== 'export') await knowPatient(payer, manner).perform(client)
    const by = {
      search: () => searchEverythingOfTheTable(payer, editions, manner),
      $everything: () => fetchEverything(payer, manner),
      export: () => exportMember(payer, manner),
    }
    const answers = await by[method]().perform(client)
    await followMedications(client, payer, manner)
    return answers
  },
})

/** Medications that prescriptions only point at, where they did not come along (US Core MedicationRequest). */
async function followMedications(client: Actor, payer: Actor, manner: Manner): Promise<void> {
  const got = new Set(received(client, payer, 'Medication').map(({ id }) => `Medication/${id}`))
  const pointing = [...received(client, payer, 'MedicationRequest'), ...received(client, payer, 'MedicationDispense')]
  for (const resource of pointing) {
    const { medicationReference } = resource as { medicationReference?: { reference?: string } }
    const key = /(?:^|\/)(Medication\/[A-Za-z0-9.-]{1,64})$/.exec(medicationReference?.reference ?? '')?.[1]
    if (!key || got.has(key)) continue
    got.add(key)
    await readResource(payer, key, manner).perform(client)
  }
}

/** Where neither token nor match said the Patient's id, the identifier leads to it. */
export const knowPatient = (payer: Actor, manner: Manner = {}): Flow<void> => ({
  title: `know the Patient of the member at the ${payer.name}`,
  moves: ['metadata', 'search', 'next-page'],
  perform: async (client) => {
    try {
      patientIdOf(client, payer, manner.person)
    } catch (error) {
      if (!isHarnessError(error, 'not-seen')) throw error
      if (!latest(client, payer, 'metadata')) await readMetadata(payer).perform(client)
      await searchByMemberIdentifier(payer, manner).perform(client)
    }
  },
})
