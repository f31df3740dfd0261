/**
 * The health records that a payer holds: every version of every resource, by type and by member. Organizations,
 * practitioners, locations and the like belong to nobody and are reached by reference; a member whose record is too large
 * to hold is supplied by a source that is read as it streams.
 */
import type { Organization } from 'fhir/r4.js'
import type { Clock } from '../../harness/clock.ts'
import type { FhirResource } from '../../harness/person.ts'
import { addTo, RecordLinks } from './record-links.ts'
import { Transmissions } from './transmissions.ts'
import { type Entry, newest, nextVersion, type Version, versionOf } from './versions.ts'

/** A record that is produced as it is read. Both must tell the same; the order is stable, the Patient comes first. */
export interface RecordSource {
  readonly resources: (types?: ReadonlySet<string>) => Iterable<FhirResource> | AsyncIterable<FhirResource>
  readonly read: (type: string, id: string) => FhirResource | undefined
}

/** A resource as it is now, and the logical id of the Patient whose record it is in; none for what is shared. */
export interface Held {
  readonly resource: FhirResource
  readonly owner: string | undefined
}

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

const keyOf = (type: string, id: string): string => `${type}/${id}`

export class Records {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  /** Patient id -> type -> keys, in the order of loading. */
  readonly #compartments = new Map<string, Map<string, Set<string>>>()
  readonly #shared = new Map<string, Set<string>>()
  readonly #sources = new Map<string, RecordSource>()
  readonly #links = new RecordLinks()
  /** Provenance of our own sending: readable, but no part of the record that is sent. */
  readonly #transmissions = new Transmissions()
  #revision = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts changes: whoever derives something from the records derives it again when this differs. */
  get revision(): number {
    return this.#revision
  }

  /** Takes a member's record. What is shared goes to everybody's; what is here already stays as it is. */
  load(patientId: string, resources: Iterable<FhirResource>): void {
    for (const resource of resources)
      this.#add(resource, sharedTypes.has(resource.resourceType) ? undefined : patientId)
    this.#revision++
  }

  /** Takes resources that belong to nobody. */
  share(resources: Iterable<FhirResource>): void {
    for (const resource of resources) this.#add(resource, undefined)
    this.#revision++
  }

  /** Has a member's record read from a source, beside what was loaded. */
  supply(patientId: string, source: RecordSource): void {
    this.#sources.set(patientId, source)
    this.#revision++
  }

  /** The newest version; undefined when there is none or it was deleted. */
  read(type: string, id: string): FhirResource | undefined {
    return this.held(keyOf(type, id))?.resource
  }

  /** The newest version under a `Type/id` and whose it is, in one look: a source may have to produce it each time. */
  held(key: string): Held | undefined {
    const entry = this.#entries.get(key) ?? this.#transmissions.get(key)
    if (entry) {
      const resource = newest(entry)?.resource
      return resource && { resource, owner: entry.owner }
    }
    if (this.#sources.size === 0) return undefined
    const slash = key.indexOf('/')
    const [type, id] = [key.slice(0, slash), key.slice(slash + 1)]
    for (const [patientId, source] of this.#sources) {
      const resource = source.read(type, id)
      if (resource) return { resource: this.#stamped(resource), owner: sharedTypes.has(type) ? undefined : patientId }
    }
    return undefined
  }

  /** Every version, oldest first; empty for what never was. */
  versions(type: string, id: string): readonly Version[] {
    const entry = this.#entry(type, id)
    if (entry) return entry.versions
    const resource = this.read(type, id)
    return resource ? [versionOf(resource)] : []
  }

  /** Logical id of the Patient whose record it is; undefined for what is shared or unknown. */
  owner(type: string, id: string): string | undefined {
    const entry = this.#entry(type, id)
    if (entry) return entry.owner
    if (sharedTypes.has(type)) return undefined
    for (const [patientId, source] of this.#sources) if (source.read(type, id)) return patientId
    return undefined
  }

  /** Is this a member of ours? */
  holds(patientId: string): boolean {
    return this.#compartments.has(patientId) || this.#sources.has(patientId)
  }

  /** Logical ids of the members whose records are here. */
  *patients(): Generator<string> {
    yield* new Set([...this.#compartments.keys(), ...this.#sources.keys()])
  }

  /** The member's own resources, Patient first; documents' content (Binary) is reached through its document only. */
  *compartment(patientId: string, types?: ReadonlySet<string>): Generator<FhirResource> {
    const compartment = this.#compartments.get(patientId)
    const present = compartment ? [...compartment.keys()] : []
    for (const type of ['Patient', ...present.filter((t) => t !== 'Patient' && t !== 'Binary')]) {
      if (types && !types.has(type)) continue
      yield* this.#newest(compartment?.get(type) ?? [])
    }
  }

  /** The same with what a source supplies, one at a time. */
  stream(patientId: string, types?: ReadonlySet<string>): Iterable<FhirResource> | AsyncIterable<FhirResource> {
    const source = this.#sources.get(patientId)
    if (!source) return this.compartment(patientId, types)
    const supplied = source.resources(types)
    // Waiting for what is at hand takes longer than producing it.
    return Symbol.iterator in supplied
      ? this.#both(patientId, supplied, types)
      : this.#bothAwaited(patientId, supplied, types)
  }

  *#both(patientId: string, supplied: Iterable<FhirResource>, types?: ReadonlySet<string>): Generator<FhirResource> {
    yield* this.compartment(patientId, types)
    for (const resource of supplied) if (this.#adds(resource, types)) yield this.#stamped(resource)
  }

  async *#bothAwaited(
    patientId: string,
    supplied: AsyncIterable<FhirResource>,
    types?: ReadonlySet<string>,
  ): AsyncGenerator<FhirResource> {
    yield* this.compartment(patientId, types)
    for await (const resource of supplied) if (this.#adds(resource, types)) yield this.#stamped(resource)
  }

  /** Is it the member's own, asked for, and not held already? */
  #adds({ resourceType: type, id = '' }: FhirResource, types: ReadonlySet<string> | undefined): boolean {
    if (sharedTypes.has(type) || type === 'Binary' || (types && !types.has(type))) return false
    return !this.#entries.has(keyOf(type, id))
  }

  /** What belongs to nobody. */
  shared(type: string): Iterable<FhirResource> {
    return this.#newest(this.#shared.get(type) ?? [])
  }

  /** The Organization that carries that identifier. */
  organizationOf({ system, value }: { readonly system: string; readonly value: string }): Organization | undefined {
    for (const organization of this.shared('Organization'))
      if (
        organization.resourceType === 'Organization' &&
        organization.identifier?.some((i) => i.system === system && i.value === value)
      )
        return organization
    return undefined
  }

  /** The Provenance about it. */
  provenanceOf(type: string, id: string): Iterable<FhirResource> {
    return this.#newest(this.#links.provenanceOf(type, id))
  }

  /** True when a source supplies that member: an index of its Provenance is then nowhere. */
  isSupplied(patientId: string): boolean {
    return this.#sources.has(patientId)
  }

  /** The documents and reports whose content is that Binary. */
  attaching(binaryId: string): Iterable<FhirResource> {
    return this.#newest(this.#links.attaching(binaryId))
  }

  /** The claims and prior authorizations that name it among their supporting documents. */
  supportedBy(type: string, id: string): Iterable<FhirResource> {
    return this.#newest(this.#links.supportedBy(type, id))
  }

  /** What was deleted in the member's record after that instant, as it last was, oldest first. */
  removedSince(patientId: string, instant: number): FhirResource[] {
    const removed: { last: FhirResource; at: number }[] = []
    for (const keys of this.#compartments.get(patientId)?.values() ?? []) {
      for (const key of keys) {
        const versions = this.#entries.get(key)?.versions ?? []
        const last = versions.findLast((version) => version.resource)?.resource
        const at = Date.parse(versions.at(-1)?.lastUpdated ?? '')
        if (last && !versions.at(-1)?.resource && at > instant) removed.push({ last, at })
      }
    }
    return removed.sort((a, b) => a.at - b.at).map(({ last }) => last)
  }

  /** Takes a new version and stamps it. Throws RangeError for what is not here. */
  update(resource: FhirResource): FhirResource {
    const { resourceType: type, id } = resource
    const entry = this.#entries.get(keyOf(type, id ?? ''))
    if (!entry) throw new RangeError(`there is no ${type} to update`)
    const updated = this.#next(entry, resource)
    this.#forget(entry)
    entry.versions.push(versionOf(updated))
    this.#links.add(updated)
    this.#revision++
    return updated
  }

  /** Deletes it: a read answers 410 from now on. Throws RangeError for what is not here. */
  remove(type: string, id: string): void {
    const entry = this.#entries.get(keyOf(type, id))
    if (!entry) throw new RangeError(`there is no ${type} to delete`)
    this.#forget(entry)
    entry.versions.push({ versionId: nextVersion(entry), lastUpdated: this.#clock.now().toISOString() })
    this.#revision++
  }

  /** Keeps a Provenance of our own sending readable; the oldest give way when there are many. */
  transmitted(provenance: FhirResource, patientId: string): FhirResource {
    const stamped = this.#stamped(provenance)
    this.#transmissions.keep(stamped, patientId)
    return stamped
  }

  #entry(type: string, id: string): Entry | undefined {
    const key = keyOf(type, id)
    return this.#entries.get(key) ?? this.#transmissions.get(key)
  }

  #add(resource: FhirResource, owner: string | undefined): void {
    const stamped = this.#stamped(resource)
    const { resourceType: type, id } = stamped
    if (!id) throw new RangeError(`a ${type} without an id cannot be held`)
    const key = keyOf(type, id)
    if (this.#entries.has(key)) return
    this.#entries.set(key, { versions: [versionOf(stamped)], ...(owner === undefined ? {} : { owner }) })
    if (owner === undefined) addTo(this.#shared, type, key)
    else {
      const compartment = this.#compartments.get(owner) ?? new Map<string, Set<string>>()
      this.#compartments.set(owner, compartment)
      addTo(compartment, type, key)
    }
    this.#links.add(stamped)
  }

  /** Those of the held that are not deleted. */
  *#newest(keys: Iterable<string>): Generator<FhirResource> {
    for (const key of keys) {
      const resource = newest(this.#entries.get(key))?.resource
      if (resource) yield resource
    }
  }

  #forget(entry: Entry): void {
    const resource = newest(entry)?.resource
    if (resource) this.#links.remove(resource)
  }

  #next(entry: Entry, resource: FhirResource): FhirResource {
    const lastUpdated = this.#clock.now().toISOString()
    return { ...resource, meta: { ...resource.meta, versionId: nextVersion(entry), lastUpdated } }
  }

  /** versionId and lastUpdated are always there. */
  #stamped(resource: FhirResource): FhirResource {
    const { meta } = resource
    if (meta?.versionId && meta.lastUpdated) return resource
    const lastUpdated = meta?.lastUpdated ?? this.#clock.now().toISOString()
    const known = stamps.get(resource)
    if (known?.meta?.lastUpdated === lastUpdated) return known
    const stamped = { ...resource, meta: { ...meta, versionId: meta?.versionId ?? '1', lastUpdated } }
    stamps.set(resource, stamped)
    return stamped
  }
}

/** A resource and its latest stamp: scenarios load the same people at the same instant, and much is remembered by resource. */
const stamps = new WeakMap<FhirResource, FhirResource>()
