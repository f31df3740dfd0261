/**
 * The health records that a payer holds: every version of every resource, by type and by member. Organizations,
 * practitioners, locations and the like belong to nobody and are reached by reference; a member whose record is too large
 * to hold is supplied by a source that is read as it streams.
 */
import type { Organization } from 'fhir/r4.js'
import type { Clock } from '../../harness/clock.ts'
import type { FhirResource } from '../../harness/person.ts'
import type { RecordLinks } from './record-links.ts'
import { ownerOf, Shelf, sharedTypes, shelfOf } from './shelf.ts'
import { Transmissions } from './transmissions.ts'
import { type Entry, type Held, newest, nextVersion, stamped, type Version, versionOf } from './versions.ts'

export { sharedTypes }

/** A record that is produced as it is read. Both must tell the same; the order is stable, the Patient comes first. */
export interface RecordSource {
  readonly resources: (types?: ReadonlySet<string>) => Iterable<FhirResource> | AsyncIterable<FhirResource>
  readonly read: (type: string, id: string) => FhirResource | undefined
}

const keyOf = (type: string, id: string): string => `${type}/${id}`

export class Records {
  readonly #clock: Clock
  /** Whole records, in the order of loading, as other worlds look at them too; what changes in them changes in our own. */
  readonly #loaded: Shelf[] = []
  readonly #own = new Shelf()
  readonly #sources = new Map<string, RecordSource>()
  /** Provenance of our own sending: readable, but no part of the record that is sent. */
  readonly #transmissions = new Transmissions()
  #changes = 0
  readonly #now = (): string => this.#clock.now().toISOString()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How often what is here has changed: what was worked out at the same number still holds. */
  get changes(): number {
    return this.#changes
  }

  /** Takes a member's record. What is shared goes to everybody's; what is here already stays as it is. */
  load(patientId: string, resources: readonly FhirResource[]): void {
    this.#changes++
    const shelf = shelfOf(resources, patientId, this.#now())
    if (this.#fits(shelf)) this.#loaded.push(shelf)
    else for (const resource of resources) this.#add(resource, ownerOf(resource, patientId))
  }

  /** Takes resources that belong to nobody. */
  share(resources: Iterable<FhirResource>): void {
    this.#changes++
    for (const resource of resources) this.#add(resource, undefined)
  }

  /** Has a member's record read from a source, beside what was loaded. */
  supply(patientId: string, source: RecordSource): void {
    this.#changes++
    this.#sources.set(patientId, source)
  }

  /** The newest version; undefined when there is none or it was deleted. */
  read(type: string, id: string): FhirResource | undefined {
    return this.held(keyOf(type, id))?.resource
  }

  /** The newest version under a `Type/id` and whose it is, in one look: a source may have to produce it each time. */
  held(key: string): Held | undefined {
    const entry = this.#entry(key)
    if (entry) {
      const resource = newest(entry)?.resource
      return resource && { resource, owner: entry.owner }
    }
    if (this.#sources.size === 0) return undefined
    const slash = key.indexOf('/')
    const [type, id] = [key.slice(0, slash), key.slice(slash + 1)]
    for (const [patientId, source] of this.#sources) {
      const resource = source.read(type, id)
      if (resource)
        return { resource: stamped(resource, this.#now), owner: sharedTypes.has(type) ? undefined : patientId }
    }
    return undefined
  }

  /** Every version, oldest first; empty for what never was. */
  versions(type: string, id: string): readonly Version[] {
    const entry = this.#entry(keyOf(type, id))
    if (entry) return entry.versions
    const resource = this.read(type, id)
    return resource ? [versionOf(resource)] : []
  }

  /** Logical id of the Patient whose record it is; undefined for what is shared or unknown. */
  owner(type: string, id: string): string | undefined {
    const entry = this.#entry(keyOf(type, id))
    if (entry) return entry.owner
    if (sharedTypes.has(type)) return undefined
    for (const [patientId, source] of this.#sources) if (source.read(type, id)) return patientId
    return undefined
  }

  /** Is this a member of ours? */
  holds(patientId: string): boolean {
    return this.#compartments(patientId).length > 0 || this.#sources.has(patientId)
  }

  /** Logical ids of the members whose records are here. */
  *patients(): Generator<string> {
    yield* new Set([...this.#shelves.flatMap(({ compartments }) => [...compartments.keys()]), ...this.#sources.keys()])
  }

  /** The member's own resources, Patient first; documents' content (Binary) is reached through its document only. */
  *compartment(patientId: string, types?: ReadonlySet<string>): Generator<FhirResource> {
    const compartments = this.#compartments(patientId)
    const present = new Set(['Patient', ...compartments.flatMap((compartment) => [...compartment.keys()])])
    for (const type of present) {
      if (type === 'Binary' || (types && !types.has(type))) continue
      for (const compartment of compartments)
        for (const key of compartment.get(type) ?? []) {
          const resource = newest(this.#found(key))?.resource
          if (resource) yield resource
        }
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
    for (const resource of supplied) if (this.#adds(resource, types)) yield stamped(resource, this.#now)
  }

  async *#bothAwaited(
    patientId: string,
    supplied: AsyncIterable<FhirResource>,
    types?: ReadonlySet<string>,
  ): AsyncGenerator<FhirResource> {
    yield* this.compartment(patientId, types)
    for await (const resource of supplied) if (this.#adds(resource, types)) yield stamped(resource, this.#now)
  }

  /** Is it the member's own, asked for, and not held already? */
  #adds({ resourceType: type, id = '' }: FhirResource, types: ReadonlySet<string> | undefined): boolean {
    if (sharedTypes.has(type) || type === 'Binary' || (types && !types.has(type))) return false
    return !this.#found(keyOf(type, id))
  }

  /** What belongs to nobody. */
  shared(type: string): Iterable<FhirResource> {
    return this.#newest(new Set(this.#shelves.flatMap(({ shared }) => [...(shared.get(type) ?? [])])))
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
    return this.#linked((links) => links.provenanceOf(type, id))
  }

  /** True when a source supplies that member: an index of its Provenance is then nowhere. */
  isSupplied(patientId: string): boolean {
    return this.#sources.has(patientId)
  }

  /** The documents and reports whose content is that Binary. */
  attaching(binaryId: string): Iterable<FhirResource> {
    return this.#linked((links) => links.attaching(binaryId))
  }

  /** The claims and prior authorizations that name it among their supporting documents. */
  supportedBy(type: string, id: string): Iterable<FhirResource> {
    return this.#linked((links) => links.supportedBy(type, id))
  }

  /** What was deleted in the member's record after that instant, as it last was, oldest first. */
  removedSince(patientId: string, instant: number): FhirResource[] {
    const removed: { last: FhirResource; at: number }[] = []
    for (const keys of this.#compartments(patientId).flatMap((compartment) => [...compartment.values()])) {
      for (const key of keys) {
        const versions = this.#found(key)?.versions ?? []
        const last = versions.findLast((version) => version.resource)?.resource
        const at = Date.parse(versions.at(-1)?.lastUpdated ?? '')
        if (last && !versions.at(-1)?.resource && at > instant) removed.push({ last, at })
      }
    }
    return removed.sort((a, b) => a.at - b.at).map(({ last }) => last)
  }

  /** Takes a new version and stamps it. Throws RangeError for what is not here. */
  update(resource: FhirResource): FhirResource {
    const { resourceType: type, id = '' } = resource
    const entry = this.#changing(keyOf(type, id))
    if (!entry) throw new RangeError(`there is no ${type} to update`)
    const lastUpdated = this.#now()
    const updated = { ...resource, meta: { ...resource.meta, versionId: nextVersion(entry), lastUpdated } }
    entry.versions.push(versionOf(updated))
    this.#own.links.add(updated)
    return updated
  }

  /** Deletes it: a read answers 410 from now on. Throws RangeError for what is not here. */
  remove(type: string, id: string): void {
    const entry = this.#changing(keyOf(type, id))
    if (!entry) throw new RangeError(`there is no ${type} to delete`)
    entry.versions.push({ versionId: nextVersion(entry), lastUpdated: this.#now() })
  }

  /** Keeps a Provenance of our own sending readable; the oldest give way when there are many. */
  transmitted(provenance: FhirResource, patientId: string): FhirResource {
    const kept = stamped(provenance, this.#now)
    this.#transmissions.keep(kept, patientId)
    return kept
  }

  get #shelves(): Shelf[] {
    return [...this.#loaded, this.#own]
  }

  /** Can it stand beside what is here? Not when a member's resource is here already, and not when there are many. */
  #fits(shelf: Shelf): boolean {
    if (this.#loaded.length === 0 && this.#own.entries.size === 0) return true
    if (this.#loaded.length >= mostShelves) return false
    for (const [key, { owner }] of shelf.entries) if (owner !== undefined && this.#found(key)) return false
    return true
  }

  #add(resource: FhirResource, owner: string | undefined): void {
    const { resourceType: type, id = '' } = resource
    if (!this.#found(keyOf(type, id))) this.#own.add(stamped(resource, this.#now), owner)
  }

  #found(key: string): Entry | undefined {
    const own = this.#own.entries.get(key)
    if (own) return own
    for (const { entries } of this.#loaded) {
      const entry = entries.get(key)
      if (entry) return entry
    }
    return undefined
  }

  #entry(key: string): Entry | undefined {
    return this.#found(key) ?? this.#transmissions.get(key)
  }

  #compartments(patientId: string): ReadonlyMap<string, Set<string>>[] {
    return this.#shelves.flatMap(({ compartments }) => compartments.get(patientId) ?? [])
  }

  /** Those of the held that are not deleted. */
  *#newest(keys: Iterable<string>): Generator<FhirResource> {
    for (const key of keys) {
      const resource = newest(this.#found(key))?.resource
      if (resource) yield resource
    }
  }

  /** What tells of something. What was changed since it was loaded tells what it says now. */
  *#linked(keys: (links: RecordLinks) => Iterable<string>): Generator<FhirResource> {
    for (const { links } of this.#loaded)
      for (const key of keys(links)) if (!this.#own.entries.has(key)) yield* this.#newest([key])
    yield* this.#newest(keys(this.#own.links))
  }

  /** The entry, our own from now on and without what it told of. */
  #changing(key: string): Entry | undefined {
    this.#changes++
    const entry = this.#found(key)
    if (!entry) return undefined
    const own: Entry = this.#own.entries.get(key) ?? { ...entry, versions: [...entry.versions] }
    this.#own.entries.set(key, own)
    const resource = newest(own)?.resource
    if (resource) this.#own.links.remove(resource)
    return own
  }
}

/** More records than a scenario has members: a population lies on one shelf, for each one more has to be looked through. */
const mostShelves = 8
