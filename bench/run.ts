/** `npm run bench`: the numbers that the product promises, each measured in one run beside what it is to be compared with. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { authorities } from '../certs/authorities.ts'
import { discover } from '../flows/discover.ts'
import { matchMember } from '../flows/match-member.ts'
import { register } from '../flows/register.ts'
import { requestMatchToken, requestMemberToken } from '../flows/request-token.ts'
import { Actor, type Identity, type Places } from '../harness/actor.ts'
import { systemClock } from '../harness/clock.ts'
import type { Person } from '../harness/person.ts'
import { header, json, Transcript } from '../harness/transcript.ts'
import { type Credentials, Wire } from '../harness/wire.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const resources = 100_000
const members = 20_000

interface Line {
  readonly what: string
  readonly measured: string
  readonly promised: string
  readonly kept: boolean
}
const lines: Line[] = []
const note = (what: string, measured: string, promised: string, kept: boolean): void => {
  lines.push({ what, measured, promised, kept })
  process.stdout.write(
    `${kept ? 'kept  ' : 'BROKEN'} ${what.padEnd(58)} ${measured.padStart(38)}   promised ${promised}\n`,
  )
}

process.stdout.write(
  `${cpus().length} x ${cpus()[0]?.model ?? 'cpu'}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, ${process.platform} ${process.arch}\n\n`,
)

const certs = mkdtempSync(join(tmpdir(), 'vitruvian-bench-'))
// `npm run bench -- match` measures that alone; run, match, stream.
const only = process.argv[2]
try {
  if (!only || only === 'run') await measureRun()
  if (!only || only === 'match') await measureMatching()
  if (!only || only === 'stream') await measureStreaming()
} finally {
  rmSync(certs, { recursive: true, force: true })
}
const broken = lines.filter(({ kept }) => !kept)
process.stdout.write(`\n${lines.length - broken.length} of ${lines.length} promises kept\n`)
process.exitCode = broken.length > 0 ? 1 : 0

/** The main job, as a user starts it. */
async function measureRun(): Promise<void> {
  const out = join(certs, 'out')
  const started = performance.now()
  let first = 0
  const child = spawn(process.execPath, [join(home, 'cli', 'vitruvian.mjs'), 'run', '--out', out], {
    cwd: certs,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // The run tells each scenario as it ends: the first line of a scenario is the first verdict that a user sees.
  child.stdout.on('data', (chunk: Buffer) => {
    if (first === 0 && /^\s*(?:[✓✔●!✗–-]|pass|warn|fail|skip|error)/m.test(chunk.toString()))
      first = performance.now() - started
  })
  const [code] = (await once(child, 'exit')) as [number]
  const total = performance.now() - started
  note('start to first verdict', `${(first / 1000).toFixed(2)} s`, 'at most 3 s', first > 0 && first <= 3000)
  note(
    'whole run of the scenarios, both editions, with reports',
    `${(total / 1000).toFixed(1)} s (exit ${code})`,
    'at most 20 s',
    total <= 20_000 && code === 0,
  )
}

/** A payer in a process of its own, and a client that is registered with it and holds a match. */
async function withPayer(wanted: { members: number; resources: number }): Promise<Meeting> {
  // From the same bundle as `simulate`, and with the same nursery.
  const child = fork(join(home, 'bench', 'payer.mjs'), [JSON.stringify({ certs, ...wanted })], {
    execArgv: ['--max-semi-space-size=32'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [ready] = (await once(child, 'message')) as [
    { places: Places; bare: string; identity: Identity; ana: Person; requester: Identity },
  ]
  // The payer knows the certificate that its own process published for the requester.
  const { trusted } = await authorities(certs)
  const { cert, key } = ready.requester.credentials as Credentials
  const transcript = new Transcript()
  const wire = new Wire()
  const common = { clock: systemClock, transcript, wire, ca: trusted }
  const payer = new Actor({ name: 'responding payer', identity: ready.identity, places: ready.places, ...common })
  const client = new Actor({ name: 'requesting payer', identity: ready.requester, places: {}, ...common })
  await client.performs(discover(payer))
  await client.performs(register(payer))
  await client.performs(requestMatchToken(payer))
  return {
    child,
    payer,
    client,
    transcript,
    ready,
    tls: { cert, key, ca: trusted.join('\n') },
    spent: async () => {
      child.send('spent')
      const [spent] = (await once(child, 'message')) as [Spent]
      return spent
    },
    end: async () => {
      wire.close()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Of the payer's process, since it was asked last. */
interface Spent {
  /** Highest RSS, in bytes. */
  readonly peak: number
  /** Seconds of CPU: what is left to compare where the machine has other work. */
  readonly cpu: number
}

interface Meeting {
  readonly child: ChildProcess
  readonly payer: Actor
  readonly client: Actor
  readonly transcript: Transcript
  readonly ready: { readonly places: Places; readonly bare: string; readonly ana: Person }
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string }
  spent(): Promise<Spent>
  end(): Promise<void>
}

async function measureMatching(): Promise<void> {
  const { client, payer, ready, transcript, tls, spent, end } = await withPayer({ members, resources: 0 })
  await client.performs(matchMember(payer, ready.ana, { policy: 'sensitive' }))
  const match = transcript.last('member-match')
  if (match.response?.status !== 200)
    throw new Error(`the match answers ${match.response?.status}: ${match.response?.body}`)
  const load = (duration: number): Promise<autocannon.Result> =>
    autocannon({
      url: match.request.url,
      method: 'POST',
      connections: 16,
      duration,
      headers: Object.fromEntries(
        match.request.headers.filter(([n]) => !/^(host|connection|content-length)$/i.test(n)),
      ),
      body: match.request.body,
      tlsOptions: tls,
    })
  // The first seconds are the compiler's.
  await load(4)
  await spent()
  const result = await load(10)
  const { cpu } = await spent()
  const rate = result.requests.average
  note(
    `$member-match over mutual TLS, 16 connections, ${members + 1} members`,
    `${Math.round(rate)}/s, p99 ${result.latency.p99} ms, ${((cpu * 1e6) / result.requests.total).toFixed(0)} µs CPU`,
    'at least 1,500/s',
    rate >= 1500 && result.non2xx === 0 && result.errors === 0,
  )
  await end()
}

async function measureStreaming(): Promise<void> {
  const { child, client, payer, ready, transcript, tls, spent, end } = await withPayer({ members: 0, resources })
  const agent = new Agent({ ...tls, keepAlive: true })
  /** Bytes and seconds of one download; the bytes are counted and dropped. */
  const stream = (
    url: string,
    headers: Record<string, string>,
  ): Promise<{ bytes: number; seconds: number; lines: number; tail: string }> =>
    new Promise((resolve, reject) => {
      const started = performance.now()
      const request = httpsRequest(url, { agent, headers }, (response) => {
        let bytes = 0
        let lines = 0
        let tail = ''
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
          tail = (tail + chunk.toString('latin1').slice(-4096)).slice(-4096)
        })
        response.on('end', () => resolve({ bytes, lines, tail, seconds: (performance.now() - started) / 1000 }))
      })
      request.on('error', reject)
      request.end()
    })
  const rateOf = ({ bytes, seconds }: { bytes: number; seconds: number }): number => bytes / 2 ** 20 / seconds
  /** Beside what bare `node:https` needs for as many bytes: by the clock, which is promised, and by CPU. */
  const beside = (sent: { bytes: number; seconds: number }, cpu: number): string =>
    `${rateOf(sent).toFixed(0)} MiB/s (${(rateOf(sent) / rateOf(bare)).toFixed(2)} of bare, ` +
    `CPU ${(bareSpent.cpu / bare.bytes / (cpu / sent.bytes)).toFixed(2)})`

  // A token for the large record, by the same way as any other.
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
  const authorized = { authorization: `Bearer ${issued.access_token}` }

  await stream(ready.bare, {})
  await spent()
  const bare = await stream(ready.bare, {})
  const bareSpent = await spent()

  const kickOff = await client.send('export-kick-off', payer, {
    method: 'GET',
    url: `${ready.places.fhir}/Patient/$export?_type=Observation`,
    headers: [
      ['Accept', 'application/fhir+json'],
      ['Prefer', 'respond-async'],
      ['Authorization', authorized.authorization],
    ],
  })
  const status = kickOff.response && header(kickOff.response, 'content-location')
  if (!status) throw new Error(`the export does not start: ${kickOff.response?.status} ${kickOff.response?.body}`)
  let manifest: { output: { type: string; url: string }[] } | undefined
  for (let i = 0; i < 60 && !manifest; i++) {
    const polled = await client.send('export-status', payer, {
      method: 'GET',
      url: status,
      headers: [['Authorization', authorized.authorization]],
    })
    if (polled.response?.status === 200) manifest = json(polled.response) as typeof manifest
    else await systemClock.wait(secondsOf(polled.response && header(polled.response, 'retry-after')))
  }
  const gathering = await spent()
  let exported = { bytes: 0, seconds: 0, lines: 0 }
  for (const { url } of manifest?.output.filter(({ type }) => type === 'Observation') ?? []) {
    const file = await stream(url, { ...authorized, accept: 'application/fhir+ndjson' })
    exported = {
      bytes: exported.bytes + file.bytes,
      seconds: exported.seconds + file.seconds,
      lines: exported.lines + file.lines,
    }
  }
  const exportSpent = await spent()
  const exportPeak = Math.max(gathering.peak, exportSpent.peak)
  note(
    'NDJSON export of 100,000 resources',
    beside(exported, exportSpent.cpu),
    `half of bare node:https (${rateOf(bare).toFixed(0)} MiB/s)`,
    exported.lines === resources && rateOf(exported) >= rateOf(bare) / 2,
  )
  note(
    'memory of the export',
    `${(exportPeak / 2 ** 20).toFixed(0)} MiB RSS`,
    `below 300 MiB (bare: ${(bareSpent.peak / 2 ** 20).toFixed(0)})`,
    exportPeak < 300 * 2 ** 20,
  )

  let url: string | undefined = `${ready.places.fhir}/Patient/large/$everything?_type=Observation&_count=1000`
  let paged = { bytes: 0, seconds: 0 }
  let pages = 0
  while (url) {
    const page: { bytes: number; body: string; seconds: number } = await body(url, authorized, agent)
    paged = { bytes: paged.bytes + page.bytes, seconds: paged.seconds + page.seconds }
    pages += 1
    const next: { url: string } | undefined = (
      JSON.parse(page.body) as { link?: { relation: string; url: string }[] }
    ).link?.find(({ relation }) => relation === 'next')
    url = next?.url
  }
  const everythingSpent = await spent()
  note(
    `$everything of 100,000 resources, ${pages} pages`,
    beside(paged, everythingSpent.cpu),
    'half of bare node:https',
    pages >= resources / 1000 && rateOf(paged) >= rateOf(bare) / 2,
  )
  note(
    'memory of $everything',
    `${(everythingSpent.peak / 2 ** 20).toFixed(0)} MiB RSS`,
    'below 300 MiB',
    everythingSpent.peak < 300 * 2 ** 20,
  )

  agent.destroy()
  await end()
}

/** Retry-After in seconds, whether it is a number or a date. */
function secondsOf(retryAfter: string | undefined): number {
  const number = Number(retryAfter ?? 1)
  if (!Number.isNaN(number)) return number
  return Math.max(1, (Date.parse(retryAfter ?? '') - systemClock.now().getTime()) / 1000)
}

function body(
  url: string,
  headers: Record<string, string>,
  agent: Agent,
): Promise<{ bytes: number; body: string; seconds: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const request = httpsRequest(
      url,
      { agent, headers: { ...headers, accept: 'application/fhir+json' } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          // Until the last byte, as the others: what becomes of a page here is not the payer's time.
          const seconds = (performance.now() - started) / 1000
          const all = Buffer.concat(chunks)
          resolve({ bytes: all.length, body: all.toString('utf8'), seconds })
        })
      },
    )
    request.on('error', reject)
    request.end()
  })
}
