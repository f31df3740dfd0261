/** The guides, in the order in which reports list them. */
import { auth } from './auth/guide.ts'
import { bulk } from './bulk/guide.ts'
import { core } from './core/guide.ts'
import { hrex } from './hrex/guide.ts'
import { ndh } from './ndh/guide.ts'
import { pdex } from './pdex/guide.ts'

export const guides = [pdex, hrex, auth, ndh, bulk, core] as const
