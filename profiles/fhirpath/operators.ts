/** The operators of FHIRPath as makers of code: equality, order, membership, union and arithmetic. */

import type { Json } from '../rules/visit.ts'
import { type Code, constant, type Env, logical, plural, type Static, single } from './code.ts'
import {
  compareItems,
  compareQuantities,
  deepEqual,
  distinct,
  EvaluationTrouble,
  equalItems,
  includes,
  isObject,
  isTimeType,
  plain,
} from './items.ts'

/** An item as text for `&`: nothing is the empty text. */
export const textOf = (item: unknown): string => {
  const value = plain(item)
  return value === undefined ? '' : String(value)
}

/** Items of other types carry their type with them. */
const isTime = (code: Code): boolean => code.type !== undefined && code.type.length > 0 && code.type.every(isTimeType)

export function unionCode(left: Code, right: Code): Code {
  if (left.constant && right.constant)
    return constant(sameType(left, right), distinct([...left.constant, ...right.constant]))
  return plural(
    sameType(left, right),
    (self, env) => {
      const a = left.all(self, env)
      const b = right.all(self, env)
      return distinct(a.length === 0 ? b : b.length === 0 ? a : [...a, ...b])
    },
    (self, env) => left.some(self, env) || right.some(self, env),
  )
}

const sameType = (left: Code, right: Code): Static => {
  if (left.constant?.length === 0) return right.type
  if (right.constant?.length === 0) return left.type
  return left.type && right.type && left.type.length === 1 && right.type.length === 1 && left.type[0] === right.type[0]
    ? left.type
    : undefined
}

export function equality(left: Code, right: Code, negated: boolean): Code {
  const times = isTime(left) || isTime(right)
  const pair = (a: unknown, b: unknown): boolean | undefined => {
    const same = a === b && typeof a === 'string' ? true : equalItems(a, b, times)
    return same === undefined ? undefined : same !== negated
  }
  if (!left.many && !right.many) {
    return logical((self, env) => {
      const a = left.one(self, env)
      if (a === undefined) return undefined
      const b = right.one(self, env)
      return b === undefined ? undefined : pair(a, b)
    })
  }
  return logical((self, env) => {
    const a = left.all(self, env)
    if (a.length === 0) return undefined
    const b = right.all(self, env)
    if (b.length === 0) return undefined
    if (a.length !== b.length) return negated
    for (let at = 0; at < a.length; at++) {
      const same = equalItems(a[at], b[at], times)
      if (same === undefined) return undefined
      if (!same) return negated
    }
    return !negated
  })
}

const isQuantity = (value: unknown): value is Json => isObject(value) && typeof value.value === 'number'

/** `~`: order does not matter, letters' case and white space neither. */
export function equivalence(left: Code, right: Code, negated: boolean): Code {
  const normal = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ')
  const alike = (a: unknown, b: unknown): boolean => {
    const x = plain(a)
    const y = plain(b)
    if (typeof x === 'string' && typeof y === 'string') return normal(x) === normal(y)
    if (typeof x === 'number' && typeof y === 'number') return Math.abs(x - y) < 1e-8
    if (isQuantity(x) && isQuantity(y)) return (compareQuantities(x, y) ?? (deepEqual(x, y) ? 0 : 1)) === 0
    return deepEqual(x, y)
  }
  return logical((self, env) => {
    const a = left.all(self, env)
    const b = right.all(self, env)
    if (a.length !== b.length) return negated
    return a.every((item) => b.some((other) => alike(item, other))) !== negated
  })
}

export function comparison(left: Code, right: Code, judge: (order: number) => boolean): Code {
  const times = isTime(left) || isTime(right)
  return logical((self, env) => {
    const a = left.one(self, env)
    if (a === undefined) return undefined
    const b = right.one(self, env)
    if (b === undefined) return undefined
    const order = compareItems(a, b, times)
    return order === undefined ? undefined : judge(order)
  })
}

export function membership(item: Code, list: Code): Code {
  if (list.constant?.every((each) => typeof each === 'string')) {
    const set = new Set(list.constant as readonly string[])
    return logical((self, env) => {
      const wanted = item.one(self, env)
      if (wanted === undefined) return undefined
      const value = plain(wanted)
      return typeof value === 'string' ? set.has(value) : false
    })
  }
  return logical((self, env) => {
    const wanted = item.one(self, env)
    return wanted === undefined ? undefined : includes(list.all(self, env), wanted)
  })
}

export function arithmetic(operator: string, left: Code, right: Code): Code {
  const type: Static = left.type?.length === 1 ? left.type : undefined
  return single(operator === '/' ? ['decimal'] : type, (self, env: Env) => {
    const first = left.one(self, env)
    const second = right.one(self, env)
    if (first === undefined || second === undefined) return undefined
    const a = plain(first)
    const b = plain(second)
    if (typeof a === 'string' && typeof b === 'string' && operator === '+') return a + b
    if (typeof a !== 'number' || typeof b !== 'number') throw new EvaluationTrouble(`${operator} needs two numbers`)
    switch (operator) {
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '/':
        return b === 0 ? undefined : a / b
      case 'div':
        return b === 0 ? undefined : Math.trunc(a / b)
      case 'mod':
        return b === 0 ? undefined : a % b
      default:
        throw new EvaluationTrouble(`the operator ${operator} is not known`)
    }
  })
}
