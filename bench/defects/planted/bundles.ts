/** Bundles: fullUrls, requests, totals, documents, references within. */
import { bundleReference, compositionOf, inBundle } from './kit.ts'
import type { Json, Plant } from './spots.ts'

export const bundles: Readonly<Record<string, Plant>> = {
  'reference that nothing in the document answers': inBundle(
    'document',
    (bundle, entries) => {
      bundle.identifier = { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:7d0a4c1e-0b1f-4a3e-8a55-1c2d3e4f5a6b' }
      bundle.timestamp = '2026-01-02T03:04:05Z'
      entries.unshift({ fullUrl: 'urn:uuid:0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9', resource: compositionOf(entries) })
      return bundleReference(entries[2]?.resource as Json)
    },
    ['bundle-reference', 'reference-unresolved'],
  ),
  'fullUrl given twice': inBundle(
    'collection',
    (_bundle, entries) => {
      entries.push({ ...(entries[1] as Json) })
      return ['Bundle', 'Bundle.entry', 'Bundle.entry[2]', 'Bundle.entry[2].fullUrl', 'Bundle.entry[1]']
    },
    ['bundle-duplicate', 'bdl-7'],
  ),
  'fullUrl of another id': inBundle(
    'collection',
    (_bundle, [, second]) => {
      ;(second as Json).fullUrl = 'https://payer.example/fhir/Patient/other'
      return ['Bundle.entry[1]', 'Bundle.entry[1].fullUrl', 'Bundle.entry[1].resource', 'Bundle.entry[1].resource.id']
    },
    ['bundle-full-url'],
  ),
  'transaction without requests': inBundle(
    'transaction',
    () => ['Bundle', 'Bundle.entry[0]', 'Bundle.entry[1]', 'Bundle.entry[0].request', 'Bundle.entry[1].request'],
    ['bdl-3', 'bundle-request'],
  ),
  'total where no search was': inBundle(
    'collection',
    (bundle) => {
      bundle.total = 2
      return ['Bundle', 'Bundle.total']
    },
    ['bdl-1'],
  ),
  'search mode where no search was': inBundle(
    'collection',
    (_bundle, [, second]) => {
      ;(second as Json).search = { mode: 'match' }
      return ['Bundle', 'Bundle.entry[1]', 'Bundle.entry[1].search']
    },
    ['bdl-2', 'bundle-search'],
  ),
  'document without Composition': inBundle(
    'document',
    () => ['Bundle', 'Bundle.entry[0]', 'Bundle.entry[0].resource', 'Bundle.identifier', 'Bundle.timestamp'],
    ['bdl-9', 'bdl-10', 'bdl-11', 'bundle-first-entry'],
  ),
}
