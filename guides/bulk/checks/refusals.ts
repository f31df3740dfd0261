/**
 * Kick-offs that may or must be refused, and how they are: mistakes, a missing Prefer, too many at once (Bulk Data 2.0
 * export, kick-off).
 */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, mediaType } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, putOff, status } from '../../core/judging.ts'
import { outcomeOf } from '../../core/received.ts'
import { kickOffs, soundKickOffs } from '../judging.ts'

/** Without Prefer: 202 all the same, or a refusal; never the data itself. */
export const withoutPreference = check(
  'BULK-015',
  'SHOULD',
  'Without Prefer an export is started or refused, never answered at once',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'no-prefer').flatMap((x) => {
      const { status: actual } = answered(x)
      return actual === 202 || actual >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'an export without Prefer is answered with data', {
              expected: '202 or 4xx',
              actual,
            }),
          ]
    }),
)

/** Mistakes in a kick-off that Bulk Data wants refused. */
const refusable = new Set([
  'bad-format',
  'bad-since',
  'unknown-parameter',
  'unknown-type',
  'foreign',
  'bad-filter',
  'no-token',
  'bad-value',
])

export const isChallenge = (x: Exchange): boolean =>
  [401, 403].includes(answered(x).status) && header(answered(x), 'www-authenticate') !== undefined

export const refusalsSayWhy = check(
  'BULK-017',
  'SHALL',
  'A refused kick-off is a 4xx or 5xx with an OperationOutcome',
  (transcript, scene) => {
    const wrong = kickOffs(
      transcript,
      scene,
      (x) => refusable.has(x.intent.mistake ?? '') || (x.response?.status ?? 0) >= 400,
    )
    // What else is accepted is judged where it should be refused; `handling=strict` is a wish that a server should honour.
    const always = new Set(['bad-format', 'bad-since', 'no-token'])
    // Bulk Data leaves it to a server to take what it cannot use: then nothing is seen of how it refuses.
    const nothing = wrong.some((x) => x.response && outcomeOf(x))
      ? []
      : [undecided(wrong[0], 'no kick-off was refused in the words of the API, so nothing was seen of how it refuses')]
    return few([
      ...nothing,
      ...wrong.flatMap((x): Finding[] => {
        const { status: actual } = answered(x)
        const later = putOff(x)
        if (later !== undefined && !outcomeOf(x)) return [undecided(x, later)]
        if (actual < 400)
          return always.has(x.intent.mistake ?? '')
            ? [unmet(x, 'wrong-status', `a kick-off with ${x.intent.mistake} is accepted`, { expected: '4xx', actual })]
            : [noted(x, 'lenient', `a kick-off with ${x.intent.mistake} is accepted`)]
        // Who is not let in is answered by the layer that guards the API, in its own words (RFC 6750 §3).
        if (!outcomeOf(x) && isChallenge(x))
          return [noted(x, 'no-outcome', `the ${actual} of a kick-off is a challenge without an OperationOutcome`)]
        return outcomeOf(x)
          ? mediaType(answered(x)).includes('json')
            ? []
            : [unmet(x, 'wrong-media-type', 'the refusal is not labelled as JSON', { actual: mediaType(answered(x)) })]
          : [
              unmet(x, 'missing-outcome', `the ${actual} of a kick-off carries no OperationOutcome`, {
                actual: answered(x).body.slice(0, 120),
              }),
            ]
      }),
    ])
  },
)

export const parallelExports = check(
  'BULK-018',
  'SHOULD',
  'A second export at once is started, or refused with 429 and Retry-After',
  (transcript, scene) => {
    const all = soundKickOffs(transcript, scene)
    const accepted = all.filter((x) => x.response?.status === 202)
    const second = all.filter((x) => x.intent.parallel === 'true')
    if (second.length === 0) return [undecided(accepted[0], 'no second export was started while one was running')]
    return second.flatMap((x) => {
      const response = answered(x)
      if (response.status === 202) return []
      if (response.status !== 429) return status(x, [202, 429], 'a second export is started or refused with 429')
      return header(response, 'retry-after') === undefined
        ? [unmet(x, 'missing-header', 'a 429 says when to come again', { expected: 'Retry-After' })]
        : []
    })
  },
)

export const refusalChecks: readonly Check[] = [withoutPreference, refusalsSayWhy, parallelExports]
