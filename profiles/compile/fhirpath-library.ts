/** The library fhirpath (National Library of Medicine) as a second engine: loaded only when an expression needs it. */
import { createRequire } from 'node:module'
import type { CompiledInvariant } from './compiled.ts'

interface FhirPath {
  compile(
    path: string | { base: string; expression: string },
    model: unknown,
    options?: { resolveInternalTypes?: boolean },
  ): (resource: unknown, environment: Record<string, unknown>) => unknown
}
let engine: FhirPath | undefined
let model: unknown

/** A test made by the library. Its errors are thrown on, and reported as not decided. */
export function libraryTest(expression: string): CompiledInvariant['test'] {
  let evaluate: ReturnType<FhirPath['compile']> | undefined
  return (visit, value, type) => {
    if (!engine) {
      const load = createRequire(import.meta.url)
      engine = load('fhirpath') as FhirPath
      model = load('fhirpath/fhir-context/r4')
    }
    evaluate ??= engine.compile({ base: type, expression }, model)
    const { resource, root } = visit.scope
    const result = evaluate(value, { resource, rootResource: root, context: value })
    if (!Array.isArray(result)) return undefined
    return result.length === 1 && typeof result[0] === 'boolean' ? result[0] : result.length > 0
  }
}
