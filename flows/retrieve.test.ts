import { expect, test } from 'vitest'
import { Actor, type ActorName, type Identity } from '../harness/actor.ts'
import { Transcript } from '../harness/transcript.ts'
import type { Heard, Outgoing, Wire } from '../harness/wire.ts'
import { base, type SmallPayer, smallPayer } from '../simulators/parts/small-payer.ts'
import { fetchEverything } from './everything.ts'
import { deleteExport, exportMember, kickOffExport, pollExport } from './export.ts'
import { fetchDocuments } from './fetch-documents.ts'
import { followNext } from './follow-pages.ts'
import { received, resourcesIn } from './member-requests.ts'
import { readHistory, readIfChanged, readOneOf, readUnknown, readVersion } from './read.ts'
import { retrievalMethods, retrieve } from './retrieve.ts'
import { searchByMemberIdentifier, searchType } from './search.ts'
import { tellingSince } from './since.ts'
import { tryType } from './try-searches.ts'

const editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }

/** Two actors over a wire without a port; the requester holds the token `a`. */
function scene(payer: SmallPayer = smallPayer()): {
  requester: Actor
  responder: Actor
  payer: SmallPayer
  transcript: Transcript
} {
  const transcript = new Transcript()
  const wire = {
    async send({ method, url, headers, body }: Outgoing): Promise<Heard> {
      const init: RequestInit = {
        method,
        headers: headers.map(([n, v]): [string, string] => [n, v]),
        ...(body === undefined ? {} : { body }),
      }
      const response = await payer.ask(undefined, url, init)
      return {
        request: { method, url, headers, body: body ?? '' },
        response: {
          status: response.status,
          statusText: '',
          headers: [...response.headers],
          body: await response.text(),
        },
        timings: { connect: 0, firstByte: 0, total: 0 },
      }
    },
  } as unknown as Wire
  const actor = (name: ActorName): Actor =>
    new Actor({
      name,
      identity: {} as Identity,
      places: { fhir: `${base}/fhir` },
      clock: payer.clock,
      transcript,
      wire,
    })
  const [requester, responder] = [actor('requesting payer'), actor('responding payer')]
  payer.admit('a', 'ana')
  transcript.record({
    move: 'member-token',
    from: requester.name,
    to: responder.name,
    at: payer.clock.now().toISOString(),
    intent: {},
    request: { method: 'POST', url: `${base}/auth/token`, headers: [], body: '' },
    response: { status: 200, statusText: '', headers: [], body: JSON.stringify({ access_token: 'a', patient: 'ana' }) },
    timings: { connect: 0, firstByte: 0, total: 0 },
  })
  return { requester, responder, payer, transcript }
}

test.each(retrievalMethods)('by %s the whole member comes', async (method) => {
  const { requester, responder, transcript } = scene()
  await requester.performs(retrieve(responder, method, editions))
  expect(transcript.from(1)[0]?.move).toBe('metadata')
  const keys = received(requester, responder).map((r) => `${r.resourceType}/${r.id}`)
  for (const key of [
    'Patient/ana',
    'Condition/ana-secret',
    'ExplanationOfBenefit/ana-claim',
    'Organization/insurer',
    'Medication/pill',
    'Provenance/ana-origin',
  ])
    expect(keys, key).toContain(key)
  expect(keys.join()).not.toContain('bob')
  const documents = await requester.performs(fetchDocuments(responder))
  expect(documents.map((x) => x.response?.body).sort()).toEqual([
    'the letter of Núñez',
    'the note of Núñez',
    'the secret of Núñez',
  ])
})

test('an export is waited for as the server says, and cleared away', async () => {
  const { requester, responder, payer, transcript } = scene()
  payer.state.jobs.plan({ way: 'slow', polls: 3 })
  const files = await requester.performs(exportMember(responder, { params: { _type: 'Patient,Condition' } }))
  expect(files.flatMap(resourcesIn).map(({ id }) => id)).toEqual(['ana', 'ana-pressure', 'ana-secret'])
  expect(transcript.all('export-status').map((x) => x.response?.status)).toEqual([202, 202, 202, 200])
  expect(transcript.all('export-delete').map((x) => x.response?.status)).toEqual([202])
})

test('steps of an export one by one, also by somebody else', async () => {
  const { requester, responder } = scene()
  await requester.performs(kickOffExport(responder, { post: true, params: { _type: 'Patient' } }))
  expect((await requester.performs(pollExport(responder))).response?.status).toBe(202)
  expect((await requester.performs(pollExport(responder))).response?.status).toBe(429)
  expect((await requester.performs(pollExport(responder, { token: null }))).response?.status).toBe(401)
  expect((await requester.performs(deleteExport(responder))).response?.status).toBe(202)
  await expect(async () => responder.performs(pollExport(responder))).rejects.toMatchObject({ code: 'not-seen' })
})

test('searches by GET and POST, pages, identifiers', async () => {
  const { requester, responder } = scene()
  const [page, ...more] = await requester.performs(
    searchType(responder, 'DocumentReference', { params: { _count: '2' } }),
  )
  expect([page, ...more].flatMap((x) => (x ? resourcesIn(x) : []))).toHaveLength(3)
  const [posted] = await requester.performs(
    searchType(responder, 'Condition', { post: true, unrestricted: true, provenance: true }),
  )
  expect(posted?.request.body).toBe('_revinclude=Provenance%3Atarget')
  await requester.performs(searchType(responder, 'DocumentReference', { params: { _count: '1' }, firstPage: true }))
  expect((await requester.performs(followNext(responder))).response?.status).toBe(200)
  await expect(async () => requester.performs(searchByMemberIdentifier(responder))).rejects.toMatchObject({
    code: 'not-seen',
  })
})

test('reads: again, a version, the history, on condition, the unknown', async () => {
  const { requester, responder } = scene()
  await expect(async () => requester.performs(readOneOf(responder, 'Condition'))).rejects.toMatchObject({
    code: 'not-seen',
  })
  await requester.performs(
    fetchEverything(responder, { post: true, params: { _type: 'Condition,Patient', _count: '1' } }),
  )
  expect((await requester.performs(readOneOf(responder, 'Condition'))).response?.status).toBe(200)
  expect((await requester.performs(readVersion(responder, 'Condition'))).response?.status).toBe(200)
  expect((await requester.performs(readHistory(responder, 'Condition'))).response?.status).toBe(200)
  expect((await requester.performs(readIfChanged(responder, 'Condition'))).response?.status).toBe(304)
  expect((await requester.performs(readUnknown(responder, 'Condition'))).response?.status).toBe(404)
})

test('what R4 does not search by patient is not searched so, and nobody is looked for beside the member', async () => {
  const { requester, responder, transcript } = scene()
  for (const type of ['Group', 'Goal'])
    await requester.performs(tryType(responder, type, [['identifier']], () => undefined))
  const asked = transcript.all('search').map(({ request }) => request.url.split('/fhir/')[1])
  expect(asked).toEqual([
    'Group',
    'Group?_id=nothing-has-this-id',
    'Goal?patient=ana',
    'Goal?patient=ana&_id=nothing-has-this-id',
  ])
})

test.each([
  ['2024-03-02T15:00:00.000Z', '2024-03-02T15:00:00.000Z'],
  ['2001-01-01T00:00:00.000Z', 'just after the last change'],
])('_since %s shows whether it is honoured when it is %s', async (wanted, since) => {
  const { requester, responder } = scene()
  expect(tellingSince(requester, responder, wanted)).toBe(wanted)
  await requester.performs(fetchEverything(responder))
  await requester.clock.wait(60)
  const last = received(requester, responder)
    .map(({ meta }) => Date.parse((meta as { lastUpdated: string }).lastUpdated))
    .sort((a, b) => a - b)
    .at(-1)
  expect(tellingSince(requester, responder, wanted)).toBe(
    since === wanted ? wanted : new Date((last ?? 0) + 2000).toISOString(),
  )
})
