/** How `doctor` compares the system's clock with ours, by the Date of an answer: whose assertions would be too old, or too new. */
import { defaults } from '../harness/config.ts'
import { type Exchange, header } from '../harness/transcript.ts'
import type { Symptom } from './doctor-members.ts'

/** A Date counts whole seconds. */
const granularity = 1000
/** Servers let clocks differ by a minute or so (RFC 7519 §4.1.4, "a few minutes" at most). */
const leeway = 60

/**
 * Seconds by which the system's clock is certainly ahead of ours, less than 0 when it is behind, 0 where it may be right: its Date was
 * written at some moment between our question and its answer. Undefined where it names none.
 */
export function clockSkew({ at, timings, response }: Exchange): number | undefined {
  const date = Date.parse((response && header(response, 'date')) ?? '')
  const age = Number((response && header(response, 'age')) ?? 0)
  if (Number.isNaN(date) || Number.isNaN(age)) return undefined
  const sent = Date.parse(at)
  // A cache gives the Date of when it was told, and says how long ago that was.
  const earliest = date + age * 1000
  const ahead = earliest - (sent + timings.total)
  const behind = sent - (earliest + granularity)
  return ahead > 0 ? ahead / 1000 : behind > 0 ? -behind / 1000 : 0
}

/** What is to be said of it. `moved`: the test hooks set the clock by which the system lives, and its Date tells of another. */
export function clockSymptom(x: Exchange, moved = false): Symptom {
  if (moved) return { what: 'clock', state: 'well', says: 'the test hooks set it' }
  const skew = clockSkew(x)
  if (skew === undefined)
    return { what: 'clock', state: 'not looked at', says: 'the answer names no Date that could be compared with ours' }
  const seconds = Math.round(Math.abs(skew))
  const apart = `the system's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} ours`
  const remedy = 'set both clocks by the same time service (NTP), the one of this machine and the one of the system'
  if (skew > defaults.assertionSeconds - leeway)
    return {
      what: 'clock',
      state: 'ill',
      says: `${apart}: assertions live ${defaults.assertionSeconds} s (exp), and will be too old there when they come`,
      remedy,
    }
  if (skew < -leeway)
    return {
      what: 'clock',
      state: 'ill',
      says: `${apart}: assertions (iat), statements and fresh certificates will be of the future there`,
      remedy,
    }
  return { what: 'clock', state: 'well', says: seconds === 0 ? "the system's clock agrees with ours" : apart }
}
