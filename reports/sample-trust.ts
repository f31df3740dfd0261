/** Scenarios of a sample run: finding each other, registering, tokens, and who is turned away. */
import type { Failure } from '../harness/failure.ts'
import { member } from './sample-data.ts'
import { asJson, base, fhir, type PlannedScenario, refused, type SampleProps } from './sample-props.ts'

const trust = { feature: 'Only members of the trust community get in', uri: 'features/trust/mutual-tls.feature' }
const tokens = { feature: 'Tokens for what may be seen', uri: 'features/pdex/payer-to-payer/tokens.feature' }

/** How an exchange begins. */
export const openings = ({
  askToken,
  assertion,
  background,
  clientSecret,
  matchToken,
  privatePart,
  register,
  registrationToken,
}: SampleProps): readonly PlannedScenario[] => [
  {
    feature: 'Finding the old plan',
    uri: 'features/trust/discovery.feature',
    name: 'The requesting payer finds the addresses of the responding payer',
    steps: [
      { keyword: 'Given', text: 'the payers belong to the trust community' },
      {
        keyword: 'When',
        text: 'the requesting payer discovers the responding payer',
        says: [
          {
            move: 'well-known',
            url: 'https://old-plan.example/.well-known/davinci-configuration',
            headers: [['Accept', 'application/json']],
            plain: true,
            answer: {
              status: 200,
              headers: asJson,
              body: JSON.stringify({ PayerToPayerExchange: fhir, ProviderAccess: fhir }),
            },
          },
          {
            move: 'smart-configuration',
            url: `${fhir}/.well-known/smart-configuration`,
            answer: {
              status: 200,
              headers: asJson,
              body: JSON.stringify({
                token_endpoint: `${base}/auth/token`,
                registration_endpoint: `${base}/auth/register`,
                token_endpoint_auth_methods_supported: ['private_key_jwt'],
                grant_types_supported: ['client_credentials'],
                capabilities: ['client-confidential-asymmetric'],
              }),
            },
          },
          { move: 'metadata', url: `${fhir}/metadata`, answer: { status: 200, body: member.capabilities } },
        ],
      },
      {
        keyword: 'Then',
        text: 'the responding payer declares what it offers',
        finds: [
          { requirement: 'PDEX-002', title: 'The CapabilityStatement names every operation' },
          { requirement: 'PDEX-019', title: 'The base address is in davinci-configuration' },
          { requirement: 'CORE-012', title: 'fhirVersion is 4.0.1' },
          {
            requirement: 'PDEX-004',
            title: 'vread may be offered',
            code: 'skip',
            noted: 'The CapabilityStatement does not declare vread, and it need not.',
          },
        ],
      },
    ],
  },
  {
    feature: 'Registering a client',
    uri: 'features/pdex/payer-to-payer/registration.feature',
    name: 'An endorsed payer registers itself',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer registers with the responding payer',
        says: [
          {
            ...register(assertion({ iss: 'https://new-plan.example/payer', client_name: 'New Plan', jti: 'r1' })),
            answer: {
              status: 201,
              headers: [
                ...asJson,
                ['Location', `${base}/auth/register/new-plan?registration_access_token=${registrationToken}`],
              ],
              body: JSON.stringify({
                client_id: 'new-plan',
                client_secret: clientSecret,
                registration_access_token: registrationToken,
                registration_client_uri: `${base}/auth/register/new-plan`,
                scope: 'system/Patient.$member-match',
              }),
            },
          },
          {
            move: 'read-registration',
            url: `${base}/auth/register/new-plan`,
            headers: [['Authorization', `Bearer ${registrationToken}`]],
            answer: {
              status: 200,
              headers: asJson,
              body: JSON.stringify({
                client_id: 'new-plan',
                jwks: { keys: [{ kty: 'EC', crv: 'P-384', d: privatePart, x: 'AA', y: 'BB' }] },
              }),
            },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the requesting payer is registered',
        finds: [
          { requirement: 'PDEX-097', title: 'Registration is offered over mutual TLS' },
          { requirement: 'AUTH-012', title: 'A registration answers 201 with what was registered' },
          {
            requirement: 'AUTH-013',
            title: 'A registration tells no private key',
            unmet: {
              code: 'private-key',
              message: 'The registration answers with the private member "d" of the key new-plan-2026.',
              expression: 'jwks.keys[0].d',
              expected: 'public members only (kty, crv, x, y)',
              actual: { kty: 'EC', crv: 'P-384', d: privatePart },
            },
          },
        ],
      },
    ],
  },
  {
    ...tokens,
    rule: 'A token for matching',
    name: 'The requesting payer gets a token for $member-match and nothing else',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer asks for a token to match members',
        says: [askToken('match-token', 'system/Patient.$member-match', matchToken)],
      },
      {
        keyword: 'Then',
        text: 'the token is good for matching members only',
        finds: [
          { requirement: 'PDEX-100', title: 'The token is good for $member-match' },
          { requirement: 'AUTH-038', title: 'A token lives five minutes at most' },
          { requirement: 'AUTH-040', title: 'A token answer is not cached' },
        ],
      },
    ],
  },
]

/** Certificates and assertions that are wrong in one way each. */
export function refusals({ askToken, background, token }: SampleProps): readonly PlannedScenario[] {
  const wrong = (example: string, failure: Failure | undefined): PlannedScenario => ({
    ...trust,
    rule: 'A stranger is turned away in the handshake',
    name: 'A certificate that must not be accepted',
    example: `mistake: ${example}`,
    steps: [
      ...background,
      {
        keyword: 'When',
        text: `the requesting payer connects to the responding payer with a certificate that is ${example}`,
        says: [
          { move: 'handshake', url: `${fhir}/metadata`, answer: { status: 200, body: member.capabilities } },
          {
            move: 'handshake',
            url: `${fhir}/metadata`,
            intent: { mistake: example },
            ...(failure ? { failure } : { answer: { status: 200, body: member.capabilities } }),
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the responding payer refuses the connection',
        finds: [
          {
            requirement: 'PDEX-093',
            title: 'A certificate outside the trust community is refused',
            ...(failure
              ? {}
              : {
                  unmet: {
                    code: 'accepted',
                    message: `The connection with a certificate that is ${example} was accepted and metadata was served; it should have been refused in the handshake.`,
                    expected: 'a TLS alert, or 401 or 403 before any data',
                    actual: '200 OK with a CapabilityStatement',
                  },
                }),
          },
        ],
      },
    ],
  })
  const badToken = (mistake: string, status: number, body: string, met: boolean): PlannedScenario => ({
    ...tokens,
    rule: 'A wrong assertion earns no token',
    name: 'The requesting payer makes a mistake in its assertion',
    example: `mistake: ${mistake}`,
    steps: [
      ...background,
      {
        keyword: 'When',
        text: `the requesting payer asks for a token with an assertion whose ${mistake}`,
        says: [
          {
            ...askToken('match-token', 'system/Patient.$member-match', token()),
            intent: { mistake },
            answer: { status, headers: asJson, body },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the token is refused as invalid_client',
        finds: [
          {
            requirement: 'AUTH-031',
            title: 'A wrong assertion is answered with invalid_client',
            ...(met
              ? {}
              : {
                  unmet: {
                    code: 'wrong-code',
                    message: 'The error should be invalid_client; the answer says server_error.',
                    expected: { status: [400, 401], error: 'invalid_client' },
                    actual: JSON.parse(body),
                    expression: 'error',
                  },
                }),
          },
          {
            requirement: 'AUTH-040',
            title: 'A refusal of the token endpoint is not cached',
            ...(met
              ? {}
              : {
                  unmet: {
                    code: 'missing-header',
                    message: 'Cache-Control: no-store is missing on the refusal.',
                    expected: 'no-store',
                    actual: '(no Cache-Control)',
                  },
                }),
          },
        ],
      },
    ],
  })
  return [
    wrong('expired', refused('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'alert certificate expired')),
    wrong('self-signed', refused('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'alert unknown ca')),
    wrong('revoked', undefined),
    wrong('of a rogue issuer', refused('ECONNRESET', 'the handshake was reset')),
    badToken(
      'alg is none',
      401,
      JSON.stringify({ error: 'invalid_client', error_description: 'alg none is not accepted' }),
      true,
    ),
    badToken('audience is somebody else', 400, JSON.stringify({ error: 'invalid_client' }), true),
    badToken(
      'jti was used before',
      500,
      JSON.stringify({ error: 'server_error', error_description: '<img src=x onerror=alert(1)>' }),
      false,
    ),
  ]
}
