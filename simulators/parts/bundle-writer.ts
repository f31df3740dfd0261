/** Bundles as answers. A searchset is written entry by entry: what is known last (total, links) stands last, and no more is held than one entry. */
import type { Bundle } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { Said } from '../said.ts'
import { jsonOf } from '../state/json-of.ts'
import type { PayerState } from '../state/payer-state.ts'

/** As it stands between the quotes of JSON. */
const within = (text: string): string => JSON.stringify(text).slice(1, -1)
const plain = /^[\w./-]+$/

export class BundleWriter {
  readonly #state: PayerState
  readonly #base: string
  /** `Type/id` of what was written, where somebody has to know. */
  readonly keys: string[] | undefined
  #size = 0

  constructor(state: PayerState, remembers: boolean) {
    this.#state = state
    this.#base = within(`${state.base}/fhir/`)
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

  entry(resource: FhirResource, mode: 'match' | 'include', key = `${resource.resourceType}/${resource.id}`): string {
    this.keys?.push(key)
    const before = this.#size++ === 0 ? ',"entry":[' : ','
    const place = plain.test(key) ? key : within(key)
    return `${before}{"fullUrl":"${this.#base}${place}","resource":${jsonOf(resource)},"search":{"mode":"${mode}"}}`
  }

  tail(total: number, self: string, next: string | undefined): string {
    const link = [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: next }])]
    return `${this.#size === 0 ? '' : ']'},"total":${total},"link":${JSON.stringify(link)}}`
  }
}

/** A Bundle that is at hand as an answer. */
export function bundleAnswer({ entry, ...head }: Bundle): Response {
  const text = JSON.stringify(head)
  const entries = entry?.map(({ fullUrl, resource, ...rest }) => {
    const what = resource ? `,"resource":${jsonOf(resource)}` : ''
    return `{"fullUrl":${JSON.stringify(fullUrl)}${what},${JSON.stringify(rest).slice(1)}`
  })
  return new Said(entries ? `${text.slice(0, -1)},"entry":[${entries.join(',')}]}` : text, {
    headers: { 'content-type': 'application/fhir+json; charset=utf-8' },
  })
}
