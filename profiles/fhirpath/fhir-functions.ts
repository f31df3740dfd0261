/** The functions that FHIR adds to FHIRPath, and those that need to know the tree. */
import type { TypeTable } from '../compile/types.ts'
import { partsOfReference } from '../rules/scope.ts'
import type { Json } from '../rules/visit.ts'
import { type Env, logical, plural, type Static, single } from './code.ts'
import { isObject, Node, plain, Undecided, Unread } from './items.ts'
import { argument, type Maker } from './makers.ts'
import { childrenOf, typeOfItem } from './steps.ts'

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

export const fhirFunctions: Readonly<Record<string, Maker>> = {
  children: ({ target, types }) =>
    plural(undefined, (self, env) => target.all(self, env).flatMap((item) => childrenOf(types, item, target.type))),
  descendants: ({ target, types }) =>
    plural(undefined, (self, env) => {
      const found: unknown[] = []
      for (const item of target.all(self, env)) below(types, item, target.type, found)
      return found
    }),
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
      if (typeof decided === 'object') throw new Undecided(decided.open)
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
