/**
 * The token endpoint: client_credentials alone, in two kinds. One token is good for $member-match and nothing else, one
 * for the data of one member whom this client has matched and whose consent stands (PDex §189, §222 to §224; SMART 2.2
 * backend services). Both are bound to the certificate of the connection (HRex sec-12, RFC 8705 §3).
 */
import { signJws } from '../../certs/jws.ts'
import { epochSeconds } from '../../harness/clock.ts'
import type { Handler } from '../simulator.ts'
import type { Client } from '../state/clients.ts'
import type { Grant } from '../state/grant.ts'
import type { PayerState } from '../state/payer-state.ts'
import { type AssertionRule, type Authenticated, assertionRules, authenticate } from './client-authentication.ts'
import { b2bOf, namedSubject, resolveSubject } from './member-subject.ts'
import { answering, formOf, OAuthRefusal, secretJson } from './oauth.ts'
import { covers, dataScope, matchScope, scopeList } from './scopes.ts'

export const issuerUrl = (state: PayerState): string => `${state.base}/auth`
export const tokenUrl = (state: PayerState): string => `${state.base}/auth/token`

/** What somebody who bends this row may replace; honest rows take all of it as it is. */
export interface TokenRules {
  readonly assertion: readonly AssertionRule[]
  /** Which of the wanted scopes a client may have. */
  readonly within: (client: Client, wanted: readonly string[]) => string[]
  /** Why this client may not have a token for that member now; undefined when it may. */
  readonly obstacle: (state: PayerState, client: Client, patientId: string) => string | undefined
  /** Throws an OAuth refusal when a UDAP client does not say who asks and what for. */
  readonly b2b: (form: ReadonlyMap<string, string>, sender: Authenticated) => void
}

/** UDAP B2B: who asks, and what for. */
function requireB2b(form: ReadonlyMap<string, string>, { client, claims }: Authenticated): void {
  if (!client.udap) return
  if (form.get('udap') !== '1') throw new OAuthRefusal('invalid_request', 'udap must be 1')
  const b2b = b2bOf(claims)
  if (!b2b) throw new OAuthRefusal('invalid_grant', 'the assertion has no hl7-b2b extension')
  if (b2b.version !== '1') throw new OAuthRefusal('invalid_grant', 'the version of hl7-b2b must be "1"')
  if (typeof b2b.organization_id !== 'string' || !URL.canParse(b2b.organization_id))
    throw new OAuthRefusal('invalid_grant', 'organization_id of hl7-b2b must be a URI')
  if (!Array.isArray(b2b.purpose_of_use) || b2b.purpose_of_use.length === 0)
    throw new OAuthRefusal('invalid_grant', 'hl7-b2b states no purpose_of_use')
}

export const tokenRules: TokenRules = {
  assertion: assertionRules,
  within: (client, wanted) => {
    const held = client.metadata.scope.split(' ')
    return wanted.filter((scope) => held.some((one) => covers(one, scope)))
  },
  obstacle: (state, client, patientId) => {
    if (!state.consents.hasMatched(client.id, patientId)) return 'this client has not matched that member'
    const decision = state.consents.decision(patientId, client.organization.identifier, state.clock.now())
    return decision.permitted ? undefined : `there is no consent in force (${decision.reason})`
  },
  b2b: requireB2b,
}

/** POST token */
export const token =
  (state: PayerState, rules: TokenRules = tokenRules): Handler =>
  (request, visit) =>
    answering(async () => {
      const form = await formOf(request)
      const wanted = scopeList(form.get('scope') ?? '')
      const memberSubject = wanted?.some((scope) => dataScope(scope)) ?? false
      const sender = await authenticate(
        state,
        request,
        form,
        { visit, audience: [tokenUrl(state)], memberSubject },
        rules.assertion,
      )
      const grantType = form.get('grant_type')
      if (grantType === undefined) throw new OAuthRefusal('invalid_request', 'grant_type is missing')
      if (grantType !== 'client_credentials')
        throw new OAuthRefusal('unsupported_grant_type', 'client_credentials is the one grant type here')
      if (!sender.client.metadata.grant_types.includes(grantType))
        throw new OAuthRefusal('unauthorized_client', 'the client is not registered for this grant type')
      if (!wanted) throw new OAuthRefusal('invalid_scope', 'scope is missing or malformed')
      rules.b2b(form, sender)
      const { kind, scopes, patientId } = purpose(state, form, sender, rules, wanted)
      const now = epochSeconds(state.clock.now())
      const grant: Grant = {
        clientId: sender.client.id,
        organization: sender.client.organization.identifier,
        scopes,
        kind,
        expires: now + state.settings.tokenSeconds,
        permissions: state.clients.permissionsOf(sender.client.organization),
        ...(patientId === undefined ? {} : { patientId }),
        ...(visit.certificate ? { thumbprint: visit.certificate.thumbprint } : {}),
      }
      const text = issue(state, grant, now)
      return secretJson({
        access_token: text,
        token_type: 'Bearer',
        expires_in: state.settings.tokenSeconds,
        scope: scopes.join(' '),
        ...(patientId === undefined ? {} : { patient: patientId }),
      })
    })

/** Which of the two kinds of token it is to be. A request that names a member asks for data, and for nothing beside. */
function purpose(
  state: PayerState,
  form: ReadonlyMap<string, string>,
  { client, claims }: Authenticated,
  rules: TokenRules,
  wanted: readonly string[],
): Pick<Grant, 'kind' | 'scopes' | 'patientId'> {
  const allowed = rules.within(client, wanted)
  const data = allowed.filter((scope) => dataScope(scope))
  const subject = namedSubject(form, claims)
  if (subject === undefined) {
    if (!allowed.includes(matchScope))
      throw new OAuthRefusal('invalid_scope', data.length ? 'data needs a member to be named' : notHeld(client))
    return { kind: 'match', scopes: [matchScope] }
  }
  if (data.length === 0) throw new OAuthRefusal('invalid_scope', `${notHeld(client)}, and a member is named`)
  const member = resolveSubject(state, subject)
  // Whether we insure somebody is told to nobody who has not matched them.
  if (!member) throw new OAuthRefusal('invalid_grant', 'this client has not matched that member')
  const obstacle = rules.obstacle(state, client, member.patientId)
  if (obstacle) throw new OAuthRefusal('invalid_grant', obstacle)
  return { kind: 'member', scopes: data, patientId: member.patientId }
}

const notHeld = ({ metadata }: Client): string =>
  `none of these scopes is what this client is registered for (${metadata.scope})`

/** Makes the text of a token and remembers what it is good for. */
export function issue(state: PayerState, grant: Grant, now: number): string {
  const text =
    state.settings.tokenFormat === 'opaque' || !state.identity.signing
      ? state.random.uuid() + state.random.uuid()
      : signed(state, grant, now)
  state.tokens.keep(text, grant, now)
  return text
}

/** A JWT by RFC 9068, so that the binding can be seen in it (RFC 8705 §3.1). */
function signed(state: PayerState, grant: Grant, now: number): string {
  const { key, alg, kid } = state.identity.signing as NonNullable<PayerState['identity']['signing']>
  const claims = {
    client_id: grant.clientId,
    scope: grant.scopes.join(' '),
    ...(grant.patientId === undefined ? {} : { patient: grant.patientId }),
    ...(grant.thumbprint === undefined ? {} : { cnf: { 'x5t#S256': grant.thumbprint } }),
    iss: issuerUrl(state),
    sub: grant.clientId,
    aud: `${state.base}/fhir`,
    iat: now,
    exp: grant.expires,
    jti: state.random.uuid(),
  }
  return signJws({ alg, kid, typ: 'at+jwt' }, claims, key)
}
