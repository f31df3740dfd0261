/**
 * A payer that can do nothing but match its one member, and a request that it would accept. For tests without a port.
 */
import type { Consent, Coverage, Parameters, Patient } from 'fhir/r4.js'
import { VirtualClock } from '../../harness/clock.ts'
import type { Person } from '../../harness/person.ts'
import { random } from '../../harness/random.ts'
import type { Visit } from '../simulator.ts'
import { Consents } from '../state/consents.ts'
import type { Grant } from '../state/grant.ts'
import { Members } from '../state/members.ts'
import type { PayerSettings, PayerState } from '../state/payer-state.ts'
import { memberMatch } from './member-match.ts'

export const us = { system: 'urn:oid:2.16.840.1.113883.6.300', value: '10001' }
export const them = { system: 'urn:oid:2.16.840.1.113883.6.300', value: '20002' }
/** A code system of HL7. */
export const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`
/** A policy of HRex Consent. */
export const policy = (name: string): string =>
  `http://hl7.org/fhir/us/davinci-hrex/StructureDefinition-hrex-consent.html#${name}`
/** A concept of one coding. */
export const one = (system: string, code: string) => ({ coding: [{ system: hl7(system), code }] })

/** The Patient that is asked about. */
export const patient = (): Patient => ({
  resourceType: 'Patient',
  id: '1',
  name: [{ family: 'Adams', given: ['Ana'] }],
  gender: 'female',
  birthDate: '1980-04-05',
})
/** A coverage by its card. */
export const coverage = (number = 'W-1', payor = us): Coverage => ({
  resourceType: 'Coverage',
  status: 'active',
  identifier: [{ type: one('v2-0203', 'MB'), system: 'urn:cards', value: number }],
  beneficiary: { reference: 'Patient/1' },
  relationship: one('subscriber-relationship', 'self'),
  payor: [{ identifier: payor }],
})
const consent = (): Consent => ({
  resourceType: 'Consent',
  status: 'active',
  scope: one('consentscope', 'patient-privacy'),
  category: [one('v3-ActCode', 'IDSCL')],
  patient: { reference: 'Patient/1' },
  performer: [{ reference: 'Patient/1' }],
  sourceReference: { reference: 'https://new.example/DocumentReference/7' },
  policy: [{ uri: policy('sensitive') }],
  provision: {
    type: 'permit',
    period: { start: '2026-03-01', end: '2026-05-30' },
    actor: [
      { role: one('provenance-participant-type', 'performer'), reference: { identifier: us } },
      { role: one('v3-ParticipationType', 'IRCP'), reference: { identifier: them } },
    ],
    action: [one('consentaction', 'disclose')],
  },
})
export interface Parts {
  MemberPatient?: unknown
  Consent?: unknown
  CoverageToMatch?: unknown
  CoverageToLink?: unknown
}
/** A sound request, with some of it changed. */
export const parameters = (
  change: (parts: {
    MemberPatient: Patient
    Consent: Consent
    CoverageToMatch: Coverage
    CoverageToLink: Coverage
  }) => void = () => undefined,
  more: Parts = {},
): Parameters => {
  const parts = {
    MemberPatient: patient(),
    Consent: consent(),
    CoverageToMatch: coverage(),
    CoverageToLink: coverage('N-1', them),
  }
  change(parts)
  return {
    resourceType: 'Parameters',
    parameter: Object.entries({ ...parts, ...more })
      .filter(([, resource]) => resource !== undefined)
      .map(([name, resource]) => ({ name, resource: resource as Patient })),
  }
}

/** Somebody whom the payer may insure. */
export const person = (name: string, part: Partial<Person> = {}): Person => ({
  name,
  part: 'tried',
  submitted: { patient: patient(), coverageToMatch: coverage(), coverageToLink: coverage('N-1', them) },
  patientId: `held-${name}`,
  memberIdentifier: { system: 'urn:umb', value: `UMB-${name}` },
  ...part,
})
export const grant: Grant = {
  clientId: 'client-1',
  organization: them,
  scopes: [],
  kind: 'match',
  expires: 9e9,
  permissions: { claims: true, priorAuthorizations: true },
}

/** A payer of one member, and a way to ask it. */
export function payer(settings: Partial<PayerSettings> = {}, hrex = '1.2.0') {
  const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  const state = {
    clock,
    editions: { pdex: '2.2.0', hrex },
    random: random('test'),
    identity: { name: 'Old Health', uri: 'https://old.example', identifier: us },
    base: 'https://old.example/t',
    openBase: 'https://open.old.example/t',
    settings: { segmentation: 'excludes', memberId: true, foreign: 404, pageSize: 50, tokenSeconds: 300, ...settings },
    members: new Members(),
    consents: new Consents(),
  } as unknown as PayerState
  state.members.insure(person('ana'))
  const handler = memberMatch(state)
  const ask = async (body: unknown, part: Partial<Visit> & { type?: string } = {}): Promise<Response> => {
    const url = 'https://old.example/t/fhir/Patient/$member-match'
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const request = new Request(url, {
      method: 'POST',
      headers: { 'content-type': part.type ?? 'application/fhir+json' },
      body: text,
    })
    return handler(request, { params: {}, url: new URL(url), grant, ...part })
  }
  return { state, clock, ask }
}
