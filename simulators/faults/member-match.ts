/** Ways to be wrong about matching a member: whom, what the answer says, what a refusal gives away. */

import type { Coverage, Parameters, ParametersParameter, Patient } from 'fhir/r4.js'
import type { Asked } from '../asked.ts'
import { outcome } from '../simulator.ts'
import type { Member } from '../state/members.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { askedIn, fault, fitting, matchOf, misanswer, misread, partOf, type Spoil } from './match-spoiling.ts'

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/fhir+json' } })

const said = (body: Parameters): string => {
  const patient = partOf<Patient>(body, 'MemberPatient')
  return JSON.stringify([patient?.name?.[0]?.family, patient?.name?.[0]?.given?.[0]])
}
const held = ({ person }: Member): string => {
  const [name] = person.submitted.patient.name ?? []
  return JSON.stringify([name?.family, name?.given?.[0]])
}
const namesake = (body: Parameters, state: PayerState): Member | undefined =>
  [...state.members].find((member) => held(member) === said(body))

const changeAnswer = (change: (parts: ParametersParameter[]) => ParametersParameter[]): Spoil =>
  misanswer(async (answer) => {
    if (answer.status !== 200) return answer
    const body = (await answer.json()) as Parameters
    return json({ ...body, parameter: change(body.parameter ?? []) })
  })

const codeOf = async (answer: Response): Promise<string | undefined> =>
  ((await answer.clone().json()) as { issue?: { code?: string }[] }).issue?.[0]?.code

/** Another way to answer a refusal of that kind. */
const instead = (code: string, make: (request: Asked, state: PayerState) => Response | Promise<Response>): Spoil =>
  misanswer(async (answer, request, state) =>
    answer.status === 422 && (await codeOf(answer)) === code ? make(request, state) : answer,
  )

export const memberMatchFaults: readonly Fault[] = [
  fault(
    'match-not-offered',
    '$member-match is not there',
    ['PDEX-107'],
    () => () => outcome(404, 'not-supported', 'no such operation'),
  ),
  fault(
    'match-the-first-of-many',
    'Of several members who fit the first is named',
    ['HREX-010', 'PDEX-116'],
    instead('multiple-matches', async (request, state) => {
      const [first] = await fitting(request, state)
      return first ? json(matchOf(first)) : outcome(422, 'not-found', 'nobody')
    }),
  ),
  fault(
    'match-without-the-card',
    'Name and birth date are enough: the card is not compared',
    ['HREX-007'],
    misread((body, state) => {
      const member = namesake(body, state)
      const card = partOf<Coverage>(body, 'CoverageToMatch')
      if (member && card?.identifier)
        card.identifier = structuredClone(member.person.submitted.coverageToMatch.identifier ?? [])
      if (member && card?.subscriberId) card.subscriberId = member.person.submitted.coverageToMatch.subscriberId ?? ''
    }),
  ),
  fault(
    'match-with-who-came-first',
    'Where nobody fits, whoever was insured first is named',
    ['HREX-009', 'PDEX-116'],
    instead('not-found', (_request, state) => {
      const [first] = state.members
      return first ? json(matchOf(first)) : outcome(422, 'not-found', 'nobody')
    }),
  ),
  fault(
    'nobody-is-404',
    'No match is answered 404',
    ['HREX-009', 'PDEX-116'],
    instead('not-found', () => outcome(404, 'not-found', 'no member fits')),
  ),
  fault(
    'nobody-is-an-empty-match',
    'No match is answered 200 with empty Parameters',
    ['HREX-009', 'PDEX-116'],
    instead('not-found', () => json({ resourceType: 'Parameters' })),
  ),
  fault(
    'several-tell-their-ids',
    'When several fit, the refusal lists their patient ids',
    ['HREX-010'],
    instead('multiple-matches', async (request, state) => {
      const ids = (await fitting(request, state)).map(({ patientId }) => patientId)
      return outcome(422, 'multiple-matches', `more than one member fits: ${ids.join(' and ')}`)
    }),
  ),
  fault(
    'refuse-in-silence',
    'A 422 has no body',
    ['HREX-012', 'PDEX-115', 'PDEX-117'],
    misanswer((answer) => (answer.status === 422 ? new Response(null, { status: 422 }) : answer)),
  ),
  fault(
    'refuse-without-words',
    'The OperationOutcome of a 422 has a code and says nothing',
    ['HREX-012', 'PDEX-115'],
    misanswer((answer) =>
      answer.status === 422
        ? json({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing' }] }, 422)
        : answer,
    ),
  ),
  fault(
    'guessing-goes-on',
    'Nothing stops a client that tries card after card',
    ['HREX-007'],
    misanswer((answer) => (answer.status === 429 ? outcome(422, 'not-found', 'no member fits') : answer)),
  ),
  fault(
    'identifier-typed-mb',
    'The MemberIdentifier is typed MB as in HRex 1.0',
    ['HREX-020'],
    changeAnswer((parts) =>
      parts.map((part) =>
        part.valueIdentifier
          ? {
              ...part,
              valueIdentifier: {
                ...part.valueIdentifier,
                type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }] },
              },
            }
          : part,
      ),
    ),
  ),
  fault(
    'identifier-without-type',
    'The MemberIdentifier has no type',
    ['PDEX-109', 'HREX-020'],
    changeAnswer((parts) =>
      parts.map((part) => {
        if (!part.valueIdentifier) return part
        const { type: _, ...valueIdentifier } = part.valueIdentifier
        return { ...part, valueIdentifier }
      }),
    ),
  ),
  fault(
    'two-identifiers',
    'The card number comes as a second MemberIdentifier',
    ['HREX-008', 'HREX-020', 'PDEX-109'],
    changeAnswer((parts) => [...parts, { name: 'MemberIdentifier', valueIdentifier: { value: 'W-0000' } }]),
  ),
  fault(
    'whole-patient-in-the-answer',
    'The answer carries the Patient as a parameter of its own',
    ['HREX-020'],
    changeAnswer((parts) => [...parts, { name: 'MemberPatient', resource: { resourceType: 'Patient' } }]),
  ),
  fault(
    'member-id-by-identifier',
    'The MemberId is a logical reference without an address',
    ['HREX-020', 'PDEX-108'],
    changeAnswer((parts) =>
      parts.map((part) =>
        part.valueReference ? { ...part, valueReference: { type: 'Patient', display: 'the member' } } : part,
      ),
    ),
  ),
  fault(
    'no-member-id',
    'The answer never has a MemberId',
    ['PDEX-108'],
    changeAnswer((parts) => parts.filter(({ name }) => name !== 'MemberId')),
  ),
  fault(
    'somebody-else-is-named',
    'The MemberIdentifier is that of the member who came first',
    ['PDEX-109'],
    (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      const [first] = state.members
      return answer.status === 200 && first ? json(matchOf(first)) : answer
    },
  ),
  fault(
    'extensions-are-refused',
    'An extension that is not known is a reason to refuse',
    ['HREX-037'],
    misanswer(async (answer, request) => {
      const body = await askedIn(request)
      const known = /^http:\/\/hl7\.org\//
      const more = body && partOf<Patient>(body, 'MemberPatient')?.extension?.some(({ url }) => !known.test(url))
      return more ? outcome(422, 'extension', 'there is an extension that is not known') : answer
    }),
  ),
  fault(
    'order-matters',
    'MemberPatient must come first',
    ['PDEX-107'],
    misanswer(async (answer, request) =>
      (await askedIn(request))?.parameter?.[0]?.name === 'MemberPatient'
        ? answer
        : outcome(422, 'invalid', 'MemberPatient is not the first parameter'),
    ),
  ),
  fault(
    'unknown-parameters-pass',
    'A parameter that the operation does not have is passed over',
    ['PDEX-117'],
    misread((body) => {
      body.parameter = (body.parameter ?? []).filter(({ name }) =>
        /^(Member|Coverage|Consent)(Patient|ToMatch|ToLink|)$/.test(name),
      )
    }),
  ),
  fault(
    'names-in-any-case',
    'Parameter names are compared without regard to case',
    ['PDEX-117'],
    misread((body) => {
      const names = ['MemberPatient', 'CoverageToMatch', 'CoverageToLink', 'Consent']
      for (const part of body.parameter ?? [])
        part.name = names.find((name) => name.toLowerCase() === part.name?.toLowerCase()) ?? part.name
    }),
  ),
  fault(
    'any-reference-will-do',
    'A beneficiary may be an absolute URL, contained or of another id',
    ['PDEX-117'],
    misread((body) => {
      const id = partOf<Patient>(body, 'MemberPatient')?.id
      for (const name of ['CoverageToMatch', 'CoverageToLink']) {
        const coverage = partOf<Coverage>(body, name)
        if (coverage?.beneficiary) coverage.beneficiary = { reference: `Patient/${id}` }
      }
    }),
  ),
  fault(
    'malformed-is-500',
    'What cannot be read ends as an internal error',
    ['PDEX-117'],
    misanswer(async (answer) =>
      answer.status === 422 && ['structure', 'required', 'invalid'].includes((await codeOf(answer)) ?? '')
        ? outcome(500, 'exception', 'something went wrong')
        : answer,
    ),
  ),
  fault(
    'get-is-answered',
    'The operation answers GET as well',
    ['HREX-014'],
    (honest) => async (request, visit) =>
      visit.url.pathname.endsWith('/Patient/$member-match')
        ? json({ resourceType: 'Parameters' })
        : honest(request, visit),
    'GET /fhir/:type/:id',
  ),
]
