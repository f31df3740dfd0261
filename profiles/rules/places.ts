/** The names under which the definition of an extension can mean the element that holds it. */
import type { World } from '../compile/compiled.ts'
import type { Variant } from '../compile/types.ts'
import type { Json, Visit } from './visit.ts'

/** A way from the holder of an extension up to its resource, step by step; where it ends, the names of that place. */
interface Way {
  names: ReadonlySet<string> | undefined
  readonly on: Map<Variant | string, Way>
}
const ways = new WeakMap<World, Way>()
/** Places deeper than this are seldom the same twice, and their ways would fill the memory. */
const deepest = 12

/** The way that is known, or a new one, which is kept. */
function wayOf(known: Way | undefined, keep: (made: Way) => void): Way {
  if (known) return known
  const made: Way = { names: undefined, on: new Map() }
  keep(made)
  return made
}

/** The names of the element that holds the extension at hand. The same places come again and again, so they are kept. */
export function placesOf(world: World, visit: Visit): ReadonlySet<string> {
  if (visit.depth > deepest) return namesAt(world, visit)
  let way = wayOf(ways.get(world), (made) => ways.set(world, made))
  for (let at = visit.depth - 2; at >= 0; at--) {
    const type = resourceTypeOf(visit.values[at])
    const step = type ?? visit.variants[at]
    // What the input calls a resource without being one has no end.
    if (step === undefined || (type !== undefined && !world.types.isResource(type))) return namesAt(world, visit)
    const { on }: Way = way
    way = wayOf(on.get(step), (made) => on.set(step, made))
    if (type !== undefined) break
  }
  way.names ??= namesAt(world, visit)
  return way.names
}

function resourceTypeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { resourceType } = value as Json
  return typeof resourceType === 'string' ? resourceType : undefined
}

/** Resources that R5 calls canonical; extension contexts of the newer extension packs speak of them. */
const canonical = new Set(
  'ActivityDefinition CapabilityStatement ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap EffectEvidenceSynthesis EventDefinition Evidence EvidenceVariable ExampleScenario GraphDefinition ImplementationGuide Library Measure MessageDefinition NamingSystem OperationDefinition PlanDefinition Questionnaire ResearchDefinition ResearchElementDefinition RiskEvidenceSynthesis SearchParameter StructureDefinition StructureMap TerminologyCapabilities TestScript ValueSet'.split(
    ' ',
  ),
)

/**
 * All the names of the element that holds the extension: its path from the resource and from every datatype on the way, the name of
 * its type and of the types that this one specialises.
 */
function namesAt(world: World, visit: Visit): Set<string> {
  const places = new Set<string>()
  const host = visit.depth - 2
  const add = (type: string | undefined, rest: string): void => {
    for (let name = type; name !== undefined; name = world.types.get(name)?.base)
      places.add(rest === '' ? name : `${name}.${rest}`)
  }
  let rest = ''
  let plain = ''
  for (let at = host; at >= 0; at--) {
    const variant = visit.variants[at]
    const resource = resourceTypeOf(visit.values[at])
    const type = resource ?? variant?.type
    add(type, rest)
    if (plain !== rest) add(type, plain)
    if (resource !== undefined) {
      if (canonical.has(resource)) {
        places.add(rest === '' ? 'CanonicalResource' : `CanonicalResource.${rest}`)
        places.add(rest === '' ? 'MetadataResource' : `MetadataResource.${rest}`)
      }
      break
    }
    const step = variant ? variant.element.name : (visit.steps[at] as string)
    const stem = variant ? variant.element.stem : step
    rest = rest === '' ? step : `${step}.${rest}`
    plain = plain === '' ? stem : `${stem}.${plain}`
  }
  return places
}
