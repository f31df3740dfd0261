/**
 * Elements that the payload profiles mark as must-support, as paths below the type; slices are left out, and so are
 * amounts, which payers keep to themselves (PDEX-022), and what only stands in for a missing value. One entry: the profiles that share a list, a colon, the list. Editions that agree share one.
 */
import type { Editions } from '../../harness/edition.ts'

const table = `
# us-core@3.1.1
head-occipital-frontal-circumference-percentile pediatric-bmi-for-age pediatric-weight-for-height
us-core-observation-lab :
  status category code subject effective[x] value[x]
us-core-allergyintolerance :
  clinicalStatus verificationStatus code patient reaction reaction.manifestation
us-core-careplan :
  status intent category subject
us-core-careteam :
  status subject participant participant.role participant.member
us-core-condition :
  clinicalStatus verificationStatus category code subject
us-core-diagnosticreport-lab :
  status category code subject effective[x] issued performer result
us-core-diagnosticreport-note :
  status category code subject encounter effective[x] issued performer presentedForm
us-core-documentreference :
  identifier status type category subject date author custodian content content.attachment
  content.attachment.contentType content.attachment.data content.attachment.url content.format context
  context.encounter context.period
us-core-encounter :
  identifier identifier.system identifier.value status class type subject participant participant.type
  participant.period participant.individual period reasonCode hospitalization hospitalization.dischargeDisposition
  location location.location
us-core-goal :
  lifecycleStatus description subject target
us-core-immunization :
  status statusReason vaccineCode patient occurrence[x] primarySource
us-core-implantable-device :
  udiCarrier udiCarrier.deviceIdentifier udiCarrier.carrierAIDC udiCarrier.carrierHRF distinctIdentifier
  manufactureDate expirationDate lotNumber serialNumber type patient
us-core-location :
  status name telecom address address.line address.city address.state address.postalCode managingOrganization
us-core-medication :
  code
us-core-medicationrequest :
  status intent reported[x] medication[x] subject encounter authoredOn requester dosageInstruction
  dosageInstruction.text
us-core-organization :
  identifier identifier.system identifier.value active name telecom address address.line address.city address.state
  address.postalCode address.country
us-core-patient :
  identifier identifier.system identifier.value name name.family name.given telecom telecom.system telecom.value
  telecom.use gender birthDate address address.line address.city address.state address.postalCode address.period
  communication communication.language
us-core-practitioner :
  identifier identifier.system identifier.value name name.family
us-core-practitionerrole :
  practitioner organization code specialty location telecom telecom.system telecom.value endpoint
us-core-procedure :
  status code subject performed[x]
us-core-provenance :
  target recorded agent agent.type agent.who agent.onBehalfOf
us-core-pulse-oximetry :
  status category code code.coding subject effective[x] value[x]
us-core-smokingstatus :
  status code subject issued
# us-core@6.1.0
head-occipital-frontal-circumference-percentile pediatric-bmi-for-age pediatric-weight-for-height
us-core-blood-pressure us-core-bmi us-core-body-height us-core-body-temperature us-core-body-weight
us-core-head-circumference us-core-heart-rate us-core-observation-clinical-result us-core-respiratory-rate
us-core-vital-signs :
  status category code subject effective[x] value[x]
us-core-allergyintolerance :
  clinicalStatus verificationStatus code patient reaction reaction.manifestation
us-core-careplan :
  status intent category subject
us-core-careteam :
  status subject participant participant.role participant.member
us-core-condition-encounter-diagnosis :
  clinicalStatus verificationStatus category code subject encounter onset[x] abatement[x] recordedDate
us-core-condition-problems-health-concerns :
  clinicalStatus verificationStatus category code subject onset[x] abatement[x] recordedDate
us-core-coverage :
  identifier status type subscriberId beneficiary relationship period payor class
us-core-diagnosticreport-lab :
  status category code subject effective[x] issued performer result
us-core-diagnosticreport-note :
  status category code subject encounter effective[x] issued performer result media media.link presentedForm
us-core-documentreference :
  identifier status type category subject date author content content.attachment content.attachment.contentType
  content.attachment.data content.attachment.url content.format context context.encounter context.period
us-core-encounter :
  identifier identifier.system identifier.value status class type subject participant participant.type
  participant.period participant.individual period reasonCode reasonReference hospitalization
  hospitalization.dischargeDisposition location location.location serviceProvider
us-core-goal :
  lifecycleStatus description subject start[x] target target.due[x]
us-core-immunization :
  status statusReason vaccineCode patient occurrence[x] primarySource
us-core-implantable-device :
  udiCarrier udiCarrier.deviceIdentifier udiCarrier.carrierHRF distinctIdentifier manufactureDate expirationDate
  lotNumber serialNumber type patient
us-core-location :
  status name telecom address address.line address.city address.state address.postalCode managingOrganization
us-core-medication :
  code
us-core-medicationdispense :
  status medication[x] subject performer performer.actor authorizingPrescription type quantity whenHandedOver
  dosageInstruction dosageInstruction.text dosageInstruction.timing dosageInstruction.doseAndRate
  dosageInstruction.doseAndRate.dose[x]
us-core-medicationrequest :
  status intent category reported[x] medication[x] subject encounter authoredOn requester dosageInstruction
  dosageInstruction.text dosageInstruction.timing dosageInstruction.doseAndRate dosageInstruction.doseAndRate.dose[x]
  dispenseRequest dispenseRequest.numberOfRepeatsAllowed dispenseRequest.quantity
us-core-observation-lab :
  status category code subject effective[x] value[x] specimen
us-core-observation-occupation us-core-observation-pregnancyintent us-core-observation-pregnancystatus :
  status category code subject
us-core-observation-screening-assessment :
  status category code subject effective[x] performer value[x] hasMember derivedFrom
us-core-observation-sexual-orientation :
  status code subject effective[x]
us-core-organization :
  identifier identifier.system identifier.value active name telecom telecom.system telecom.value address address.line
  address.city address.state address.postalCode address.country
us-core-patient :
  identifier identifier.system identifier.value name name.family name.given telecom.system telecom.value telecom.use
  gender birthDate address address.line address.city address.state address.postalCode communication.language
us-core-practitioner :
  identifier identifier.system identifier.value name name.family telecom telecom.system telecom.value address
  address.line address.city address.state address.postalCode address.country
us-core-practitionerrole :
  practitioner organization code specialty location telecom telecom.system telecom.value endpoint
us-core-procedure :
  status code subject performed[x]
us-core-provenance :
  target target.reference recorded agent agent.type agent.who agent.onBehalfOf
us-core-pulse-oximetry :
  status category code code.coding subject effective[x] value[x]
us-core-questionnaireresponse :
  identifier questionnaire status subject authored author item item.linkId item.text item.answer item.answer.value[x]
  item.answer.item item.item
us-core-relatedperson :
  active patient relationship name telecom address
us-core-servicerequest :
  status intent category code subject occurrence[x] authoredOn requester
us-core-simple-observation :
  status category code subject effective[x] performer value[x]
us-core-smokingstatus :
  status category code subject value[x]
us-core-specimen :
  type subject
# pdex
pdex-priorauthorization :
  status type use patient enterer insurer provider facility preAuthRefPeriod careTeam.provider item.category
  adjudication adjudication.category total.category
pdex-device :
  udiCarrier udiCarrier.deviceIdentifier udiCarrier.carrierAIDC udiCarrier.carrierHRF status distinctIdentifier
  expirationDate lotNumber serialNumber type patient url
pdex-medicationdispense :
  status medication[x] subject context performer performer.actor authorizingPrescription type quantity whenHandedOver
  dosageInstruction dosageInstruction.text dosageInstruction.timing dosageInstruction.doseAndRate
  dosageInstruction.doseAndRate.dose[x] substitution substitution.wasSubstituted
pdex-provenance :
  target target.reference recorded agent agent.type agent.who agent.onBehalfOf
# hrex
hrex-coverage :
  identifier status type policyHolder subscriberId beneficiary dependent relationship period payor
# carin-bb
C4BB-ExplanationOfBenefit-Inpatient-Institutional-Basis :
  identifier status type subType use patient billablePeriod billablePeriod.start billablePeriod.end created insurer
  provider related related.relationship related.reference payee payee.type payee.party outcome careTeam
  careTeam.provider careTeam.role supportingInfo diagnosis diagnosis.diagnosis[x] diagnosis.type
  diagnosis.onAdmission procedure procedure.type procedure.date procedure.procedure[x] insurance insurance.focal
  insurance.coverage item item.sequence item.revenue item.productOrService item.modifier item.quantity
  item.noteNumber item.adjudication item.adjudication.category adjudication adjudication.category payment
  payment.type payment.date processNote processNote.text
C4BB-ExplanationOfBenefit-Oral-Basis :
  status type use patient billablePeriod billablePeriod.start insurer provider related related.relationship
  related.reference payee payee.type payee.party outcome careTeam careTeam.provider careTeam.role
  careTeam.qualification supportingInfo diagnosis diagnosis.diagnosis[x] diagnosis.type insurance insurance.focal
  insurance.coverage item item.sequence item.informationSequence item.productOrService item.modifier item.serviced[x]
  item.location[x] item.bodySite item.noteNumber item.adjudication item.adjudication.category adjudication
  adjudication.category payment payment.type processNote
C4BB-ExplanationOfBenefit-Outpatient-Institutional-Basis :
  identifier status type subType use patient billablePeriod billablePeriod.start created insurer provider related
  related.relationship related.reference payee payee.type payee.party outcome careTeam careTeam.provider
  careTeam.role supportingInfo diagnosis.diagnosis[x] diagnosis.type insurance insurance.focal insurance.coverage
  item item.sequence item.revenue item.productOrService item.modifier item.serviced[x] item.quantity item.noteNumber
  item.adjudication item.adjudication.category adjudication adjudication.category payment payment.type payment.date
  processNote processNote.text
C4BB-ExplanationOfBenefit-Pharmacy-Basis :
  identifier status type use patient billablePeriod billablePeriod.start created insurer provider related
  related.relationship related.reference payee payee.type payee.party outcome careTeam careTeam.provider
  careTeam.role supportingInfo insurance insurance.focal insurance.coverage item item.sequence item.productOrService
  item.serviced[x] item.quantity item.noteNumber item.adjudication item.adjudication.category item.detail
  item.detail.productOrService item.detail.quantity adjudication adjudication.category payment
  payment.type payment.date processNote processNote.text
C4BB-ExplanationOfBenefit-Professional-NonClinician-Basis :
  status type use patient billablePeriod billablePeriod.start insurer provider related related.relationship
  related.reference payee payee.type payee.party outcome careTeam careTeam.provider careTeam.role
  careTeam.qualification supportingInfo diagnosis diagnosis.diagnosis[x] diagnosis.type insurance insurance.focal
  insurance.coverage item item.sequence item.productOrService item.modifier item.location[x] item.noteNumber
  item.adjudication item.adjudication.category adjudication adjudication.category payment payment.type processNote
`

/** Edition -> profile id -> paths. */
const known = new Map<string, Map<string, readonly string[]>>()
for (const section of table.split(/^# /m).slice(1)) {
  const [name = '', ...lines] = section.split('\n')
  const profiles = new Map<string, readonly string[]>()
  const words = lines.join(' ').split(/\s+/).filter(Boolean)
  let ids: string[] = []
  let paths: string[] = []
  let inList = false
  const isProfile = (word: string): boolean => word.includes('-')
  for (const word of words) {
    if (isProfile(word) && inList) {
      ids = []
      paths = []
      inList = false
    }
    if (word === ':') {
      inList = true
      for (const id of ids) profiles.set(id, paths)
    } else if (inList) paths.push(word)
    else ids.push(word)
  }
  known.set(name.trim(), profiles)
}

const usCoreOf = (editions: Editions): string =>
  (editions['us-core'] ?? '6.1.0').startsWith('3.') ? 'us-core@3.1.1' : 'us-core@6.1.0'

/** Element ids of a profile's must-support elements, without the type's name in front; undefined where it is unknown. */
export function mustSupport(profile: string, editions: Editions): readonly string[] | undefined {
  const id = profile.split('|')[0]?.split('/').at(-1) ?? ''
  for (const section of [usCoreOf(editions), 'pdex', 'hrex', 'carin-bb']) {
    const paths = known.get(section)?.get(id)
    if (paths) return paths
  }
  return undefined
}

/** Where a guide leaves a choice, one of these is enough. */
export const alternatives: readonly (readonly string[])[] = [
  ['reasonCode', 'reasonReference'],
  ['location.location', 'location', 'serviceProvider'],
  ['content.attachment.data', 'content.attachment.url'],
  ['startDate', 'start[x]', 'target.due[x]'],
  ['telecom', 'telecom.system', 'telecom.value', 'endpoint'],
  ['hasMember', 'derivedFrom', 'value[x]', 'component'],
  ['udiCarrier.carrierAIDC', 'udiCarrier.carrierHRF'],
  ['item.answer', 'item.answer.value[x]', 'item.answer.item', 'item.item'],
]
