/**
 * Official examples that this validator refuses: the rule that each breaks, what is found, and the smallest change that makes it whole. Tests
 * hold that nothing else in the packages' examples is refused, that each of these is, that the change alone is the cause of what is found,
 * and that no other error is left behind it.
 */
import { at, type Change, inText, pick, rename, to } from './changes.ts'

export interface Dispute {
  readonly guide: string
  readonly example: string
  /** What the example breaks, and where that is said. */
  readonly rule: string
  readonly findings: readonly { readonly code: string; readonly at: string }[]
  /** What makes the example whole, or `unassigned`: the guide assigns a profile to it that is not for its type. */
  readonly mend: Change | 'unassigned'
}

const one = (
  guide: string,
  example: string,
  code: string,
  place: string,
  rule: string,
  mend: Dispute['mend'],
): Dispute => ({
  guide,
  example,
  rule,
  findings: [{ code, at: place }],
  mend,
})

const fullUrl = 'A RESTful fullUrl ends with the type and id of its resource (R4 bundle.html#bundle-unique).'
const entity =
  'Entities of HTML (here &reg;) are not defined in XML, so a character stands in their place (R4 narrative.html).'
const unit = 'A UCUM annotation has no spaces: its characters are ASCII 33 to 126 (UCUM, section 2.1, rule 6).'
const maximum =
  'The profile limits the unit by maxValueSet ucum-units; a dose form of HL7 v3 is no UCUM unit (elementdefinition-maxValueSet: codes outside are not allowed).'
const requester = 'The profile allows a Practitioner as requester, the example refers to a PractitionerRole.'
const fhirPath = 'The Expression says that its language is text/fhirpath, but its text is a search query.'
const derivation =
  'questionnaire-derivationType has a Coding as value in the extension pack at hand (an earlier pack said CodeableConcept).'
const constraintKey =
  'The part "key" of questionnaire-constraint is an id in R4, the example has the string of an earlier form.'

const hash =
  'The hash of an Attachment is its SHA-1 in base64 (R4 datatypes.html#attachment); the example has it in hexadecimal.'
const inBase64 = (now: unknown): unknown => Buffer.from(String(now), 'hex').toString('base64')

/** The value of an extension under another type. */
const retyped = (
  place: string,
  before: string,
  after: string,
  value: (now: unknown) => unknown = (now) => now,
): Change => at(place, rename(before, after, value))
const firstCoding = pick('coding', 0)
const tablet = to({ value: 1, unit: 'tablet', system: 'http://unitsofmeasure.org', code: '{tbl}' })
const hrex = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/'
const pas = 'http://hl7.org/fhir/us/davinci-pas/StructureDefinition/'

export const disputes: readonly Dispute[] = [
  ...['Inpatient2', 'Outpatient2', 'Professional1', 'Professional2', 'ProfessionalTransportation1'].map((name) =>
    one(
      'hl7.fhir.us.carin-bb#2.0.0',
      `ExplanationOfBenefit-EOB${name}`,
      'narrative-xhtml',
      'ExplanationOfBenefit.text.div',
      entity,
      at('text.div', inText('&reg;', '®')),
    ),
  ),
  ...['hl7.fhir.us.core#3.1.1', 'hl7.fhir.us.core#6.1.0'].map((guide) =>
    one(
      guide,
      'Bundle-66c8856b-ba11-4876-8aa8-467aad8c11a2',
      'bundle-full-url',
      'Bundle.entry[2].fullUrl',
      fullUrl,
      at('entry[2].fullUrl', inText('/Endpoint-71', '/71')),
    ),
  ),
  one(
    'hl7.fhir.us.core#3.1.1',
    'Bundle-uscore-mo3',
    'bundle-full-url',
    'Bundle.entry[1].fullUrl',
    'A fullUrl is absolute (R4 Bundle.entry.fullUrl).',
    at('entry[1].fullUrl', inText(/^/, 'http://example.org/fhir')),
  ),
  one(
    'hl7.fhir.us.core#3.1.1',
    'DiagnosticReport-cardiology-report',
    'primitive-format',
    'DiagnosticReport.presentedForm[0].hash',
    'A full stop is no base64 character (RFC 4648, section 4).',
    at('presentedForm[0].hash', inText('..', '')),
  ),
  ...[
    ['Observation.referenceRange[0].high.code', 'referenceRange[0].high.code'],
    ['Observation.referenceRange[0].low.code', 'referenceRange[0].low.code'],
    ['Observation.value.ofType(Quantity).code', 'valueQuantity.code'],
  ].map(([found = '', place = '']) =>
    one(
      'hl7.fhir.us.core#3.1.1',
      'Observation-usg',
      'code-unknown',
      found,
      unit,
      at(place, to('{urine_specific_gravity}')),
    ),
  ),
  one(
    'hl7.fhir.us.core#6.1.0',
    'Bundle-docref-example-2',
    'bundle-full-url',
    'Bundle.entry[2].fullUrl',
    fullUrl,
    at('entry[2].fullUrl', inText('discharge-summary789', 'discharge')),
  ),
  ...['hl7.fhir.us.davinci-cdex#2.0.0', 'hl7.fhir.us.davinci-cdex#2.1.0'].flatMap((guide) =>
    (
      [
        [
          'Parameters-cdex-parameters-example1',
          'Parameters',
          'parameter[7].part[4].resource.content[0].attachment.hash',
        ],
        ['Task-cdex-task-example8', 'Task', 'contained[0].entry[0].resource.content[0].attachment.hash'],
      ] as const
    ).map(([example, type, place]) =>
      one(guide, example, 'value-attachment', `${type}.${place}`, hash, at(place, inBase64)),
    ),
  ),
  ...['hl7.fhir.us.davinci-crd#2.1.0', 'hl7.fhir.us.davinci-crd#2.2.0-ci'].flatMap((guide) => [
    one(
      guide,
      'MedicationRequest-annotated-example',
      'reference-type',
      'MedicationRequest.requester',
      requester,
      at('requester.reference', inText('PractitionerRole', 'Practitioner')),
    ),
    ...[0, 1].map((dose) =>
      one(
        guide,
        'MedicationRequest-example',
        'binding-maximum',
        `MedicationRequest.dosageInstruction[${dose}].doseAndRate[0].dose.ofType(Quantity)`,
        maximum,
        at(`dosageInstruction[${dose}].doseAndRate[0].doseQuantity`, tablet),
      ),
    ),
  ]),
  {
    guide: 'hl7.fhir.us.davinci-crd#2.2.0-ci',
    example: 'CommunicationRequest-example',
    rule: 'The URL of an extension is the canonical of its definition; the example has it percent-encoded, so that the one that the profile requires is missing.',
    findings: [
      { code: 'extension-unknown', at: 'CommunicationRequest.payload[0].extension[0]' },
      { code: 'slice-min', at: 'CommunicationRequest.payload[0].extension' },
    ],
    mend: at('payload[0].extension[0].url', inText('%5Bx%5D', '[x]')),
  },
  ...[
    'Bundle-DTRQuestionnairePackageOperationResultComplex',
    'Bundle-DTRQuestionnairePackageOperationResultSimple',
  ].map((example) =>
    one(
      'hl7.fhir.us.davinci-dtr#2.0.1',
      example,
      'type-not-allowed',
      'Bundle.entry[0].resource.derivedFrom[0].extension[0].value.ofType(CodeableConcept)',
      derivation,
      retyped('entry[0].resource._derivedFrom[0].extension[0]', 'valueCodeableConcept', 'valueCoding', firstCoding),
    ),
  ),
  one(
    'hl7.fhir.us.davinci-dtr#2.0.1',
    'QuestionnaireResponse-home-o2-adaptive-questionnaireresponse',
    'type-not-allowed',
    'QuestionnaireResponse.contained[0].derivedFrom[0].extension[0].value.ofType(CodeableConcept)',
    derivation,
    retyped('contained[0]._derivedFrom[0].extension[0]', 'valueCodeableConcept', 'valueCoding', firstCoding),
  ),
  one(
    'hl7.fhir.us.davinci-hrex#1.0.0',
    'Bundle-subscription-notification-with-document',
    'bundle-full-url',
    'Bundle.entry[2].fullUrl',
    'A RESTful fullUrl names the id of its resource, and the resource has none.',
    at('entry[2].resource.id', to('287Q73J237')),
  ),
  one(
    'hl7.fhir.us.davinci-hrex#1.0.0',
    'Bundle-task-poll-response',
    'bundle-full-url',
    'Bundle.entry[1].fullUrl',
    fullUrl,
    at('entry[1].fullUrl', inText('287Q73J237', 'c94fb961-310c-41f1-a54f-gd5325dgds7')),
  ),
  one(
    'hl7.fhir.us.davinci-hrex#1.0.0',
    'ClaimResponse-UnsolicitedReferralAuthorizationResponseExample',
    'extension-unknown',
    'ClaimResponse.addItem[0].adjudication[0].extension[0]',
    'The guide does not define this extension (PAS has it under its own URL).',
    at('addItem[0].adjudication[0].extension[0].url', inText(hrex, pas)),
  ),
  one(
    'hl7.fhir.us.davinci-hrex#1.0.0',
    'ClaimResponse-UnsolicitedReferralAuthorizationResponseExample',
    'extension-unknown',
    'ClaimResponse.addItem[0].adjudication[0].extension[0].extension[1]',
    'The guide does not define this extension (PAS has it under its own URL).',
    at('addItem[0].adjudication[0].extension[0].extension[1].url', inText(hrex, pas)),
  ),
  ...[
    ['Consent-PatientConsent', 0] as const,
    ['Consent-PractitionerRestrict', 0] as const,
    ['Consent-PractitionerRestrict', 1] as const,
  ].map(([example, index]) =>
    one(
      'hl7.fhir.us.ndh#1.0.0',
      example,
      'definition-rules',
      `Consent.extension[${index}].value.ofType(Expression).expression`,
      fhirPath,
      at(
        `extension[${index}].valueExpression.expression`,
        inText(/^(\w+)\?(\w+)\.use=home$/, "$1.$2.where(use = 'home')"),
      ),
    ),
  ),
  one(
    'hl7.fhir.uv.sdc#3.0.0',
    'Bundle-questionnaire-sdc-profile-example',
    'profile-wrong-type',
    'Bundle',
    'The guide assigns a profile on Questionnaire to a Bundle.',
    'unassigned',
  ),
  one(
    'hl7.fhir.uv.sdc#3.0.0',
    'Bundle-questionnaire-sdc-profile-example',
    'bundle-full-url',
    'Bundle.entry[3].fullUrl',
    fullUrl,
    at('entry[3].fullUrl', inText('F2674812v4.0', '2674812v4.0')),
  ),
  ...(
    [
      [
        'Parameters-sdc-modular-root-assembled',
        'Parameters',
        'parameter[0].resource.item[0].extension[1].extension[0]',
      ],
      [
        'Parameters-sdc-modular-root-assembled',
        'Parameters',
        'parameter[0].resource.item[4].item[0].extension[1].extension[0]',
      ],
      ['Questionnaire-sdc-modular-name', 'Questionnaire', 'extension[3].extension[0]'],
    ] as const
  ).map(([example, type, place]) =>
    one(
      'hl7.fhir.uv.sdc#3.0.0',
      example,
      'type-not-allowed',
      `${type}.${place}.value.ofType(string)`,
      constraintKey,
      retyped(place, 'valueString', 'valueId'),
    ),
  ),
  one(
    'hl7.fhir.uv.sdc#3.0.0',
    'Questionnaire-questionnaire-sdc-profile-example-PHQ9-search',
    'cardinality-min',
    'Questionnaire.date',
    'The profile that the guide assigns requires a date.',
    at('date', to('2022-03-01')),
  ),
  one(
    'hl7.fhir.uv.sdc#3.0.0',
    'Questionnaire-questionnaire-sdc-profile-example-cqf-PHQ9',
    'cardinality-min',
    'Questionnaire.url',
    'The profile that the guide assigns requires a url.',
    at('url', to('http://example.org/Questionnaire/phq9')),
  ),
]
