/** Codes and systems that are none. */
import { each, type Finder, isObject, occurrences, ofType, plainElements, put, site } from './finder.ts'
import type { Json } from './model.ts'

export const terminology: Readonly<Record<string, Finder>> = {
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
}
