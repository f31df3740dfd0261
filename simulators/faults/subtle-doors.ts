/** What one door looks at and the next does not, one document tells and the next does not: challenges, scopes, addresses, ends. */
import { OAuthRefusal, refusalAnswer } from '../parts/oauth.ts'
import { token } from '../parts/token.ts'
import type { PayerState } from '../state/payer-state.ts'
import { payerFault as f, type PayerFault, rewritten, tokenRow } from './authorization-spoiling.ts'
import type { Fault } from './fault.ts'
import { endingOtherwise } from './match-spoiling.ts'
import { bent, misanswer, recast, rows } from './spoiling.ts'

const matchRow = 'POST /fhir/Patient/$member-match'
const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'

/** A 401 of that row challenges otherwise, or not at all. */
const challenging = (challenge: string | null): PayerFault['spoil'] =>
  misanswer(async (answer) =>
    answer.status === 401 ? recast(answer, await answer.text(), { 'www-authenticate': challenge }) : answer,
  ) as PayerFault['spoil']

/** Each key set is kept twice as long as its owner lets it. */
const keptTooLong: PayerFault['spoil'] = (_honest, state) =>
  token({
    ...state,
    fetch: async (url, init) => {
      const answer = (await state.fetch?.(url, init)) as Response
      const told = answer.headers.get('cache-control') ?? ''
      const age = Number(/max-age=(\d+)/.exec(told)?.[1])
      return recast(answer, await answer.text(), Number.isNaN(age) ? {} : { 'cache-control': `max-age=${age * 2}` })
    },
  } as PayerState)

export const subtleDoorFaults: readonly Fault[] = [
  f(
    'challenge-forgotten-at-a-search',
    'refuses a search without saying what it wants',
    rows.search,
    ['AUTH-071'],
    challenging(null),
  ),
  f(
    'challenge-is-basic',
    'wants a password where a token belongs',
    rows.read,
    ['AUTH-071'],
    challenging('Basic realm="data"'),
  ),
  f(
    'scope-not-looked-at-in-a-search',
    'finds more than the scope covers',
    rows.search,
    ['AUTH-064'],
    bent((grant) => ({ ...grant, scopes: ['patient/*.rs'] })),
  ),
  f('key-set-kept-twice-as-long', 'keeps a key set twice as long as it may', tokenRow, ['AUTH-045'], keptTooLong),
  f(
    'disorder-is-a-bad-request',
    'calls a scope whose letters are out of order a bad request',
    tokenRow,
    ['AUTH-062'],
    (honest) => async (request, visit) => {
      const scope = new URLSearchParams(await request.clone().text()).get('scope') ?? ''
      return /\.dus\b/.test(scope)
        ? refusalAnswer(new OAuthRefusal('invalid_request', 'what is this?'))
        : honest(request, visit)
    },
  ),
  f(
    'points-to-another-registration',
    'names another place to register in its metadata than in its SMART configuration',
    'GET /fhir/metadata',
    ['PDEX-095', 'NDH-018'],
    rewritten((body) => ({
      ...body,
      rest: (body.rest as object[]).map((rest) => ({
        ...rest,
        security: {
          extension: [
            {
              url: oauthUris,
              extension: [{ url: 'register', valueUri: 'https://clients.elsewhere.example/register' }],
            },
          ],
        },
      })),
    })),
  ),
  {
    ...f(
      'registers-without-certificate',
      'registers who shows no certificate at all',
      'POST /auth/register',
      ['AUTH-020', 'NDH-017', 'PDEX-096'],
      (honest, { random }) =>
        async (request, visit) =>
          visit.certificate
            ? honest(request, visit)
            : Response.json({ client_id: random.uuid(), grant_types: ['client_credentials'] }, { status: 201 }),
    ),
    host: { admitStrangers: true },
  },
  {
    ...f(
      'speaks-tls-1.1',
      'speaks the version of TLS before the one before',
      '*',
      ['AUTH-110', 'HREX-047'],
      (honest) => honest,
    ),
    host: { minVersion: 'TLSv1.1' },
  },
  f(
    'consent-ends-a-month-late',
    'lets a consent go on for a month after its end',
    matchRow,
    ['HREX-013'],
    endingOtherwise((end) => end && new Date(Date.parse(end) + 31 * 86_400_000).toISOString().slice(0, end.length)),
  ),
] as readonly Fault[]
