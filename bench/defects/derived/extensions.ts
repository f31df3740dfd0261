/** Extensions in the wrong place, of the wrong type, with the wrong parts. */
import { core, domain, extensionPlaces, type Finder, isTop, listAt, site, stated } from './finder.ts'
import type { Json } from './model.ts'

export const extensions: Readonly<Record<string, Finder>> = {
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
