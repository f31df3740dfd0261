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
