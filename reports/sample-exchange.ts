/** For tests of masking: exchanges that say one thing, and secrets. */
import fc from 'fast-check'
import type { ExchangeLine } from '../harness/journal.ts'
import type { Exchange } from '../harness/transcript.ts'
import { toBase64url } from './jwt.ts'
import { createMasking } from './masking.ts'

export const exchange = (part: {
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
export const line = (one: Exchange): ExchangeLine => ({ line: 'exchange', scenario: 's1', step: 1, exchange: one })
export const masked = (part: Parameters<typeof exchange>[0]): Exchange =>
  (createMasking({ key: 'k' }).line(line(exchange(part))) as ExchangeLine).exchange
export const jwtOf = (payload: object, signature = 'c2lnbmF0dXJlLXRoYXQtaXMtc2VjcmV0'): string =>
  `${toBase64url('{"alg":"ES384","typ":"JWT"}')}.${toBase64url(JSON.stringify(payload))}.${signature}`

/** What OAuth calls a token: visible ASCII (RFC 6749 A.12), long enough not to be a word. */
export const secret = fc
  .stringMatching(/^[A-Za-z0-9._~+/-]{7,60}[A-Za-z0-9]$/)
  .filter((text) => /\d/.test(text) && !/^\d+$/.test(text))
