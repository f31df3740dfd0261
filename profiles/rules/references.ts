/** References: their form, the type of their target, and the profile of the target where it can be read. */
import { targetOf } from '../compile/allowed-types.ts'
import type { Fitting, Slot, Target, World } from '../compile/compiled.ts'
import { partsOfReference, type Scope } from './scope.ts'
import { isAbsolute } from './uris.ts'
import type { Demand, Json, Visit } from './visit.ts'

const targetsOfSlot = new WeakMap<Slot, readonly Target[]>()

/** A reference (or canonical) as the base type allows it. */
export function judgeReference(world: World, visit: Visit, slot: Slot, value: unknown): void {
  if (slot.type === 'Reference') judgeForm(world, visit, value as Json, slot.demand)
  if (slot.target === undefined) return
  let targets = targetsOfSlot.get(slot)
  if (!targets) {
    targets = (slot.target.targets ?? []).map((url) => targetOf(world, world.types.core, url))
    targetsOfSlot.set(slot, targets)
  }
  if (slot.type === 'Reference') judgeTarget(world, visit, targets, slot.demand, value as Json)
  else if (slot.type === 'canonical' && typeof value === 'string')
    judgeCanonical(world, visit, targets, slot.demand, value)
}

/** What a canonical names, where that is at hand, must be of a type that is meant. */
function judgeCanonical(
  world: World,
  visit: Visit,
  targets: readonly Target[],
  demand: Demand,
  canonical: string,
): void {
  if (targets.length === 0) return
  const actual = canonical.startsWith('#')
    ? [visit.scope.resolve(canonical)?.resource.resourceType].filter((type) => typeof type === 'string')
    : kindsOf(world, canonical)
  if (actual.length === 0 || targets.some(({ type }) => type === undefined || type === 'Resource')) return
  const wanted = [...new Set(targets.map(({ type }) => type as string))]
  if (actual.some((type) => wanted.includes(type))) return
  visit.report(
    'error',
    'reference-type',
    `May name a ${wanted.join(' or ')}, but ${canonical} is a ${actual.join(' and a ')}.`,
    demand,
    { expected: wanted, actual: canonical },
  )
}

/** The types of definitions at hand with that canonical. */
function kindsOf({ library }: World, canonical: string): string[] {
  if (library.profile(canonical)) return ['StructureDefinition']
  return [
    ...(library.valueSet(canonical) ? ['ValueSet'] : []),
    ...(library.codeSystem(canonical) ? ['CodeSystem'] : []),
  ]
}

/** A reference as a profile narrows it. */
export function judgeTargets(
  world: World,
  visit: Visit,
  { targets, modes }: Fitting,
  demand: Demand,
  value: unknown,
): void {
  if (targets.length === 0 || typeof value !== 'object' || value === null) return
  judgeTarget(world, visit, targets, demand, value as Json)
  if (modes.length > 0) judgeAggregation(visit, modes, demand, value as Json)
}

function judgeForm(world: World, visit: Visit, reference: Json, demand: Demand): void {
  const { type, reference: literal } = reference
  if (typeof type === 'string' && !/^https?:/.test(type) && !world.types.isResource(type)) {
    visit.report('error', 'reference-type', `"${type}" is not a resource type.`, demand, {
      actual: type,
      below: 'type',
    })
  }
  if (typeof literal !== 'string') return
  if (/\s/.test(literal)) {
    visit.report('error', 'reference-format', `A reference is a URL, which has no white space: ${literal}.`, demand, {
      actual: literal,
      below: 'reference',
    })
    return
  }
  if (
    literal.startsWith('urn:') &&
    world.policy.bundleReferences &&
    visit.scope.around &&
    !visit.scope.resolveInBundle(literal)
  ) {
    visit.report(
      'error',
      'bundle-reference',
      `No entry of the Bundle has the fullUrl ${literal}, and it cannot be found elsewhere.`,
      demand,
      { actual: literal, below: 'reference' },
    )
    return
  }
  const parts = partsOfReference(literal)
  if (!parts && !literal.startsWith('#') && !isAbsolute(literal)) judgeRelative(visit, literal, demand)
  if (parts && !parts.base.startsWith('http') && !world.types.isResource(parts.type)) {
    visit.report(
      'error',
      'reference-type',
      `"${parts.type}" in the reference ${literal} is not a resource type.`,
      demand,
      { actual: literal, below: 'reference' },
    )
    return
  }
  const { unresolvedReferences } = world.policy
  if (
    unresolvedReferences !== 'ignore' &&
    parts?.base === '' &&
    visit.scope.resolveOutside !== undefined &&
    visit.scope.reach > 0 &&
    visit.scope.resolve(literal) === undefined
  )
    visit.report(
      unresolvedReferences,
      'reference-unresolved',
      `There is no ${literal} among the resources at hand.`,
      demand,
      { actual: literal, below: 'reference' },
    )
  if (
    parts &&
    typeof type === 'string' &&
    world.types.isResource(parts.type) &&
    world.types.isResource(type) &&
    parts.type !== type
  ) {
    visit.report(
      'error',
      'reference-type',
      `The reference ${literal} says ${parts.type}, but its type says ${type}.`,
      demand,
      { expected: parts.type, actual: type, below: 'type' },
    )
  }
}

const conditional = /^[A-Z][A-Za-z]+\?/

/** A relative reference that names no type and id: a search, which only a transaction may hold, or in a Bundle nothing at all. */
function judgeRelative(visit: Visit, literal: string, demand: Demand): void {
  const { around } = visit.scope
  const search = conditional.test(literal)
  if (search ? around?.bundle.type === 'transaction' : !around || partsOfReference(literal.replace(/#.*$/, ''))) return
  const text = search
    ? `A reference by search is for transactions only: ${literal}.`
    : `A relative reference must be a type and an id: ${literal}.`
  visit.report('error', 'reference-format', text, demand, { actual: literal, below: 'reference' })
}

/** The type of the target: by reading it, by the form of the reference, or by the stated type. */
function typeOfTarget(world: World, reference: Json, found: Scope | undefined): string | undefined {
  if (found) return String(found.resource.resourceType)
  const literal = reference.reference
  const parts = typeof literal === 'string' ? partsOfReference(literal) : undefined
  if (parts && world.types.isResource(parts.type)) return parts.type
  const { type } = reference
  return typeof type === 'string' && world.types.isResource(type) ? type : undefined
}

function judgeTarget(world: World, visit: Visit, targets: readonly Target[], demand: Demand, reference: Json): void {
  if (targets.length === 0) return
  const literal = reference.reference
  const found = typeof literal === 'string' ? visit.scope.resolve(literal) : undefined
  const type = typeOfTarget(world, reference, found)
  if (type === undefined) return
  let fits = false
  let unknown = false
  for (const target of targets) {
    if (target.type === undefined) unknown = true
    else if (target.type === type || world.types.is(type, target.type)) fits = true
  }
  // Most targets cannot be read, and then the type is all that there is to judge.
  if (fits && (!found || unknown)) return
  if (unknown) {
    if (world.policy.reportUndecided || world.policy.unresolvedProfiles === 'error') {
      visit.report(
        world.policy.unresolvedProfiles,
        'profile-unknown',
        `Whether a reference to ${type} is allowed is not decided: one of the target profiles is not at hand.`,
        demand,
      )
    }
    return
  }
  const fitting = targets.filter((target) => target.type !== undefined && world.types.is(type, target.type))
  if (fitting.length === 0) {
    const allowed = [...new Set(targets.map((target) => target.type as string))]
    visit.report('error', 'reference-type', `May refer to ${allowed.join(' or ')}, but refers to ${type}.`, demand, {
      expected: allowed,
      actual: type,
    })
    return
  }
  if (!found || fitting.some(({ check }) => !check)) return
  const outer = visit.scope
  visit.scope = found
  const good = fitting.some(({ check }) => check && world.rules.conforms(world, visit, found.resource, check))
  visit.scope = outer
  if (good) return
  const urls = fitting.map(({ url }) => url)
  visit.report(
    'error',
    'reference-profile',
    `The ${type} that is referred to must conform to ${urls.length === 1 ? urls[0] : `one of ${urls.join(', ')}`}, and does not.`,
    demand,
    {
      expected: urls,
      actual: literal,
    },
  )
}

function judgeAggregation(visit: Visit, modes: readonly string[], demand: Demand, reference: Json): void {
  const literal = reference.reference
  if (typeof literal !== 'string') return
  const inContained = literal.startsWith('#')
  const inBundle = !inContained && visit.scope.resolveInBundle(literal) !== undefined
  const allowed =
    (inContained && modes.includes('contained')) ||
    (!inContained && modes.includes('referenced')) ||
    (inBundle && modes.includes('bundled'))
  if (!allowed) {
    visit.report(
      'error',
      'reference-aggregation',
      `The target must be ${modes.join(' or ')}, but is ${inContained ? 'contained' : inBundle ? 'in the Bundle' : 'elsewhere'}.`,
      demand,
      { expected: modes },
    )
  }
}
