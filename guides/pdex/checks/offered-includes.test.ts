/** Includes that PDex's CapabilityStatements ask for or a server declares: each brings something, on whatever page. */
import { expect, it } from 'vitest'
import { mistake, refused } from '../../told/questions.ts'
import { condition, provenanceOf } from '../../told/record.ts'
import { along, declaring, paged, searched as search } from '../../told/searches.ts'
import { type Step, sceneOf, searchset, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const older = { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1' } }
const no = refused()
const prescription = { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } }
const withDrug = 'MedicationRequest?patient=ana&_include=MedicationRequest:medication'
const declares = (type: string, more: object): Step => declaring({ type, ...more })
const tracing = declares('Condition', {
  searchRevInclude: ['Provenance:target'],
  searchInclude: ['Condition:encounter'],
})
const traced = 'Condition?patient=ana&_revinclude=Provenance:target'
const trace = along(provenanceOf('q', ['Condition/c1'], {}))
const visit = 'Condition?patient=ana&_include=Condition:encounter'
const atVisit = { ...condition, encounter: { reference: 'Encounter/n' } }
const encounter = along({ resourceType: 'Encounter', id: 'n' })
const declared = declares('MedicationRequest', {
  searchInclude: ['MedicationRequest:medication', 'MedicationRequest:*'],
})

const rows: readonly Row[] = [
  ['Provenance of a few types', 'PDEX-377', 'skip not-decided', [search(traced, [condition, ...trace])]],
  ['Provenance is refused', 'PDEX-377', 'fail wrong-status not-decided', [search(traced, [], no)]],
  ['a search is no Bundle', 'PDEX-377', 'skip not-decided not-decided', [search(traced, [], { answer: condition })]],
  ['before US Core 6.1', 'PDEX-377', 'skip not-decided: only the statement', [search(traced, [], no)], older],
  [
    'of a type that needs none',
    'PDEX-377',
    'skip not-decided',
    [search('ExplanationOfBenefit?patient=ana&_revinclude=Provenance:target', [], no)],
  ],

  ['Provenance comes', 'PDEX-439', 'pass', [tracing, search(traced, [condition, ...trace])]],
  ['Provenance comes on the next page', 'PDEX-439', 'pass', [tracing, ...paged(traced, [condition], trace)]],
  ['none comes', 'PDEX-439', 'warning missing-include', [tracing, search(traced, [condition])]],
  ['something else comes', 'PDEX-439', 'warning missing-include', [tracing, search(traced, [condition, ...encounter])]],
  [
    'it comes as a match',
    'PDEX-439',
    'warning missing-include',
    [tracing, search(traced, [condition, { ...provenanceOf('q', [], {}), mode: 'match' }])],
  ],
  [
    'the next page was not fetched',
    'PDEX-439',
    'skip not-decided',
    [tracing, ...paged(traced, [condition], []).slice(0, 1)],
  ],
  ['refused', 'PDEX-439', 'warning refused', [tracing, search(traced, [], no)]],
  [
    'refused once',
    'PDEX-439',
    'pass',
    [tracing, search(traced, [condition, ...trace]), search(`${traced}&code=1`, [], no)],
  ],
  ['nothing found', 'PDEX-439', 'skip not-decided: no search found', [tracing, search(traced, [])]],
  [
    'not declared',
    'PDEX-439',
    'skip not-decided: no declared',
    [declares('Condition', {}), search(traced, [condition])],
  ],
  [
    'declared of another type',
    'PDEX-439',
    'skip not-decided: no declared',
    [declares('Goal', { searchRevInclude: ['Provenance:target'] }), search(traced, [condition])],
  ],
  [
    'not asked by this client, in earnest',
    'PDEX-439',
    'skip not-decided: no declared',
    [
      tracing,
      search(traced, [condition], mistake('x')),
      search(traced, [condition], { headers: {} }),
      told('next-page', traced, { answer: searchset([condition]) }),
    ],
  ],

  ['the visit comes', 'PDEX-440', 'pass', [tracing, search(visit, [atVisit, ...encounter])]],
  ['the visit comes on the next page', 'PDEX-440', 'pass', [tracing, ...paged(visit, [atVisit], encounter)]],
  ['the visit does not come', 'PDEX-440', 'warning missing-include', [tracing, search(visit, [atVisit])]],
  ['there was no visit', 'PDEX-440', 'pass', [tracing, search(visit, [condition])]],
  [
    'the visit is inside',
    'PDEX-440',
    'pass',
    [tracing, search(visit, [{ ...condition, encounter: { reference: '#n' } }])],
  ],
  ['a medication by its own path', 'PDEX-440', 'warning missing-include', [declared, search(withDrug, [prescription])]],
  [
    'everything',
    'PDEX-440',
    'warning missing-include',
    [declared, search('MedicationRequest?_include=MedicationRequest:*', [prescription])],
  ],
  [
    'everything, and there is nothing',
    'PDEX-440',
    'pass',
    [
      declared,
      search('MedicationRequest?_include=MedicationRequest:*', [{ ...prescription, medicationReference: undefined }]),
    ],
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf(row[4]))).toBe(row[2])
})
