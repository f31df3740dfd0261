/** Tokens, refusals and introspection said otherwise, where SMART and OAuth leave it open. */
import { recast } from '../faults/spoiling.ts'
import { discovered, type Fields, nearDiscovery, nobody, undeclared, without } from './authorization-dressing.ts'
import { always, answers, bodyOf, both, headers, json, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const tokenRow = 'POST /auth/token'
const nearTokens = [
  'AUTH-057',
  'AUTH-058',
  'AUTH-060',
  'AUTH-061',
  'AUTH-083',
  'AUTH-091',
  'AUTH-112',
  'AUTH-119',
  'PDEX-113',
  'PDEX-125',
]
const nearErrors = [
  'AUTH-044',
  'AUTH-049',
  'AUTH-050',
  'AUTH-052',
  'AUTH-055',
  'AUTH-056',
  'AUTH-060',
  'AUTH-081',
  'AUTH-023',
  'AUTH-106',
]
const granted = (change: (body: Fields) => Fields): Dress => json<Fields>(tokenRow, change)
const refused = (change: (body: Fields) => Fields): Dress =>
  both(
    ...([tokenRow, 'POST /auth/register', 'POST /auth/introspect', 'POST /auth/revoke'] as const).map((row) =>
      json<Fields>(row, change, (status) => status >= 400),
    ),
  )

export const tokenVariants: readonly Variant[] = [
  {
    id: 'opaque-tokens',
    title: 'Access tokens say nothing',
    source: 'RFC 6749 §1.4; HRex sec-12 names no form',
    settings: { tokenFormat: 'opaque' },
    touches: [...nearTokens, 'AUTH-070', 'AUTH-084', 'HREX-050', 'HREX-054'],
  },
  {
    id: 'tokens-of-a-minute',
    title: 'Access tokens live for a minute',
    source: 'SMART 2.2 backend services: at most 300 seconds is advice, no least',
    settings: { tokenSeconds: 60 },
    touches: [...nearTokens, 'AUTH-070', 'BULK-080'],
  },
  {
    id: 'token-type-in-small-letters',
    title: 'token_type is bearer',
    source: 'RFC 6749 §5.1: case-insensitive',
    dress: granted((body) => ({ ...body, token_type: 'bearer' })),
    touches: nearTokens,
  },
  {
    id: 'token-answer-says-more',
    title: 'The answer with a token has members that nobody knows',
    source: 'RFC 6749 §5.1: a client ignores unknown members',
    dress: granted((body) => ({
      ...body,
      issued_token_type: 'access',
      not_before: 0,
      session_state: 'a1',
      tenant: 'old-mill',
    })),
    touches: nearTokens,
  },
  {
    id: 'token-answer-names-no-patient',
    title: 'The answer with a token does not repeat the Patient',
    source: 'SMART 2.2: launch context is no part of backend services; PDex p2p-single does not ask for it',
    dress: granted(without('patient')),
    touches: [...nearTokens, 'PDEX-110', 'PDEX-112', 'PDEX-126'],
  },
  {
    id: 'neither-patient-nor-member-id',
    title: 'The member is named by identifier alone, in match and token',
    source: 'HRex member-match-out: MemberId 0..1; SMART 2.2',
    settings: { memberId: false },
    dress: granted(without('patient')),
    touches: [...nearTokens, 'PDEX-110', 'PDEX-112', 'PDEX-126', 'CORE-053'],
    mayWarn: ['PDEX-108'],
  },
  {
    id: 'refresh-tokens',
    title: 'A refresh token comes with the access token',
    source: 'support-specs A-23: PDex asks for what SMART advises against',
    dress: granted((body) => ({ ...body, refresh_token: 'b7b5f5a4c2' })),
    touches: nearTokens,
  },
  {
    id: 'scopes-of-smart-1',
    title: 'Scopes for data are known in the syntax of SMART 1 alone',
    source: 'SMART 2.2 conformance: permission-v1, permission-v2 or both',
    dress: both(
      discovered((body) => ({
        ...body,
        scopes_supported: (body.scopes_supported as string[]).filter((scope) => !scope.endsWith('.rs')),
        ...(body.capabilities ? { capabilities: ['client-confidential-asymmetric', 'permission-v1'] } : {}),
      })),
      over(tokenRow, (honest) => async (request, visit) => {
        const scope = new URLSearchParams(await request.clone().text()).get('scope') ?? ''
        return /\.[cruds]+(\?|$)/.test(scope)
          ? Response.json({ error: 'invalid_scope' }, { status: 400, headers: { 'cache-control': 'no-store' } })
          : honest(request, visit)
      }),
    ),
    touches: [...nearTokens, ...nearDiscovery, 'AUTH-062', 'AUTH-063', 'AUTH-064', 'AUTH-118', 'PDEX-112'],
  },
  {
    id: 'scopes-of-a-system-for-a-member',
    title: 'Scopes of a system are listed, and granted to who names a member',
    source: 'PDex dynamic registration: a credential is for $member-match; data is for the subject of the second token',
    dress: both(
      discovered((body) => ({ ...body, scopes_supported: [...(body.scopes_supported as string[]), 'system/*.rs'] })),
      over(tokenRow, (honest) => async (request, visit) => {
        const form = new URLSearchParams(await request.clone().text())
        const claims = form.get('client_assertion')?.split('.')[1]
        const { iss, sub } = JSON.parse(Buffer.from(claims ?? 'e30', 'base64url').toString()) as Fields
        return form.get('scope')?.startsWith('system/') && iss === sub && !form.has('patient')
          ? Response.json({ error: 'invalid_scope' }, { status: 400, headers: { 'cache-control': 'no-store' } })
          : honest(request, visit)
      }),
    ),
    touches: nearDiscovery,
  },
  {
    id: 'scopes-reversed',
    title: 'Granted scopes come in another order',
    source: 'RFC 6749 §3.3: the order does not matter',
    dress: granted((body) => ({
      ...body,
      scope: String(body.scope ?? '')
        .split(' ')
        .reverse()
        .join(' '),
    })),
    touches: nearTokens,
  },
  {
    id: 'never-stored-in-many-words',
    title: 'Cache-Control forbids storing in capitals and among other directives',
    source: 'RFC 9111 §5.2: directives are case-insensitive',
    dress: headers(tokenRow, () => ({ 'cache-control': 'private, No-Store, max-age=0, must-revalidate' })),
    touches: [...nearTokens, 'AUTH-022'],
  },
  {
    id: 'oauth-errors-without-words',
    title: 'OAuth errors have no description',
    source: 'RFC 6749 §5.2: error_description is optional',
    dress: refused(without('error_description')),
    touches: nearErrors,
  },
  {
    id: 'oauth-errors-with-page',
    title: 'OAuth errors name a page and a number for support',
    source: 'RFC 6749 §5.2: error_uri is optional, further members are ignored',
    dress: refused((body) => ({ ...body, error_uri: 'https://old-mill.example/errors', trace: '01J9Z3T7YV' })),
    touches: nearErrors,
  },
  {
    id: 'invalid-client-is-400',
    title: 'A client that fails to authenticate is 400',
    source: 'RFC 6749 §5.2: 401 MAY be returned, and without an Authorization header 400 is as good',
    dress: both(
      ...([tokenRow, 'POST /auth/introspect', 'POST /auth/revoke'] as const).map((row) =>
        answers(row, async (answer) => {
          const body = await bodyOf(answer)
          return recast(
            answer,
            body,
            {},
            answer.status === 401 && /invalid_client/.test(body ?? '') ? 400 : answer.status,
          )
        }),
      ),
    ),
    touches: [...nearErrors, 'AUTH-093', 'AUTH-029', 'PDEX-113'],
  },
  {
    id: 'invalid-client-is-challenged',
    title: 'A client that fails to authenticate is challenged',
    source: 'RFC 9110 §15.5.2',
    dress: headers(
      tokenRow,
      () => ({ 'www-authenticate': 'Basic realm="token"' }),
      ({ status }) => status === 401,
    ),
    touches: nearErrors,
  },
  {
    id: 'other-forms-are-415',
    title: 'A token request that is no form is 415, in the words of the server below',
    source: 'RFC 9110 §15.5.16',
    dress: over(
      tokenRow,
      (honest) => (request, visit) =>
        /x-www-form-urlencoded/.test(request.headers.get('content-type') ?? '')
          ? honest(request, visit)
          : new Response('<h1>Unsupported Media Type</h1>', { status: 415, headers: { 'content-type': 'text/html' } }),
    ),
    touches: ['AUTH-056'],
  },
  {
    id: 'introspection-says-more',
    title: 'Introspection tells more of an active token',
    source: 'RFC 7662 §2.2',
    dress: json<Fields>('POST /auth/introspect', (body) =>
      body.active === true ? { ...body, username: 'new-harbor', nbf: 0, jti: 'a1', authorization_details: [] } : body,
    ),
    touches: ['AUTH-091', 'AUTH-092', 'AUTH-083'],
  },
  {
    id: 'introspection-is-not-offered',
    title: 'Nobody is told what a token is good for',
    source: 'SMART 2.2 token introspection: SHOULD',
    dress: both(
      discovered(without('introspection_endpoint')),
      undeclared('introspect'),
      always('POST /auth/introspect', nobody),
    ),
    touches: [...nearTokens, ...nearDiscovery, 'AUTH-092', 'AUTH-093'],
    mayWarn: ['AUTH-090'],
  },
]
