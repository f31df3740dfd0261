/** The library of the National Library of Medicine beside our FHIRPath: whenever a world asks an invariant, both answer. For tests. */
import { createRequire } from 'node:module'
import type { CompiledInvariant } from '../compile/compiled.ts'
import { corrections } from '../compile/corrections.ts'
import { CompiledWorld } from '../compile/world.ts'
import type { Visit } from '../rules/visit.ts'

type Evaluate = (data: unknown, variables: Record<string, unknown>) => unknown
interface Engine {
  compile(path: { base: string; expression: string }, model: unknown, options: { traceFn: () => void }): Evaluate
}
const load = createRequire(import.meta.url)

/** The library's verdict in our words: broken only where the expression says false. */
function verdictOf(result: unknown): boolean {
  if (!Array.isArray(result)) return true
  return result.length === 1 && typeof result[0] === 'boolean' ? result[0] : result.length > 0
}

/** What one expression was asked of values of one type. */
interface Question {
  readonly evaluate: Evaluate
  /** Verdicts by the JSON of the value, where nothing else can matter. */
  readonly known: Map<string, boolean> | undefined
}

/** Resources are long, and seldom the same. */
const isResource = (value: unknown): boolean => typeof value === 'object' && value !== null && 'resourceType' in value

/** What an answer can depend on beside the value: the resource around (%resource, %context) and what it refers to. */
const looksAround = /%|resolve\s*\(/

/** Asks the library, and counts and keeps what came of it. */
export class SecondEngine {
  /** Of what input the answers are at the moment; undefined: nothing is asked. */
  about: string | undefined
  compared = 0
  readonly refused = new Map<string, string>()
  readonly differences = new Set<string>()
  readonly #engine = load('fhirpath') as Engine
  readonly #model: unknown = load('fhirpath/fhir-context/r4')
  readonly #questions = new Map<string, Question>()
  readonly #asked = new Map<string, number>()

  compare(
    { key, expression }: CompiledInvariant,
    visit: Visit,
    value: unknown,
    type: string,
    ours: boolean | undefined,
  ): void {
    if (this.about === undefined) return
    // The commonest few are met thousands of times; some dozens of each, whole and damaged, tell as much.
    const name = `${type} ${expression}`
    const asked = (this.#asked.get(`${this.about} ${name}`) ?? 0) + 1
    this.#asked.set(`${this.about} ${name}`, asked)
    if (asked > 75) return
    let theirs: boolean
    try {
      theirs = this.#ask(name, type, expression, visit, value)
    } catch (trouble) {
      this.refused.set(expression, trouble instanceof Error ? trouble.message : String(trouble))
      return
    }
    this.compared++
    if (ours !== theirs)
      this.differences.add(`${key} at ${visit.expression} (${type}): ours ${ours}, theirs ${theirs}: ${expression}`)
  }

  #ask(name: string, type: string, expression: string, visit: Visit, value: unknown): boolean {
    let question = this.#questions.get(name)
    if (!question) {
      const evaluate = this.#engine.compile({ base: type, expression: corrections(expression) }, this.#model, {
        traceFn: () => undefined,
      })
      question = { evaluate, known: looksAround.test(corrections(expression)) ? undefined : new Map() }
      this.#questions.set(name, question)
    }
    const { evaluate, known } = question
    const json = known && !isResource(value) ? JSON.stringify(value) : undefined
    const before = json === undefined ? undefined : known?.get(json)
    if (before !== undefined) return before
    const { resource, root } = visit.scope
    const theirs = verdictOf(evaluate(value, { resource, rootResource: root, context: value }))
    if (json !== undefined) known?.set(json, theirs)
    return theirs
  }
}

/** A world whose invariants are asked of both. */
export class DoubleWorld extends CompiledWorld {
  readonly #second: SecondEngine

  constructor(second: SecondEngine, ...rest: ConstructorParameters<typeof CompiledWorld>) {
    super(...rest)
    this.#second = second
  }

  override invariantsOf(...args: Parameters<CompiledWorld['invariantsOf']>): readonly CompiledInvariant[] {
    return super.invariantsOf(...args).map((invariant) => ({
      ...invariant,
      test: (visit, value, type, shadow) => {
        const ours = invariant.test(visit, value, type, shadow)
        if (value !== undefined && shadow === undefined) this.#second.compare(invariant, visit, value, type, ours)
        return ours
      },
    }))
  }
}
