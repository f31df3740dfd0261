import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExchangeLine, JournalLine } from '../harness/journal.ts'
import type { Exchange } from '../harness/transcript.ts'
import { anyText } from './any-text.ts'
import { readJwt, toBase64url } from './jwt.ts'
import { createMasking } from './masking.ts'
import { sampleLines } from './sample-run.ts'

const exchange = (part: {
  url?: string
  request?: Partial<Exchange['request']>
  response?: Partial<Exchange['response']>
}): Exchange => ({
  id: 'x1',
  move: 'probe',
  from: 'requesting payer',
  to: 'responding payer',
  at: '2026-03-02T15:00:00.000Z',
  intent: {},
  request: { method: 'GET', url: part.url ?? 'https://a.example/', headers: [], body: '', ...part.request },
  response: { status: 200, statusText: 'OK', headers: [], body: '', ...part.response },
  timings: { connect: 0, firstByte: 0, total: 0 },
})
const line = (one: Exchange): ExchangeLine => ({ line: 'exchange', scenario: 's1', step: 1, exchange: one })
const masked = (part: Parameters<typeof exchange>[0]): Exchange =>
  (createMasking({ key: 'k' }).line(line(exchange(part))) as ExchangeLine).exchange
const jwtOf = (payload: object, signature = 'c2lnbmF0dXJlLXRoYXQtaXMtc2VjcmV0'): string =>
  `${toBase64url('{"alg":"ES384","typ":"JWT"}')}.${toBase64url(JSON.stringify(payload))}.${signature}`

/** What OAuth calls a token: visible ASCII (RFC 6749 A.12), long enough not to be a word. */
const secret = fc
  .stringMatching(/^[A-Za-z0-9._~+/-]{7,60}[A-Za-z0-9]$/)
  .filter((text) => /\d/.test(text) && !/^\d+$/.test(text))

describe('masking', () => {
  test('an access token is named, and the same one is named the same in every place', () => {
    const masking = createMasking({ key: 'k' })
    const given = masking.line(
      line(exchange({ response: { body: '{"access_token":"s3cr3t-t0ken-value","expires_in":300}' } })),
    )
    const used = masking.line(
      line(
        exchange({
          url: 'https://a.example/fhir?access_token=s3cr3t-t0ken-value&_count=1',
          request: { headers: [['Authorization', 'Bearer s3cr3t-t0ken-value']] },
        }),
      ),
    )
    const body = (given as ExchangeLine).exchange.response?.body ?? ''
    const name = /«access token [0-9a-f]{8}»/.exec(body)?.[0] as string
    expect(body).toBe(`{"access_token":"${name}","expires_in":300}`)
    expect((used as ExchangeLine).exchange.request.url).toBe(`https://a.example/fhir?access_token=${name}&_count=1`)
    expect((used as ExchangeLine).exchange.request.headers).toEqual([['Authorization', `Bearer ${name}`]])
  })

  test('names differ when the key does', () => {
    const text = '{"client_secret":"s3cr3t-s3cr3t"}'
    expect(createMasking().text(text)).not.toBe(createMasking().text(text))
  })

  test('a JWT keeps header and payload and loses its signature', () => {
    const token = jwtOf({ iss: 'new-plan', aud: 'x' })
    const { body } = masked({ request: { body: `grant_type=client_credentials&client_assertion=${token}` } }).request
    const assertion = body.split('client_assertion=')[1] as string
    expect(assertion).not.toContain('c2lnbmF0dXJl')
    expect(readJwt(assertion)?.payload).toEqual({ iss: 'new-plan', aud: 'x' })
    expect(readJwt(assertion)?.signature).toMatch(/^«signature [0-9a-f]{8}»$/)
  })

  test('secrets inside the payload of a JWT are masked, too', () => {
    const inner = jwtOf({ iss: 'inner' }, 'aW5uZXItc2lnbmF0dXJlLXNlY3JldA')
    const token = jwtOf({ software_statement: inner, client_secret: 'hunter2-hunter2', iss: 'x' })
    const read = readJwt(
      (
        JSON.parse(masked({ request: { body: JSON.stringify({ software_statement: token }) } }).request.body) as {
          software_statement: string
        }
      ).software_statement,
    )
    const payload = read?.payload as { software_statement: string; client_secret: string; iss: string }
    expect(payload.iss).toBe('x')
    expect(payload.client_secret).toMatch(/^«client secret /)
    expect(readJwt(payload.software_statement)?.signature).toMatch(/^«signature /)
  })

  test('an encrypted token keeps its header only; an unsecured one has nothing to hide', () => {
    const head = toBase64url('{"alg":"ECDH-ES","enc":"A256GCM"}')
    expect(
      masked({ request: { headers: [['Authorization', `Bearer ${head}..aXY.Y2lwaGVy.dGFn`]] } }).request
        .headers[0]?.[1],
    ).toMatch(new RegExp(`^Bearer ${head}\\.«ciphertext [0-9a-f]{8}»$`))
    const none = `${toBase64url('{"alg":"none"}')}.${toBase64url('{"sub":"x"}')}.`
    expect(masked({ request: { headers: [['Authorization', `Bearer ${none}`]] } }).request.headers[0]?.[1]).toBe(
      `Bearer ${none}`,
    )
  })

  test('private members of a JWK go, public ones stay; the same letters elsewhere stay', () => {
    const { body } = masked({
      request: {
        body: JSON.stringify({
          d: 'a word',
          keys: [
            { kty: 'EC', crv: 'P-384', x: 'public-x-1', d: 'private-d-1' },
            { kty: 'oct', k: 'shared-k-2' },
          ],
        }),
      },
    }).request
    expect(body).toContain('"d":"a word"')
    expect(body).toContain('public-x-1')
    expect(body).not.toContain('private-d-1')
    expect(body).not.toContain('shared-k-2')
  })

  test.each([
    ['PEM', '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqG\n-----END PRIVATE KEY-----'],
    [
      'PEM in JSON',
      JSON.stringify({ note: '-----BEGIN EC PRIVATE KEY-----\nMIGHAgEAMBMGByqG\n-----END EC PRIVATE KEY-----\n' }),
    ],
    ['PEM cut off', '{"note":"-----BEGIN RSA PRIVATE KEY-----\\nMIGHAgEAMBMGByqG"}'],
    ['broken JSON', '{"access_token": "MIGHAgEAMBMGByqG", oops'],
    ['broken JWK', '{"kty":"EC","d":"MIGHAgEAMBMGByqG", oops'],
    ['escaped JSON', 'the answer was "{\\"access_token\\":\\"MIGHAgEAMBMGByqG\\"}"'],
    ['a member used twice', '{"access_token":"MIGHAgEAMBMGByqG","access_token":"other-secret-1"}'],
    ['a Parameters parameter', '{"parameter":[{"name":"access_token","valueString":"MIGHAgEAMBMGByqG"}]}'],
    ['an object', '{"client_secret":{"value":["MIGHAgEAMBMGByqG"]}}'],
    ['camel case', '{"clientSecret":"MIGHAgEAMBMGByqG"}'],
    ['a form', 'client_id=x&client_secret=MIGHAgEAMBMGByqG'],
    ['NDJSON', '{"a":1}\n{"access_token":"MIGHAgEAMBMGByqG"}\n'],
  ])('%s', (_, body) => {
    expect(masked({ response: { body } }).response?.body).not.toContain('MIGHAgEAMBMGByqG')
  })

  test('cookies, basic credentials and credentials in an address', () => {
    const out = masked({
      url: 'https://me:pa55word@a.example/x',
      request: {
        headers: [
          ['Cookie', 'sid=c00kie-value; b=2'],
          ['authorization', `Basic ${btoa('me:basic-pa55')}`],
        ],
      },
      response: {
        headers: [['Set-Cookie', 'sid=c00kie-value; Path=/; Secure']],
        body: 'you sent basic-pa55, did you?',
      },
    })
    const text = JSON.stringify(out)
    for (const word of ['c00kie-value', 'pa55word', 'basic-pa55', btoa('me:basic-pa55')])
      expect(text).not.toContain(word)
    expect(out.response?.headers[0]?.[1]).toMatch(/^sid=«cookie [0-9a-f]{8}»; Path=\/; Secure$/)
  })

  test('what is no secret stays byte for byte', () => {
    const body =
      '{ "token_type" : "Bearer",\n\t"scope":"system/*.rs", "token_endpoint":"https://a/token", "code":"44054006", "n": 1.0 }'
    const before = exchange({
      url: 'https://a.example/Condition?code=44054006&_count=5',
      request: {
        headers: [
          ['Accept', 'application/fhir+json'],
          ['WWW-Authenticate', 'Bearer realm="x", error="invalid_token"'],
        ],
      },
      response: { body },
    })
    expect(createMasking().line(line(before))).toEqual(line(before))
  })

  test('a secret is hunted through what is said later', () => {
    const masking = createMasking()
    masking.line(line(exchange({ response: { body: '{"access_token":"qx7-abc/def+ghi=="}' } })))
    const said = (message: string): string =>
      JSON.stringify(
        masking.line({
          line: 'verdict',
          scenario: 's1',
          step: 1,
          verdict: {
            requirement: 'A-1',
            check: 'A-1/x',
            verb: 'SHALL',
            title: 'x',
            code: 'fail',
            findings: [{ severity: 'error', code: 'x', message, actual: { deep: [message] } }],
            evidence: [],
          },
        }),
      )
    expect(said('the token qx7-abc/def+ghi== came')).not.toContain('qx7-abc')
    expect(said('as qx7-abc%2Fdef%2Bghi%3D%3D in a form')).not.toContain('qx7-abc')
    const setUp = ['client qx7-abc/def+ghi== is registered']
    const step = { line: 'step', scenario: 's1', step: 1, keyword: 'Given', text: 'x', status: 'passed' } as const
    expect(masking.line({ ...step, setUp, milliseconds: 1 })).toMatchObject({
      setUp: [expect.stringMatching(/^client «access token [0-9a-f]{8}» is registered$/)],
    })
  })

  test('secrets known beforehand', () => {
    const masking = createMasking({ secrets: [['client secret', 'from-the-plan-1']] })
    expect(masking.text('we used from-the-plan-1.')).toMatch(/^we used «client secret [0-9a-f]{8}»\.$/)
  })

  test('property: no secret survives, wherever it stands', () => {
    const places: ((token: string) => Parameters<typeof exchange>[0])[] = [
      (token) => ({ request: { headers: [['Authorization', `Bearer ${token}`]] } }),
      (token) => ({ request: { headers: [['X-Api-Key', token]] } }),
      (token) => ({ request: { headers: [['Cookie', `a=1; sid=${token}`]] } }),
      (token) => ({
        request: {
          body: new URLSearchParams({ client_id: 'a', client_secret: token, refresh_token: token }).toString(),
        },
      }),
      (token) => ({
        url: `https://a.example/x?${new URLSearchParams({ access_token: token })}#id_token=${encodeURIComponent(token)}`,
      }),
      (token) => ({ response: { body: JSON.stringify({ a: [{ refresh_token: token }] }, null, 2) } }),
      (token) => ({ response: { body: JSON.stringify({ keys: [{ kty: 'RSA', n: 'x', d: token, qi: token }] }) } }),
      (token) => ({ response: { body: `Use ${token} then`, headers: [['Authorization', `DPoP ${token}`]] } }),
      (token) => ({
        response: {
          headers: [['Location', `https://a.example/cb?registration_access_token=${encodeURIComponent(token)}`]],
        },
      }),
    ]
    fc.assert(
      fc.property(secret, fc.nat(places.length - 1), fc.nat(places.length - 1), (token, first, second) => {
        const masking = createMasking({ key: 'k' })
        const lines: JournalLine[] = [
          masking.line(line(exchange((places[first] as (typeof places)[number])(token)))),
          masking.line(line(exchange((places[second] as (typeof places)[number])(token)))),
          masking.line({ line: 'end', scenario: 's1', code: 'error', reason: `with ${token}`, milliseconds: 1 }),
        ]
        const text = JSON.stringify(lines)
        expect(text).not.toContain(token)
        expect(text).not.toContain(encodeURIComponent(token))
      }),
      { numRuns: 120 },
    )
  })

  test('no way to spell a name in JSON hides what it holds', () => {
    for (const key of [
      'api\\u002dkey',
      'api\\u002Dkey',
      'private\\u005fkey',
      'pass-phrase',
      'PASS_WORD',
      '\\u0074oken',
    ])
      expect(masked({ response: { body: `{"${key}":"hides-it"}` } }).response?.body, key).not.toContain('hides-it')
  })

  test('property: in JSON exactly the values under the name of a secret go, however it is spelled', () => {
    const words = [
      'access token',
      'client secret',
      'password',
      'api key',
      'device code',
      'pass phrase',
      'private key',
      'software statement',
      'assertion',
    ]
    const telling = fc
      .tuple(fc.constantFrom(...words), fc.constantFrom('', '_', '-'), fc.boolean(), fc.nat(20))
      .map(([name, by, upper, escaped]) => {
        const key = name.replace(' ', by)
        const cased = upper ? key.toUpperCase() : key
        const at = escaped % (cased.length * 2)
        const code = cased.charCodeAt(at).toString(16).padStart(4, '0')
        // Half of them have an escaped letter.
        return at < cased.length ? `${cased.slice(0, at)}\\u${code}${cased.slice(at + 1)}` : cased
      })
    const harmless = fc.constantFrom(
      'id',
      'resourceType',
      'token_endpoint',
      'secrets',
      'passwords',
      'statementOf',
      'x-y',
    )
    const space = fc.constantFrom('', ' ', '\n\t', ' '.repeat(30))
    const value = fc.constantFrom(
      'Basic words',
      'a bearer of news',
      'CapabilityStatement',
      'plain',
      'token, secret',
      'é',
    )
    const holder = fc
      .array(
        fc.oneof(
          fc.record({ key: harmless, value, space, hides: fc.constant(false) }),
          fc.record({ key: telling, value: secret, space, hides: fc.constant(true) }),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((members) => ({
        members,
        json: `{${members.map(({ key, value, space }, i) => `"n${i}":{"${key}"${space}:${space}${JSON.stringify(value)}}`).join(',')}}`,
      }))
    fc.assert(
      fc.property(holder, ({ members, json }) => {
        // No word of a secret may stand elsewhere but where the test puts it.
        fc.pre(
          members.every(
            ({ value, hides }, i) => hides || !members.some((m, j) => i !== j && m.hides && value.includes(m.value)),
          ),
        )
        const out = JSON.parse(masked({ response: { body: json } }).response?.body ?? '') as Record<string, object>
        members.forEach(({ value, hides }, i) => {
          const [is] = Object.values(out[`n${i}`] ?? {}) as string[]
          if (hides) expect(is).toMatch(/^«[a-z ]+ [0-9a-f]{8}»$/)
          else expect(is).toBe(value)
        })
      }),
      { numRuns: 300 },
    )
  })

  test('property: masking twice is masking once, and it never throws', () => {
    fc.assert(
      fc.property(anyText(), fc.json(), fc.webUrl({ withQueryParameters: true }), (text, json, url) => {
        const masking = createMasking({ key: 'k' })
        const before = exchange({
          url,
          request: {
            body: text,
            headers: [
              ['X', text],
              ['Authorization', text],
            ],
          },
          response: { body: json },
        })
        const once = masking.line(line(before))
        expect(masking.line(once)).toEqual(once)
      }),
      { numRuns: 120 },
    )
  })

  test('long hostile text costs little', () => {
    for (const unit of [
      'a',
      'eyJ',
      'token',
      'a-',
      '"token":',
      '"name":"token',
      'token=',
      'https://',
      '-----BEGIN PRIVATE KEY-----',
      '\\',
      '{"',
      '.',
    ])
      masked({ url: unit.repeat(20_000), response: { body: unit.repeat(100_000) } })
  }, 5000)

  test('no secret of the sample run survives', () => {
    const secrets = new Set<string>()
    const masking = createMasking({ key: 'k' })
    const text = sampleLines({ secrets })
      .map((one) => JSON.stringify(masking.line(one)))
      .join('\n')
    expect(secrets.size).toBeGreaterThan(20)
    for (const one of secrets) expect(text).not.toContain(one)
  })
})
