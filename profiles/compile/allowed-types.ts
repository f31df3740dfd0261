/** The types and profiles that an element allows its values, sorted out once for each type that a value turns out to have. */
import type { DefinitionPackage } from '../packages/package.ts'
import type { AllowedTypes, Fitting, ProfileCheck, Target, TypeRule, World } from './compiled.ts'
import { splitCanonical } from './library.ts'
import type { RowType } from './sheet.ts'
import { coreUrl } from './types.ts'

/** See `AllowedTypes`. */
export class TypeChoice implements AllowedTypes {
  readonly codes: readonly string[]
  readonly #world: World
  readonly #rules: readonly TypeRule[]
  readonly #fittings = new Map<string, Fitting | undefined>()

  constructor(world: World, rules: readonly TypeRule[]) {
    this.#world = world
    this.#rules = rules
    this.codes = rules.map(({ code }) => code)
  }

  of(type: string): Fitting | undefined {
    const known = this.#fittings.get(type)
    if (known !== undefined) return known
    const rules = this.#rules.filter(({ code }) => code === type || this.#world.types.is(type, code))
    if (rules.length === 0) return undefined
    const made = new LazyFitting(rules)
    this.#fittings.set(type, made)
    return made
  }
}

const allOrNone = <T>(rules: readonly TypeRule[], of: (rule: TypeRule) => readonly T[]): readonly T[] =>
  rules.some((rule) => of(rule).length === 0) ? [] : rules.flatMap(of)

/** Profiles and targets are looked up when first asked: they may lead back to the profile that is being compiled. */
class LazyFitting implements Fitting {
  readonly urls: readonly string[]
  readonly modes: readonly string[]
  readonly #rules: readonly TypeRule[]
  #checks: readonly ProfileCheck[] | undefined
  #targets: readonly Target[] | undefined

  constructor(rules: readonly TypeRule[]) {
    this.#rules = rules
    this.urls = allOrNone(rules, ({ profileUrls }) => profileUrls)
    this.modes = allOrNone(rules, ({ row }) => row.aggregation ?? [])
  }

  get checks(): readonly ProfileCheck[] {
    this.#checks ??= this.urls.length === 0 ? [] : this.#rules.flatMap(({ profiles }) => profiles())
    return this.#checks
  }

  get targets(): readonly Target[] {
    this.#targets ??= allOrNone(this.#rules, (rule) => rule.targets())
    return this.#targets
  }
}

/** One type of a row, as a rule. */
export function typeRule(world: World, home: DefinitionPackage, row: RowType): TypeRule {
  // Where the bare type is among the profiles, any value of it will do.
  const stated = row.profiles ?? []
  const urls = stated.includes(coreUrl + row.code) ? [] : stated
  return {
    code: row.code,
    row,
    profileUrls: urls,
    targets: () => (row.targets ?? []).map((url) => targetOf(world, home, url)),
    profiles: () => urls.flatMap((url) => world.profileCheck(url, home) ?? []),
  }
}

/** A target profile of a reference: its resource type is known even where the profile is not at hand, if it is a base type. */
export function targetOf(world: World, home: DefinitionPackage, url: string): Target {
  const plain = splitCanonical(url).url
  const name = plain.startsWith(coreUrl) ? plain.slice(coreUrl.length) : undefined
  if (name !== undefined && world.types.isResource(name)) return { url, type: name, check: undefined }
  const check = world.profileCheck(url, home)
  return { url, type: check?.sheet.type, check }
}
