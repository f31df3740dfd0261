/** What the makers of functions share: the call that they compile, its arguments, and the way through the items of its target. */
import type { TypeTable } from '../compile/types.ts'
import type { Code, Env } from './code.ts'
import type { Syntax } from './parse.ts'

/** What a maker needs of the compiler. */
export interface Lambdas {
  lambda(tree: Syntax, target: Code): Code
  compile(tree: Syntax, self: Code): Code
}
export interface Call {
  readonly compiler: Lambdas
  readonly target: Code
  readonly args: readonly Syntax[]
  readonly self: Code
  readonly types: TypeTable
}
export type Maker = (call: Call) => Code

/** The code of an argument, seen from where the call stands. */
export const argument = ({ compiler, args, self }: Call, at: number): Code => compiler.compile(args[at] as Syntax, self)

/** Runs `test` for each item of the target, with $index set. */
export function each(
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
