/** What doctor says of the system's clock: nothing false for whole seconds, slow networks and caches. */
import { expect, it } from 'vitest'
import type { Exchange } from '../harness/transcript.ts'
import { clockSkew, clockSymptom } from './doctor-clock.ts'

const at = '2026-03-02T15:00:00.900Z'
/** Answered with the Date of so many seconds later than asked, after so many milliseconds. */
const answer = (later: number, total = 20, headers: readonly [string, string][] = []): Exchange =>
  ({
    at,
    timings: { connect: 0, firstByte: 0, total },
    response: {
      status: 200,
      statusText: '',
      headers: [['date', new Date(Date.parse(at) + later * 1000).toUTCString()], ...headers],
      body: '',
    },
  }) as unknown as Exchange

it.each<[string, Exchange]>([
  ['the second that has begun', answer(0)],
  ['the second that came while it was answered', answer(0.05, 200)],
  ['a network that took a minute to bring it', answer(59, 60_000)],
  ['a network that took a minute to carry the question', answer(0, 60_000)],
  ['a cache that had it for an hour', answer(-3600, 20, [['Age', '3600']])],
])('is right by %s', (_title, x) => {
  expect(clockSkew(x)).toBe(0)
  expect(clockSymptom(x)).toMatchObject({ state: 'well', says: "the system's clock agrees with ours" })
})

it('is told with its figure, and is ill only where it would break something', () => {
  expect(clockSymptom(answer(30))).toMatchObject({
    state: 'well',
    says: expect.stringMatching(/(29|30) s ahead of ours/),
  })
  expect(clockSymptom(answer(-45))).toMatchObject({ state: 'well', says: expect.stringMatching(/4[45] s behind ours/) })
  expect(clockSymptom(answer(200)).state).toBe('well')
  expect(clockSymptom(answer(400))).toMatchObject({
    state: 'ill',
    says: expect.stringMatching(/(399|400) s ahead of ours: assertions live 300 s/),
    remedy: expect.stringContaining('NTP'),
  })
  expect(clockSymptom(answer(-120))).toMatchObject({
    state: 'ill',
    says: expect.stringMatching(/1(19|20) s behind ours/),
  })
})

it('is not looked at where no Date came', () => {
  const x = answer(0)
  const bare = { ...x, response: { ...x.response, headers: [] } } as unknown as Exchange
  expect(clockSymptom(bare).state).toBe('not looked at')
})

it('says nothing of a clock that the test hooks set', () => {
  expect(clockSymptom(answer(22_934_459), true)).toMatchObject({ state: 'well' })
  expect(clockSymptom(answer(22_934_459))).toMatchObject({ state: 'ill' })
})
