/** Extensions: known definition, allowed place, allowed as modifier or not, and the definition's own rules for the value. */
import type { ProfileCheck, Slot, World } from '../compile/compiled.ts'
import { correctedPlace } from '../compile/corrections.ts'
import { nearestAmong } from '../compile/nearest.ts'
import { treeOf } from '../compile/tree.ts'
import { coreUrl } from '../compile/types.ts'
import { Node } from '../fhirpath/items.ts'
import { placesOf } from './places.ts'
import { isExampleUrl } from './uris.ts'
import type { Json, Visit } from './visit.ts'

const nested = new WeakMap<ProfileCheck, readonly string[]>()

/** URLs of the parts of a complex extension, as its definition's slices name them. */
function partsOf(check: ProfileCheck): readonly string[] {
  const known = nested.get(check)
  if (known) return known
  const slices = treeOf(check.sheet).children.get('extension')?.slices ?? []
  const urls = slices.map((slice) => String(slice.children.get('url')?.row.fixed?.value ?? slice.slice))
  nested.set(check, urls)
  return urls
}

/** Judges one extension; the visit stands at it. */
export function judgeExtension(world: World, visit: Visit, extension: Json, slot: Slot): void {
  const { url } = extension
  if (typeof url !== 'string' || url === '') return
  const modifier = slot.json === 'modifierExtension'
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    judgePart(world, visit, url, slot)
    return
  }
  const bar = url.indexOf('|')
  if (bar !== -1) {
    visit.report('error', 'extension-url', `The URL of an extension must not have a version: ${url}.`, slot.demand, {
      actual: url,
      below: 'url',
    })
    return
  }
  const check = world.profileCheck(url, homeOf(world, visit))
  if (check?.sheet.type !== 'Extension') {
    unknown(world, visit, url, modifier, slot)
    return
  }
  judgeContext(world, visit, check)
  judgeModifier(visit, check, modifier)
  if (check.overlay) world.rules.judgeOverlay(world, visit, check.overlay, extension, 'Extension', undefined)
}

/** The package of the extension around, where there is one: its parts are meant as that package means them. */
function homeOf(world: World, visit: Visit): ProfileCheck['home'] | undefined {
  const around = visit.values[visit.depth - 2]
  const url = typeof around === 'object' && around !== null && !Array.isArray(around) ? (around as Json).url : undefined
  const isExtension = visit.variants[visit.depth - 2]?.type === 'Extension'
  return isExtension && typeof url === 'string' ? world.profileCheck(url)?.home : undefined
}

/** Extensions of HL7's own tools, which no package of definitions carries. */
const tooling = 'http://hl7.org/fhir/tools/StructureDefinition/'

/** Elements of other releases as extensions (R5 versions.html#extensions). */
const crossVersion =
  /^http:\/\/hl7\.org\/fhir\/[1-6]\.[0-9]\/StructureDefinition\/extension-[A-Z][A-Za-z]+(\.[A-Za-z]+)+(\[x\])?$/

/** Marks that publishing tools leave on the examples of a guide. */
const publishing = new Set(
  ['instance-name', 'instance-description'].map((name) => `http://hl7.org/fhir/StructureDefinition/${name}`),
)

function unknown(world: World, visit: Visit, url: string, modifier: boolean, slot: Slot): void {
  if (modifier) {
    visit.report(
      'error',
      'extension-modifier-unknown',
      `The modifier extension ${url} is not known, so the element cannot be understood.`,
      slot.demand,
      { actual: url },
    )
    return
  }
  const { unknownExtensions, exampleUrls } = world.policy
  if (crossVersion.test(url)) {
    if (!world.policy.reportUndecided) return
    visit.report(
      'information',
      'extension-unknown',
      `The extension ${url} stands for an element of another release of FHIR, whose definition is not at hand.`,
      slot.demand,
      { actual: url },
    )
    return
  }
  if (
    unknownExtensions === 'ignore' ||
    url.startsWith(tooling) ||
    publishing.has(url) ||
    (exampleUrls && isExampleUrl(url))
  )
    return
  visit.report(unknownExtensions, 'extension-unknown', `The extension ${url} is not known here.`, slot.demand, {
    actual: url,
  })
}

/** A relative URL names a part of the extension around it. */
function judgePart(world: World, visit: Visit, url: string, slot: Slot): void {
  const around = visit.values[visit.depth - 2] as Json | undefined
  if (visit.variants[visit.depth - 2]?.type !== 'Extension' || typeof around?.url !== 'string') {
    visit.report('error', 'extension-url', `The URL of an extension must be absolute: ${url}.`, slot.demand, {
      actual: url,
      below: 'url',
    })
    return
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(around.url)) return
  const check = world.profileCheck(around.url)
  if (!check) return
  const parts = partsOf(check)
  if (parts.includes(url)) return
  const nearest = nearestAmong(url, parts)
  visit.report(
    'error',
    'extension-unknown',
    `The extension ${around.url} has no part "${url}"${parts.length > 0 ? ` (it has ${parts.join(', ')})` : ''}.`,
    { profile: check.canonical, element: 'Extension.extension' },
    {
      expected: parts,
      actual: url,
      ...(nearest.length > 0 && { nearest }),
    },
  )
}

function judgeModifier(visit: Visit, check: ProfileCheck, modifier: boolean): void {
  const must = check.sheet.rows[0]?.modifier === true
  if (must === modifier) return
  const text = must
    ? 'changes the meaning of its element, so it must be a modifierExtension'
    : 'is no modifier, so it must not be a modifierExtension'
  visit.report('error', 'extension-modifier', `The extension ${check.sheet.url} ${text}.`, {
    profile: check.canonical,
    element: 'Extension',
  })
}

/** Allowed where any definition of it at hand allows it: its places were corrected between releases. */
function judgeContext(world: World, visit: Visit, check: ProfileCheck): void {
  const { context } = check.sheet
  if (!context || context.length === 0) return
  judgeContextInvariants(world, visit, check)
  const places = placesOf(world, visit)
  if (isPlace(world, visit, context, places)) return
  const forgotten = correctedPlace(check.sheet.url)
  if (forgotten === 'Element' || (forgotten !== undefined && places.has(forgotten))) return
  const others = world.library.profiles(check.sheet.url)
  if (others.some(({ sheet }) => sheet !== check.sheet && isPlace(world, visit, sheet.context ?? [], places))) return
  const allowed = context.map(({ expression }) => expression)
  visit.report(
    'error',
    'extension-context',
    `The extension ${check.sheet.url} is not allowed here, only on ${allowed.join(', ')}.`,
    { profile: check.canonical, element: 'Extension' },
    { expected: allowed, actual: [...places].slice(0, 3) },
  )
}

/** Is the element that holds the extension among those that an expression on the resource gives? */
function isSelected(world: World, visit: Visit, expression: string): boolean {
  const host = visit.values[visit.depth - 2]
  const { resource } = visit.scope
  try {
    const items = world.evaluate(visit, expression, resource, String(resource.resourceType))
    return items.some(
      (item) => item === host || (item instanceof Node && (item.value === host || item.shadow === host)),
    )
  } catch {
    return true
  }
}

/** What the definition demands of the element that holds the extension. */
function judgeContextInvariants(world: World, visit: Visit, check: ProfileCheck): void {
  const host = visit.values[visit.depth - 2]
  const value = visit.variants[visit.depth - 2]
  const type = value?.type ?? String(visit.scope.resource.resourceType)
  for (const expression of check.sheet.contextInvariants ?? []) {
    let items: readonly unknown[]
    try {
      items = world.evaluate(visit, expression, host, type)
    } catch {
      continue
    }
    if (items.length === 1 && items[0] === false) {
      visit.report(
        'error',
        'extension-context',
        `The extension ${check.sheet.url} is allowed only where ${expression}.`,
        { profile: check.canonical, element: 'Extension' },
        { expected: expression },
      )
    }
  }
}

function isPlace(
  world: World,
  visit: Visit,
  context: NonNullable<ProfileCheck['sheet']['context']>,
  places: ReadonlySet<string>,
): boolean {
  for (const { type, expression } of context) {
    if (type === 'fhirpath') {
      if (isSelected(world, visit, expression)) return true
      continue
    }
    if (type === 'extension') {
      if (contextOfExtension(visit, expression)) return true
      continue
    }
    if (expression === 'Element' || places.has(expression) || places.has(expression.replace(/\[x\]/g, ''))) return true
    const hash = expression.indexOf('#')
    if (hash !== -1 && contextOfProfile(world, expression.slice(0, hash), expression.slice(hash + 1), places))
      return true
    if (expression.startsWith('http') && contextOfProfile(world, expression, undefined, places)) return true
  }
  return false
}

/** Is the extension around (at any depth of its parts) the one with that URL? `url#part` names a part. */
function contextOfExtension(visit: Visit, wanted: string): boolean {
  const [url, part] = wanted.split('#')
  for (let at = visit.depth - 2; at > 0; at--) {
    if (visit.variants[at]?.type !== 'Extension') break
    const value = visit.values[at] as Json
    if (part === undefined ? value.url === url : value.url === part) return true
  }
  return false
}

/** `profile#element`: the element of a resource or datatype that conforms to the profile. */
function contextOfProfile(
  world: World,
  url: string,
  element: string | undefined,
  places: ReadonlySet<string>,
): boolean {
  const check = world.profileCheck(url)
  if (!check) return true
  if (check.sheet.url.startsWith(coreUrl) && check.sheet.derivation === 'specialization') {
    return places.has(element ?? check.sheet.type)
  }
  const place = element ?? check.sheet.type
  return places.has(place)
}
