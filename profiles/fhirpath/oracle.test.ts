/** Our FHIRPath against the library of the National Library of Medicine: every invariant of every package, wherever an example meets it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompiledInvariant } from '../compile/compiled.ts'
import { corrections } from '../compile/corrections.ts'
import { Library } from '../compile/library.ts'
import { CompiledWorld } from '../compile/world.ts'
import { shippedPackages } from '../definitions.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import { defaultPolicy } from '../policy.ts'
import { rules } from '../rules/index.ts'
import { Scope } from '../rules/scope.ts'
import { type Json, Visit } from '../rules/visit.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')
const here = existsSync(folder)
if (!here) console.warn(`SKIPPED: the FHIRPath oracle over official examples needs ${folder}`)

interface Engine {
  compile(
    path: { base: string; expression: string },
    model: unknown,
    options: { traceFn: () => void },
  ): (data: unknown, variables: Record<string, unknown>) => unknown
}
const load = createRequire(import.meta.url)

/** The library's verdict in our words: broken only where the expression says false. */
function verdictOf(result: unknown): boolean {
  if (!Array.isArray(result)) return true
  return result.length === 1 && typeof result[0] === 'boolean' ? result[0] : result.length > 0
}

class DoubleWorld extends CompiledWorld {
  readonly engine = load('fhirpath') as Engine
  readonly model: unknown = load('fhirpath/fhir-context/r4')
  compared = 0
  readonly #compiled = new Map<string, ReturnType<Engine['compile']>>()
  readonly #asked = new Map<string, number>()
  refused = new Map<string, string>()
  differences = new Set<string>()

  override invariantsOf(...args: Parameters<CompiledWorld['invariantsOf']>): readonly CompiledInvariant[] {
    return super.invariantsOf(...args).map((invariant) => ({
      ...invariant,
      test: (visit, value, type, shadow) => {
        const ours = invariant.test(visit, value, type, shadow)
        if (value !== undefined && shadow === undefined) this.#compare(invariant, visit, value, type, ours)
        return ours
      },
    }))
  }

  #compare(
    { key, expression }: CompiledInvariant,
    visit: Visit,
    value: unknown,
    type: string,
    ours: boolean | undefined,
  ): void {
    // The commonest few are met thousands of times; some hundreds of each tell as much.
    const asked = (this.#asked.get(`${type} ${expression}`) ?? 0) + 1
    this.#asked.set(`${type} ${expression}`, asked)
    if (asked > 150) return
    const { resource, root } = visit.scope
    let theirs: boolean
    try {
      let evaluate = this.#compiled.get(`${type} ${expression}`)
      if (!evaluate) {
        evaluate = this.engine.compile({ base: type, expression: corrections(expression) }, this.model, {
          traceFn: () => undefined,
        })
        this.#compiled.set(`${type} ${expression}`, evaluate)
      }
      theirs = verdictOf(evaluate(value, { resource, rootResource: root, context: value }))
    } catch (trouble) {
      this.refused.set(expression, trouble instanceof Error ? trouble.message : String(trouble))
      return
    }
    this.compared++
    if (ours !== theirs)
      this.differences.add(`${key} at ${visit.expression} (${type}): ours ${ours}, theirs ${theirs}: ${expression}`)
  }
}

function judge(world: CompiledWorld, resource: Json): void {
  const visit = new Visit(new Scope(resource))
  visit.push(String(resource.resourceType), -1, undefined, resource)
  rules.judgeWhole(world, visit, resource, { profile: '', element: '' }, [])
}

/** The resource with every seventh property gone, so that invariants are met that are broken. */
function damaged(value: Json, seed: number): Json {
  let count = seed % 7
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk)
    if (typeof each !== 'object' || each === null) return each
    const kept = Object.entries(each).filter(([key]) => key === 'resourceType' || key === 'url' || ++count % 7 !== 0)
    return Object.fromEntries(kept.map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value) as Json
}

describe.skipIf(!here)('our FHIRPath and the library', () => {
  it('agree on every invariant that the examples of all packages meet', { timeout: 300_000 }, () => {
    const world = new DoubleWorld(
      new Library(shippedPackages()),
      { ...defaultPolicy, bestPractice: 'information' },
      rules,
    )
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.tgz'))) {
      for (const { path, content } of filesOfTarball(readFileSync(join(folder, name)))) {
        if (!/^package\/example\/[^.][^/]*\.json$/.test(path)) continue
        const text = content.toString('utf8')
        judge(world, JSON.parse(text) as Json)
        judge(world, damaged(JSON.parse(text) as Json, text.length))
      }
    }
    for (const [expression, reason] of world.refused) console.warn(`the library refuses ${expression}: ${reason}`)
    expect([...world.differences]).toEqual([])
    expect(world.compared).toBeGreaterThan(15_000)
  })
})
