/** Registrations answered and managed otherwise, where RFC 7591 and RFC 7592 leave it open. */
import { altered } from '../asked.ts'
import { recast } from '../faults/spoiling.ts'
import { discovered, type Fields, registered, without } from './authorization-dressing.ts'
import { always, answers, bodyOf, both, over } from './dressing.ts'
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
const row = 'POST /auth/register'
const not = (error: string): Response =>
  Response.json({ error }, { status: 400, headers: { 'cache-control': 'no-store' } })

/** What is said in JSON; undefined where that is no object. */
function fieldsIn(text: string): Fields | undefined {
  try {
    const said: unknown = JSON.parse(text)
    return typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as Fields) : undefined
  } catch {
    return undefined
  }
}

/** Registrations of which that holds are not taken. */
const refusing = (fits: (said: Fields) => boolean, answer: () => Response): Dress =>
  over(row, (honest) => async (request, visit) => {
    const said = fieldsIn(await request.clone().text())
    return said && fits(said) ? answer() : honest(request, visit)
  })

export const registrationVariants: readonly Variant[] = [
  {
    id: 'registrations-need-a-statement',
    title: 'Nobody registers without a signed statement',
    source: 'PDex "Dynamic Client Registration": clients post a JWT; RFC 7591 §3.1.1',
    dress: refusing(
      (said) => said.software_statement === undefined,
      () => not('invalid_software_statement'),
    ),
    touches: nearRegistration,
  },
  {
    id: 'registrations-come-as-json',
    title: 'A registration that is no JSON is of an unknown media type',
    source: 'RFC 7591 §3.1: application/json',
    dress: over(
      row,
      (honest) => (request, visit) =>
        /jwt/.test(request.headers.get('content-type') ?? '')
          ? new Response('<h1>Unsupported Media Type</h1>', { status: 415, headers: { 'content-type': 'text/html' } })
          : honest(request, visit),
    ),
    touches: nearRegistration,
  },
  {
    id: 'certificates-are-no-credentials',
    title: 'Clients authenticate by assertions alone',
    source: 'HRex sec-13 and RFC 8705 §3: tokens may be bound whatever the way to authenticate',
    dress: both(
      discovered((body) => ({ ...body, token_endpoint_auth_methods_supported: ['private_key_jwt'] })),
      refusing(
        (said) => said.token_endpoint_auth_method === 'tls_client_auth',
        () => not('invalid_client_metadata'),
      ),
    ),
    touches: [...nearRegistration, 'AUTH-057', 'AUTH-080', 'AUTH-081', 'AUTH-082', 'AUTH-083', 'AUTH-084', 'HREX-051'],
  },
  {
    id: 'registrations-keep-the-necessary',
    title: 'A registration holds nothing that is for people to read',
    source: 'RFC 7591 §2: what a server does not understand it ignores; every field is optional',
    dress: registered(without('client_name', 'contacts', 'software_id', 'software_version')),
    touches: nearRegistration,
    mayWarn: ['AUTH-022'],
  },
  {
    id: 'statements-are-ignored',
    title: 'Software statements are not known, and what stands beside them is registered',
    source: 'RFC 7591 §3.1.1: who does not support them ignores them',
    dress: over(row, (honest) => async (request, visit) => {
      const said = fieldsIn(await request.clone().text())
      if (!said || said.udap !== undefined) return honest(request, visit)
      const { software_statement: _, ...plain } = said
      return honest(altered(request, { body: JSON.stringify(plain) }), visit)
    }),
    touches: nearRegistration,
    // PDex wants them read.
    mayWarn: ['PDEX-099'],
  },
  {
    id: 'registrations-are-closed-to-clients',
    title: 'A registration is read, changed and deleted by the staff of the payer alone',
    source: 'RFC 7592 §2: a client without permission is told 403',
    dress: both(
      ...(['GET', 'PUT', 'DELETE'] as const).map((method) =>
        always(`${method} /auth/register/:clientId`, () => Response.json({ error: 'access_denied' }, { status: 403 })),
      ),
    ),
    touches: ['AUTH-028', 'AUTH-029'],
  },
  {
    id: 'udap-registrations-last',
    title: 'A UDAP registration is not ended by one without grant types',
    source: 'UDAP Security 2.0 registration: to cancel so is a SHOULD',
    dress: over(row, (honest) => async (request, visit) => {
      const said = fieldsIn(await request.clone().text())
      const claims = String(said?.software_statement).split('.')[1] ?? ''
      const { grant_types: grants } = fieldsIn(Buffer.from(claims, 'base64url').toString()) ?? {}
      const none = said?.udap !== undefined && Array.isArray(grants) && grants.length === 0
      return none ? not('invalid_client_metadata') : honest(request, visit)
    }),
    touches: ['AUTH-105', 'AUTH-106', 'AUTH-107'],
    mayWarn: ['AUTH-107'],
  },
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
