/** Exports that nearly are right: a status, a manifest or a file that is wrong by one line, one count, one member (Bulk Data 2.0). */
import { altered } from '../asked.ts'
import type { Fault } from './fault.ts'
import {
  anotherMember,
  fault,
  type Manifest,
  recast,
  recordsOf,
  reheaded,
  relined,
  rewritten,
  within,
} from './spoiling.ts'

export const subtleExportFaults: readonly Fault[] = [
  fault(
    'retry-after-is-over',
    'Retry-After is a date that has passed',
    'status',
    ['BULK-052'],
    reheaded(202, { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }),
  ),
  fault(
    'manifest-lists-anothers-file',
    'A manifest lists a file that was made for another client',
    'all',
    ['HREX-058'],
    within(/_export\//, (honest, state) => async (request, visit) => {
      if (visit.url.searchParams.has('of')) {
        const answer = await honest(altered(request, { url: visit.url.href.split('?')[0] ?? '' }), visit)
        const strangers = recordsOf(state, anotherMember(state, visit), 'Condition')
        return answer.status === 200
          ? recast(answer, strangers.map((one) => `${JSON.stringify(one)}\n`).join(''))
          : answer
      }
      return rewritten<Manifest>((manifest) => {
        const [first] = manifest.output ?? []
        if (first) manifest.output.push({ type: 'Condition', url: `${first.url}?of=another` })
        return manifest
      })(honest, state)(request, visit)
    }),
  ),
  fault(
    'manifest-counts-wrong',
    'A manifest counts one line more than a file has',
    'status',
    ['BULK-076'],
    rewritten<Manifest>((manifest) => {
      for (const item of manifest.output ?? []) if (item.count !== undefined) item.count++
      return manifest
    }),
  ),
  fault(
    'files-lose-their-last-line',
    'A file ends one line too early',
    'file',
    ['PDEX-126'],
    relined((lines) => lines.slice(0, -1)),
  ),
  fault(
    'files-repeat-a-line',
    'A file has its first line twice',
    'file',
    ['BULK-090'],
    relined((lines) => [...lines.slice(0, 1), ...lines]),
  ),
  fault(
    'files-hold-a-stranger',
    'The file of a type ends with a record of another member',
    'file',
    ['HREX-058'],
    relined((lines, { state, visit }) => {
      const [first] = lines
      const [stranger] = recordsOf(state, anotherMember(state, visit), first?.resourceType ?? '')
      return stranger ? [...lines, stranger] : lines
    }),
  ),
  fault(
    'manifest-is-of-tomorrow',
    'The time of an export is tomorrow',
    'status',
    ['BULK-071'],
    rewritten<Manifest>((manifest, { state }) => ({
      ...manifest,
      transactionTime: new Date(state.clock.now().getTime() + 86_400_000).toISOString(),
    })),
  ),
  fault(
    'manifest-says-another-request',
    'A manifest tells of another request than was made',
    'status',
    ['BULK-072'],
    rewritten<Manifest>((manifest) => ({
      ...manifest,
      request: manifest.request?.replace('/Patient/', '/Group/all/'),
    })),
  ),
  fault(
    'manifest-wants-tokens-in-words',
    'requiresAccessToken is a string',
    'status',
    ['BULK-073'],
    rewritten<Manifest>((manifest) => ({ ...manifest, requiresAccessToken: 'true' })),
  ),
]
