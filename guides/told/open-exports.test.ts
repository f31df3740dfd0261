/** What the guides leave open of exports is no failure: each told in a line, with what would be wrong beside it. */
import { describe, expect, it } from 'vitest'
import { condition, exported, holding, kickOff, one, type Question, refused, titled } from './questions.ts'
import { provenanceOf } from './record.ts'
import { base, outcome, sceneOf, type Told, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const since = '?_since=2024-01-01T00:00:00Z'
const errors = { error: [{ type: 'OperationOutcome', url: `${base}/errors` }] }
const failed: Told = { status: 500, answered: { 'content-type': 'text/plain' }, answer: 'sorry' }
const latest = '?includeAssociatedData=LatestProvenanceResources'
const origin = (id: string, recorded: string) => ({
  ...provenanceOf(id, ['Condition/1'], {}),
  recorded,
  agent: [
    {
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author' }],
      },
    },
    { type: { coding: [{ code: 'transmitter' }] } },
  ],
})

const questions: readonly Question[] = [
  ['BULK-055', 'warning', [kickOff(''), told('export-status', `${base}/_export/x`, failed)]],
  ['BULK-070', 'fail', [kickOff(''), told('export-status', `${base}/_export/x`, { answer: '"done"' })]],
  [
    'BULK-076',
    'pass',
    exported('', [one], {}, { output: [{ type: 'Condition', url: `${base}/_export/x/1`, count: 1 }] }),
  ],
  ['BULK-079', 'skip', exported('', [one], {}, errors)],
  [
    'BULK-079',
    'pass',
    [
      ...exported('', [one], {}, errors),
      told('export-file', `${base}/errors`, {
        answered: { 'content-type': 'application/fhir+ndjson' },
        answer: `${JSON.stringify(outcome())}\n\n`,
      }),
    ],
  ],
  ['BULK-080', 'fail', [...exported('', [one], {}, errors), told('export-file', `${base}/errors`, refused(404))]],
  [
    'BULK-077',
    'skip',
    [
      ...exported(
        since,
        [one],
        { intent: { state: 'deleted' } },
        { deleted: [{ type: 'Bundle', url: `${base}/gone` }] },
      ),
      told('export-file', `${base}/gone`, { intent: { state: 'deleted' }, ...refused(404) }),
    ],
  ],
  [
    'BULK-078',
    'fail',
    [
      ...exported(
        since,
        [one],
        { intent: { state: 'deleted' } },
        { deleted: [{ type: 'Bundle', url: `${base}/gone` }] },
      ),
      told('export-file', `${base}/gone`, {
        intent: { state: 'deleted' },
        answer: JSON.stringify({
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [{ request: { method: 'DELETE', url: `${base}/Condition/1` } }],
        }),
      }),
    ],
  ],
  ['BULK-011', 'pass', [kickOff('', { status: 429, answer: outcome('throttled') }), kickOff('')]],
  [
    'BULK-035',
    'warning',
    exported('?_elements=id,Condition.code', [
      condition('1', { meta: { tag: [{ code: 'SUBSETTED' }] }, note: [{ text: 'kept' }] }),
    ]),
  ],
  ['BULK-011', 'skip', [kickOff('', { status: 429, answer: outcome('throttled') })]],
  ['BULK-030', 'skip', [kickOff('?_outputFormat=ndjson', { status: 429, answer: outcome('throttled') })]],
  ['BULK-090', 'warning', exported('', [one, one])],
  ['BULK-090', 'fail', exported('', [one, { ...one, meta: { versionId: '0' } }])],
  ['BULK-037', 'fail', exported(latest, [one])],
  ['BULK-037', 'fail', exported(latest, [one, origin('a', '2020-01-01'), origin('b', '2021-01-01')])],
  [
    'BULK-037',
    'fail',
    exported(latest, [one, origin('a', '2020-01-01')]),
    holding(origin('a', '2020-01-01'), origin('b', '2021-01-01')),
  ],
  [
    'BULK-037',
    'pass',
    exported(latest, [one, origin('b', '2021-01-01')]),
    holding(origin('a', '2020-01-01'), origin('b', '2021-01-01')),
  ],
]

describe('what the guides leave open of exports', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
