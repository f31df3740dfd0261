/** Ways to ask for a match wrongly: what the four parameters say, of whom, and in which words (HRex mm-1 to mm-6, hrex-consent). */
import type { Consent, ConsentProvisionActor, Coverage, FhirResource, Patient } from 'fhir/r4.js'
import type { Actor } from '../../harness/actor.ts'
import { type ClientFault, clientFault, rewritten, saying } from './client-fault.ts'

/** The request of a match, to be changed in place. */
interface Asking {
  readonly parameters: { name: string; resource: FhirResource }[]
  readonly patient: Patient
  readonly consent: Consent
  readonly toMatch: Coverage
  readonly toLink: Coverage
  readonly client: Actor
}

const asking = (
  id: string,
  title: string,
  breaks: readonly string[],
  change: (asking: Asking) => void,
  when: (variation: string | undefined) => boolean = () => true,
): ClientFault =>
  clientFault(
    id,
    title,
    'member-match',
    breaks,
    saying((message, { client }) =>
      message.body === undefined || !when(message.intent?.variation)
        ? message
        : rewritten<{ parameter: Asking['parameters'] }>(message, (body) => {
            const named = <T>(name: string): T =>
              (body.parameter.find((part) => part.name === name)?.resource ?? {}) as unknown as T
            change({
              parameters: body.parameter,
              patient: named<Patient>('MemberPatient'),
              consent: named<Consent>('Consent'),
              toMatch: named<Coverage>('CoverageToMatch'),
              toLink: named<Coverage>('CoverageToLink'),
              client,
            })
          }),
    ),
  )

/** Sets or takes away elements that a profile demands, whatever their type says. */
const amend = (resource: object | undefined, elements: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(elements))
    if (value === undefined) Reflect.deleteProperty(resource ?? {}, name)
    else Reflect.set(resource ?? {}, name, value)
}

const actorsOf = ({ provision }: Consent, code: string): ConsentProvisionActor[] =>
  (provision?.actor ?? []).filter(({ role }) => role?.coding?.some((coding) => coding.code === code))

const code = (system: string, value: string) => ({ coding: [{ system, code: value }] })
const byRepresentative = (variation: string | undefined): boolean => /representative/.test(variation ?? '')

const theConsent: readonly ClientFault[] = [
  asking('swaps-the-actors', 'lets the recipient disclose and the discloser receive', ['HREX-001'], ({ consent }) => {
    const [performer] = actorsOf(consent, 'performer')
    const [recipient] = actorsOf(consent, 'IRCP')
    if (performer && recipient) [performer.reference, recipient.reference] = [recipient.reference, performer.reference]
  }),
  asking('names-another-recipient', 'lets another payer than itself receive', ['HREX-001'], ({ consent }) => {
    for (const { reference } of actorsOf(consent, 'IRCP')) {
      if (reference.identifier) reference.identifier = { ...reference.identifier, value: '95099' }
      for (const one of consent.contained ?? [])
        if (`#${one.id}` === reference.reference && 'identifier' in one)
          amend(one, { identifier: [reference.identifier] })
    }
  }),
  asking('consents-to-two-actions', 'asks for two actions in one consent', ['HREX-025'], ({ consent }) => {
    consent.provision?.action?.push(code('http://terminology.hl7.org/CodeSystem/consentaction', 'use'))
  }),
  asking('consent-has-no-end', 'sends a consent without an end', ['HREX-025'], ({ consent }) =>
    amend(consent.provision?.period, { end: undefined }),
  ),
  asking('consent-has-no-source', 'sends a consent without its document', ['HREX-025'], ({ consent }) =>
    amend(consent, { sourceReference: undefined }),
  ),
  asking('consent-is-a-draft', 'sends a consent that is not in force', ['HREX-025'], ({ consent }) =>
    amend(consent, { status: 'draft' }),
  ),
  asking('policy-by-https', 'writes the policy with https', ['HREX-026'], ({ consent }) => {
    for (const policy of consent.policy ?? []) policy.uri = policy.uri?.replace(/^http:/, 'https:') ?? ''
  }),
  asking('provision-limits-the-data', 'limits the data by a data period', ['HREX-028'], ({ consent }) =>
    amend(consent.provision, { dataPeriod: { start: '2021-01-01' } }),
  ),
  asking('provision-has-a-label', 'limits the data by a security label', ['HREX-028'], ({ consent }) =>
    amend(consent.provision, {
      securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' }],
    }),
  ),
  asking('names-payers-by-name-only', 'names organizations without an identifier', ['HREX-029'], ({ consent }) => {
    for (const { reference } of consent.provision?.actor ?? []) amend(reference, { identifier: undefined })
    for (const one of consent.contained ?? [])
      if (one.resourceType === 'Organization') amend(one, { identifier: undefined })
  }),
  asking('consent-for-years', 'asks for a consent of five years', ['PDEX-123'], ({ consent }) =>
    amend(consent.provision?.period, { end: '2031-03-01' }),
  ),
  asking(
    'representative-is-elsewhere',
    'refers to the representative without containing them',
    ['PDEX-121'],
    ({ consent }) => {
      const performer = consent.performer?.[0]?.reference
      consent.contained = consent.contained?.filter(({ id }) => `#${id}` !== performer) ?? []
      if (performer) consent.performer = [{ reference: `RelatedPerson/${performer.slice(1)}` }]
    },
    byRepresentative,
  ),
  asking(
    'representative-has-no-role',
    'does not say by which right a representative gives the consent',
    ['PDEX-122'],
    ({ consent }) =>
      amend(consent.provision, { actor: [...actorsOf(consent, 'performer'), ...actorsOf(consent, 'IRCP')] }),
    byRepresentative,
  ),
]

const theMember: readonly ClientFault[] = [
  asking('patient-without-given-name', 'leaves the given name of the member out', ['HREX-021'], ({ patient }) => {
    for (const name of patient.name ?? []) amend(name, { given: undefined })
  }),
  asking('patient-without-gender', 'says neither gender nor birth sex', ['HREX-021'], ({ patient }) =>
    amend(patient, { gender: undefined, extension: undefined }),
  ),
  asking('patient-without-birth-date', 'leaves the birth date of the member out', ['HREX-021'], ({ patient }) =>
    amend(patient, { birthDate: undefined }),
  ),
  asking('beneficiary-by-address', 'refers to the member by an absolute URL', ['HREX-006'], ({ toMatch, client }) => {
    toMatch.beneficiary = { reference: `${client.identity.uri}/fhir/${toMatch.beneficiary.reference}` }
  }),
  asking('consent-of-another', 'refers to another Patient in the consent', ['HREX-006'], ({ consent }) => {
    consent.patient = { reference: `${consent.patient?.reference}-2` }
  }),
]

const theCoverages: readonly ClientFault[] = [
  asking('card-in-part', 'leaves out what the card says of the group', ['HREX-002'], ({ toMatch }) =>
    amend(toMatch, { class: undefined }),
  ),
  asking('link-tells-the-costs', 'tells the other payer the costs to the member', ['HREX-005'], ({ toLink }) =>
    amend(toLink, {
      costToBeneficiary: [
        {
          type: code('http://terminology.hl7.org/CodeSystem/coverage-copay-type', 'gpvisit'),
          valueMoney: { value: 20, currency: 'USD' },
        },
      ],
    }),
  ),
  asking('link-tells-the-network', 'tells the other payer the network of the plan', ['HREX-005'], ({ toLink }) =>
    amend(toLink, { network: 'Gold' }),
  ),
  asking('card-without-number', 'submits a card without any member number', ['HREX-022', 'PDEX-037'], ({ toMatch }) =>
    amend(toMatch, { identifier: undefined, subscriberId: undefined }),
  ),
  asking('number-without-type', 'does not say that the number is the member’s', ['HREX-022'], ({ toLink }) => {
    for (const identifier of toLink.identifier ?? []) amend(identifier, { type: undefined })
    amend(toLink, { subscriberId: undefined })
  }),
  asking('no-relationship', 'does not say how member and subscriber are related', ['HREX-023'], ({ toMatch }) =>
    amend(toMatch, { relationship: undefined }),
  ),
  asking('two-payors', 'names two payors of one coverage', ['HREX-023'], ({ toLink }) => {
    toLink.payor = [...toLink.payor, ...toLink.payor]
  }),
  asking('group-without-value', 'names a group without its number', ['HREX-024'], ({ toMatch, toLink }) => {
    const type = code('http://terminology.hl7.org/CodeSystem/coverage-class', 'group')
    for (const coverage of [toMatch, toLink]) amend(coverage, { class: [{ type, name: 'Staff' }] })
  }),
  asking('two-groups', 'names two groups of one coverage', ['HREX-024'], ({ toLink }) => {
    const type = code('http://terminology.hl7.org/CodeSystem/coverage-class', 'group')
    const others = (toLink.class ?? []).filter((each) => !each.type.coding?.some((one) => one.code === 'group'))
    toLink.class = [...others, { type, value: 'G-1' }, { type, value: 'G-2' }]
  }),
]

export const matchRequestFaults: readonly ClientFault[] = [
  ...theMember,
  ...theConsent,
  ...theCoverages,
  asking('no-coverage-to-link', 'does not send its own coverage', ['HREX-018'], ({ parameters }) => {
    const at = parameters.findIndex(({ name }) => name === 'CoverageToLink')
    if (at >= 0) parameters.splice(at, 1)
  }),
  asking('a-fifth-parameter', 'sends a parameter that nobody knows', ['HREX-017'], ({ parameters, patient }) => {
    parameters.push({ name: 'Requester', resource: patient })
  }),
  asking('two-coverages-to-match', 'sends both of its coverages to be matched', ['HREX-017'], ({ parameters }) => {
    for (const part of parameters) if (part.name === 'CoverageToLink') part.name = 'CoverageToMatch'
  }),
]
