/**
 * A payer in a process of its own, reached by a plan over TLS alone, is judged as the one of self-play is: the same
 * scenarios, the same verdicts. Started and asked as a user would.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JournalLine, ScenarioLine } from '../harness/journal.ts'

/**
 * `npm run test:apart` plays everything; the daily test plays what touches each part of the exchange once.
 */
const whole = process.env.npm_lifecycle_event === 'test:apart'
const sample = ['PDEX-109', 'PDEX-113', 'PDEX-128', 'HREX-011', 'HREX-052', 'AUTH-070']
  .map((id) => `@${id}`)
  .join(' or ')
const program = fileURLToPath(new URL('vitruvian.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'vitruvian-two-'))
let payer: ChildProcess
let places = { fhir: '', open: '', hooks: '' }

const start = (...words: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(async () => {
  payer = start('simulate', '--json', '--quiet', '--kit', 'kit')
  const output = payer.stdout
  if (!output) throw new Error('the payer has no output')
  const complaints: string[] = []
  payer.stderr?.on('data', (chunk) => complaints.push(String(chunk)))
  const [first] = await Promise.race([
    once(output, 'data'),
    once(payer, 'exit').then(() => Promise.reject(new Error(`the payer did not start: ${complaints.join('')}`))),
  ])
  places = JSON.parse(String(first))
}, 60_000)
afterAll(async () => {
  if (payer.exitCode === null && payer.signalCode === null) {
    payer.kill()
    await once(payer, 'close')
  }
  // On Windows a folder is taken for a moment after the process in it has ended.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Every verdict of a run, by scenario and check: what must be the same, without times, ids and addresses. */
async function verdictsOf(out: string, ...words: string[]): Promise<string[]> {
  const child = start(
    'run',
    '--edition',
    'pdex@2.2.0',
    '--no-reports',
    '--json',
    '--out',
    out,
    ...(whole ? [] : ['--tags', sample]),
    ...words,
  )
  const complaints: string[] = []
  child.stderr?.on('data', (chunk) => complaints.push(String(chunk)))
  child.stdout?.resume()
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, complaints: complaints.filter((text) => !text.includes('Warning')) }).toEqual({
    code: 0,
    complaints: [],
  })
  const [run] = readdirSync(join(folder, out))
  const lines = readFileSync(join(folder, out, run as string, 'record.ndjson'), 'utf8')
    .trim()
    .split('\n')
  const scenarios = new Map<string, ScenarioLine>()
  const verdicts: string[] = []
  for (const text of lines) {
    const line = JSON.parse(text) as JournalLine
    if (line.line === 'scenario') scenarios.set(line.id, line)
    if (line.line !== 'verdict') continue
    const scenario = scenarios.get(line.scenario)
    verdicts.push(
      [scenario?.uri, scenario?.name, scenario?.example ?? '', line.verdict.check, line.verdict.code].join(' | '),
    )
  }
  return verdicts
}

it('is judged as in self-play', async () => {
  const [selfPlay, apart] = await Promise.all([
    verdictsOf('self'),
    verdictsOf('apart', '--plan', join('kit', 'plan.yaml')),
  ])
  expect(selfPlay.length).toBeGreaterThan(100)
  expect(apart).toEqual(selfPlay)
}, 300_000)

it.concurrent.each(['fhir', 'open', 'hooks'] as const)(
  'ends, and says so, where the port of %s is taken',
  async (place) => {
    const option = { fhir: '--port', open: '--open-port', hooks: '--hooks-port' }[place]
    const child = start('simulate', '--kit', `kit-${place}`, option, new URL(places[place]).port)
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += String(chunk)
    })
    expect(await once(child, 'close')).toEqual([2, null])
    expect(said).toMatch(/port \d+ of 127\.0\.0\.1 is taken/)
  },
  30_000,
)

it.each(['plan.yaml', 'plan-without-hooks.yaml'])(
  'is well by the doctor of %s',
  async (plan) => {
    const child = start('doctor', '--plan', join('kit', plan))
    let said = ''
    child.stdout?.on('data', (chunk) => {
      said += String(chunk)
    })
    expect(await once(child, 'close'), said).toEqual([0, null])
    expect(said).toContain('Ready: ')
  },
  60_000,
)

it('ends, and says so, where another one uses the kit', async () => {
  const child = start('simulate', '--kit', 'kit')
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  expect(await once(child, 'close')).toEqual([2, null])
  expect(said).toMatch(/another simulate \(process \d+, port \d+\) uses the kit/)
  expect(said).toContain('--kit <folder>')
}, 30_000)

it('ends, and says so, when somebody of the plan cannot be discovered', async () => {
  const { parse, stringify } = await import('yaml')
  const plan = parse(readFileSync(join(folder, 'kit', 'plan-without-hooks.yaml'), 'utf8'))
  plan.people = { 'Ana Adams': { discover: { fhir: plan.seats['responding payer'].open, patient: 'nobody' } } }
  writeFileSync(join(folder, 'kit', 'discovered.yaml'), stringify(plan))
  const child = start('run', '--plan', join('kit', 'discovered.yaml'))
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  expect(await once(child, 'close')).toEqual([2, null])
  expect(said).toMatch(/Ana Adams cannot be discovered: GET .* gives 4\d\d/)
}, 30_000)

it.skipIf(process.platform === 'win32')(
  'leaves a record that says so, and nothing else, when it is interrupted',
  async () => {
    const child = start('run', '--out', 'interrupted')
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += String(chunk)
    })
    // As soon as a scenario has been told, and once: a second signal ends it on the spot.
    let shown = ''
    child.stdout?.on('data', (chunk) => {
      const before = shown.includes('pass')
      shown += String(chunk)
      if (!before && shown.includes('pass')) child.kill('SIGTERM')
    })
    const [code] = (await once(child, 'close')) as [number]
    const [run] = readdirSync(join(folder, 'interrupted'))
    const lines = readFileSync(join(folder, 'interrupted', run as string, 'record.ndjson'), 'utf8')
      .trim()
      .split('\n')
    expect(code).toBe(2)
    expect(said).toContain(`npx vitruvian report ${join('interrupted', run as string)}`)
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ line: 'complete', interrupted: 'interrupted (SIGTERM)' })
    expect(readdirSync(join(folder, 'interrupted', run as string))).toEqual(['record.ndjson'])
  },
  60_000,
)

it('skips, and does not fail over, scenarios about people whom the plan does not name', async () => {
  const { parse, stringify } = await import('yaml')
  const { people: _people, ...nobody } = parse(readFileSync(join(folder, 'kit', 'plan-without-hooks.yaml'), 'utf8'))
  writeFileSync(join(folder, 'kit', 'nobody.yaml'), stringify({ ...nobody, tags: '@PDEX-109' }))
  const child = start('run', '--no-reports', '--out', 'nobody', '--plan', join('kit', 'nobody.yaml'))
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number]
  const [run] = readdirSync(join(folder, 'nobody'))
  const lines = readFileSync(join(folder, 'nobody', run as string, 'record.ndjson'), 'utf8')
    .trim()
    .split('\n')
  const ends = lines.map((text) => JSON.parse(text) as JournalLine).filter(({ line }) => line === 'end')
  // Nothing was judged, so nothing passed: 2.
  expect(code).toBe(2)
  expect(ends.length).toBeGreaterThan(0)
  for (const end of ends)
    expect(end).toMatchObject({ code: 'skip', reason: expect.stringContaining('names nobody for') })
  expect(said).not.toContain('HarnessError')
}, 60_000)

// Last, since nobody answers afterwards. Its output closes when all who write to it have ended.
it('ends with the process that was asked for it, however that ends', async () => {
  payer.kill('SIGKILL')
  await once(payer, 'close')
  await expect(fetch(places.open).catch((error: Error) => error.cause)).resolves.toMatchObject({ code: 'ECONNREFUSED' })
}, 10_000)
