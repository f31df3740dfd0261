/** What an expression compiles to: closures that answer in the cheapest form that the consumer needs (a truth, existence, one item, all items). */
import type { World } from '../compile/compiled.ts'
import type { Visit } from '../rules/visit.ts'
import { EvaluationTrouble, plain } from './items.ts'

/** Types that items can have, or undefined where nothing is known. */
export type Static = readonly string[] | undefined

/** What an evaluation may ask of its surroundings. */
export interface Env {
  readonly world: World
  readonly visit: Visit
  readonly context: unknown
  index: number
  total: unknown
}

/** `self` is `$this`. */
export interface Code {
  readonly type: Static
  /** False where there is never more than one item. */
  readonly many: boolean
  /** The items when they are the same whatever the input. */
  readonly constant?: readonly unknown[]
  all(self: unknown, env: Env): readonly unknown[]
  /** The one item, or undefined; throws when there are several. */
  one(self: unknown, env: Env): unknown
  some(self: unknown, env: Env): boolean
  /** As a condition: undefined for the empty collection. */
  truth(self: unknown, env: Env): boolean | undefined
  /** For a choice element: the same step for one of its types. */
  readonly narrow?: (type: string) => Code | undefined
}

export const none: readonly unknown[] = Object.freeze([])

/** An item as a condition: a boolean is itself, anything else that is there is true. */
export const truthOf = (item: unknown): boolean | undefined => {
  if (item === undefined) return undefined
  const value = plain(item)
  return typeof value === 'boolean' ? value : true
}

export const single = (type: Static, one: Code['one']): Code => ({
  type,
  many: false,
  one,
  all: (self, env) => {
    const item = one(self, env)
    return item === undefined ? none : [item]
  },
  some: (self, env) => one(self, env) !== undefined,
  truth: (self, env) => truthOf(one(self, env)),
})

export const plural = (type: Static, all: Code['all'], some?: Code['some']): Code => ({
  type,
  many: true,
  all,
  one: (self, env) => {
    const items = all(self, env)
    if (items.length > 1) throw new EvaluationTrouble('one value is expected, but there are several')
    return items[0]
  },
  some: some ?? ((self, env) => all(self, env).length > 0),
  truth: (self, env) => {
    const items = all(self, env)
    return items.length === 0 ? undefined : items.length === 1 ? truthOf(items[0]) : true
  },
})

export const logical = (truth: Code['truth']): Code => ({
  type: ['boolean'],
  many: false,
  truth,
  one: truth,
  all: (self, env) => {
    const value = truth(self, env)
    return value === undefined ? none : [value]
  },
  some: (self, env) => truth(self, env) !== undefined,
})

export const constant = (type: Static, items: readonly unknown[]): Code => ({
  ...(items.length <= 1 ? single(type, () => items[0]) : plural(type, () => items)),
  constant: items,
})
