/** Broken JSON structure: lists, objects, nulls and names where they do not belong. */
import { domain, each, type Finder, isObject, listExpression, primitives, put, site } from './finder.ts'
import { type Json, lowerFirst } from './model.ts'

export const structure: Readonly<Record<string, Finder>> = {
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
  'null-value': ({ places }) =>
    each(
      places,
      ({ holder, key }) => holder[`_${key}`] === undefined,
      (place) => {
        put(place, null)
        return { at: [place.expression], codes: ['structure-null'] }
      },
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
}
