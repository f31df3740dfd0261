/** Every way to be wrong about a member's data: who sees it, how it is asked for and told, how it is exported. */
import type { Fault } from './fault.ts'
import { answerFaults } from './retrieval-answers.ts'
import { bulkFaults } from './retrieval-bulk.ts'
import { everythingFaults } from './retrieval-everything.ts'
import { fileFaults } from './retrieval-files.ts'
import { parameterFaults } from './retrieval-parameters.ts'
import { rightsFaults } from './retrieval-rights.ts'
import { searchFaults } from './retrieval-search.ts'

export const retrievalFaults: readonly Fault[] = [
  ...rightsFaults,
  ...searchFaults,
  ...parameterFaults,
  ...answerFaults,
  ...everythingFaults,
  ...bulkFaults,
  ...fileFaults,
]
