/** A registration that is written otherwise than its kind wants is refused in words that tell how. */
import { expect, test } from 'vitest'
import type { Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { register } from './registration.ts'
import { derIn } from './software-statement.ts'

test('udap is a string', async () => {
  const url = 'https://127.0.0.1/t/auth/register'
  const body = JSON.stringify({ udap: 1, software_statement: 'a.b.c' })
  const asked = new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  const answer = await register({} as PayerState)(asked, { url: new URL(url), params: {} } as Visit)
  expect(await answer.json()).toEqual({
    error: 'invalid_client_metadata',
    error_description: 'udap must be the string 1 (UDAP registration)',
  })
})

test('x5c is base64 of DER, and neither base64url nor PEM (RFC 7515 §4.1.6)', () => {
  expect(derIn(['+/+/'])).toEqual([Buffer.from('fbffbf', 'hex')])
  for (const wrong of ['-_-_', '+/+/\n', '-----BEGIN CERTIFICATE-----', ''])
    expect(() => derIn([wrong])).toThrow('not base64url and not PEM')
})
