/** Values that their types do not allow, and what the base types require. */
import { each, type Finder, ofType, put, site, stemOf, wrongText } from './finder.ts'
import { type Json, upperFirst } from './model.ts'

export const values: Readonly<Record<string, Finder>> = {
  'bad-primitive': ({ places }) =>
    each(
      places,
      ({ type, key }) => type in wrongText && key !== 'url',
      (place) => {
        put(place, wrongText[place.type])
        return { at: [place.expression], codes: ['primitive-format'] }
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
  'empty-string': ({ places }) =>
    each(
      places,
      ({ value, type }) => typeof value === 'string' && type !== 'xhtml',
      (place) => {
        put(place, '')
        return { at: [place.expression], codes: ['primitive-format'] }
      },
    ),
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
}
