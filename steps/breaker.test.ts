/** When a run gives up on a system that does not answer, and when it does not. */
import { expect, it } from 'vitest'
import type { Failure } from '../harness/failure.ts'
import type { Exchange } from '../harness/transcript.ts'
import { watchTheBreaker } from './breaker.ts'

const seats = (played: 'simulated' | 'under test') => [
  { actor: 'trust manager', played: 'simulated' as const },
  { actor: 'responding payer', played },
]
const run = (played: 'simulated' | 'under test' = 'under test') =>
  ({ stage: { seats: seats(played) }, unreachable: 0 }) as unknown as Parameters<typeof watchTheBreaker>[0]

const said = (to: string, how?: Failure['kind']): Exchange =>
  ({
    to,
    ...(how ? { failure: { kind: how, code: how, message: `it is ${how}` } } : { response: { status: 200 } }),
  }) as unknown as Exchange
const payer = (how?: Failure['kind']): Exchange => said('responding payer', how)
const manager = said('trust manager')

const after = (scenarios: readonly (readonly Exchange[])[], one = run()): string | undefined => {
  for (const exchanges of scenarios) watchTheBreaker(one, exchanges)
  return one.interrupted
}

it.each(['unreachable', 'timeout', 'cut-off', 'garbled'] as const)('stops after three scenarios: %s', (how) => {
  const silent = [payer(how)]
  expect(after([silent, silent])).toBeUndefined()
  expect(after([silent, silent, silent])).toContain(`3 scenarios in a row got no answer (it is ${how})`)
})

it('is not deceived by those who always answer', () => {
  const silent = [manager, payer('timeout'), manager]
  expect(after([silent, silent, silent])).toBeDefined()
  expect(after([[manager], [manager], [manager]])).toBeUndefined()
})

it('goes on as long as the system answers now and then, or refuses', () => {
  const silent = [payer('timeout')]
  expect(after([silent, silent, [payer('timeout'), payer()], silent, silent])).toBeUndefined()
  expect(after([silent, silent, [manager], silent])).toBeDefined()
  const refused = [payer('refused')]
  expect(after([refused, refused, refused, refused])).toBeUndefined()
})

it('counts everybody where nobody is under test', () => {
  expect(
    after(
      [[manager, payer('timeout')]].flatMap((one) => [one, one, one]),
      run('simulated'),
    ),
  ).toBeUndefined()
})
