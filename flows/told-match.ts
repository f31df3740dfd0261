/** A member match told by hand around the request that our client makes, sound or spoiled: for tests of checks. */
import type { Identity } from '../harness/actor.ts'
import { type Check, verdictOf } from '../harness/check.ts'
import type { Person } from '../harness/person.ts'
import type { Scene } from '../harness/scene.ts'
import { type Exchange, Transcript } from '../harness/transcript.ts'
import { manners } from './match-member.ts'
import { bodyOf, draftMatch, type MatchDraft } from './match-request.ts'

const naic = 'urn:oid:2.16.840.1.113883.6.300'
const asker: Identity = { name: 'New', uri: 'https://new.example/payer', identifier: { system: naic, value: '20002' } }
const payer: Identity = { name: 'Old', uri: 'https://old.example/payer', identifier: { system: naic, value: '10001' } }
export const now = new Date('2026-03-02T15:00:00Z')
export const mb = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }] }
const self = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship', code: 'self' }] }

export const person: Person = {
  name: 'Ana Adams',
  part: 'tried',
  submitted: {
    patient: {
      resourceType: 'Patient',
      id: '1',
      name: [{ family: 'Adams', given: ['Ana'] }],
      gender: 'female',
      birthDate: '1980-04-05',
    },
    coverageToMatch: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ type: mb, system: 'urn:old', value: 'W100' }],
      subscriberId: 'W100',
      dependent: '01',
      beneficiary: { reference: 'Patient/1' },
      relationship: self,
      payor: [{ identifier: payer.identifier }],
    },
    coverageToLink: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ type: mb, system: 'urn:new', value: 'N200' }],
      subscriberId: 'N200',
      beneficiary: { reference: 'Patient/1' },
      relationship: self,
      payor: [{ identifier: asker.identifier }],
      class: [
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'group' }] },
          value: 'G',
          name: 'Employer',
        },
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'plan' }] },
          value: 'P',
          name: 'Plan',
        },
      ],
      network: 'all of it',
    },
  },
  patientId: 'ana-adams-k3f9',
  memberIdentifier: { system: 'urn:umb', value: 'U12345678' },
}
const bystander: Person = {
  ...person,
  name: 'Iris Ito',
  patientId: 'iris-ito-9x2',
  memberIdentifier: { system: 'urn:umb', value: 'U87654321' },
}
export const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: now.toISOString(),
  person,
  bystander,
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}

export const umb = { coding: [{ system: 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp', code: 'UMB' }] }
export const identifier = { name: 'MemberIdentifier', valueIdentifier: { type: umb, ...person.memberIdentifier } }
export const memberId = { name: 'MemberId', valueReference: { reference: `Patient/${person.patientId}` } }
/** An answer that names the member, or what is told instead. */
export const matched = (...parts: object[]): object => ({
  resourceType: 'Parameters',
  parameter: parts.length ? parts : [identifier, memberId],
})
/** A refusal in words. */
export const outcome = (text = 'the consent cannot be honoured', code = 'business-rule'): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, details: { text } }],
})

let number = 0
/** One match: our own request, and an answer of success unless told. */
export function exchange(
  part: Partial<Exchange> & {
    status?: number
    answer?: unknown
    headers?: [string, string][]
    draft?: (draft: MatchDraft) => void
  },
): Exchange {
  const { status = 200, answer = matched(), headers = [], draft: change, ...rest } = part
  const draft = draftMatch(
    person,
    { policy: 'sensitive', start: '2026-03-01', end: '2026-05-30' },
    { asker, payer, now },
  )
  change?.(draft)
  return {
    id: `x${++number}`,
    move: 'member-match',
    from: 'requesting payer',
    to: 'responding payer',
    at: now.toISOString(),
    intent: { person: person.name },
    request: {
      method: 'POST',
      url: 'https://old.example/fhir/Patient/$member-match',
      headers: [['Content-Type', 'application/fhir+json']],
      body: bodyOf(draft),
    },
    response: {
      status,
      statusText: '',
      headers: [['Content-Type', 'application/fhir+json'], ...headers],
      body: typeof answer === 'string' ? answer : JSON.stringify(answer),
    },
    timings: { connect: 0, firstByte: 0, total: 0 },
    ...rest,
  }
}
/** The verdict of a check on these exchanges. */
export const code = (check: Check, exchanges: Exchange[], part: Partial<Scene> = {}): string =>
  verdictOf(check, Transcript.of(exchanges), { ...scene, ...part }).code
/** A match that goes well. */
export const good = (): Exchange => exchange({})
/** A match that our client spoils in that manner, refused unless told. */
export const spoiled = (manner: string, part: Parameters<typeof exchange>[0] = {}): Exchange =>
  exchange({
    status: 422,
    answer: outcome(),
    intent: { person: person.name, mistake: manner },
    draft: manners[manner] as never,
    ...part,
  })
