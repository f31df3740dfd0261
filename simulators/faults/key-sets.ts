/** Ways for a client to publish its keys wrongly (SMART "JWK Set URL", RFC 7517). */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { recast, type Spoil } from './spoiling.ts'

type Key = Record<string, unknown>

const fault = (id: string, title: string, breaks: readonly string[], spoil: Spoil): Fault =>
  ({ id, title, actor: 'requesting payer', route: 'GET /:payer/jwks.json', breaks, spoil }) as Fault

/** Each key of a good answer changed. */
const rekeyed =
  (change: (key: Key) => Key): Spoil =>
  (honest) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 200) return answer
    const { keys } = (await answer.json()) as { keys: Key[] }
    return recast(answer, JSON.stringify({ keys: keys.map(change) }))
  }

export const keySetFaults: readonly Fault[] = [
  fault(
    'keys-are-private',
    'publishes the private part of its key',
    ['AUTH-041'],
    rekeyed((key) => ({ ...key, d: 'cHJpdmF0ZQ' })),
  ),
  fault(
    'keys-have-no-id',
    'publishes keys that nobody can tell apart',
    ['AUTH-041'],
    rekeyed(({ kid: _, ...key }) => key),
  ),
  fault(
    'keys-are-half',
    'publishes half of a key',
    ['AUTH-041'],
    // A point has two coordinates, an RSA key a modulus and an exponent.
    rekeyed(({ y: _, e: _exponent, ...key }) => key),
  ),
  fault(
    'keys-want-a-login',
    'shows its keys to whoever logs in',
    ['AUTH-042'],
    () => () => outcome(401, 'login', 'who asks?'),
  ),
  fault('keys-are-away', 'publishes an empty set', ['AUTH-041', 'AUTH-042'], (honest) => async (request, visit) => {
    const answer = await honest(request, visit)
    return answer.status === 200 ? recast(answer, '{"keys":[]}') : answer
  }),
]
