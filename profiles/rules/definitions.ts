/** Definitions as resources: what a StructureDefinition, CodeSystem, ConceptMap or ValueSet says must make sense against what is at hand. */
import type { World } from '../compile/compiled.ts'
import { type Step, stepsOf } from '../compile/paths.ts'
import { coreUrl } from '../compile/types.ts'
import { isAbsolute } from './uris.ts'
import type { Json, Visit } from './visit.ts'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

function say(visit: Visit, type: string, text: string, below: string, actual?: unknown): void {
  visit.report(
    'error',
    'definition-rules',
    text,
    { profile: coreUrl + type, element: type },
    { below, ...(actual !== undefined && { actual }) },
  )
}

/** Judges a definition by the rules of its kind. */
export function judgeDefinition(world: World, visit: Visit, resource: Json): void {
  const { url } = resource
  if (typeof url === 'string' && canonicalTypes.has(String(resource.resourceType)) && !isAbsolute(url)) {
    say(visit, String(resource.resourceType), `The canonical URL must be absolute: ${url}.`, 'url', url)
  }
  switch (resource.resourceType) {
    case 'StructureDefinition':
      judgeStructure(world, visit, resource)
      break
    case 'CodeSystem':
      if (resource.supplements !== undefined && resource.content !== 'supplement') {
        say(
          visit,
          'CodeSystem',
          'A code system that supplements another has the content "supplement".',
          'content',
          resource.content,
        )
      }
      break
    case 'ConceptMap':
      for (const [at, group] of objects(resource.group).entries()) judgeMapping(world, visit, group, `group[${at}]`)
      break
    case 'ValueSet': {
      const compose = isObject(resource.compose) ? resource.compose : {}
      for (const part of ['include', 'exclude']) {
        for (const [at, include] of objects(compose[part]).entries()) {
          judgeInclude(world, visit, include, `compose.${part}[${at}]`)
        }
      }
    }
  }
}

const canonicalTypes = new Set(
  'ActivityDefinition CapabilityStatement ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap EventDefinition Evidence EvidenceVariable ExampleScenario GraphDefinition ImplementationGuide Library Measure MessageDefinition OperationDefinition PlanDefinition Questionnaire ResearchDefinition ResearchElementDefinition SearchParameter StructureDefinition StructureMap TerminologyCapabilities TestScript ValueSet'.split(
    ' ',
  ),
)

/** The paths of discriminators must lead somewhere in the type of the element that they slice. */
function judgeStructure(world: World, visit: Visit, definition: Json): void {
  for (const view of ['snapshot', 'differential']) {
    const elements = objects(isObject(definition[view]) ? (definition[view] as Json).element : undefined)
    elements.forEach((element, at) => {
      const slicing = element.slicing
      if (!isObject(slicing)) return
      const types = typesOfElement(world, element)
      objects(slicing.discriminator).forEach(({ path }, index) => {
        if (typeof path !== 'string' || types.length === 0) return
        if (types.some((type) => leads(world, type, stepsOf(path)))) return
        say(
          visit,
          'StructureDefinition',
          `The discriminator "${path}" leads nowhere in ${types.join(' or ')}.`,
          `${view}.element[${at}].slicing.discriminator[${index}].path`,
          path,
        )
      })
    })
  }
}

/** Type names (or paths of backbones) that an element can have; empty where that cannot be told. */
function typesOfElement(world: World, { path, type }: Json): string[] {
  if (typeof path !== 'string') return []
  let at = path.slice(0, path.indexOf('.') === -1 ? path.length : path.indexOf('.'))
  for (const name of path.split('.').slice(1)) {
    const element = world.types.get(at)?.elements.get(name.replace('[x]', ''))
    if (!element) return []
    if (element.variants.length > 1) return objects(type).map(({ code }) => String(code))
    at = (element.variants[0]?.type ?? '') as string
  }
  return world.types.get(at) ? [at] : []
}

function leads(world: World, type: string, steps: readonly Step[]): boolean {
  let at: string | undefined = type
  for (const step of steps) {
    if (at === undefined || at === 'Resource' || at === 'DomainResource') return true
    if (step.kind === 'resolve') return true
    if (step.kind === 'extension') at = 'Extension'
    else if (step.kind === 'as') at = step.type
    else {
      const info = world.types.get(at)
      if (!info) return true
      const element = info.elements.get(step.name)
      if (!element) return info.byJson.has(step.name)
      at = element.variants.length === 1 ? element.variants[0]?.type : undefined
    }
  }
  return true
}

/** The codes that are mapped exist, where their systems are at hand. */
function judgeMapping(world: World, visit: Visit, group: Json, below: string): void {
  const unknown = (system: unknown, code: unknown): boolean =>
    world.policy.checkCodes &&
    typeof system === 'string' &&
    typeof code === 'string' &&
    world.terminology.hasCode(system, code) === false
  objects(group.element).forEach((element, at) => {
    const place = `${below}.element[${at}]`
    if (unknown(group.source, element.code)) {
      say(
        visit,
        'ConceptMap',
        `The code system ${String(group.source)} has no code "${String(element.code)}".`,
        `${place}.code`,
        element.code,
      )
    }
    objects(element.target).forEach((target, index) => {
      if (unknown(group.target, target.code)) {
        say(
          visit,
          'ConceptMap',
          `The code system ${String(group.target)} has no code "${String(target.code)}".`,
          `${place}.target[${index}].code`,
          target.code,
        )
      }
    })
  })
}

/** Systems are absolute and no value sets; listed codes exist where their system is at hand. */
function judgeInclude(world: World, visit: Visit, include: Json, below: string): void {
  const { system } = include
  if (typeof system !== 'string') return
  if (!isAbsolute(system)) say(visit, 'ValueSet', `The system must be absolute: ${system}.`, `${below}.system`, system)
  else if (world.library.valueSet(system))
    say(visit, 'ValueSet', `${system} is a value set, not a code system.`, `${below}.system`, system)
  if (!world.policy.checkCodes) return
  objects(include.concept).forEach(({ code }, at) => {
    if (typeof code === 'string' && world.terminology.hasCode(system, code) === false) {
      say(visit, 'ValueSet', `The code system ${system} has no code "${code}".`, `${below}.concept[${at}].code`, code)
    }
  })
}
