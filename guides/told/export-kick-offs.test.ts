/**
 * Checks of how an export is begun, and of its parameters, each tried with a good answer, a bad one and a legal
 * variant.
 */
import { describe, expect, it } from 'vitest'
import {
  condition,
  exported,
  kickOff,
  mistake,
  one,
  type Question,
  refused,
  three,
  titled,
  token,
  two,
} from './questions.ts'
import { provenanceOf } from './record.ts'
import { anaScene } from './story.ts'
import { outcome, sceneOf, searchset } from './told.ts'
import { heardOf } from './verdicts.ts'

/** By the guard before the API, in its own words. */
const challenged = { status: 401, answered: { 'www-authenticate': 'Bearer' }, answer: '' }

const questions: readonly Question[] = [
  ['BULK-012', 'pass', [kickOff('', { method: 'POST' })]],
  [
    'BULK-013',
    'pass',
    [...exported('?_type=Condition,Patient', [one]), ...exported('?_type=Condition&_type=Patient', [one])],
  ],
  [
    'BULK-013',
    'fail',
    [...exported('?_type=Condition,Patient', [one]), ...exported('?_type=Condition&_type=Patient', [two])],
  ],
  ['BULK-015/without', 'pass', [kickOff('', mistake('no-prefer', refused()))]],
  ['BULK-015/without', 'warning', [kickOff('', mistake('no-prefer', { status: 200, answer: searchset([one]) }))]],
  ['BULK-017', 'pass', [kickOff('?_since=x', mistake('bad-since', refused()))]],
  ['BULK-017', 'fail', [kickOff('?_since=x', mistake('bad-since'))]],
  // A server may take what it cannot use: nothing was refused then, and nothing seen of how.
  ['BULK-017', 'skip', [kickOff('?_type=X', mistake('unknown-type'))]],
  [
    'BULK-017',
    'pass',
    [kickOff('?_type=X', mistake('unknown-type')), kickOff('?_since=x', mistake('bad-since', refused()))],
  ],
  ['BULK-017', 'skip', [kickOff('', mistake('no-token', challenged))]],
  [
    'BULK-017',
    'pass',
    [kickOff('', mistake('no-token', challenged)), kickOff('?_since=x', mistake('bad-since', refused()))],
  ],
  ['BULK-017', 'skip', [kickOff('?_since=x', mistake('bad-since', { status: 503, answer: '' }))]],
  ['BULK-017', 'fail', [kickOff('?_since=x', mistake('bad-since', { status: 400, answer: '' }))]],
  // What should be refused is no SHALL about how a refusal looks.
  [
    'BULK-017',
    'skip',
    [kickOff('?colour=red', mistake('unknown-parameter', { headers: { Prefer: 'respond-async, handling=strict' } }))],
  ],
  [
    'BULK-018',
    'pass',
    [
      kickOff(''),
      kickOff('', { intent: { parallel: 'true' }, status: 429, answered: { 'retry-after': '5' }, answer: outcome() }),
    ],
  ],
  ['BULK-018', 'warning', [kickOff(''), kickOff('', { intent: { parallel: 'true' }, status: 429, answer: outcome() })]],
  [
    'BULK-030',
    'pass',
    [
      ...['application/fhir%2Bndjson', 'application/ndjson', 'ndjson'].map((f) => kickOff(`?_outputFormat=${f}`)),
      kickOff('?_outputFormat=text/csv', mistake('bad-format', refused())),
    ],
  ],
  ['BULK-030', 'fail', [kickOff('?_outputFormat=ndjson', refused())]],
  ['BULK-030', 'fail', [kickOff('?_outputFormat=text/csv', mistake('bad-format'))]],
  ['BULK-031', 'fail', [...exported('', [one, two]), ...exported('?_since=2026-01-01T00:00:00Z', [one])]],
  [
    'BULK-031',
    'pass',
    [
      ...exported('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      ...exported('?_since=2024-01-01T00:00:00Z', [one]),
    ],
  ],
  ['BULK-032', 'fail', exported('?_type=Patient', [one])],
  ['BULK-032', 'pass', exported('?_type=Condition', [one])],
  ['BULK-034', 'pass', [kickOff('?_type=X', mistake('unknown-type', refused()))]],
  ['BULK-034', 'warning', [kickOff('?_type=X', mistake('unknown-type'))]],
  ['BULK-035', 'warning', exported('?_elements=id', [one])],
  ['BULK-035', 'pass', exported('?_elements=id', [condition('1', { meta: { tag: [{ code: 'SUBSETTED' }] } })])],
  ['BULK-036', 'pass', [token, kickOff('?patient=Patient/iris', mistake('foreign', refused()))], anaScene()],
  [
    'BULK-036',
    'fail',
    [
      token,
      ...exported(
        '?patient=Patient/iris',
        [condition('i1', { subject: { reference: 'Patient/iris' } })],
        mistake('foreign'),
      ),
    ],
    anaScene(),
  ],
  [
    'BULK-037',
    'fail',
    exported('?includeAssociatedData=LatestProvenanceResources', [
      one,
      provenanceOf('a', ['Condition/1'], {}),
      provenanceOf('b', ['Condition/1'], {}),
    ]),
  ],
  [
    'BULK-037',
    'pass',
    exported('?includeAssociatedData=LatestProvenanceResources', [one, provenanceOf('a', ['Condition/1'], {})]),
  ],
  ['BULK-037', 'skip', [kickOff('?includeAssociatedData=LatestProvenanceResources', refused())]],
  [
    'BULK-039',
    'pass',
    [...exported('', [one, two]), ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1')}`, [one])],
  ],
  [
    'BULK-039',
    'fail',
    [...exported('', [one, two]), ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1')}`, [one, two])],
  ],
  [
    'BULK-040',
    'pass',
    [
      ...exported('', [one, two, three]),
      ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1,Condition?code=22')}`, [one, two]),
    ],
  ],
  [
    'BULK-040',
    'fail',
    [
      ...exported('', [one, two, three]),
      ...exported(`?_typeFilter=${encodeURIComponent('Condition?code=1,Condition?code=22')}`, [one]),
    ],
  ],
  ['BULK-041', 'skip', [kickOff('?_until=2026-01-01T00:00:00Z', refused())]],
  ['BULK-042', 'pass', [kickOff('?colour=red', mistake('unknown-parameter', refused()))]],
  ['BULK-042', 'warning', [kickOff('?colour=red', mistake('unknown-parameter'))]],
  [
    'BULK-060',
    'pass',
    exported(
      '?_type=X,Condition',
      [one],
      mistake('unknown-type', { headers: { Prefer: 'respond-async, handling=lenient', Authorization: 'Bearer t' } }),
      { error: [{ type: 'OperationOutcome', url: 'https://x' }] },
    ),
  ],
  [
    'BULK-060',
    'fail',
    exported(
      '?_type=X,Condition',
      [one],
      mistake('unknown-type', { headers: { Prefer: 'respond-async, handling=lenient', Authorization: 'Bearer t' } }),
    ),
  ],
]

describe('an export that is begun', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
