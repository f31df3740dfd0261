/** The whole member by one of the three methods, after a look at what the server offers (PDex "Data Retrieval Methods"). */
import type { Actor, Flow } from '../harness/actor.ts'
import type { Editions } from '../harness/edition.ts'
import { isHarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { readMetadata } from './discover.ts'
import { fetchEverything } from './everything.ts'
import { exportMember } from './export.ts'
import { type Manner, patientIdOf } from './member-requests.ts'
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
  ],
  perform: async (client) => {
    if (!latest(client, payer, 'metadata')) await readMetadata(payer).perform(client)
    if (method !== 'export') await knowPatient(client, payer, manner)
    switch (method) {
      case 'search':
        return searchEverythingOfTheTable(payer, editions, manner).perform(client)
      case '$everything':
        return fetchEverything(payer, manner).perform(client)
      case 'export':
        return exportMember(payer, manner).perform(client)
    }
  },
})

/** Where neither token nor match said the Patient's id, the identifier leads to it. */
async function knowPatient(client: Actor, payer: Actor, manner: Manner): Promise<void> {
  try {
    patientIdOf(client, payer, manner.person)
  } catch (error) {
    if (!isHarnessError(error, 'not-seen')) throw error
    await searchByMemberIdentifier(payer, manner).perform(client)
  }
}
