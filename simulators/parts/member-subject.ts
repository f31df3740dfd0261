/**
 * Whom a token is to be for. PDex puts the member's id into `sub`, SMART wants the client there: so the member may be
 * named in `sub`, in the hl7-b2b extension, in a claim, or in a form parameter (PDex §222 to §224, ambiguity A-22).
 */
import type { JWTPayload } from 'jose'
import type { Member } from '../state/members.ts'
import type { PayerState } from '../state/payer-state.ts'
import { OAuthRefusal } from './oauth.ts'

/** What the request says of the member; undefined when it names none. Throws `invalid_request` when it names two. */
export function namedSubject(form: ReadonlyMap<string, string>, claims: JWTPayload | undefined): string | undefined {
  const b2b = b2bOf(claims)
  const named = [
    form.get('patient'),
    form.get('resource'),
    claims && claims.sub !== claims.iss ? claims.sub : undefined,
    typeof claims?.patient === 'string' ? claims.patient : undefined,
    typeof b2b?.subject_id === 'string' ? b2b.subject_id : undefined,
  ].filter((name) => name !== undefined)
  const different = new Set(named.map((name) => name.replace(/^Patient\//, '')))
  if (different.size > 1) throw new OAuthRefusal('invalid_request', 'the request names more than one member')
  return named[0]
}

/** The hl7-b2b extension of an assertion; undefined when there is none. */
export const b2bOf = (claims: JWTPayload | undefined): Readonly<Record<string, unknown>> | undefined => {
  const extensions = claims?.extensions
  if (typeof extensions !== 'object' || extensions === null) return undefined
  const b2b = (extensions as Record<string, unknown>)['hl7-b2b']
  return typeof b2b === 'object' && b2b !== null ? (b2b as Record<string, unknown>) : undefined
}

/** A Patient id, a reference to it, or `system|value` of the member identifier, which the server resolves itself. */
export function resolveSubject(state: PayerState, text: string): Member | undefined {
  const bar = text.indexOf('|')
  if (bar >= 0) return state.members.byIdentifier(text.slice(0, bar), text.slice(bar + 1))
  const base = `${state.base}/fhir/`
  return state.members.byPatientId((text.startsWith(base) ? text.slice(base.length) : text).replace(/^Patient\//, ''))
}
