/** From the options of `validate` to what the judges are set up with: packages, editions, profiles. */
import { editionSets } from '../../guides/editions.ts'
import { HarnessError } from '../../harness/errors.ts'
import { shippedPackages } from '../../profiles/definitions.ts'
import { createJudge, packagesOf, type Setup } from '../../profiles/input/judge.ts'
import { referencesOf } from '../../profiles/input/references.ts'
import type { Source } from '../../profiles/input/sources.ts'
import { packageCache } from '../../profiles/packages/find.ts'
import { gatherPackages } from '../../profiles/packages/gather.ts'
import { versionsFor } from '../../profiles/validate.ts'
import type { SetupOptions, ValidateOptions } from './options.ts'

/** Throws `bad-input` on a package, an edition or a profile that is not at hand, `cannot-reach` where a download fails. */
export async function setupOf(options: SetupOptions): Promise<Setup> {
  const names = options.ig ?? []
  const { packages: found, notes } = await gatherPackages(names, {
    shipped: shippedPackages(),
    cache: packageCache(),
    download: options.download,
    registry: options.registry,
    say: (line) => process.stderr.write(`${line}\n`),
  })
  for (const note of notes) process.stderr.write(`${note}\n`)
  const packages = found.flatMap(({ path }) => (path === undefined ? [] : [path]))
  const editions = versionsFor(editionsOf(options.edition), packagesOf({ packages }))
  for (const { id, version } of found.slice(0, names.length)) editions.set(id, version)
  const setup: Setup = {
    packages,
    editions: [...editions],
    profiles: options.profile ?? [],
    policy: {
      unknownExtensions: options.unknownExtensions,
      unresolvedReferences: options.references === true ? 'warning' : 'ignore',
    },
    everything: options.verbose === true || options.format !== 'text',
    mustSupport: options.mustSupport === true,
    ...(options.tx ? { terminology: terminologyOf(options.tx, options) } : {}),
  }
  if (setup.profiles.length > 0) {
    const judge = createJudge({ ...setup, mustSupport: false })
    for (const profile of setup.profiles)
      if (!judge.knows(profile))
        throw new HarnessError('bad-input', `the profile ${profile} is not at hand`, {
          remedy:
            nearestProfiles(profile, packages) ?? 'name the package that has it: --ig id#version, or --ig file.tgz',
        })
  }
  return setup
}

/** References are followed across the inputs where these are few, or where that is asked for. */
export async function lookupOf(
  sources: readonly Source[],
  { references }: Pick<ValidateOptions, 'references'>,
): Promise<Pick<Setup, 'references'>> {
  const size = sources.reduce((sum, source) => sum + source.size, 0)
  const several = sources.length > 1 || sources.some(({ kind }) => kind === 'ndjson')
  const wanted = references ?? (several && size <= 64 * 2 ** 20)
  if (!wanted) return {}
  const found = await referencesOf(sources)
  if (references === true && !found.complete)
    process.stderr.write(
      'not all inputs can be searched for the targets of references (standard input, packed files, or too many): those that are not found are not reported\n',
    )
  return { references: found }
}

function terminologyOf(base: string, { txCache, txTimeout }: SetupOptions): NonNullable<Setup['terminology']> {
  if (!/^https?:\/\/[^/]/.test(base))
    throw new HarnessError('bad-input', `"${base}" is no address of a terminology server`, {
      remedy: 'give the base URL of a FHIR terminology server: --tx https://server.example/fhir',
    })
  return { base, ...(txCache ? { cache: txCache } : {}), ...(txTimeout ? { timeout: txTimeout * 1000 } : {}) }
}

/** The editions of a choice like `pdex@2.1.0,us-core@6.1.0`; what belongs to that PDex comes along. */
function editionsOf(choice: string | undefined): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const part of choice?.split(',') ?? []) {
    const [guide, version, more] = part.trim().split('@')
    if (!guide || !version || more !== undefined)
      throw new HarnessError('bad-input', `"${part.trim()}" names no edition`, {
        remedy: 'say guide@version, for instance pdex@2.2.0 or us-core@7.0.0,cdex@2.1.0',
      })
    if (versionsFor({ [guide]: version }, shippedPackages()).size === 0)
      throw new HarnessError('bad-input', `there is no edition ${version} of "${guide}" here`, {
        remedy:
          'pdex, hrex, us-core, ndh, carin-bb, atr, cdex and formulary have editions; other packages are named with --ig id#version',
      })
    chosen[guide] = version
  }
  const set = editionSets.find(({ pdex }) => pdex === chosen.pdex) ?? editionSets[0]
  return { ...set, ...chosen }
}

/** Profiles whose URL ends like the one that was asked for. */
function nearestProfiles(asked: string, packages: readonly string[]): string | undefined {
  const last = (url: string): string => (url.split('|')[0] ?? '').split('/').at(-1)?.toLowerCase() ?? ''
  const wanted = last(asked)
  const near = new Set<string>()
  for (const each of packagesOf({ packages }))
    for (const url of each.urls('profile')) if (wanted.length > 3 && last(url).includes(wanted)) near.add(url)
  return near.size > 0 ? `did you mean ${[...near].slice(0, 5).join(', ')}?` : undefined
}
