/** Ways to give members away where no data is asked for: refusals, matches, tokens, registration, discovery; and after the end. */

import type { Parameters, Patient } from 'fhir/r4.js'
import type { Asked } from '../asked.ts'
import type { CapturedConsent } from '../state/consents.ts'
import type { Member } from '../state/members.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import {
  any,
  anybody,
  foreignPath,
  foreignRemark,
  grantOf,
  inHeader,
  inObject,
  inRefusal,
  leak,
  outcomeOf,
  ownPatient,
  refusals,
  remark,
  type Secret,
} from './leak-marks.ts'
import { askedIn, fitting, partOf } from './match-spoiling.ts'
import { misanswer, recast, rows, type Spoil } from './spoiling.ts'

const rights = ['HREX-058'] as const
const errors = ['CORE-021'] as const
const somebody: Secret = ({ state }) => remark(anybody(state))
/** The id of a member who was insured here first, where there are two. */
const somebodyElse: Secret = ({ state }) => {
  const [first, second] = [...state.records.patients()]
  return second && first
}

/** Refusals that tell of another member. */
const inRefusals: readonly Fault[] = [
  leak(
    'foreign-in-not-found',
    'Of an id that nobody gave out the refusal says which one was meant',
    rows.read,
    errors,
    inRefusal(foreignPath, (text) => `there is no such record; did you mean ${text}?`),
  ),
  leak(
    'foreign-in-query',
    'The refusal of a value that cannot be read shows the query that failed',
    rows.search,
    errors,
    inRefusal(foreignRemark, (text) => `syntax error in: select * from conditions where note <> '${text}'`),
  ),
  leak(
    'foreign-in-outcome-extension',
    'The refusal of an export carries an extension with the job that runs for another member',
    rows.kickOff,
    errors,
    misanswer(async (answer, about) => {
      const text = foreignPath(about)
      const outcome = refusals(answer.status) && text ? await outcomeOf(answer) : undefined
      if (!outcome) return answer
      const extension = [{ url: 'https://old-plan.example/blocked-by', valueUri: `urn:old-plan:${text}` }]
      return recast(answer, JSON.stringify({ ...outcome, extension }))
    }),
  ),
  leak(
    'foreign-location',
    "The refusal of another member's record has a Location that leads to it by its record number",
    rows.read,
    errors,
    inHeader('location', foreignRemark, refusals, (text) => `/records?number=${encodeURIComponent(text)}`),
  ),
  leak(
    'foreign-in-refused-everything',
    "The refusal of another member's $everything is sent with a warning that quotes the record",
    rows.everything,
    errors,
    inHeader('warning', foreignRemark, refusals, (text) => `199 - "${text}"`),
  ),
  leak(
    'foreign-in-deleted',
    'What was deleted is answered with a trace of the query, in base64',
    rows.read,
    errors,
    inRefusal(foreignRemark, (text) => `trace ${Buffer.from(`at Records.read (${text})`).toString('base64')}`),
  ),
]

type Teller = (member: Member) => string

/** Refusals of a match by such a code, with whom they were about. */
const ofMatch =
  (code: RegExp, tell: (answer: Response, member: Member) => Response | Promise<Response>): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const [copy, again] = [request.clone(), request.clone()]
    const answer = await honest(request, visit)
    const outcome = answer.status === 422 ? await outcomeOf(answer) : undefined
    if (!outcome || !code.test(outcome.issue[0]?.code ?? '')) return answer
    const member = (await fitting(copy, state))[0] ?? (await nearly(again, state))
    return member ? tell(answer, member) : answer
  }

/** A member of that family. */
async function nearly(request: Asked, state: PayerState): Promise<Member | undefined> {
  const body = await askedIn(request)
  const asked = body && partOf<Patient>(body, 'MemberPatient')
  for (const patientId of state.records.patients()) {
    const patient = state.records.read('Patient', patientId)
    if (patient?.resourceType === 'Patient' && patient.name?.[0]?.family === asked?.name?.[0]?.family)
      return state.members.byPatientId(patientId)
  }
  return undefined
}

const inDiagnostics =
  (teller: Teller) =>
  async (answer: Response, member: Member): Promise<Response> => {
    const outcome = await outcomeOf(answer)
    const [issue] = outcome?.issue ?? []
    if (!outcome || !issue) return answer
    issue.diagnostics = teller(member)
    return recast(answer, JSON.stringify(outcome))
  }

const inAHeader =
  (name: string, teller: Teller) =>
  async (answer: Response, member: Member): Promise<Response> =>
    recast(answer, await answer.text(), { [name]: teller(member) })

const matchRow = 'POST /fhir/Patient/$member-match'

/** Matches and refused matches. */
const inMatches: readonly Fault[] = [
  leak(
    'near-miss-number',
    'Where nobody fits, the refusal tells the member number of who nearly does',
    matchRow,
    ['HREX-009'],
    ofMatch(
      /not-found/,
      inDiagnostics(({ memberIdentifier }) => `closest: ${memberIdentifier.value}`),
    ),
  ),
  leak(
    'near-miss-location',
    'Where nobody fits, a Location leads to who nearly does',
    matchRow,
    ['HREX-009'],
    ofMatch(
      /not-found/,
      inAHeader('location', ({ patientId }) => `Patient/${patientId}`),
    ),
  ),
  leak(
    'no-consent-header',
    'Where the consent cannot be honoured, a header tells the Patient id, percent-encoded',
    matchRow,
    ['PDEX-114'],
    ofMatch(
      /business-rule/,
      inAHeader('x-context', ({ patientId }) => encodeURIComponent(`Patient/${patientId}`)),
    ),
  ),
  leak(
    'no-consent-token',
    'Where the consent cannot be honoured, the diagnostics are a sealed note, which is base64 and holds the member number',
    matchRow,
    ['PDEX-114'],
    ofMatch(
      /business-rule/,
      inDiagnostics(({ memberIdentifier }) => Buffer.from(`{"umb":"${memberIdentifier.value}"}`).toString('base64url')),
    ),
  ),
  leak(
    'match-names-others',
    'A match names whom it was chosen from',
    matchRow,
    rights,
    inObject(somebodyElse, (body, text) => {
      const [part] = (body as unknown as Parameters).parameter ?? []
      if (part?.valueIdentifier) part.valueIdentifier.assigner = { display: `chosen over ${text}` }
    }),
  ),
]

/** Where nobody asks for data. */
const inAuthorization: readonly Fault[] = [
  leak(
    'token-lists-members',
    'The answer with a token lists the other members that the client could ask for',
    'POST /auth/token',
    rights,
    inObject(somebodyElse, (body, text) => {
      if (body.patient) body.members = [body.patient, text]
    }),
  ),
  leak(
    'token-carries-record',
    'The answer with a token carries the record number of the member',
    'POST /auth/token',
    rights,
    inObject(somebody, (body, text) => {
      if (body.patient) body.record = text
    }),
  ),
  leak(
    'registration-has-example',
    'What is registered is confirmed with an example that is a real member',
    'POST /auth/register',
    rights,
    inObject(somebody, (body, text) => {
      body.software_version = `tested with ${text}`
    }),
  ),
  leak(
    'metadata-has-example',
    'The CapabilityStatement gives a real member as an example',
    rows.metadata,
    rights,
    inObject(somebody, (body, text) => {
      body.description = `Try ?identifier=${text}`
    }),
  ),
  leak(
    'discovery-has-example',
    'The SMART configuration is served with the session of somebody else',
    'GET /fhir/.well-known/smart-configuration',
    rights,
    inHeader('set-cookie', somebody, any, (text) => `session=${Buffer.from(text).toString('base64')}; HttpOnly`),
  ),
]

/** After the member has taken the consent back, or without a token. */
const afterTheEnd: readonly Fault[] = [
  leak(
    'pages-outlive-consent',
    'A list that was begun while the consent held is read to its end after it was taken back',
    rows.page,
    rights,
    (honest, state) => async (request, visit) => {
      const copy = request.clone()
      const answer = await honest(request, visit)
      const { patientId, organization } = grantOf({ state, visit, request }) ?? {}
      const consent = patientId && organization && state.consents.latest(patientId, organization)
      if (answer.status < 400 && (await isFull(answer))) return answer
      return consent ? during(state, consent, () => honest(copy, visit)) : answer
    },
  ),
  leak(
    'last-answer-in-refusal',
    'The refusal after the consent was taken back quotes what was given before',
    rows.everything,
    rights,
    inRefusal(
      (about) => remark(ownPatient(about)),
      (text) => `no consent any more; last sent: ${text}`,
    ),
  ),
  leak(
    'challenge-names-member',
    'A request without a token is challenged with the record number of whom it asked for',
    'GET /fhir/Patient/:id/$everything',
    rights,
    inHeader(
      'www-authenticate',
      ({ state, visit }) => remark(state.records.read('Patient', visit.params.id ?? '')),
      (status) => status === 401,
      (text) => `Bearer error_description="a token for ${text} is needed"`,
    ),
  ),
]

/** Answered as if that consent held. */
async function during(
  state: PayerState,
  consent: CapturedConsent,
  act: () => Response | Promise<Response>,
): Promise<Response> {
  state.consents.store(consent)
  try {
    return await act()
  } finally {
    state.consents.revoke(consent.patientId, consent.requester)
  }
}

const isFull = async (answer: Response): Promise<boolean> =>
  (((await answer.clone().json()) as { entry?: unknown[] }).entry?.length ?? 0) > 0

export const otherLeaks: readonly Fault[] = [...inRefusals, ...inMatches, ...inAuthorization, ...afterTheEnd]
