/** Provenance of this payer's own sending, kept readable for a while: the oldest give way when there are many. */
import type { FhirResource } from '../../harness/person.ts'
import { type Entry, newest, versionOf } from './versions.ts'

/** Targets that are kept, all together. */
const most = 200_000

export class Transmissions {
  readonly #entries = new Map<string, Entry>()
  #targets = 0

  keep(provenance: FhirResource, patientId: string): void {
    const key = `${provenance.resourceType}/${provenance.id}`
    this.#entries.set(key, { versions: [versionOf(provenance)], owner: patientId })
    this.#targets += targetsOf(provenance)
    for (const [oldest, entry] of this.#entries) {
      if (this.#targets <= most) break
      this.#entries.delete(oldest)
      this.#targets -= targetsOf(newest(entry)?.resource)
    }
  }

  /** By `Type/id`. */
  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }
}

const targetsOf = (resource: FhirResource | undefined): number =>
  resource?.resourceType === 'Provenance' ? resource.target.length : 0
