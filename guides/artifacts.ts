/** The resources of guides' packages, read from a folder of tarballs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { holdsAt } from '../harness/edition.ts'
import { filesOfTarball } from '../profiles/packages/tarball.ts'
import type { Guide } from './guide.ts'
import { type Artifact, type Artifacts, digestAt, packageNames, placesOf } from './wording.ts'

export interface PackageAtHand {
  readonly guide: Guide
  readonly version: string
  /** `hl7.fhir.us.davinci-pdex#2.2.0-ci`: as the file is named. */
  readonly name: string
  readonly artifacts: Artifacts
  /** Pages and artifacts that have a page of their own. */
  readonly pages: ReadonlySet<string>
}

/** The packages of the guides' editions, as far as they are in the folder. */
export const packagesAtHand = (guides: readonly Guide[], folder: string): PackageAtHand[] =>
  guides.flatMap((guide) =>
    guide.versions.flatMap((version) => {
      const name = packageNames(guide, version).find((one) => existsSync(join(folder, `${one}.tgz`)))
      return name ? [{ guide, version, name, ...read(join(folder, `${name}.tgz`)) }] : []
    }),
  )

interface Page {
  readonly nameUrl?: string
  readonly page?: readonly Page[]
}

const namesOf = (page: Page): string[] => [page.nameUrl ?? '', ...(page.page ?? []).flatMap(namesOf)]

function read(file: string): Pick<PackageAtHand, 'artifacts' | 'pages'> {
  const artifacts = new Map<string, Artifact>()
  const pages = new Set<string>()
  for (const { path, content } of filesOfTarball(readFileSync(file))) {
    const name = /^package\/(?:other\/|example\/)?([A-Z][^/]*)\.json$/.exec(path)?.[1]
    if (!name) continue
    pages.add(`${name}.html`)
    if (path.startsWith('package/example/')) continue
    const artifact = JSON.parse(content.toString('utf8')) as Artifact
    artifacts.set(name, artifact)
    if (artifact.resourceType === 'ImplementationGuide')
      for (const page of namesOf((artifact.definition as { page?: Page } | undefined)?.page ?? {})) pages.add(page)
  }
  return { artifacts, pages }
}

/** What `wording.json` holds: package -> place -> the digest of what is said there, and the rows that rest on it. */
export type Wording = Readonly<Record<string, Readonly<Record<string, SaidAt>>>>
export interface SaidAt {
  readonly sha256: string
  readonly rows: readonly string[]
}

/** Every place that a row of the ledger points to, with its digest. */
export const wordingOf = (packages: readonly PackageAtHand[]): Wording =>
  Object.fromEntries(
    packages.map(({ guide, version, name, artifacts }) => {
      const rows = new Map<string, string[]>()
      for (const requirement of guide.requirements) {
        if (!holdsAt(requirement.versions, version)) continue
        for (const place of placesOf(guide, requirement, version, artifacts))
          rows.set(place, [...(rows.get(place) ?? []), requirement.id])
      }
      const said = [...rows]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([place, ids]) => {
          const sha256 = digestAt(place, artifacts)
          return sha256 ? [[place, { sha256, rows: ids }] as const] : []
        })
      return [name, Object.fromEntries(said.flat())]
    }),
  )
