/**
 * Official examples that this validator refuses, one line each, with the rule that the example breaks. Nothing else in the packages'
 * examples may be refused, and each of these must be (a test holds both ways).
 */

export interface Dispute {
  readonly guide: string
  readonly example: string
  readonly code: string
  readonly at: string
  readonly rule: string
}

const fullUrl = 'A RESTful fullUrl ends with the type and id of its resource (R4 bundle.html#bundle-unique).'
const maximum =
  'The profile limits the unit by maxValueSet ucum-units; a dose form of HL7 v3 is no UCUM unit (elementdefinition-maxValueSet: codes outside are not allowed).'
const fhirPath = 'The Expression says that its language is text/fhirpath, but its text is a search query.'
const derivation =
  'questionnaire-derivationType has a Coding as value in the extension pack at hand (an earlier pack said CodeableConcept).'
const constraintKey =
  'The part "key" of questionnaire-constraint is an id in R4, the example has the string of an earlier form.'

const entity =
  'Entities of HTML (here &reg;) are not defined in XML, so a character stands in their place (R4 narrative.html).'

export const disputes: readonly Dispute[] = [
  ...['Inpatient2', 'Outpatient2', 'Professional1', 'Professional2', 'ProfessionalTransportation1'].map((name) => ({
    guide: 'hl7.fhir.us.carin-bb#2.0.0',
    example: `ExplanationOfBenefit-EOB${name}`,
    code: 'narrative-xhtml',
    at: 'ExplanationOfBenefit.text.div',
    rule: entity,
  })),
  {
    guide: 'hl7.fhir.us.core#3.1.1',
    example: 'Bundle-66c8856b-ba11-4876-8aa8-467aad8c11a2',
    code: 'bundle-full-url',
    at: 'Bundle.entry[2].fullUrl',
    rule: fullUrl,
  },
  {
    guide: 'hl7.fhir.us.core#3.1.1',
    example: 'Bundle-uscore-mo3',
    code: 'bundle-full-url',
    at: 'Bundle.entry[1].fullUrl',
    rule: 'A fullUrl is absolute (R4 Bundle.entry.fullUrl).',
  },
  {
    guide: 'hl7.fhir.us.core#3.1.1',
    example: 'DiagnosticReport-cardiology-report',
    code: 'primitive-format',
    at: 'DiagnosticReport.presentedForm[0].hash',
    rule: 'A full stop is no base64 character (RFC 4648, section 4).',
  },
  ...[
    'Observation.referenceRange[0].high.code',
    'Observation.referenceRange[0].low.code',
    'Observation.value.ofType(Quantity).code',
  ].map((at) => ({
    guide: 'hl7.fhir.us.core#3.1.1',
    example: 'Observation-usg',
    code: 'code-unknown',
    at,
    rule: 'A UCUM annotation has no spaces: its characters are ASCII 33 to 126 (UCUM, section 2.1, rule 6).',
  })),
  {
    guide: 'hl7.fhir.us.core#6.1.0',
    example: 'Bundle-66c8856b-ba11-4876-8aa8-467aad8c11a2',
    code: 'bundle-full-url',
    at: 'Bundle.entry[2].fullUrl',
    rule: fullUrl,
  },
  {
    guide: 'hl7.fhir.us.core#6.1.0',
    example: 'Bundle-docref-example-2',
    code: 'bundle-full-url',
    at: 'Bundle.entry[2].fullUrl',
    rule: fullUrl,
  },
  ...['hl7.fhir.us.davinci-crd#2.1.0', 'hl7.fhir.us.davinci-crd#2.2.0-ci'].flatMap((guide) => [
    {
      guide,
      example: 'MedicationRequest-annotated-example',
      code: 'reference-type',
      at: 'MedicationRequest.requester',
      rule: 'The profile allows a Practitioner as requester, the example refers to a PractitionerRole.',
    },
    ...[0, 1].map((dose) => ({
      guide,
      example: 'MedicationRequest-example',
      code: 'binding-maximum',
      at: `MedicationRequest.dosageInstruction[${dose}].doseAndRate[0].dose.ofType(Quantity)`,
      rule: maximum,
    })),
  ]),
  {
    guide: 'hl7.fhir.us.davinci-crd#2.2.0-ci',
    example: 'CommunicationRequest-example',
    code: 'extension-unknown',
    at: 'CommunicationRequest.payload[0].extension[0]',
    rule: 'The URL of an extension is the canonical of its definition; the example has it percent-encoded.',
  },
  {
    guide: 'hl7.fhir.us.davinci-crd#2.2.0-ci',
    example: 'CommunicationRequest-example',
    code: 'slice-min',
    at: 'CommunicationRequest.payload[0].extension',
    rule: 'The extension that the profile requires is there only under a percent-encoded URL.',
  },
  {
    guide: 'hl7.fhir.us.davinci-dtr#2.0.1',
    example: 'Bundle-DTRQuestionnairePackageOperationResultComplex',
    code: 'type-not-allowed',
    at: 'Bundle.entry[0].resource.derivedFrom[0].extension[0].value.ofType(CodeableConcept)',
    rule: derivation,
  },
  {
    guide: 'hl7.fhir.us.davinci-dtr#2.0.1',
    example: 'Bundle-DTRQuestionnairePackageOperationResultSimple',
    code: 'type-not-allowed',
    at: 'Bundle.entry[0].resource.derivedFrom[0].extension[0].value.ofType(CodeableConcept)',
    rule: derivation,
  },
  {
    guide: 'hl7.fhir.us.davinci-dtr#2.0.1',
    example: 'QuestionnaireResponse-home-o2-adaptive-questionnaireresponse',
    code: 'type-not-allowed',
    at: 'QuestionnaireResponse.contained[0].derivedFrom[0].extension[0].value.ofType(CodeableConcept)',
    rule: derivation,
  },
  {
    guide: 'hl7.fhir.us.davinci-hrex#1.0.0',
    example: 'Bundle-subscription-notification-with-document',
    code: 'bundle-full-url',
    at: 'Bundle.entry[2].fullUrl',
    rule: 'A RESTful fullUrl names the id of its resource, and the resource has none.',
  },
  {
    guide: 'hl7.fhir.us.davinci-hrex#1.0.0',
    example: 'Bundle-task-poll-response',
    code: 'bundle-full-url',
    at: 'Bundle.entry[1].fullUrl',
    rule: fullUrl,
  },
  {
    guide: 'hl7.fhir.us.davinci-hrex#1.0.0',
    example: 'ClaimResponse-UnsolicitedReferralAuthorizationResponseExample',
    code: 'extension-unknown',
    at: 'ClaimResponse.addItem[0].adjudication[0].extension[0]',
    rule: 'The guide does not define this extension (PAS has it under its own URL).',
  },
  {
    guide: 'hl7.fhir.us.davinci-hrex#1.0.0',
    example: 'ClaimResponse-UnsolicitedReferralAuthorizationResponseExample',
    code: 'extension-unknown',
    at: 'ClaimResponse.addItem[0].adjudication[0].extension[0].extension[1]',
    rule: 'The guide does not define this extension (PAS has it under its own URL).',
  },
  {
    guide: 'hl7.fhir.us.ndh#1.0.0',
    example: 'Consent-PatientConsent',
    code: 'definition-rules',
    at: 'Consent.extension[0].value.ofType(Expression).expression',
    rule: fhirPath,
  },
  ...[0, 1].map((at) => ({
    guide: 'hl7.fhir.us.ndh#1.0.0',
    example: 'Consent-PractitionerRestrict',
    code: 'definition-rules',
    at: `Consent.extension[${at}].value.ofType(Expression).expression`,
    rule: fhirPath,
  })),
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Bundle-questionnaire-sdc-profile-example',
    code: 'profile-wrong-type',
    at: 'Bundle',
    rule: 'The guide assigns a profile on Questionnaire to a Bundle.',
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Bundle-questionnaire-sdc-profile-example',
    code: 'bundle-full-url',
    at: 'Bundle.entry[3].fullUrl',
    rule: fullUrl,
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Parameters-sdc-modular-root-assembled',
    code: 'type-not-allowed',
    at: 'Parameters.parameter[0].resource.item[0].extension[1].extension[0].value.ofType(string)',
    rule: constraintKey,
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Parameters-sdc-modular-root-assembled',
    code: 'type-not-allowed',
    at: 'Parameters.parameter[0].resource.item[4].item[0].extension[1].extension[0].value.ofType(string)',
    rule: constraintKey,
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Questionnaire-sdc-modular-name',
    code: 'type-not-allowed',
    at: 'Questionnaire.extension[3].extension[0].value.ofType(string)',
    rule: constraintKey,
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Questionnaire-questionnaire-sdc-profile-example-PHQ9-search',
    code: 'cardinality-min',
    at: 'Questionnaire.date',
    rule: 'The profile that the guide assigns requires a date.',
  },
  {
    guide: 'hl7.fhir.uv.sdc#3.0.0',
    example: 'Questionnaire-questionnaire-sdc-profile-example-cqf-PHQ9',
    code: 'cardinality-min',
    at: 'Questionnaire.url',
    rule: 'The profile that the guide assigns requires a url.',
  },
]
