/** What can be wrong with a $member-match request: an English phrase, and what it does to a good one. Each does one thing. */
import type { CodeableConcept, Consent, Coverage, FhirResource, HumanName, Patient } from 'fhir/r4.js'
import type { Identity } from '../harness/actor.ts'
import { day, daysLater } from '../harness/clock.ts'
import type { MatchDraft } from './match-request.ts'

export type Spoil = (draft: MatchDraft) => void

const birthSex = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'

/** A payer that neither of the two is. */
const somebodyElse: Identity = {
  name: 'A Health Plan of Somebody Else',
  uri: 'https://somebody-else.example/payer',
  identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '99990' },
}

/** The request itself is not what the operation takes: there is no need to look for a member. */
export const malformedRequests = {
  'without a MemberPatient': (draft) => leaveOut(draft, 'MemberPatient'),
  'without a CoverageToMatch': (draft) => leaveOut(draft, 'CoverageToMatch'),
  'with a parameter that nobody knows': (draft) => {
    draft.parameters.push({ name: 'MemberCard', resource: structuredClone(draft.coverageToMatch) })
  },
  'with the parameter names in lower case': (draft) => {
    for (const parameter of draft.parameters) parameter.name = parameter.name.toLowerCase()
  },
  'with two MemberPatients': (draft) => {
    draft.parameters.push({ name: 'MemberPatient', resource: structuredClone(draft.patient) })
  },
  'with a RelatedPerson as MemberPatient': (draft) => {
    const { id, name, birthDate, gender } = draft.patient
    put(draft, 'MemberPatient', {
      resourceType: 'RelatedPerson',
      patient: { reference: `Patient/${id}` },
      ...(id ? { id } : {}),
      ...(name ? { name } : {}),
      ...(birthDate ? { birthDate } : {}),
      ...(gender ? { gender } : {}),
    })
  },
  'with the MemberPatient as CoverageToMatch': (draft) => put(draft, 'CoverageToMatch', structuredClone(draft.patient)),
  'without a family name': ({ patient }) => eachName(patient, (name) => delete name.family),
  'without a given name': ({ patient }) => eachName(patient, (name) => delete name.given),
  'without a birth date': ({ patient }) => strip(patient, 'birthDate'),
  'with neither gender nor birth sex': ({ patient }) => {
    strip(patient, 'gender')
    patient.extension = (patient.extension ?? []).filter(({ url }) => url !== birthSex)
    if (patient.extension.length === 0) strip(patient, 'extension')
  },
  'without a member number on the card': ({ coverageToMatch }) => {
    strip(coverageToMatch, 'identifier')
    strip(coverageToMatch, 'subscriberId')
  },
  'without the relationship to the subscriber': ({ coverageToMatch }) => strip(coverageToMatch, 'relationship'),
  'without a payor': ({ coverageToMatch }) => {
    strip(coverageToMatch, 'payor')
    leaveOutUnused(coverageToMatch)
  },
  'with a beneficiary by an absolute URL': ({ coverageToMatch, about }) => {
    coverageToMatch.beneficiary = { reference: `${about.asker.uri}/${coverageToMatch.beneficiary.reference ?? ''}` }
  },
  'with a contained beneficiary': ({ coverageToMatch, patient }) => {
    coverageToMatch.contained = [...(coverageToMatch.contained ?? []), { ...structuredClone(patient), id: 'member' }]
    coverageToMatch.beneficiary = { reference: '#member' }
  },
  'with a beneficiary of another id': ({ coverageToMatch, patient }) => {
    coverageToMatch.beneficiary = { reference: `Patient/${patient.id}0` }
  },
  'with a linked coverage of another id': ({ coverageToLink, patient }) => {
    coverageToLink.beneficiary = { reference: `Patient/${patient.id}0` }
  },
  'with a Bundle in place of the Parameters': (draft) => {
    const entry = draft.parameters.map(({ resource }) => ({ resource }))
    draft.body = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })
  },
  'with a body that breaks off': (draft) => {
    draft.body = JSON.stringify({ resourceType: 'Parameters', parameter: draft.parameters }).slice(0, -20)
  },
  'with an empty body': (draft) => {
    draft.body = ''
  },
  'with ten thousand levels of nesting': (draft) => {
    const levels = 10_000
    draft.body = `${'{"resourceType":"Parameters","parameter":['.repeat(levels)}${']}'.repeat(levels)}`
  },
} satisfies Record<string, Spoil>

/** The Consent does not say what hrex-consent must say, or is not there. */
export const unsoundConsents = {
  'without a Consent': (draft) => leaveOut(draft, 'Consent'),
  'with a consent about somebody else': ({ consent, patient }) => {
    consent.patient = { reference: `Patient/${patient.id}0` }
  },
  'with a consent about the patient by an absolute URL': ({ consent, about }) => {
    consent.patient = { reference: `${about.asker.uri}/${consent.patient?.reference ?? ''}` }
  },
  'with a consent of a policy that nobody knows': ({ consent }) => {
    for (const policy of consent.policy ?? []) policy.uri = policy.uri?.replace(/#.*/, '#whatever') ?? ''
  },
  'with a consent that names no recipient': ({ consent }) => withoutActor(consent, 'IRCP'),
  'with a consent that names no discloser': ({ consent }) => withoutActor(consent, 'performer'),
  'with a consent that never ends': ({ consent }) => strip(consent.provision?.period ?? {}, 'end'),
  'with a consent that is only proposed': ({ consent }) => {
    consent.status = 'proposed'
  },
  'with a consent that denies': ({ consent }) => {
    if (consent.provision) consent.provision.type = 'deny'
  },
} satisfies Record<string, Spoil>

/** The Consent is sound, and does not permit this disclosure to this payer today. */
export const consentsNotToHonour = {
  'with a consent that ended yesterday': ({ consent, about }) => {
    if (consent.provision)
      consent.provision.period = { start: day(daysLater(about.now, -90)), end: day(daysLater(about.now, -1)) }
  },
  'with a consent that starts tomorrow': ({ consent, about }) => {
    if (consent.provision)
      consent.provision.period = { start: day(daysLater(about.now, 1)), end: day(daysLater(about.now, 90)) }
  },
  'with a consent for another payer to receive': (draft) => nameActor(draft, 'recipient', somebodyElse),
  'with a consent for another payer to disclose': (draft) => nameActor(draft, 'discloser', somebodyElse),
  'with a consent whose actors are swapped': (draft) => {
    const { asker, payer } = draft.about
    nameActor(draft, 'recipient', payer)
    nameActor(draft, 'discloser', asker)
  },
} satisfies Record<string, Spoil>

/** A sound request that fits nobody. */
export const misfits = {
  'with the card of another plan': ({ coverageToMatch, coverageToLink }) => showCard(coverageToMatch, coverageToLink),
  'with another birth date': ({ patient }) => {
    patient.birthDate = day(daysLater(new Date(`${patient.birthDate}T00:00:00Z`), 1))
  },
  'with another family name': ({ patient }) =>
    eachName(patient, (name) => {
      name.family = `${name.family ?? ''}son`
    }),
} satisfies Record<string, Spoil>

/** Not the media type or method that the operation has. */
export const otherWays = {
  'with GET': (draft) => {
    draft.method = 'GET'
  },
  'in XML': (draft) => {
    draft.headers = [
      ['Content-Type', 'application/fhir+xml'],
      ['Accept', 'application/fhir+json'],
    ]
    draft.body =
      '<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="MemberPatient"/></parameter></Parameters>'
  },
} satisfies Record<string, Spoil>

const put = (draft: MatchDraft, name: string, resource: FhirResource): void => {
  draft.parameters = draft.parameters.map((parameter) => (parameter.name === name ? { name, resource } : parameter))
}
const leaveOut = (draft: MatchDraft, name: string): void => {
  draft.parameters = draft.parameters.filter((parameter) => parameter.name !== name)
}
/** Also what a resource cannot be without. */
const strip = (element: object, name: string): void => {
  delete (element as Record<string, unknown>)[name]
}
const eachName = (patient: Patient, change: (name: HumanName) => unknown): void => {
  for (const name of patient.name ?? []) change(name)
}
const says = (role: CodeableConcept | undefined, code: string): boolean =>
  role?.coding?.some((coding) => coding.code === code) ?? false

function withoutActor(consent: Consent, code: string): void {
  const { provision } = consent
  if (provision) provision.actor = (provision.actor ?? []).filter(({ role }) => !says(role, code))
  leaveOutUnused(consent)
}

/** What nothing refers to any more may not be contained (FHIR R4 dom-3): that would be a second mistake. */
function leaveOutUnused(resource: Consent | Coverage): void {
  const text = JSON.stringify(resource)
  const used = (resource.contained ?? []).filter(({ id }) => text.includes(`"#${id}"`))
  if (used.length) resource.contained = used
  else delete resource.contained
}

/** The contained organization and the reference to it name somebody else. */
function nameActor(draft: MatchDraft, contained: 'recipient' | 'discloser', { name, identifier }: Identity): void {
  for (const resource of draft.consent.contained ?? [])
    if (resource.resourceType === 'Organization' && resource.id === contained)
      Object.assign(resource, { identifier: [identifier], name })
  for (const { reference } of draft.consent.provision?.actor ?? [])
    if (reference.reference === `#${contained}`) Object.assign(reference, { identifier, display: name })
}

/** The numbers of one card on another coverage. */
function showCard(coverage: Coverage, other: Coverage): void {
  if (coverage.identifier && other.identifier) coverage.identifier = structuredClone(other.identifier)
  if (coverage.subscriberId !== undefined && other.subscriberId !== undefined)
    coverage.subscriberId = other.subscriberId
}
