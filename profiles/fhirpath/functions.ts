/** The functions of FHIRPath and those that FHIR adds, each as a maker of code. */
import type { TypeTable } from '../compile/types.ts'
import { partsOfReference } from '../rules/scope.ts'
import type { Json } from '../rules/visit.ts'
import { type Code, constant, type Env, logical, none, plural, type Static, single } from './code.ts'
import { distinct, EvaluationTrouble, includes, isObject, Node, plain, Undecided, Unread } from './items.ts'
import type { Syntax } from './parse.ts'
import { childrenOf, typeOfItem } from './steps.ts'

/** What a maker needs of the compiler. */
interface Lambdas {
  lambda(tree: Syntax, target: Code): Code
  compile(tree: Syntax, self: Code): Code
}
interface Call {
  readonly compiler: Lambdas
  readonly target: Code
  readonly args: readonly Syntax[]
  readonly self: Code
  readonly types: TypeTable
}
type Maker = (call: Call) => Code

const argument = ({ compiler, args, self }: Call, at: number): Code => compiler.compile(args[at] as Syntax, self)

/** Runs `test` for each item of the target, with $index set. */
function each(
  target: Code,
  self: unknown,
  env: Env,
  visit: (item: unknown, index: number) => boolean | undefined,
): void {
  if (!target.many) {
    const item = target.one(self, env)
    if (item !== undefined) {
      const before = env.index
      env.index = 0
      visit(item, 0)
      env.index = before
    }
    return
  }
  const items = target.all(self, env)
  const before = env.index
  for (let at = 0; at < items.length; at++) {
    env.index = at
    if (visit(items[at], at) === false) break
  }
  env.index = before
}

function where({ compiler, target, args }: Call): Code {
  const criterion = compiler.lambda(args[0] as Syntax, target)
  const all: Code['all'] = (self, env) => {
    const found: unknown[] = []
    each(target, self, env, (item) => {
      if (criterion.truth(item, env) === true) found.push(item)
      return true
    })
    return found
  }
  const some: Code['some'] = (self, env) => {
    let found = false
    each(target, self, env, (item) => {
      found = criterion.truth(item, env) === true
      return !found
    })
    return found
  }
  return target.many
    ? plural(target.type, all, some)
    : { ...single(target.type, (self, env) => all(self, env)[0]), some }
}

const allOf =
  (wanted: boolean, quantifier: 'all' | 'any'): Maker =>
  ({ target }) =>
    logical((self, env) => {
      const test = (item: unknown): boolean => plain(item) === wanted
      const items = target.all(self, env)
      return quantifier === 'all' ? items.every(test) : items.some(test)
    })

/** A function of one string (or what reads as one). */
const ofText =
  (type: Static, apply: (text: string, args: readonly unknown[]) => unknown): Maker =>
  (call) => {
    const { target } = call
    const args = call.args.map((_, at) => argument(call, at))
    return single(type, (self, env) => {
      const item = target.one(self, env)
      if (item === undefined) return undefined
      const value = plain(item)
      if (typeof value !== 'string') {
        if (value === undefined || isObject(value)) return undefined
        return apply(
          String(value),
          args.map((arg) => plain(arg.one(self, env))),
        )
      }
      const given: unknown[] = []
      for (const arg of args) {
        const one = plain(arg.one(self, env))
        if (one === undefined) return undefined
        given.push(one)
      }
      return apply(value, given)
    })
  }

const expressions = new Map<string, RegExp>()
function regex(text: string, flags: string): RegExp {
  const key = `${flags}/${text}`
  let known = expressions.get(key)
  if (!known) {
    try {
      known = new RegExp(text, `${flags}u`)
    } catch {
      known = new RegExp(text, flags)
    }
    expressions.set(key, known)
  }
  known.lastIndex = 0
  return known
}

const ofNumber =
  (apply: (number: number, args: readonly number[]) => number | undefined): Maker =>
  (call) => {
    const args = call.args.map((_, at) => argument(call, at))
    return single(call.target.type, (self, env) => {
      const value = plain(call.target.one(self, env))
      if (typeof value !== 'number') return undefined
      return apply(
        value,
        args.map((arg) => plain(arg.one(self, env)) as number),
      )
    })
  }

const decimalText = /^[+-]?\d+(\.\d+)?$/
const integerText = /^[+-]?\d+$/

function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && integerText.test(value) ? Number(value) : undefined
}
function toDecimal(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && decimalText.test(value) ? Number(value) : undefined
}
function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  if (['true', 't', 'yes', 'y', '1', '1.0'].includes(text)) return true
  return ['false', 'f', 'no', 'n', '0', '0.0'].includes(text) ? false : undefined
}
const toText = (value: unknown): string | undefined =>
  value === undefined || isObject(value) ? undefined : String(value)

const conversion =
  (type: string, convert: (value: unknown) => unknown): Maker =>
  ({ target }) =>
    single([type], (self, env) => {
      const item = target.one(self, env)
      return item === undefined ? undefined : convert(plain(item))
    })
const converts =
  (convert: (value: unknown) => unknown): Maker =>
  ({ target }) =>
    logical((self, env) => {
      const item = target.one(self, env)
      return item === undefined ? undefined : convert(plain(item)) !== undefined
    })
const toTime =
  (type: string, pattern: RegExp): Maker =>
  ({ target }) =>
    single([type], (self, env) => {
      const value = plain(target.one(self, env))
      return typeof value === 'string' && pattern.test(value) ? new Node(value, undefined, type) : undefined
    })

/** The target of a reference, or a stand-in that only knows its type. */
function resolved(item: unknown, env: Env): unknown {
  const value = plain(item)
  const reference = typeof value === 'string' ? value : isObject(value) ? value.reference : undefined
  if (typeof reference !== 'string') return undefined
  const found = env.visit.scope.resolve(reference)
  if (found) return found.resource
  const stated = isObject(value) && typeof value.type === 'string' ? value.type : undefined
  const type = partsOfReference(reference)?.type ?? stated
  if (type !== undefined && env.world.types.isResource(type)) return new Unread(undefined, undefined, type)
  return undefined
}

/** Everything below an item, parents before their children. */
function below(types: TypeTable, item: unknown, known: Static, into: unknown[]): void {
  for (const child of childrenOf(types, item, known)) {
    into.push(child)
    below(types, child, undefined, into)
  }
}

const slice =
  (range: (length: number, argument: number) => readonly [number, number]): Maker =>
  (call) => {
    const { target } = call
    const count = call.args.length > 0 ? argument(call, 0) : undefined
    return plural(target.type, (self, env) => {
      const items = target.all(self, env)
      const [from, to] = range(items.length, count ? Number(plain(count.one(self, env))) : 0)
      return items.slice(Math.max(0, from), Math.max(0, to))
    })
  }
const pick =
  (at: (length: number) => number): Maker =>
  ({ target }) =>
    target.many
      ? single(target.type, (self, env) => {
          const items = target.all(self, env)
          return items[at(items.length)]
        })
      : target

const sets =
  (combine: (left: readonly unknown[], right: readonly unknown[]) => readonly unknown[]): Maker =>
  (call) => {
    const other = argument(call, 0)
    const { target } = call
    const type = target.type && other.type && target.type.join() === other.type.join() ? target.type : undefined
    return plural(type, (self, env) => combine(target.all(self, env), other.all(self, env)))
  }

export const functions: Readonly<Record<string, Maker>> = {
  empty: ({ target }) => logical((self, env) => !target.some(self, env)),
  exists: (call) => {
    const code = call.args.length > 0 ? where(call) : call.target
    return logical((self, env) => code.some(self, env))
  },
  not: ({ target }) =>
    logical((self, env) => {
      const truth = target.truth(self, env)
      return truth === undefined ? undefined : !truth
    }),
  all: ({ compiler, target, args }) => {
    const criterion = compiler.lambda(args[0] as Syntax, target)
    return logical((self, env) => {
      let met = true
      each(target, self, env, (item) => {
        met = criterion.truth(item, env) === true
        return met
      })
      return met
    })
  },
  allTrue: allOf(true, 'all'),
  anyTrue: allOf(true, 'any'),
  allFalse: allOf(false, 'all'),
  anyFalse: allOf(false, 'any'),
  where,
  select: ({ compiler, target, args }) => {
    const projection = compiler.lambda(args[0] as Syntax, target)
    if (!target.many && !projection.many) {
      return single(projection.type, (self, env) => {
        const item = target.one(self, env)
        return item === undefined ? undefined : projection.one(item, env)
      })
    }
    return plural(projection.type, (self, env) => {
      const found: unknown[] = []
      each(target, self, env, (item) => {
        for (const one of projection.all(item, env)) found.push(one)
        return true
      })
      return found
    })
  },
  repeat: ({ compiler, target, args }) => {
    // Items found on the way may be of other types than the target's, so nothing is known of them beforehand.
    const first = compiler.lambda(args[0] as Syntax, target)
    const further = compiler.lambda(
      args[0] as Syntax,
      plural(first.type, () => none),
    )
    return plural(first.type, (self, env) => {
      const found: unknown[] = []
      let wave: readonly unknown[] = target.all(self, env).flatMap((item) => first.all(item, env))
      while (wave.length > 0) {
        const fresh = wave.filter(
          (item) => !found.some((known) => plain(known) === plain(item) && isObject(plain(item))),
        )
        found.push(...fresh)
        wave = fresh.flatMap((item) => further.all(item, env))
        if (found.length > 100_000) throw new EvaluationTrouble('repeat() does not end')
      }
      return found
    })
  },
  aggregate: (call) => {
    const { compiler, target, args } = call
    const step = compiler.lambda(args[0] as Syntax, target)
    const start = args.length > 1 ? argument(call, 1) : undefined
    return plural(undefined, (self, env) => {
      const before = env.total
      env.total = start?.one(self, env)
      each(target, self, env, (item) => {
        env.total = step.one(item, env)
        return true
      })
      const total = env.total
      env.total = before
      return total === undefined ? none : [total]
    })
  },
  count: ({ target }) =>
    single(['integer'], (self, env) => (target.many ? target.all(self, env).length : target.some(self, env) ? 1 : 0)),
  isDistinct: ({ target }) =>
    logical((self, env) => {
      const items = target.all(self, env)
      return items.length < 2 || distinct(items).length === items.length
    }),
  distinct: ({ target }) => plural(target.type, (self, env) => distinct(target.all(self, env))),
  subsetOf: (call) => {
    const other = argument(call, 0)
    return logical((self, env) => {
      const items = call.target.all(self, env)
      if (items.length === 0) return true
      const all = other.all(self, env)
      return items.every((item) => includes(all, item))
    })
  },
  supersetOf: (call) => {
    const other = argument(call, 0)
    return logical((self, env) => {
      const items = call.target.all(self, env)
      return other.all(self, env).every((item) => includes(items, item))
    })
  },
  single: ({ target }) => single(target.type, (self, env) => target.one(self, env)),
  first: pick(() => 0),
  last: pick((length) => length - 1),
  tail: slice((length) => [1, length]),
  skip: slice((length, count) => [count, length]),
  take: slice((_length, count) => [0, count]),
  intersect: sets((left, right) => distinct(left.filter((item) => includes(right, item)))),
  exclude: sets((left, right) => left.filter((item) => !includes(right, item))),
  union: sets((left, right) => distinct([...left, ...right])),
  combine: sets((left, right) => [...left, ...right]),
  iif: (call) => {
    const { compiler, target, args } = call
    const bound = (tree: Syntax): Code => compiler.lambda(tree, target)
    const condition = bound(args[0] as Syntax)
    const yes = bound(args[1] as Syntax)
    const no = args[2] ? bound(args[2]) : constant(undefined, [])
    const type = yes.type && no.type && yes.type.join() === no.type.join() ? yes.type : undefined
    // An empty target is still a target: `member.resolve().iif(empty(), true, ...)`.
    if (target.many || target !== call.self) {
      const wholeCondition = compiler.compile(args[0] as Syntax, target)
      const wholeYes = compiler.compile(args[1] as Syntax, target)
      const wholeNo = args[2] ? compiler.compile(args[2], target) : constant(undefined, [])
      return plural(type, (self, env) => (wholeCondition.truth(self, env) === true ? wholeYes : wholeNo).all(self, env))
    }
    const choose = (self: unknown, env: Env): Code => (condition.truth(self, env) === true ? yes : no)
    if (yes.many || no.many) return plural(type, (self, env) => choose(self, env).all(self, env))
    return single(type, (self, env) => choose(self, env).one(self, env))
  },
  toInteger: conversion('integer', toInteger),
  toDecimal: conversion('decimal', toDecimal),
  toBoolean: conversion('boolean', toBoolean),
  toString: conversion('string', toText),
  convertsToInteger: converts(toInteger),
  convertsToDecimal: converts(toDecimal),
  convertsToBoolean: converts(toBoolean),
  convertsToString: converts(toText),
  toDate: toTime('date', /^\d{4}(-\d\d(-\d\d)?)?/),
  toDateTime: toTime('dateTime', /^\d{4}(-\d\d(-\d\d)?)?/),
  toTime: toTime('time', /^\d\d(:\d\d(:\d\d)?)?/),
  startsWith: ofText(['boolean'], (text, [start]) => text.startsWith(String(start))),
  endsWith: ofText(['boolean'], (text, [end]) => text.endsWith(String(end))),
  contains: ofText(['boolean'], (text, [part]) => text.includes(String(part))),
  indexOf: ofText(['integer'], (text, [part]) => text.indexOf(String(part))),
  lastIndexOf: ofText(['integer'], (text, [part]) => text.lastIndexOf(String(part))),
  substring: ofText(['string'], (text, [start, length]) => {
    const from = Number(start)
    if (from < 0 || from >= text.length) return undefined
    return length === undefined ? text.slice(from) : text.slice(from, from + Number(length))
  }),
  upper: ofText(['string'], (text) => text.toUpperCase()),
  lower: ofText(['string'], (text) => text.toLowerCase()),
  trim: ofText(['string'], (text) => text.trim()),
  length: ofText(['integer'], (text) => [...text].length),
  matches: ofText(['boolean'], (text, [pattern]) => regex(String(pattern), 's').test(text)),
  matchesFull: ofText(['boolean'], (text, [pattern]) => regex(`^(?:${String(pattern)})$`, 's').test(text)),
  replaceMatches: ofText(['string'], (text, [pattern, by]) => text.replace(regex(String(pattern), 'g'), String(by))),
  replace: ofText(['string'], (text, [part, by]) => text.split(String(part)).join(String(by))),
  toChars: (call) => {
    const text = ofText(['string'], (value) => value)(call)
    return plural(['string'], (self, env) => [...String(text.one(self, env) ?? '')])
  },
  split: (call) => {
    const by = argument(call, 0)
    return plural(['string'], (self, env) => {
      const value = plain(call.target.one(self, env))
      return typeof value === 'string' ? value.split(String(plain(by.one(self, env)))) : none
    })
  },
  join: (call) => {
    const by = call.args.length > 0 ? argument(call, 0) : undefined
    return single(['string'], (self, env) => {
      const items = call.target.all(self, env)
      return items.length === 0
        ? undefined
        : items.map((item) => String(plain(item))).join(by ? String(plain(by.one(self, env))) : '')
    })
  },
  abs: ofNumber((number) => Math.abs(number)),
  ceiling: ofNumber((number) => Math.ceil(number)),
  floor: ofNumber((number) => Math.floor(number)),
  truncate: ofNumber((number) => Math.trunc(number)),
  sqrt: ofNumber((number) => (number < 0 ? undefined : Math.sqrt(number))),
  exp: ofNumber((number) => Math.exp(number)),
  ln: ofNumber((number) => Math.log(number)),
  power: ofNumber((number, [exponent]) => number ** (exponent as number)),
  round: ofNumber((number, [digits]) => Number(number.toFixed(digits ?? 0))),
  children: ({ target, types }) =>
    plural(undefined, (self, env) => target.all(self, env).flatMap((item) => childrenOf(types, item, target.type))),
  descendants: ({ target, types }) =>
    plural(undefined, (self, env) => {
      const found: unknown[] = []
      for (const item of target.all(self, env)) below(types, item, target.type, found)
      return found
    }),
  trace: ({ target }) => target,
  hasValue: ({ target }) =>
    logical((self, env) => {
      const items = target.all(self, env)
      if (items.length !== 1) return false
      const value = plain(items[0])
      return value !== undefined && !isObject(value)
    }),
  getValue: ({ target }) =>
    single(target.type, (self, env) => {
      const value = plain(target.one(self, env))
      return isObject(value) ? undefined : value
    }),
  extension: (call) => {
    const url = argument(call, 0)
    return plural(['Extension'], (self, env) => {
      const wanted = plain(url.one(self, env))
      const found: Json[] = []
      for (const item of call.target.all(self, env)) {
        const holder =
          item instanceof Node && !(item instanceof Unread)
            ? isObject(item.value)
              ? item.value
              : item.shadow
            : isObject(item)
              ? item
              : undefined
        const list = holder?.extension
        if (Array.isArray(list))
          for (const extension of list) if (isObject(extension) && extension.url === wanted) found.push(extension)
      }
      return found
    })
  },
  resolve: ({ target }) =>
    target.many
      ? plural(undefined, (self, env) => target.all(self, env).flatMap((item) => resolved(item, env) ?? []))
      : single(undefined, (self, env) => {
          const item = target.one(self, env)
          return item === undefined ? undefined : resolved(item, env)
        }),
  memberOf: (call) => {
    const url = argument(call, 0)
    return logical((self, env) => {
      const item = call.target.one(self, env)
      if (item === undefined) return undefined
      const canonical = String(plain(url.one(self, env)))
      const value = plain(item)
      const answer = env.world.terminology.membership(canonical).ofValue(value)
      const decided = answer === 'open' ? env.world.decideElsewhere?.(canonical, value) : answer
      if (decided === undefined || decided === 'open')
        throw new Undecided(`the value set ${canonical} is not at hand in full`)
      return decided === 'in'
    })
  },
  conformsTo: (call) => {
    const url = argument(call, 0)
    return logical((self, env) => {
      const item = call.target.one(self, env)
      if (item === undefined) return undefined
      const canonical = String(plain(url.one(self, env)))
      const check = env.world.profileCheck(canonical)
      if (!check) throw new Undecided(`the profile ${canonical} is not at hand`)
      const value = plain(item)
      return isObject(value) && env.world.rules.conforms(env.world, env.visit, value, check)
    })
  },
  type: ({ target }) =>
    single(undefined, (self, env) => {
      const item = target.one(self, env)
      if (item === undefined) return undefined
      const name = typeOfItem(item, target.type)
      return name === undefined ? undefined : { namespace: 'FHIR', name }
    }),
  // The narrative has a rule of its own, which also says where it is broken.
  htmlChecks: () => logical(() => true),
}
