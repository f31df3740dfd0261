/** What the scenarios of a sample run are made of: the forms of a planned scenario, and the words and messages that several share. */

import type { Failure } from '../harness/failure.ts'
import type { StepLine } from '../harness/journal.ts'
import type { Move } from '../harness/move.ts'
import type { Random } from '../harness/random.ts'
import type { CertificateFacts, HeaderList } from '../harness/transcript.ts'
import type { Finding, VerdictCode } from '../harness/verdict.ts'
import { member } from './sample-data.ts'

export const base = 'https://old-plan.example:8443'
export const fhir = `${base}/fhir`

/** What a step found: a title for the check, and the findings about the latest exchange unless they name one. */
interface Found {
  readonly requirement: string
  readonly title: string
  readonly unmet?: Partial<Finding> & { readonly message: string }
  readonly code?: VerdictCode
  readonly noted?: string
}
export interface PlannedStep {
  readonly keyword: string
  readonly text: string
  readonly says?: readonly Saying[]
  readonly setUp?: readonly string[]
  readonly finds?: readonly Found[]
  readonly status?: StepLine['status']
  readonly message?: string
}
export interface Saying {
  readonly move: Move
  readonly method?: string
  readonly url: string
  readonly headers?: HeaderList
  readonly body?: string
  readonly intent?: Readonly<Record<string, string>>
  readonly to?: string
  readonly from?: string
  readonly answer?: { readonly status: number; readonly headers?: HeaderList; readonly body?: string }
  readonly failure?: Failure
  readonly plain?: boolean
}
export interface PlannedScenario {
  readonly feature: string
  readonly uri: string
  readonly rule?: string
  readonly name: string
  readonly example?: string
  readonly steps: readonly PlannedStep[]
  readonly reason?: string
  readonly code?: VerdictCode
}

/** Makes what a real system would make up. */
export interface SampleTools {
  readonly random: Random
  readonly token: (kind?: 'opaque' | 'jwt') => string
  readonly assertion: (claims: Readonly<Record<string, unknown>>, alg?: string) => string
  readonly certificate: (subject: string, san: string) => CertificateFacts
}

export const asJson: HeaderList = [['Content-Type', 'application/json']]
export const bearing = (token: string): HeaderList => [
  ['Accept', 'application/fhir+json'],
  ['Authorization', `Bearer ${token}`],
]
export const outcome = (code: string, diagnostics: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] })
export const refused = (code: string, message: string): Failure => ({ kind: 'refused', code, message })

/** Messages and secrets of one run. */
export type SampleProps = ReturnType<typeof sampleProps>

export function sampleProps(kit: SampleTools) {
  const { token, assertion } = kit
  const { patient, coverage, consent } = member
  const matchToken = token()
  const memberToken = token('jwt')
  const registrationToken = token()
  const clientSecret = token()
  const claims = { iss: 'new-plan', sub: 'new-plan', aud: `${base}/auth/token`, exp: 1772463900, jti: 'a91f' }
  const privatePart = token()
  const register = (statement: string): Saying => ({
    move: 'register',
    method: 'POST',
    url: `${base}/auth/register`,
    headers: asJson,
    body: JSON.stringify({
      software_statement: statement,
      client_name: 'New Plan',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'system/Patient.$member-match',
      jwks: {
        keys: [
          {
            kty: 'EC',
            crv: 'P-384',
            kid: 'new-plan-2026',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
        ],
      },
    }),
  })
  const askToken = (move: 'match-token' | 'member-token', scope: string, given: string, extra = ''): Saying => ({
    move,
    method: 'POST',
    url: `${base}/auth/token`,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=${assertion(claims)}${extra}`,
    answer: {
      status: 200,
      headers: [...asJson, ['Cache-Control', 'no-store'], ['Set-Cookie', `session=${cookie}; Secure; HttpOnly`]],
      body: JSON.stringify({ access_token: given, token_type: 'Bearer', expires_in: 300, scope }),
    },
  })
  const cookie = token()
  const match = (answer: NonNullable<Saying['answer']>): Saying => ({
    move: 'member-match',
    method: 'POST',
    url: `${fhir}/Patient/$member-match`,
    headers: [...bearing(matchToken), ['Content-Type', 'application/fhir+json']],
    intent: { person: 'Ana Adams' },
    body: JSON.stringify(
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'MemberPatient', resource: patient },
          { name: 'CoverageToMatch', resource: coverage },
          { name: 'Consent', resource: consent },
        ],
      },
      null,
      2,
    ),
    answer,
  })
  const matched = JSON.stringify({
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'MemberIdentifier',
        valueIdentifier: { system: 'http://old-plan.example/fhir/NamingSystem/member-id', value: '55678' },
      },
      { name: 'MemberId', valueReference: { reference: 'Patient/ana-adams' } },
    ],
  })
  const search = (type: string, body: string, status = 200): Saying => ({
    move: 'search',
    url: `${fhir}/${type}?patient=ana-adams&_count=50`,
    headers: bearing(memberToken),
    intent: { type },
    answer: { status, body },
  })
  const background: PlannedStep[] = [
    {
      keyword: 'Given',
      text: 'the payers belong to the trust community',
      setUp: ['the requesting payer is a member of the trust community'],
    },
    {
      keyword: 'And',
      text: 'the responding payer insures Ana Adams',
      setUp: ['the responding payer insures Ana Adams'],
    },
  ]
  return {
    token,
    assertion,
    matchToken,
    memberToken,
    registrationToken,
    clientSecret,
    privatePart,
    register,
    askToken,
    match,
    matched,
    search,
    background,
  }
}
