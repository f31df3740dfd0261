/** Versions and member numbers in a member's data: what is served after an update, how versions are named and read. */
import { expect, it } from 'vitest'
import { all, read } from '../../told/questions.ts'
import { condition, patient } from '../../told/record.ts'
import { slow } from '../../told/searches.ts'
import { outcome, type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const at = (versionId: string | undefined, lastUpdated?: string): object => ({ meta: { versionId, lastUpdated } })
const early = '2025-06-01T10:00:00Z'
const late = '2025-06-02T10:00:00Z'
const before = (meta: object = at('1', early), more: Told = {}): Step =>
  read('Patient/ana', { answer: { ...patient, ...meta }, ...more })
const after = (meta: object = at('2', late), more: Told = {}): Step =>
  read('Patient/ana', { answer: { ...patient, ...meta }, intent: { state: 'updated' }, ...more })
const found = (...resources: readonly object[]): Step =>
  told('search', 'Condition?patient=ana', { answer: searchset(resources) })
const pointing = (reference: string): Step => found({ ...condition, encounter: { reference } })
const exact = pointing('Encounter/n/_history/2')
const version = (more: Told = {}, path = 'Encounter/n/_history/2'): Step =>
  told('vread', path, { answer: { resourceType: 'Encounter', id: 'n', ...at('2') }, ...more })
const none: Told = { status: 404, answer: outcome() }

const v2 = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const number = (code: string, system?: string): object => ({
  identifier: [
    {
      value: 'M1',
      type: {
        coding: [
          { system, code },
          { system: 'https://old.example', code: 'x' },
        ],
      },
    },
  ],
})
const submits = (coverage: object | undefined, more: Told = {}): Step =>
  told('member-match', 'Patient/$member-match', {
    method: 'POST',
    body: JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        { name: 'CoverageToLink', resource: { resourceType: 'Coverage', subscriberId: 'x' } },
        ...(coverage ? [{ name: 'CoverageToMatch', resource: { resourceType: 'Coverage', ...coverage } }] : []),
      ],
    }),
    answer: {},
    ...more,
  })

const rows: readonly Row[] = [
  ['a new version', 'PDEX-032', 'pass', [before(), after()]],
  ['a new version by its time alone', 'PDEX-032', 'pass', [before(at('1', early)), after(at('1', late))]],
  ['a new version without a time', 'PDEX-032', 'pass', [before(at('1')), after(at('2'))]],
  ['a time and no version', 'PDEX-032', 'pass', [before(at(undefined, early)), after(at(undefined, late))]],
  ['the same version', 'PDEX-032', 'warning stale-version', [before(), after(at('1', early))]],
  [
    'the same version, read before a second time',
    'PDEX-032',
    'warning stale-version',
    [before(at('1')), before(at('2')), after(at('2'))],
  ],
  ['nothing tells versions', 'PDEX-032', 'skip not-decided: neither versionId', [before(), after(at(undefined))]],
  [
    'not seen before',
    'PDEX-032',
    'skip not-decided: nobody had seen',
    [read('Patient/iris', { answer: { ...patient, id: 'iris', ...at('2') } }), after()],
  ],
  [
    'seen elsewhere, or already new',
    'PDEX-032',
    'skip not-decided not-decided',
    [{ ...before(at('2')), to: 'another payer' }, after(), { ...after() }],
  ],
  [
    'it cannot be read any more',
    'PDEX-032',
    'warning wrong-status',
    [before(), after({}, { ...none, intent: { state: 'updated' } })],
  ],
  ['it was put off', 'PDEX-032', 'skip not-decided', [before(), after({}, { ...slow, intent: { state: 'updated' } })]],
  [
    'nothing was updated',
    'PDEX-032',
    'skip not-decided: there was',
    [
      before(),
      read('Condition/c1', { answer: condition, intent: { state: 'updated' } }),
      told('search', 'Patient?_id=ana', { answer: searchset([]), intent: { state: 'updated' } }),
    ],
  ],

  [
    'a version',
    'PDEX-033',
    'pass versioned: 1 of 2 resources have a version, 0 reference one',
    [found(condition, { ...condition, id: 'c3', meta: {} })],
  ],
  [
    'a reference to one',
    'PDEX-033',
    'pass versioned: 0 of 1 resources have a version, 1 reference one',
    [found({ ...condition, meta: {}, encounter: { reference: 'Encounter/n/_history/2' } })],
  ],
  [
    'a version that is no id',
    'PDEX-033',
    'skip no-id',
    [found({ ...condition, meta: { versionId: 'W/"1"' } }, { ...condition, id: 'c3' })],
  ],
  ['no version', 'PDEX-033', 'skip not-decided', [found({ ...condition, meta: {} })]],

  ['a version is read', 'PDEX-034', 'pass', [version()]],
  ['another comes', 'PDEX-034', 'warning wrong-version', [version({}, 'Encounter/n/_history/3')]],
  [
    'it is not there, and there are versions',
    'PDEX-034',
    'warning wrong-status',
    [found(condition), version(none, 'Condition/c1/_history/1')],
  ],
  [
    'it is not there, and there are none',
    'PDEX-034',
    'skip not-decided: the server offers no vread',
    [found({ ...condition, id: 'c3' }, { ...condition, meta: {} }), version(none, 'Condition/c1/_history/1')],
  ],
  [
    'it breaks, and there are none',
    'PDEX-034',
    'warning wrong-status',
    [found({ ...condition, meta: {} }), version({ status: 500, answer: outcome() }, 'Condition/c1/_history/1')],
  ],
  [
    'a version that is not there was asked for',
    'PDEX-034',
    'skip not-decided: there was',
    [read('Condition/c1', none), version({ ...none, intent: { mistake: 'unknown-id' } })],
  ],

  ['named right', 'PDEX-035/a-versioned-reference-is', 'pass', [exact]],
  [
    'named right in full',
    'PDEX-035/a-versioned-reference-is',
    'pass',
    [pointing('https://old.example/fhir/Encounter/n/_history/2')],
  ],
  [
    'named by a query',
    'PDEX-035/a-versioned-reference-is',
    'fail wrong-reference',
    [pointing('Encounter/n?version=2')],
  ],
  ['named by a bar', 'PDEX-035/a-versioned-reference-is', 'fail wrong-reference', [pointing('Encounter/n|2')]],
  [
    'named with more after it',
    'PDEX-035/a-versioned-reference-is',
    'fail wrong-reference',
    [pointing('Encounter/n/_history/2/x')],
  ],
  ['none is named', 'PDEX-035/a-versioned-reference-is', 'skip not-decided', [pointing('Encounter/n')]],

  ['leads there', 'PDEX-035/a-versioned-reference-leads', 'pass', [exact, version()]],
  [
    'one of two was read',
    'PDEX-035/a-versioned-reference-leads',
    'pass',
    [exact, pointing('Encounter/x/_history/1'), version()],
  ],
  [
    'leads to another',
    'PDEX-035/a-versioned-reference-leads',
    'fail wrong-version',
    [exact, version({ answer: { resourceType: 'Encounter', id: 'n', ...at('3') } })],
  ],
  ['leads nowhere', 'PDEX-035/a-versioned-reference-leads', 'fail wrong-status', [exact, version(none)]],
  ['was put off', 'PDEX-035/a-versioned-reference-leads', 'skip not-decided', [exact, version(slow)]],
  [
    'another was read',
    'PDEX-035/a-versioned-reference-leads',
    'skip not-decided: nobody read',
    [exact, version(none, 'Encounter/n/_history/7'), told('read', 'Encounter/n', none)],
  ],
  [
    'none is named',
    'PDEX-035/a-versioned-reference-leads',
    'skip not-decided: no reference',
    [pointing('Encounter/n'), version(none)],
  ],

  ['a number on the card', 'PDEX-037', 'pass', [submits(number('MB', v2))]],
  ['a number of no system', 'PDEX-037', 'pass', [submits(number('MB'))]],
  ['a subscriber', 'PDEX-037', 'pass', [submits({ subscriberId: '1' })]],
  ['a number of another kind', 'PDEX-037', 'skip missing-element', [submits(number('MR', v2))]],
  ['a number of another system', 'PDEX-037', 'skip missing-element', [submits(number('MB', 'https://old.example'))]],
  ['no card', 'PDEX-037', 'skip not-decided: no CoverageToMatch', [submits(undefined)]],
  ['nothing that can be read', 'PDEX-037', 'skip not-decided: no CoverageToMatch', [submits({}, { body: '{' })]],
  [
    'wrong on purpose',
    'PDEX-037',
    'skip not-decided: there was no',
    [submits({}, { intent: { mistake: 'x' } }), submits({}, { from: 'another payer' })],
  ],

  ['a typed member number', 'PDEX-039', 'pass', [read('Patient/ana', { answer: { ...patient, ...number('MB', v2) } })]],
  [
    'of another kind',
    'PDEX-039',
    'fail missing-identifier',
    [read('Patient/ana', { answer: { ...patient, ...number('MR', v2) } })],
  ],
  [
    'of another system',
    'PDEX-039',
    'fail missing-identifier',
    [read('Patient/ana', { answer: { ...patient, ...number('MB', 'https://old.example') } })],
  ],
  ['no Patient', 'PDEX-039', 'skip not-decided: no Patient', [all]],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
