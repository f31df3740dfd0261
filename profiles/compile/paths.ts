/** The paths of discriminators: read, and followed through values. */
import { partsOfReference } from '../rules/scope.ts'
import type { Json, Visit } from '../rules/visit.ts'
import type { World } from './compiled.ts'

/** A value with the name of its type, as far as known. */
export interface Typed {
  readonly value: unknown
  readonly type: string | undefined
}

export type Step =
  | { readonly kind: 'child'; readonly name: string }
  | { readonly kind: 'extension'; readonly url: string }
  | { readonly kind: 'as'; readonly type: string }
  | { readonly kind: 'resolve' }

/** `$this`, `code.coding`, `extension('url').value`, `actor.resolve()`, `value.ofType(Quantity)`, `value as boolean`. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = []
  const pattern =
    /\s+as\s+(\w+)|\.?(?:extension\('([^']+)'\)|(resolve)\(\)|(?:ofType|as)\((?:FHIR\.)?(\w+)\)|(\$this)|([A-Za-z]\w*)(?:\[x\])?)/gy
  for (let found = pattern.exec(path); found; found = pattern.exec(path)) {
    const [, cast, extension, resolve, type, self, name] = found
    if (self !== undefined) continue
    if (extension !== undefined) steps.push({ kind: 'extension', url: extension })
    else if (resolve !== undefined) steps.push({ kind: 'resolve' })
    else if (cast !== undefined || type !== undefined) steps.push({ kind: 'as', type: (cast ?? type) as string })
    else if (name !== undefined) steps.push({ kind: 'child', name })
  }
  return steps
}

/** The values that the path leads to. `loose` lets resolve() answer with a bare type where the target cannot be read. */
export function reach(world: World, visit: Visit, from: Typed, steps: readonly Step[], loose = false): Typed[] {
  let items: Typed[] = [from]
  for (const step of steps) {
    const next: Typed[] = []
    for (const item of items) {
      if (step.kind === 'as') {
        if (typeOf(item) === step.type) next.push(item)
        continue
      }
      if (typeof item.value !== 'object' || item.value === null) continue
      const object = item.value as Json
      if (step.kind === 'child') children(world, object, item.type, step.name, next)
      else if (step.kind === 'extension') {
        for (const extension of Array.isArray(object.extension) ? (object.extension as Json[]) : []) {
          if (extension?.url === step.url) next.push({ value: extension, type: 'Extension' })
        }
      } else {
        const reference = object.reference
        if (typeof reference !== 'string') continue
        const target = visit.scope.resolve(reference)
        if (target) next.push({ value: target.resource, type: String(target.resource.resourceType) })
        else if (loose) {
          const type = partsOfReference(reference)?.type ?? (typeof object.type === 'string' ? object.type : undefined)
          if (type) next.push({ value: undefined, type })
        }
      }
    }
    items = next
    if (items.length === 0) break
  }
  return items
}

function children(world: World, object: Json, type: string | undefined, name: string, into: Typed[]): void {
  const typeName = typeof object.resourceType === 'string' ? object.resourceType : type
  const variants = (typeName === undefined ? undefined : world.types.get(typeName))?.elements.get(name)?.variants
  const names = variants ?? [{ json: name, type: undefined }]
  for (const { json, type: childType } of names) {
    const value = object[json] ?? (object[`_${json}`] === undefined ? undefined : null)
    if (value === undefined) continue
    if (Array.isArray(value)) for (const item of value) into.push({ value: item, type: childType })
    else into.push({ value, type: childType })
  }
}

/** The type of an item: a resource says it itself. */
export const typeOf = ({ value, type }: Typed): string | undefined => {
  const own = typeof value === 'object' && value !== null ? (value as Json).resourceType : undefined
  return typeof own === 'string' ? own : type
}
