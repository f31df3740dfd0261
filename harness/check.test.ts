/** How findings become a verdict: never a pass on nothing, never a failure for our own trouble. */
import { describe, expect, it } from 'vitest'
import { check, noted, undecided, unmet, verdictOf } from './check.ts'
import type { Scene } from './scene.ts'
import { answered, type Exchange, json, Transcript } from './transcript.ts'
import type { Verb } from './verdict.ts'

const scene: Scene = {
  editions: { pdex: '2.2.0' },
  now: '2026-03-02T15:00:00.000Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
const exchange = (response?: Exchange['response']): Exchange => ({
  id: 'x1',
  move: 'member-match',
  from: 'requesting payer',
  to: 'responding payer',
  at: scene.now,
  intent: { person: 'Ana Adams' },
  request: { method: 'POST', url: 'https://payer.example/Patient/$member-match', headers: [], body: '' },
  ...(response
    ? { response }
    : { failure: { kind: 'unreachable', code: 'ECONNREFUSED', message: 'nobody there' } as const }),
  timings: { connect: 0, firstByte: 0, total: 0 },
})
const said = Transcript.of([
  exchange({ status: 200, statusText: 'OK', headers: [], body: '{"resourceType":"Parameters"}' }),
])
const is200 = (verb: Verb) =>
  check('PDEX-1', verb, 'It answers 200', (transcript) => {
    const x = transcript.last('member-match')
    const { status } = answered(x)
    return status === 200 ? [] : [unmet(x, 'wrong-status', 'not 200', { expected: 200, actual: status })]
  })

describe('a verdict', () => {
  it('passes on what was seen, and names the exchange that it saw', () => {
    const verdict = verdictOf(is200('SHALL'), said, scene)
    expect(verdict).toMatchObject({ code: 'pass', evidence: ['x1'], check: 'PDEX-1/it-answers-200' })
  })

  it.each([
    ['SHALL', 'fail'],
    ['SHALL NOT', 'fail'],
    ['SHOULD', 'warning'],
    ['SHOULD NOT', 'warning'],
    ['MAY', 'skip'],
    ['IMPLIED', 'warning'],
    ['DESC', 'warning'],
  ] as const)('costs for an unmet %s a %s', (verb, code) => {
    const refused = Transcript.of([exchange({ status: 404, statusText: '', headers: [], body: '' })])
    expect(verdictOf(is200(verb), refused, scene).code).toBe(code)
  })

  it('is skip when nobody did what it looks at', () => {
    expect(verdictOf(is200('SHALL'), new Transcript(), scene).code).toBe('skip')
  })

  it('is error when no answer came, and never fail', () => {
    expect(verdictOf(is200('SHALL'), Transcript.of([exchange()]), scene)).toMatchObject({
      code: 'error',
      findings: [{ code: 'not-answered' }],
    })
  })

  it.each([
    ['unreachable', 'ECONNREFUSED', 'error'],
    ['timeout', 'ETIMEDOUT', 'error'],
    ['cut-off', 'ECONNRESET', 'error'],
    ['garbled', 'HPE_INVALID_CONSTANT', 'error'],
    ['refused', 'ECONNRESET', 'error'],
    ['refused', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'fail'],
    ['not-asked', 'no-address', 'fail'],
  ] as const)('on an answer that was not there, %s by %s, is %s', (kind, code, expected) => {
    const unaware = check('PDEX-1', 'SHALL', 'It is not refused', (transcript) => {
      const x = transcript.last('member-match')
      return x.response?.status === 200 ? [] : [unmet(x, 'refused', 'it was refused')]
    })
    const x = { ...exchange(), failure: { kind, code, message: 'why' } }
    expect(verdictOf(unaware, Transcript.of([x]), scene)).toMatchObject({
      code: expected,
      findings: [{ code: expected === 'fail' ? 'refused' : 'not-answered', exchange: 'x1' }],
    })
  })

  it('is error when the check throws', () => {
    const broken = check('PDEX-1', 'SHALL', 'Broken', () => {
      throw new TypeError('our own mistake')
    })
    expect(verdictOf(broken, said, scene).code).toBe('error')
  })

  it('is skip when the check looked at nothing, although it found nothing wrong', () => {
    expect(
      verdictOf(
        check('PDEX-1', 'SHALL', 'Blind', () => []),
        said,
        scene,
      ).code,
    ).toBe('skip')
  })

  it('is skip when something could not be decided, unless something else is unmet', () => {
    const doubt = check('PDEX-1', 'SHALL', 'Doubtful', (t) => [undecided(t.last('member-match'), 'no engine')])
    expect(verdictOf(doubt, said, scene).code).toBe('skip')
    const both = check('PDEX-1', 'SHALL', 'Both', (t) => [
      undecided(t.last('member-match'), 'no engine'),
      unmet(t.last('member-match'), 'wrong', 'but this is wrong'),
    ])
    expect(verdictOf(both, said, scene).code).toBe('fail')
  })

  it('passes with information beside it', () => {
    const chatty = check('PDEX-1', 'SHALL', 'Chatty', (t) => [noted(t.last('member-match'), 'fyi', 'worth knowing')])
    expect(verdictOf(chatty, said, scene).code).toBe('pass')
  })
})

describe('a transcript', () => {
  it('finds by move, actor, intent and any other feature, and throws not-seen for what never was', () => {
    expect(said.last('member-match', { intent: { person: 'Ana Adams' } }).id).toBe('x1')
    expect(said.all('member-match', { intent: { person: 'Ben Brown' } })).toEqual([])
    expect(
      said.all(['search', 'member-match'], { to: 'responding payer', where: (x) => x.request.method === 'POST' }),
    ).toHaveLength(1)
    expect(() => said.last('search')).toThrow(/^there was no "search"$/)
    expect(() => said.some('member-match', { from: 'another payer' })).toThrow(/another payer/)
    expect(() => said.some(['search', 'export-kick-off'], { to: 'responding payer' })).toThrow(
      'there was nothing to responding payer of search, export kick off',
    )
    expect(() => said.some(['search', 'member-match'], { to: 'responding payer', where: () => false })).toThrow(
      'among 1 request to responding payer there was none of the kind that is judged here',
    )
  })

  it('reads a body that is no JSON as undefined', () => {
    expect(json({ body: '<html>' })).toBeUndefined()
  })
})
