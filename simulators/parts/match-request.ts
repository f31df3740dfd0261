/**
 * Reads the Parameters of a $member-match: the closed list of four, each what its HRex profile says, all about one Patient id
 * (OperationDefinition member-match; mm-6). What it returns can be trusted to have the types that it shows.
 */
import type { Coverage, Patient } from 'fhir/r4.js'
import { holdsAt } from '../../harness/edition.ts'
import { Element } from './element.ts'
import { readConsent, type SubmittedConsent } from './match-consent.ts'

export interface MatchRequest {
  readonly patient: Patient
  readonly toMatch: Coverage
  readonly toLink?: Coverage
  readonly consent?: SubmittedConsent
}

const memberNumber = { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' } as const
const coverageClass = 'http://terminology.hl7.org/CodeSystem/coverage-class'
const birthSex = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'
const relationships: Readonly<Record<string, readonly string[]>> = {
  'http://terminology.hl7.org/CodeSystem/subscriber-relationship': [
    'child',
    'parent',
    'spouse',
    'common',
    'other',
    'self',
    'injured',
  ],
  'http://terminology.hl7.org/CodeSystem/data-absent-reason': ['unknown'],
}
const types = {
  MemberPatient: 'Patient',
  CoverageToMatch: 'Coverage',
  CoverageToLink: 'Coverage',
  Consent: 'Consent',
} as const
type ParameterName = keyof typeof types

/** Throws Unreadable, which names the element and never its content. */
export function readMatchRequest(body: unknown, hrex: string): MatchRequest {
  const parameters = new Element(body, 'Parameters')
  if (parameters.raw('resourceType') !== 'Parameters')
    parameters.refuse('is what the operation reads, and the body is something else', undefined, 'structure')
  noModifier(parameters)
  const given = new Map<ParameterName, Element>()
  for (const parameter of parameters.list('parameter')) {
    const called = parameter.neededText('name')
    const name = isName(called)
      ? called
      : parameter.refuse(
          'is none of the four that the operation takes: MemberPatient, Consent, CoverageToMatch, CoverageToLink',
          'name',
        )
    if (given.has(name)) parameter.refuse('comes twice', 'name')
    given.set(name, resourceOf(parameter, types[name]))
  }
  const needed = (name: ParameterName): Element =>
    given.get(name) ?? parameters.refuse(`has no ${name}`, 'parameter', 'required')

  const patient = needed('MemberPatient')
  const reference = `Patient/${readPatient(patient, hrex)}`
  const toMatch = needed('CoverageToMatch')
  readCoverage(toMatch, reference, hrex)
  const toLink = given.get('CoverageToLink')
  if (toLink) readCoverage(toLink, reference, hrex)
  const consent = holdsAt('1.0', hrex) ? needed('Consent') : given.get('Consent')
  return {
    patient: patient.as<Patient>(),
    toMatch: toMatch.as<Coverage>(),
    ...(toLink ? { toLink: toLink.as<Coverage>() } : {}),
    ...(consent ? { consent: readConsent(consent, reference, hrex) } : {}),
  }
}

const isName = (name: string): name is ParameterName => Object.hasOwn(types, name)

function resourceOf(parameter: Element, type: string): Element {
  const beside = parameter.names().find((name) => name === 'part' || name.startsWith('value'))
  if (beside) parameter.refuse('stands where a resource belongs', beside)
  const resource = parameter.needed('resource')
  if (resource.neededText('resourceType') !== type) resource.refuse(`is not a ${type}`, 'resourceType')
  noModifier(resource)
  return resource
}

/** What changes the meaning of the rest and is not understood cannot be passed over (FHIR R4, modifier extensions). */
function noModifier(resource: Element): void {
  for (const name of ['modifierExtension', 'implicitRules'])
    if (resource.has(name)) resource.refuse('is not understood here', name, 'extension')
}

/** hrex-patient-demographics; returns the id. */
function readPatient(patient: Element, hrex: string): string {
  const id = patient.neededText('id')
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) patient.refuse('is no id', 'id')
  const names = patient.list('name')
  if (names.length === 0) patient.refuse('is missing', 'name', 'required')
  for (const name of names) {
    name.neededText('family')
    if (name.texts('given').length === 0) name.refuse('is missing', 'given', 'required')
  }
  if (!/^\d{4}(-\d\d(-\d\d)?)?$/.test(patient.neededText('birthDate'))) patient.refuse('is not a date', 'birthDate')
  const gender = patient.text('gender')
  if (gender !== undefined && !['male', 'female', 'other', 'unknown'].includes(gender))
    patient.refuse('is not a code of administrative-gender', 'gender')
  // In 1.0 the second half of hrex-pat-1 names a slice and never holds.
  const birthSexCounts = !holdsAt('1.0', hrex) && patient.list('extension').some((e) => e.raw('url') === birthSex)
  if (gender === undefined && !birthSexCounts) patient.refuse('or the birth sex is needed', 'gender', 'required')
  return id
}

/** hrex-coverage */
function readCoverage(coverage: Element, reference: string, hrex: string): void {
  const first = holdsAt('1.0', hrex)
  coverage.neededText('status')
  if (coverage.needed('beneficiary').neededText('reference') !== reference)
    coverage.refuse('does not refer to MemberPatient by its id as a relative reference', 'beneficiary')
  const payors = coverage.list('payor')
  if (payors.length !== 1) coverage.refuse('does not name exactly one', 'payor', 'required')
  const identifiers = coverage.list('identifier')
  const cards = identifiers.filter((id) => id.hasCode('type', memberNumber.system, memberNumber.code))
  for (const id of first ? identifiers : cards) id.neededText('value')
  const subscriberId = coverage.text('subscriberId')
  coverage.text('dependent')
  if (first ? identifiers.length > 1 : cards.length > 1) coverage.refuse('is there more than once', 'identifier')
  if ((first ? identifiers : cards).length === 0 && subscriberId === undefined)
    coverage.refuse('has neither a member number nor a subscriber id', undefined, 'required')
  for (const id of identifiers) id.text('value')
  if (!first) readRelationship(coverage)
  readClasses(coverage)
}

function readRelationship(coverage: Element): void {
  const codings = coverage.needed('relationship').list('coding')
  if (!codings.some((coding) => relationships[String(coding.raw('system'))]?.includes(String(coding.raw('code')))))
    coverage.refuse('is not a code of hrex-coverage-relationship', 'relationship')
}

function readClasses(coverage: Element): void {
  const classes = coverage.list('class')
  for (const each of classes) {
    each.needed('type')
    each.neededText('value')
  }
  for (const code of ['group', 'plan'])
    if (classes.filter((each) => each.hasCode('type', coverageClass, code)).length > 1)
      coverage.refuse(`says ${code} more than once`, 'class')
}
