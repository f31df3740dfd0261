/** Which records tell of which: Provenance of its targets, documents of their content, claims of what supports them. */
import type { FhirResource } from '../../harness/person.ts'
import { attachments, literalReferences } from '../search/references.ts'

/** Keys are `Type/id`, and come in the order in which they were added. */
export class RecordLinks {
  /** Key of a target -> keys of the Provenance about it. */
  readonly #provenance = new Map<string, Set<string>>()
  /** Id of a Binary -> keys of what attaches it. */
  readonly #attached = new Map<string, Set<string>>()
  /** Key of a document -> keys of the ExplanationOfBenefit that it supports. */
  readonly #supporting = new Map<string, Set<string>>()
  /** Types of those documents: most of a large record is of others. */
  readonly #supportingTypes = new Set<string>()

  add(resource: FhirResource): void {
    const key = keyOf(resource)
    if (resource.resourceType === 'Provenance')
      for (const target of literalReferences(resource.target)) addTo(this.#provenance, target, key)
    if (resource.resourceType === 'ExplanationOfBenefit')
      for (const document of literalReferences(resource.supportingInfo)) {
        addTo(this.#supporting, document, key)
        this.#supportingTypes.add(document.slice(0, document.indexOf('/')))
      }
    for (const { url } of attachments(resource)) {
      const binary = /(?:^|\/)Binary\/([A-Za-z0-9.-]+)/.exec(url ?? '')?.[1]
      if (binary) addTo(this.#attached, binary, key)
    }
  }

  remove(resource: FhirResource): void {
    const key = keyOf(resource)
    if (resource.resourceType === 'Provenance')
      for (const target of literalReferences(resource.target)) this.#provenance.get(target)?.delete(key)
    for (const keys of attachments(resource).length ? this.#attached.values() : []) keys.delete(key)
  }

  provenanceOf(type: string, id: string): Iterable<string> {
    return this.#provenance.get(`${type}/${id}`) ?? []
  }

  attaching(binaryId: string): Iterable<string> {
    return this.#attached.get(binaryId) ?? []
  }

  supportedBy(type: string, id: string): Iterable<string> {
    return this.#supportingTypes.has(type) ? (this.#supporting.get(`${type}/${id}`) ?? []) : []
  }
}

const keyOf = ({ resourceType, id = '' }: FhirResource): string => `${resourceType}/${id}`

/** Adds a key to the set of that name, which begins with its first. */
export const addTo = (index: Map<string, Set<string>>, name: string, key: string): void => {
  const keys = index.get(name)
  if (keys) keys.add(key)
  else index.set(name, new Set([key]))
}
