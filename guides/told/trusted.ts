/** Two members whose records are marked all over, and a client that is trusted with one of them: for trying oracles. */
import type { FhirResource } from 'fhir/r4.js'
import { canaryText } from '../../harness/canary.ts'
import type { ConsentPolicy, Person } from '../../harness/person.ts'
import type { Exchange } from '../../harness/transcript.ts'

const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }
/** A text that marks one resource of somebody. */
export const note = (key: string, n: number, sensitive = false): string => canaryText(key, 'clinical', sensitive, n)

/** Somebody with a Patient, two Conditions of which the second is sensitive, and a claim. */
function member(name: string, key: string): Person {
  const subject = { reference: `Patient/${key}` }
  const record = [
    { resourceType: 'Patient', id: key, identifier: [{ value: note(key, 1) }] },
    { resourceType: 'Condition', id: `${key}-condition-1`, subject, note: [{ text: note(key, 2) }] },
    {
      resourceType: 'Condition',
      id: `${key}-condition-2`,
      subject,
      meta: { security: [label] },
      note: [{ text: note(key, 3, true) }],
    },
    {
      resourceType: 'ExplanationOfBenefit',
      id: `${key}-claim-1`,
      patient: subject,
      use: 'claim',
      identifier: [{ value: canaryText(key, 'claim', false, 4) }],
    },
  ] as unknown as FhirResource[]
  return {
    name,
    part: 'somebody',
    submitted: {
      patient: { resourceType: 'Patient', id: '1' },
      coverageToMatch: { resourceType: 'Coverage', status: 'active', beneficiary: {}, payor: [] },
      coverageToLink: { resourceType: 'Coverage', status: 'active', beneficiary: {}, payor: [] },
    },
    patientId: key,
    memberIdentifier: { system: 'https://old.example/umb', value: `U-${key}` },
    record,
    sensitive: [`Condition/${key}-condition-2`],
  }
}
export const ana = member('Ana Adams', 'ana-adams-k3f9')
export const iris = member('Iris Ito', 'iris-ito-x7k2')
export const [, open, secret, claim] = (ana.record ?? []) as [FhirResource, FhirResource, FhirResource, FhirResource]

export const base = 'https://old.example/fhir'
let number = 0
interface Told {
  readonly move: Exchange['move']
  readonly url?: string
  readonly token?: string
  readonly body?: unknown
  readonly status?: number
  readonly from?: string
  readonly at?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly asked?: unknown
  readonly intent?: Readonly<Record<string, string>>
}
/** One exchange with the payer. */
export const exchange = ({
  move,
  url = `${base}/Condition`,
  token,
  body,
  status = 200,
  from,
  at,
  headers,
  asked,
  intent,
}: Told): Exchange => ({
  id: `x${++number}`,
  move,
  from: from ?? 'requesting payer',
  to: 'responding payer',
  at: at ?? '2026-03-02T15:00:00Z',
  intent: intent ?? {},
  request: {
    method: asked === undefined ? 'GET' : 'POST',
    url,
    headers: token === undefined ? [] : [['Authorization', `Bearer ${token}`]],
    body: asked === undefined ? '' : JSON.stringify(asked),
  },
  response: {
    status,
    statusText: '',
    headers: [['Content-Type', 'application/fhir+json'], ...(headers ?? [])],
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
  },
  timings: { connect: 0, firstByte: 0, total: 0 },
})

/** The match and the token that come before data. */
export const trusted = (policy: ConsentPolicy, person = ana, end = '2026-05-31', from?: string): Exchange[] => [
  exchange({
    move: 'member-match',
    ...(from ? { from } : {}),
    url: `${base}/Patient/$member-match`,
    token: 'match',
    intent: { person: person.name, policy },
    asked: {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'Consent',
          resource: {
            resourceType: 'Consent',
            policy: [{ uri: `http://hl7.org/x#${policy}` }],
            provision: { period: { start: '2026-03-01', end } },
          },
        },
      ],
    },
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'MemberIdentifier', valueIdentifier: person.memberIdentifier },
        { name: 'MemberId', valueReference: { reference: `Patient/${person.patientId}` } },
      ],
    },
  }),
  exchange({
    move: 'member-token',
    ...(from ? { from } : {}),
    url: 'https://old.example/token',
    intent: { person: person.name },
    body: { access_token: `token of ${from ?? 'us'}`, expires_in: 10_000_000, patient: person.patientId },
  }),
]
/** A searchset of these. */
export const bundle = (...resources: readonly FhirResource[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
})
/** An answer to the token of the client. */
export const data = (body: unknown, more: Partial<Told> = {}): Exchange =>
  exchange({ move: 'search', token: 'token of us', body, ...more })
