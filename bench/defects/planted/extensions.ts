/** Extensions: unknown, without url, out of place, of the wrong type. */
import { extensionBirthSex, list } from './kit.ts'
import { at, isObject, type Json, on, type Plant } from './spots.ts'

export const extensions: Readonly<Record<string, Plant>> = {
  'unknown extension': on(
    undefined,
    (resource) => {
      if (resource.resourceType === 'Binary') return undefined
      resource.extension = [...list(resource.extension), { url: 'https://vendor.invalid/colour', valueString: 'blue' }]
      return [`${resource.resourceType}.extension[${list(resource.extension).length - 1}]`]
    },
    ['extension-unknown'],
  ),
  'unknown modifier extension': on(
    undefined,
    (resource) => {
      if (resource.resourceType === 'Binary') return undefined
      resource.modifierExtension = [{ url: 'https://vendor.invalid/not', valueBoolean: true }]
      return [`${resource.resourceType}.modifierExtension[0]`]
    },
    ['extension-modifier-unknown', 'extension-unknown', 'extension-modifier'],
  ),
  'extension without url': at(
    ({ value, path }) => isObject(value) && /[eE]xtension\[\d+\]$/.test(path) && 'url' in value,
    ({ value }) => {
      const { url: _, ...rest } = value as Json
      return rest
    },
    ['cardinality-min', 'extension-url'],
    ({ path }) => [path, `${path}.url`],
  ),
  'extension with value and extensions': at(
    ({ value, path }) =>
      isObject(value) && /extension\[\d+\]$/.test(path) && Object.keys(value).some((key) => key.startsWith('value')),
    ({ value }) => ({
      ...(value as Json),
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
    }),
    ['ext-1', 'cardinality-max', 'slice-closed', 'extension-context', 'extension-unknown'],
  ),
  'extension with another type of value': at(
    ({ value }) => isObject(value) && value.url === extensionBirthSex,
    ({ value }) => ({ url: (value as Json).url, valueInteger: 1 }),
    ['type-not-allowed'],
    ({ path }) => [path, `${path}.valueInteger`],
  ),
  'extension where it does not belong': on(
    ['Observation', 'Coverage', 'Condition', 'Encounter', 'Procedure'],
    (resource) => {
      resource.extension = [...list(resource.extension), { url: extensionBirthSex, valueCode: 'F' }]
      return [`${resource.resourceType}.extension[${list(resource.extension).length - 1}]`]
    },
    ['extension-context'],
  ),
}
