import { describe, expect, test } from 'vitest'
import type { ExchangeLine } from '../harness/journal.ts'
import type { Verdict } from '../harness/verdict.ts'
import { readJwt, toBase64url } from './jwt.ts'
import { createMasking } from './masking.ts'
import { exchange, jwtOf, line, masked } from './sample-exchange.ts'

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

  test('a value that is nested without an end is cut, and hides what it holds', () => {
    let actual: unknown = { client_secret: 's3cr3t-s3cr3t' }
    for (let depth = 0; depth < 100_000; depth++) actual = [actual]
    const finding = { severity: 'error', code: 'x', message: 'x', actual } as const
    const verdict = { requirement: 'X-1', check: 'X-1/x', verb: 'SHALL', title: 'x', code: 'fail', findings: [finding] }
    const told = createMasking().line({
      line: 'verdict',
      scenario: 's1',
      step: 1,
      verdict: { ...verdict, evidence: [] } as Verdict,
    })
    expect(JSON.stringify(told)).toContain('…')
    expect(JSON.stringify(told)).not.toContain('s3cr3t')
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
})
