/** Every way to be wrong about a member's data: who sees it, how it is asked for and told, how it is exported. */
import type { Fault } from './fault.ts'
import { unsoundAnswers } from './retrieval-answers.ts'
import { unsoundExports } from './retrieval-bulk.ts'
import { unsoundEverything } from './retrieval-everything.ts'
import { unsoundFiles } from './retrieval-files.ts'
import { unsoundManifests } from './retrieval-manifest.ts'
import { unsoundParameters } from './retrieval-parameters.ts'
import { unsoundRights } from './retrieval-rights.ts'
import { unsoundSearches } from './retrieval-search.ts'
import { unsoundOwnership } from './retrieval-strangers.ts'

export const retrievalFaults: readonly Fault[] = [
  ...unsoundRights,
  ...unsoundOwnership,
  ...unsoundSearches,
  ...unsoundParameters,
  ...unsoundAnswers,
  ...unsoundEverything,
  ...unsoundExports,
  ...unsoundManifests,
  ...unsoundFiles,
]
