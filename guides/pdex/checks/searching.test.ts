/** Forms of values, claims with their patient, and PDex's own parameters: searches that find the same, less, or nothing. */
import { expect, it } from 'vitest'
import { all, condition, form, one, refused, two } from '../../told/questions.ts'
import { declaring, slow } from '../../told/searches.ts'
import { base, type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const search = (query: string, found: readonly object[] = [one, two], more: Told = {}): Step =>
  told('search', query, { answer: searchset(found), ...more })
/** A search in a form of its value; a refusal where nothing is found. */
const formed = (query: string, found?: readonly object[], more: Told = {}): Step =>
  search(query, found, { ...form('x'), ...more })
const [byId, byKey] = [formed('Condition?patient=ana'), formed('Condition?patient=Patient/ana')]
const snomed = 'http://snomed.info/sct'
const closed: Told = { ...form('x'), ...refused() }
const mistaken = { intent: { form: 'x', mistake: 'foreign' } }

const claim = (id: string, more: object = {}): object => ({
  resourceType: 'ExplanationOfBenefit',
  id,
  use: 'claim',
  meta: { lastUpdated: '2025-06-01T10:00:00Z' },
  type: { coding: [{ code: 'oral' }] },
  patient: { reference: 'Patient/ana' },
  billablePeriod: { start: '2025-05-05', end: '2025-05-06' },
  ...more,
})
const [early, late] = [claim('e1'), claim('e2', { billablePeriod: { start: '2026-01-01' }, use: 'preauthorization' })]
const eob = (query: string, found: readonly object[], more: Told = {}): Step =>
  search(`ExplanationOfBenefit?${query}`, found, more)
const claims = eob('patient=ana', [early, late])
const byDate = eob('patient=ana&service-date=lt2026-01-01', [early])
const byUpdate = eob('patient=ana&_lastUpdated=ge2025-01-01', [early, late])
const byType = eob('patient=ana&type=oral', [early, late])

const declares = (type: string, ...params: readonly (string | [string, string])[]): Step =>
  declaring({
    type,
    searchParam: params.map((param) =>
      typeof param === 'string' ? { name: param } : { name: param[0], definition: param[1] },
    ),
  })
const pdexUse = 'http://hl7.org/fhir/us/davinci-pdex/SearchParameter/explanationofbenefit-use'
const byUse = eob('patient=ana&use=claim', [early])

const forms: readonly Row[] = [
  ['the same by each', 'PDEX-338', 'pass', [byId, byKey]],
  ['less by one', 'PDEX-338', 'fail different-result', [byId, formed('Condition?patient=Patient/ana', [one])]],
  ['one is refused', 'PDEX-338', 'fail refuses-form', [byId, formed('Condition?patient=Patient/ana', [], closed)]],
  [
    'one is put off',
    'PDEX-338',
    'skip not-decided',
    [byId, formed('Condition?patient=Patient/ana', [], { ...form('x'), ...slow })],
  ],
  [
    'all are refused',
    'PDEX-338',
    'skip not-decided: nothing that was tried',
    [formed('Condition?patient=ana', [], closed), formed('Condition?patient=Patient/ana', [], closed)],
  ],
  [
    'all break',
    'PDEX-338',
    'fail refuses-form refuses-form',
    [
      formed('Condition?patient=ana', [], { ...closed, status: 500 }),
      formed('Condition?patient=Patient/ana', [], { ...closed, status: 500 }),
    ],
  ],
  [
    'one form alone',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [byId, byId, formed('Condition?patient=iris', [one])],
  ],
  [
    'a URL, which is asked of no server',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [byId, formed(`Condition?patient=${base}/Patient/ana`, [])],
  ],
  [
    'a code with its system finds less',
    'PDEX-338',
    'pass',
    [formed(`Condition?code=${snomed}|1`, [one]), formed('Condition?code=1')],
  ],
  [
    'a code without its system finds less',
    'PDEX-338',
    'fail different-result',
    [formed(`Condition?code=${snomed}|1`), formed('Condition?code=1', [one])],
  ],
  [
    'several codes, and none',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [formed(`Condition?code=${snomed}|1`), formed('Condition?code=|1', [one]), formed('Condition?code=1,1', [one])],
  ],
  [
    'beside another value',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [formed('Condition?patient=ana&code=1', [one]), formed(`Condition?patient=ana&code=${snomed}|2`, [])],
  ],
  [
    'beside another parameter',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [formed('Condition?patient=ana&category=x'), formed('Condition?patient=Patient/ana&category=y', [])],
  ],
  [
    'a date and an id',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [formed('Condition?onset-date=2020', [one]), formed('Condition?onset-date=x/2020', [])],
  ],
  [
    'of another type',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [byId, formed('Goal?patient=Patient/ana', [])],
  ],
  [
    'with no form in mind',
    'PDEX-338',
    'skip not-decided: there was',
    [search('Condition?patient=ana'), search('Condition?patient=Patient/ana', [one])],
  ],
  [
    'wrong on purpose',
    'PDEX-338',
    'skip not-decided: no value was tried',
    [byId, formed('Condition?patient=Patient/ana', [one], mistaken)],
  ],
  [
    'a page is missing',
    'PDEX-338',
    'skip not-decided: not every page',
    [byId, formed('Condition?patient=Patient/ana', [], { answer: searchset([one], { next: `${base}/page/2` }) })],
  ],

  ['an id', 'PDEX-339', 'pass', [search('Condition?patient=Patient/ana&code=1,2&onset-date=')]],
  ['a type without an id', 'PDEX-339', 'fail empty-value', [search('Condition?patient=Patient/')]],
  ['a system without a code', 'PDEX-339', 'fail empty-value', [search(`Condition?code=1,${snomed}|`)]],
  ['nothing', 'PDEX-339', 'fail empty-value', [search('Condition?patient=')]],
  [
    'on purpose, or by somebody else',
    'PDEX-339',
    'skip not-decided',
    [
      search('Condition?patient=', [], mistaken),
      search('Condition?code=x|', [], form('x')),
      search('Condition?patient=', [], { from: 'another payer' }),
      search('Condition?patient=', [], { intent: { mistake: 'x' } }),
      { ...search('Condition?patient='), to: 'another payer' },
    ],
  ],
]

const ofClaims: readonly Row[] = [
  ['each with the patient', 'PDEX-340', 'pass', [claims, byDate, byUpdate, byType]],
  ['one was not tried', 'PDEX-340', 'skip not-decided: patient and _lastUpdated', [claims, byDate, byType]],
  [
    'too much by date',
    'PDEX-340',
    'fail wrong-match',
    [claims, eob('patient=ana&service-date=lt2026-01-01', [early, late]), byUpdate, byType],
  ],
  [
    'too little by type',
    'PDEX-340',
    'fail lost-match',
    [claims, byDate, byUpdate, eob('patient=ana&type=oral', [late])],
  ],
  [
    'refused by update',
    'PDEX-340',
    'fail wrong-status',
    [claims, byDate, eob('patient=ana&_lastUpdated=ge2025-01-01', [], refused()), byType],
  ],
  [
    'put off by update',
    'PDEX-340',
    'skip not-decided',
    [claims, byDate, eob('patient=ana&_lastUpdated=ge2025-01-01', [], slow), byType],
  ],
  [
    'without the patient, of another type, wrong on purpose, or by no such parameter',
    'PDEX-340',
    'skip not-decided: there was',
    [
      claims,
      eob('type=oral', [], refused()),
      search('Condition?patient=ana&type=oral', [], refused()),
      eob('patient=iris&type=oral', [], { ...refused(), ...mistaken }),
      eob('patient=ana&use=claim', [], refused()),
      told('next-page', 'ExplanationOfBenefit?patient=ana&type=oral', refused()),
    ],
  ],

  [
    'declared and working',
    'PDEX-352',
    'pass',
    [declares('ExplanationOfBenefit', ['use', pdexUse], 'patient'), claims, byUse],
  ],
  ['working by no definition', 'PDEX-352', 'pass', [declares('ExplanationOfBenefit', 'use', 'patient'), claims, byUse]],
  [
    'too little',
    'PDEX-352',
    'warning lost-match lost-match',
    [declares('ExplanationOfBenefit', 'use', 'patient'), claims, eob('patient=ana&use=claim', [])],
  ],
  [
    'refused',
    'PDEX-352',
    'warning wrong-status wrong-status',
    [declares('ExplanationOfBenefit', 'use', 'patient'), eob('patient=ana&use=claim', [], refused())],
  ],
  [
    'put off',
    'PDEX-352',
    'skip not-decided not-decided',
    [declares('ExplanationOfBenefit', 'use', 'patient'), eob('patient=ana&use=claim', [], slow)],
  ],
  [
    'beside a parameter that is not declared',
    'PDEX-352',
    'skip not-decided: none of these',
    [declares('ExplanationOfBenefit', 'use'), claims, byUse],
  ],
  [
    'another’s parameter of the name',
    'PDEX-352',
    'skip not-decided: none of these',
    [declares('ExplanationOfBenefit', ['use', 'https://old.example/use']), eob('patient=ana&use=claim', [], refused())],
  ],
  [
    'type by the definition of another guide',
    'PDEX-352',
    'pass',
    [
      declares('ExplanationOfBenefit', ['type', 'http://hl7.org/fhir/us/carin-bb/SearchParameter/x'], 'patient'),
      claims,
      byType,
    ],
  ],
  [
    'not declared',
    'PDEX-352',
    'skip not-decided: none of these',
    [declares('ExplanationOfBenefit', 'type'), eob('patient=ana&use=claim', [], refused())],
  ],
  [
    'declared on another type',
    'PDEX-352',
    'skip not-decided: none of these',
    [declares('Condition', 'use', 'patient'), all, eob('patient=ana&use=claim', [], refused())],
  ],
  [
    'not tried, or not in earnest',
    'PDEX-352',
    'skip not-decided: none of these',
    [
      declares('MedicationDispense', 'status'),
      search('MedicationRequest?status=x', [], refused()),
      search('MedicationDispense?patient=ana', [], refused()),
      search('MedicationDispense?status=x', [], { ...refused(), ...mistaken }),
      told('next-page', 'MedicationDispense?status=x', refused()),
    ],
  ],
  [
    'of dispenses',
    'PDEX-352',
    'warning wrong-match',
    [
      declares('MedicationDispense', 'status'),
      search('MedicationDispense?status=completed', [
        { ...condition('1'), resourceType: 'MedicationDispense', status: 'x' },
      ]),
    ],
  ],
]

it.each(forms)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
it.each(ofClaims)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
