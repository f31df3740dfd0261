/** Expands value sets from the definitions at hand, as far as they go, and says what stays open. */
import type { Library } from '../compile/library.ts'
import type { DefinitionPackage } from '../packages/package.ts'
import { knownPart } from './known-value-sets.ts'
import { type Answer, answerValue, type Membership } from './membership.ts'
import {
  closedPart,
  difference,
  expansionOf,
  intersection,
  listPart,
  openPart,
  type Part,
  rulePart,
  systemPart,
} from './parts.ts'
import { listSystems, ruleFilter, ruleSystems } from './rule-systems.ts'
import type { CodeSystemSheet, Concept, Filter, Include, ValueSetSheet } from './sheets.ts'

interface System {
  readonly sheet: CodeSystemSheet
  readonly byCode: ReadonlyMap<string, Concept>
  readonly codes: ReadonlySet<string>
  readonly children: ReadonlyMap<string, readonly string[]>
}

export class Terminology {
  readonly #library: Library
  readonly #memberships = new Map<string, Membership>()
  readonly #systems = new Map<string, System | undefined>()
  readonly #allVersions = new Map<string, readonly System[]>()
  readonly #underWay = new Set<string>()

  constructor(library: Library) {
    this.#library = library
  }

  /** Membership of the value set with that canonical, as `home` means it. */
  membership(canonical: string, home?: DefinitionPackage): Membership {
    const found = this.#library.valueSet(canonical, home)
    const key = found ? `${found.sheet.url}|${found.home.id}#${found.home.version}` : canonical
    const known = this.#memberships.get(key)
    if (known) return known
    const part = found ? this.#partOf(found.sheet, found.home) : (knownPart(canonical) ?? closedPart(canonical))
    const made = membershipOf(canonical, part)
    this.#memberships.set(key, made)
    return made
  }

  /** What is known about a code of a system: valid (in any version at hand), unknown, or undefined where the system is not at hand. */
  hasCode(system: string, code: string): boolean | undefined {
    const rule = ruleSystems[system]
    if (rule) return rule(code)
    const short = listSystems[system]
    if (short) return short.has(code)
    const versions = this.#versions(system)
    if (versions.some((each) => this.#has(each, code))) return true
    return versions.length > 0 && versions.every(({ sheet }) => sheet.content === 'complete') ? false : undefined
  }

  #versions(url: string): readonly System[] {
    let known = this.#allVersions.get(url)
    if (!known) {
      known = this.#library.codeSystems(url).map(indexSystem)
      this.#allVersions.set(url, known)
    }
    return known
  }

  /** The code system of that URL, where it is at hand. */
  codeSystem(system: string): CodeSystemSheet | undefined {
    return this.#system(system)?.sheet
  }

  #has(system: System, code: string): boolean {
    if (system.codes.has(code)) return true
    if (system.sheet.caseSensitive) return false
    const lower = code.toLowerCase()
    for (const each of system.codes) if (each.toLowerCase() === lower) return true
    return false
  }

  #partOf(sheet: ValueSetSheet, home: DefinitionPackage): Part {
    const key = `${home.id}#${home.version} ${sheet.url}`
    if (this.#underWay.has(key)) return openPart(`${sheet.url} includes itself`)
    this.#underWay.add(key)
    try {
      const included = sheet.include.map((each) => this.#include(each, home))
      const decided = included.every(({ reason }) => reason === undefined)
      // An expansion that came along decides where the definition alone cannot.
      if (sheet.expansion && (!decided || included.length === 0))
        return listPart(expansionOf(sheet.expansion), undefined)
      const excluded = (sheet.exclude ?? []).map((each) => this.#include(each, home))
      const parts =
        included.length === 1 && included[0] && excluded.length === 0 ? included[0] : difference(included, excluded)
      return parts
    } finally {
      this.#underWay.delete(key)
    }
  }

  #include(include: Include, home: DefinitionPackage): Part {
    const sets = (include.valueSets ?? []).map((url) => {
      const found = this.#library.valueSet(url, home)
      return found ? this.#partOf(found.sheet, found.home) : (knownPart(url) ?? closedPart(url))
    })
    if (include.system === undefined) return sets.length === 1 && sets[0] ? sets[0] : intersection(sets)
    const own = this.#ofSystem(include.system, include, home)
    return sets.length === 0 ? own : intersection([own, ...sets])
  }

  #ofSystem(url: string, include: Include, home: DefinitionPackage): Part {
    if (include.undisclosed) return systemPart(url, undefined, `the codes of ${url} in it are not shipped`)
    if (include.codes)
      return listPart(new Map([[url, new Set(include.codes)]]), undefined, this.#insensitive(url, home))
    const rule = ruleSystems[url]
    if (rule && !include.filters?.length) return rulePart(url, rule)
    const filter = rule && ruleFilter(url, include.filters ?? [])
    if (filter) return rulePart(url, (code) => rule(code) && filter(code))
    const short = listSystems[url]
    if (short && !include.filters?.length) return listPart(new Map([[url, short]]), undefined)
    const system = this.#system(url, home)
    if (!system || system.sheet.content === 'not-present') {
      return systemPart(url, undefined, `the content of ${url} is not at hand`)
    }
    if (system.sheet.content !== 'complete') {
      const all = include.filters?.length ? undefined : system.codes
      return systemPart(url, all, `only a part of ${url} is at hand`)
    }
    if (!include.filters?.length) {
      const all = include.version === undefined ? withOwn(system, home.codeSystem(url)) : system.codes
      return listPart(new Map([[url, all]]), undefined, !system.sheet.caseSensitive)
    }
    let codes: Set<string> | undefined
    for (const filter of include.filters) {
      const chosen = filtered(system, filter)
      if (!chosen)
        return systemPart(
          url,
          undefined,
          `the filter ${filter.property} ${filter.op} ${filter.value} cannot be applied`,
        )
      codes = codes === undefined ? chosen : new Set([...codes].filter((code) => chosen.has(code)))
    }
    return listPart(new Map([[url, codes ?? new Set()]]), undefined, !system.sheet.caseSensitive)
  }

  #insensitive(url: string, home: DefinitionPackage): boolean {
    return this.#system(url, home)?.sheet.caseSensitive === false
  }

  #system(url: string, home?: DefinitionPackage): System | undefined {
    const key = home ? `${url} ${home.id}#${home.version}` : url
    if (this.#systems.has(key)) return this.#systems.get(key)
    const sheet = this.#library.codeSystem(url, home)
    const made = sheet && indexSystem(sheet)
    this.#systems.set(key, made)
    return made
  }
}

/**
 * The codes of a system as a package means it that brings an edition of its own: R4 published value sets together with their systems,
 * from which HL7 Terminology has taken codes away since. A code of either edition is meant.
 */
function withOwn({ sheet, codes }: System, own: CodeSystemSheet | undefined): ReadonlySet<string> {
  if (own === undefined || own.content !== 'complete' || own.version === sheet.version) return codes
  return new Set([...codes, ...own.concepts.map(({ code }) => code)])
}

function indexSystem(sheet: CodeSystemSheet): System {
  const byCode = new Map(sheet.concepts.map((concept) => [concept.code, concept]))
  const children = new Map<string, string[]>()
  for (const { code, parents } of sheet.concepts) {
    for (const parent of parents ?? []) {
      const list = children.get(parent)
      if (list) list.push(code)
      else children.set(parent, [code])
    }
  }
  return { sheet, byCode, codes: new Set(byCode.keys()), children }
}

/** The code and all below it. */
function under(system: System, root: string): Set<string> {
  const found = new Set<string>([root])
  for (const code of found) for (const child of system.children.get(code) ?? []) found.add(child)
  return found
}

/** The codes that a filter chooses, or undefined where it is not understood. */
function filtered(system: System, { property, op, value }: Filter): Set<string> | undefined {
  const all = system.codes
  const valuesOf = (code: string): readonly string[] => {
    const concept = system.byCode.get(code)
    if (property === 'code') return [code]
    if (property === 'parent') return concept?.parents ?? []
    return concept?.properties?.[property] ?? []
  }
  const choose = (test: (code: string) => boolean): Set<string> => new Set([...all].filter(test))
  const concept = property === 'concept' || property === 'code'
  switch (op) {
    case 'is-a':
      return concept || property === 'parent' ? under(system, value) : undefined
    case 'descendent-of': {
      const found = under(system, value)
      found.delete(value)
      return found
    }
    case 'is-not-a': {
      const found = under(system, value)
      return choose((code) => !found.has(code))
    }
    case 'child-of':
      return new Set(system.children.get(value) ?? [])
    case 'descendent-leaf':
      return new Set([...under(system, value)].filter((code) => code !== value && !system.children.has(code)))
    case '=':
      return concept ? choose((code) => code === value) : choose((code) => valuesOf(code).includes(value))
    case 'in':
    case 'not-in': {
      const wanted = new Set(value.split(',').map((each) => each.trim()))
      return choose((code) => valuesOf(code).some((each) => wanted.has(each)) === (op === 'in'))
    }
    case 'regex': {
      const pattern = new RegExp(`^(?:${value})$`)
      return choose((code) => valuesOf(code).some((each) => pattern.test(each)))
    }
    case 'exists':
      return choose((code) => valuesOf(code).length > 0 === (value === 'true'))
    default:
      return undefined
  }
}

function membershipOf(url: string, part: Part): Membership {
  const membership = {
    url,
    of: part.of,
    ofCode: part.ofCode,
    reason: part.reason,
    ofValue: (value: unknown): Answer => answerValue(membership, value),
    *codes() {
      for (const [system, codes] of part.list ?? []) for (const code of codes) yield { system, code }
    },
  }
  return membership
}
