/** The wall clock tells of what somebody who looks on would take for a standstill. */
import { expect, it, vi } from 'vitest'
import { tellingClock } from './clock.ts'

it('tells of longer waits when they begin, and of no others', async () => {
  vi.useFakeTimers()
  try {
    const told: number[] = []
    const clock = tellingClock((seconds) => told.push(seconds))
    let passed = 0
    for (const seconds of [1, 4, 60]) {
      const wait = clock.wait(seconds).then(() => (passed += seconds))
      if (seconds === 60) expect(told).toEqual([60])
      await vi.advanceTimersByTimeAsync(seconds * 1000)
      await wait
    }
    expect([told, passed]).toEqual([[60], 65])
  } finally {
    vi.useRealTimers()
  }
})
