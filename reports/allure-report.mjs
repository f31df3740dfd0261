#!/usr/bin/env node
/**
 * `npm run report:allure`: draws the Allure report of the newest run, or of the run that is named. Allure 2 where Java is,
 * Allure 3 with its classic look where not (`--allure3` asks for it). Neither page sends anything anywhere.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const home = dirname(dirname(fileURLToPath(import.meta.url)))
const runs = resolve('reports', 'out')
/** Results above this make a single file that browsers open slowly. */
const singleFileLimit = 60 * 2 ** 20

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(
    'npm run report:allure [-- <folder of a run>] [--allure3] [--no-single-file]\nDraws the Allure report of a run; default: the newest one.',
  )
  process.exit(0)
}
const named = args.find((arg) => !arg.startsWith('--'))
const run = named ? folderOf(resolve(named)) : newest(runs)
if (!run)
  stop(named ? `there is no run at ${named}` : 'no run has left a record in reports/out', 'run first: npm start')

const results = join(run, 'allure-results')
if (!existsSync(results)) {
  console.log('The run has no Allure results yet: they are rendered from its record.')
  const report = [join(home, 'cli', 'vitruvian.mjs'), 'report', join(run, 'record.ndjson'), '--format', 'allure']
  if (node(report) !== 0 || !existsSync(results)) stop('the record could not be rendered', 'see above')
}

const folder = join(run, 'allure-report')
const file = join(run, 'allure-report.html')
const java = args.includes('--allure3') ? undefined : javaProgram()
keepHistory()
const byJava = java !== undefined && withAllure2()
if (!byJava && !withAllure3()) stop('Allure could not draw the report', 'see above')

const calls = withoutAnalytics(folder) + withoutAnalytics(file)
const shown = (path) => relative(process.cwd(), path).replaceAll('\\', '/') || '.'
const word = (path) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `"${path}"`)
const whyThree = args.includes('--allure3') ? '' : java ? ' (Allure 2 could not, see above)' : ' (no Java here)'
console.log(`Allure ${byJava ? '2' : `3${whyThree}`} has drawn`)
if (existsSync(file)) console.log(`  ${shown(file)}   one file: open it in a browser`)
console.log(`  ${shown(folder)}/   to be served: npx allure open ${word(shown(folder))}`)
if (calls > 0) console.log(`Its calls to analytics were taken out (${calls}).`)

/** A folder of a run, from itself, its results or its record. */
function folderOf(path) {
  for (const at of [path, dirname(path)])
    if (existsSync(join(at, 'record.ndjson')) || existsSync(join(at, 'allure-results'))) return at
  return newest(path)
}

/** The run whose record is the latest. */
function newest(folder, except) {
  return byAge(folder).find((run) => run !== except)
}

function byAge(folder) {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((at) => existsSync(join(at, 'record.ndjson')))
    .sort((a, b) => statSync(join(b, 'record.ndjson')).mtimeMs - statSync(join(a, 'record.ndjson')).mtimeMs)
}

/** Nothing of an earlier drawing stays. */
function clear() {
  for (const old of [folder, file]) rmSync(old, { recursive: true, force: true, maxRetries: 5 })
}

/** Trends need the history of the report before: its own former drawing, else that of the run before. */
function keepHistory() {
  const older = byAge(dirname(run)).filter((other) => other !== run && startOf(other) < startOf(run))
  for (const from of [run, ...older]) {
    const history = join(from, 'allure-report', 'history')
    if (!existsSync(history)) continue
    if (from !== run || !existsSync(join(results, 'history')))
      cpSync(history, join(results, 'history'), { recursive: true })
    return
  }
}

function startOf(run) {
  const record = join(run, 'record.ndjson')
  return existsSync(record) ? statSync(record).birthtimeMs || statSync(record).mtimeMs : 0
}

function javaProgram() {
  const inHome =
    process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', process.platform === 'win32' ? 'java.exe' : 'java')
  for (const program of [inHome, 'java'])
    if (program && spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0) return program
  return undefined
}

function withAllure2() {
  // The package's own start script: its bin is called as Allure 3's, which wins in node_modules/.bin.
  const allure = join(dirname(require.resolve('allure-commandline/package.json')), 'bin', 'allure')
  // A short life: what the better compiler and several collectors of garbage cost is half of it, and does not come back.
  const short = '-XX:+IgnoreUnrecognizedVMOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC'
  const own = {
    ALLURE_NO_ANALYTICS: 'true',
    JAVA_OPTS: [short, process.env.JAVA_OPTS ?? ''].join(' ').trim(),
    // Elsewhere Java on Linux finds no file with a letter in its path that is not English; only there it goes by this.
    ...(process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {}),
  }
  clear()
  if (node([allure, 'generate', results, '--clean', '--output', folder], own) !== 0) return false
  if (!wantsSingle()) return true
  const alone = `${folder}-single`
  if (node([allure, 'generate', results, '--clean', '--single-file', '--output', alone], own) === 0)
    return moveSingle(alone)
  rmSync(alone, { recursive: true, force: true })
  return false
}

/** Both pages at once: results are read once. */
function withAllure3() {
  // Its exports do not name the program, so it is found from the main file.
  const allure = join(dirname(fileURLToPath(import.meta.resolve('allure'))), '..', 'cli.js')
  const { reportName } = JSON.parse(readFileSync(join(results, 'executor.json'), 'utf8'))
  const page = (singleFile) => ({
    import: '@allurereport/plugin-allure2',
    options: { reportName: String(reportName), reportLanguage: 'en', singleFile },
  })
  const drawn = `${folder}-drawn`
  rmSync(drawn, { recursive: true, force: true })
  mkdirSync(drawn)
  const orders = join(drawn, 'orders.json')
  const order = {
    name: String(reportName),
    output: join(drawn, 'pages'),
    historyPath: join(dirname(run), 'allure-history.jsonl'),
    plugins: { folder: page(false), ...(wantsSingle() ? { single: page(true) } : {}) },
  }
  writeFileSync(orders, JSON.stringify(order))
  const done = node([allure, 'generate', '--config', orders, results], { ALLURE_NO_ANALYTICS: 'true' }) === 0
  // One page alone lies at the top, two lie side by side.
  const at = (name) => [join(order.output, name), order.output].find(existsSync)
  if (done) {
    clear()
    cpSync(at('folder'), folder, { recursive: true })
  }
  if (done && wantsSingle()) cpSync(join(order.output, 'single', 'index.html'), file)
  rmSync(drawn, { recursive: true, force: true })
  return done
}

/** Whether a page of its own is wanted, and would open in good time. */
function wantsSingle() {
  return !args.includes('--no-single-file') && sizeOf(results) <= singleFileLimit
}

function moveSingle(alone) {
  const page = filesIn(alone).find((path) => path.endsWith('index.html'))
  if (page) cpSync(page, file)
  rmSync(alone, { recursive: true, force: true })
  return page !== undefined
}

/** Takes out scripts that load or feed Google's tag. Returns how many there were. */
function withoutAnalytics(path) {
  let found = 0
  const pages = existsSync(path) ? (statSync(path).isDirectory() ? filesIn(path) : [path]) : []
  for (const page of pages.filter((name) => name.endsWith('.html') && !name.includes('attachments'))) {
    const before = readFileSync(page, 'utf8')
    let after = ''
    let from = 0
    // Found by hand: a page with everything in it is too long for an expression to step through.
    for (let at = before.indexOf('<script'); at >= 0; at = before.indexOf('<script', from)) {
      const end = before.indexOf('</script>', at) + '</script>'.length
      if (end < at) break
      const mine = isAnalytics(before.slice(at, Math.min(end, at + 2000)), end - at)
      after += before.slice(from, mine ? at : end)
      if (mine) found++
      from = end
    }
    after += before.slice(from)
    if (after !== before) writeFileSync(page, after)
  }
  return found
}

/** The tag itself, or its few lines of start; never the page's own bundle, which is far longer. */
function isAnalytics(script, length) {
  if (/^<script\b[^>]*\bsrc=["'][^"']*(googletagmanager|google-analytics)/.test(script)) return true
  return length < 2000 && /\bgtag\(|dataLayer/.test(script)
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

function sizeOf(folder) {
  return filesIn(folder).reduce((sum, path) => sum + statSync(path).size, 0)
}

function node(args, environment = {}) {
  const { status } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  })
  return status
}

function stop(what, remedy) {
  console.error(`report:allure: ${what}\n  ${remedy}`)
  process.exit(2)
}
