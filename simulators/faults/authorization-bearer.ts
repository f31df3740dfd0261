/** Ways for tokens to open too much: for others, for too long, for more than they were made for. */
import { bearerOf } from '../parts/oauth.ts'
import { payerFault as f, type PayerFault } from './authorization-spoiling.ts'
import { bent, consentOf, forMember, recast } from './spoiling.ts'

const readRow = 'GET /fhir/:type/:id'
const matchRow = 'POST /fhir/Patient/$member-match'

/** Consent was asked for when the token was made, and is not asked for again. */
const oncePermitted: PayerFault['spoil'] = (honest, state) => async (request, visit) => {
  const known = consentOf(state, state.tokens.find(bearerOf(request) ?? '')?.grant)
  if (!known) return honest(request, visit)
  const { consent, holds } = known
  state.consents.store(consent)
  try {
    return await honest(request, visit)
  } finally {
    if (!holds) state.consents.revoke(consent.patientId, consent.requester)
  }
}

/** Answered as if the token had never been given back. */
export const unrevoked: PayerFault['spoil'] = (honest, state) => async (request, visit) => {
  const text = bearerOf(request) ?? ''
  const known = state.tokens.find(text)
  if (!known?.revoked) return honest(request, visit)
  state.tokens.replace(text, { ...known, revoked: false })
  try {
    return await honest(request, visit)
  } finally {
    state.tokens.replace(text, known)
  }
}

/** Any member's data for a token that was only to match with. */
const forEverything = bent((grant, { visit, state }) => {
  const patientId = visit.params.id
  if (grant.kind !== 'match' || !patientId || !state.members.byPatientId(patientId)) return grant
  return { ...grant, kind: 'member', patientId, scopes: ['patient/*.rs'] }
})

export const bearerFaults: readonly PayerFault[] = [
  f(
    'token-for-everything',
    'opens data to the token to match with',
    readRow,
    ['AUTH-030', 'AUTH-070', 'PDEX-100'],
    forEverything,
  ),
  f(
    'token-of-the-dead',
    'opens data to an expired token',
    readRow,
    ['AUTH-070'],
    bent((grant) => ({ ...grant, expires: Number.MAX_SAFE_INTEGER })),
  ),
  f('token-revoked-in-vain', 'opens data to a token that was given back', readRow, ['AUTH-070'], unrevoked),
  f(
    'token-of-any-bearer',
    'does not look whose certificate brings the token',
    readRow,
    ['AUTH-112', 'HREX-050', 'HREX-054'],
    bent((grant, { visit }) => ({
      ...grant,
      ...(visit.certificate ? { thumbprint: visit.certificate.thumbprint } : {}),
    })),
  ),
  f(
    'token-of-any-member',
    'opens the record of any member',
    readRow,
    ['AUTH-115', 'AUTH-118', 'PDEX-113'],
    forMember(({ visit }) => visit.params.id),
  ),
  f('consent-not-asked-at-use', 'goes on when the consent has ended', readRow, ['AUTH-115'], oncePermitted),
  f(
    'scope-not-looked-at',
    'opens more than the scope covers',
    readRow,
    ['AUTH-064'],
    bent((grant) => ({ ...grant, scopes: ['patient/*.rs'] })),
  ),
  f(
    'refusal-without-challenge',
    'answers 401 without WWW-Authenticate',
    readRow,
    ['AUTH-071'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return answer.status === 401 ? recast(answer, await answer.text(), { 'www-authenticate': null }) : answer
    },
  ),
  f(
    'data-token-matches',
    'lets the token for data match members',
    matchRow,
    ['AUTH-070'],
    bent((grant) => ({ ...grant, kind: 'match' })),
  ),
]
