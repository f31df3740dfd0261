/** Registrations answered and managed otherwise, where RFC 7591 and RFC 7592 leave it open. */
import { recast } from '../faults/spoiling.ts'
import { type Fields, without } from './authorization-dressing.ts'
import { always, answers, bodyOf, both, json } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const nearRegistration = [
  'AUTH-020',
  'AUTH-022',
  'AUTH-023',
  'AUTH-024',
  'AUTH-026',
  'AUTH-028',
  'AUTH-029',
  'PDEX-099',
  'PDEX-224',
  'AUTH-106',
  'AUTH-107',
]
const registered = (change: (body: Fields) => Fields): Dress =>
  both(
    ...(['POST /auth/register', 'GET /auth/register/:clientId', 'PUT /auth/register/:clientId'] as const).map((row) =>
      json<Fields>(row, change),
    ),
  )

export const registrationVariants: readonly Variant[] = [
  {
    id: 'registration-says-more',
    title: 'The answer of a registration has members that nobody sent',
    source: 'RFC 7591 §3.2.1: a server may add metadata',
    dress: registered((body) => ({
      ...body,
      tls_client_certificate_bound_access_tokens: true,
      client_uri: 'https://new-harbor.example',
      'client_name#en': 'New Harbor',
      application_type: 'service',
      require_auth_time: false,
    })),
    touches: nearRegistration,
  },
  {
    id: 'registration-is-not-managed',
    title: 'A registration cannot be managed',
    source: 'RFC 7592: optional beside RFC 7591',
    dress: registered(without('registration_access_token', 'registration_client_uri')),
    touches: nearRegistration,
  },
  {
    id: 'registrations-can-be-read-alone',
    title: 'A registration can be read, and neither changed nor deleted',
    source: 'RFC 7592 §2: a server that does not offer a method answers 405',
    dress: both(
      ...(['PUT /auth/register/:clientId', 'DELETE /auth/register/:clientId'] as const).map((row) =>
        always(row, () => new Response(null, { status: 405, headers: { allow: 'GET' } })),
      ),
    ),
    touches: ['AUTH-028', 'AUTH-029'],
  },
  {
    id: 'foreign-registrations-are-forbidden',
    title: 'A registration token that does not open is 403',
    source: 'RFC 7592 §2.1: without permission 403',
    dress: both(
      ...(['GET', 'PUT', 'DELETE'] as const).map((method) =>
        answers(`${method} /auth/register/:clientId`, async (answer, { request }) =>
          answer.status === 401 && request.headers.has('authorization')
            ? recast(answer, await bodyOf(answer), {}, 403)
            : answer,
        ),
      ),
    ),
    touches: ['AUTH-028', 'AUTH-029'],
  },
]
