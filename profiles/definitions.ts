/** The definitions that the project ships, opened once: the pack beside the sheets. */
import { join } from 'node:path'
import { readPack } from './packages/pack.ts'
import type { DefinitionPackage } from './packages/package.ts'

let opened: readonly DefinitionPackage[] | undefined

/** The shipped packages, the base first. Only the pack's index is read now. */
export function shippedPackages(): readonly DefinitionPackage[] {
  opened ??= readPack(join(import.meta.dirname, 'sheets/definitions.pack'))
  return opened
}
