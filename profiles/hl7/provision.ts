/** What HL7's validator is started with: the packages that are wanted, found on this machine and laid out for it, or a clear word on what is missing. */
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { splitPackageName } from '../packages/find.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import { closureOf, core, nameOf, type PackageName } from './closure.ts'
import { demandsOf } from './demands.ts'
import { layOut } from './package-cache.ts'
import { type PackageSource, packagesIn, sourceAt } from './sources.ts'

export interface Wanted {
  /** `id#version` or paths of packages; each must be at hand. */
  readonly packages: readonly string[]
  /** `id#version` of packages that are loaded where they are at hand. */
  readonly guides?: readonly string[]
  /** Folders with packages: `.tgz` files, or unpacked as in the FHIR package cache. */
  readonly folders: readonly string[]
  /** Where our own cache for it is kept. */
  readonly work: string
}
export interface Provision {
  /** The user's home, as the validator is to see it. */
  readonly home: string
  readonly igs: readonly string[]
  readonly notes: readonly string[]
  /** The file that keeps what the jar demands. */
  readonly demands: string
}

/** Throws `bad-input` with the remedy where a package that must be there is not. */
export function provide({ packages, guides = [], folders, work }: Wanted, jar: string): Provision {
  const demands = join(work, 'demands.json')
  const own: PackageSource[] = []
  const loose: string[] = []
  const named = packages.flatMap((each): PackageName[] => {
    const name = splitPackageName(each)
    if (name) return [name]
    const source = sourceAt(resolve(each))
    if (source) own.push(source)
    // A folder of definitions that is no package is read by the validator as it is.
    else loose.push(resolve(each))
    return source ? [source] : []
  })
  const further = guides.flatMap((each) => splitPackageName(each) ?? [])
  const closure = closureOf({
    wanted: [...named, ...further],
    demanded: demandsOf(demands, jar),
    sources: [...own, ...packagesIn(folders)],
    declared: dependenciesAt,
  })
  const must = closure.missing.filter((each) => each === core || named.includes(each))
  if (must.length > 0)
    throw new HarnessError(
      'bad-input',
      `HL7's validator needs ${must.map(nameOf).join(' and ')}, which ${must.length === 1 ? 'is' : 'are'} not at hand`,
      {
        remedy: `put ${must.length === 1 ? 'it' : 'them'} as .tgz (named id#version.tgz, or as its registry calls it) into a folder and name that with --packages FOLDER; searched were ${folders.join(', ')}`,
      },
    )
  const absent = closure.missing.map(
    (each) => `${nameOf(each)} is not at hand: what claims its profiles is not held to them`,
  )
  return {
    home: layOut(closure, join(work, 'packages')),
    igs: [...closure.loaded.map(nameOf), ...loose],
    notes: [...absent, ...closure.notes],
    demands,
  }
}

/** The dependencies in a package's manifest. */
function dependenciesAt({ path }: PackageSource): Readonly<Record<string, string>> {
  const text = statSync(path).isDirectory()
    ? readFileSync(join(path, 'package', 'package.json'), 'utf8')
    : manifestIn(path)
  return (JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies ?? {}
}

function manifestIn(tarball: string): string {
  for (const { path, content } of filesOfTarball(readFileSync(tarball)))
    if (path === 'package/package.json') return content.toString('utf8')
  throw new HarnessError('bad-input', `there is no package/package.json in ${tarball}`, {
    remedy: 'take the file away, or fetch the package again',
  })
}
