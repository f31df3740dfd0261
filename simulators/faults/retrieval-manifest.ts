/**
 * Ways to get the manifest of an export wrong: what it says of itself, and what it lists (Bulk Data 2.0.0 export,
 * complete).
 */
import type { Fault } from './fault.ts'
import { type About, fault, type Manifest, reheaded, rewritten, type Spoil } from './spoiling.ts'

/** The manifest, and nothing before it, changed. */
const relisted = (change: (manifest: Manifest, about: About) => object): Spoil =>
  rewritten<Manifest>((body, about) => (Array.isArray(body.output) ? change(body, about) : body))

export const unsoundManifests: readonly Fault[] = [
  fault(
    'export-leaves-provenance-out',
    'An export holds no Provenance',
    'status',
    ['BULK-038', 'BULK-037', 'PDEX-078'],
    relisted((manifest) => ({ ...manifest, output: manifest.output.filter(({ type }) => type !== 'Provenance') })),
  ),
  fault(
    'export-forgets-a-type',
    'An export leaves Procedures out',
    'status',
    ['PDEX-126', 'BULK-033'],
    relisted((manifest) => ({ ...manifest, output: manifest.output.filter(({ type }) => type !== 'Procedure') })),
  ),
  fault(
    'manifest-is-fhir',
    'The manifest comes as application/fhir+json',
    'status',
    ['BULK-058'],
    reheaded(200, { 'content-type': 'application/fhir+json' }),
  ),
  fault(
    'manifest-never-expires',
    'The manifest does not say when it expires',
    'status',
    ['BULK-059'],
    reheaded(200, { expires: null }),
  ),
  fault(
    'manifest-has-expired',
    'The manifest had expired when it came',
    'status',
    ['BULK-059'],
    reheaded(200, { expires: 'Thu, 01 Jan 2015 00:00:00 GMT' }),
  ),
  fault(
    'losses-are-hushed-up',
    'What was passed over is not told in the manifest',
    'status',
    ['BULK-060'],
    relisted((manifest) => ({ ...manifest, error: [] })),
  ),
  fault(
    'manifest-without-errors',
    'The manifest has no list of errors',
    'status',
    ['BULK-070'],
    relisted(({ error: _, ...manifest }) => manifest),
  ),
  fault(
    'manifest-without-time',
    'The manifest does not say of when it is',
    'status',
    ['BULK-070', 'BULK-071'],
    relisted(({ transactionTime: _, ...manifest }) => manifest),
  ),
  fault(
    'manifest-of-a-day',
    'transactionTime is a date',
    'status',
    ['BULK-071'],
    relisted((manifest) => ({ ...manifest, transactionTime: manifest.transactionTime.slice(0, 10) })),
  ),
  fault(
    'manifest-of-long-ago',
    'transactionTime is before changes that are in the files',
    'status',
    ['BULK-071'],
    relisted((manifest) => ({ ...manifest, transactionTime: '2015-01-01T00:00:00.000Z' })),
  ),
  fault(
    'request-is-shortened',
    'The manifest repeats the kick-off without its parameters',
    'status',
    ['BULK-072'],
    relisted((manifest) => ({ ...manifest, request: manifest.request.replace(/\?.*/, '').replace('/Patient/', '/') })),
  ),
  fault(
    'token-flag-is-a-word',
    'requiresAccessToken is a string',
    'status',
    ['BULK-073'],
    relisted((manifest) => ({ ...manifest, requiresAccessToken: 'true' })),
  ),
  fault(
    'token-flag-is-wrong',
    'requiresAccessToken is false though files are not given without a token',
    'status',
    ['BULK-073', 'BULK-080'],
    relisted((manifest) => ({ ...manifest, requiresAccessToken: false })),
  ),
  fault(
    'file-urls-are-relative',
    'The manifest lists relative URLs',
    'status',
    ['BULK-074'],
    relisted((manifest) => ({
      ...manifest,
      output: manifest.output.map((item) => ({ ...item, url: new URL(item.url).pathname })),
    })),
  ),
  fault(
    'counts-are-estimates',
    'The counts of the manifest are one too high',
    'status',
    ['BULK-076'],
    relisted((manifest) => ({
      ...manifest,
      output: manifest.output.map((item) => ({ ...item, count: (item.count ?? 0) + 1 })),
    })),
  ),
  fault(
    'deletions-are-hushed-up',
    'What was deleted since then is not told',
    'status',
    ['BULK-077'],
    relisted(({ deleted: _, ...manifest }) => manifest),
  ),
]
