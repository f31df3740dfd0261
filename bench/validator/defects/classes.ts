/** Classes of defects: each finds the places where it can be done in a resource, does one, and says what must be found there. */
import { type Definition, type Element, type Json, lowerFirst, type Model, type Place, upperFirst } from './model.ts'

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

const core = 'http://hl7.org/fhir/StructureDefinition/'
/** The list of that name, begun where there is none. */
function listAt(holder: Json, key: string): Json[] {
  const list = (holder[key] ?? []) as Json[]
  holder[key] = list
  return list
}
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Replaces the value at a place. */
const put = ({ holder, key, index }: Place, value: unknown): void => {
  if (index < 0) holder[key] = value
  else (holder[key] as unknown[])[index] = value
}
const site = (seed: () => Defect): Site => ({ seed })
const each = (places: readonly Place[], test: (place: Place) => boolean, seed: (place: Place) => Defect): Site[] =>
  places.filter(test).map((place) => site(() => seed(place)))
const stemOf = ({ element }: Place): string => element.path.slice(element.path.lastIndexOf('.') + 1).replace('[x]', '')
const listExpression = ({ above, key }: Place): string => `${above}.${key}`

const primitives = new Set(
  'base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid'.split(
    ' ',
  ),
)
const wrongText: Readonly<Record<string, unknown>> = {
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
function occurrences(resource: Json, element: Element): { holders: Json[]; key: string; expressions: string[] } {
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
const plainElements = (profile: Definition): Element[] =>
  profile.snapshot.element.filter(({ id, path }) => !id.includes(':') && path.includes('.') && !path.endsWith('[x]'))

const fits = (value: unknown, pattern: unknown): boolean => {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((wanted) => value.some((item) => fits(item, wanted)))
  if (isObject(pattern))
    return isObject(value) && Object.entries(pattern).every(([key, wanted]) => fits(value[key], wanted))
  return value === pattern
}
const stated = (element: Element, stem: string): unknown => {
  const key = Object.keys(element).find((name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length)))
  return key === undefined ? undefined : element[key]
}

/** Slices of top-level lists that are told apart by a pattern, a fixed value or an extension's URL. */
function slicesOf({
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

const extensionPlaces = ({ places }: Setting): Place[] =>
  places.filter(({ type, key, value }) => type === 'Extension' && key === 'extension' && isObject(value))
const isTop = (place: Place): boolean => /^[a-z]+:/i.test(String((place.value as Json).url))
const ofType = (setting: Setting, type: string): Place[] =>
  setting.places.filter((place) => place.type === type && isObject(place.value))

/** An invariant: where it can be broken, how, and its key's rule. */
const invariant =
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
const ofResource =
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

const domain = (resource: Json): boolean => !['Bundle', 'Parameters', 'Binary'].includes(String(resource.resourceType))

export const classes: Readonly<Record<string, Finder>> = {
  'array-for-scalar': ({ places }) =>
    each(
      places,
      ({ index, element }) => index < 0 && (element.base?.max ?? element.max) === '1',
      (place) => {
        put(place, [place.value])
        return { at: [place.expression], codes: ['structure-array-forbidden'] }
      },
    ),
  'scalar-for-array': ({ places }) =>
    each(
      places,
      ({ index }) => index === 0,
      (place) => {
        place.holder[place.key] = place.value
        return { at: [listExpression(place)], codes: ['structure-array-expected'] }
      },
    ),
  'unknown-element': ({ places }) =>
    each(
      places,
      ({ value, type }) => isObject(value) && type !== 'xhtml',
      (place) => {
        ;(place.value as Json).vitruvianUnknown = 'x'
        return { at: [`${place.expression}.vitruvianUnknown`], codes: ['structure-unknown-element'] }
      },
    ),
  'wrong-json-type': ({ places }) =>
    each(
      places,
      ({ type, key }) => primitives.has(type) && key !== 'id',
      (place) => {
        put(place, { a: 1 })
        return { at: [place.expression], codes: ['structure-primitive-expected'] }
      },
    ),
  'object-for-primitive-reverse': ({ places }) =>
    each(
      places,
      ({ value, type }) => isObject(value) && type !== 'Resource',
      (place) => {
        put(place, 'text')
        return { at: [place.expression], codes: ['structure-object-expected'] }
      },
    ),
  'bad-primitive': ({ places }) =>
    each(
      places,
      ({ type, key }) => type in wrongText && key !== 'url',
      (place) => {
        put(place, wrongText[place.type])
        return { at: [place.expression], codes: ['primitive-format'] }
      },
    ),
  'bad-required-code': ({ places }) =>
    each(
      places,
      ({ type, element, key }) =>
        type === 'code' &&
        element.binding?.strength === 'required' &&
        key !== 'contentType' &&
        !/mimetypes|currencies|languages/.test(element.binding.valueSet ?? ''),
      (place) => {
        put(place, 'vitruvian-nonsense')
        return { at: [place.expression], codes: ['binding-required'] }
      },
    ),
  'choice-two-values': ({ places }) =>
    each(
      places,
      ({ element, type, holder }) => element.path.endsWith('[x]') && type !== 'boolean' && !Array.isArray(holder),
      (place) => {
        const other = place.element.type?.find(({ code }) => code === 'boolean' || code === 'string')?.code
        const stem = stemOf(place)
        const type =
          other && stem + upperFirst(other) !== place.key
            ? other
            : place.element.type?.find(({ code }) => stem + upperFirst(code) !== place.key)?.code
        if (type === undefined) return { at: [], codes: [] }
        place.holder[stem + upperFirst(type)] = type === 'boolean' ? true : type === 'string' ? 'x' : place.value
        return { at: [`${place.above}.${stem}`], codes: ['cardinality-max'] }
      },
    ).filter(() => true),
  'choice-type-core': ({ places }) =>
    each(
      places,
      ({ element }) => element.path.endsWith('[x]') && (element.type?.length ?? 0) < 20,
      (place) => {
        const key = `${stemOf(place)}Signature`
        delete place.holder[place.key]
        delete place.holder[`_${place.key}`]
        place.holder[key] = { type: [{ code: 'x' }], when: '2020-01-01T00:00:00Z', who: { display: 'x' } }
        return { at: [`${place.above}.${key}`], codes: ['structure-unknown-element'] }
      },
    ),
  'choice-type-profile': ({ profile, resource, model }) =>
    profile.snapshot.element.flatMap((element) => {
      if (!element.path.endsWith('[x]') || element.id.includes(':') || element.path.split('.').length !== 2) return []
      const stem = element.path.split('.')[1]?.slice(0, -3) as string
      const base = model.typeOf(profile.type)
      const all = base && model.at(base, element.path)?.type?.map(({ code }) => code)
      const allowed = element.type?.map(({ code }) => code) ?? []
      const other = all?.find(
        (code) => !allowed.includes(code) && ['string', 'boolean', 'integer', 'date', 'dateTime'].includes(code),
      )
      const key = Object.keys(resource).find(
        (name) => name.startsWith(stem) && allowed.some((code) => stem + upperFirst(code) === name),
      )
      if (other === undefined || key === undefined) return []
      return [
        site(() => {
          delete resource[key]
          resource[stem + upperFirst(other)] = {
            string: 'x',
            boolean: true,
            integer: 3,
            date: '2020-01-01',
            dateTime: '2020-01-01',
          }[other]
          return { at: [`${profile.type}.${stem}.ofType(${other})`], codes: ['type-not-allowed'] }
        }),
      ]
    }),
  'drop-required-core': ({ places }) =>
    each(
      places,
      ({ element, index, key }) => (element.base?.min ?? element.min) > 0 && index <= 0 && key !== 'resourceType',
      (place) => {
        delete place.holder[place.key]
        return {
          at: [`${place.above}.${stemOf(place)}`, place.above],
          codes: ['cardinality-min', 'structure-empty', 'extension-url'],
        }
      },
    ),
  'drop-required-profile': ({ profile, resource, model }) =>
    plainElements(profile).flatMap((element) => {
      const base = model.typeOf(profile.type)
      const known = base && model.at(base, element.path)
      if (element.min === 0 || (known?.min ?? 0) > 0) return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.flatMap((holder, at) =>
        holder[key] === undefined && holder[`_${key}`] === undefined
          ? []
          : [
              site(() => {
                delete holder[key]
                delete holder[`_${key}`]
                return { at: [`${expressions[at]}.${key}`], codes: ['cardinality-min'] }
              }),
            ],
      )
    }),
  'exceed-max-profile': ({ profile, resource, model }) =>
    plainElements(profile).flatMap((element) => {
      const base = model.typeOf(profile.type)
      const known = base && model.at(base, element.path)
      if (element.max === '*' || element.max === '0' || known?.max !== '*') return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.flatMap((holder, at) => {
        const list = holder[key]
        if (!Array.isArray(list)) return []
        return [
          site(() => {
            while (list.length <= Number(element.max)) list.push(structuredClone(list[0]))
            return { at: [`${expressions[at]}.${key}`], codes: ['cardinality-max'] }
          }),
        ]
      })
    }),
  'prohibited-max0': ({ profile, resource, model }) =>
    plainElements(profile).flatMap((element) => {
      const base = model.typeOf(profile.type)
      const known = base && model.at(base, element.path)
      const code = known?.type?.[0]?.code ?? ''
      const values: Record<string, unknown> = {
        string: 'x',
        CodeableConcept: { text: 'x' },
        boolean: true,
        Annotation: { text: 'x' },
        Identifier: { value: 'x' },
        Reference: { display: 'x' },
      }
      if (element.max !== '0' || !known || known.max === '0' || !(code in values)) return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.map((holder, at) =>
        site(() => {
          holder[key] = known.max === '1' ? values[code] : [values[code]]
          return { at: [`${expressions[at]}.${key}`], codes: ['cardinality-max'] }
        }),
      )
    }),
  'wrong-fixed': ({ profile, resource }) =>
    plainElements(profile).flatMap((element) => {
      if (stated(element, 'fixed') === undefined) return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.flatMap((holder, at) =>
        typeof holder[key] === 'string'
          ? [
              site(() => {
                holder[key] = element.type?.[0]?.code === 'uri' ? 'http://vitruvian.test/other' : 'other'
                return { at: [`${expressions[at]}.${key}`], codes: ['value-fixed'] }
              }),
            ]
          : [],
      )
    }),
  'wrong-pattern': ({ profile, resource }) =>
    plainElements(profile).flatMap((element) => {
      const pattern = stated(element, 'pattern')
      if (!isObject(pattern)) return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.flatMap((holder, at) =>
        isObject(holder[key])
          ? [
              site(() => {
                holder[key] =
                  'coding' in pattern
                    ? { coding: [{ system: 'http://vitruvian.test/cs', code: 'other' }] }
                    : { system: 'http://vitruvian.test/cs', code: 'other' }
                return { at: [`${expressions[at]}.${key}`], codes: ['value-pattern'] }
              }),
            ]
          : [],
      )
    }),
  'missing-slice': (setting) =>
    slicesOf(setting).flatMap(({ slice, key, matches }) => {
      const list = setting.resource[key] as unknown[]
      if (slice.min === 0 || !list.some(matches)) return []
      return [
        site(() => {
          const rest = list.filter((item) => !matches(item))
          if (rest.length > 0) setting.resource[key] = rest
          else delete setting.resource[key]
          return { at: [`${setting.profile.type}.${key}`], codes: ['slice-min'] }
        }),
      ]
    }),
  'slice-exceed-max': (setting) =>
    slicesOf(setting).flatMap(({ slice, key, matches }) => {
      const list = setting.resource[key] as unknown[]
      const one = list.find(matches)
      if (slice.max === '*' || one === undefined) return []
      return [
        site(() => {
          while (list.filter(matches).length <= Number(slice.max)) list.push(structuredClone(one))
          return { at: [`${setting.profile.type}.${key}`], codes: ['slice-max'] }
        }),
      ]
    }),
  'slice-child-required': (setting) =>
    slicesOf(setting).flatMap(({ slice, key, matches }) => {
      const list = setting.resource[key] as unknown[]
      const sliced = setting.profile.snapshot.element.find(({ id }) => id === slice.path)
      const discriminator = sliced?.slicing?.discriminator?.[0]?.path
      return setting.profile.snapshot.element.flatMap((child) => {
        const name = child.id.startsWith(`${slice.id}.`) ? child.id.slice(slice.id.length + 1) : ''
        if (!/^[a-z]+$/i.test(name) || child.min === 0 || name === discriminator) return []
        return list.flatMap((item, at) =>
          isObject(item) && matches(item) && item[name] !== undefined
            ? [
                site(() => {
                  delete item[name]
                  return {
                    at: [`${setting.profile.type}.${key}[${at}].${name}`, `${setting.profile.type}.${key}[${at}]`],
                    codes: ['cardinality-min', 'structure-empty'],
                  }
                }),
              ]
            : [],
        )
      })
    }),
  'wrong-ref-target': ({ places, profile }) =>
    each(
      places,
      ({ type, value, element }) =>
        type === 'Reference' &&
        isObject(value) &&
        typeof value.reference === 'string' &&
        !(element.type ?? []).some(
          ({ targetProfile, code }) =>
            code === 'Reference' &&
            (!targetProfile || targetProfile.includes(`${core}Resource`) || targetProfile.includes(`${core}Schedule`)),
        ) &&
        profile.type !== 'Schedule',
      (place) => {
        ;(place.value as Json).reference = 'Schedule/vitruvian'
        delete (place.value as Json).type
        return { at: [place.expression], codes: ['reference-type'] }
      },
    ),
  'wrong-resourceType': ({ resource }) => [
    site(() => {
      resource.resourceType = 'Pateint'
      return { at: ['Pateint'], codes: ['structure-unknown-type'] }
    }),
  ],
  'empty-object': ({ places }) =>
    each(
      places,
      ({ value, type }) => isObject(value) && type !== 'Resource',
      (place) => {
        put(place, {})
        return { at: [place.expression], codes: ['structure-empty'] }
      },
    ),
  'empty-array': ({ places }) =>
    each(
      places,
      ({ index }) => index === 0,
      (place) => {
        place.holder[place.key] = []
        return { at: [listExpression(place)], codes: ['structure-empty'] }
      },
    ),
  'empty-string': ({ places }) =>
    each(
      places,
      ({ value, type }) => typeof value === 'string' && type !== 'xhtml',
      (place) => {
        put(place, '')
        return { at: [place.expression], codes: ['primitive-format'] }
      },
    ),
  'null-value': ({ places }) =>
    each(
      places,
      ({ holder, key }) => holder[`_${key}`] === undefined,
      (place) => {
        put(place, null)
        return { at: [place.expression], codes: ['structure-null'] }
      },
    ),
  'ext-missing-url': (setting) =>
    extensionPlaces(setting).map((place) =>
      site(() => {
        delete (place.value as Json).url
        return { at: [`${place.expression}.url`], codes: ['cardinality-min'] }
      }),
    ),
  'ext-wrong-value-type': (setting) =>
    extensionPlaces(setting)
      .filter(
        (place) =>
          isTop(place) &&
          Object.keys(place.value as Json).some((key) => key.startsWith('value') && key !== 'valueSampledData'),
      )
      .map((place) =>
        site(() => {
          const value = place.value as Json
          for (const key of Object.keys(value)) if (key.startsWith('value')) delete value[key]
          value.valueSampledData = { origin: { value: 1 }, period: 1, dimensions: 1 }
          return { at: [`${place.expression}.value.ofType(SampledData)`], codes: ['type-not-allowed'] }
        }),
      ),
  'ext-wrong-context': ({ resource }) =>
    resource.resourceType === 'Questionnaire' || !domain(resource)
      ? []
      : [
          site(() => {
            const list = listAt(resource, 'extension')
            list.push({ url: `${core}questionnaire-hidden`, valueBoolean: true })
            return {
              at: [`${String(resource.resourceType)}.extension[${list.length - 1}]`],
              codes: ['extension-context'],
            }
          }),
        ],
  'ext-unknown': ({ resource }) =>
    domain(resource)
      ? [
          site(() => {
            const list = listAt(resource, 'extension')
            list.push({ url: 'http://vitruvian.test/StructureDefinition/unknown', valueBoolean: true })
            return {
              at: [`${String(resource.resourceType)}.extension[${list.length - 1}]`],
              codes: ['extension-unknown'],
            }
          }),
        ]
      : [],
  'ext-complex-unknown-child': (setting) =>
    extensionPlaces(setting)
      .filter((place) => isTop(place) && Array.isArray((place.value as Json).extension))
      .map((place) =>
        site(() => {
          const list = (place.value as Json).extension as Json[]
          list.push({ url: 'vitruvianUnknown', valueString: 'x' })
          return { at: [`${place.expression}.extension[${list.length - 1}]`], codes: ['extension-unknown'] }
        }),
      ),
  'modifierExtension-unknown': ({ resource }) =>
    domain(resource)
      ? [
          site(() => {
            const list = listAt(resource, 'modifierExtension')
            list.push({ url: 'http://vitruvian.test/StructureDefinition/unknown', valueBoolean: true })
            return {
              at: [`${String(resource.resourceType)}.modifierExtension[${list.length - 1}]`],
              codes: ['extension-modifier-unknown'],
            }
          }),
        ]
      : [],
  'inv:ext-1': (setting) =>
    extensionPlaces(setting)
      .filter((place) => Object.keys(place.value as Json).some((key) => key.startsWith('value')))
      .map((place) =>
        site(() => {
          ;(place.value as Json).extension = [{ url: `${core}data-absent-reason`, valueCode: 'unknown' }]
          return { at: [place.expression], codes: ['invariant'] }
        }),
      ),
  'inv:ref-1': (setting) =>
    ofType(setting, 'Reference')
      .filter(({ value }) => typeof (value as Json).reference === 'string')
      .map((place) =>
        site(() => {
          ;(place.value as Json).reference = '#vitruvian-nowhere'
          return { at: [place.expression], codes: ['invariant'] }
        }),
      ),
  'inv:per-1': invariant(
    'Period',
    () => true,
    (value) => Object.assign(value, { start: '2023-05-05', end: '2020-01-01' }),
  ),
  'inv:qty-3': invariant(
    'Quantity',
    ({ code }) => typeof code === 'string',
    (value) => delete value.system,
  ),
  'inv:cpt-2': invariant(
    'ContactPoint',
    ({ value }) => typeof value === 'string',
    (value) => delete value.system,
    'invariant',
    'cardinality-min',
  ),
  'inv:rng-2': invariant(
    'Range',
    () => true,
    (value) => Object.assign(value, { low: { value: 9, unit: 'a' }, high: { value: 1, unit: 'a' } }),
  ),
  'inv:att-1': invariant(
    'Attachment',
    ({ data }) => typeof data === 'string',
    (value) => delete value.contentType,
    'invariant',
    'cardinality-min',
  ),
  'inv:dom-3': ({ resource }) =>
    domain(resource)
      ? [
          site(() => {
            const list = listAt(resource, 'contained')
            list.push({ resourceType: 'Organization', id: 'vitruvian-loose', name: 'x' })
            return {
              at: [`${String(resource.resourceType)}.contained[${list.length - 1}]`],
              codes: ['contained-rules'],
            }
          }),
        ]
      : [],
  'contained-bad': ({ resource }) =>
    Array.isArray(resource.contained)
      ? [
          site(() => {
            ;((resource.contained as Json[])[0] as Json).vitruvianUnknown = 1
            return {
              at: [`${String(resource.resourceType)}.contained[0].vitruvianUnknown`],
              codes: ['structure-unknown-element'],
            }
          }),
        ]
      : [],
  'contained-nested': ({ resource }) =>
    Array.isArray(resource.contained)
      ? [
          site(() => {
            ;((resource.contained as Json[])[0] as Json).contained = [
              { resourceType: 'Organization', id: 'x', name: 'x' },
            ]
            return {
              at: [
                `${String(resource.resourceType)}.contained[0]`,
                `${String(resource.resourceType)}.contained[0].contained[0]`,
              ],
              codes: ['contained-rules'],
            }
          }),
        ]
      : [],
  'inv:txt-1': ofResource(
    undefined,
    ({ text }) => isObject(text) && typeof text.div === 'string',
    ({ text }) =>
      Object.assign(text as Json, { div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' }),
    '.text.div',
    'narrative-xhtml',
  ),
  'xhtml-not-closed': ofResource(
    undefined,
    ({ text }) => isObject(text) && typeof text.div === 'string',
    ({ text }) => Object.assign(text as Json, { div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</div>' }),
    '.text.div',
    'narrative-xhtml',
  ),
  'xhtml-empty': ofResource(
    undefined,
    ({ text }) => isObject(text) && typeof text.div === 'string',
    ({ text }) => Object.assign(text as Json, { div: '<div xmlns="http://www.w3.org/1999/xhtml"> </div>' }),
    '.text.div',
    'narrative-xhtml',
  ),
  'xhtml-event': ofResource(
    undefined,
    ({ text }) => isObject(text) && typeof text.div === 'string',
    ({ text }) =>
      Object.assign(text as Json, { div: '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x">x</p></div>' }),
    '.text.div',
    'narrative-xhtml',
  ),
  'inv:obs-6': ofResource(
    'Observation',
    (resource) => Object.keys(resource).some((key) => key.startsWith('value')),
    (resource) => Object.assign(resource, { dataAbsentReason: { text: 'x' } }),
    '',
    'invariant',
  ),
  'inv:org-1': ofResource(
    'Organization',
    () => true,
    (resource) => {
      delete resource.name
      delete resource.identifier
    },
    '',
    'invariant',
  ),
  'inv:con-5': ofResource(
    'Condition',
    ({ clinicalStatus }) => clinicalStatus !== undefined,
    (resource) =>
      Object.assign(resource, {
        verificationStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }],
        },
      }),
    '',
    'invariant',
  ),
  'inv:us-core-6 name': ofResource(
    'Patient',
    ({ name, meta }) => Array.isArray(name) && JSON.stringify(meta ?? '').includes('us-core-patient'),
    (resource) => {
      resource.name = [{ text: 'only text' }]
    },
    '.name[0]',
    'invariant',
  ),
  'inv:bdl-1 total': ofResource(
    'Bundle',
    ({ type }) => type !== 'searchset' && type !== 'history',
    (resource) => Object.assign(resource, { total: 3 }),
    '',
    'invariant',
  ),
  'inv:bdl-3 request': ofResource(
    'Bundle',
    ({ type, entry }) =>
      ['collection', 'searchset', 'document', 'message'].includes(String(type)) && Array.isArray(entry),
    ({ entry }) => Object.assign((entry as Json[])[0] as Json, { request: { method: 'GET', url: 'x' } }),
    '',
    'invariant',
  ),
  'bundle-duplicate-url': ({ resource }) => {
    const list = resource.entry as Json[]
    if (
      resource.resourceType !== 'Bundle' ||
      resource.type === 'history' ||
      !Array.isArray(list) ||
      list[0]?.fullUrl === undefined
    )
      return []
    return [
      site(() => {
        list.push(structuredClone(list[0] as Json))
        return { at: [`Bundle.entry[${list.length - 1}].fullUrl`], codes: ['bundle-duplicate'] }
      }),
    ]
  },
  'bundle-url-mismatch': ofResource(
    'Bundle',
    ({ entry }) =>
      Array.isArray(entry) &&
      /\/[A-Z][A-Za-z]+\/[\w.-]+$/.test(String((entry as Json[])[0]?.fullUrl)) &&
      isObject((entry as Json[])[0]?.resource),
    ({ entry }) => {
      const first = (entry as Json[])[0] as Json
      first.fullUrl = `${String(first.fullUrl)}9`
    },
    '.entry[0].fullUrl',
    'bundle-full-url',
  ),
  'bundle-relative-url': ofResource(
    'Bundle',
    ({ entry }) => Array.isArray(entry) && (entry as Json[])[0]?.fullUrl !== undefined,
    ({ entry }) => Object.assign((entry as Json[])[0] as Json, { fullUrl: 'Patient/1' }),
    '.entry[0].fullUrl',
    'bundle-full-url',
  ),
  'bundle-entry-bad': ofResource(
    'Bundle',
    ({ entry }) => Array.isArray(entry) && isObject((entry as Json[])[0]?.resource),
    ({ entry }) => Object.assign(((entry as Json[])[0] as Json).resource as Json, { vitruvianUnknown: 1 }),
    '.entry[0].resource.vitruvianUnknown',
    'structure-unknown-element',
  ),
  'bad-coding-system': (setting) =>
    ofType(setting, 'Coding')
      .filter(({ value }) => typeof (value as Json).system === 'string')
      .map((place) =>
        site(() => {
          ;(place.value as Json).system = 'relative-system'
          return { at: [`${place.expression}.system`], codes: ['code-system-invalid'] }
        }),
      ),
  'unknown-code-of-known-system': (setting) =>
    ofType(setting, 'Coding')
      .filter(({ value }) =>
        /terminology\.hl7\.org\/CodeSystem\/(v3-ActCode|v2-0203|observation-category|condition-clinical)$/.test(
          String((value as Json).system),
        ),
      )
      .map((place) =>
        site(() => {
          ;(place.value as Json).code = 'vitruvian-nonsense'
          return { at: [`${place.expression}.code`], codes: ['code-unknown'] }
        }),
      ),
  'bad-unit': (setting) =>
    ofType(setting, 'Quantity')
      .filter(({ value }) => (value as Json).system === 'http://unitsofmeasure.org')
      .map((place) =>
        site(() => {
          ;(place.value as Json).code = 'furlongs-per-fortnight'
          return { at: [`${place.expression}.code`], codes: ['code-unknown'] }
        }),
      ),
  'shadow-not-object': ({ places }) =>
    each(
      places,
      ({ type, index, key }) => primitives.has(type) && index < 0 && key !== 'id' && key !== 'url',
      (place) => {
        place.holder[`_${place.key}`] = 'x'
        return { at: [place.expression], codes: ['structure-object-expected'] }
      },
    ),
  'duplicate-element-id': (setting) => {
    const objects = setting.places.filter(
      ({ value, type, expression }) =>
        isObject(value) && type !== 'Resource' && !expression.includes('contained') && !expression.includes('resource'),
    )
    const [first, second] = objects
    return first &&
      second &&
      first.value !== second.value &&
      domain(setting.resource) &&
      setting.resource.resourceType !== 'StructureDefinition'
      ? [
          site(() => {
            ;(first.value as Json).id = 'twice'
            ;(second.value as Json).id = 'twice'
            return { at: [`${second.expression}.id`, `${first.expression}.id`], codes: ['structure-duplicate-id'] }
          }),
        ]
      : []
  },
  'misspelt-element': ({ places }) =>
    each(
      places,
      ({ key, index, holder }) => key.length > 4 && index <= 0 && holder[`${key}s`] === undefined,
      (place) => {
        const wrong = `${lowerFirst(place.key)}z`
        place.holder[wrong] = place.holder[place.key]
        delete place.holder[place.key]
        return { at: [`${place.above}.${wrong}`], codes: ['structure-unknown-element'] }
      },
    ),
  'bad-required-concept': ({ profile, resource }) =>
    plainElements(profile).flatMap((element) => {
      const code = element.type?.[0]?.code
      if (element.binding?.strength !== 'required' || (code !== 'CodeableConcept' && code !== 'Coding')) return []
      const { holders, key, expressions } = occurrences(resource, element)
      const wrong = { system: 'http://vitruvian.test/cs', code: 'nonsense' }
      const value = code === 'Coding' ? wrong : { coding: [wrong] }
      return holders.flatMap((holder, at) => {
        const list = holder[key]
        if (list === undefined) return []
        return [
          site(() => {
            if (Array.isArray(list)) list[0] = value
            else holder[key] = value
            return {
              at: [`${expressions[at]}.${key}${Array.isArray(list) ? '[0]' : ''}`],
              codes: ['binding-required', 'binding-not-decided'],
            }
          }),
        ]
      })
    }),
  'text-for-required-concept': ({ profile, resource }) =>
    plainElements(profile).flatMap((element) => {
      if (element.binding?.strength !== 'required' || element.type?.[0]?.code !== 'CodeableConcept') return []
      const { holders, key, expressions } = occurrences(resource, element)
      return holders.flatMap((holder, at) =>
        isObject(holder[key])
          ? [
              site(() => {
                holder[key] = { text: 'only text' }
                return { at: [`${expressions[at]}.${key}`], codes: ['binding-required'] }
              }),
            ]
          : [],
      )
    }),
  'upper-case-uuid': ({ places }) =>
    each(
      places,
      ({ value, type }) => type === 'uri' && typeof value === 'string' && /^urn:uuid:.*[a-f]/.test(value),
      (place) => {
        put(place, `urn:uuid:${String(place.value).slice(9).toUpperCase()}`)
        return { at: [place.expression], codes: ['primitive-format'] }
      },
    ).filter((_, at) => at < 200),
  'long-id': ({ resource }) => [
    site(() => {
      resource.id = 'x'.repeat(65)
      return { at: [`${String(resource.resourceType)}.id`], codes: ['primitive-format'] }
    }),
  ],
  'time-without-zone': ({ places }) =>
    each(
      places,
      ({ type, value }) => type === 'dateTime' && typeof value === 'string' && value.includes('T'),
      (place) => {
        put(place, String(place.value).replace(/(Z|[+-]\d\d:\d\d)$/, ''))
        return { at: [place.expression], codes: ['primitive-format'] }
      },
    ),
  'relative-identifier-system': (setting) =>
    ofType(setting, 'Identifier')
      .filter(({ value }) => typeof (value as Json).system === 'string')
      .map((place) =>
        site(() => {
          ;(place.value as Json).system = 'relative'
          return { at: [`${place.expression}.system`], codes: ['code-system-invalid'] }
        }),
      ),
  'wrong-attachment-size': (setting) =>
    ofType(setting, 'Attachment')
      .filter(({ value }) => typeof (value as Json).data === 'string')
      .map((place) =>
        site(() => {
          ;(place.value as Json).size = 3_000_000
          return { at: [`${place.expression}.size`], codes: ['value-attachment'] }
        }),
      ),
  'reference-type-mismatch': (setting) =>
    ofType(setting, 'Reference')
      .filter(({ value }) => /^(Patient|Organization|Practitioner)\//.test(String((value as Json).reference)))
      .map((place) =>
        site(() => {
          ;(place.value as Json).type = 'Slot'
          return { at: [`${place.expression}.type`], codes: ['reference-type'] }
        }),
      ),
  'xhtml-no-namespace': ofResource(
    undefined,
    ({ text }) => isObject(text) && typeof text.div === 'string',
    ({ text }) => Object.assign(text as Json, { div: '<div>x</div>' }),
    '.text.div',
    'narrative-xhtml',
  ),
  'ext-relative-url': ({ resource }) =>
    domain(resource)
      ? [
          site(() => {
            const list = listAt(resource, 'extension')
            list.push({ url: 'relative', valueBoolean: true })
            return {
              at: [`${String(resource.resourceType)}.extension[${list.length - 1}].url`],
              codes: ['extension-url'],
            }
          }),
        ]
      : [],
  'ext-part-wrong-type': (setting) =>
    extensionPlaces(setting)
      .filter((place) => !isTop(place) && Object.keys(place.value as Json).some((key) => key.startsWith('value')))
      .map((place) =>
        site(() => {
          const value = place.value as Json
          for (const key of Object.keys(value)) if (key.startsWith('value')) delete value[key]
          value.valueSampledData = { origin: { value: 1 }, period: 1, dimensions: 1 }
          return { at: [`${place.expression}.value.ofType(SampledData)`], codes: ['type-not-allowed'] }
        }),
      ),
  'ext-part-missing': (setting) =>
    extensionPlaces(setting)
      .filter((place) => isTop(place) && Array.isArray((place.value as Json).extension))
      .flatMap((place) => {
        const value = place.value as Json
        const definition = setting.model.definitions.get(String(value.url))
        const required =
          definition?.snapshot.element.filter(
            ({ path, sliceName, min }) => path === 'Extension.extension' && sliceName !== undefined && min > 0,
          ) ?? []
        const list = value.extension as Json[]
        return required.flatMap((slice) => {
          const url = definition?.snapshot.element.find(({ id }) => id === `${slice.id}.url`)
          const name = url && stated(url, 'fixed')
          if (!list.some((part) => part.url === name)) return []
          return [
            site(() => {
              value.extension = list.filter((part) => part.url !== name)
              return {
                at: [`${place.expression}.extension`, place.expression],
                codes: ['slice-min', 'structure-empty', 'cardinality-min'],
              }
            }),
          ]
        })
      }),
}
