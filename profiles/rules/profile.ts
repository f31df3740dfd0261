/** Holds a value to a profile: walks the overlay beside the value and judges what each element demands. */
import type { AllowedTypes, Overlay, OverlayElement, ProfileCheck, World } from '../compile/compiled.ts'
import type { Variant } from '../compile/types.ts'
import { judgeInvariants } from './invariants.ts'
import { judgeLimits } from './limits.ts'
import { judgeTargets } from './references.ts'
import type { Scope } from './scope.ts'
import { type Item, judgeSlices } from './slices.ts'
import { equals, firstMisfit, fits } from './values.ts'
import type { Json, Visit } from './visit.ts'

/** A resource (or datatype) against a profile. */
export function judgeProfile(world: World, visit: Visit, value: Json, check: ProfileCheck): void {
  const type = value.resourceType
  if (typeof type === 'string' && check.sheet.kind === 'resource' && !world.types.is(type, check.sheet.type)) {
    visit.report(
      'error',
      'profile-wrong-type',
      `${check.sheet.url} is a profile on ${check.sheet.type}, not on ${type}.`,
      {
        profile: check.canonical,
        element: check.sheet.type,
      },
      { expected: check.sheet.type, actual: type },
    )
    return
  }
  const { overlay } = check
  if (!overlay) return
  const outer = visit.scope
  visit.scope = scopeOf(visit, value)
  judgeOverlay(world, visit, overlay, value, typeof type === 'string' ? type : check.sheet.type, undefined)
  visit.scope = outer
}

/** Does the object conform to the profile? Answers are remembered for the visit; a question inside of itself is answered with yes. */
export function conforms(world: World, visit: Visit, value: Json, check: ProfileCheck): boolean {
  const memory = visit.memory(value)
  const known = memory.get(check)
  if (known !== undefined) return known
  memory.set(check, true)
  const answer = visit.passes(() => judgeProfile(world, visit, value, check))
  memory.set(check, answer)
  return answer
}

/** The scope of a resource's content: its own, also where the walk came to it from outside. */
function scopeOf(visit: Visit, value: Json): Scope {
  return value !== visit.scope.resource && typeof value.resourceType === 'string'
    ? visit.scope.within(value)
    : visit.scope
}

/** The id and extensions of a primitive that has none. */
const nothing: Json = {}

/** One value against what an element demands of it. */
export function judgeOverlay(
  world: World,
  visit: Visit,
  overlay: Overlay,
  value: unknown,
  type: string,
  shadow: Json | undefined,
): void {
  const { demand } = overlay
  // A primitive without a value, whose extension says why, is measured by neither.
  const absent = value === undefined && shadow !== undefined
  if (overlay.fixed && !absent && !equals(value, overlay.fixed.value)) {
    visit.report(
      'error',
      'value-fixed',
      `Must be exactly ${brief(overlay.fixed.value)}, but is ${brief(value)}.`,
      demand,
      {
        expected: overlay.fixed.value,
        actual: value,
      },
    )
  }
  if (overlay.pattern && !absent && !fits(value, overlay.pattern.value)) {
    const misfit = firstMisfit(value, overlay.pattern.value)
    const where = misfit && misfit.path !== '' ? ` (${misfit.path} differs)` : ''
    visit.report(
      'error',
      'value-pattern',
      `Must have ${brief(overlay.pattern.value)}, but is ${brief(value)}${where}.`,
      demand,
      {
        expected: overlay.pattern.value,
        actual: value,
      },
    )
  }
  if (overlay.minValue || overlay.maxValue || overlay.maxLength !== undefined || overlay.regex)
    judgeLimits(visit, overlay, value, type)
  overlay.binding?.(visit, value, type)
  if (overlay.types) judgeTypes(world, visit, overlay.types, overlay, value, type)
  if (overlay.elements.length > 0 && typeof value === 'object' && value !== null) {
    const outer = visit.scope
    visit.scope = scopeOf(visit, value as Json)
    for (const element of overlay.elements) judgeElement(world, visit, element, value as Json)
    visit.scope = outer
  } else if (overlay.elements.length > 0) {
    for (const element of overlay.elements) judgeElement(world, visit, element, shadow ?? nothing)
  }
  if (overlay.invariants.length > 0) judgeInvariants(world, visit, overlay.invariants, value, type, shadow)
}

/** The type must be among the allowed ones, and one of the profiles named for it must hold. */
function judgeTypes(
  world: World,
  visit: Visit,
  allowed: AllowedTypes,
  overlay: Overlay,
  value: unknown,
  type: string,
): void {
  const own = typeof value === 'object' && value !== null ? (value as Json).resourceType : undefined
  const actual = typeof own === 'string' ? own : type
  const fitting = allowed.of(actual)
  if (fitting === undefined) {
    const { codes } = allowed
    if (codes.includes('BackboneElement') || codes.includes('Element')) return
    visit.report('error', 'type-not-allowed', `May be ${codes.join(' or ')}, but is ${actual}.`, overlay.demand, {
      expected: codes,
      actual,
    })
    return
  }
  if (actual === 'Reference') judgeTargets(world, visit, fitting, overlay.demand, value)
  const { urls } = fitting
  if (urls.length === 0 || typeof value !== 'object' || value === null) return
  const { checks } = fitting
  if (checks.length < urls.length) {
    // One of the profiles is not at hand: only a value that conforms to another one is decided.
    if (checks.some((check) => conforms(world, visit, value as Json, check))) return
    if (world.policy.reportUndecided || world.policy.unresolvedProfiles === 'error') {
      visit.report(
        world.policy.unresolvedProfiles,
        'profile-unknown',
        `Whether the value conforms to ${urls.join(' or ')} is not decided: not at hand.`,
        overlay.demand,
        { expected: urls },
      )
    }
    return
  }
  const [only] = checks
  if (checks.length === 1 && only) {
    // Extensions are held to their definition wherever they occur.
    if (actual === 'Extension' && only.sheet.url === (value as Json).url) return
    judgeProfile(world, visit, value as Json, only)
    return
  }
  if (!checks.some((check) => conforms(world, visit, value as Json, check))) {
    const canonicals = checks.map(({ sheet }) => sheet.url)
    visit.report(
      'error',
      'type-profile',
      `Must conform to one of ${canonicals.join(', ')}, and conforms to none.`,
      overlay.demand,
      { expected: canonicals },
    )
  }
}

const underscore = 95

/** The values of an element in an object, flat. */
export function itemsOf(element: OverlayElement, object: Json): Item[] {
  const items: Item[] = []
  if (element.byJson) {
    for (const key in object) {
      const name = key.charCodeAt(0) === underscore ? key.slice(1) : key
      const variant = element.byJson.get(name)
      if (!variant || (name !== key && object[name] !== undefined)) continue
      addItems(variant, object[name], object[`_${name}`], items)
    }
    return items
  }
  for (const variant of element.variants) {
    const value = object[variant.json]
    const shadow = object[variant.shadowJson]
    if (value !== undefined || shadow !== undefined) addItems(variant, value, shadow, items)
  }
  return items
}

function addItems(variant: Variant, value: unknown, shadow: unknown, items: Item[]): void {
  if (!Array.isArray(value) && !Array.isArray(shadow)) {
    items.push({ value: value ?? undefined, shadow: shadow as Json | undefined, variant, index: -1 })
    return
  }
  const values = Array.isArray(value) ? value : []
  const shadows = Array.isArray(shadow) ? shadow : []
  for (let at = 0; at < Math.max(values.length, shadows.length); at++) {
    items.push({
      value: values[at] ?? undefined,
      shadow: (shadows[at] ?? undefined) as Json | undefined,
      variant,
      index: at,
    })
  }
}

function judgeElement(world: World, visit: Visit, element: OverlayElement, object: Json): void {
  if (element.only) {
    judgePlain(world, visit, element, element.only, object)
    return
  }
  const items = itemsOf(element, object)
  if (items.length < element.min || items.length > element.max) judgeCount(visit, element, items.length)
  if (element.item) {
    for (const item of items) {
      visit.push(item.variant.segment, item.index, item.variant, item.value)
      judgeOverlay(world, visit, element.item, item.value, item.variant.type, item.shadow)
      visit.pop()
    }
  }
  if (element.slicing) judgeSlices(world, visit, element.slicing, items, element.stem)
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

function judgeCount(visit: Visit, element: OverlayElement, count: number): void {
  const { stem, min, max, demand } = element
  if (count < min) {
    const text = `${stem} must occur at least ${times(min)}, but occurs ${count === 0 ? 'not at all' : times(count)}.`
    visit.report('error', 'cardinality-min', text, demand, { expected: min, actual: count, below: stem })
  }
  if (count > max) {
    const text =
      max === 0 ? `${stem} is not allowed here.` : `${stem} may occur ${times(max)}, but occurs ${times(count)}.`
    visit.report('error', 'cardinality-max', text, demand, { expected: max, actual: count, below: stem })
  }
}

/** An element of one type without slices, as most are: no list of items is made. */
function judgePlain(world: World, visit: Visit, element: OverlayElement, variant: Variant, object: Json): void {
  const value = object[variant.json]
  const shadow = object[variant.shadowJson]
  if (value === undefined && shadow === undefined) {
    if (element.min > 0) judgeCount(visit, element, 0)
    return
  }
  const { item } = element
  if (!Array.isArray(value) && !Array.isArray(shadow)) {
    if (element.min > 1 || element.max < 1) judgeCount(visit, element, 1)
    if (!item) return
    visit.push(variant.segment, -1, variant, value)
    judgeOverlay(world, visit, item, value ?? undefined, variant.type, shadow as Json | undefined)
    visit.pop()
    return
  }
  const values = Array.isArray(value) ? value : []
  const shadows = Array.isArray(shadow) ? shadow : undefined
  const count = Math.max(values.length, shadows?.length ?? 0)
  if (count < element.min || count > element.max) judgeCount(visit, element, count)
  if (!item) return
  for (let at = 0; at < count; at++) {
    const each: unknown = values[at] ?? undefined
    visit.push(variant.segment, at, variant, each)
    judgeOverlay(world, visit, item, each, variant.type, (shadows?.[at] ?? undefined) as Json | undefined)
    visit.pop()
  }
}

/** A value in a message: short. */
export function brief(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 157)}...` : text
}
