/**
 * How fast, and in how much memory, the simulated payer sends one very large record: as an export and page by page, beside
 * what the same resources cost when bare `node:https` sends them in the same process.
 */
import { once } from 'node:events'
import { Agent, request as httpsRequest } from 'node:https'
import { requestMemberToken } from '../flows/request-token.ts'
import { systemClock } from '../harness/clock.ts'
import type { Person } from '../harness/person.ts'
import { header, json } from '../harness/transcript.ts'
import { median, type Note } from './note.ts'
import { type Meeting, withPayer } from './payer-meeting.ts'

/** Everything is downloaded so often, by turns. What is compared was downloaded in the same turn, since a machine changes its speed. */
const rounds = 5

interface Download {
  readonly bytes: number
  readonly seconds: number
  /** Resources, as far as they were counted. */
  readonly resources: number
  /** Seconds of the payer's CPU. */
  readonly cpu: number
  /** Pages or files. */
  readonly parts: number
}

/** Export and `$everything` of so many resources. */
export async function measureStreaming(note: Note, certs: string, resources: number): Promise<void> {
  const meeting = await withPayer(certs, { members: 0, resources })
  const { ready, tls, end } = meeting
  const agent = new Agent({ ...tls, keepAlive: true })
  const token = await tokenOf(meeting)
  const files = await exported(meeting, token)

  const ways = {
    bare: () => lines(agent, [ready.bare], {}),
    export: () => lines(agent, files, { authorization: token, accept: 'application/fhir+ndjson' }),
    everything: (round: number) =>
      pages(
        agent,
        `${ready.places.fhir}/Patient/large/$everything?_type=Observation&_count=1000`,
        { authorization: token, accept: 'application/fhir+json' },
        round === 0,
      ),
  }
  const turns: Record<keyof typeof ways, Download>[] = []
  const peaks: Record<string, number> = {}
  // The first of each is the compiler's.
  for (let round = 0; round <= rounds; round++) {
    const turn: Partial<Record<keyof typeof ways, Download>> = {}
    for (const way of ['bare', 'export', 'everything'] as const) {
      await meeting.spent()
      const got = await ways[way](round)
      const { cpu, peak } = await meeting.spent()
      peaks[way] = Math.max(peaks[way] ?? 0, peak)
      turn[way] = { ...got, cpu }
    }
    if (round > 0) turns.push(turn as Required<typeof turn>)
  }
  const rateOf = ({ bytes, seconds }: Download): number => bytes / 2 ** 20 / seconds
  const cpuOf = ({ bytes, cpu }: Download): number => cpu / bytes
  const told = (what: string, way: 'export' | 'everything', whole: (got: Download) => boolean): void => {
    const all = turns.map((turn) => turn[way])
    const { parts } = all[0] as Download
    const ofBare = median(turns.map((turn) => rateOf(turn[way]) / rateOf(turn.bare)))
    const ofItsCpu = median(turns.map((turn) => cpuOf(turn.bare) / cpuOf(turn[way])))
    note(
      `${what} of ${resources.toLocaleString('en')} resources in ${parts} part${parts === 1 ? '' : 's'}`,
      `${median(all.map(rateOf)).toFixed(0)} MiB/s (${ofBare.toFixed(2)} of bare, CPU ${ofItsCpu.toFixed(2)})`,
      `half of bare node:https (${median(turns.map(({ bare }) => rateOf(bare))).toFixed(0)} MiB/s)`,
      all.every(whole) && ofBare >= 1 / 2,
    )
    const mebibytes = (bytes = 0): string => (bytes / 2 ** 20).toFixed(0)
    note(
      `memory of it`,
      `${mebibytes(peaks[way])} MiB RSS`,
      `below 300 MiB (bare: ${mebibytes(peaks.bare)})`,
      (peaks[way] ?? 0) < 300 * 2 ** 20,
    )
  }
  told('NDJSON export', 'export', (got) => got.resources === resources)
  told('$everything', 'everything', (got) => got.resources === resources && got.parts >= resources / 1000)
  agent.destroy()
  await end()
}

/** For the large record, by the same way as any other; as it stands in the header. */
async function tokenOf({ child, client, payer, ready, transcript }: Meeting): Promise<string> {
  const large: Person = {
    ...ready.ana,
    name: 'Large Record',
    patientId: 'large',
    memberIdentifier: { system: 'urn:bench', value: 'large' },
  }
  child.send('admit-large')
  await once(child, 'message')
  await client.performs(requestMemberToken(payer, large))
  const issued = json(transcript.last('member-token').response ?? { body: '' }) as { access_token?: string }
  if (!issued.access_token)
    throw new Error(`no token for the large record: ${transcript.last('member-token').response?.body}`)
  return `Bearer ${issued.access_token}`
}

/** Has the record exported; the addresses of its files. */
async function exported({ client, payer, ready }: Meeting, token: string): Promise<string[]> {
  const kickOff = await client.send('export-kick-off', payer, {
    method: 'GET',
    url: `${ready.places.fhir}/Patient/$export?_type=Observation`,
    headers: [
      ['Accept', 'application/fhir+json'],
      ['Prefer', 'respond-async'],
      ['Authorization', token],
    ],
  })
  const status = kickOff.response && header(kickOff.response, 'content-location')
  if (!status) throw new Error(`the export does not start: ${kickOff.response?.status} ${kickOff.response?.body}`)
  for (let i = 0; i < 60; i++) {
    const polled = await client.send('export-status', payer, {
      method: 'GET',
      url: status,
      headers: [['Authorization', token]],
    })
    if (polled.response?.status === 200)
      return (json(polled.response) as { output: { url: string }[] }).output.map(({ url }) => url)
    await systemClock.wait(secondsOf(polled.response && header(polled.response, 'retry-after')))
  }
  throw new Error('the export does not end')
}

/** Retry-After in seconds, whether it is a number or a date. */
function secondsOf(retryAfter: string | undefined): number {
  const number = Number(retryAfter ?? 1)
  if (!Number.isNaN(number)) return number
  return Math.max(1, (Date.parse(retryAfter ?? '') - systemClock.now().getTime()) / 1000)
}

type Fetched = Omit<Download, 'cpu'>

/** Files line by line: the lines are counted and dropped. */
async function lines(agent: Agent, urls: readonly string[], headers: Record<string, string>): Promise<Fetched> {
  let all: Fetched = { bytes: 0, seconds: 0, resources: 0, parts: 0 }
  for (const url of urls) {
    let resources = 0
    const { bytes, seconds } = await get(agent, url, headers, (chunk) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) resources += 1
    })
    all = plus(all, { bytes, seconds, resources, parts: 1 })
  }
  return all
}

/**
 * Page after page, by the links. Reading a page is the client's time, and not counted; it is parsed in the first round alone,
 * since what that leaves behind would be cleared away while the next page is under way.
 */
async function pages(agent: Agent, first: string, headers: Record<string, string>, parse: boolean): Promise<Fetched> {
  let all: Fetched = { bytes: 0, seconds: 0, resources: 0, parts: 0 }
  for (let url: string | undefined = first; url; ) {
    const chunks: Buffer[] = []
    const { bytes, seconds } = await get(agent, url, headers, (chunk) => chunks.push(chunk))
    const page = Buffer.concat(chunks)
    if (parse) JSON.parse(page.toString('utf8'))
    let resources = 0
    for (let at = page.indexOf('"fullUrl":'); at >= 0; at = page.indexOf('"fullUrl":', at + 1)) resources += 1
    all = plus(all, { bytes, seconds, resources, parts: 1 })
    url = /"relation":"next","url":"([^"]+)"/.exec(page.toString('latin1'))?.[1]
  }
  return all
}

const plus = (a: Fetched, b: Fetched): Fetched => ({
  bytes: a.bytes + b.bytes,
  seconds: a.seconds + b.seconds,
  resources: a.resources + b.resources,
  parts: a.parts + b.parts,
})

/** Until the last byte. */
function get(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  take: (chunk: Buffer) => void,
): Promise<{ bytes: number; seconds: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const request = httpsRequest(url, { agent, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        take(chunk)
      })
      response.on('end', () => resolve({ bytes, seconds: (performance.now() - started) / 1000 }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })
}
