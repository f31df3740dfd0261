import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openRecord } from './record.ts'
import { renderAll } from './render.ts'
import { sampleCatalogue } from './sample-data.ts'
import { sampleLines } from './sample-run.ts'

const script = fileURLToPath(new URL('./allure-report.mjs', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'allure-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** What the program says and leaves when it is asked for in a folder of that name. */
async function draw(name: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const cwd = join(home, name)
  mkdirSync(cwd, { recursive: true })
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...environment } })
  const said = { stdout: '', stderr: '' }
  for (const on of ['stdout', 'stderr'] as const)
    child[on].setEncoding('utf8').on('data', (text: string) => {
      said[on] += text
    })
  const [status] = (await once(child, 'close')) as [number]
  return { status, ...said }
}
const java = spawnSync('java', ['-version']).status === 0

/** A run of that name in a folder of that name, with results to draw. */
async function runOf(name: string, scenarios: number) {
  const run = join(home, name, 'reports', 'out', name)
  const record = openRecord(join(run, 'record.ndjson'))
  for (const line of sampleLines({ scenarios })) record.write(line)
  record.close()
  const { sums } = await renderAll(join(run, 'record.ndjson'), run, {
    requirements: sampleCatalogue,
    formats: ['allure'],
  })
  return { run, sums }
}

test('without a run it says what to do', async () => {
  const { status, stderr } = await draw('empty', [])
  expect(status).toBe(2)
  expect(stderr).toContain('npm start')
})

// Each is another program's work: they do it side by side.
test.concurrent.each([['Allure 3', ['--allure3']], ...(java ? [['Allure 2', []] as [string, string[]]] : [])])(
  '%s draws the newest run, with our totals, and nobody is told',
  async (name, args) => {
    const folder = name.replace(' ', '-')
    const { run, sums } = await runOf(folder, 18)
    const { status, stdout, stderr } = await draw(folder, args)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain(`Allure ${name.at(-1)} has drawn\n`)
    expect(stdout).toContain(`reports/out/${name.replace(' ', '-')}/allure-report`)
    expect(existsSync(join(run, 'allure-report.html'))).toBe(!args.includes('--no-single-file'))
    const { statistic } = JSON.parse(readFileSync(join(run, 'allure-report', 'widgets', 'summary.json'), 'utf8')) as {
      statistic: object
    }
    const { pass, warning, fail, skip, error } = sums.scenarios
    expect(statistic).toMatchObject({ passed: pass + warning, failed: fail, skipped: skip, broken: error, total: 18 })
    const pages = readdirSync(join(run, 'allure-report')).filter((file) => file.endsWith('.html'))
    const single = existsSync(join(run, 'allure-report.html')) ? ['allure-report.html'] : []
    for (const page of [...pages.map((file) => join('allure-report', file)), ...single])
      expect(/googletagmanager|google-analytics|gtag\(/.test(readFileSync(join(run, page), 'utf8')), page).toBe(false)
    expect(existsSync(join(run, 'allure-report-single'))).toBe(false)
  },
  90_000,
)

test.skipIf(process.platform === 'win32').concurrent(
  'a Java that cannot draw it leaves it to Allure 3',
  async () => {
    const { run } = await runOf('small (1)', 1)
    const program = join(home, 'java', 'bin', 'java')
    mkdirSync(dirname(program), { recursive: true })
    writeFileSync(program, '#!/bin/sh\ntest "$1" = -version || { echo "no class is found" >&2; exit 1; }\n', {
      mode: 0o755,
    })
    const { status, stdout, stderr } = await draw('small (1)', [run, '--no-single-file'], {
      JAVA_HOME: join(home, 'java'),
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'no class is found\n' })
    expect(stdout).toContain('Allure 3 (Allure 2 could not, see above) has drawn')
    // As one word for a shell.
    expect(stdout).toContain('npx allure open "reports/out/small (1)/allure-report"')
    expect(existsSync(join(run, 'allure-report', 'index.html'))).toBe(true)
  },
  90_000,
)
