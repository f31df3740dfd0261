/**
 * Official examples of PDex 2.2.0 and HRex 1.2.0 that HL7's validator (6.10.4, without a terminology server) refuses and ours accepts, one
 * line each, with what it says and why the example is sound. A test holds that ours accepts each, and decides the code that HL7's could not.
 */

export interface SecondOpinion {
  readonly guide: string
  readonly example: string
  readonly at: string
  readonly why: string
  /** The code that HL7's could not look up, with the value set that binds it; absent where no code is in question. */
  readonly decided?: { readonly valueSet: string; readonly value: unknown }
}

const participant = {
  why: 'The code is in the value set by both editions of its system; the value set names version 4.0.1 of the system, the terminology package has it as 2.0.0, and HL7 counts a version that is not at hand as an error of the example.',
  decided: {
    valueSet: 'http://hl7.org/fhir/us/core/ValueSet/us-core-provenance-participant-type',
    value: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author' }],
    },
  },
}
const mime = (code: string) => ({
  why: 'MIME types are a grammar (BCP 13), not a list: HL7 cannot expand their value set without a terminology server and then says that the code is not in it.',
  decided: { valueSet: 'http://hl7.org/fhir/ValueSet/mimetypes|4.0.1', value: code },
})
const policyUri = {
  why: 'Consent.policy.uri is any URI; HRex has the fragments #regular and #sensitive of this page for the two policies. HL7 looks for a definition of that URL, as for every URI under hl7.org/fhir, and a page is none.',
}

const relationship = {
  why: 'The value set lists the code unknown of version 1.0.0 of data-absent-reason, and the example has that version; HL7 has another edition of the system at hand and takes the code for one that is not listed.',
  decided: {
    valueSet: 'http://hl7.org/fhir/us/davinci-hrex/ValueSet/hrex-coverage-relationship|1.2.0',
    value: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }] },
  },
}
const topic = {
  why: 'A SubscriptionTopic is no resource of R4, so that no R4 package can define the topic that HRex names; HL7 looks for a definition of every canonical under hl7.org/fhir.',
}

const ofPdex: readonly Omit<SecondOpinion, 'guide'>[] = [
  { example: 'Bundle-1000000-1', at: 'Bundle.entry[3].resource.agent[0].type', ...participant },
  { example: 'Bundle-1000000-2', at: 'Bundle.entry[4].resource.agent[0].type', ...participant },
  { example: 'Bundle-1000000-3', at: 'Bundle.entry[4].resource.agent[0].type', ...participant },
  { example: 'Bundle-3000003', at: 'Bundle.entry[2].resource.agent[0].type', ...participant },
  ...[2, 3, 4, 5, 6].map((last) => ({
    example: `Provenance-100000${last}`,
    at: 'Provenance.agent[0].type',
    ...participant,
  })),
  {
    example: 'Bundle-example-mtls-endpoint-bundle',
    at: 'Bundle.signature.sigFormat',
    ...mime('application/x-x509-ca-cert'),
  },
  ...[
    'DocumentReference-123456',
    'DocumentReference-provider-attestation-doc-1',
    'DocumentReference-treatment-attestation-form-001',
    'DocumentReference-treatment-attestation-form-002',
  ].map((example) => ({
    example,
    at: 'DocumentReference.content[0].attachment.contentType',
    ...mime('application/pdf'),
  })),
  { example: 'Consent-consent-2', at: 'Consent.policy[0].uri', ...policyUri },
  {
    example: 'Parameters-payer-multi-member-match-in',
    at: 'Parameters.parameter[0].part[2].resource.policy[0].uri',
    ...policyUri,
  },
  {
    example: 'ExplanationOfBenefit-PDexPriorAuth1',
    at: 'ExplanationOfBenefit.item[0].adjudication[0].amount.currency',
    why: 'USD is a currency (ISO 4217), which HL7 cannot expand without a terminology server. Its complaint about the closed slices of adjudication follows from another one: the system of the category is at hand as 1.0.1, asked for as 4.0.1, so that no slice is recognised by its value set.',
    decided: { valueSet: 'http://hl7.org/fhir/ValueSet/currencies|4.0.1', value: 'USD' },
  },
]

const ofHrex: readonly Omit<SecondOpinion, 'guide'>[] = [
  ...['data', 'document'].map((what) => ({
    example: `Bundle-subscription-notification-with-${what}`,
    at: 'Bundle.entry[0].resource.parameter[5].value.ofType(canonical)',
    ...topic,
  })),
  { example: 'Coverage-min', at: 'Coverage.relationship', ...relationship },
  {
    example: 'Parameters-member-match-in-provider',
    at: 'Parameters.parameter[1].resource.relationship',
    ...relationship,
  },
  {
    example: 'Parameters-member-match-in-provider',
    at: 'Parameters.parameter[2].resource.policy[0].uri',
    ...policyUri,
  },
  ...[1, 2].map((part) => ({
    example: 'Parameters-member-match-in',
    at: `Parameters.parameter[${part}].resource.relationship`,
    ...relationship,
  })),
  { example: 'Parameters-member-match-in', at: 'Parameters.parameter[3].resource.policy[0].uri', ...policyUri },
]

export const secondOpinions: readonly SecondOpinion[] = [
  ...ofPdex.map((each) => ({ guide: 'hl7.fhir.us.davinci-pdex#2.2.0-ci', ...each })),
  ...ofHrex.map((each) => ({ guide: 'hl7.fhir.us.davinci-hrex#1.2.0', ...each })),
]
