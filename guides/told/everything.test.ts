/** Checks of $everything, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import { condition, everything, mistake, one, type Question, read, refused, titled, token, two } from './questions.ts'
import { provenanceOf } from './record.ts'
import { outcome, sceneOf, searchset, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const visit = { resourceType: 'Encounter', id: 'e' }
const goal = { resourceType: 'Goal', id: 'g' }
const questions: readonly Question[] = [
  // What a selected resource points at may come along.
  [
    'CORE-053/everything-with-type',
    'pass',
    [
      everything('', [{ ...one, encounter: { reference: 'Encounter/e' } }, visit, goal]),
      everything('?_type=Condition', [{ ...one, encounter: { reference: 'Encounter/e' } }, visit]),
    ],
  ],
  [
    'CORE-053/everything-with-type',
    'pass',
    [everything('', [one, { resourceType: 'Goal', id: 'g' }]), everything('?_type=Condition', [one])],
  ],
  [
    'CORE-053/everything-with-type',
    'fail',
    [
      everything('', [one, { resourceType: 'Goal', id: 'g' }]),
      everything('?_type=Condition', [one, { resourceType: 'Goal', id: 'g' }]),
    ],
  ],
  [
    'CORE-053/everything-with-type',
    'fail',
    [everything('', [one, two, { resourceType: 'Goal', id: 'g' }]), everything('?_type=Condition', [one])],
  ],
  [
    'CORE-053/everything-with-since',
    'pass',
    [
      everything('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      everything('?_since=2024-01-01T00:00:00Z', [one]),
    ],
  ],
  [
    'CORE-053/everything-with-since',
    'fail',
    [
      everything('', [one, condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })]),
      everything('?_since=2024-01-01T00:00:00Z', [
        one,
        condition('9', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } }),
      ]),
    ],
  ],
  [
    'CORE-053/everything-with-start',
    'fail',
    [
      everything('', [{ resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } }]),
      everything('?start=2024-01-01', [
        { resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } },
      ]),
    ],
  ],
  [
    'CORE-053/everything-with-start',
    'pass',
    [
      everything('', [{ resourceType: 'Encounter', id: 'n', period: { start: '2019-01-01', end: '2019-01-01' } }]),
      everything('?start=2024-01-01', []),
    ],
  ],
  [
    'CORE-053/everything-by-post',
    'pass',
    [everything('', [one]), everything('', [one, provenanceOf('new', ['Condition/1'], {})], { method: 'POST' })],
  ],
  ['CORE-053/everything-by-post', 'fail', [everything('', [one]), everything('', [], { method: 'POST' })]],
  [
    'CORE-053/everything-refuses',
    'pass',
    [everything('', [one]), everything('?start=x', [], mistake('bad-value', refused()))],
  ],
  ['CORE-053/everything-refuses', 'fail', [everything('', [one]), everything('?start=x', [one], mistake('bad-value'))]],
  [
    'CORE-053/everything-refuses',
    'pass',
    [
      everything('', [one]),
      everything(
        '?_type=X',
        [],
        mistake('unknown-type', { answer: searchset([{ ...outcome(), id: 'o', mode: 'outcome' }]) }),
      ),
    ],
  ],
  [
    'CORE-054',
    'pass',
    [everything('', [one]), told('everything', 'Patient/iris/$everything', mistake('foreign', refused(404)))],
  ],
  [
    'CORE-054',
    'fail',
    [
      everything('', [one]),
      told('everything', 'Patient/iris/$everything', mistake('foreign', { answer: searchset([one]) })),
    ],
  ],
  ['CORE-054', 'skip', [told('everything', 'Patient/iris/$everything', mistake('foreign', refused(404)))]],
  ['PDEX-131', 'pass', [everything('?_type=Patient,Condition', [one])]],
  ['PDEX-138', 'pass', [token, read('Patient/ana'), read('Patient/ana', { from: 'another payer', ...refused(404) })]],
  ['PDEX-138', 'warning', [token, read('Patient/ana'), read('Patient/ana', { from: 'another payer' })]],
  ['PDEX-138', 'skip', [token, read('Patient/ana', { from: 'another payer', ...refused(404) })]],
]

describe('$everything and its answer', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
