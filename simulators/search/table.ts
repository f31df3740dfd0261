/**
 * What a payer's FHIR server offers for each type: search parameters, combinations, includes, profiles. One row a type,
 * after pdex-server (US Core 3.1.1), pdex-server-6-1 and CARIN's c4bb; what one of them asks for is offered to all.
 */
import { address, date, hl7, patient, reference, row, type TypeRow, text, token } from './params.ts'

const performed = 'performedDateTime|performedPeriod'
const effective = 'effectiveDateTime|effectivePeriod|effectiveInstant|effectiveTiming'
const onset = 'onsetDateTime|onsetPeriod'

export const searchTable: Readonly<Record<string, TypeRow>> = {
  AllergyIntolerance: row([patient('patient'), token('clinical-status', 'clinicalStatus')], {
    combinations: ['patient+clinical-status'],
    care: `${onset}|recordedDate`,
  }),
  CarePlan: row(
    [patient('subject'), token('category'), token('status', 'status', hl7('request-status')), date('date', 'period')],
    {
      combinations: [
        'patient+category',
        'patient+category+status',
        'patient+category+status+date',
        'patient+category+date',
      ],
      care: 'period',
    },
  ),
  CareTeam: row(
    [patient('subject'), token('status', 'status', hl7('care-team-status')), token('role', 'participant.role')],
    {
      combinations: ['patient+status', 'patient+role'],
      includes: {
        'participant:Patient': 'participant.member',
        'participant:Practitioner': 'participant.member',
        'participant:PractitionerRole': 'participant.member',
        'participant:RelatedPerson': 'participant.member',
      },
      care: 'period',
    },
  ),
  Condition: row(
    [
      patient('subject'),
      token('category'),
      token('clinical-status', 'clinicalStatus'),
      token('code'),
      reference('encounter', 'encounter', 'Encounter'),
      date('onset-date', onset),
      date('asserted-date', 'extension(http://hl7.org/fhir/StructureDefinition/condition-assertedDate).valueDateTime'),
      date('recorded-date', 'recordedDate'),
      date('abatement-date', 'abatementDateTime|abatementPeriod'),
    ],
    {
      combinations: [
        'patient+category',
        'patient+category+clinical-status',
        'patient+category+encounter',
        'patient+clinical-status',
        'patient+code',
        'patient+onset-date',
        'patient+asserted-date',
        'patient+recorded-date',
        'patient+abatement-date',
      ],
      care: `${onset}|recordedDate`,
    },
  ),
  Consent: row([patient('patient')], { care: 'dateTime' }),
  Coverage: row([patient('beneficiary')], { includes: { payor: 'payor' } }),
  Device: row([patient('patient'), token('type'), token('status', 'status', hl7('device-status'))], {
    combinations: ['patient+type', 'patient+status'],
  }),
  DiagnosticReport: row(
    [
      patient('subject'),
      token('status', 'status', hl7('diagnostic-report-status')),
      token('category'),
      token('code'),
      date('date', effective),
    ],
    {
      combinations: [
        'patient+category',
        'patient+category+date',
        'patient+code',
        'patient+code+date',
        'patient+status',
      ],
      care: effective,
    },
  ),
  DocumentReference: row(
    [
      patient('subject'),
      token('status', 'status', hl7('document-reference-status')),
      token('category'),
      token('type'),
      date('date'),
      date('period', 'context.period'),
    ],
    {
      combinations: [
        'patient+type',
        'patient+category',
        'patient+category+date',
        'patient+status',
        'patient+type+period',
      ],
      care: 'context.period|date',
    },
  ),
  Encounter: row(
    [
      patient('subject'),
      token('class'),
      date('date', 'period'),
      token('identifier'),
      reference('location', 'location.location', 'Location'),
      token('status', 'status', hl7('encounter-status')),
      token('type'),
      token('discharge-disposition', 'hospitalization.dischargeDisposition'),
    ],
    {
      combinations: [
        'date+patient',
        'class+patient',
        'patient+type',
        'patient+status',
        'patient+location',
        'patient+discharge-disposition',
      ],
      care: 'period',
    },
  ),
  ExplanationOfBenefit: row(
    [
      patient('patient'),
      token('type'),
      token('identifier'),
      token('use', 'use', hl7('claim-use')),
      date('service-date', 'billablePeriod|item.servicedDate|item.servicedPeriod'),
      date('service-start-date', 'billablePeriod.start|item.servicedDate|item.servicedPeriod.start'),
      date('billable-period-start', 'billablePeriod.start'),
    ],
    {
      includes: {
        patient: 'patient',
        provider: 'provider',
        'care-team': 'careTeam.provider',
        coverage: 'insurance.coverage',
        insurer: 'insurer',
        payee: 'payee.party',
        '*': '*',
      },
      care: 'billablePeriod|item.servicedDate|item.servicedPeriod',
    },
  ),
  Goal: row(
    [
      patient('subject'),
      token('lifecycle-status', 'lifecycleStatus', hl7('goal-status')),
      date('target-date', 'target.dueDate'),
      token('description'),
    ],
    { combinations: ['patient+lifecycle-status', 'patient+target-date', 'patient+description'], care: 'startDate' },
  ),
  Group: row(
    [
      token('identifier'),
      token('characteristic', 'characteristic.code'),
      token('code'),
      reference('characteristic-value-reference', 'characteristic.valueReference', 'Organization'),
    ],
    { of: 'nobody' },
  ),
  Immunization: row(
    [patient('patient'), token('status', 'status', hl7('event-status')), date('date', 'occurrenceDateTime')],
    {
      combinations: ['patient+date', 'patient+status'],
      care: 'occurrenceDateTime',
    },
  ),
  Location: row([text('name', 'name|alias'), ...address], { of: 'nobody' }),
  Medication: row([token('code')], { of: 'nobody' }),
  MedicationDispense: row(
    [
      patient('subject'),
      token('status', 'status', 'http://terminology.hl7.org/CodeSystem/medicationdispense-status'),
      token('type'),
    ],
    {
      combinations: ['patient+status', 'patient+status+type'],
      includes: { medication: 'medicationReference' },
      care: 'whenHandedOver|whenPrepared',
    },
  ),
  MedicationRequest: row(
    [
      patient('subject'),
      token('status', 'status', hl7('CodeSystem/medicationrequest-status')),
      token('intent', 'intent', hl7('CodeSystem/medicationrequest-intent')),
      reference('encounter', 'encounter', 'Encounter'),
      date('authoredon', 'authoredOn'),
    ],
    {
      combinations: [
        'patient+intent',
        'patient+intent+status',
        'patient+intent+encounter',
        'patient+intent+authoredon',
      ],
      includes: { medication: 'medicationReference' },
      care: 'authoredOn',
    },
  ),
  Observation: row(
    [
      patient('subject'),
      token('status', 'status', hl7('observation-status')),
      token('category'),
      token('code'),
      date('date', effective),
    ],
    {
      combinations: [
        'patient+category',
        'patient+category+date',
        'patient+category+status',
        'patient+code',
        'patient+code+date',
      ],
      care: effective,
    },
  ),
  Organization: row([text('name', 'name|alias'), text('address')], { of: 'nobody' }),
  Patient: row(
    [
      token('identifier'),
      text('name'),
      text('family', 'name.family'),
      text('given', 'name.given'),
      token('gender', 'gender', hl7('administrative-gender')),
      date('birthdate', 'birthDate'),
      date('death-date', 'deceasedDateTime'),
    ],
    { combinations: ['birthdate+name', 'gender+name', 'birthdate+family', 'family+gender', 'death-date+family'] },
  ),
  Practitioner: row([text('name'), token('identifier')], { of: 'nobody' }),
  PractitionerRole: row([token('specialty'), reference('practitioner', 'practitioner', 'Practitioner')], {
    of: 'nobody',
    includes: { practitioner: 'practitioner', endpoint: 'endpoint' },
  }),
  Procedure: row(
    [patient('subject'), token('status', 'status', hl7('event-status')), token('code'), date('date', performed)],
    {
      combinations: ['patient+date', 'patient+code+date', 'patient+status'],
      care: performed,
    },
  ),
  Provenance: row([reference('target', 'target'), date('recorded')], { of: 'nobody' }),
  Questionnaire: row([token('url')], { of: 'nobody' }),
  QuestionnaireResponse: row(
    [
      patient('subject'),
      token('status', 'status', hl7('questionnaire-answers-status')),
      date('authored'),
      reference('questionnaire', 'questionnaire', 'Questionnaire'),
    ],
    { combinations: ['patient+status', 'patient+authored', 'patient+questionnaire'], care: 'authored' },
  ),
  RelatedPerson: row([patient('patient'), text('name')], { combinations: ['patient+name'] }),
  ServiceRequest: row(
    [
      patient('subject'),
      token('status', 'status', hl7('request-status')),
      token('category'),
      token('code'),
      date('authored', 'authoredOn'),
    ],
    {
      combinations: [
        'patient+category',
        'patient+category+authored',
        'patient+code',
        'patient+code+authored',
        'patient+status',
      ],
      care: 'authoredOn',
    },
  ),
  Specimen: row([patient('subject')]),
  Endpoint: row([token('status', 'status', hl7('endpoint-status'))], { of: 'nobody' }),
}
