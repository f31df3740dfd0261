/** What `simulate` prints of a request tells its developer who was seen, what came of it and why. */
import { expect, test } from 'vitest'
import { createMasking } from '../reports/masking.ts'
import type { SeenExchange } from '../simulators/serve.ts'
import { requestLine } from './request-line.ts'

const at = new Date('2026-03-02T15:04:05.678Z')
const masking = createMasking({ key: 'k' })
const client = {
  subject: 'CN=New Harbor Health, O=New Harbor Health',
  issuer: '',
  thumbprint: '',
  serial: '',
  notBefore: '',
  notAfter: '',
  subjectAltName: '',
  chain: [],
}
const seen = (url: string, status: number, body: object | string, shown = true): SeenExchange => ({
  tenant: 'payer',
  request: { method: 'POST', url: `https://127.0.0.1:1${url}`, headers: [], body: '' },
  response: { status, statusText: '', headers: [], body: typeof body === 'string' ? body : JSON.stringify(body) },
  ...(shown ? { tls: { protocol: 'TLSv1.3', cipher: '', client } } : {}),
  milliseconds: 9.4,
  truncated: false,
})
const told = (one: SeenExchange): string => requestLine(one, at, masking)

test('tells who asked for what, and what the answer is about', () => {
  expect(told(seen('/payer/auth/token', 200, { access_token: 'x', expires_in: 300 }))).toBe(
    '15:04:05Z  New Harbor Health     POST  /payer/auth/token  200  9 ms  (token for 300 s)',
  )
  expect(told(seen('/payer/fhir/metadata', 204, '', false))).toBe(
    '15:04:05Z  no certificate        POST  /payer/fhir/metadata  204  9 ms',
  )
})

test('tells why something was refused, in the words of the answer', () => {
  const oauth = { error: 'invalid_client', error_description: 'the assertion has expired' }
  expect(
    told(seen('/payer/auth/token', 401, oauth))
      .split('\n')[1]
      ?.trim(),
  ).toBe('invalid_client: the assertion has expired')
  const issue = [
    { severity: 'error', code: 'required', details: { text: 'Parameters.parameter has no Consent' } },
    { severity: 'error', code: 'value', diagnostics: 'another thing' },
  ]
  const lines = told(seen('/payer/fhir/Patient/$member-match', 422, { resourceType: 'OperationOutcome', issue }))
  expect(lines.split('\n').map((line) => line.trim())).toEqual([
    expect.stringContaining('$member-match  422'),
    'required: Parameters.parameter has no Consent',
    'value: another thing',
  ])
  expect(told(seen('/x', 502, '<html>'))).not.toContain('\n')
})

test('shows no secret, and nothing that steers a terminal', () => {
  const line = told(seen('/payer/fhir/Patient?access_token=5ecretT0ken5ecretT0ken', 400, { error: 'a\u001b[2Jb\nc' }))
  expect(line).not.toContain('5ecretT0ken')
  expect(line).not.toContain('\u001b')
  expect(line.split('\n')).toHaveLength(2)
})
