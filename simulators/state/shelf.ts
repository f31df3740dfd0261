/**
 * Records as they lie: by key, by type, by whose they are, and which tell of which. A member's record that is loaded into one
 * world after another is laid out once: all of them look at its shelf, and none changes it.
 */
import type { FhirResource } from '../../harness/person.ts'
import { keepJson } from './json-of.ts'
import { addTo, RecordLinks } from './record-links.ts'
import { type Entry, stamped, versionOf } from './versions.ts'

/** Types that are nobody's record: a member's data points to them. */
export const sharedTypes: ReadonlySet<string> = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'Medication',
  'Endpoint',
  'HealthcareService',
  'Questionnaire',
])

/** Whose it is in that member's record: theirs, or nobody's. */
export const ownerOf = (resource: FhirResource, patientId: string): string | undefined =>
  sharedTypes.has(resource.resourceType) ? undefined : patientId

export class Shelf {
  readonly entries = new Map<string, Entry>()
  /** Patient id -> type -> keys, in the order of loading. */
  readonly compartments = new Map<string, Map<string, Set<string>>>()
  readonly shared = new Map<string, Set<string>>()
  readonly links = new RecordLinks()

  /** Takes a resource that has its stamp; what lies here already stays as it is. Throws RangeError where it has no id. */
  add(resource: FhirResource, owner: string | undefined): void {
    const { resourceType: type, id } = resource
    if (!id) throw new RangeError(`a ${type} without an id cannot be held`)
    const key = `${type}/${id}`
    if (this.entries.has(key)) return
    this.entries.set(key, { versions: [versionOf(resource)], ...(owner === undefined ? {} : { owner }) })
    if (owner === undefined) addTo(this.shared, type, key)
    else {
      const compartment = this.compartments.get(owner) ?? new Map<string, Set<string>>()
      this.compartments.set(owner, compartment)
      addTo(compartment, type, key)
    }
    this.links.add(resource)
  }
}

interface Laid {
  readonly shelf: Shelf
  readonly patientId: string
  /** When it was loaded, where that is part of a stamp. */
  readonly at: string | undefined
}
const laid = new WeakMap<readonly FhirResource[], Laid>()

/** The shelf of a member's record, loaded at that instant. It belongs to everybody: nothing may be added to it. */
export function shelfOf(record: readonly FhirResource[], patientId: string, now: string): Shelf {
  const known = laid.get(record)
  if (known?.patientId === patientId && (known.at ?? now) === now) return known.shelf
  const shelf = new Shelf()
  for (const resource of record) {
    const kept = stamped(resource, () => now)
    keepJson(kept)
    shelf.add(kept, ownerOf(kept, patientId))
  }
  const at = record.every(({ meta }) => meta?.lastUpdated) ? undefined : now
  laid.set(record, { shelf, patientId, at })
  return shelf
}
