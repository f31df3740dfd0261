/** What a whole server declares, and whether that works: each check with what it must say of a server that is right, and of one that is not. */
import { expect, it } from 'vitest'
import { read, refused } from '../../told/questions.ts'
import { condition, patient, usCore } from '../../told/record.ts'
import { slow } from '../../told/searches.ts'
import { type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

/** A type that is declared: its interactions in one word each, and what else is said of it. */
const type = (name: string, interactions = '', more: object = {}): object => ({
  type: name,
  interaction: interactions.split(' ').map((code) => ({ code })),
  ...more,
})
const declares = (types: readonly object[], more: object = {}): Step =>
  told('metadata', 'metadata', {
    headers: { Accept: 'application/fhir+json' },
    answer: { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', resource: types, ...more }] },
  })
const readCondition = (more: Told = {}): Step => read('Condition/c1', { answer: condition, ...more })
const search = (query: string, more: Told = {}): Step =>
  told('search', query, { answer: searchset([condition]), ...more })
const searched = search('Condition?patient=ana')
const conditions = declares([type('Condition', 'read search-type')])
const operation = (name: string, definition?: string): object => ({ operation: [{ name, definition }] })
const match = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
const versioned = declares([type('Condition', 'read vread history-instance')])
const version = (more: Told = {}): Step => told('vread', 'Condition/c1/_history/1', { answer: condition, ...more })
const profiled = (name: string, ...supportedProfile: string[]): object => type(name, 'read', { supportedProfile })
const core = usCore('us-core-patient')
const ofSystem = declares([], { interaction: [{ code: 'batch' }] })
const atRoot = (more: Told): Step => told('probe', '', { method: 'POST', intent: { at: 'system' }, ...more })
const expanding = declares([type('ValueSet', '', operation('expand'))])
const expanded = (more: Told = {}): Step => told('probe', 'ValueSet/$expand?url=x', { answer: {}, ...more })
const consents = declares([type('Consent', 'search-type')])

const rows: readonly Row[] = [
  ['both work', 'PDEX-003', 'pass', [conditions, readCondition(), searched]],
  [
    'the search is refused',
    'PDEX-003',
    'fail wrong-status',
    [conditions, readCondition(), search('Condition?patient=ana', refused())],
  ],
  [
    'refused once, and then not',
    'PDEX-003',
    'pass',
    [conditions, readCondition(refused(404)), readCondition(), searched],
  ],
  [
    'the read says that nothing is new',
    'PDEX-003',
    'pass',
    [conditions, readCondition({ status: 304, answer: '' }), searched],
  ],
  ['put off', 'PDEX-003', 'skip not-decided', [conditions, readCondition(slow), searched]],
  [
    'one was not tried',
    'PDEX-003',
    'skip not-decided: nobody tried search-type of Condition',
    [conditions, readCondition()],
  ],
  [
    'what another client, nobody, or somebody on purpose wrong asked does not count',
    'PDEX-003',
    'skip not-decided: nobody tried read of Condition, search-type of Condition',
    [
      conditions,
      readCondition({ from: 'another payer' }),
      readCondition({ headers: { Accept: 'application/fhir+json' } }),
      readCondition({ intent: { mistake: 'foreign' } }),
      readCondition({ intent: { state: 'deleted' } }),
      version(),
    ],
  ],
  [
    'Medication and Provenance need only be read',
    'PDEX-003',
    'pass',
    [
      declares([type('Medication', 'read'), type('Provenance', 'read')]),
      read('Medication/m', { answer: { resourceType: 'Medication', id: 'm' } }),
      read('Provenance/p', { answer: { resourceType: 'Provenance', id: 'p' } }),
    ],
  ],
  [
    'no type of the table is declared',
    'PDEX-003',
    'skip not-decided: no payload type',
    [declares([type('Specimen', 'read')]), readCondition()],
  ],

  ['a version is read', 'PDEX-004', 'pass', [versioned, version()]],
  ['a version cannot be read', 'PDEX-004', 'skip wrong-status', [versioned, version(refused(404))]],
  [
    'another version comes',
    'PDEX-004',
    'skip wrong-version',
    [versioned, told('vread', 'Condition/c1/_history/2', { answer: condition })],
  ],
  [
    'the history is no history',
    'PDEX-004',
    'skip wrong-bundle',
    [versioned, told('history', 'Condition/c1/_history', { answer: searchset([condition]) })],
  ],
  ['versions are not declared', 'PDEX-004', 'skip not-decided', [conditions, version(refused(404))]],
  [
    'a version that is not there, and somebody else’s',
    'PDEX-004',
    'skip not-decided',
    [
      versioned,
      version({ ...refused(404), intent: { mistake: 'unknown-id' } }),
      version({ ...refused(404), from: 'another payer' }),
    ],
  ],

  ['Patient is not declared', 'PDEX-327', 'fail undeclared: Patient is not declared', [conditions]],
  [
    'its profile is not named',
    'PDEX-327',
    'fail undeclared: declared without',
    [declares([profiled('Patient', `${core}-x`)]), read('Patient/ana', { answer: patient })],
  ],
  [
    'its profile is named',
    'PDEX-327',
    'pass',
    [declares([profiled('Patient', `${core}|6.1.0`)]), read('Patient/ana', { answer: patient })],
  ],
  [
    'a Patient is none of US Core',
    'PDEX-327',
    'fail invalid-resource',
    [declares([profiled('Patient', core)]), read('Patient/ana', { answer: { ...patient, name: undefined } })],
  ],

  ['Patient alone', 'PDEX-328', 'fail undeclared', [declares([profiled('Patient', core)])]],
  [
    'a further type with no profile of the guides',
    'PDEX-328',
    'fail undeclared',
    [declares([profiled('Patient', core), profiled('Condition', 'https://old.example/x')])],
  ],
  [
    'a further type',
    'PDEX-328',
    'pass',
    [declares([profiled('Patient', core), profiled('Condition', usCore('us-core-condition'), 'x')])],
  ],

  ['profiles are named', 'PDEX-337', 'pass', [readCondition()]],
  [
    'one names none',
    'PDEX-337',
    'warning missing-profile: 1 of 2',
    [readCondition(), read('Condition/c2', { answer: { ...condition, id: 'c2', meta: {} } })],
  ],
  [
    'one does not satisfy what it names',
    'PDEX-337',
    'warning false-claim',
    [readCondition({ answer: { ...condition, subject: undefined } })],
  ],
  [
    'one names what nobody knows',
    'PDEX-337',
    'skip not-decided: not every claim',
    [readCondition({ answer: { ...condition, meta: { profile: ['https://old.example/StructureDefinition/x'] } } })],
  ],
  [
    'only what was cut short came',
    'PDEX-337',
    'skip not-decided: nothing came',
    [readCondition({ answer: { ...condition, meta: { tag: [{ code: 'SUBSETTED' }] } } })],
  ],

  [
    'nothing for the system is declared',
    'PDEX-341',
    'skip not-decided: no interaction',
    [conditions, atRoot({ status: 404 })],
  ],
  [
    'a batch was not tried',
    'PDEX-341',
    'skip not-decided: nobody tried batch',
    [ofSystem, told('probe', '', { status: 404 }), read('Patient/ana', { intent: { at: 'system' } })],
  ],
  ['a batch works', 'PDEX-341', 'pass', [ofSystem, atRoot({ answer: {} })]],
  ['a batch is refused with a reason', 'PDEX-341', 'pass', [ofSystem, atRoot({ status: 403 })]],
  ['a batch is not there', 'PDEX-341', 'skip wrong-status', [ofSystem, atRoot({ status: 404 })]],

  [
    '$expand is not declared',
    'PDEX-343',
    'skip not-decided: ValueSet/$expand is not declared',
    [conditions, expanded()],
  ],
  [
    '$expand is another operation',
    'PDEX-343',
    'skip not-decided: ValueSet/$expand is not declared',
    [declares([type('ValueSet', '', operation('validate-code'))]), expanded()],
  ],
  ['$expand was not tried', 'PDEX-343', 'skip not-decided: nobody tried', [expanding, readCondition()]],
  ['$expand works', 'PDEX-343', 'pass', [expanding, expanded()]],
  ['$expand knows no such value set', 'PDEX-343', 'pass', [expanding, expanded({ status: 404 })]],
  ['$expand fails', 'PDEX-343', 'warning wrong-status', [expanding, expanded({ status: 500 })]],

  [
    'the match is declared',
    'PDEX-344',
    'pass',
    [declares([type('Patient', '', operation('member-match', `${match}|1.2.0`))])],
  ],
  [
    'by another definition',
    'PDEX-344',
    'warning wrong-definition',
    [declares([type('Patient', '', operation('member-match', 'https://old.example/match'))])],
  ],
  [
    'by no definition',
    'PDEX-344',
    'warning wrong-definition',
    [declares([type('Patient', '', operation('member-match'))])],
  ],
  [
    'only another operation',
    'PDEX-344',
    'warning undeclared',
    [declares([type('Patient', '', operation('everything', match))])],
  ],

  [
    'Consent is not offered',
    'PDEX-353',
    'skip not-decided: Consent is not offered',
    [conditions, search('Consent?patient=ana', refused())],
  ],
  [
    'nobody searched it by patient',
    'PDEX-353',
    'skip not-decided: nobody searched',
    [
      consents,
      search('Consent?status=active', refused()),
      search('Condition?patient=ana', refused()),
      read('Consent/c?patient=ana', refused()),
      search('Consent?patient=iris', { ...refused(), intent: { mistake: 'foreign' } }),
    ],
  ],
  ['Consents are found', 'PDEX-353', 'pass', [consents, search('Consent?patient=ana')]],
  ['Consents are refused', 'PDEX-353', 'warning wrong-status', [consents, search('Consent?patient=ana', refused())]],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
