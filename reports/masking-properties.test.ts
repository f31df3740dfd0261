/** What holds of masking for any secret, any text and any spelling. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalLine } from '../harness/journal.ts'
import { anyText } from './any-text.ts'
import { createMasking } from './masking.ts'
import { exchange, line, masked, secret } from './sample-exchange.ts'
import { sampleLines } from './sample-run.ts'

describe('masking anything', () => {
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
