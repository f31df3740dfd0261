/** The generator's own reading of official packages: raw snapshots and examples, without a line of the validator's code. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Json = Record<string, unknown>
export interface Element {
  readonly id: string
  readonly path: string
  readonly sliceName?: string
  readonly min: number
  readonly max: string
  readonly type?: readonly {
    code: string
    profile?: string[]
    targetProfile?: string[]
    extension?: { url: string; valueUrl?: string }[]
  }[]
  readonly contentReference?: string
  readonly binding?: { strength: string; valueSet?: string }
  readonly slicing?: { discriminator?: { type: string; path: string }[]; rules?: string }
  readonly base?: { path: string; min: number; max: string }
  readonly [key: string]: unknown
}
export interface Definition {
  readonly url: string
  readonly type: string
  readonly kind: string
  readonly derivation?: string
  readonly context?: readonly { type: string; expression: string }[]
  readonly snapshot: { readonly element: readonly Element[] }
}
export interface Example {
  readonly home: string
  readonly name: string
  readonly resource: Json
}

/** Unpacks packages with the system's tar, once. */
export function readPackages(
  folder: string,
  names: readonly string[],
): { definitions: Map<string, Definition>; examples: Example[] } {
  const definitions = new Map<string, Definition>()
  const examples: Example[] = []
  for (const name of names) {
    const target = mkdtempSync(join(tmpdir(), 'defects-'))
    // From its input: some programs called tar take the letter of a drive for the name of a machine.
    execFileSync('tar', ['xzf', '-'], { cwd: target, input: readFileSync(join(folder, `${name}.tgz`)) })
    const inner = join(target, 'package')
    try {
      readInto(inner, name)
    } finally {
      rmSync(target, { recursive: true, force: true })
    }
  }
  return { definitions, examples }

  function readInto(inner: string, name: string): void {
    for (const file of readdirSync(inner)) {
      if (!file.startsWith('StructureDefinition-')) continue
      const definition = JSON.parse(readFileSync(join(inner, file), 'utf8')) as Definition
      if (!definitions.has(definition.url)) definitions.set(definition.url, definition)
    }
    const folderOfExamples = join(inner, 'example')
    if (!existsSync(folderOfExamples)) return
    for (const file of readdirSync(folderOfExamples)) {
      if (!file.endsWith('.json') || file.startsWith('.')) continue
      examples.push({
        home: name,
        name: file,
        resource: JSON.parse(readFileSync(join(folderOfExamples, file), 'utf8')) as Json,
      })
    }
  }
}

const core = 'http://hl7.org/fhir/StructureDefinition/'
export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** One property of one object in an instance, with what its base type says of it. */
export interface Place {
  readonly holder: Json
  readonly key: string
  /** Index in a list, or -1. */
  readonly index: number
  readonly value: unknown
  readonly element: Element
  readonly type: string
  /** FHIRPath of the value. */
  readonly expression: string
  /** FHIRPath of the holder. */
  readonly above: string
}

export class Model {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly #byPath = new Map<Definition, Map<string, Element>>()

  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.definitions = definitions
  }

  typeOf(name: string): Definition | undefined {
    const found = this.definitions.get(core + name)
    return found?.derivation === 'constraint' ? undefined : found
  }

  at(definition: Definition, path: string): Element | undefined {
    let paths = this.#byPath.get(definition)
    if (!paths) {
      paths = new Map()
      for (const element of definition.snapshot.element) if (!paths.has(element.path)) paths.set(element.path, element)
      this.#byPath.set(definition, paths)
    }
    return paths.get(path)
  }

  /** Every property below an object of a type, with its place. */
  *places(object: Json, definition: Definition, path: string, expression: string): Generator<Place> {
    for (const key of Object.keys(object)) {
      if (key === 'resourceType' || key.startsWith('_')) continue
      const found = this.#property(definition, path, key)
      if (!found) continue
      const { element, type, step } = found
      const value = object[key]
      const items = Array.isArray(value) ? value : [value]
      for (let at = 0; at < items.length; at++) {
        const index = Array.isArray(value) ? at : -1
        const here = `${expression}.${step}${index >= 0 ? `[${index}]` : ''}`
        yield { holder: object, key, index, value: items[at], element, type, expression: here, above: expression }
        const inner = items[at]
        if (typeof inner !== 'object' || inner === null) continue
        yield* this.#below(inner as Json, definition, element, type, here)
      }
    }
  }

  *#below(inner: Json, definition: Definition, element: Element, type: string, here: string): Generator<Place> {
    if (typeof inner.resourceType === 'string') {
      const own = this.typeOf(inner.resourceType)
      if (own) yield* this.places(inner, own, inner.resourceType, here)
      return
    }
    const reference = element.contentReference?.slice(element.contentReference.indexOf('#') + 1)
    const path = reference ?? element.path
    if (definition.snapshot.element.some((each) => each.path.startsWith(`${path}.`)))
      yield* this.places(inner, definition, path, here)
    else {
      const own = this.typeOf(type)
      if (own && own.kind !== 'primitive-type') yield* this.places(inner, own, type, here)
    }
  }

  #property(
    definition: Definition,
    path: string,
    key: string,
  ): { element: Element; type: string; step: string } | undefined {
    const plain = this.at(definition, `${path}.${key}`)
    if (plain) {
      const code = plain.type?.[0]?.code ?? ''
      const system = code.startsWith('http://hl7.org/fhirpath/')
      const stated = plain.type?.[0]?.extension?.find(({ url }) =>
        url.endsWith('structuredefinition-fhir-type'),
      )?.valueUrl
      return { element: plain, type: system ? (stated ?? 'string') : code, step: key }
    }
    for (const element of definition.snapshot.element) {
      if (
        !element.path.endsWith('[x]') ||
        !element.path.startsWith(`${path}.`) ||
        element.path.includes('.', path.length + 1)
      )
        continue
      const stem = element.path.slice(path.length + 1, -3)
      if (!key.startsWith(stem)) continue
      const type = element.type?.find(({ code }) => stem + upperFirst(code) === key)?.code
      if (type) return { element, type, step: `${stem}.ofType(${type})` }
    }
    return undefined
  }
}
