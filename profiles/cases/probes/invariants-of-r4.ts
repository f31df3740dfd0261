/** Invariants of R4's own datatypes and resources, each met and broken. */
import { core, type Probe } from '../probe.ts'
import { coded, condition, observation, organization, parameters, patient, questionnaire, ucum } from '../resources.ts'

const g = (value: number, code = 'g'): object => ({ value, system: ucum, code })
const timing = (repeat: object): object => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/1' },
  occurrenceTiming: { repeat },
})
const absent = { extension: [{ url: core('data-absent-reason'), valueCode: 'unknown' }] }
const repeat = 'invariant ServiceRequest.occurrence.ofType(Timing).repeat'
const item = (more: object): object => questionnaire({ linkId: '1', type: 'string', ...more })
const clinical = (code: string): object => coded(code, 'http://terminology.hl7.org/CodeSystem/condition-clinical')
const verified = (code: string): object => coded(code, 'http://terminology.hl7.org/CodeSystem/condition-ver-status')
const reaction = (more: object): object => ({
  resourceType: 'AllergyIntolerance',
  patient: { reference: 'Patient/1' },
  ...more,
})
const allergic = (code: string): object =>
  coded(code, 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical')
const allergyVerified = (code: string): object =>
  coded(code, 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification')
const value = (type: string, each: object): object => parameters({ name: 'p', [`value${type}`]: each })
const at = (type: string): string => `invariant Parameters.parameter[0].value.ofType(${type})`

export const invariantsOfR4: readonly Probe[] = [
  {
    feature: 'Period: the end is not before the start (per-1)',
    good: [
      value('Period', { start: '2020-01-01', end: '2020-01-01' }),
      value('Period', { start: '2020', end: '2021' }),
      value('Period', { end: '2020' }),
      // Of dates of another precision neither comes first for sure.
      value('Period', { start: '2020', end: '2020-05' }),
      value('Period', { start: '2020-05-01', end: '2020-05-01T10:00:00Z' }),
      value('Period', { _start: absent, end: '2020' }),
      value('Period', { start: '2020-01-01T10:00:00+02:00', end: '2020-01-01T09:00:00Z' }),
    ],
    bad: [
      [value('Period', { start: '2021', end: '2020' }), at('Period')],
      [value('Period', { start: '2020-01-02', end: '2020-01-01' }), at('Period')],
      [value('Period', { start: '2020-05', end: '2019' }), at('Period')],
      [value('Period', { start: '2020-01-01T10:00:00Z', end: '2020-01-01T10:00:00+02:00' }), at('Period')],
    ],
  },
  {
    feature: 'Range and Ratio (rng-2, rat-1)',
    good: [
      value('Range', { low: g(1), high: g(2) }),
      value('Range', { low: g(1, 'g'), high: g(1, 'kg') }),
      value('Range', { low: g(2, 'g'), high: g(1, 'cm') }),
      value('Range', { low: { value: 2, unit: 'a' }, high: { value: 1, unit: 'b' } }),
      value('Ratio', { numerator: g(1), denominator: g(2) }),
      value('Ratio', {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
      }),
    ],
    bad: [
      [value('Range', { low: g(2), high: g(1) }), at('Range')],
      [value('Range', { low: g(1, 'kg'), high: g(1, 'g') }), at('Range')],
      [value('Ratio', { numerator: g(1) }), at('Ratio')],
    ],
  },
  {
    feature: 'Quantity and those made of it (qty-3, age-1, drt-1, cnt-3, sqty-1)',
    good: [
      value('Quantity', { value: 1 }),
      value('Quantity', { value: 1, system: ucum, code: 'g' }),
      value('Age', { value: 1, system: ucum, code: 'a' }),
      value('Duration', { value: 1, system: ucum, code: 'h' }),
      value('Count', { value: 1, system: ucum, code: '1' }),
      value('Distance', { value: 1, system: ucum, code: 'km' }),
      value('Money', { value: 1.5, currency: 'EUR' }),
    ],
    bad: [
      [value('Quantity', { value: 1, code: 'g' }), at('Quantity')],
      [value('Age', { value: -1, system: ucum, code: 'a' }), at('Age')],
      [value('Age', { value: 1 }), at('Age')],
      [
        value('Age', { value: 1, system: 'http://u', code: 'a' }),
        at('Age'),
        'binding-maximum Parameters.parameter[0].value.ofType(Age)',
      ],
      [
        value('Duration', { value: 1, code: 'h' }),
        at('Duration'),
        'binding-maximum Parameters.parameter[0].value.ofType(Duration)',
      ],
      [value('Count', { value: 1.5, system: ucum, code: '1' }), at('Count')],
      [value('Count', { value: 1, system: ucum, code: 'g' }), at('Count')],
      [value('Distance', { value: 1 }), at('Distance')],
      [
        value('Money', { value: 1, currency: 'EURO' }),
        'binding-required Parameters.parameter[0].value.ofType(Money).currency',
      ],
      [
        value('Quantity', { value: 1, comparator: '=' }),
        'binding-required Parameters.parameter[0].value.ofType(Quantity).comparator',
      ],
    ],
  },
  {
    feature: 'ContactPoint, Attachment, Coding and the like (cpt-2, att-1, con)',
    good: [
      value('ContactPoint', { system: 'phone', value: '1' }),
      value('ContactPoint', { use: 'home' }),
      value('Attachment', { contentType: 'text/plain', data: 'QUJD', size: 3 }),
      value('Attachment', { contentType: 'text/plain', data: 'QUJD', hash: 'PAG9uybzWLqyfyZ5JKosmgP8/bg=' }),
      value('Attachment', { url: 'http://x', title: 't' }),
    ],
    bad: [
      [value('ContactPoint', { value: '1' }), at('ContactPoint')],
      [value('Attachment', { data: 'QUJD' }), at('Attachment')],
      [
        value('Attachment', { contentType: 'text/plain', data: 'QUJD', size: 4 }),
        'value-attachment Parameters.parameter[0].value.ofType(Attachment).size',
      ],
      [
        value('Attachment', { contentType: 'text/plain', data: 'QUJE', hash: 'PAG9uybzWLqyfyZ5JKosmgP8/bg=' }),
        'value-attachment Parameters.parameter[0].value.ofType(Attachment).hash',
      ],
      [
        value('Attachment', { contentType: 'text', data: 'QUJD' }),
        'binding-required Parameters.parameter[0].value.ofType(Attachment).contentType',
      ],
    ],
  },
  {
    feature: 'Timing.repeat (tim-1 to tim-10)',
    good: [
      timing({ frequency: 1, period: 1, periodUnit: 'd' }),
      timing({ duration: 1, durationUnit: 'h', durationMax: 2 }),
      timing({ when: ['MORN'], offset: 10 }),
      timing({ timeOfDay: ['10:00:00'] }),
    ],
    bad: [
      [timing({ duration: 1 }), repeat],
      [timing({ period: 1 }), repeat],
      [timing({ frequency: 1, period: -1, periodUnit: 'd' }), repeat],
      [timing({ duration: -1, durationUnit: 'h' }), repeat],
      [timing({ countMax: 3, frequency: 1 }), repeat],
      [timing({ periodMax: 3, frequency: 1 }), repeat],
      [timing({ durationMax: 3, frequency: 1 }), repeat],
      [timing({ offset: 3 }), repeat],
      [timing({ when: ['C'], offset: 3 }), repeat],
      [timing({ when: ['MORN'], timeOfDay: ['10:00:00'] }), repeat],
    ],
  },
  {
    feature: 'Patient.contact, Organization (pat-1, org-1 to org-3)',
    good: [
      patient({ contact: [{ name: { text: 'x' } }] }),
      organization(),
      { resourceType: 'Organization', identifier: [{ value: '1' }] },
    ],
    bad: [
      [patient({ contact: [{ gender: 'male' }] }), 'invariant Patient.contact[0]'],
      [{ resourceType: 'Organization', active: true }, 'invariant Organization'],
      [organization({ telecom: [{ system: 'phone', value: '1', use: 'home' }] }), 'invariant Organization.telecom[0]'],
      [organization({ address: [{ use: 'home', city: 'X' }] }), 'invariant Organization.address[0]'],
    ],
  },
  {
    feature: 'Observation (obs-3, obs-6, obs-7)',
    good: [
      observation({ referenceRange: [{ text: 'x' }] }),
      observation({ dataAbsentReason: { text: 'x' } }),
      observation({ code: coded('a'), component: [{ code: coded('b'), valueString: 'x' }], valueString: 'y' }),
      observation({ code: coded('a'), component: [{ code: coded('a'), valueString: 'x' }] }),
    ],
    bad: [
      [
        observation({ referenceRange: [{ age: { low: { value: 1, system: ucum, code: 'a' } } }] }),
        'invariant Observation.referenceRange[0]',
      ],
      [observation({ valueString: 'x', dataAbsentReason: { text: 'y' } }), 'invariant Observation'],
      [observation({ code: coded('a'), component: [{ code: coded('a') }], valueString: 'y' }), 'invariant Observation'],
    ],
  },
  {
    feature: 'Condition and AllergyIntolerance (con-4, con-5, ait-1, ait-2)',
    good: [
      condition({ clinicalStatus: clinical('resolved'), abatementDateTime: '2020' }),
      condition({ verificationStatus: verified('entered-in-error') }),
      reaction({ clinicalStatus: allergic('active'), verificationStatus: allergyVerified('confirmed') }),
      reaction({ verificationStatus: allergyVerified('entered-in-error') }),
    ],
    bad: [
      [condition({ clinicalStatus: clinical('active'), abatementDateTime: '2020' }), 'invariant Condition'],
      [
        condition({ clinicalStatus: clinical('active'), verificationStatus: verified('entered-in-error') }),
        'invariant Condition',
      ],
      [condition({ stage: [{ type: { text: 'x' } }] }), 'invariant Condition.stage[0]'],
      [
        condition({ evidence: [{ id: 'a' }] }),
        'structure-empty Condition.evidence[0]',
        'invariant Condition.evidence[0]',
      ],
      [reaction({ verificationStatus: allergyVerified('confirmed') }), 'invariant AllergyIntolerance'],
      [
        reaction({ clinicalStatus: allergic('active'), verificationStatus: allergyVerified('entered-in-error') }),
        'invariant AllergyIntolerance',
      ],
      [condition({ clinicalStatus: { text: 'x' } }), 'binding-required Condition.clinicalStatus'],
    ],
  },
  {
    feature: 'Questionnaire (que-1 to que-13)',
    good: [
      questionnaire({ linkId: '1', type: 'group', item: [{ linkId: '2', type: 'string', maxLength: 5 }] }),
      questionnaire({ linkId: '1', type: 'choice', answerOption: [{ valueString: 'a' }] }),
      questionnaire(
        { linkId: '1', type: 'string' },
        { linkId: '2', type: 'string', enableWhen: [{ question: '1', operator: 'exists', answerBoolean: true }] },
      ),
      questionnaire({ linkId: '1', type: 'display', text: 'x' }),
    ],
    bad: [
      [questionnaire({ linkId: '1', type: 'string' }, { linkId: '1', type: 'string' }), 'invariant Questionnaire'],
      [item({ type: 'group' }), 'invariant Questionnaire.item[0]'],
      [item({ type: 'display', item: [{ linkId: '2', type: 'string' }] }), 'invariant Questionnaire.item[0]'],
      [item({ type: 'display', required: true }), 'invariant Questionnaire.item[0]'],
      [item({ type: 'display', code: [{ code: 'x' }] }), 'invariant Questionnaire.item[0]'],
      [item({ type: 'date', maxLength: 5 }), 'invariant Questionnaire.item[0]'],
      [
        item({ type: 'group', item: [{ linkId: '2', type: 'string' }], initial: [{ valueString: 'x' }] }),
        'invariant Questionnaire.item[0]',
      ],
      [item({ type: 'boolean', answerOption: [{ valueString: 'a' }] }), 'invariant Questionnaire.item[0]'],
      [
        item({ type: 'choice', answerOption: [{ valueString: 'a' }], answerValueSet: 'http://x/vs' }),
        'invariant Questionnaire.item[0]',
      ],
      [
        item({ type: 'choice', answerOption: [{ valueString: 'a' }], initial: [{ valueString: 'a' }] }),
        'invariant Questionnaire.item[0]',
      ],
      [item({ initial: [{ valueString: 'a' }, { valueString: 'b' }] }), 'invariant Questionnaire.item[0]'],
      [
        item({ enableWhen: [{ question: '1', operator: 'exists', answerString: 'x' }] }),
        'invariant Questionnaire.item[0].enableWhen[0]',
      ],
    ],
  },
  {
    feature: 'Parameters: a value, a resource or parts (inv-1)',
    good: [
      parameters(
        { name: 'a', valueString: 'x' },
        { name: 'b', resource: patient() },
        { name: 'c', part: [{ name: 'd', valueCode: 'x' }] },
      ),
    ],
    bad: [
      [parameters({ name: 'a', valueString: 'x', resource: patient() }), 'invariant Parameters.parameter[0]'],
      [
        parameters({ name: 'a', valueString: 'x', part: [{ name: 'b', valueString: 'x' }] }),
        'invariant Parameters.parameter[0]',
      ],
      [parameters({ valueString: 'x' }), 'cardinality-min Parameters.parameter[0].name'],
      [
        parameters({ name: 'a', part: [{ name: 'b', resource: patient({ gender: 'x' }) }] }),
        'binding-required Parameters.parameter[0].part[0].resource.gender',
      ],
      [parameters({ name: 'a', part: [{ valueString: 'x' }] }), 'cardinality-min Parameters.parameter[0].part[0].name'],
    ],
  },
]
