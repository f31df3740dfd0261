/**
 * Who may use a row: the bearer of a token that is good for it, over the certificate that it is bound to (RFC 6750,
 * RFC 8705 §3, HRex sec-12). For data the member's consent is asked again each time (PDex "Consent Revocation").
 */
import { epochSeconds } from '../../harness/clock.ts'
import { bearerOf } from '../parts/oauth.ts'
import { permits } from '../parts/scopes.ts'
import { type Guard, outcome } from '../simulator.ts'
import type { Grant } from '../state/grant.ts'
import type { PayerState } from '../state/payer-state.ts'

const challenge = (error?: string, text?: string): Record<string, string> => ({
  'www-authenticate': error ? `Bearer error="${error}", error_description="${text}"` : 'Bearer',
})
const unauthorized = (text: string): Response => outcome(401, 'login', text, challenge('invalid_token', text))
const forbidden = (text: string): Response => outcome(403, 'forbidden', text, challenge('insufficient_scope', text))

/** `match`: the operation alone. `member`: the data of the member whom the token names. */
export const bearer = (state: PayerState, kind: Exclude<Grant['kind'], 'system'>): Guard => {
  // Told from the base when somebody asks: most tables of a tenant are never asked for data.
  let root: number | undefined
  return (request, visit) => {
    const text = bearerOf(request)
    // Without a token there is no error to name (RFC 6750 §3.1).
    if (text === undefined) return outcome(401, 'login', 'an access token is needed', challenge())
    const standing = state.tokens.standing(text, epochSeconds(state.clock.now()))
    const token = state.tokens.find(text)
    if (!token || standing !== 'active') return unauthorized(`the token is ${standing}`)
    const { grant } = token
    if (grant.thumbprint !== undefined && grant.thumbprint !== visit.certificate?.thumbprint)
      return unauthorized('the token is bound to another certificate')
    if (grant.kind !== kind)
      return forbidden(kind === 'match' ? 'the token is not for $member-match' : 'the token is for $member-match alone')
    if (kind === 'member') {
      root ??= new URL(state.base).pathname.length
      const { type, right } = askedFor(visit.url.pathname.slice(root))
      if (!permits(grant.scopes, type, right))
        return forbidden(`the scope does not cover ${type === '*' ? 'all types' : type}`)
      const decision = state.consents.decision(grant.patientId ?? '', grant.organization, state.clock.now())
      if (!decision.permitted) return outcome(403, 'suppressed', 'there is no consent in force for this data')
    }
    visit.grant = grant
    return undefined
  }
}

/** What a path asks for: an instance, a type, or with an operation or a job everything there is. */
function askedFor(path: string): { type: string; right: 'r' | 's' } {
  const [type = '', id] = path.replace(/^\/fhir\//, '').split('/')
  const all = path.includes('$') || !/^[A-Z]/.test(type)
  return { type: all ? '*' : type, right: all || id === undefined || id.startsWith('_') ? 's' : 'r' }
}
