/** How member match is spoiled: its request misread, its answer changed, and what an honest one would have found. */
import type { Coverage, Parameters, Patient } from 'fhir/r4.js'
import type { Asked } from '../asked.ts'
import type { Handler } from '../simulator.ts'
import type { Member } from '../state/members.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'

const matchRoute = 'POST /fhir/Patient/$member-match'

export type Spoil = (honest: Handler, state: PayerState) => Handler

/** A fault of the payer at its match operation, or at another route. */
export const fault = (id: string, title: string, breaks: readonly string[], spoil: Spoil, route = matchRoute): Fault =>
  ({ id, title, actor: 'responding payer', route, breaks, spoil }) as Fault

/** The request as a faulty payer understands it; untouched when it is no Parameters. */
export const misread =
  (change: (body: Parameters, state: PayerState) => void): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const text = await request.text()
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      body = undefined
    }
    const readable = (body as Parameters | undefined)?.resourceType === 'Parameters'
    if (readable) change(body as Parameters, state)
    const { method, url } = request
    const headers = [...request.headers]
    return honest(new Request(url, { method, headers, body: readable ? JSON.stringify(body) : text }), visit)
  }

/** The answer as a faulty payer gives it. */
export const misanswer =
  (change: (answer: Response, request: Asked, state: PayerState) => Response | Promise<Response>): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const copy = request.clone()
    return change(await honest(request, visit), copy, state)
  }

/** A resource among the parameters. */
export const partOf = <T>(body: Parameters, name: string): T | undefined =>
  body.parameter?.find((part) => part.name === name)?.resource as T | undefined

/** The request once more, for a fault that looks at it. */
export async function askedIn(request: Asked): Promise<Parameters | undefined> {
  try {
    const body = (await request.json()) as Parameters
    return body?.resourceType === 'Parameters' ? body : undefined
  } catch {
    return undefined
  }
}

/** What a match would have answered. */
export const matchOf = ({ patientId, memberIdentifier }: Member): Parameters => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'MemberIdentifier',
      valueIdentifier: {
        type: { coding: [{ system: 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp', code: 'UMB' }] },
        ...memberIdentifier,
      },
    },
    { name: 'MemberId', valueReference: { reference: `Patient/${patientId}` } },
  ],
})

/** The members whom the demographics and the card fit. */
export async function fitting(request: Asked, state: PayerState): Promise<readonly Member[]> {
  const body = await askedIn(request)
  const patient = body && partOf<Patient>(body, 'MemberPatient')
  const card = body && partOf<Coverage>(body, 'CoverageToMatch')
  return patient && card ? state.members.candidates(patient, card) : []
}

/** Keeps the consent of a good match with another end; nothing changes where there is none to give. */
export const endingOtherwise =
  (another: (end: string | undefined) => string | undefined): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const copy = request.clone()
    const answer = await honest(request, visit)
    const [member] = answer.status === 200 ? await fitting(copy, state) : []
    const latest = member && visit.grant && state.consents.latest(member.patientId, visit.grant.organization)
    const end = latest && another(latest.end)
    if (end) state.consents.store({ ...latest, end })
    return answer
  }
