/**
 * How often a client asks about an export, and what it is told about that (Bulk Data 2.0 export, status, in progress).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, isMistaken } from '../../core/judging.ts'
import { outcomeOf } from '../../core/received.ts'
import { asking, polls } from '../judging.ts'

const at202 = (transcript: Transcript, scene: Scene): Exchange[] =>
  polls(transcript, scene).filter((x) => x.response?.status === 202)

export const progressIsShort = check(
  'BULK-051',
  'MAY',
  'X-Progress has less than 100 characters',
  (transcript, scene) => {
    const told = at202(transcript, scene).filter((x) => x.response && header(x.response, 'x-progress') !== undefined)
    if (told.length === 0) return [undecided(undefined, 'no answer told its progress')]
    return told.flatMap((x) => {
      const text = header(answered(x), 'x-progress') ?? ''
      return text.length < 100
        ? []
        : [
            unmet(x, 'too-long', 'X-Progress is too long', {
              expected: '< 100',
              actual: text.length,
              expression: 'X-Progress',
            }),
          ]
    })
  },
)

/** Seconds from now that a Retry-After asks for; undefined when it is neither seconds nor a date. */
export function retryAfter(x: Exchange): number | undefined {
  const text = x.response && header(x.response, 'retry-after')
  if (text === undefined) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : (at - Date.parse(x.at)) / 1000
}

export const saysWhenToAsk = check(
  'BULK-052',
  'SHOULD',
  'A running export says in Retry-After when to ask again',
  (transcript, scene) => {
    const running = at202(transcript, scene)
    if (running.length === 0) return [undecided(undefined, 'the export was never seen running')]
    return few(
      running.flatMap((x) =>
        (retryAfter(x) ?? -1) < 0
          ? [
              unmet(x, 'missing-header', 'Retry-After is missing, over, or neither seconds nor a date', {
                actual: header(answered(x), 'retry-after'),
                expression: 'Retry-After',
              }),
            ]
          : [],
      ),
    )
  },
)

/** Our own patience. */
export const clientWaits = check(
  'BULK-053',
  'SHOULD',
  'The client waits as long as it is told',
  (transcript, scene) => {
    const jobs = asking(transcript, scene)
    let judged = 0
    const findings = jobs.flatMap(({ polls: all }) => {
      const honest = all.filter((x) => !isMistaken(x))
      return honest.slice(1).flatMap((x, i): Finding[] => {
        const previous = honest[i] as Exchange
        const wait = retryAfter(previous)
        if (wait === undefined) return []
        judged++
        const waited = (Date.parse(x.at) - Date.parse(previous.at)) / 1000
        // A clock ticks in milliseconds, a date in seconds.
        return waited + 1 >= wait
          ? []
          : [unmet(x, 'impatient', 'the client asks again before it should', { expected: wait, actual: waited })]
      })
    })
    return judged > 0 ? findings : [undecided(undefined, 'the client was never told to wait, or never asked twice')]
  },
)

export const impatienceIsAnswered = check(
  'BULK-054',
  'SHOULD',
  'Asking too often is answered with 429 and Retry-After',
  (transcript, scene) => {
    const fast = transcript.some('export-status', {
      to: scene.responder,
      where: (x) => x.intent.mistake === 'too-fast',
    })
    const refused = fast.filter((x) => x.response?.status === 429)
    if (refused.length === 0)
      return [
        unmet(fast[0], 'tolerated', 'nobody minds being asked too often', {
          expected: 429,
          actual: fast.map((x) => x.response?.status),
        }),
      ]
    return refused.flatMap((x) =>
      (retryAfter(x) ?? -1) < 0
        ? [
            unmet(x, 'missing-header', 'a 429 says when to come again, and not a time that is over', {
              expected: 'Retry-After',
              actual: header(answered(x), 'retry-after'),
              expression: 'Retry-After',
            }),
          ]
        : [],
    )
  },
)

/** A fault that says that it passes. */
const isTransient = (x: Exchange): boolean =>
  (x.response?.status ?? 0) >= 400 &&
  ((outcomeOf(x)?.issue as { code?: string }[] | undefined) ?? []).some(({ code }) => code === 'transient')

export const clientTriesAgain = check(
  'BULK-057',
  'SHOULD',
  'The client asks for JSON, and again after a passing fault',
  (transcript, scene) => {
    const jobs = asking(transcript, scene)
    const mine = jobs.flatMap(({ polls: all }) => all).filter((x) => x.from === scene.requester && !isMistaken(x))
    const wrong = mine
      .filter((x) => !/json|\*\/\*/.test(header(x.request, 'accept') ?? '*/*'))
      .map((x) =>
        unmet(x, 'missing-header', 'the client asks about an export without accepting JSON', {
          actual: header(x.request, 'accept'),
        }),
      )
    const gaveUp = jobs
      .flatMap(({ polls: all }) => all.filter((x, i) => isTransient(x) && i === all.length - 1))
      .map((x) => unmet(x, 'gave-up', 'the client gives up after a fault that would pass'))
    return mine.length === 0 ? [undecided(undefined, 'the client never asked')] : few([...wrong, ...gaveUp])
  },
)

export const patienceChecks: readonly Check[] = [
  progressIsShort,
  saysWhenToAsk,
  clientWaits,
  impatienceIsAnswered,
  clientTriesAgain,
]
