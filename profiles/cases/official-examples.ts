/** The examples of the official packages, as their tarballs hold them, with the profile that the guide assigns to each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOfTarball } from '../packages/tarball.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')

/** Are the official packages at hand? */
export const atHand = existsSync(folder)

export interface Example {
  readonly name: string
  readonly resource: Readonly<Record<string, unknown>>
  /** The profile that the guide assigns to it. */
  readonly profile: string | undefined
}

/** FHIR itself, its terminology and its extensions: large, and without examples. */
const withoutExamples = /^hl7\.(fhir\.r4\.(core|expansions)|terminology\.r4|fhir\.uv\.extensions\.r4)#/

/** The packages (`id#version`) at hand that may have examples. */
export const guidesAtHand: readonly string[] = atHand
  ? readdirSync(folder).flatMap((name) =>
      name.endsWith('.tgz') && !withoutExamples.test(name) ? [name.slice(0, -4)] : [],
    )
  : []

/** The examples of a package. */
export function examplesOf(guide: string): Example[] {
  const assigned = new Map<string, string>()
  const found: Pick<Example, 'name' | 'resource'>[] = []
  for (const { path, content } of filesOfTarball(readFileSync(join(folder, `${guide}.tgz`)))) {
    if (path.startsWith('package/ImplementationGuide-')) {
      const { definition } = JSON.parse(content.toString('utf8')) as {
        definition?: { resource?: { reference: { reference: string }; exampleCanonical?: string }[] }
      }
      for (const { reference, exampleCanonical } of definition?.resource ?? []) {
        if (exampleCanonical !== undefined) assigned.set(reference.reference, exampleCanonical)
      }
    }
    const name = /^package\/example\/([^.][^/]*)\.json$/.exec(path)?.[1]
    if (name !== undefined) found.push({ name, resource: JSON.parse(content.toString('utf8')) as Example['resource'] })
  }
  return found.map(({ name, resource }) => ({
    name,
    resource,
    profile: assigned.get(`${resource.resourceType}/${resource.id}`),
  }))
}
