/** Matches that are right at a glance: whose identifier it is, what a refusal leaves behind, which of two consents counts. */
import type { Parameters } from 'fhir/r4.js'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { askedIn, fault, fitting, misanswer, partOf } from './match-spoiling.ts'

/** A good answer changed in place. */
const reanswered = (change: (answer: Parameters, asked: Parameters, state: PayerState) => void) =>
  misanswer(async (answer, request, state) => {
    const asked = await askedIn(request)
    if (answer.status !== 200 || !asked) return answer
    const body = (await answer.json()) as Parameters
    change(body, asked, state)
    return new Response(JSON.stringify(body), { status: 200, headers: answer.headers })
  })

const part = (body: Parameters, name: string) => body.parameter?.find((one) => one.name === name)

export const subtleMatchFaults: readonly Fault[] = [
  fault(
    'identifier-echoes-the-card',
    'The MemberIdentifier is the number that was on the card',
    ['PDEX-109'],
    reanswered((body, asked) => {
      const card = partOf<{ identifier?: { value?: string }[] }>(asked, 'CoverageToMatch')
      const identifier = part(body, 'MemberIdentifier')?.valueIdentifier
      const value = card?.identifier?.[0]?.value
      if (identifier && value) identifier.value = value
    }),
  ),
  fault(
    'member-id-of-another',
    'The MemberId leads to another member',
    ['PDEX-109'],
    reanswered((body, _asked, state) => {
      const reference = part(body, 'MemberId')?.valueReference
      const another = [...state.records.patients()].find((id) => `Patient/${id}` !== reference?.reference)
      if (reference && another) reference.reference = `Patient/${another}`
    }),
  ),
  fault(
    'match-is-created',
    'A match is answered as if something had been made',
    ['PDEX-107'],
    misanswer((answer) =>
      answer.status === 200 ? new Response(answer.body, { status: 201, headers: answer.headers }) : answer,
    ),
  ),
  fault(
    'a-refused-consent-is-kept',
    'A consent that was refused opens the data',
    ['PDEX-113'],
    (honest, state) => async (request, visit) => {
      const copy = request.clone()
      const answer = await honest(request, visit)
      const { grant } = visit
      const [member] = answer.status === 422 ? await fitting(copy, state) : []
      if (member && grant)
        state.consents.store({
          patientId: member.patientId,
          clientId: grant.clientId,
          requester: grant.organization,
          policy: 'sensitive',
          start: '2000-01-01',
          end: '9999',
          receivedAt: state.clock.now(),
        })
      return answer
    },
  ),
  fault(
    'the-first-consent-stands',
    'A later consent does not take the place of an earlier one',
    ['PDEX-137'],
    (honest, state) => async (request, visit) => {
      const copy = request.clone()
      const token = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
      const organization = state.tokens.find(token)?.grant.organization
      const [member] = await fitting(copy, state)
      const before = member && organization && state.consents.latest(member.patientId, organization)
      const answer = await honest(request, visit)
      if (before && answer.status === 200) state.consents.store({ ...before, receivedAt: state.clock.now() })
      return answer
    },
  ),
]
