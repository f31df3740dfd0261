/** Extensions in the wrong place, of the wrong type, with the wrong parts. */
import { core, domain, extensionPlaces, type Finder, isTop, listAt, site, stated } from './finder.ts'
import type { Json, Place } from './model.ts'

const unknown = 'http://vitruvian.test/StructureDefinition/unknown'
const hasValue = (value: unknown): boolean => Object.keys(value as Json).some((key) => key.startsWith('value'))

/** Every extension that fits gets a value of a type that no definition allows it. */
const wrongTyped =
  (fits: (place: Place) => boolean): Finder =>
  (setting) =>
    extensionPlaces(setting)
      .filter((place) => fits(place) && hasValue(place.value))
      .map((place) =>
        site(() => {
          const value = place.value as Json
          for (const key of Object.keys(value)) if (key.startsWith('value')) delete value[key]
          value.valueSampledData = { origin: { value: 1 }, period: 1, dimensions: 1 }
          return { at: [`${place.expression}.value.ofType(SampledData)`], codes: ['type-not-allowed'] }
        }),
      )

/** One more extension at the end of the resource's own. */
const added =
  (
    url: string,
    code: string,
    {
      list: name = 'extension',
      at = '',
      fits = () => true,
    }: { list?: string; at?: string; fits?: (resource: Json) => boolean } = {},
  ): Finder =>
  ({ resource }) =>
    domain(resource) && fits(resource)
      ? [
          site(() => {
            const list = listAt(resource, name)
            list.push({ url, valueBoolean: true })
            return { at: [`${String(resource.resourceType)}.${name}[${list.length - 1}]${at}`], codes: [code] }
          }),
        ]
      : []

export const extensions: Readonly<Record<string, Finder>> = {
  'ext-missing-url': (setting) =>
    extensionPlaces(setting).map((place) =>
      site(() => {
        delete (place.value as Json).url
        return { at: [`${place.expression}.url`], codes: ['cardinality-min'] }
      }),
    ),
  'ext-wrong-value-type': wrongTyped((place) => isTop(place) && !('valueSampledData' in (place.value as Json))),
  'ext-wrong-context': added(`${core}questionnaire-hidden`, 'extension-context', {
    fits: ({ resourceType }) => resourceType !== 'Questionnaire',
  }),
  'ext-unknown': added(unknown, 'extension-unknown'),
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
  'modifierExtension-unknown': added(unknown, 'extension-modifier-unknown', { list: 'modifierExtension' }),
  'inv:ext-1': (setting) =>
    extensionPlaces(setting)
      .filter((place) => hasValue(place.value))
      .map((place) =>
        site(() => {
          ;(place.value as Json).extension = [{ url: `${core}data-absent-reason`, valueCode: 'unknown' }]
          return { at: [place.expression], codes: ['invariant'] }
        }),
      ),
  'ext-relative-url': added('relative', 'extension-url', { at: '.url' }),
  'ext-part-wrong-type': wrongTyped((place) => !isTop(place)),
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
