/** Registration and tokens between payers: who registers by what, whom a token is for, and what it opens. */
import { expect, it } from 'vitest'
import { jwt } from '../../told/registered.ts'
import { type Step, sceneOf, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const server = 'https://old.example/auth'
const person = 'Ana Adams'
const slow: Told = { status: 429, answer: {} }
const register = (metadata: object, more: Told = {}): Step =>
  told('register', `${server}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(metadata),
    status: 201,
    answered: { 'content-type': 'application/json' },
    answer: { client_id: 'c1', token_endpoint_auth_method: 'private_key_jwt' },
    ...more,
  })
const statement = { software_statement: jwt({}, { token_endpoint_auth_method: 'private_key_jwt' }) }
const keyed = { token_endpoint_auth_method: 'private_key_jwt' }
const refused = (error = 'invalid_software_statement'): Told => ({
  status: 400,
  answered: { 'content-type': 'application/json' },
  answer: { error },
})
const expired = { intent: { mistake: 'with a statement that has expired' } }

/** Asks for a token for somebody, in whose name the assertion is. */
const token = (sub: string, more: Told = {}, name = 't', claims: object = { sub }): Step =>
  told('member-token', `${server}/token`, {
    method: 'POST',
    body: `client_assertion=${jwt({}, claims)}`,
    answered: { 'content-type': 'application/json' },
    answer: { access_token: name },
    ...more,
    intent: { person, ...more.intent },
  })
const matched = (id: string | undefined, more: Told = {}): Step =>
  told('member-match', 'Patient/$member-match', {
    answer: {
      resourceType: 'Parameters',
      parameter: id === undefined ? [] : [{ name: 'MemberId', valueReference: { reference: `Patient/${id}` } }],
    },
    ...more,
    intent: { person, ...more.intent },
  })
const byNumber = { intent: { subject: 'https://m|1' } }
/** Reads a Patient with that token. */
const opens = (who: string, more: Told = {}, name = 't'): Step =>
  told('probe', 'Patient/x', {
    headers: { Authorization: `Bearer ${name}` },
    answer: {},
    ...more,
    intent: { at: 'data', token: 'its token for the data', person: who, ...more.intent },
  })
const iris = 'Iris Ito'
const no: Told = { status: 403, answer: {} }

const rows: readonly Row[] = [
  ['by a statement', 'PDEX-099/a-client', 'pass', [register(statement)]],
  ['by a JWT as the body', 'PDEX-099/a-client', 'pass', [register({}, { intent: { form: 'jwt' } })]],
  ['refused', 'PDEX-099/a-client', 'warning refused', [register(statement, refused())]],
  ['put off', 'PDEX-099/a-client', 'skip not-decided', [register(statement, slow)]],
  ['no client id', 'PDEX-099/a-client', 'warning refused', [register(statement, { answer: {} })]],
  ['a client id beside a refusal', 'PDEX-099/a-client', 'warning refused', [register(statement, { status: 400 })]],
  ['without a statement', 'PDEX-099/a-client', 'skip not-decided', [register(keyed, refused())]],
  ['only a wrong one', 'PDEX-099/a-client', 'skip not-decided', [register(statement, { ...refused(), ...expired })]],

  [
    'a wrong statement is refused',
    'PDEX-099/a-registration',
    'pass',
    [register(statement), register(statement, { ...refused(), ...expired })],
  ],
  [
    'a wrong statement is taken',
    'PDEX-099/a-registration',
    'warning accepted',
    [register(statement), register(statement, expired)],
  ],
  [
    'a stranger’s is taken',
    'PDEX-099/a-registration',
    'warning accepted',
    [
      register(statement),
      register(statement, { intent: { mistake: 'with a statement whose certificate nobody trusts' } }),
    ],
  ],
  [
    'nobody was registered beside it',
    'PDEX-099/a-registration',
    'skip not-decided',
    [register(statement, { ...refused(), ...expired })],
  ],

  ['by a key', 'PDEX-224', 'pass', [register(keyed)]],
  ['by a key, at the second try', 'PDEX-224', 'pass', [register(keyed, refused()), register(keyed)]],
  ['by a key in a statement', 'PDEX-224', 'pass', [register(statement)]],
  [
    'another method is held',
    'PDEX-224',
    'warning not-taken',
    [register(keyed, { answer: { client_id: 'c', token_endpoint_auth_method: 'client_secret_basic' } })],
  ],
  [
    'the method is not told',
    'PDEX-224',
    'skip not-decided: the answer does not say',
    [register(keyed, { answer: { client_id: 'c' } })],
  ],
  ['the key is refused', 'PDEX-224', 'warning not-taken', [register(keyed, refused('invalid_client_metadata'))]],
  ['refused, and the method told beside it', 'PDEX-224', 'warning not-taken', [register(keyed, { status: 400 })]],
  ['the key is put off', 'PDEX-224', 'skip not-decided', [register(keyed, slow)]],
  ['no key', 'PDEX-224', 'skip not-decided', [register({ token_endpoint_auth_method: 'none' }, refused())]],
  ['a wrong one', 'PDEX-224', 'skip not-decided', [register(keyed, { ...refused(), ...expired })]],

  ['sub is the member', 'PDEX-111', 'pass', [matched('ana'), token('ana')]],
  [
    'sub is a reference to the member',
    'PDEX-111',
    'pass',
    [matched('ana'), token('https://old.example/fhir/Patient/ana')],
  ],
  ['sub is somebody else', 'PDEX-111', 'warning other-subject', [matched('ana'), token('iris')]],
  ['there is no sub', 'PDEX-111', 'warning other-subject', [matched('ana'), token('', {}, 't', {})]],
  ['the newest match counts', 'PDEX-111', 'pass', [matched('old'), matched('ana'), token('ana'), matched('later')]],
  [
    'matches of others, for others, and refused ones do not count',
    'PDEX-111',
    'pass',
    [
      matched('ana'),
      matched('a', { from: 'another payer' }),
      matched('b', { intent: { person: iris } }),
      matched('c', { status: 422 }),
      token('ana'),
    ],
  ],
  [
    'the match gave no id',
    'PDEX-111',
    'skip not-decided: the match gave no MemberId',
    [matched(undefined), token('x')],
  ],
  ['no match', 'PDEX-111', 'skip not-decided: the match gave no MemberId', [token('x')]],
  [
    'wrong on purpose',
    'PDEX-111',
    'skip not-decided: there was no',
    [matched('ana'), token('iris', { intent: { mistake: 'x' } })],
  ],

  ['by number', 'PDEX-112/a-token', 'pass', [token('x', byNumber)]],
  [
    'the number is refused',
    'PDEX-112/a-token',
    'warning refused',
    [token('x', { ...byNumber, ...refused('invalid_grant') })],
  ],
  [
    'the scope is refused',
    'PDEX-112/a-token',
    'skip not-decided: the scope',
    [token('x', { ...byNumber, ...refused('invalid_scope') })],
  ],
  [
    'the number is put off',
    'PDEX-112/a-token',
    'skip not-decided: asked to slow down',
    [token('x', { ...byNumber, ...slow })],
  ],
  [
    'by id',
    'PDEX-112/a-token',
    'skip not-decided: there was no',
    [token('x', { ...refused(), intent: { subject: 'ana' } })],
  ],
  [
    'by a wrong number',
    'PDEX-112/a-token',
    'skip not-decided: there was no',
    [token('x', { ...refused(), intent: { ...byNumber.intent, mistake: 'x' } })],
  ],

  ['the number opens the Patient', 'PDEX-112/a-member', 'pass', [token('x', byNumber), opens(person), opens(iris, no)]],
  ['the number opens nothing', 'PDEX-112/a-member', 'warning not-opened', [token('x', byNumber), opens(person, no)]],
  ['the Patient is put off', 'PDEX-112/a-member', 'skip not-decided', [token('x', byNumber), opens(person, slow)]],
  [
    'the number opens another',
    'PDEX-112/a-member',
    'warning opened',
    [token('x', byNumber), opens(person), opens(iris)],
  ],
  ['nothing was read', 'PDEX-112/a-member', 'skip not-decided: nothing was read', [token('x', byNumber), opens(iris)]],
  [
    'read with another token',
    'PDEX-112/a-member',
    'skip not-decided: nothing was read',
    [token('y', {}, 'u'), token('x', byNumber), opens(person, no, 'u')],
  ],
  [
    'refused, so nothing opens',
    'PDEX-112/a-member',
    'skip not-decided: there was no',
    [token('x', { ...byNumber, status: 400 }), opens(person, no)],
  ],

  ['limited to the Patient', 'PDEX-113/the-token', 'pass', [token('x'), opens(person), opens(iris, no)]],
  ['opens another Patient', 'PDEX-113/the-token', 'warning accepted', [token('x'), opens(person), opens(iris)]],
  [
    'breaks at another Patient',
    'PDEX-113/the-token',
    'warning wrong-status',
    [token('x'), opens(person), opens(iris, { status: 500 })],
  ],
  [
    'put off at another Patient',
    'PDEX-113/the-token',
    'skip not-decided',
    [token('x'), opens(person), opens(iris, slow)],
  ],
  ['never opened', 'PDEX-113/the-token', 'skip not-decided', [token('x'), opens(iris, no)]],
  [
    'opened by another token alone',
    'PDEX-113/the-token',
    'skip not-decided',
    [token('x'), opens(person, {}, 'made up'), opens(iris, no)],
  ],

  ['no consent, no token', 'PDEX-113/no-token', 'pass', [token('x'), token('x', refused('invalid_grant'))]],
  ['no consent, and a token', 'PDEX-113/no-token', 'warning granted', [token('x'), token('x')]],
  ['no consent, and a fault', 'PDEX-113/no-token', 'warning wrong-status', [token('x'), token('x', { status: 500 })]],
  [
    'no consent, and put off',
    'PDEX-113/no-token',
    'skip not-decided: asked to slow down',
    [token('x'), token('x', slow)],
  ],
  [
    'no token was ever granted',
    'PDEX-113/no-token',
    'skip not-decided: no token for a member',
    [token('x', refused()), token('x', refused())],
  ],
  [
    'another client’s and a wrong one prove nothing',
    'PDEX-113/no-token',
    'skip not-decided: no token for a member',
    [token('x', { from: 'another payer' }), token('x', { intent: { mistake: 'x' } }), token('x', refused())],
  ],

  [
    'the match token opens no data',
    'PDEX-100',
    'pass',
    [matched('ana'), opens(person, { ...no, intent: { token: 'its token to match members' } })],
  ],
  [
    'the match token opens data',
    'PDEX-100',
    'warning accepted',
    [matched('ana'), opens(person, { intent: { token: 'its token to match members' } })],
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
