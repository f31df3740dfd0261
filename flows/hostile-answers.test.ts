/** A client of a server that leads in circles, names addresses of nobody, or wants to be waited for for ever: it comes to an end. */
import { expect, test } from 'vitest'
import { Actor, type ActorName, type Identity } from '../harness/actor.ts'
import { VirtualClock } from '../harness/clock.ts'
import { defaults } from '../harness/config.ts'
import { header, type SentResponse, Transcript } from '../harness/transcript.ts'
import type { Heard, Outgoing, Wire } from '../harness/wire.ts'
import { discoverAuthorizationServer, discoverSmart } from './discover.ts'
import { doorsOf } from './doors.ts'
import { fetchEverything } from './everything.ts'
import { awaitExport, downloadExport, kickOffExport } from './export.ts'
import { fetchDocuments } from './fetch-documents.ts'
import { nextLink } from './follow-pages.ts'
import { resourcesIn } from './member-requests.ts'

const base = 'https://hostile.example/fhir'
interface Answer {
  readonly status?: number
  readonly headers?: SentResponse['headers']
  readonly body?: unknown
}

/** Two actors; the second says whatever the test has it say. The first holds a token. */
function meeting(say: (asked: Outgoing, count: number) => Answer | 'silence', patience?: number) {
  const transcript = new Transcript()
  const clock = new VirtualClock(new Date(defaults.virtualStart))
  let count = 0
  const wire = {
    async send(asked: Outgoing): Promise<Heard> {
      const { method, url, headers, body = '' } = asked
      const heard = { request: { method, url, headers, body }, timings: { connect: 0, firstByte: 0, total: 0 } }
      const answer = say(asked, ++count)
      if (answer === 'silence')
        return { ...heard, failure: { kind: 'timeout', code: 'ETIMEDOUT', message: 'no answer in time' } }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '')
      return {
        ...heard,
        response: { status: answer.status ?? 200, statusText: '', headers: answer.headers ?? [], body: text },
      }
    },
  } as unknown as Wire
  const actor = (name: ActorName): Actor =>
    new Actor({
      name,
      identity: {} as Identity,
      places: { fhir: base },
      clock,
      ...(patience ? { patience } : {}),
      transcript,
      wire,
    })
  const [client, payer] = [actor('requesting payer'), actor('responding payer')]
  transcript.record({
    move: 'member-token',
    from: client.name,
    to: payer.name,
    at: clock.now().toISOString(),
    intent: {},
    request: { method: 'POST', url: `${base}/token`, headers: [], body: '' },
    response: { status: 200, statusText: '', headers: [], body: '{"access_token":"secret","patient":"ana"}' },
    timings: { connect: 0, firstByte: 0, total: 0 },
  })
  return { client, payer, clock, transcript }
}

const bundle = (next: unknown, ...ids: string[]): object => ({
  resourceType: 'Bundle',
  type: 'searchset',
  link: [null, { relation: 'next', url: next }],
  entry: [
    null,
    ...ids.map((id) => ({ resource: { resourceType: id.startsWith('sent') ? 'Provenance' : 'Condition', id } })),
  ],
})

test('pages that hold nothing new end the crawl, though each has an address of its own', async () => {
  const { client, payer } = meeting((_asked, count) => ({
    body: bundle(`${base}?page=${count}`, 'the-same', `sent-${count}`),
  }))
  expect((await client.performs(fetchEverything(payer))).length).toBeLessThan(30)
})

test('pages that hold something new are followed, one empty page or another between them', async () => {
  const { client, payer } = meeting((_asked, count) => ({
    body: bundle(count < 60 ? `${base}?page=${count}` : undefined, ...(count % 10 === 0 ? [`c${count}`] : [])),
  }))
  const pages = await client.performs(fetchEverything(payer))
  expect([pages.length, pages.flatMap(resourcesIn).length]).toEqual([60, 6])
})

test('a relative next link is followed from the page that gives it', async () => {
  const { client, payer } = meeting((_asked, count) => ({
    body: bundle(count === 1 ? '?page=2' : undefined, `c${count}`),
  }))
  const [, second] = await client.performs(fetchEverything(payer))
  expect(second?.request.url).toBe(`${base}/Patient/ana/$everything?page=2`)
})

test('a next link of something that is no Bundle, or that is no text, leads nowhere', async () => {
  for (const body of [{ ...bundle('https://a.example'), resourceType: 'Basic' }, bundle(5), bundle({})]) {
    const { client, payer } = meeting(() => ({ body }))
    const [first, ...more] = await client.performs(fetchEverything(payer))
    expect([first && nextLink(first), more]).toEqual([undefined, []])
  }
})

test.each([
  ['31536000', 1],
  ['Fri, 01 Jan 2100 00:00:00 GMT', 1],
  ['-5', 8],
  ['soon', 8],
])('an export that never ends is given up where Retry-After is %s', async (retryAfter, polls) => {
  const { client, payer, clock, transcript } = meeting(({ url }) =>
    url.endsWith('$export')
      ? { status: 202, headers: [['Content-Location', `${base}/job`]] }
      : { status: 202, headers: [['Retry-After', retryAfter]] },
  )
  await client.performs(kickOffExport(payer))
  expect((await client.performs(awaitExport(payer))).response?.status).toBe(202)
  expect(transcript.all('export-status')).toHaveLength(polls)
  const waited = (clock.now().getTime() - Date.parse(defaults.virtualStart)) / 1000
  expect(waited).toBeLessThan(2 * defaults.longestWait)
})

test.each([
  [undefined, 202],
  [600, 200],
])('an export of four minutes is waited for as long as the run may wait: %s', async (patience, status) => {
  const { client, payer } = meeting(
    ({ url }, count) =>
      url.endsWith('$export')
        ? { status: 202, headers: [['Content-Location', `${base}/job`]] }
        : count < 4
          ? { status: 202, headers: [['Retry-After', '120']] }
          : { body: { output: [] } },
    patience,
  )
  await client.performs(kickOffExport(payer))
  expect((await client.performs(awaitExport(payer))).response?.status).toBe(status)
})

test('a token goes nowhere in the clear, and files that are none are passed over', async () => {
  const { client, payer, transcript } = meeting(({ url }) =>
    url.endsWith('$export')
      ? { status: 202, headers: [['Content-Location', 'http://hostile.example/job']] }
      : url.endsWith('/job')
        ? {
            body: {
              requiresAccessToken: true,
              output: [null, 5, { url: 7 }, { url: 'relative' }, { type: 'Patient', url: 'HTTP://other.example/1' }],
              deleted: {},
              error: [{ type: 'OperationOutcome', url: 'https://other.example/2' }],
            },
          }
        : { body: '' },
  )
  await client.performs(kickOffExport(payer))
  await client.performs(awaitExport(payer))
  const files = await client.performs(downloadExport(payer))
  const tokens = transcript.from(2).map(({ request }) => [request.url, header(request, 'authorization')])
  expect(tokens).toEqual([
    ['http://hostile.example/job', undefined],
    ['HTTP://other.example/1', undefined],
    ['https://other.example/2', 'Bearer secret'],
  ])
  expect(files).toHaveLength(2)
})

test('when one file was waited for in vain, the others are not', async () => {
  const output = ['1', '2', '3'].map((n) => ({ type: 'Patient', url: `${base}/${n}` }))
  const { client, payer } = meeting(({ url }) =>
    url.endsWith('$export')
      ? { status: 202, headers: [['Content-Location', `${base}/job`]] }
      : url.endsWith('/job')
        ? { body: { output } }
        : 'silence',
  )
  await client.performs(kickOffExport(payer))
  await client.performs(awaitExport(payer))
  expect(await client.performs(downloadExport(payer))).toHaveLength(1)
})

test('addresses and documents that are none break nothing', async () => {
  const { client, payer } = meeting(({ url }) =>
    url.endsWith('$export')
      ? { status: 202, headers: [['Content-Location', 'https://[']] }
      : url.endsWith('smart-configuration')
        ? { body: { token_endpoint: 'https://hostile.example' } }
        : {
            body: {
              ...bundle(undefined),
              entry: [
                { resource: { resourceType: 'DocumentReference', id: '1', content: [null, {}, { attachment: {} }] } },
                { resource: { resourceType: 'DocumentReference', id: '2', content: { attachment: { url: 'x' } } } },
                {
                  resource: {
                    resourceType: 'DiagnosticReport',
                    id: '3',
                    presentedForm: [null, { url: 'Binary/1', contentType: 5 }],
                  },
                },
              ],
            },
          },
  )
  await client.performs(fetchEverything(payer))
  const documents = await client.performs(fetchDocuments(payer))
  expect(documents.map(({ request }) => [request.url, header(request, 'accept')])).toEqual([
    [`${base}/Binary/1`, '*/*'],
  ])
  await client.performs(kickOffExport(payer))
  expect(doorsOf(client, payer, 'ana').map(({ at }) => at)).not.toContain('status')
  await client.performs(discoverSmart(payer))
  const metadata = await client.performs(discoverAuthorizationServer(payer))
  expect(metadata.request.url).toBe('https://hostile.example/.well-known/oauth-authorization-server')
})
