/**
 * Where a package holds the official wording of a statement, and its digest. The wording itself stays in the package: only
 * digests are kept (`wording.json`), so that a change of the guide's text is noticed.
 */
import { createHash } from 'node:crypto'
import { type GuideKey, majorMinor } from '../harness/edition.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { Guide } from './guide.ts'

/** `Requirements-fromNarrative#mm-9`: a file of the package, and the part of it. */
export type Place = string

/** A resource of a package, as far as anybody looks into it. */
export interface Artifact {
  readonly resourceType: string
  readonly [element: string]: unknown
}

/** File name without `.json` -> resource. */
export type Artifacts = ReadonlyMap<string, Artifact>

/** Guides that number their statements in resources of their own. */
const numbered: Readonly<Partial<Record<GuideKey, readonly string[]>>> = {
  hrex: ['Requirements-fromNarrative'],
  cdex: ['data-consumer', 'data-source', 'payer', 'signer', 'verifier'].map((actor) => `Requirements-cdex-${actor}`),
}

/** The names under which the package of an edition may lie: as published, or as a continuous build. */
export const packageNames = (guide: Guide, version: string): string[] => {
  const release = version.replace(/-.*/, '')
  return [version, release, `${release}-ci`].map((one) => `${guide.packageId}#${one}`)
}

/** Where that edition of the guide's package states it: nowhere when only a page does. */
export function placesOf(guide: Guide, requirement: Requirement, version: string, artifacts: Artifacts): Place[] {
  const keys = requirement.keys?.[majorMinor(version)] ?? []
  const stated = keys.flatMap((key) =>
    (numbered[guide.key] ?? []).filter((file) => statementOf(artifacts.get(file), key)).map((file) => `${file}#${key}`),
  )
  const defined = requirement.where
    .split(';')
    .flatMap((where) => definedAt(guide, requirement, where, version, artifacts))
  return [...new Set([...stated, ...defined])]
}

/** Definitions that the row points to: whole, or the part of a CapabilityStatement that is about a resource type. */
function definedAt(guide: Guide, row: Requirement, where: string, version: string, artifacts: Artifacts): Place[] {
  const page = /\/([A-Z][A-Za-z]+-[^/#]+)\.html(?:#.*)?$/.exec(guide.pageOf(where.trim(), version))?.[1]
  const named = /\bCapStmt\b/.test(where)
    ? [...where.matchAll(/\bpdex-[a-z-]*server(?:-\d-\d)?/g)].map(([name]) => name)
    : []
  const files = named.length > 0 ? named.map((name) => `CapabilityStatement-${name}`) : page ? [page] : []
  return files.flatMap((file) => {
    const artifact = artifacts.get(file)
    if (!artifact) return []
    if (artifact.resourceType !== 'CapabilityStatement') return [file]
    const types = resourcesOf(artifact).map(({ type }) => type)
    const words = new Set(`${where} ${row.statement}`.split(/[^A-Za-z]+/))
    const about = types.filter((type) => words.has(type))
    return about.length > 0 ? about.map((type) => `${file}#${type}`) : [`${file}#*`]
  })
}

const resourcesOf = (statement: Artifact): readonly { readonly type: string }[] =>
  ((statement.rest as { resource?: { type: string }[] }[] | undefined) ?? []).flatMap(({ resource }) => resource ?? [])

interface Statement {
  readonly key: string
  readonly conformance?: readonly string[]
  readonly requirement: string
}

/** The statement with that key of a Requirements resource. */
export const statementOf = (artifact: Artifact | undefined, key: string): Statement | undefined =>
  (artifact?.statement as Statement[] | undefined)?.find((one) => one.key === key)

/** SHA-256 of what is said there; undefined where the package has no such place. */
export function digestAt(place: Place, artifacts: Artifacts): string | undefined {
  const [file = '', part] = place.split('#')
  const artifact = artifacts.get(file)
  if (!artifact) return undefined
  const said = partOf(artifact, part)
  return said === undefined ? undefined : createHash('sha256').update(canonical(said)).digest('hex')
}

function partOf(artifact: Artifact, part: string | undefined): unknown {
  if (artifact.resourceType === 'Requirements') return statementOf(artifact, part ?? '')?.requirement
  if (artifact.resourceType === 'StructureDefinition') return artifact.differential
  if (artifact.resourceType === 'CapabilityStatement' && part !== '*')
    return resourcesOf(artifact).find(({ type }) => type === part)
  // What says nothing about behaviour may change from build to build.
  const { text: _, date: __, version: ___, contact: ____, publisher: _____, meta: ______, ...said } = artifact
  return said
}

/** The same text for the same content, however it is spaced and ordered. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.replace(/\s+/g, ' ').trim())
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
}
