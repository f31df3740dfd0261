/** References inside a resource: which there are, and what they point at. */
import type { Attachment } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'

const literal = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]+)?$/

/** Most references are keys already; a text that is handed on as it is need not be made, nor hashed again. */
const plain = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/

/** `Type/id` of a literal reference of any form (relative, absolute, versioned); undefined for contained and other ones. */
export const keyOfReference = (reference: string | undefined): string | undefined => {
  if (!reference || reference.startsWith('#')) return undefined
  if (plain.test(reference)) return reference
  const found = literal.exec(reference)
  return found ? `${found[1]}/${found[2]}` : undefined
}

const known = new WeakMap<object, string[]>()

/**
 * Every `Type/id` that a value points at, each once, in order of appearance; extensions and contained ones too. A resource
 * is read once: the same one is loaded into every scenario's world.
 */
export function literalReferences(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  const references = known.get(value) ?? readReferences(value)
  known.set(value, references)
  return references
}

function readReferences(value: object): string[] {
  const found: string[] = []
  gather(value, found)
  return found.length > 1 ? [...new Set(found)] : found
}

function gather(value: object, found: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) gather(item, found)
    return
  }
  // What comes from JSON inherits nothing.
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name]
    if (typeof inner === 'object') {
      if (inner !== null) gather(inner, found)
    } else if (name === 'reference' && typeof inner === 'string') {
      const key = keyOfReference(inner)
      if (key) found.push(key)
    }
  }
}

const none: readonly Attachment[] = []

/** Attachments of the types that carry documents. */
export function attachments(resource: FhirResource): readonly Attachment[] {
  switch (resource.resourceType) {
    case 'DocumentReference':
      return (resource.content ?? []).map(({ attachment }) => attachment)
    case 'DiagnosticReport':
      return resource.presentedForm ?? none
    case 'Consent':
      return resource.sourceAttachment ? [resource.sourceAttachment] : none
    case 'ExplanationOfBenefit': {
      const info = resource.supportingInfo?.filter(({ valueAttachment }) => valueAttachment)
      return info?.length ? info.map(({ valueAttachment }) => valueAttachment as Attachment) : none
    }
    default:
      return none
  }
}
