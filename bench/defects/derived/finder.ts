/** How a class of defects finds the places where it can be done in a resource, does one, and says what must be found there. */
import type { Definition, Element, Json, Model, Place } from './model.ts'

export interface Defect {
  /** Where the finding may be. */
  readonly at: readonly string[]
  /** Which rules may find it. */
  readonly codes: readonly string[]
}
export interface Site {
  /** Changes the resource that the site was found in. */
  readonly seed: () => Defect
}
export interface Setting {
  readonly model: Model
  readonly resource: Json
  readonly places: readonly Place[]
  /** The profile that the resource claims, or its base type. */
  readonly profile: Definition
}
export type Finder = (setting: Setting) => Site[]

export const core = 'http://hl7.org/fhir/StructureDefinition/'
/** The list of that name, begun where there is none. */
export function listAt(holder: Json, key: string): Json[] {
  const list = (holder[key] ?? []) as Json[]
  holder[key] = list
  return list
}
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Replaces the value at a place. */
export const put = ({ holder, key, index }: Place, value: unknown): void => {
  if (index < 0) holder[key] = value
  else (holder[key] as unknown[])[index] = value
}
export const site = (seed: () => Defect): Site => ({ seed })
export const each = (
  places: readonly Place[],
  test: (place: Place) => boolean,
  seed: (place: Place) => Defect,
): Site[] => places.filter(test).map((place) => site(() => seed(place)))
export const stemOf = ({ element }: Place): string =>
  element.path.slice(element.path.lastIndexOf('.') + 1).replace('[x]', '')
export const listExpression = ({ above, key }: Place): string => `${above}.${key}`

export const primitives = new Set(
  'base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid'.split(
    ' ',
  ),
)
export const wrongText: Readonly<Record<string, unknown>> = {
  boolean: 'yes',
  integer: '7',
  positiveInt: 0,
  unsignedInt: -1,
  decimal: '1.5',
  date: '2023-02-30',
  dateTime: '2023-01-01T10:00:00',
  instant: '2023-01-01',
  time: '25:00:00',
  code: ' padded ',
  id: 'not/an id',
  uri: 'has space',
  url: 'http://a b',
  canonical: 'relative/thing',
  oid: 'urn:oid:9.1',
  uuid: 'urn:uuid:ABC',
  base64Binary: 'a*b=',
  string: '',
  markdown: '',
}

/** Elements of the profile, without slices, with the values that they have in the instance by plain paths. */
export function occurrences(resource: Json, element: Element): { holders: Json[]; key: string; expressions: string[] } {
  const segments = element.path.split('.').slice(1)
  let level: { object: Json; expression: string }[] = [{ object: resource, expression: String(resource.resourceType) }]
  for (const segment of segments.slice(0, -1)) {
    level = level.flatMap(({ object, expression }) => {
      const value = object[segment]
      if (Array.isArray(value))
        return value.flatMap((item, at) =>
          isObject(item) ? [{ object: item, expression: `${expression}.${segment}[${at}]` }] : [],
        )
      return isObject(value) ? [{ object: value, expression: `${expression}.${segment}` }] : []
    })
  }
  return {
    holders: level.map(({ object }) => object),
    key: segments.at(-1) ?? '',
    expressions: level.map(({ expression }) => expression),
  }
}
export const plainElements = (profile: Definition): Element[] =>
  profile.snapshot.element.filter(({ id, path }) => !id.includes(':') && path.includes('.') && !path.endsWith('[x]'))

export const fits = (value: unknown, pattern: unknown): boolean => {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((wanted) => value.some((item) => fits(item, wanted)))
  if (isObject(pattern))
    return isObject(value) && Object.entries(pattern).every(([key, wanted]) => fits(value[key], wanted))
  return value === pattern
}
export const stated = (element: Element, stem: string): unknown => {
  const key = Object.keys(element).find((name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length)))
  return key === undefined ? undefined : element[key]
}

/** Slices of top-level lists that are told apart by a pattern, a fixed value or an extension's URL. */
export function slicesOf({
  profile,
  resource,
}: Setting): { slice: Element; key: string; matches: (item: unknown) => boolean }[] {
  const found: { slice: Element; key: string; matches: (item: unknown) => boolean }[] = []
  for (const slice of profile.snapshot.element) {
    if (!slice.sliceName || slice.path.split('.').length !== 2 || slice.sliceName.includes('/')) continue
    if (slice.id.slice(0, slice.id.indexOf(':')) !== slice.path) continue
    const key = slice.path.split('.')[1] as string
    if (!Array.isArray(resource[key])) continue
    const sliced = profile.snapshot.element.find(({ id }) => id === slice.path)
    const [discriminator, ...more] = sliced?.slicing?.discriminator ?? []
    if (!discriminator || more.length > 0) continue
    if (key === 'extension') {
      const url = slice.type?.[0]?.profile?.[0]?.split('|')[0]
      if (url !== undefined) found.push({ slice, key, matches: (item) => isObject(item) && item.url === url })
    } else if (discriminator.path === '$this') {
      const pattern = stated(slice, 'pattern') ?? stated(slice, 'fixed')
      if (pattern !== undefined) found.push({ slice, key, matches: (item) => fits(item, pattern) })
    } else if (/^[a-z]+$/i.test(discriminator.path)) {
      const child = profile.snapshot.element.find(({ id }) => id === `${slice.id}.${discriminator.path}`)
      const wanted = child && (stated(child, 'fixed') ?? stated(child, 'pattern'))
      if (wanted !== undefined)
        found.push({ slice, key, matches: (item) => isObject(item) && fits(item[discriminator.path], wanted) })
    }
  }
  return found
}

export const extensionPlaces = ({ places }: Setting): Place[] =>
  places.filter(({ type, key, value }) => type === 'Extension' && key === 'extension' && isObject(value))
export const isTop = (place: Place): boolean => /^[a-z]+:/i.test(String((place.value as Json).url))
export const ofType = (setting: Setting, type: string): Place[] =>
  setting.places.filter((place) => place.type === type && isObject(place.value))

/** An invariant: where it can be broken, how, and its key's rule. */
export const invariant =
  (type: string, test: (value: Json) => boolean, breakIt: (value: Json) => void, ...codes: string[]): Finder =>
  (setting) =>
    ofType(setting, type)
      .filter(({ value }) => test(value as Json))
      .map((place) =>
        site(() => {
          breakIt(place.value as Json)
          return { at: [place.expression], codes: codes.length > 0 ? codes : ['invariant'] }
        }),
      )
export const ofResource =
  (
    type: string | undefined,
    test: (resource: Json) => boolean,
    breakIt: (resource: Json) => void,
    below: string,
    ...codes: string[]
  ): Finder =>
  ({ resource }) =>
    (type === undefined || resource.resourceType === type) && test(resource)
      ? [
          site(() => {
            breakIt(resource)
            return { at: [`${String(resource.resourceType)}${below}`], codes }
          }),
        ]
      : []

export const domain = (resource: Json): boolean =>
  !['Bundle', 'Parameters', 'Binary'].includes(String(resource.resourceType))
