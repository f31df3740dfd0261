/** Keys that are published change: a server must not go on with a set longer than its client lets it (SMART 2.2). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, header } from '../../../harness/transcript.ts'
import { assertionOf, isSound, said, secondsOf, succeeded, tokenMoves } from '../oauth.ts'

export const forgetsWithdrawnKeys = check(
  'AUTH-045',
  'SHALL NOT',
  'A key set is not kept longer than its Cache-Control allows',
  (transcript) => {
    const change = transcript.last('publish-jwks')
    const { withdrawn } = change.intent
    if (!succeeded(change)) return [undecided(change, 'the key could not be withdrawn')]
    const served = transcript
      .all('fetch-jwks', { where: ({ request }) => request.url === change.request.url })
      .find(succeeded)
    const age = Number(/max-age=(\d+)/.exec((served && header(answered(served), 'cache-control')) ?? '')?.[1])
    if (!served || Number.isNaN(age)) return [undecided(change, 'nobody saw how long the key set may be kept')]
    const signedWithIt = transcript.some(tokenMoves, {
      from: change.from,
      where: (x) => isSound(x) && assertionOf(x)?.header.kid === withdrawn,
    })
    const before = signedWithIt.filter((x) => secondsOf(x) <= secondsOf(change) && succeeded(x))
    const after = signedWithIt.filter((x) => secondsOf(x) > secondsOf(change) + age)
    if (before.length === 0) return [undecided(change, 'the key was never accepted while it was published')]
    if (after.length === 0) return [undecided(change, 'the key was not used again after the set had to be forgotten')]
    return after.flatMap((x) => {
      const { status } = answered(x)
      if (status >= 400 && status < 500) return []
      if (!succeeded(x)) return [undecided(x, `neither accepted nor refused: HTTP ${status}`)]
      const seconds = secondsOf(x) - secondsOf(change)
      return [
        unmet(x, 'kept-too-long', `a key was accepted ${seconds} seconds after it was withdrawn`, {
          expected: `invalid_client after ${age} seconds`,
          actual: said(x).token_type ?? 'a token',
        }),
      ]
    })
  },
)

export const keyRotationChecks: readonly Check[] = [forgetsWithdrawnKeys]
