/** The guides, in the order in which reports list them. */
import { atr } from './atr/guide.ts'
import { auth } from './auth/guide.ts'
import { bulk } from './bulk/guide.ts'
import { carinBb } from './carin-bb/guide.ts'
import { cdex } from './cdex/guide.ts'
import { core } from './core/guide.ts'
import { formulary } from './formulary/guide.ts'
import type { Guide } from './guide.ts'
import { hrex } from './hrex/guide.ts'
import { ndh } from './ndh/guide.ts'
import { pdex } from './pdex/guide.ts'

export const guides: readonly Guide[] = [pdex, hrex, auth, ndh, bulk, core, cdex, formulary, atr, carinBb]
