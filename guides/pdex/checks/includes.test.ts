/** What comes along with a search: all that claims point at, and medications. */
import { expect, it } from 'vitest'
import { mistake, read, refused } from '../../told/questions.ts'
import { coverage, insurer, provenanceOf } from '../../told/record.ts'
import { along, paged, searched as search, slow } from '../../told/searches.ts'
import { base, type Step, sceneOf, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const no = refused()

const ana = { resourceType: 'Patient', id: 'ana' }
const day = { resourceType: 'Practitioner', id: 'p', name: [{ family: 'Day' }] }
const claim = {
  resourceType: 'ExplanationOfBenefit',
  id: 'e',
  patient: { reference: 'Patient/ana' },
  insurer: { reference: `${base}/Organization/old-plan` },
  provider: { reference: 'Practitioner/p' },
  insurance: [{ coverage: { reference: 'Coverage/v1' } }, { coverage: { reference: '#x' } }],
}
const star = 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*'
const whole = along(ana, insurer, day, coverage)

const drug = { resourceType: 'Medication', id: 'x' }
const prescription = { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } }
const dispense = { ...prescription, resourceType: 'MedicationDispense', id: 'd' }
const withDrug = 'MedicationRequest?patient=ana&_include=MedicationRequest:medication'
const inside = { ...prescription, medicationReference: { reference: '#x' } }
const readDrug = (more: Told = {}): Step => read('Medication/x', { answer: drug, ...more })

const rows: readonly Row[] = [
  ['all of it', 'PDEX-358', 'pass', [search(star, [claim, ...whole])]],
  ['each is lost', 'PDEX-358', 'fail missing-include: (4 in all)', [search(star, [claim])]],
  [
    'one is lost',
    'PDEX-358',
    'fail missing-include: (1 in all)',
    [search(star, [claim, ...along(ana, insurer, coverage)])],
  ],
  ['on the next page', 'PDEX-358', 'pass', paged(star, [claim], whole)],
  [
    'what lies on another server',
    'PDEX-358',
    'pass',
    [
      search(star, [
        { ...claim, provider: { reference: 'https://other.example/Practitioner/p' } },
        ...along(ana, insurer, coverage),
      ]),
    ],
  ],
  [
    'the next page was not fetched',
    'PDEX-358',
    'skip not-decided: not every page',
    paged(star, [claim], []).slice(0, 1),
  ],
  ['refused', 'PDEX-358', 'fail wrong-status', [search(star, [], no)]],
  ['put off', 'PDEX-358', 'skip not-decided', [search(star, [], slow)]],
  ['no claim', 'PDEX-358', 'skip not-decided: no ExplanationOfBenefit', [search(star, [])]],
  [
    'of the provider alone',
    'PDEX-358',
    'skip not-decided: nobody asked',
    [search('ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:provider', [], no)],
  ],
  [
    'of another type',
    'PDEX-358',
    'skip not-decided: nobody asked',
    [search('Coverage?patient=ana&_include=ExplanationOfBenefit:*', [], no)],
  ],

  ['the same by read', 'PDEX-357', 'pass', [search(star, [claim, ...whole]), read('Practitioner/p', { answer: day })]],
  [
    'another by read',
    'PDEX-357',
    'fail different-content',
    [search(star, [claim, ...whole]), read('Practitioner/p', { answer: { ...day, name: [] } })],
  ],
  [
    'in another order',
    'PDEX-357',
    'pass',
    [
      search(star, [claim, ...whole]),
      read('Practitioner/p', { answer: { name: day.name, id: 'p', resourceType: 'Practitioner' } }),
    ],
  ],
  [
    'no resource by read',
    'PDEX-357',
    'fail different-content',
    [search(star, [claim, ...whole]), read('Practitioner/p', { answer: {} })],
  ],
  [
    'not included, or not read',
    'PDEX-357',
    'skip not-decided',
    [
      search(star, [claim, day, ...along(provenanceOf('q', [], {}))]),
      read('Practitioner/p', { answer: {} }),
      read('Provenance/q', { answer: {} }),
    ],
  ],
  ['refused by read', 'PDEX-357', 'skip not-decided', [search(star, [claim, ...whole]), read('Practitioner/p', no)]],
  [
    'read as a version',
    'PDEX-357',
    'skip not-decided',
    [search(star, [claim, ...whole]), told('vread', 'Practitioner/p/_history/1', { answer: {} })],
  ],

  ['the payor is asked for', 'PDEX-359', 'pass', [search(`${star}&_include:iterate=Coverage:payor`, [])]],
  [
    'the payor is asked for with the coverage',
    'PDEX-359',
    'pass',
    [
      search(
        'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:coverage&_include:iterate=Coverage:payor',
        [],
      ),
    ],
  ],
  [
    'something else is asked for',
    'PDEX-359',
    'warning missing-parameter',
    [search(`${star}&_include:iterate=Practitioner:x`, [])],
  ],
  ['once is enough', 'PDEX-359', 'pass', [search(star, []), search(`${star}&_include:iterate=Coverage:payor`, [])]],
  [
    'no coverage was asked for',
    'PDEX-359',
    'skip not-decided',
    [
      search('ExplanationOfBenefit?_include=ExplanationOfBenefit:provider', []),
      search('Condition?_include=*', []),
      search(star, [], mistake('x')),
      search(star, [], { from: 'another payer' }),
    ],
  ],

  ['read and included', 'PDEX-372', 'pass', [search(withDrug, [prescription, ...along(drug)]), readDrug()]],
  ['included on the next page', 'PDEX-372', 'pass', [...paged(withDrug, [prescription], along(drug)), readDrug()]],
  [
    'of a dispense',
    'PDEX-372',
    'fail missing-include',
    [search('MedicationDispense?_include=MedicationDispense:medication', [dispense]), readDrug()],
  ],
  [
    'the next page was not fetched',
    'PDEX-372',
    'skip not-decided',
    [...paged(withDrug, [prescription], []).slice(0, 1), readDrug()],
  ],
  ['not included', 'PDEX-372', 'fail missing-include', [search(withDrug, [prescription]), readDrug()]],
  [
    'not there to be read',
    'PDEX-372',
    'fail wrong-status',
    [search(withDrug, [prescription, ...along(drug)]), readDrug(no)],
  ],
  [
    'nothing new to be read',
    'PDEX-372',
    'pass',
    [search(withDrug, [prescription, ...along(drug)]), readDrug({ status: 304, answer: '' })],
  ],
  [
    'not tried at all',
    'PDEX-372',
    'skip not-decided: nobody tried read and _include',
    [search('MedicationRequest?patient=ana', [prescription])],
  ],
  [
    'not read',
    'PDEX-372',
    'skip not-decided: nobody tried read of',
    [search(withDrug, [prescription, ...along(drug)]), read('Medication/y', no), readDrug({ ...no, ...mistake('x') })],
  ],
  [
    'not asked to include',
    'PDEX-372',
    'skip not-decided: nobody tried _include of',
    [
      search('MedicationRequest?patient=ana', [prescription]),
      readDrug(),
      search(withDrug, [inside]),
      search('MedicationRequest?_include=MedicationRequest:requester', [prescription]),
    ],
  ],
  ['it is inside', 'PDEX-372', 'skip not-decided: no prescription', [search(withDrug, [inside])]],
  [
    'another type points',
    'PDEX-372',
    'skip not-decided: no prescription',
    [search('List?patient=ana', [{ ...prescription, resourceType: 'List' }])],
  ],
  ['the client follows', 'PDEX-371', 'pass', [search(withDrug, [prescription]), readDrug()]],
  ['the client does not', 'PDEX-371', 'warning not-followed', [search(withDrug, [prescription])]],
  ['there is nothing to follow', 'PDEX-371', 'skip not-decided', [search(withDrug, [inside])]],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
