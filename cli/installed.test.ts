/** The package as it is installed: what npm packs is enough to run the command and to import the validator, with types, in a project of its own. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as source from '../profiles/validate.ts'
import type * as facade from '../validate.mjs'

const home = join(import.meta.dirname, '..')
let files: string[]
let project: string

/** What lies about in a folder that was worked in. */
const left = ['certs/issued/payer.key', 'reports/out/run/report.html', 'reports/out/run/record.ndjson', 'cli/some.log']
/** Every file of ours, by its path from the package's folder; of a package's sheets, which are many, one for all. */
const namesIn = (folder: string): string[] =>
  readdirSync(join(home, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (/^(?:node_modules|\.git|certs\/issued|reports\/out)$/.test(name)) return []
    if (entry.isDirectory()) return /^profiles\/sheets\//.test(name) ? namesIn(name).slice(0, 1) : namesIn(name)
    return entry.isFile() ? [name] : []
  })

beforeAll(() => {
  // Nothing is packed and nothing is fetched: npm says what it would pack. It compresses what it looks at all the same, and goes
  // by names alone: so it is shown a folder of the same names, with nothing in the files, and with what a user leaves there.
  const names = mkdtempSync(join(tmpdir(), 'vitruvian-names-'))
  for (const name of [...namesIn('.'), ...left]) {
    if (!existsSync(join(names, dirname(name)))) mkdirSync(join(names, dirname(name)), { recursive: true })
    if (/^(?:package\.json|\.npmignore|\.gitignore)$/.test(basename(name))) cpSync(join(home, name), join(names, name))
    else writeFileSync(join(names, name), '')
  }
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--offline', '--ignore-scripts'], {
    cwd: names,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  })
  rmSync(names, { recursive: true })
  files = (JSON.parse(said) as { files: { path: string }[] }[]).flatMap((each) => each.files.map(({ path }) => path))
  project = mkdtempSync(join(tmpdir(), 'vitruvian-installed-'))
  const place = join(project, 'node_modules', 'vitruvian')
  for (const file of files) cpSync(join(home, file), join(place, file))
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(home, 'node_modules', name), link, 'junction')
  }
  writeFileSync(join(project, 'package.json'), '{"name":"some-project","private":true,"type":"module"}')
}, 120_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(project, name), text)
  return name
}
const node = (...given: string[]) => spawnSync(process.execPath, given, { cwd: project, encoding: 'utf8' })

const script = `import { createValidator, packageOfResources, shippedPackages, versionsFor } from 'vitruvian/validate'
const packages = [packageOfResources({ name: 'own', version: '1' }, []), ...shippedPackages()]
const validator = createValidator({ packages, editions: versionsFor({ pdex: '2.2.0' }, packages), policy: { unknownExtensions: 'error' } })
for (const { code, expression, nearest } of validator.validate({ resourceType: 'Patient', gender: 'femal' }))
  console.log(code, expression, nearest?.[0])
`

describe('what is packed', () => {
  it('is what a user needs, and nothing more', () => {
    for (const needed of [
      'LICENSE',
      'README.md',
      'sources.mjs',
      'cli/vitruvian.mjs',
      'profiles/sheets/definitions.pack',
    ])
      expect(files).toContain(needed)
    expect(files.filter((each) => /\.test\.ts$|^bench\/|^certs\/issued\/|^reports\/out\/|\.log$/.test(each))).toEqual(
      [],
    )
    // The pack holds the sheets; their files are for people who compare editions.
    expect(files.filter((each) => each.startsWith('profiles/sheets/'))).toEqual(['profiles/sheets/definitions.pack'])
  })
})

describe('an installed package', () => {
  it('is imported by plain Node', () => {
    const { stdout, stderr } = node(file('script.mjs', script))
    expect(stderr).toBe('')
    expect(stdout).toBe('binding-required Patient.gender female\n')
    // From its bundle, in which every source still knows where it lies.
    expect(node('script.mjs').stdout).toBe(stdout)
  }, 120_000)

  it('has types that hold without its sources', () => {
    const bad = "\nimport type { Finding } from 'vitruvian/validate'\nconst wrong: Finding['code'] = 'no-such-code'\n"
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      module: 'nodenext',
      target: 'es2022',
      types: [],
    }
    const written = [file('good.mts', script), file('bad.mts', `${script}${bad}`)]
    file('tsconfig.json', JSON.stringify({ compilerOptions, files: written }))
    const { status, stdout } = node(join(home, 'node_modules', 'ts7', 'bin', 'tsc'), '-p', '.')
    expect(status).not.toBe(0)
    // Of both nothing else is wrong.
    expect(stdout.match(/error/g)).toHaveLength(1)
    expect(stdout).toMatch(/^bad\.mts\(8,7\): error TS2322.*no-such-code/)
  }, 120_000)

  it('brings the command', () => {
    const patient = file('patient.json', '{"resourceType":"Patient","gender":"femal"}')
    const { status, stdout, stderr } = node(
      join('node_modules', 'vitruvian', 'cli', 'vitruvian.mjs'),
      'validate',
      patient,
    )
    expect(stderr).toBe('')
    expect(stdout).toMatch(/Patient\.gender: .*femal/)
    expect(status).toBe(1)
    const listed = node(join('node_modules', 'vitruvian', 'cli', 'vitruvian.mjs'), 'requirements', 'list')
    expect({ status: listed.status, stderr: listed.stderr }).toEqual({ status: 0, stderr: '' })
  }, 120_000)
})

describe('the written types', () => {
  it('are those of the sources', async () => {
    // The compiler holds both ways (`npm run check:types`): what is written is there, and is no more than what is there.
    const there: typeof facade = source
    const written: Pick<typeof source, keyof typeof facade> = there
    expect(Object.keys(await import('../validate.mjs')).sort()).toEqual(
      Object.keys(written)
        .filter((name) => !internal.has(name))
        .sort(),
    )
  })
})

/** For the checks of this project alone: a run's packages and editions, kept in the module. */
const internal = new Set(['usePackages', 'validate', 'validatorFor'])
