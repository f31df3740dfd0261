/** A client that registers and asks for a token, told by hand: for trying checks of authorization. */

import { type Check, verdictOf } from '../../harness/check.ts'
import type { Move } from '../../harness/move.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, type HeaderList, type TlsFacts, Transcript } from '../../harness/transcript.ts'
import type { VerdictCode } from '../../harness/verdict.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A JWT that nobody signed. */
export const jwt = (header: object, claims: object): string => `${part(header)}.${part(claims)}.c2ln`
const at = '2026-03-02T15:00:00.000Z'
export const now = Date.parse(at) / 1000
export const json: HeaderList = [['Content-Type', 'application/json']]
export const form: HeaderList = [['Content-Type', 'application/x-www-form-urlencoded']]

/** One exchange, answered with JSON unless told. */
export function exchange(
  id: string,
  move: Move,
  request: Partial<Exchange['request']>,
  answer: unknown = {},
  intent: Record<string, string> = {},
  more: Partial<Exchange> & { headers?: HeaderList; status?: number } = {},
): Exchange {
  const { headers = json, status = 200, ...rest } = more
  return {
    id,
    move,
    from: 'requesting payer',
    to: 'responding payer',
    at,
    intent,
    request: { method: 'POST', url: 'https://old.example/token', headers: json, body: '', ...request },
    response: { status, statusText: '', headers, body: typeof answer === 'string' ? answer : JSON.stringify(answer) },
    timings: { connect: 0, firstByte: 0, total: 0 },
    ...rest,
  }
}

export const key = { kty: 'EC', kid: 'k1', crv: 'P-384', x: 'x', y: 'y' }
/** A registration that succeeds. */
export const registering = (metadata: object, request: Partial<Exchange['request']> = {}, intent = {}): Exchange =>
  exchange(
    'r',
    'register',
    { body: JSON.stringify(metadata), ...request },
    { client_id: 'c1' },
    { form: 'plain', ...intent },
    { status: 201 },
  )
export const good = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key] },
}

const claims = { iss: 'c1', sub: 'c1', aud: 'https://old.example/token', exp: now + 300, iat: now, jti: 'j1' }
const header = { alg: 'ES384', kid: 'k1', typ: 'JWT' }
/** A request for a token, with something of it changed. */
export const asking = (
  change: { header?: object; claims?: object; form?: Record<string, string>; headers?: HeaderList; id?: string } = {},
): Exchange => {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 's',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt({ ...header, ...change.header }, { ...claims, ...change.claims }),
    ...change.form,
  })
  return exchange(
    change.id ?? 't',
    'match-token',
    { headers: change.headers ?? form, body: body.toString() },
    { access_token: 'a' },
  )
}

/** The same, and the connection broke before anything was answered. */
export const lost = ({ response: _, ...x }: Exchange): Exchange => ({
  ...x,
  failure: { kind: 'timeout', code: 'ETIMEDOUT', message: 'no answer in time' },
})
/** The same, answered with that. */
export const answeredWith = (
  x: Exchange,
  status: number,
  answer: unknown = {},
  headers: HeaderList = json,
): Exchange => ({
  ...x,
  response: { status, statusText: '', headers, body: typeof answer === 'string' ? answer : JSON.stringify(answer) },
})
/** What a check decides about these, told in order, in a scene between the two. */
export const code = (check: Check, ...exchanges: readonly Exchange[]): VerdictCode =>
  verdictOf(check, Transcript.of(exchanges.map((x, i) => ({ ...x, id: `x${i + 1}` }))), scene).code
const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: at,
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}

/** A connection on which the client showed the certificate of that thumbprint. */
export const mutual = (thumbprint = 'own'): TlsFacts => ({
  protocol: 'TLSv1.3',
  cipher: 'x',
  client: {
    subject: '',
    issuer: '',
    thumbprint,
    serial: '',
    notBefore: '',
    notAfter: '',
    subjectAltName: '',
    chain: [],
  },
})
