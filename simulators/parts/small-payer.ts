/** A payer small enough to know by heart: two members, a few records of each kind, tokens. For tests without a port. */
import { VirtualClock } from '../../harness/clock.ts'
import type { Editions } from '../../harness/edition.ts'
import type { ConsentPolicy, FhirResource } from '../../harness/person.ts'
import { random } from '../../harness/random.ts'
import type { CertificateFacts } from '../../harness/transcript.ts'
import { answer, type Route } from '../simulator.ts'
import { Clients } from '../state/clients.ts'
import { Consents } from '../state/consents.ts'
import type { Directory } from '../state/directory.ts'
import { ExportJobs } from '../state/export-jobs.ts'
import type { Grant } from '../state/grant.ts'
import { Members } from '../state/members.ts'
import type { PayerSettings, PayerState } from '../state/payer-state.ts'
import { Records } from '../state/records.ts'
import { Tokens } from '../state/tokens.ts'
import { dataRoutes } from './data-routes.ts'

export const base = 'https://payer.example/t1'
const restricted = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] }
const at = (day: string): { lastUpdated: string } => ({ lastUpdated: `${day}T08:00:00Z` })
const of = (who: string): { reference: string } => ({ reference: `Patient/${who}` })
const concept = (system: string, code: string): { coding: { system: string; code: string }[] } => ({
  coding: [{ system, code }],
})

/** The record of one member; the ids say what each thing is. */
export function recordOf(who: string, family: string): FhirResource[] {
  const id = (name: string): string => `${who}-${name}`
  const to = (name: string): { reference: string } => ({ reference: name.replace('/', `/${who}-`) })
  const record: unknown[] = [
    {
      resourceType: 'Patient',
      id: who,
      meta: at('2025-01-01'),
      identifier: [{ system: 'https://payer.example/umb', value: `U-${who}` }],
      name: [{ family, given: ['José', 'Q'] }],
      gender: 'male',
      birthDate: '1970-05-06',
    },
    {
      resourceType: 'Coverage',
      id: id('coverage'),
      meta: at('2025-01-02'),
      status: 'active',
      beneficiary: of(who),
      payor: [{ reference: 'Organization/insurer' }],
    },
    {
      resourceType: 'Condition',
      id: id('pressure'),
      meta: at('2025-02-01'),
      clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
      category: [concept('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item')],
      code: { coding: [{ system: 'http://snomed.info/sct', code: '59621000' }], text: 'High, but stable' },
      subject: of(who),
      onsetDateTime: '2024-03',
      recordedDate: '2024-03-14',
    },
    {
      resourceType: 'Condition',
      id: id('secret'),
      meta: { ...at('2025-02-02'), ...restricted },
      category: [concept('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item')],
      code: concept('http://snomed.info/sct', '35489007'),
      subject: of(who),
      recorder: { reference: 'Practitioner/psychiatrist' },
      onsetDateTime: '2024-06-01',
    },
    {
      resourceType: 'Encounter',
      id: id('visit'),
      meta: at('2025-02-03'),
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: of(who),
      period: { start: '2024-03-14T10:00:00Z', end: '2024-03-14T11:00:00Z' },
      location: [{ location: { reference: 'Location/clinic' } }],
      participant: [{ individual: { reference: 'Practitioner/doctor' } }],
    },
    {
      resourceType: 'Observation',
      id: id('pulse'),
      meta: { ...at('2025-02-04'), profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-heart-rate'] },
      status: 'final',
      category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
      code: concept('http://loinc.org', '8867-4'),
      subject: of(who),
      effectiveDateTime: '2024-03-14T10:05:00Z',
      valueQuantity: { value: 61, unit: '/min' },
    },
    {
      resourceType: 'Observation',
      id: id('smoking'),
      meta: at('2025-02-05'),
      status: 'final',
      category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'social-history')],
      code: concept('http://loinc.org', '72166-2'),
      subject: of(who),
      effectiveDateTime: '2024-03-14',
    },
    {
      resourceType: 'Immunization',
      id: id('vaccine'),
      meta: at('2025-02-06'),
      status: 'completed',
      vaccineCode: concept('http://hl7.org/fhir/sid/cvx', '140'),
      patient: of(who),
      occurrenceDateTime: '2023-10-02',
    },
    {
      resourceType: 'Procedure',
      id: id('suture'),
      meta: at('2025-02-07'),
      status: 'completed',
      code: concept('http://snomed.info/sct', '18557009'),
      subject: of(who),
      performedDateTime: '2024-03-14T10:30:00Z',
    },
    {
      resourceType: 'MedicationRequest',
      id: id('prescription'),
      meta: at('2025-03-01'),
      status: 'active',
      intent: 'order',
      medicationReference: { reference: 'Medication/pill' },
      subject: of(who),
      authoredOn: '2024-03-14',
    },
    {
      resourceType: 'ExplanationOfBenefit',
      id: id('claim'),
      meta: at('2025-03-02'),
      identifier: [{ system: 'https://payer.example/claims', value: `1,${who}` }],
      status: 'active',
      type: concept('http://terminology.hl7.org/CodeSystem/claim-type', 'professional'),
      use: 'claim',
      patient: of(who),
      created: '2024-03-20',
      insurer: { reference: 'Organization/insurer' },
      provider: { reference: 'Practitioner/doctor' },
      outcome: 'complete',
      insurance: [{ focal: true, coverage: to('Coverage/coverage') }],
      billablePeriod: { start: '2024-03-14', end: '2024-03-14' },
    },
    {
      resourceType: 'ExplanationOfBenefit',
      id: id('authorization'),
      meta: at('2025-03-03'),
      status: 'active',
      type: concept('http://terminology.hl7.org/CodeSystem/claim-type', 'institutional'),
      use: 'preauthorization',
      patient: of(who),
      created: '2025-01-20',
      insurer: { reference: 'Organization/insurer' },
      provider: { reference: 'Organization/insurer' },
      outcome: 'complete',
      insurance: [{ focal: true, coverage: to('Coverage/coverage') }],
      supportingInfo: [{ sequence: 1, category: { text: 'document' }, valueReference: to('DocumentReference/letter') }],
    },
    {
      resourceType: 'DocumentReference',
      id: id('note'),
      meta: at('2025-03-04'),
      status: 'current',
      type: concept('http://loinc.org', '34133-9'),
      category: [concept('http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category', 'clinical-note')],
      subject: of(who),
      date: '2024-03-14T11:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', url: `Binary/${who}-note-text` } }],
    },
    {
      resourceType: 'DocumentReference',
      id: id('letter'),
      meta: at('2025-03-04'),
      status: 'current',
      type: concept('http://loinc.org', '64297-5'),
      subject: of(who),
      date: '2025-01-20T11:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', url: `Binary/${who}-letter-text` } }],
    },
    {
      resourceType: 'DocumentReference',
      id: id('secret-note'),
      meta: { ...at('2025-03-04'), ...restricted },
      status: 'current',
      type: concept('http://loinc.org', '34133-9'),
      subject: of(who),
      date: '2024-06-01T11:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', url: `Binary/${who}-secret-text` } }],
    },
    ...['note', 'letter', 'secret'].map((name) => ({
      resourceType: 'Binary',
      id: id(`${name}-text`),
      meta: at('2025-03-04'),
      contentType: 'text/plain; charset=utf-8',
      data: Buffer.from(`the ${name} of ${family}`).toString('base64'),
    })),
    {
      resourceType: 'Provenance',
      id: id('origin'),
      meta: at('2025-03-05'),
      target: [to('Condition/pressure'), to('Condition/secret'), to('Encounter/visit')],
      recorded: '2024-03-15T08:00:00Z',
      agent: [{ type: { text: 'author' }, who: { reference: 'Practitioner/doctor' } }],
    },
    {
      resourceType: 'Provenance',
      id: id('claim-origin'),
      meta: at('2025-03-05'),
      target: [to('ExplanationOfBenefit/claim')],
      recorded: '2024-03-21T08:00:00Z',
      agent: [{ type: { text: 'author' }, who: { reference: 'Organization/insurer' } }],
    },
  ]
  return [...(record as FhirResource[]), ...shared]
}

const shared = [
  {
    resourceType: 'Organization',
    id: 'insurer',
    meta: at('2020-01-01'),
    identifier: [{ system: 'urn:naic', value: '95216' }],
    name: 'Old Plan',
  },
  {
    resourceType: 'Practitioner',
    id: 'doctor',
    meta: at('2020-01-01'),
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1' }],
    name: [{ family: 'Straße' }],
  },
  { resourceType: 'Practitioner', id: 'psychiatrist', meta: at('2020-01-01'), name: [{ family: 'Quiet' }] },
  {
    resourceType: 'PractitionerRole',
    id: 'elsewhere',
    meta: at('2020-01-01'),
    practitioner: { reference: 'Practitioner/doctor' },
  },
  {
    resourceType: 'Location',
    id: 'clinic',
    meta: at('2020-01-01'),
    name: 'Clinic',
    managingOrganization: { reference: 'Organization/owner' },
  },
  { resourceType: 'Organization', id: 'owner', meta: at('2020-01-01'), name: 'Owner of the Clinic' },
  {
    resourceType: 'Medication',
    id: 'pill',
    meta: at('2020-01-01'),
    code: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '197361'),
  },
] as FhirResource[]

export interface SmallPayer {
  readonly state: PayerState
  readonly clock: VirtualClock
  readonly routes: readonly Route[]
  /** Lets somebody in: a token for one of the members, with a consent. */
  admit(token: string, patientId: string, part?: Partial<Grant> & { readonly policy?: ConsentPolicy }): Grant
  /** GET, or what `init` says, of a path under the tenant's base or of one of its absolute URLs. */
  ask(token: string | undefined, path: string, init?: RequestInit): Promise<Response>
}

export const requester = { system: 'urn:naic', value: '00001' }

/** Members `ana` and `bob`; nobody is admitted yet. */
export function smallPayer(
  part: {
    editions?: Editions
    settings?: Partial<PayerSettings>
    /** Puts something over the table: a fault. */
    wrap?: (routes: readonly Route[], state: PayerState) => readonly Route[]
  } = {},
): SmallPayer {
  const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  const chance = random('small payer')
  const state: PayerState = {
    clock,
    editions: part.editions ?? { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' },
    random: chance,
    identity: { name: 'Old Plan', uri: 'https://payer.example', identifier: { system: 'urn:naic', value: '95216' } },
    base,
    openBase: base,
    settings: {
      segmentation: 'excludes',
      memberId: true,
      foreign: 404,
      pageSize: 50,
      tokenSeconds: 300,
      ...part.settings,
    },
    directory: { standing: async () => ({ ok: true }) } as unknown as Directory,
    clients: new Clients(chance.fork('clients')),
    tokens: new Tokens(),
    members: new Members(),
    consents: new Consents(),
    records: new Records(clock),
    jobs: new ExportJobs(clock),
  }
  state.records.load('ana', recordOf('ana', 'Núñez'))
  state.records.load('bob', recordOf('bob', 'Baker'))
  const honest = dataRoutes(state)
  const routes = part.wrap?.(honest, state) ?? honest
  return {
    state,
    clock,
    routes,
    admit(token, patientId, { policy = 'sensitive', ...rest } = {}) {
      const grant: Grant = {
        clientId: `client-of-${token}`,
        organization: requester,
        scopes: ['patient/*.rs'],
        kind: 'member',
        patientId,
        expires: Math.floor(clock.now().getTime() / 1000) + 86_400,
        permissions: { claims: true, priorAuthorizations: true },
        ...rest,
      }
      state.tokens.keep(token, grant, 0)
      state.consents.store({
        patientId,
        clientId: grant.clientId,
        requester: grant.organization,
        policy,
        start: '2026-01-01',
        end: '2026-12-31',
        receivedAt: clock.now(),
      })
      return grant
    },
    ask(token, path, init = {}) {
      const url = new URL(path.startsWith('http') ? path : `${base}${path}`)
      const headers = new Headers(init.headers)
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      const request = new Request(url, { ...init, headers })
      return answer(routes, request, url.pathname.slice(new URL(base).pathname.length), {
        url,
        certificate: { thumbprint: 'x' } as CertificateFacts,
      })
    },
  }
}
