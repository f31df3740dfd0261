/** Who imports whom among the package's own files, from their text: enough to say what a change touches. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** Path from the package's folder, with slashes, and text. */
export type Sources = ReadonlyMap<string, string>

const rooms = ['certs', 'features', 'flows', 'guides', 'harness', 'profiles', 'proof', 'simulators', 'steps']

/** The files that a proof depends on, tests left out. */
export function readSources(home: string): Sources {
  const sources = new Map<string, string>()
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(home, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        // What is issued is no source, and sheets are made from packages.
        if (path !== 'certs/issued' && path !== 'profiles/sheets') visit(path)
      } else if (/\.(ts|mjs|json|feature)$/.test(path) && !path.endsWith('.test.ts'))
        sources.set(path, readFileSync(join(home, path), 'utf8'))
    }
  }
  for (const room of rooms) visit(room)
  return sources
}

const imported = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g

/** These files and all that import them, directly or not. */
export function importersOf(sources: Sources, changed: readonly string[]): ReadonlySet<string> {
  const importers = new Map<string, string[]>()
  for (const [path, text] of sources)
    for (const [, target = ''] of text.matchAll(imported)) {
      const file = posix.normalize(posix.join(dirname(path), target))
      importers.set(file, [...(importers.get(file) ?? []), path])
    }
  const found = new Set(changed)
  const waiting = [...changed]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
    for (const importer of importers.get(path) ?? [])
      if (!found.has(importer)) {
        found.add(importer)
        waiting.push(importer)
      }
  return found
}
