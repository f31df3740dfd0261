/** What is held of one resource: its versions, oldest first, and whose record it is in. */
import type { FhirResource } from '../../harness/person.ts'

/** What a version says: the resource as it was, or that it was deleted. */
export interface Version {
  readonly versionId: string
  readonly lastUpdated: string
  /** Absent: this version is the deletion. */
  readonly resource?: FhirResource
}

export interface Entry {
  /** Oldest first. */
  readonly versions: Version[]
  /** Logical id of the Patient; absent on what is shared. */
  readonly owner?: string
}

/** A resource as it is now, and the logical id of the Patient whose record it is in; none for what is shared. */
export interface Held {
  readonly resource: FhirResource
  readonly owner: string | undefined
}

/** A resource and its latest stamp: scenarios load the same people at the same instant, and much is remembered by resource. */
const stamps = new WeakMap<FhirResource, FhirResource>()

/** The resource with versionId and lastUpdated; those that it lacks it gets now. Most lack nothing, and nobody asks for the time. */
export function stamped(resource: FhirResource, now: () => string): FhirResource {
  const { meta } = resource
  if (meta?.versionId && meta.lastUpdated) return resource
  const lastUpdated = meta?.lastUpdated ?? now()
  const known = stamps.get(resource)
  if (known?.meta?.lastUpdated === lastUpdated) return known
  const dated = { ...resource, meta: { ...meta, versionId: meta?.versionId ?? '1', lastUpdated } }
  stamps.set(resource, dated)
  return dated
}

export const newest = (entry: Entry | undefined): Version | undefined => entry?.versions.at(-1)

/** The version that a resource says it is. */
export const versionOf = (resource: FhirResource): Version => ({
  versionId: resource.meta?.versionId ?? '1',
  lastUpdated: resource.meta?.lastUpdated ?? '',
  resource,
})

/** The number that comes next. */
export const nextVersion = (entry: Entry): string =>
  String(Math.max(entry.versions.length, Number(newest(entry)?.versionId) || 0) + 1)
