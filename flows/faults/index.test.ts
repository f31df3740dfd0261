/** The list of client faults holds together, and a fault touches nothing but what it is about. */
import { expect, it, vi } from 'vitest'
import { requirementsById } from '../../guides/catalogue.ts'
import { guides } from '../../guides/index.ts'
import { Actor, type Message, type Send } from '../../harness/actor.ts'
import { VirtualClock } from '../../harness/clock.ts'
import { Transcript } from '../../harness/transcript.ts'
import { Wire } from '../../harness/wire.ts'
import { clientFault, leavingOut, saying, spoiledBy, withHeaders } from './client-fault.ts'
import { clientFaults } from './index.ts'

const actorOf = (id: string): string => requirementsById.get(id)?.actor ?? ''
/** A server shall let a client do so, and a client that does otherwise is seen by the same check. */
const shared = new Set(['BULK-002'])

const actor = (transcript = new Transcript()): Actor =>
  new Actor({
    name: 'requesting payer',
    identity: { name: 'New', uri: 'https://new.example/payer', identifier: { system: 'urn:naic', value: '1' } },
    places: {},
    clock: new VirtualClock(new Date('2026-03-02T09:00:00Z')),
    transcript,
    wire: new Wire(),
  })

it('names each fault once', () => {
  expect(clientFaults.length).toBeGreaterThan(60)
  const ids = clientFaults.map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
})

it('breaks only what a check of a client judges', () => {
  const checks = new Set(guides.flatMap((guide) => guide.checks).map(({ requirement }) => requirement))
  const wrong = clientFaults.flatMap(({ id, breaks }) =>
    breaks.length === 0
      ? [id]
      : breaks.filter((b) => !checks.has(b) || (!shared.has(b) && /server|manager/.test(actorOf(b)))),
  )
  expect(wrong).toEqual([])
})

it('leaves other moves alone, and what a scenario gets wrong on purpose', async () => {
  const fault = clientFault(
    'loud',
    'shouts',
    'search',
    ['X-1'],
    saying((message) => withHeaders(message, { accept: 'SHOUT' })),
  )
  const said: Message[] = []
  const honest = vi.fn<Send>(async (_move, _to, message) => {
    said.push(message)
    return undefined as never
  })
  const client = actor()
  const send = spoiledBy(fault)(honest, client)
  const plain: Message = { method: 'GET', url: 'https://old.example/fhir/Patient', headers: [['Accept', 'json']] }
  const mistaken: Message = { ...plain, intent: { mistake: 'on purpose' } }
  await send('read', client, plain)
  await send('search', client, mistaken)
  await send('search', client, plain)
  expect(said[0]).toBe(plain)
  expect(said[1]).toBe(mistaken)
  expect(said[2]?.headers).toEqual([['accept', 'SHOUT']])
})

it('leaves no trace of what is left unsaid', async () => {
  const transcript = new Transcript()
  const client = actor(transcript)
  const honest = vi.fn<Send>()
  const send = spoiledBy(clientFault('mute', 'says nothing', 'search', ['X-1'], leavingOut()))(honest, client)
  const answer = await send('search', client, { method: 'GET', url: 'https://old.example/fhir/Patient' })
  expect(honest).not.toHaveBeenCalled()
  expect(transcript.length).toBe(0)
  expect(answer.failure?.code).toBe('unsaid')
  expect(answer.response).toBeUndefined()
})
