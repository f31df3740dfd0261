/** Parts of value sets and how they combine: each answers in, out or open, and lists its codes where it can. */
import type { Answer } from './membership.ts'

/** One part of a value set: three-valued membership, and its codes where they can be listed. */
export interface Part {
  of(system: string | undefined, code: string): Answer
  ofCode(code: string): Answer
  readonly list: ReadonlyMap<string, ReadonlySet<string>> | undefined
  readonly reason: string | undefined
}

export const expansionOf = (expansion: Readonly<Record<string, readonly string[]>>): Map<string, Set<string>> =>
  new Map(Object.entries(expansion).map(([system, codes]) => [system, new Set(codes)]))

export function listPart(
  list: ReadonlyMap<string, ReadonlySet<string>>,
  reason: string | undefined,
  insensitive = false,
): Part {
  const lower = insensitive
    ? new Map([...list].map(([system, codes]) => [system, new Set([...codes].map((code) => code.toLowerCase()))]))
    : undefined
  const has = (system: string, code: string): boolean =>
    list.get(system)?.has(code) === true || lower?.get(system)?.has(code.toLowerCase()) === true
  return {
    list,
    reason,
    of: (system, code) => (system !== undefined && has(system, code) ? 'in' : 'out'),
    ofCode: (code) => {
      for (const system of list.keys()) if (has(system, code)) return 'in'
      return 'out'
    },
  }
}

/** A system of which at best some codes are at hand: other systems are out, its other codes open. */
export function systemPart(url: string, codes: ReadonlySet<string> | undefined, reason: string): Part {
  return {
    list: codes && new Map([[url, codes]]),
    reason,
    of: (system, code) => (system === url ? (codes?.has(code) ? 'in' : 'open') : 'out'),
    ofCode: (code) => (codes?.has(code) ? 'in' : 'open'),
  }
}

export function rulePart(url: string, rule: (code: string) => boolean | undefined): Part {
  const answer = (code: string): Answer => {
    const said = rule(code)
    return said === undefined ? 'open' : said ? 'in' : 'out'
  }
  return {
    list: undefined,
    reason: undefined,
    of: (system, code) => (system === url ? answer(code) : 'out'),
    ofCode: answer,
  }
}

export const openPart = (reason: string): Part => ({ list: undefined, reason, of: () => 'open', ofCode: () => 'open' })
export const closedPart = (canonical: string): Part => openPart(`the value set ${canonical} is not at hand`)

export function difference(included: readonly Part[], excluded: readonly Part[]): Part {
  const combine = (ask: (part: Part) => Answer): Answer => {
    let answer: Answer = 'out'
    for (const part of included) {
      const each = ask(part)
      if (each === 'in') {
        answer = 'in'
        break
      }
      if (each === 'open') answer = 'open'
    }
    if (answer === 'out') return 'out'
    for (const part of excluded) {
      const each = ask(part)
      if (each === 'in') return 'out'
      if (each === 'open') answer = 'open'
    }
    return answer
  }
  const list = new Map<string, Set<string>>()
  for (const part of included) {
    for (const [system, codes] of part.list ?? []) {
      const known = list.get(system) ?? new Set<string>()
      for (const code of codes) if (!excluded.some((each) => each.of(system, code) !== 'out')) known.add(code)
      list.set(system, known)
    }
  }
  const decided = [...included, ...excluded].every((part) => part.list !== undefined && part.reason === undefined)
  if (decided) return listPart(list, undefined)
  return {
    list,
    reason: [...included, ...excluded].find(({ reason }) => reason !== undefined)?.reason,
    of: (system, code) => combine((part) => part.of(system, code)),
    ofCode: (code) => combine((part) => part.ofCode(code)),
  }
}

export function intersection(parts: readonly Part[]): Part {
  const combine = (ask: (part: Part) => Answer): Answer => {
    let answer: Answer = 'in'
    for (const part of parts) {
      const each = ask(part)
      if (each === 'out') return 'out'
      if (each === 'open') answer = 'open'
    }
    return answer
  }
  const [first, ...rest] = parts
  const list = first?.list && new Map<string, Set<string>>()
  for (const [system, codes] of first?.list ?? []) {
    list?.set(system, new Set([...codes].filter((code) => rest.every((part) => part.of(system, code) === 'in'))))
  }
  return {
    list,
    reason: parts.find(({ reason }) => reason !== undefined)?.reason,
    of: (system, code) => combine((part) => part.of(system, code)),
    ofCode: (code) => combine((part) => part.ofCode(code)),
  }
}
