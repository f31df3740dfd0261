/** What profiles narrow: cardinalities, types, fixed values, patterns, slices, targets. */
import {
  core,
  each,
  type Finder,
  isObject,
  occurrences,
  ofType,
  plainElements,
  site,
  slicesOf,
  stated,
} from './finder.ts'
import { type Json, upperFirst } from './model.ts'

export const profiles: Readonly<Record<string, Finder>> = {
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
  'reference-type-mismatch': (setting) =>
    ofType(setting, 'Reference')
      .filter(({ value }) => /^(Patient|Organization|Practitioner)\//.test(String((value as Json).reference)))
      .map((place) =>
        site(() => {
          ;(place.value as Json).type = 'Slot'
          return { at: [`${place.expression}.type`], codes: ['reference-type'] }
        }),
      ),
}
