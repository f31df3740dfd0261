/** Invariants compiled: our own FHIRPath compiler first, the library fhirpath where it refuses. */

import type { Code } from '../fhirpath/code.ts'
import { compileExpression, Unsupported } from '../fhirpath/compile.ts'
import { Node } from '../fhirpath/items.ts'
import { SyntaxTrouble } from '../fhirpath/parse.ts'
import type { DefinitionPackage } from '../packages/package.ts'
import type { Visit } from '../rules/visit.ts'
import type { CompiledInvariant, World } from './compiled.ts'
import { corrections } from './corrections.ts'
import { libraryTest } from './fhirpath-library.ts'
import type { ProfileSheet, Row } from './sheet.ts'

/** Invariants that the rules judge themselves, with better words: emptiness, contained resources, narratives. */
const native = new Set(['ele-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5', 'txt-1', 'txt-2', 'bdl-7', 'bdl-11', 'bdl-12'])

const compiled = new WeakMap<World, Map<string, CompiledInvariant['test']>>()

/** The invariants of a row, for values of that type (undefined: told when they come). */
export function compileInvariants(
  world: World,
  row: Row,
  sheet: ProfileSheet,
  type: string | undefined,
  _home: DefinitionPackage,
): readonly CompiledInvariant[] {
  const found: CompiledInvariant[] = []
  for (const name of row.invariants) {
    const invariant = sheet.invariants[name]
    if (!invariant || native.has(invariant.key)) continue
    found.push({
      key: invariant.key,
      severity: invariant.severity,
      bestPractice: invariant.bestPractice === true,
      expression: invariant.expression,
      demand: { profile: invariant.source ?? sheet.url, element: row.id },
      test: testOf(world, corrections(invariant.expression), sheet, type),
    })
  }
  return found
}

/** One expression is compiled once for each type that it is asked of. */
function testOf(
  world: World,
  expression: string,
  sheet: ProfileSheet,
  type: string | undefined,
): CompiledInvariant['test'] {
  const resource = sheet.kind === 'resource' && world.types.isResource(sheet.type) ? sheet.type : undefined
  const cache = compiled.get(world) ?? new Map<string, CompiledInvariant['test']>()
  compiled.set(world, cache)
  const key = `${type ?? ''} ${resource ?? ''} ${expression}`
  let test = cache.get(key)
  if (!test) {
    // Compiled at the first question: most of what a package states is never asked.
    let made: CompiledInvariant['test'] | undefined
    test = (visit, value, own, shadow) => {
      made ??= makeTest(world, expression, type, resource)
      return made(visit, value, own, shadow)
    }
    cache.set(key, test)
  }
  return test
}

const expressions = new WeakMap<World, Map<string, Code>>()

/** The items of an expression on a value. Throws where our compiler refuses it. */
export function evaluateOn(
  world: World,
  visit: Visit,
  expression: string,
  value: unknown,
  type: string,
): readonly unknown[] {
  const cache = expressions.get(world) ?? new Map<string, Code>()
  expressions.set(world, cache)
  const key = `${type} ${expression}`
  let code = cache.get(key)
  if (!code) {
    code = compileExpression(expression, {
      types: world.types,
      context: world.types.get(type) ? [type] : undefined,
      resource: undefined,
    })
    cache.set(key, code)
  }
  return code.all(value, { world, visit, context: value, index: 0, total: undefined })
}

function makeTest(
  world: World,
  expression: string,
  type: string | undefined,
  resource: string | undefined,
): CompiledInvariant['test'] {
  const known = type !== undefined && world.types.get(type) ? [type] : undefined
  try {
    const code = compileExpression(expression, {
      types: world.types,
      context: known,
      resource:
        resource === undefined || resource === 'Resource' || resource === 'DomainResource' ? undefined : [resource],
    })
    return (visit, value, own, shadow) => {
      const item = shadow !== undefined || known === undefined ? new Node(value, shadow, own) : value
      const truth = code.truth(item, { world, visit, context: item, index: 0, total: undefined })
      // What comes to nothing is not met; but of a primitive that only an extension stands for there was nothing to say.
      return truth ?? value === undefined
    }
  } catch (trouble) {
    if (trouble instanceof Unsupported || trouble instanceof SyntaxTrouble) return libraryTest(expression)
    throw trouble
  }
}
