/**
 * Loads the program's own TypeScript: bundled once by esbuild and kept in a cache until a source changes, which starts in a
 * fraction of the time that reading some hundred files takes; file by file through tsx where the cache cannot be kept.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = fileURLToPath(new URL('.', import.meta.url))
const rooms = [
  'bench',
  'certs',
  'cli',
  'flows',
  'guides',
  'harness',
  'profiles',
  'proof',
  'reports',
  'simulators',
  'steps',
]
/** What may be started: each shares the modules of the others. */
const entries = [
  'bench/payer-process.ts',
  'cli/main.ts',
  'cli/main-validate.ts',
  'cli/player.ts',
  'proof/worker.ts',
  'profiles/input/worker.ts',
  'profiles/validate.ts',
]
const inlined = new Set([
  '@peculiar/x509',
  '@cucumber/cucumber',
  '@cucumber/messages',
  'asn1js',
  'commander',
  'express',
  'isomorphic-git',
  'jose',
  'picocolors',
  'pkijs',
  'reflect-metadata',
  'selfsigned',
  'yaml',
  'zod',
])
const cache = join(home, 'node_modules', '.cache', 'vitruvian')

/**
 * Imports one of the entries, by its path from the package's folder.
 * @param {string} entry
 */
export async function load(entry) {
  const bundled = await bundleFor(entry)
  if (bundled) return import(pathToFileURL(bundled).href)
  const { register } = await import('tsx/esm/api')
  register()
  return import(pathToFileURL(join(home, entry)).href)
}

/** The bundle's file for an entry, made when there is none of these sources; undefined when it cannot be made or kept. */
async function bundleFor(entry) {
  if (!entries.includes(entry) || process.env.VITRUVIAN_SOURCES === 'plain') return undefined
  const folder = join(cache, fingerprint())
  const file = join(folder, entry.replace(/\.ts$/, '.mjs'))
  if (existsSync(file)) return file
  try {
    await bundle(folder)
    return file
  } catch {
    // A folder that cannot be written, or no esbuild for this platform: slower, and nothing else.
    return undefined
  }
}

/** Of the place, and of every source's path, size and time of change: reading them all would cost what the cache saves. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.version}\0${home}\0`)
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'sheets') visit(path)
      } else if (/\.(ts|json|mjs)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) {
        const { size, mtimeMs } = statSync(path)
        hash.update(`${path}\0${size}\0${mtimeMs}\n`)
      }
    }
  }
  for (const room of rooms) if (existsSync(join(home, room))) visit(join(home, room))
  for (const file of ['package.json', 'sources.mjs']) {
    const { size, mtimeMs } = statSync(join(home, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 24)
}

/** What bundling asks of esbuild beyond what it does itself. */
export const plugins = [
  { name: 'places', setup: keepPlaces },
  { name: 'packages', setup: keepPackages },
]

async function bundle(folder) {
  const { build, stop } = await import('esbuild')
  const making = `${folder}.${process.pid}`
  await build({
    // An installed package has no benchmarks.
    entryPoints: entries.map((entry) => join(home, entry)).filter((path) => existsSync(path)),
    outdir: making,
    outbase: home,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages that are made of CommonJS ask for Node's own modules by "require".
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)",
    },
    logLevel: 'silent',
    plugins,
  })
  // Its own process would stay as long as ours.
  await stop()
  try {
    renameSync(making, folder)
  } catch (error) {
    // Another process was faster with the same sources.
    rmSync(making, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  forget(folder)
}

/** Is it a source of this package? The package itself may lie in a project's node_modules. */
const isOurs = (path) => path.startsWith(home) && !path.slice(home.length).includes(`node_modules${sep}`)

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

/** Packages are bundled too where that is known to work: their many small files cost more than ours. */
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

/** Bundles of yesterday and before are not kept; younger ones may be in use. */
function forget(folder) {
  for (const name of readdirSync(cache)) {
    const old = join(cache, name)
    if (old !== folder && Date.now() - statSync(old).mtimeMs > 86_400_000) rmSync(old, { recursive: true, force: true })
  }
}
