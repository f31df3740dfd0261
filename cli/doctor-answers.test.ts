/** What doctor says of answers that are no answers, and of words that are not meant for a terminal. */
import { expect, it } from 'vitest'
import type { Exchange } from '../harness/transcript.ts'
import { gives, outcomeOf, remedyFor, tamed } from './doctor-answers.ts'

const answer = (body: unknown, status = 200): Exchange =>
  ({
    response: { status, statusText: '', headers: [], body: typeof body === 'string' ? body : JSON.stringify(body) },
  }) as unknown as Exchange

it.each<[unknown, string]>([
  [{}, 'answers 200'],
  ['', 'answers 200'],
  ['<html>', 'answers 200 with something that is no JSON'],
  [null, 'answers 200'],
  [{ error: 'invalid_client', error_description: 'no' }, 'answers 200 invalid_client: no'],
  [{ error: { code: 1 }, issue: {} }, 'answers 200'],
  [{ issue: [null] }, 'answers 200'],
  [{ issue: [{ details: { text: 5 } }] }, 'answers 200'],
  [{ issue: [{ details: { text: 'no\u001b[31m such\r\nmember' } }] }, 'answers 200 no [31m such member'],
])('tells of %j', (body, says) => {
  expect(outcomeOf(answer(body))).toBe(says)
})

it('repeats neither tokens nor pages', () => {
  const token = 'eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJhbmEifQ.c2ln'
  expect(tamed(`the assertion ${token} is bad`)).toBe('the assertion (a JWT) is bad')
  expect(tamed('x'.repeat(5000)).length).toBeLessThan(400)
})

it('calls nothing well that does not carry what was asked for', () => {
  expect(gives(answer({ access_token: 'a' }), 'access_token')).toBe(true)
  for (const body of [{}, { access_token: 5 }, { access_token: '' }, [], 'text', null])
    expect(gives(answer(body), 'access_token')).toBe(false)
  expect(gives(answer({ access_token: 'a' }, 400), 'access_token')).toBe(false)
})

it('has a remedy for every way to get no answer', () => {
  const kinds = [
    'unreachable',
    'timeout',
    'refused',
    'aborted',
    'cut-off',
    'garbled',
    'too-large',
    'unreadable',
    'not-asked',
  ] as const
  for (const kind of kinds) expect(remedyFor({ kind, code: 'X', message: '' }, 'urn:us').length).toBeGreaterThan(20)
  expect(remedyFor({ kind: 'refused', code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: '' }, 'urn:us')).toMatch(/no TLS/)
  expect(remedyFor({ kind: 'aborted', code: 'ERR_TLS_CERT_ALTNAME_INVALID', message: '' }, 'urn:us')).toMatch(
    /other names/,
  )
  expect(remedyFor({ kind: 'refused', code: 'ECONNRESET', message: '' }, 'urn:us')).toContain('urn:us')
})
