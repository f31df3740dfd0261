/** A system under test that offers test hooks (simulators/hooks.ts says what they are), as the harness sees it. */
import { z } from 'zod'
import type { Places } from '../../harness/actor.ts'
import type { Clock, VirtualClock } from '../../harness/clock.ts'
import type { Editions } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import type { Fixture, FixtureAnswer } from '../../harness/fixture.ts'
import type { Person } from '../../harness/person.ts'
import type { Wire } from '../../harness/wire.ts'

export interface Hooks {
  readonly url: string
  /** Bearer key. */
  readonly key: string
  /** Roots of the host of the hooks. */
  readonly ca?: readonly string[]
}

export interface HookedTenant {
  readonly places: Places
  /** Moves the system's clock and ours together. */
  readonly clock: Clock
  setUp(fixture: Fixture): Promise<FixtureAnswer>
  close(): Promise<void>
}

/** Calls the hooks. Every call throws `cannot-reach` when they do not answer as they should. */
export function hooked(wire: Wire, hooks: Hooks) {
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const heard = await wire.send({
      method,
      url: `${hooks.url}${path}`,
      headers: [
        ['Authorization', `Bearer ${hooks.key}`],
        ['Accept', 'application/json'],
        ...(body === undefined ? [] : ([['Content-Type', 'application/json']] as const)),
      ],
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(hooks.ca ? { ca: hooks.ca } : {}),
    })
    if (!heard.response)
      throw unreachable(`the test hooks at ${hooks.url} do not answer: ${heard.failure?.message ?? 'no reason'}`)
    const { status } = heard.response
    let read: unknown
    try {
      read = heard.response.body ? JSON.parse(heard.response.body) : undefined
    } catch {
      throw unreachable(`the test hooks answer ${method} ${path} with something that is not JSON`)
    }
    if (status >= 500 || status === 401 || status === 404)
      throw unreachable(`the test hooks answer ${method} ${path} with ${status}: ${reasonOf(read)}`)
    return { status, body: read }
  }
  return {
    people: async (editions: Editions): Promise<readonly Person[]> => {
      const { body } = await call('GET', `/people?editions=${encodeURIComponent(editionsParameter(editions))}`)
      return body as readonly Person[]
    },
    open: async (editions: Editions, own: VirtualClock, trust: string): Promise<HookedTenant> => {
      const opened = await call('POST', '/tenants', { editions, start: own.now().toISOString(), trust })
      const { id, places } = opened.body as { id: string; places: Places }
      if (opened.status !== 201 || !id || !places?.fhir)
        throw unreachable(`the test hooks did not open a tenant: ${reasonOf(opened.body)}`)
      return {
        places,
        clock: {
          now: () => own.now(),
          wait: async (seconds) => {
            await call('POST', `/tenants/${id}/clock`, { seconds })
            await own.wait(seconds)
          },
        },
        setUp: async (fixture) => {
          const { status, body } = await call('POST', `/tenants/${id}/fixtures`, fixture)
          if (status >= 400)
            throw new HarnessError(
              'cannot-set-up',
              `the system cannot be brought to "${fixture.is}": ${reasonOf(body)}`,
            )
          return answerOf(body)
        },
        close: async () => {
          await call('DELETE', `/tenants/${id}`)
        },
      }
    },
  }
}

const editionsParameter = (editions: Editions): string =>
  Object.entries(editions)
    .map(([guide, version]) => `${guide}@${version}`)
    .join(',')

const matchAnswer = z.object({
  parameter: z
    .array(
      z.object({
        name: z.string().optional(),
        valueIdentifier: z.object({ system: z.string().optional(), value: z.string().optional() }).optional(),
        valueReference: z.object({ reference: z.string().optional() }).optional(),
      }),
    )
    .optional(),
})

/** What is no URL, or names nobody, is not said. */
const answerOf = (body: unknown): FixtureAnswer => {
  const { tokenEndpoint, match } = (body ?? {}) as Partial<Record<keyof FixtureAnswer, unknown>>
  const named = matchAnswer.safeParse(match)
  return {
    ...(typeof tokenEndpoint === 'string' && URL.canParse(tokenEndpoint) ? { tokenEndpoint } : {}),
    ...(named.success ? { match: named.data } : {}),
  }
}

const unreachable = (message: string): HarnessError =>
  new HarnessError('cannot-reach', message, { remedy: 'check hooks, hooksKey and roots in the plan' })

const reasonOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason) : 'it says no reason'
