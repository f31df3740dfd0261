/**
 * Test hooks: what a system under test may offer so that a run needs no hands. A small JSON API, protected by a key, that
 * opens a private world, makes fixtures true in it, and moves its clock. Simulators offer it; so may any vendor.
 *
 *   GET    /people?editions=pdex@2.2.0,…    the members it can hold
 *   POST   /tenants            {editions, start, trust?}  -> 201 {id, places, now}; trust: base of the trust manager
 *   POST   /tenants/:id/fixtures  a Fixture       -> 204, or 409 {reason} when it cannot be brought there; whoever registers a
 *          client by hand may be told where it gets its tokens: 200 {tokenEndpoint}; whoever matches a member by hand, how that
 *          member is named from then on: 200 {match}, the Parameters that $member-match answers
 *   POST   /tenants/:id/clock     {seconds}       -> 200 {now}
 *   DELETE /tenants/:id                           -> 204
 *
 * A payer that stands by itself, as `simulate` leaves one up, is a tenant, too: what is true in it can be changed, and
 * neither its clock nor its end.
 */

import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { VirtualClock } from '../harness/clock.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { Fixture } from '../harness/fixture.ts'
import type { Person } from '../harness/person.ts'
import type { Asked } from './asked.ts'
import type { Fault } from './faults/fault.ts'
import { applyFixture, type Company } from './fixtures/apply.ts'
import type { PayerHosts, PayerTenant } from './payer-hosts.ts'
import { type Guard, type Handler, json, type Route, route, type Simulation } from './simulator.ts'
import type { Variant } from './variants/variant.ts'

export interface HooksOptions {
  readonly hosts: PayerHosts
  /** Bearer key that callers must show. */
  readonly key: string
  readonly people: (editions: Editions) => readonly Person[]
  readonly payer: Company['payer']
  /** Makes every tenant wrong in one way. */
  readonly fault?: Fault
  /** A legal choice that every tenant makes. */
  readonly variant?: Variant
  /** A tenant that nobody opened here and nobody may close, by its name. */
  readonly standing?: { readonly id: string; readonly tenant: PayerTenant; readonly company: Company }
}

const opening = z.object({
  editions: z.record(z.string(), z.string()),
  start: z.iso.datetime(),
  trust: z.url().optional(),
})
const step = z.object({
  seconds: z
    .number()
    .min(0)
    .max(40 * 365 * 86_400),
})
const fixture = z.looseObject({ is: z.string() })

interface Opened {
  readonly tenant: PayerTenant
  /** Absent: it lives by the wall clock. */
  readonly clock?: VirtualClock
  readonly company: Company
}

/** The hooks as a table of routes, for a host that speaks ordinary TLS. */
export function hooks(options: HooksOptions): Simulation {
  const tenants = new Map<string, Opened>()
  if (options.standing) tenants.set(options.standing.id, options.standing)
  let count = 0
  const guards = [keyed(options.key)]
  const at =
    (answer: (opened: Opened, body: unknown, id: string) => Promise<Response> | Response): Handler =>
    async (request, { params }) => {
      const opened = tenants.get(params.id ?? '')
      if (!opened) return says(404, { reason: 'there is no such tenant' })
      return answer(opened, request.method === 'POST' ? await bodyOf(request) : undefined, params.id as string)
    }
  const rows: Route[] = [
    route('GET', '/people', guards, (_request, { url }) => says(200, options.people(editionsOf(url)))),
    route('POST', '/tenants', guards, async (request) => {
      const asked = opening.safeParse(await bodyOf(request))
      if (!asked.success) return says(400, { reason: z.prettifyError(asked.error) })
      count += 1
      const id = `h${count}`
      const clock = new VirtualClock(new Date(asked.data.start))
      const editions: Editions = asked.data.editions
      const tenant = options.hosts.open(id, {
        clock,
        editions,
        ...(asked.data.trust ? { trust: asked.data.trust } : {}),
        ...(options.fault ? { faults: [options.fault] } : {}),
        ...(options.variant ? { variant: options.variant } : {}),
      })
      tenants.set(id, { tenant, clock, company: { person: personOf(options.people(editions)), payer: options.payer } })
      return says(201, { id, places: tenant.places, now: clock.now() })
    }),
    route(
      'POST',
      '/tenants/:id/fixtures',
      guards,
      at(async ({ tenant, company }, body) => {
        const asked = fixture.safeParse(body)
        if (!asked.success) return says(400, { reason: z.prettifyError(asked.error) })
        try {
          const answer = await applyFixture(asked.data as unknown as Fixture, tenant.state, company)
          return Object.keys(answer).length > 0 ? says(200, answer) : new Response(null, { status: 204 })
        } catch (error) {
          if (isHarnessError(error, 'cannot-set-up', 'bad-input')) return says(409, { reason: error.message })
          throw error
        }
      }),
    ),
    route(
      'POST',
      '/tenants/:id/clock',
      guards,
      at(async ({ clock }, body) => {
        const asked = step.safeParse(body)
        if (!asked.success) return says(400, { reason: z.prettifyError(asked.error) })
        if (!clock) return says(409, { reason: 'this tenant lives by the wall clock' })
        await clock.wait(asked.data.seconds)
        return says(200, { now: clock.now() })
      }),
    ),
    route(
      'DELETE',
      '/tenants/:id',
      guards,
      at(({ tenant, clock }, _body, id) => {
        if (!clock) return says(409, { reason: 'this tenant was not opened here' })
        tenant.close()
        tenants.delete(id)
        return new Response(null, { status: 204 })
      }),
    ),
  ]
  return { state: undefined, routes: rows }
}

const says = (status: number, body: unknown): Response => json(body, { status })

const bodyOf = async (request: Asked): Promise<unknown> => {
  try {
    return await request.json()
  } catch {
    return undefined
  }
}

const keyed =
  (key: string): Guard =>
  (request) => {
    const given = Buffer.from(request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
    const wanted = Buffer.from(key)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
      ? undefined
      : says(401, { reason: 'the key of the hooks is missing or wrong' })
  }

const personOf =
  (people: readonly Person[]) =>
  (name: string): Person => {
    const found = people.find((person) => person.name === name)
    if (!found) throw new HarnessError('cannot-set-up', `${name} is not in the cast`)
    return found
  }

const editionsOf = (url: URL): Editions =>
  Object.fromEntries((url.searchParams.get('editions') ?? '').split(',').map((part) => part.split('@')))
