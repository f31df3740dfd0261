/** A searchset written entry by entry: what is known last (total, links) stands last, and no more is held than one entry. */
import type { FhirResource } from '../../harness/person.ts'
import type { PayerState } from '../state/payer-state.ts'

export class BundleWriter {
  readonly #state: PayerState
  readonly #base: string
  /** `Type/id` of what was written, where somebody has to know. */
  readonly keys: string[] | undefined
  #size = 0

  constructor(state: PayerState, remembers: boolean) {
    this.#state = state
    this.#base = `${state.base}/fhir/`
    if (remembers) this.keys = []
  }

  /** Entries so far. */
  get size(): number {
    return this.#size
  }

  head(): string {
    const head = {
      resourceType: 'Bundle',
      id: this.#state.random.uuid(),
      meta: { lastUpdated: this.#state.clock.now().toISOString() },
    }
    return `${JSON.stringify(head).slice(0, -1)},"type":"searchset"`
  }

  entry(resource: FhirResource, mode: 'match' | 'include'): string {
    const key = `${resource.resourceType}/${resource.id}`
    this.keys?.push(key)
    const before = this.#size++ === 0 ? ',"entry":[' : ','
    const fullUrl = JSON.stringify(this.#base + key)
    return `${before}{"fullUrl":${fullUrl},"resource":${JSON.stringify(resource)},"search":{"mode":"${mode}"}}`
  }

  tail(total: number, self: string, next: string | undefined): string {
    const link = [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: next }])]
    return `${this.#size === 0 ? '' : ']'},"total":${total},"link":${JSON.stringify(link)}}`
  }
}
