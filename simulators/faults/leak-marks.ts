/** What a leak leaks and where to: the marks of another member, of what is kept back, of the member; put into answers. */
import type { OperationOutcome } from 'fhir/r4.js'
import { canariesIn } from '../../harness/canary.ts'
import type { FhirResource } from '../../harness/person.ts'
import { bearerOf } from '../parts/oauth.ts'
import type { Grant } from '../state/grant.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sightOf } from '../state/visibility.ts'
import type { Fault } from './fault.ts'
import {
  type About,
  anotherMember,
  fault,
  misanswer,
  type Pack,
  rebundled,
  recast,
  relined,
  type Spoil,
} from './spoiling.ts'

/** A resource of another member than the caller's, of that type. */
export function foreign({ state, visit }: About, type = 'Condition'): FhirResource | undefined {
  const other = anotherMember(state, visit)
  if (other === undefined) return undefined
  return [...state.records.compartment(other, new Set([type]))][0]
}

/** The records of the caller's own member that the caller may not see, of that type or of any. */
export function kept({ state, visit }: About, type?: string): FhirResource[] {
  const { grant } = visit
  if (grant?.patientId === undefined) return []
  const sight = sightOf(state, grant)
  // Without a consent nothing is seen, and a refusal is all that there is to spoil.
  if (sight.policy === undefined) return []
  return [...state.records.compartment(grant.patientId, type === undefined ? undefined : new Set([type]))].filter(
    (resource) => !sight.seesOwn(resource),
  )
}

/** The record number or remark that a resource carries. */
export const remark = (resource: FhirResource | undefined): string | undefined =>
  resource && canariesIn(JSON.stringify(resource))[0]?.token

/** `Condition/ana-adams-x7k2-condition-1` */
export const path = (resource: FhirResource | undefined): string | undefined =>
  resource && `${resource.resourceType}/${resource.id}`

/** What to leak into an answer; undefined: this answer is left as it is. */
export type Secret = (about: About) => string | undefined

export const foreignRemark: Secret = (about) => remark(foreign(about))
export const foreignPath: Secret = (about) => path(foreign(about))
export const keptRemark: Secret = (about) => remark(kept(about)[0])
export const keptPath: Secret = (about) => path(kept(about)[0])

/** The Patient of the member whom the token in the request is or was for. */
export const ownPatient = (about: About): FhirResource | undefined =>
  about.state.records.read('Patient', grantOf(about)?.patientId ?? '')

/** What the token of a request is or was good for, whether or not the request is let in. */
export const grantOf = ({ state, visit, request }: About): Grant | undefined =>
  visit.grant ?? state.tokens.find(bearerOf(request) ?? '')?.grant

type Status = (status: number) => boolean
export const refusals: Status = (status) => status >= 400
export const successes: Status = (status) => status < 300
export const any: Status = () => true

/** Another header, or another value of it. */
export const inHeader = (name: string, secret: Secret, which: Status, write = (text: string): string => text): Spoil =>
  misanswer(async (answer, about) => {
    const text = which(answer.status) ? secret(about) : undefined
    if (text === undefined) return answer
    const body = [204, 304].includes(answer.status) ? null : await answer.text()
    return recast(answer, body, { [name]: write(text) })
  })

/** The diagnostics of a refusal go on. */
export const inRefusal = (secret: Secret, write: (text: string) => string): Spoil =>
  misanswer(async (answer, about) => {
    const text = refusals(answer.status) ? secret(about) : undefined
    if (text === undefined) return answer
    const outcome = await outcomeOf(answer)
    const [issue] = outcome?.issue ?? []
    if (!outcome || !issue) return answer
    issue.diagnostics = write(text)
    return recast(answer, JSON.stringify(outcome))
  })

export async function outcomeOf(answer: Response): Promise<OperationOutcome | undefined> {
  try {
    const body = (await answer.clone().json()) as OperationOutcome
    return body.resourceType === 'OperationOutcome' ? body : undefined
  } catch {
    return undefined
  }
}

/** The first resource of that type in a Bundle or a file. */
export const inFirst =
  <T extends FhirResource['resourceType']>(
    type: T,
    secret: Secret,
    change: (resource: Extract<FhirResource, { resourceType: T }>, text: string, about: About) => void,
  ): Spoil =>
  (honest, state) => {
    const apply = (resources: readonly (FhirResource | undefined)[], about: About): void => {
      const found = resources.find((resource) => resource?.resourceType === type)
      const text = found && secret(about)
      if (found && text !== undefined) change(found as Extract<FhirResource, { resourceType: T }>, text, about)
    }
    const inBundle = rebundled((bundle, about) =>
      apply(
        (bundle.entry ?? []).map(({ resource }) => resource),
        about,
      ),
    )
    const inFile = relined((lines, about) => {
      apply(lines, about)
      return lines
    })
    const [bundled, filed] = [inBundle(honest, state), inFile(honest, state)]
    return (request, visit) => (/\.ndjson$/.test(visit.url.pathname) ? filed : bundled)(request, visit)
  }

/** A Bundle that holds something. */
export const inBundle = (secret: Secret, change: (bundle: Pack, text: string, about: About) => void): Spoil =>
  rebundled((bundle, about) => {
    const text = bundle.entry?.length ? secret(about) : undefined
    if (text !== undefined) change(bundle, text, about)
  })

/** Any JSON object of a good answer. */
export const inObject = (
  secret: Secret,
  change: (body: Record<string, unknown>, text: string, about: About) => void,
): Spoil =>
  misanswer(async (answer, about) => {
    if (!successes(answer.status) || !/json/.test(answer.headers.get('content-type') ?? '')) return answer
    const text = secret(about)
    if (text === undefined) return answer
    const body = (await answer.json()) as Record<string, unknown>
    change(body, text, about)
    return recast(answer, JSON.stringify(body))
  })

/** A fault of any row of the payer. */
export const leak = (id: string, title: string, route: string, breaks: readonly string[], spoil: Spoil): Fault =>
  ({ ...fault(`leak-${id}`, title, 'all', breaks, spoil), route }) as Fault

/** Somebody whom the payer insures, where the caller has no token yet. */
export function anybody(state: PayerState, type = 'Patient'): FhirResource | undefined {
  for (const patientId of state.records.patients())
    for (const resource of state.records.compartment(patientId, new Set([type]))) return resource
  return undefined
}
