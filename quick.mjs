/**
 * Loads an entry that is to answer at once: all of its sources as one script, kept with the code that V8 made of it in the run
 * before. It is made again when one of its sources changes; where it cannot be made or kept, it is loaded like any other entry.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

const home = fileURLToPath(new URL('.', import.meta.url))
const cache = join(home, 'node_modules', '.cache', 'vitruvian', 'quick')

/**
 * What the entry, a path from the package's folder, exports.
 * @param {string} entry
 */
export async function loadQuick(entry) {
  const script = process.env.VITRUVIAN_SOURCES === 'plain' ? undefined : (kept(entry) ?? (await made(entry)))
  if (script) return start(script)
  const { load } = await import('./sources.mjs')
  return load(entry)
}

const made = (entry) =>
  make(entry).catch(() => {
    // A folder that cannot be written, or no esbuild for this platform: slower, and nothing else.
    return undefined
  })

/** Where the script of an entry lies: V8's code is good for one version of Node and one kind of machine. */
const fileOf = (entry) => join(cache, `${entry.replace(/\W/g, '-')}-${process.version}-${process.arch}.cjs`)

/** The script, if its first line, which lists its sources, still tells the truth. */
function kept(entry) {
  const file = fileOf(entry)
  let text
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
  const { name, place, sources } = JSON.parse(text.slice(2, text.indexOf('\n')))
  if (place !== import.meta.url) return undefined
  const same = sources.every(([path, size, changed]) => {
    const now = statSync(join(home, path), { throwIfNoEntry: false })
    return now?.size === size && now.mtimeMs === changed
  })
  return same ? { file, text, name } : undefined
}

/** Runs the script, with the code that was kept of it; where there is none, it is kept when the process ends in peace. */
function start({ file, text, name }) {
  const codeFile = `${file}.${name}`
  const cachedData = read(codeFile)
  const script = new Script(`(function (require, module, exports) {${text}\n})`, {
    filename: file,
    cachedData,
  })
  const module = { exports: {} }
  script.runInThisContext()(lazily(createRequire(file)), module, module.exports)
  if (cachedData === undefined || script.cachedDataRejected) {
    process.once('exit', (code) => {
      // What was needed now will be needed again; after a mistake in the options it is too little.
      if (code > 1) return
      try {
        write(codeFile, script.createCachedData())
      } catch {
        // Slower next time, and nothing else.
      }
    })
  }
  return module.exports
}

/** Commander asks for Node's processes, which it needs only for verbs that are programs of their own; loading them takes long. */
function lazily(require) {
  const later = new Proxy({}, { get: (_none, key) => require('node:child_process')[key] })
  return Object.assign((name) => (name === 'node:child_process' ? later : require(name)), require)
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Whole or not at all, as others may be reading. */
function write(file, content) {
  const making = `${file}.${process.pid}.making`
  writeFileSync(making, content)
  renameSync(making, file)
}

async function make(entry) {
  const [{ build, stop }, { plugins }] = await Promise.all([import('esbuild'), import('./sources.mjs')])
  const { outputFiles, metafile } = await build({
    absWorkingDir: home,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Code that was kept has forgotten how to import: packages that stay outside are required, when they are needed.
    supported: { 'dynamic-import': false },
    // Only letters of ASCII, so that it may be read without decoding.
    charset: 'ascii',
    logLevel: 'silent',
    plugins,
  })
  // Its own process would stay as long as ours.
  await stop()
  const paths = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'))
  const sources = [...paths, 'package.json', 'sources.mjs', 'quick.mjs'].map((path) => {
    const { size, mtimeMs } = statSync(join(home, path))
    return [path, size, mtimeMs]
  })
  // V8 tells scripts apart by their length alone: the code belongs to this one because its name says so.
  const name = `${process.pid.toString(36)}-${Date.now().toString(36)}`
  const text = `//${JSON.stringify({ name, place: import.meta.url, sources })}\n${outputFiles[0].text}`
  mkdirSync(cache, { recursive: true })
  const file = fileOf(entry)
  write(file, text)
  for (const old of readdirSync(cache))
    if (old.startsWith(`${entry.replace(/\W/g, '-')}-${process.version}-${process.arch}.cjs.`))
      rmSync(join(cache, old), { force: true })
  return { file, text, name }
}
