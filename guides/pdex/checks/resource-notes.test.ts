/** Notes of PDex's CapabilityStatements on single types, and on dates of a search: what comes, what is lacking, what nobody can tell. */
import { expect, it } from 'vitest'
import { all, form, holding, mistake, refused } from '../../told/questions.ts'
import { declaring } from '../../told/searches.ts'
import { type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const older = { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1' } }
const came = (...resources: readonly object[]): Step[] => [
  told('search', 'Condition?patient=ana', { answer: searchset(resources) }),
]
const of = (resourceType: string, more: object = {}): object => ({ resourceType, id: '1', ...more })
const team = (...members: readonly object[]): object =>
  of('CareTeam', { participant: members.map((member) => ({ member })) })
const practitioner = { reference: 'Practitioner/p' }
const asserted = [{ url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: '2020' }]
const npi = { identifier: [{ system: 'urn:x' }, { system: 'http://hl7.org/fhir/sid/us-npi', value: '9000000019' }] }
const screening = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-screening-assessment'
const declares = (...supportedProfile: readonly string[]): Step[] => [
  declaring({ type: 'Observation', supportedProfile }),
]

const notes: readonly Row[] = [
  ['a practitioner in the team', 'PDEX-363', 'pass', came(team({ reference: 'Patient/ana' }, practitioner))],
  ['a role by its type', 'PDEX-363', 'pass', came(team({ type: 'PractitionerRole' }))],
  ['one team of two has one', 'PDEX-363', 'pass', came(team(), { ...team(practitioner), id: '2' })],
  ['none, though the payer knows one', 'PDEX-363', 'fail missing-element', came(team()), holding(team(practitioner))],
  [
    'none, and the payer knows one of another team',
    'PDEX-363',
    'skip not-decided',
    came(team()),
    holding({ ...team(practitioner), id: '2' }),
  ],
  ['none, and nobody knows one', 'PDEX-363', 'skip not-decided', came(team({ reference: 'Organization/o' }))],
  ['no team', 'PDEX-363', 'skip not-decided: no CareTeam', [all]],

  [
    'a reason and a place',
    'PDEX-368',
    'pass',
    came(of('Encounter', { reasonReference: [{}], location: [{ location: {} }] })),
  ],
  [
    'each by another encounter',
    'PDEX-368',
    'pass',
    came(of('Encounter', { reasonCode: [{}] }), of('Encounter', { id: '2', serviceProvider: {} })),
  ],
  [
    'neither is there, though known',
    'PDEX-368',
    'fail missing-element missing-element',
    came(of('Encounter')),
    holding(of('Encounter', { reasonCode: [{}], serviceProvider: {} })),
  ],
  [
    'the place alone is known',
    'PDEX-368',
    'fail not-decided missing-element',
    came(of('Encounter')),
    holding(of('Encounter', { serviceProvider: {} })),
  ],
  ['no encounter', 'PDEX-368', 'skip not-decided: no Encounter came', [all]],
  ['recorded and asserted', 'PDEX-370', 'pass', came(of('Condition', { recordedDate: '2020', extension: asserted }))],
  [
    'recorded alone',
    'PDEX-370',
    'fail missing-element',
    came(of('Condition', { recordedDate: '2020' })),
    holding(of('Condition', { extension: asserted })),
  ],
  [
    'nothing of it before US Core 6.1',
    'PDEX-370',
    'skip not-decided: only the statement',
    came(of('Condition')),
    { ...holding(of('Condition', { recordedDate: '2020' })), ...older },
  ],
  [
    'a goal begins, whatever the edition',
    'PDEX-369',
    'pass',
    came(of('Goal', { target: [{ dueDate: '2020' }] })),
    older,
  ],

  ['a value', 'PDEX-374', 'pass', came(of('Observation', { valueString: 'x' }))],
  ['a value that is given by an extension', 'PDEX-374', 'pass', came(of('Observation', { _valueDateTime: {} }))],
  ['a reason', 'PDEX-374', 'pass', came(of('Observation', { dataAbsentReason: {} }))],
  ['neither', 'PDEX-374', 'fail missing-value: Observation/1 has neither', came(of('Observation', { value: 'x' }))],
  ['a group', 'PDEX-374', 'pass', came(of('Observation', { hasMember: [{}] }))],
  [
    'parts',
    'PDEX-374',
    'pass',
    came(of('Observation', { component: [{ valueInteger: 1 }, { dataAbsentReason: {} }] })),
  ],
  [
    'a part without',
    'PDEX-374',
    'fail missing-value: a component',
    came(of('Observation', { component: [{ valueInteger: 1 }, { code: {} }] })),
  ],
  ['neither, before US Core 6.1', 'PDEX-374', 'skip not-decided', came(of('Observation')), older],
  ['no observation', 'PDEX-374', 'skip not-decided: no Observation', [all]],

  [
    'one organization has an NPI',
    'PDEX-375',
    'pass',
    came(of('Organization'), of('Organization', { id: '2', ...npi })),
  ],
  [
    'none, though known',
    'PDEX-375',
    'fail missing-identifier',
    came(of('Organization')),
    holding(of('Organization', npi)),
  ],
  ['none, as payers have none', 'PDEX-375', 'skip not-decided: nobody knows', came(of('Organization'))],
  ['no organization', 'PDEX-375', 'skip not-decided: no Organization came', [all]],

  ['a member number', 'PDEX-376', 'pass', came(of('Patient', { identifier: [{ system: 'urn:x' }] }))],
  [
    'a Social Security Number',
    'PDEX-376',
    'warning social-security-number',
    came(of('Patient', { identifier: [{ system: 'http://hl7.org/fhir/sid/us-ssn' }] })),
  ],
  [
    'one by its type',
    'PDEX-376',
    'warning social-security-number',
    came(of('Patient', { identifier: [{ type: { coding: [{ code: 'x' }, { code: 'SS' }] } }] })),
  ],
  ['no Patient', 'PDEX-376', 'skip not-decided: no Patient', [all]],

  ['screening is declared', 'PDEX-379', 'pass', declares('x', `${screening}|6.1.0`)],
  ['screening is not declared', 'PDEX-379', 'fail undeclared', declares(`${screening}-x`)],
  ['screening before US Core 6.1', 'PDEX-379', 'skip not-decided', declares(), older],
]

const found = { ...of('Condition', { onsetDateTime: '2020-01-05T10:00:00Z' }), id: 'c' }
const birth = of('Patient', { birthDate: '1980-04-02' })
const search = (query: string, more: Told = {}): Step => told('search', query, { answer: searchset([found]), ...more })
const after = (date: string, more: Told = {}): Step =>
  search(`Condition?onset-date=ge${encodeURIComponent(date)}`, more)
const [exact, offset, day] = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000+01:00', '2020-01-01']
const born = (date: string, more: Told = {}): Step =>
  told('search', `Patient?birthdate=${date}`, { answer: searchset([birth]), ...more })

const dates: readonly Row[] = [
  ['to the second', 'PDEX-354', 'pass', [after(exact)]],
  ['with an offset', 'PDEX-354', 'pass', [after(offset)]],
  ['too much is found', 'PDEX-354', 'fail wrong-match', [after('2021-01-01T00:00:00Z')]],
  ['refused', 'PDEX-354', 'fail wrong-status', [after(exact, refused())]],
  ['refused, and a day is taken', 'PDEX-354', 'fail wrong-status', [after(exact, refused()), after(day)]],
  [
    'refused, as a day is',
    'PDEX-354',
    'skip not-decided: no parameter that is offered',
    [after(exact, refused()), after(day, refused())],
  ],
  [
    'refused, as a day of another parameter is',
    'PDEX-354',
    'fail wrong-status',
    [after(exact, refused()), search('Condition?recorded-date=2020-01-01', refused())],
  ],
  [
    'refused, as a day of another type is',
    'PDEX-354',
    'fail wrong-status',
    [after(exact, refused()), search('Goal?onset-date=2020-01-01', refused())],
  ],
  ['a day where FHIR has days', 'PDEX-354', 'skip not-decided: no parameter that is offered', [born('1980-04-02')]],
  ['a wrong day where FHIR has days', 'PDEX-354', 'fail wrong-match not-decided', [born('1981-04-02')]],
  [
    'a day where FHIR has more',
    'PDEX-354',
    'skip not-decided: there was',
    [
      after(day),
      after(exact, mistake('x')),
      told('next-page', `Condition?onset-date=${exact}`, refused()),
      after('2020-01-01T00:00:00'),
    ],
  ],

  ['sent to the second', 'PDEX-355', 'pass', [after(exact)]],
  ['sent by the day', 'PDEX-355', 'warning imprecise-date', [after(day)]],
  ['sent without an offset', 'PDEX-355', 'warning imprecise-date', [after('2020-01-01T00:00:00')]],
  ['a day where FHIR has days', 'PDEX-355', 'pass', [born('1980-04-02')]],
  [
    'on purpose, by somebody else, or no date',
    'PDEX-355',
    'skip not-decided',
    [
      after(day, form('day')),
      after(day, mistake('x')),
      after(day, { from: 'another payer' }),
      { ...after(day), to: 'another payer' },
      search('Condition?code=2020'),
    ],
  ],
]

it.each(notes)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf(row[4]))).toBe(row[2])
})
it.each(dates)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
