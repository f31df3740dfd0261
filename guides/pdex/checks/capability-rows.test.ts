/** A row of the capability table: declared or not, tried or not, true or not. */
import { expect, it } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import { declaring, searched } from '../../told/searches.ts'
import { base, outcome, sceneOf, searchset, type Told, told, transcriptOf } from '../../told/told.ts'
import { capabilityRows, searchesOf } from '../capability-table.ts'
import { capabilityChecksOf, capabilityRowChecks } from './capability-rows.ts'

type Step = Omit<Exchange, 'id'>
const editions = { pdex: '2.2.0', 'us-core': '6.1.0' }
const goal = { resourceType: 'Goal', id: 'g', subject: { reference: 'Patient/ana' }, lifecycleStatus: 'active' }
const done = { ...goal, id: 'h', lifecycleStatus: 'completed' }

const metadata = (interactions: readonly string[], params: readonly string[]): Step =>
  declaring({
    type: 'Goal',
    interaction: interactions.map((code) => ({ code })),
    searchParam: params.map((name) => ({ name })),
  })
const search = (query: string, found: readonly object[], more: Told = {}): Step =>
  searched(`Goal?${query}`, found, more)
const read = told('read', 'Goal/g', { answer: goal })
const unknown = told('read', 'Goal/none', { status: 404, answer: outcome(), intent: { mistake: 'unknown-id' } })
const version = { ...goal, meta: { versionId: '1' } }
const versions = [
  told('vread', 'Goal/g/_history/1', { answer: version }),
  told('history', 'Goal/g/_history', {
    answer: { resourceType: 'Bundle', type: 'history', entry: [{ fullUrl: `${base}/Goal/g`, resource: version }] },
  }),
]
const plain = metadata(['read', 'search-type', 'vread', 'history-instance'], ['patient', 'lifecycle-status'])
const all = search('patient=ana', [goal, done])
const active = search('patient=ana&lifecycle-status=active', [goal], { intent: { seed: 'Goal/g' } })

it.each<[string, string, string, readonly Step[]]>([
  ['offered and working', 'PDEX-402', 'pass', [plain, all, read, unknown]],
  ['not declared', 'PDEX-402', 'fail', [metadata(['search-type'], ['patient']), all, read]],
  ['the parameter is not declared', 'PDEX-402', 'fail', [metadata(['read', 'search-type'], []), all, read]],
  ['not tried', 'PDEX-402', 'skip', [plain, all]],
  [
    'the search is refused',
    'PDEX-402',
    'fail',
    [plain, search('patient=ana', [], { status: 400, answer: outcome() }), read],
  ],
  ['the read is of something else', 'PDEX-402', 'fail', [plain, all, told('read', 'Goal/g', { answer: done })]],
  [
    'an unknown id is 200',
    'PDEX-402',
    'fail',
    [plain, all, read, told('read', 'Goal/none', { answer: goal, intent: { mistake: 'unknown-id' } })],
  ],
  [
    'an unknown id is 404 without a word',
    'PDEX-402',
    'pass',
    [plain, all, read, told('read', 'Goal/none', { status: 404, intent: { mistake: 'unknown-id' } })],
  ],
  [
    'somebody else’s search counts for nothing',
    'PDEX-402',
    'skip',
    [plain, told('search', 'Goal?patient=ana', { from: 'another payer', answer: searchset([]) })],
  ],
  ['should be, and is', 'PDEX-403', 'pass', [plain, all, active, ...versions]],
  [
    'should be, and finds too much',
    'PDEX-403',
    'warning',
    [plain, all, search('patient=ana&lifecycle-status=active', [goal, done]), ...versions],
  ],
  [
    'should be, and loses some',
    'PDEX-403',
    'warning',
    [plain, all, search('patient=ana&lifecycle-status=active', []), ...versions],
  ],
  [
    'should be, and loses the seed',
    'PDEX-403',
    'warning',
    [plain, search('patient=ana&lifecycle-status=active', [], { intent: { seed: 'Goal/g' } }), ...versions],
  ],
  ['should be, and need not be', 'PDEX-403', 'skip', [metadata(['read', 'search-type'], ['patient']), all]],
  [
    'another version comes',
    'PDEX-403',
    'warning',
    [plain, all, told('vread', 'Goal/g/_history/7', { answer: version })],
  ],
])('%s: %s %s', (_, requirement, code, steps) => {
  const check = capabilityRowChecks.find((one) => one.requirement === requirement)
  const verdict = check && verdictOf(check, transcriptOf(...steps), sceneOf({ editions }))
  expect(verdict?.code, JSON.stringify(verdict?.findings)).toBe(code)
})

it('asks only for what the edition has', () => {
  const check = capabilityRowChecks.find((one) => one.requirement === 'PDEX-437')
  expect(
    check && verdictOf(check, transcriptOf(plain), sceneOf({ editions: { pdex: '2.1.0', 'us-core': '3.1.1' } })).code,
  ).toBe('skip')
  expect(check && verdictOf(check, transcriptOf(plain), sceneOf({ editions })).code).toBe('fail')
})

it('knows the table by type', () => {
  expect(capabilityChecksOf('Goal').map(({ requirement }) => requirement)).toEqual(['PDEX-402', 'PDEX-403'])
  expect(searchesOf('CareTeam', editions)).toEqual([['patient', 'status'], ['role'], ['patient', 'role']])
  expect(new Set(capabilityRows.map(({ requirement }) => requirement)).size).toBe(59)
})
