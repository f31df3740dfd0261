/** The functions of FHIRPath on collections, each as a maker of code; with those on text and those of FHIR in one list. */
import { type Code, constant, type Env, logical, none, plural, single } from './code.ts'
import { fhirFunctions } from './fhir-functions.ts'
import { distinct, EvaluationTrouble, includes, plain } from './items.ts'
import { argument, type Call, each, type Maker } from './makers.ts'
import type { Syntax } from './parse.ts'
import { textFunctions } from './text-functions.ts'

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

const collectionFunctions: Readonly<Record<string, Maker>> = {
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
      const seen = new Set<unknown>()
      let wave: readonly unknown[] = target.all(self, env).flatMap((item) => first.all(item, env))
      while (wave.length > 0) {
        const fresh = wave.filter((item) => !seen.has(plain(item)) && seen.add(plain(item)))
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
  trace: ({ target }) => target,
}

export const functions: ReadonlyMap<string, Maker> = new Map(
  Object.entries({ ...collectionFunctions, ...textFunctions, ...fhirFunctions }),
)
