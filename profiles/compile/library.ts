/** Finds definitions by canonical among the packages at hand; which version a bare canonical means depends on who asks. */
import type { DefinitionKind, DefinitionPackage } from '../packages/package.ts'
import type { CodeSystemSheet, ValueSetSheet } from '../terminology/sheets.ts'
import type { ProfileSheet } from './sheet.ts'

export interface Definition {
  readonly sheet: ProfileSheet
  readonly home: DefinitionPackage
}

/** Splits `url|version`. */
export function splitCanonical(canonical: string): { url: string; version: string | undefined } {
  const bar = canonical.indexOf('|')
  return bar === -1
    ? { url: canonical, version: undefined }
    : { url: canonical.slice(0, bar), version: canonical.slice(bar + 1).split('#')[0] }
}

/** Compares dotted versions by number; a label (`-ci`, `-ballot`) comes before the release that it precedes. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): [number[], string] => {
    const dash = version.indexOf('-')
    const numbers = (dash === -1 ? version : version.slice(0, dash))
      .split('.')
      .map((each) => Number.parseInt(each, 10) || 0)
    return [numbers, dash === -1 ? '' : version.slice(dash)]
  }
  const [left, leftLabel] = parts(a)
  const [right, rightLabel] = parts(b)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  if (leftLabel === rightLabel) return 0
  return leftLabel === '' ? 1 : rightLabel === '' ? -1 : leftLabel < rightLabel ? -1 : 1
}

/** The version nearest to the one that is wanted: the same, the newest of its release line, the newest before, the oldest after. */
export function nearestVersion(wanted: string, versions: readonly string[]): string | undefined {
  const all = [...versions].sort(compareVersions)
  const line = wanted.split('.').slice(0, 2).join('.')
  return (
    all.find((each) => each === wanted) ??
    all.filter((each) => each.startsWith(`${line}.`)).at(-1) ??
    all.filter((each) => compareVersions(each, wanted) < 0).at(-1) ??
    all[0]
  )
}

export class Library {
  readonly packages: readonly DefinitionPackage[]
  /** Package id -> version that a bare canonical means when the asking package does not say. */
  readonly #preferred: ReadonlyMap<string, string>
  /** The package that asks when nobody else does. */
  readonly #own: DefinitionPackage | undefined
  readonly #homes = new Map<string, DefinitionPackage | undefined>()

  /** Earlier packages win over later ones that say the same. */
  constructor(
    packages: readonly DefinitionPackage[],
    preferred: ReadonlyMap<string, string> = new Map(),
    home?: DefinitionPackage,
  ) {
    this.packages = packages
    this.#own = home
    this.#preferred = preferred
    for (const each of packages) each.attach?.((canonical) => this.profile(canonical, each)?.sheet)
  }

  /** The profile with that canonical, as `from` means it. */
  profile(canonical: string, from?: DefinitionPackage): Definition | undefined {
    const home = this.#home('profile', canonical, from)
    const sheet = home?.sheet(splitCanonical(canonical).url)
    return home && sheet && { sheet, home }
  }

  /** Is the definition of the version that the canonical names, if it names one? A label (`-ci`) is not looked at. */
  isVersion({ sheet, home }: Definition, canonical: string): boolean {
    const { version } = splitCanonical(canonical)
    if (version === undefined) return true
    const own = home.versionOf('profile', sheet.url) ?? home.version
    return [own, home.version].some(
      (each) => each === version || (/^[-.]/.test(each.slice(version.length)) && each.startsWith(version)),
    )
  }

  /** Every definition of that URL at hand, of whatever version. */
  profiles(url: string): Definition[] {
    return this.packages.flatMap((home) => {
      const sheet = home.versionOf('profile', url) === undefined ? undefined : home.sheet(url)
      return sheet ? [{ sheet, home }] : []
    })
  }

  valueSet(canonical: string, from?: DefinitionPackage): { sheet: ValueSetSheet; home: DefinitionPackage } | undefined {
    const home = this.#home('value-set', canonical, from)
    const sheet = home?.valueSet(splitCanonical(canonical).url)
    return home && sheet && { sheet, home }
  }

  /** Every version at hand of a code system. */
  codeSystems(url: string): CodeSystemSheet[] {
    return this.packages.flatMap((home) => home.codeSystem(url) ?? [])
  }

  codeSystem(canonical: string, from?: DefinitionPackage): CodeSystemSheet | undefined {
    return this.#home('code-system', canonical, from)?.codeSystem(splitCanonical(canonical).url)
  }

  /** Is a definition with that canonical at hand? */
  knows(kind: DefinitionKind, canonical: string): boolean {
    return this.#home(kind, canonical, undefined) !== undefined
  }

  #home(kind: DefinitionKind, canonical: string, asking: DefinitionPackage | undefined): DefinitionPackage | undefined {
    const from = asking ?? this.#own
    const key = `${kind} ${canonical} ${from ? `${from.id}#${from.version}` : ''}`
    if (this.#homes.has(key)) return this.#homes.get(key)
    const found = this.#search(kind, canonical, from)
    // Canonicals that are not at hand come from the input and without end.
    if (found !== undefined || this.#homes.size < 20_000) this.#homes.set(key, found)
    return found
  }

  #search(kind: DefinitionKind, canonical: string, from: DefinitionPackage | undefined): DefinitionPackage | undefined {
    const { url, version } = splitCanonical(canonical)
    const found = this.packages.filter((each) => each.versionOf(kind, url) !== undefined)
    if (found.length <= 1) return found[0]
    if (version !== undefined) {
      const exact = found.find((each) => each.versionOf(kind, url) === version || each.version === version)
      const near =
        exact ?? found.find((each) => each.version.startsWith(`${version}-`) || each.version.startsWith(`${version}.`))
      const [major, minor] = version.split('.')
      const chosen = near ?? found.find((each) => each.version.startsWith(`${major}.${minor}.`))
      if (chosen) return chosen
    }
    // HL7 Terminology goes on with what R4 once defined; its code systems are the newer ones.
    if (kind === 'code-system') {
      const newer = found.find((each) => each.id.startsWith('hl7.terminology'))
      if (newer) return newer
    }
    if (from && found.includes(from)) return from
    const declared = from && this.#declared(from, found)
    if (declared) return declared
    const preferred = found.find((each) => this.#preferred.get(each.id) === each.version)
    if (preferred) return preferred
    return found.reduce((best, each) =>
      best.id === each.id && compareVersions(each.version, best.version) > 0 ? each : best,
    )
  }

  /** The nearest package among `found` along the declared dependencies of `from`. */
  #declared(from: DefinitionPackage, found: readonly DefinitionPackage[]): DefinitionPackage | undefined {
    const seen = new Set<DefinitionPackage>([from])
    for (const current of seen) {
      const next = current.dependencies.flatMap(([id, version]) => this.#nearest(id, version, current.version) ?? [])
      const direct = next.filter((each) => found.includes(each))
      // Aliases come beside the plain name: among several versions the run's own edition is meant, else the first one declared.
      if (direct[0]) return direct.find((each) => this.#preferred.get(each.id) === each.version) ?? direct[0]
      for (const each of next) seen.add(each)
    }
    return undefined
  }

  /** The package at hand that is nearest to a declared version: the same, the same release line, the newest before, the oldest after. */
  #nearest(id: string, wanted: string, asker: string): DefinitionPackage | undefined {
    const all = this.packages.filter((each) => each.id === id)
    if (all.length <= 1) return all[0]
    const nearest = nearestVersion(
      /^\d/.test(wanted) ? wanted : asker,
      all.map(({ version }) => version),
    )
    return all.find((each) => each.version === nearest)
  }
}
