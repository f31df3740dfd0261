/** What a full sample run plays: what an afternoon with one payer looks like, hostile words included. */
import type { StepLine } from '../harness/journal.ts'
import type { Move } from '../harness/move.ts'
import type { Random } from '../harness/random.ts'
import type { CertificateFacts, Failure, HeaderList } from '../harness/transcript.ts'
import type { Finding, VerdictCode } from '../harness/verdict.ts'
import { member } from './sample-data.ts'

const base = 'https://old-plan.example:8443'
const fhir = `${base}/fhir`

/** What a step found: a title for the check, and the findings about the latest exchange unless they name one. */
interface Found {
  readonly requirement: string
  readonly title: string
  readonly unmet?: Partial<Finding> & { readonly message: string }
  readonly code?: VerdictCode
  readonly noted?: string
}
interface PlannedStep {
  readonly keyword: string
  readonly text: string
  readonly says?: readonly Saying[]
  readonly setUp?: readonly string[]
  readonly finds?: readonly Found[]
  readonly status?: StepLine['status']
  readonly message?: string
}
export interface Saying {
  readonly move: Move
  readonly method?: string
  readonly url: string
  readonly headers?: HeaderList
  readonly body?: string
  readonly intent?: Readonly<Record<string, string>>
  readonly to?: string
  readonly from?: string
  readonly answer?: { readonly status: number; readonly headers?: HeaderList; readonly body?: string }
  readonly failure?: Failure
  readonly plain?: boolean
}
export interface PlannedScenario {
  readonly feature: string
  readonly uri: string
  readonly rule?: string
  readonly name: string
  readonly example?: string
  readonly steps: readonly PlannedStep[]
  readonly reason?: string
  readonly code?: VerdictCode
}

/** Makes what a real system would make up. */
export interface SampleTools {
  readonly random: Random
  readonly token: (kind?: 'opaque' | 'jwt') => string
  readonly assertion: (claims: Readonly<Record<string, unknown>>, alg?: string) => string
  readonly certificate: (subject: string, san: string) => CertificateFacts
}

const asJson: HeaderList = [['Content-Type', 'application/json']]
const bearing = (token: string): HeaderList => [
  ['Accept', 'application/fhir+json'],
  ['Authorization', `Bearer ${token}`],
]
const outcome = (code: string, diagnostics: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] })
const refused = (code: string, message: string): Failure => ({ kind: 'refused', code, message })

/** The scenarios; their secrets are added to the set. */
export const defaultPlan =
  (secrets: Set<string>) =>
  (kit: SampleTools): readonly PlannedScenario[] => {
    const { token, assertion } = kit
    const { patient, coverage, consent, bundle, conditions, ndjson } = member
    const matchToken = token()
    const memberToken = token('jwt')
    const registrationToken = token()
    const clientSecret = token()
    const claims = { iss: 'new-plan', sub: 'new-plan', aud: `${base}/auth/token`, exp: 1772463900, jti: 'a91f' }
    const privatePart = token()
    const register = (statement: string): Saying => ({
      move: 'register',
      method: 'POST',
      url: `${base}/auth/register`,
      headers: asJson,
      body: JSON.stringify({
        software_statement: statement,
        client_name: 'New Plan',
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        scope: 'system/Patient.$member-match',
        jwks: {
          keys: [
            {
              kty: 'EC',
              crv: 'P-384',
              kid: 'new-plan-2026',
              x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
              y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
            },
          ],
        },
      }),
    })
    const askToken = (move: 'match-token' | 'member-token', scope: string, given: string, extra = ''): Saying => ({
      move,
      method: 'POST',
      url: `${base}/auth/token`,
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=${assertion(claims)}${extra}`,
      answer: {
        status: 200,
        headers: [...asJson, ['Cache-Control', 'no-store'], ['Set-Cookie', `session=${cookie}; Secure; HttpOnly`]],
        body: JSON.stringify({ access_token: given, token_type: 'Bearer', expires_in: 300, scope }),
      },
    })
    const cookie = token()
    const match = (answer: NonNullable<Saying['answer']>): Saying => ({
      move: 'member-match',
      method: 'POST',
      url: `${fhir}/Patient/$member-match`,
      headers: [...bearing(matchToken), ['Content-Type', 'application/fhir+json']],
      intent: { person: 'Ana Adams' },
      body: JSON.stringify(
        {
          resourceType: 'Parameters',
          parameter: [
            { name: 'MemberPatient', resource: patient },
            { name: 'CoverageToMatch', resource: coverage },
            { name: 'Consent', resource: consent },
          ],
        },
        null,
        2,
      ),
      answer,
    })
    const matched = JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'MemberIdentifier',
          valueIdentifier: { system: 'http://old-plan.example/fhir/NamingSystem/member-id', value: '55678' },
        },
        { name: 'MemberId', valueReference: { reference: 'Patient/ana-adams' } },
      ],
    })
    const search = (type: string, body: string, status = 200): Saying => ({
      move: 'search',
      url: `${fhir}/${type}?patient=ana-adams&_count=50`,
      headers: bearing(memberToken),
      intent: { type },
      answer: { status, body },
    })
    const background: PlannedStep[] = [
      {
        keyword: 'Given',
        text: 'the payers belong to the trust community',
        setUp: ['the requesting payer is a member of the trust community'],
      },
      {
        keyword: 'And',
        text: 'the responding payer insures Ana Adams',
        setUp: ['the responding payer insures Ana Adams'],
      },
    ]
    const trust = { feature: 'Only members of the trust community get in', uri: 'features/trust/mutual-tls.feature' }
    const matching = {
      feature: 'Matching a member, with consent',
      uri: 'features/pdex/payer-to-payer/member-match.feature',
    }
    const retrieving = {
      feature: 'Retrieving what the old plan holds',
      uri: 'features/pdex/payer-to-payer/retrieval.feature',
    }
    const tokens = { feature: 'Tokens for what may be seen', uri: 'features/pdex/payer-to-payer/tokens.feature' }
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
    secrets.add(privatePart)
    return [
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
      {
        ...matching,
        rule: 'One member who fits is named',
        name: 'The new plan asks about a member of the old plan',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer asks the responding payer to match Ana Adams and share everything',
            says: [
              askToken('match-token', 'system/Patient.$member-match', matchToken),
              match({ status: 200, body: matched }),
            ],
          },
          {
            keyword: 'Then',
            text: 'the answer names Ana Adams by member identifier',
            finds: [{ requirement: 'PDEX-109', title: 'A match returns the MemberIdentifier' }],
          },
          {
            keyword: 'And',
            text: 'the answer names Ana Adams by patient id',
            finds: [
              { requirement: 'PDEX-108', title: 'A match returns the MemberId too' },
              { requirement: 'HREX-009', title: 'The answer is a Parameters resource' },
            ],
          },
        ],
      },
      {
        ...matching,
        rule: 'Anything but one member is refused',
        name: 'Nobody fits',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer asks the responding payer to match Zoe Zhang and share everything',
            says: [
              {
                ...match({ status: 422, body: outcome('not-found', 'No match found') }),
                intent: { person: 'Zoe Zhang' },
              },
            ],
          },
          {
            keyword: 'Then',
            text: 'the match is refused because nobody fits',
            finds: [
              { requirement: 'HREX-014', title: 'No match is answered with 422' },
              { requirement: 'HREX-017', title: 'A refusal says why in an OperationOutcome' },
            ],
          },
        ],
      },
      {
        ...matching,
        rule: 'Consent that cannot be honoured is refused, and gives nothing away',
        name: 'The old plan cannot separate sensitive data',
        steps: [
          ...background,
          { keyword: 'And', text: 'the responding payer cannot share only non-sensitive data' },
          {
            keyword: 'When',
            text: 'the requesting payer asks the responding payer to match Ana Adams and share non-sensitive data',
            says: [match({ status: 200, body: matched })],
          },
          {
            keyword: 'Then',
            text: 'the match is refused because the consent cannot be honoured',
            finds: [
              {
                requirement: 'PDEX-115',
                title: 'A consent that cannot be honoured is answered with 422',
                unmet: {
                  code: 'wrong-status',
                  message:
                    'The match should have been refused with 422, for this payer cannot leave sensitive data out; it was answered with 200.',
                  expected: 422,
                  actual: 200,
                  expression: 'status',
                },
              },
              {
                requirement: 'PDEX-114',
                title: 'A refusal discloses no patient id',
                unmet: {
                  code: 'disclosed',
                  message: 'The answer discloses the patient id ana-adams although the consent cannot be honoured.',
                  expected: null,
                  actual: { name: 'MemberId', valueReference: { reference: 'Patient/ana-adams' } },
                  expression: 'Parameters.parameter[1]',
                },
              },
            ],
          },
        ],
      },
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
      {
        ...retrieving,
        rule: 'Every row of the table can be searched',
        name: 'The conditions of the member are retrieved',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer retrieves the Condition resources of Ana Adams',
            says: [askToken('member-token', 'patient/Condition.rs', memberToken), search('Condition', conditions)],
          },
          {
            keyword: 'Then',
            text: 'every Condition of Ana Adams is there',
            finds: [
              {
                requirement: 'PDEX-021',
                title: 'Conditions come in US Core shape',
                code: 'skip',
                noted: 'The profile validator is not here yet, so the shape was not judged.',
              },
              { requirement: 'PDEX-005', title: 'The history has the conditions of five years' },
            ],
          },
          {
            keyword: 'And',
            text: 'each Condition comes with its Provenance',
            finds: [
              {
                requirement: 'PDEX-063',
                title: 'Each Condition comes with Provenance',
                unmet: {
                  code: 'missing-resource',
                  message: '2 of 3 Conditions come without a Provenance that targets them.',
                  expected: ['Condition/c1', 'Condition/c2', 'Condition/c3'],
                  actual: ['Condition/c1'],
                  expression: 'Bundle.entry.resource.ofType(Provenance).target',
                },
              },
            ],
          },
        ],
      },
      {
        ...retrieving,
        rule: 'Everything in one call',
        name: 'Everything is retrieved page by page',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer retrieves everything of Ana Adams',
            says: [
              askToken('member-token', 'patient/*.rs', memberToken),
              {
                move: 'everything',
                url: `${fhir}/Patient/ana-adams/$everything?_count=20`,
                headers: bearing(memberToken),
                answer: { status: 200, body: bundle },
              },
              {
                move: 'everything-page',
                url: `${fhir}/Patient/ana-adams/$everything?_count=20&page=2`,
                headers: bearing(memberToken),
                answer: { status: 200, body: bundle },
              },
            ],
          },
          {
            keyword: 'Then',
            text: 'nothing of another member is there',
            finds: [{ requirement: 'PDEX-118', title: 'Only the member who was asked for is in the answer' }],
          },
          {
            keyword: 'And',
            text: 'the pages make one whole',
            finds: [{ requirement: 'PDEX-122', title: 'Following next links gives every resource once' }],
          },
        ],
      },
      {
        ...retrieving,
        rule: 'Export to NDJSON',
        name: 'The record is exported and downloaded',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer exports the record of Ana Adams',
            says: [
              askToken('member-token', 'patient/*.rs', memberToken),
              {
                move: 'export-kick-off',
                url: `${fhir}/Patient/ana-adams/$export`,
                headers: [...bearing(memberToken), ['Prefer', 'respond-async']],
                answer: { status: 202, headers: [['Content-Location', `${fhir}/export/7`]] },
              },
              {
                move: 'export-status',
                url: `${fhir}/export/7`,
                headers: bearing(memberToken),
                answer: {
                  status: 202,
                  headers: [
                    ['Retry-After', '2'],
                    ['X-Progress', '40 %'],
                  ],
                },
              },
              {
                move: 'export-status',
                url: `${fhir}/export/7`,
                headers: bearing(memberToken),
                answer: {
                  status: 200,
                  headers: asJson,
                  body: JSON.stringify({
                    transactionTime: '2026-03-02T15:00:00Z',
                    requiresAccessToken: true,
                    output: [{ type: 'Condition', url: `${fhir}/export/7/Condition.ndjson`, count: 3 }],
                    error: [],
                  }),
                },
              },
              {
                move: 'export-file',
                url: `${fhir}/export/7/Condition.ndjson`,
                headers: bearing(memberToken),
                answer: { status: 200, headers: [['Content-Type', 'application/fhir+ndjson']], body: ndjson },
              },
            ],
          },
          {
            keyword: 'Then',
            text: 'the export holds what a search finds',
            finds: [
              { requirement: 'BULK-011', title: 'The manifest lists every file' },
              { requirement: 'BULK-020', title: 'A file is NDJSON, one resource a line' },
            ],
          },
        ],
      },
      {
        ...retrieving,
        name: 'The trust manager is out of reach',
        code: 'error',
        reason: 'the trust manager cannot be reached: connect ECONNREFUSED 127.0.0.1:9',
        steps: [
          ...background,
          {
            keyword: 'When',
            text: 'the requesting payer refreshes the repository',
            status: 'error',
            message: 'cannot-reach: the trust manager cannot be reached: connect ECONNREFUSED 127.0.0.1:9',
            says: [
              {
                move: 'refresh-repository',
                to: 'trust manager',
                url: 'https://trust.example/main',
                failure: { kind: 'unreachable', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:9' },
              },
            ],
          },
          {
            keyword: 'Then',
            text: 'the repository names the responding payer',
            status: 'skipped',
            finds: [
              {
                requirement: 'PDEX-083',
                title: 'The bundle of a member is on main',
                code: 'error',
                unmet: {
                  code: 'not-answered',
                  message: 'no answer to GET https://trust.example/main: connect ECONNREFUSED 127.0.0.1:9',
                },
              },
            ],
          },
        ],
      },
      {
        feature: 'Words that attack a report',
        uri: 'features/harness/hostile.feature',
        name: 'A payer answers with </script><script>alert(1)</script> & "quotes"',
        steps: [
          {
            keyword: 'When',
            text: 'the responding payer says <svg/onload=alert(2)>',
            says: [
              {
                move: 'probe',
                url: `${fhir}/Patient?name=%3Cscript%3E&x='"><img src=x onerror=alert(3)>`,
                intent: { 'x"><b>': '<i>' },
                answer: {
                  status: 404,
                  headers: [
                    ['X-Evil', '<script>alert(4)</script>'],
                    ['Content-Type', 'text/html'],
                  ],
                  body: '<!doctype html></script><script>window.hacked = true</script>\u0000\u0007\u2028<img src=x onerror="window.hacked = true"> ]]> <![CDATA[',
                },
              },
              {
                move: 'probe',
                url: `${fhir}/Patient?_count=1`,
                answer: {
                  status: 200,
                  body: '{"resourceType":"Bundle","</script>":"<img src=x onerror=window.hacked=true>","__proto__":{"hacked":true}, broken',
                },
              },
            ],
          },
          {
            keyword: 'Then',
            text: 'nothing happens',
            finds: [
              {
                requirement: 'PDEX-999',
                title: 'A requirement <b>that</b> no catalogue lists',
                unmet: {
                  code: 'x',
                  message: '</script><img src=x onerror="window.hacked=true"> \u0001\u001b[31m',
                  expected: '<b>',
                  actual: '</textarea><script>window.hacked=true</script>',
                  expression: "Bundle.entry['</script>']",
                },
              },
            ],
          },
        ],
      },
    ]
  }
