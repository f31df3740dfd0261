/**
 * Records dated otherwise: versions, ETags and instants (FHIR R4 resource#Meta, http#versioning, datatypes#instant).
 */
import { recast } from '../faults/spoiling.ts'
import { always, answers, bodyOf, both, headers, json } from './dressing.ts'
import { nearRecords, nodes, withMeta } from './payload.ts'
import type { Dress, Variant } from './variant.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Instants written in another way, wherever they stand. */
const instants = (write: (text: string) => string): Dress =>
  nodes((node) =>
    Object.fromEntries(
      Object.entries(node).map(([name, value]) => [
        name,
        typeof value === 'string' && instant.test(value) ? write(value) : value,
      ]),
    ),
  )

/** The same moment by a clock so many hours from Greenwich. */
const at =
  (hours: number) =>
  (text: string): string => {
    const zone = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`
    return new Date(Date.parse(text) + hours * 3_600_000).toISOString().replace('.000', '').replace('Z', zone)
  }

export const versionVariants: readonly Variant[] = [
  {
    id: 'no-versions',
    title: 'Records have no versionId, and reads no ETag',
    source: 'FHIR R4 resource#Meta: versionId 0..1; http#versioning',
    dress: both(
      withMeta(({ versionId: _, ...meta }) => meta),
      headers('all', () => ({ etag: null })),
      ...(['vread', 'history'] as const).map((row) => always(row, () => new Response(null, { status: 404 }))),
      json<{ rest?: { resource?: { interaction?: { code: string }[] }[] }[] }>('metadata', (statement) => ({
        ...statement,
        rest: (statement.rest ?? []).map((rest) => ({
          ...rest,
          resource: (rest.resource ?? []).map((type) => ({
            ...type,
            versioning: 'no-version',
            interaction: (type.interaction ?? []).filter(({ code }) => code !== 'vread' && code !== 'history-instance'),
          })),
        })),
      })),
    ),
    touches: [...nearRecords, 'PDEX-032', 'PDEX-033', 'PDEX-034', 'PDEX-035', 'CORE-012', 'PDEX-004', 'PDEX-387'],
    mayWarn: ['CORE-020'],
  },
  {
    id: 'strong-etags',
    title: 'ETags are strong',
    source: 'RFC 9110 §8.8.3; FHIR R4 http#versioning: SHOULD be weak',
    dress: answers('all', async (answer) => {
      const etag = answer.headers.get('etag')
      return etag?.startsWith('W/') ? recast(answer, await bodyOf(answer), { etag: etag.slice(2) }) : answer
    }),
    touches: ['CORE-011', 'CORE-012', 'PDEX-329'],
  },
  {
    id: 'reads-without-headers',
    title: 'Reads have neither ETag nor Last-Modified',
    source: 'FHIR R4 http#read: SHOULD',
    dress: headers('all', () => ({ etag: null, 'last-modified': null })),
    touches: ['CORE-011', 'CORE-012', 'PDEX-329'],
    mayWarn: ['CORE-011', 'PDEX-329'],
  },
  {
    id: 'instants-east',
    title: 'Instants are told by a clock east of Greenwich',
    source: 'FHIR R4 datatypes#instant, #dateTime: any offset',
    dress: instants(at(9)),
    touches: [...nearRecords, 'CORE-042', 'PDEX-354', 'BULK-031'],
  },
  {
    id: 'instants-west',
    title: 'Instants are told by a clock west of Greenwich',
    source: 'FHIR R4 datatypes#instant, #dateTime: any offset',
    dress: instants(at(-8)),
    touches: [...nearRecords, 'CORE-042', 'PDEX-354', 'BULK-031'],
  },
  {
    id: 'instants-to-the-microsecond',
    title: 'Instants have six digits of a second',
    source: 'FHIR R4 datatypes#instant: any number of digits',
    dress: instants((text) => text.replace(/(\.\d+)?Z$/, (_, fraction = '.000') => `${fraction}000Z`)),
    touches: [...nearRecords, 'CORE-042', 'PDEX-354', 'BULK-031'],
  },
  {
    id: 'instants-with-zero-offset',
    title: 'Greenwich is written +00:00',
    source: 'FHIR R4 datatypes#instant',
    dress: instants((text) => text.replace('Z', '+00:00')),
    touches: nearRecords,
  },
]
