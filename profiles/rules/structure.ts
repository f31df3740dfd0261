/** The walk over a resource by the types of R4: properties, lists, cardinalities, primitives, and what hangs on each (bindings, references, invariants). */

import type { Shape, Slot, World } from '../compile/compiled.ts'
import { nearestAmong } from '../compile/nearest.ts'
import { judgeExtension } from './extensions.ts'
import { judgeInvariants } from './invariants.ts'
import { judgeNarrative } from './narrative.ts'
import { isBlank } from './primitives.ts'
import { judgeReference } from './references.ts'
import type { Json, Visit } from './visit.ts'

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`

/** Judges an object against the table of its type. */
export function walkObject(world: World, visit: Visit, shape: Shape, object: Json, hasValue = false): void {
  if (visit.depth > world.policy.maximumDepth) {
    visit.report(
      'error',
      'structure-too-deep',
      `Nested more than ${world.policy.maximumDepth} levels deep.`,
      shape.demand,
    )
    return
  }
  let some = false
  let choices = 0
  let present = 0
  const slots = shape.slots
  for (const key in object) {
    const slot = slots.get(key)
    if (slot === undefined) {
      if (key === 'resourceType' && shape.resource) continue
      unknownElement(visit, shape, key)
      some = true
      continue
    }
    if (key !== 'id') some = true
    else if (!shape.resource) noteId(visit, object.id, slot)
    // Value and extensions of one primitive are one; of two types of a choice they are two.
    if (slot.choiceBit !== 0 && !(slot.shadow && object[slot.json] !== undefined)) {
      if (choices & slot.choiceBit) {
        visit.report('error', 'cardinality-max', `More than one ${slot.element.stem}[x] is given.`, slot.demand, {
          below: slot.element.stem,
        })
      }
      choices |= slot.choiceBit
    }
    const value = object[key]
    if (value !== undefined) present |= slot.requiredBit
    walkProperty(world, visit, slot, value, object)
  }
  if (!some && !shape.resource && !(hasValue && object.id !== undefined)) {
    visit.report('error', 'structure-empty', 'An element must have a value or children (ele-1).', shape.demand, {
      key: 'ele-1',
    })
  }
  if (present !== shape.requiredBits) missingElements(visit, shape, present)
  shape.rule?.(world, visit, shape, object)
  if (shape.invariants.length > 0) judgeInvariants(world, visit, shape.invariants, object, shape.info.name)
}

function missingElements(visit: Visit, shape: Shape, present: number): void {
  for (const { element, bit, demand } of shape.required) {
    if ((present & bit) !== 0) continue
    const { min, max } = element.node.row
    visit.report('error', 'cardinality-min', `${element.name} is missing (at least ${min}).`, demand, {
      expected: `${min}..${max}`,
      actual: 0,
      below: element.stem,
    })
  }
}

/** Ids of elements have no white space (R4 element.html#id) and are unique within their resource. */
function noteId(visit: Visit, id: unknown, slot: Slot): void {
  const { scope } = visit
  if (typeof id !== 'string') return
  if (/\s/.test(id)) {
    visit.report('error', 'primitive-format', 'The id of an element must not have white space.', slot.demand, {
      actual: id,
      below: 'id',
    })
  }
  if (scope.root.resourceType === 'StructureDefinition') return
  if (scope.ids.has(id)) {
    visit.report('error', 'structure-duplicate-id', `The id "${id}" is that of two elements.`, slot.demand, {
      actual: id,
      below: 'id',
    })
  }
  scope.ids.add(id)
}

function unknownElement(visit: Visit, shape: Shape, key: string): void {
  const nearest = nearestAmong(
    key,
    [...shape.slots.keys()].filter((name) => !name.startsWith('_')),
  )
  const hint = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : '.'
  const primitive = key.startsWith('_') && shape.slots.get(key.slice(1))
  const text = primitive
    ? `"${key}" is only for primitive elements${hint}`
    : `"${key}" is not an element of ${shape.info.name}${hint}`
  visit.report('error', 'structure-unknown-element', text, shape.demand, {
    actual: key,
    below: /^[A-Za-z_]\w*$/.test(key) ? key : `\`${key}\``,
    ...(nearest.length > 0 && { nearest }),
  })
}

function walkProperty(world: World, visit: Visit, slot: Slot, value: unknown, owner: Json): void {
  if (!slot.array) {
    visit.push(slot.segment, -1, slot, value)
    if (Array.isArray(value)) {
      visit.report(
        'error',
        'structure-array-forbidden',
        `${slot.json} must be a single value, not a list.`,
        slot.demand,
      )
    } else if (slot.shadow) walkShadow(world, visit, slot, value, owner[slot.json] !== undefined)
    else walkValue(world, visit, slot, value, owner, -1)
    visit.pop()
    return
  }
  if (!Array.isArray(value)) {
    visit.push(slot.segment, -1, slot, value)
    visit.report('error', 'structure-array-expected', `${slot.json} must be a list, not ${kindOf(value)}.`, slot.demand)
    if (!slot.shadow && typeof value === 'object' && value !== null) walkValue(world, visit, slot, value, owner, -1)
    visit.pop()
    return
  }
  if (value.length === 0) {
    visit.push(slot.segment, -1, slot, value)
    visit.report('error', 'structure-empty', `${slot.json} is an empty list; leave it out instead.`, slot.demand)
    visit.pop()
    return
  }
  const values = slot.shadow ? owner[slot.json] : undefined
  if (slot.shadow && Array.isArray(values) && values.length !== value.length) {
    visit.push(slot.segment, -1, slot, value)
    // Too short a list leaves no doubt what is meant; too long a one says something of values that are not there.
    visit.report(
      value.length > values.length ? 'error' : 'warning',
      'structure-null',
      `${slot.element.stem} and _${slot.element.stem} must be lists of the same length.`,
      slot.demand,
    )
    visit.pop()
  }
  for (let at = 0; at < value.length; at++) {
    const item: unknown = value[at]
    visit.push(slot.segment, at, slot, item)
    if (slot.shadow) {
      if (item === null) {
        if (!Array.isArray(values) || values[at] === null || values[at] === undefined) {
          visit.report('error', 'structure-null', 'null stands for neither a value nor extensions.', slot.demand)
        }
      } else
        walkShadow(world, visit, slot, item, Array.isArray(values) && values[at] !== null && values[at] !== undefined)
    } else walkValue(world, visit, slot, item, owner, at)
    visit.pop()
  }
}

/** The id and extensions of a primitive. */
function walkShadow(world: World, visit: Visit, slot: Slot, value: unknown, hasValue: boolean): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    visit.report(
      'error',
      'structure-object-expected',
      `_${slot.element.stem} must be an object, not ${kindOf(value)}.`,
      slot.demand,
    )
    return
  }
  const shape = slot.shape
  if (!shape) return
  walkObject(world, visit, shape, value as Json, hasValue)
  if (!hasValue && slot.invariants.length > 0)
    judgeInvariants(world, visit, slot.invariants, undefined, slot.type, value as Json)
}

function walkValue(world: World, visit: Visit, slot: Slot, value: unknown, owner: Json, at: number): void {
  if (value === null) {
    const shadows = owner[slot.shadowJson]
    const shadow = Array.isArray(shadows) && at >= 0 ? shadows[at] : undefined
    if (slot.kind === 'primitive' && typeof shadow === 'object' && shadow !== null) return
    visit.report(
      'error',
      'structure-null',
      'null is allowed only in lists of primitives, where an extension stands for the value.',
      slot.demand,
    )
    return
  }
  switch (slot.kind) {
    case 'primitive': {
      const problem = slot.rule?.(value)
      if (problem !== undefined) {
        const wrong = typeof value === 'object'
        visit.report(
          'error',
          wrong ? 'structure-primitive-expected' : 'primitive-format',
          `${slot.json} ${JSON.stringify(shorten(value))} ${problem} (${slot.type}).`,
          slot.demand,
          {
            expected: slot.type,
            actual: shorten(value),
          },
        )
        return
      }
      if (typeof value === 'string' && isBlank(value)) {
        visit.report('warning', 'primitive-string', `${slot.json} is only white space.`, slot.demand, { actual: value })
      }
      slot.binding?.(visit, value, slot.type)
      if (slot.target !== undefined) judgeReference(world, visit, slot, value)
      if (slot.invariants.length > 0) {
        const shadows = owner[slot.shadowJson]
        const shadow = Array.isArray(shadows) ? (shadows[at] as Json | undefined) : (shadows as Json | undefined)
        judgeInvariants(world, visit, slot.invariants, value, slot.type, shadow)
      }
      return
    }
    case 'complex': {
      if (typeof value !== 'object' || Array.isArray(value)) {
        visit.report(
          'error',
          'structure-object-expected',
          `${slot.json} must be an object (${slot.type}), not ${kindOf(value)}.`,
          slot.demand,
          {
            expected: slot.type,
            actual: shorten(value),
          },
        )
        return
      }
      const shape = slot.shape
      if (!shape) return
      walkObject(world, visit, shape, value as Json)
      slot.binding?.(visit, value, slot.type)
      slot.typeBinding?.(visit, value, slot.type)
      if (slot.type === 'Extension') judgeExtension(world, visit, value as Json, slot)
      else if (slot.type === 'Reference') judgeReference(world, visit, slot, value)
      if (slot.invariants.length > 0) judgeInvariants(world, visit, slot.invariants, value, slot.type)
      for (const { overlay } of slot.profiles)
        if (overlay) world.rules.judgeOverlay(world, visit, overlay, value, slot.type, undefined)
      return
    }
    case 'xhtml':
      judgeNarrative(visit, value, slot)
      return
    case 'resource':
      if (typeof value !== 'object' || Array.isArray(value)) {
        visit.report(
          'error',
          'structure-object-expected',
          `${slot.json} must be a resource, not ${kindOf(value)}.`,
          slot.demand,
        )
        return
      }
      world.rules.judgeResource(world, visit, value as Json, slot)
  }
}

/** Long values are cut for messages. */
const shorten = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > 120 ? `${value.slice(0, 117)}...` : value
  return typeof value === 'object' ? kindOf(value) : value
}
