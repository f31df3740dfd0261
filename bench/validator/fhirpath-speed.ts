/** Our FHIRPath beside fhirpath.js: the same invariants on the same values, collected from a validation of examples. */
import { createRequire } from 'node:module'
import type { CompiledInvariant } from '../../profiles/compile/compiled.ts'
import { Library } from '../../profiles/compile/library.ts'
import { CompiledWorld } from '../../profiles/compile/world.ts'
import { shippedPackages } from '../../profiles/definitions.ts'
import { defaultPolicy } from '../../profiles/policy.ts'
import { rules } from '../../profiles/rules/index.ts'
import { Scope } from '../../profiles/rules/scope.ts'
import { type Json, Visit } from '../../profiles/rules/visit.ts'

interface Call {
  readonly ours: () => unknown
  readonly theirs: () => unknown
}
type Evaluate = (data: unknown, variables: Record<string, unknown>) => unknown

/** A world that notes every question that is asked of FHIRPath. */
class NotingWorld extends CompiledWorld {
  readonly calls: Call[] = []
  readonly #load = createRequire(import.meta.url)
  readonly #engine = this.#load('fhirpath') as {
    compile(path: { base: string; expression: string }, model: unknown, options: { traceFn: () => void }): Evaluate
  }
  readonly #model: unknown = this.#load('fhirpath/fhir-context/r4')
  readonly #compiled = new Map<string, Evaluate>()

  override invariantsOf(...args: Parameters<CompiledWorld['invariantsOf']>): readonly CompiledInvariant[] {
    return super.invariantsOf(...args).map((invariant) => ({
      ...invariant,
      test: (visit, value, type, shadow) => {
        if (value !== undefined && shadow === undefined) this.#note(invariant, visit, value, type)
        return invariant.test(visit, value, type, shadow)
      },
    }))
  }

  #note({ expression, test }: CompiledInvariant, visit: Visit, value: unknown, type: string): void {
    const { scope } = visit
    const key = `${type} ${expression}`
    let evaluate = this.#compiled.get(key)
    if (!evaluate) {
      evaluate = this.#engine.compile({ base: type, expression }, this.#model, { traceFn: () => undefined })
      this.#compiled.set(key, evaluate)
    }
    const variables = { resource: scope.resource, rootResource: scope.root, context: value }
    const their = evaluate
    const place = new Visit(scope)
    this.calls.push({ ours: () => test(place, value, type, undefined), theirs: () => their(value, variables) })
  }
}

export interface Speed {
  readonly name: string
  readonly evaluations: number
  readonly microseconds: number
}

/** CPU time for one evaluation, warm. What either engine refuses (resolve() is asynchronous there) is asked of neither. */
export function fhirPathSpeeds(examples: readonly { readonly resource: Json }[]): Speed[] {
  const world = new NotingWorld(new Library(shippedPackages()), defaultPolicy, rules)
  for (const { resource } of examples) {
    const visit = new Visit(new Scope(resource))
    visit.push(String(resource.resourceType), -1, undefined, resource)
    rules.judgeWhole(world, visit, resource, { profile: '', element: '' }, [])
  }
  const calls = world.calls.filter(({ ours, theirs }) => [ours, theirs].every(runs))
  return (['ours', 'theirs'] as const).map((side) => {
    const before = process.cpuUsage()
    for (const call of calls) call[side]()
    const { user, system } = process.cpuUsage(before)
    return {
      name: side === 'ours' ? 'Vitruvian' : 'fhirpath.js',
      evaluations: calls.length,
      microseconds: (user + system) / Math.max(1, calls.length),
    }
  })
}

function runs(call: () => unknown): boolean {
  try {
    call()
    return true
  } catch {
    return false
  }
}
