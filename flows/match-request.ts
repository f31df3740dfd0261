/** The request of a $member-match as one payer writes it to another: four parameters, all about one Patient id (HRex mm-1 to mm-6). */
import type { Consent, Coverage, CoverageClass, FhirResource, Organization, Patient } from 'fhir/r4.js'
import type { Identity } from '../harness/actor.ts'
import type { ConsentPolicy, ConsentTerms, Person } from '../harness/person.ts'

const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`
const hrex = 'http://hl7.org/fhir/us/davinci-hrex'

/** The value set hrex-consent-policy. */
const policyUri: Readonly<Record<ConsentPolicy, string>> = {
  regular: `${hrex}/StructureDefinition-hrex-consent.html#regular`,
  sensitive: `${hrex}/StructureDefinition-hrex-consent.html#sensitive`,
}

/** A request before it is sent. Everything in it belongs to it alone, so that a mistake may change what it likes. */
export interface MatchDraft {
  method: string
  headers: [string, string][]
  patient: Patient
  coverageToMatch: Coverage
  coverageToLink: Coverage
  consent: Consent
  /** What is sent, in this order. */
  parameters: { name: string; resource: FhirResource }[]
  /** What is sent in place of the parameters. */
  body?: string
  /** For whoever spoils it: who is who, and when. */
  readonly about: MatchPartners
}
export interface MatchPartners {
  readonly asker: Identity
  readonly payer: Identity
  readonly now: Date
}

/** Writes the request as it should be. */
export function draftMatch(person: Person, terms: ConsentTerms, about: MatchPartners): MatchDraft {
  const { patient, coverageToMatch, coverageToLink: whole } = ownSubmission(person)
  // hrex-patient-demographics has no place for a nickname alone.
  const names = patient.name?.filter(({ family, given }) => family && given?.length)
  if (names?.length) patient.name = names
  const coverageToLink = withLittle(whole)
  const consent = consentOf(patient.id ?? '', terms, about)
  return {
    method: 'POST',
    headers: [
      ['Content-Type', 'application/fhir+json'],
      ['Accept', 'application/fhir+json'],
    ],
    patient,
    coverageToMatch,
    coverageToLink,
    consent,
    parameters: [
      { name: 'MemberPatient', resource: patient },
      { name: 'Consent', resource: consent },
      { name: 'CoverageToMatch', resource: coverageToMatch },
      { name: 'CoverageToLink', resource: coverageToLink },
    ],
    about,
  }
}

const submissions = new WeakMap<Person, string>()

/** What is submitted of that person, to be changed at will. */
function ownSubmission(person: Person): Person['submitted'] {
  const text = submissions.get(person) ?? JSON.stringify(person.submitted)
  submissions.set(person, text)
  return JSON.parse(text) as Person['submitted']
}

/** The must-support elements of hrex-coverage: nothing else of our own coverage is the other payer's business (mm-5). */
const toLink = new Set([
  'resourceType',
  'id',
  'meta',
  'contained',
  'identifier',
  'status',
  'type',
  'policyHolder',
  'subscriberId',
  'beneficiary',
  'dependent',
  'relationship',
  'period',
  'payor',
  'class',
])
function withLittle(coverage: Coverage): Coverage {
  const kept = Object.fromEntries(Object.entries(coverage).filter(([name]) => toLink.has(name))) as unknown as Coverage
  const codeOf = ({ type }: CoverageClass): string | undefined => type.coding?.find(({ code }) => code)?.code
  const classes = (kept.class ?? []).flatMap((each) => {
    const { type, value, name } = each
    if (codeOf(each) === 'plan') return [{ type, value, ...(name ? { name } : {}) }]
    return codeOf(each) === 'group' ? [{ type, value }] : []
  })
  if (classes.length) kept.class = classes
  else delete kept.class
  return kept
}

/** What goes over the wire. */
export const bodyOf = (draft: MatchDraft): string =>
  draft.body ?? JSON.stringify({ resourceType: 'Parameters', parameter: draft.parameters })

/** hrex-consent: the member lets the payer that is asked disclose to the payer that asks, from one day to another. */
function consentOf(patientId: string, terms: ConsentTerms, { asker, payer, now }: MatchPartners): Consent {
  const patient = { reference: `Patient/${patientId}` }
  return {
    resourceType: 'Consent',
    id: 'consent',
    meta: { profile: [`${hrex}/StructureDefinition/hrex-consent`] },
    contained: [organization(payer, 'discloser'), organization(asker, 'recipient')],
    status: 'active',
    scope: { coding: [{ system: hl7('consentscope'), code: 'patient-privacy' }] },
    category: [{ coding: [{ system: hl7('v3-ActCode'), code: 'IDSCL' }] }],
    patient,
    dateTime: now.toISOString(),
    performer: [patient],
    sourceReference: { reference: `${asker.uri}/DocumentReference/consent-of-${patientId}` },
    policy: [{ uri: policyUri[terms.policy] }],
    provision: {
      type: 'permit',
      period: { start: terms.start, end: terms.end },
      actor: [
        actor(hl7('provenance-participant-type'), 'performer', payer, 'discloser'),
        actor(hl7('v3-ParticipationType'), 'IRCP', asker, 'recipient'),
      ],
      action: [{ coding: [{ system: hl7('consentaction'), code: 'disclose' }] }],
    },
  }
}

/** An actor named by the contained organization and by its identifier alike: some read one, some the other. */
export const actor = (system: string, code: string, { name, identifier }: Identity, contained: string) => ({
  role: { coding: [{ system, code }] },
  reference: { reference: `#${contained}`, identifier, display: name },
})

/** hrex-organization, contained. */
export const organization = ({ name, identifier }: Identity, id: string): Organization => ({
  resourceType: 'Organization',
  id,
  identifier: [identifier],
  active: true,
  name,
})
