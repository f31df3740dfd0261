/** Ways to get wrong what an authorization server may choose: management, scopes that are out of order or limited, refresh tokens. */
import { altered } from '../asked.ts'
import { payerFault as f, type PayerFault, rewritten } from './authorization-spoiling.ts'

/** The scopes of a token request said otherwise to the honest row, and the answer as if they had been granted as they stood. */
const grantingAsAsked =
  (asked: RegExp, granted: string): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const form = new URLSearchParams(await request.clone().text())
    const scope = form.get('scope') ?? ''
    if (!asked.test(scope)) return honest(request, visit)
    form.set(
      'scope',
      scope
        .split(' ')
        .map((one) => (asked.test(one) ? granted : one))
        .join(' '),
    )
    const answer = await honest(altered(request, { body: form.toString() }), visit)
    return answer.status === 200
      ? Response.json({ ...((await answer.json()) as object), scope }, { headers: answer.headers })
      : answer
  }

export const authorizationChoiceFaults: readonly PayerFault[] = [
  f(
    'management-without-address',
    'gives a token for the management of a registration, and no address to use it at',
    'POST /auth/register',
    ['AUTH-028'],
    rewritten(({ registration_client_uri: _, ...body }) => body),
  ),
  f(
    'management-without-token',
    'says where a registration is managed, and gives no token for it',
    'POST /auth/register',
    ['AUTH-028'],
    rewritten(({ registration_access_token: _, ...body }) => body),
  ),
  f(
    'disorder-is-granted',
    'grants a scope whose letters are out of order as it stands',
    'POST /auth/token',
    ['AUTH-062'],
    grantingAsAsked(/\.dus$/, 'patient/*.rs'),
  ),
  f(
    'suffix-is-decoration',
    'grants a scope that is limited by a search, and does not limit',
    'POST /auth/token',
    ['AUTH-063'],
    grantingAsAsked(/\?category=/, 'patient/Observation.rs'),
  ),
]
