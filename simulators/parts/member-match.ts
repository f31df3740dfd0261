/**
 * Patient/$member-match, as a payer answers it: HRex OperationDefinition member-match, PDex "Evaluation of Consent".
 *
 * One member and a consent that can be honoured: 200 and the member's names. Anything else: a refusal that says why and
 * carries nothing of a member, not even what the caller wrote.
 */

import type { Parameters, ParametersParameter } from 'fhir/r4.js'
import { holdsAt } from '../../harness/edition.ts'
import type { ConsentTerms } from '../../harness/person.ts'
import type { Asked } from '../asked.ts'
import { isAnswer } from '../said.ts'
import { fhir, type Handler, outcome } from '../simulator.ts'
import type { Grant } from '../state/grant.ts'
import { MatchAttempts } from '../state/match-attempts.ts'
import type { Member } from '../state/members.ts'
import type { PayerState } from '../state/payer-state.ts'
import { placeInPeriod } from '../state/period.ts'
import { Unreadable } from './element.ts'
import type { OrganizationIdentifier, SubmittedConsent } from './match-consent.ts'
import { type MatchRequest, readMatchRequest } from './match-request.ts'

/** A request about one person: nobody needs a mebibyte for it. */
const longest = 2 ** 20

export const memberMatch = (state: PayerState): Handler => {
  const attempts = new MatchAttempts(state.clock)
  const hrex = hrexOf(state)

  return async (request, visit) => {
    const { grant } = visit
    if (!grant) return outcome(401, 'login', 'a token for this operation is needed', { 'www-authenticate': 'Bearer' })
    const asked = await read(request, hrex)
    if (isAnswer(asked)) return asked

    const seconds = attempts.secondsKeptOut(grant.clientId, asked.patient)
    if (seconds > 0)
      return outcome(429, 'throttled', 'too many different cards were tried for one person', {
        'retry-after': String(seconds),
      })

    const [member, ...others] = state.members.candidates(asked.patient, asked.toMatch)
    if (!member || others.length > 0) {
      attempts.failed(grant.clientId, asked.patient, asked.toMatch)
      return member
        ? outcome(422, 'multiple-matches', 'more than one member fits the demographics and coverage')
        : outcome(422, 'not-found', 'no member fits the demographics and coverage')
    }
    attempts.succeeded(grant.clientId, asked.patient)

    const { consent } = asked
    if (!consent)
      return outcome(422, 'required', 'Parameters.parameter has no Consent, and without one nothing can be shared')
    const obstacle = obstacles.find(([, stands]) => stands({ state, grant, member, consent }))
    if (obstacle) return outcome(422, 'business-rule', `the consent cannot be honoured: ${obstacle[0]}`)

    capture(state, grant, member, consent)
    if (asked.toLink) state.members.link(member.patientId, asked.toLink)
    return fhir(answerTo(state, member), 200, { 'cache-control': 'no-store' })
  }
}

const hrexOf = ({ editions }: PayerState): string => editions.hrex ?? '1.2.0'

interface Circumstances {
  readonly state: PayerState
  readonly grant: Grant
  readonly member: Member
  readonly consent: SubmittedConsent
}

/** Why a consent that is well formed cannot be honoured; asked in this order. */
const obstacles: readonly (readonly [string, (about: Circumstances) => boolean])[] = [
  ['its period is over', ({ state, consent }) => place(state, consent) === 'after'],
  ['its period has not begun', ({ state, consent }) => place(state, consent) !== 'within'],
  [
    'its recipient (IRCP) is not the organization that asks',
    ({ grant, consent }) => !among(consent.recipients, grant.organization),
  ],
  ['its performer is not this payer', ({ state, consent }) => !among(consent.performers, state.identity.identifier)],
  [
    'it lets only non-sensitive data go, which cannot be told apart here',
    ({ state, consent }) => consent.policy === 'regular' && state.settings.segmentation === 'cannot',
  ],
  [
    'the member has told this payer otherwise',
    ({ state, grant, member }) => state.consents.isBlocked(member.patientId, grant.organization),
  ],
]

const place = (state: PayerState, { start, end }: SubmittedConsent) => placeInPeriod(start, end, state.clock.now())

const among = (named: readonly OrganizationIdentifier[], { system, value }: OrganizationIdentifier): boolean =>
  named.some((each) => each.system === system && each.value === value)

/** The request when it can be read, or the refusal. A stranger's body may be anything at all. */
async function read(request: Asked, hrex: string): Promise<MatchRequest | Response> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type && !/^application\/(fhir\+)?json$/.test(type))
    return outcome(415, 'not-supported', 'this operation reads application/fhir+json')
  const text = await request.text()
  if (text.length > longest)
    return outcome(413, 'too-long', 'the body is longer than a request about one person can be')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return outcome(422, 'structure', text.trim() ? 'the body is not JSON' : 'there is no body')
  }
  try {
    return readMatchRequest(body, hrex)
  } catch (cause) {
    if (cause instanceof Unreadable) return refusal(cause)
    throw cause
  }
}

const refusal = ({ code, at, message }: Unreadable): Response =>
  fhir(
    {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code, details: { text: message }, diagnostics: message, expression: [at] }],
    },
    422,
  )

/** What later decisions need: the consent, and who matched whom (mm-13). */
export function capture(
  state: PayerState,
  { clientId, organization }: Pick<Grant, 'clientId' | 'organization'>,
  { patientId }: Member,
  { policy, start, end }: ConsentTerms,
): void {
  const receivedAt = state.clock.now()
  state.consents.store({ patientId, clientId, requester: organization, policy, start, end, receivedAt })
}

/** How a member is named to who has matched them. */
export function answerTo(state: PayerState, member: Member): Parameters {
  const first = holdsAt('1.0', hrexOf(state))
  const type = first
    ? { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }
    : { system: 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp', code: 'UMB' }
  const memberIdentifier: ParametersParameter = {
    name: 'MemberIdentifier',
    valueIdentifier: {
      type: { coding: [type] },
      ...member.memberIdentifier,
      assigner: { display: state.identity.name },
    },
  }
  const memberId: ParametersParameter = {
    name: 'MemberId',
    valueReference: { reference: `Patient/${member.patientId}` },
  }
  return {
    resourceType: 'Parameters',
    parameter: state.settings.memberId && !first ? [memberIdentifier, memberId] : [memberIdentifier],
  }
}
