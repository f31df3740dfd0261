/** Where HL7's validator finds its packages, and where what is laid out for it is kept. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Wanted } from '../../profiles/hl7/provision.ts'
import { packageCache } from '../../profiles/packages/find.ts'
import { hl7Folder } from './hl7-jar.ts'

/** The official packages beside the checkout, which `npm run sheets` and the tests read as well. */
const beside = join(import.meta.dirname, '../../../shared/ig')

/** The folder that the user names, else that of the environment, else the one beside the checkout; then the FHIR package cache. */
export function hl7Places(named?: string): Pick<Wanted, 'folders' | 'work'> {
  const folder = named ?? process.env.VITRUVIAN_PACKAGES ?? (existsSync(beside) ? beside : undefined)
  return { folders: [...(folder === undefined ? [] : [resolve(folder)]), packageCache()], work: hl7Folder() }
}
