/**
 * Loads the program's own TypeScript: an entry with all that it needs as one script, made by esbuild on first use and kept until
 * a source changes, together with the code that V8 made of it in an earlier process, so that a start need not parse and compile
 * again. Where nothing can be made or kept it is read file by file through tsx: slower, and nothing else.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ways, { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

const home = fileURLToPath(new URL('.', import.meta.url))
const cache = join(home, 'node_modules', '.cache', 'vitruvian')

/** Entries of one script, since the processes of a run share most of what they need; any other has a script of its own. */
const together = ['cli/main.ts', 'cli/player.ts', 'proof/worker.ts']

/** Packages that are bundled too, where that is known to work: their many small files cost more than ours. */
const inlined = new Set([
  '@peculiar/asn1-schema',
  '@peculiar/asn1-x509',
  '@peculiar/x509',
  '@cucumber/cucumber',
  '@cucumber/messages',
  'asn1js',
  'commander',
  'express',
  'isomorphic-git',
  'jose',
  'jws',
  'picocolors',
  'pkijs',
  'reflect-metadata',
  'selfsigned',
  'yaml',
  'zod',
])

/**
 * What an entry, a path from the package's folder, exports.
 * @param {string} entry
 */
export async function load(entry) {
  const entries = together.includes(entry) ? together : [entry]
  const script = process.env.VITRUVIAN_SOURCES === 'plain' ? undefined : (kept(entries) ?? (await made(entries)))
  if (script) return start(script)[entry]()
  const { register } = await import('tsx/esm/api')
  register()
  return import(pathToFileURL(join(home, entry)).href)
}

const made = (entries) =>
  make(entries).catch((error) => {
    // A folder that cannot be written, or no esbuild for this platform. Who asks for the script alone is told why there is none.
    if (process.env.VITRUVIAN_SOURCES === 'script') throw error
    return undefined
  })

const digest = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12)

/** Where a script lies. V8's code is good for one version of Node and one kind of machine; packages may be shared by several homes. */
const fileOf = (entries) => {
  const what = entries === together ? 'program' : entries.join(' ').replace(/\W/g, '-')
  return join(cache, `${what}-${digest(home, process.version, process.arch)}.cjs`)
}

/** How a script begins. The rest of its first line is a comment that says of what it is made. */
const opening = '(function (require, module, exports) {//'

/** The script, if its first line, which lists its sources, still tells the truth. */
function kept(entries) {
  const file = fileOf(entries)
  try {
    const text = readFileSync(file, 'latin1')
    // Else another version of this file wrote it.
    if (!text.startsWith(opening)) return undefined
    const { name, sources } = JSON.parse(text.slice(opening.length, text.indexOf('\n')))
    const same = sources.every(([path, size, changed]) => {
      const now = statSync(join(home, path), { throwIfNoEntry: false })
      return now?.size === size && now.mtimeMs === changed
    })
    return same ? { file, text, name } : undefined
  } catch {
    return undefined
  }
}

/** Runs the script, with the code that was kept of it, and sees to it that better code is kept for the next time. */
function start({ file, text, name }) {
  // Else V8 forgets the code of what has not run for a while, and it is missing from what is kept: of the function around all
  // others above all, without whose code the whole script is parsed again at every start.
  setFlagsFromString('--no-flush-bytecode')
  // V8 takes code only where it was made under the same options.
  const codeFile = `${file}.${name}.${digest(...process.execArgv)}`
  const code = keptCode(codeFile)
  const script = new Script(text, { filename: file, ...(code ? { cachedData: code.data } : {}) })
  const module = { exports: {} }
  script.runInThisContext()(lazily(createRequire(file)), module, module.exports)
  const life = code && !script.cachedDataRejected ? code.life : 0
  process.once('exit', (exitCode) => {
    const lived = performance.now()
    // What was needed now will be needed again, by who lives as long; after a mistake in the options it is too little.
    if (exitCode > 1 || lived < 4 * life) return
    try {
      write(codeFile, Buffer.concat([script.createCachedData(), lifeOf(lived)]))
    } catch {
      // Slower next time, and nothing else.
    }
  })
  return module.exports.entries
}

/** V8's code, and behind it how many milliseconds the process lived that made it: in a longer life more is compiled. */
function keptCode(file) {
  try {
    const bytes = readFileSync(file)
    return { data: bytes.subarray(0, -8), life: bytes.readDoubleLE(bytes.length - 8) }
  } catch {
    return undefined
  }
}

const lifeOf = (milliseconds) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(milliseconds)
  return bytes
}

/** Commander asks for Node's processes, which it needs only for verbs that are programs of their own; loading them takes long. */
function lazily(require) {
  const later = new Proxy({}, { get: (_none, key) => require('node:child_process')[key] })
  return Object.assign((name) => (name === 'node:child_process' ? later : require(name)), require)
}

/** Whole or not at all, as others may be reading. */
function write(file, content) {
  const making = `${file}.${process.pid}.making`
  try {
    writeFileSync(making, content)
    renameSync(making, file)
  } finally {
    // Windows gives nobody the name of a file that is being read.
    rmSync(making, { force: true })
  }
}

async function make(entries) {
  const { build, stop } = await import('esbuild')
  const there = entries.filter((entry) => existsSync(join(home, entry)))
  const { outputFiles, metafile } = await build({
    absWorkingDir: home,
    stdin: {
      contents: `export const entries = {${there.map((entry) => `'${entry}': () => import('./${entry}')`).join(', ')}}`,
      resolveDir: home,
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Code that was kept has forgotten how to import: packages that stay outside are required, when they are needed.
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    logLevel: 'silent',
    plugins: [
      { name: 'native', setup: keepNative },
      { name: 'places', setup: keepPlaces },
      { name: 'packages', setup: keepPackages },
      { name: 'scopes', setup: keepOneScope },
    ],
  })
  // Its own process would stay as long as ours.
  await stop()
  const paths = Object.keys(metafile.inputs).filter((path) => !/^<stdin>$|^native:|node_modules\//.test(path))
  const sources = [...paths, 'package.json', 'sources.mjs'].map((path) => {
    const { size, mtimeMs } = statSync(join(home, path))
    return [path, size, mtimeMs]
  })
  // V8 tells scripts apart by their length alone: the code belongs to this one because its name says so.
  const name = `${process.pid.toString(36)}-${Date.now().toString(36)}`
  const text = `${opening}${JSON.stringify({ name, sources })}\n${inAscii(outputFiles[0].text)}\n})`
  mkdirSync(cache, { recursive: true })
  const file = fileOf(entries)
  write(file, text)
  forget(`${file}.`)
  return { file, text, name }
}

/** So that it may be read without decoding. What esbuild leaves of other letters is in regular expressions, which read escapes as well. */
const inAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Code of the script that was there before is not kept, nor anything that nobody has asked for since the day before yesterday. */
function forget(before) {
  for (const name of readdirSync(cache)) {
    const old = join(cache, name)
    try {
      if (old.startsWith(before) || Date.now() - statSync(old).atimeMs > 2 * 86_400_000)
        rmSync(old, { recursive: true, force: true })
    } catch {
      // Another process has forgotten it already, or reads it, and Windows keeps it then: the next one will.
    }
  }
}

/** Is it a source of this package? */
const isOurs = (path) => isOwn(home, path)

/**
 * Does a file belong to the package in that folder, which may itself lie in a project's node_modules? Windows calls a drive both c: and C:.
 * @param {string} folder
 * @param {string} path
 * @param {Pick<import('node:path').PlatformPath, 'isAbsolute' | 'relative' | 'sep'>} ways of another system, in tests
 */
export function isOwn(folder, path, { isAbsolute, relative, sep } = ways) {
  const way = relative(folder, path)
  const steps = way.split(sep)
  return !isAbsolute(way) && steps[0] !== '..' && !steps.includes('node_modules')
}

/** A file that asks where it lies is told where it lay before it was bundled. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    if (!isOurs(path)) return undefined
    const text = readFileSync(path, 'utf8')
    if (!text.includes('import.meta.')) return undefined
    const contents = text
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
    return { contents, loader: 'ts' }
  })
  onLoad({ filter: /[\\/]node_modules[\\/].*\.c?js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8')
    if (!/\b__(?:dir|file)name\b/.test(text)) return undefined
    const places = `const __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`
    return { contents: `${places}${text}`, loader: 'js' }
  })
}

function keepPackages({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
    if (kind === 'entry-point' || path.startsWith('node:') || !isOurs(importer)) return undefined
    const name = path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/')
    return inlined.has(name) ? undefined : { path, external: true }
  })
}

/** Cucumber would have Node follow every promise, so that it finds its way in scenarios that run side by side. */
function keepOneScope({ onResolve }) {
  onResolve({ filter: /^node:async_hooks$/ }, ({ importer }) =>
    /[\\/]@cucumber[\\/]/.test(importer) ? { path: join(home, 'steps', 'one-scope.ts') } : undefined,
  )
}

/** What packages bring along for older engines or for browsers, done by Node. */
const native = {
  // Where the groups of a match stand Node tells itself; the package parses every expression anew.
  'regexp-match-indices': `
    const measuring = new WeakMap()
    module.exports = (regexp, text) => {
      let own = measuring.get(regexp)
      if (!own) measuring.set(regexp, (own = new RegExp(regexp.source, regexp.flags.replace('d', '') + 'd')))
      own.lastIndex = regexp.lastIndex
      const found = own.exec(text)
      regexp.lastIndex = own.lastIndex
      return found
    }`,
  // As far as git's objects need them, and on the spot: they are short.
  pako: `
    const { deflateSync, inflateSync } = require('node:zlib')
    module.exports = { deflate: deflateSync, inflate: inflateSync }`,
  'sha.js/sha1.js': `
    const { createHash } = require('node:crypto')
    module.exports = function () { return createHash('sha1') }`,
}

function keepNative({ onResolve, onLoad }) {
  onResolve({ filter: /^(?:regexp-match-indices|pako|sha\.js\/sha1\.js)$/ }, ({ path }) => ({
    path,
    namespace: 'native',
  }))
  onLoad({ filter: /./, namespace: 'native' }, ({ path }) => ({ contents: native[path], loader: 'js' }))
  // It would go through streams and other threads for each object, where it finds them.
  onLoad({ filter: /[\\/]isomorphic-git[\\/]index\.cjs$/ }, ({ path }) => ({
    contents: `const CompressionStream = undefined, crypto = {};${readFileSync(path, 'utf8')}`,
    loader: 'js',
  }))
}
