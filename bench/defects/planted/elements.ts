/** Elements: missing, unknown, empty, of the wrong shape or type. */
import { listOrFirst, requiredByCore, scalar, shape, string, without } from './kit.ts'
import { at, isObject, type Json, on, type Plant } from './spots.ts'

export const elements: Readonly<Record<string, Plant>> = {
  'missing, required by FHIR': without(requiredByCore),
  'object for a primitive': at(string, () => ({ a: 1 }), [...shape, 'structure-unknown-element']),
  'number for a string': at(
    (spot) => string(spot) && scalar(spot),
    () => 7,
    shape,
  ),
  'true for a string': at(
    (spot) => string(spot) && scalar(spot),
    () => true,
    shape,
  ),
  'list for a single value': at(
    (spot) => scalar(spot) && !Array.isArray(spot.value),
    ({ value }) => [value],
    ['structure-array-forbidden'],
    listOrFirst,
  ),
  'single value for a list': at(
    (spot) => Array.isArray(spot.value) && spot.name !== 'contained',
    ({ value }) => (value as unknown[])[0],
    ['structure-array-expected'],
    listOrFirst,
  ),
  'unknown element': on(
    undefined,
    (resource) => {
      resource.favouriteColour = 'blue'
      return [`${resource.resourceType}.favouriteColour`, String(resource.resourceType)]
    },
    ['structure-unknown-element'],
  ),
  'unknown element further in': at(
    (spot) => isObject(spot.value),
    ({ value }) => ({ ...(value as Json), favouriteColour: 'blue' }),
    ['structure-unknown-element'],
    ({ path }) => [`${path}.favouriteColour`, path],
  ),
  'misspelt element': on(
    undefined,
    (resource) => {
      if (resource.status === undefined) return undefined
      resource.staus = resource.status
      delete resource.status
      return [`${resource.resourceType}.staus`]
    },
    ['structure-unknown-element'],
  ),
  'empty string': at(
    (spot) => string(spot) && scalar(spot),
    () => '',
    ['structure-empty', 'primitive-string', 'primitive-format'],
  ),
  'empty object': at(
    (spot) => isObject(spot.value),
    () => ({}),
    ['structure-empty', 'ele-1'],
  ),
  'empty list': at(
    (spot) => Array.isArray(spot.value),
    () => [],
    ['structure-empty'],
  ),
  'null for a value': at(
    (spot) => scalar(spot),
    () => null,
    ['structure-null', 'structure-empty', 'structure-array-expected', 'structure-object-expected'],
  ),
  'null in a list': at(
    (spot) => Array.isArray(spot.value) && isObject((spot.value as unknown[])[0]),
    ({ value }) => [...(value as unknown[]), null],
    ['structure-null', 'structure-empty', 'structure-object-expected'],
    ({ path, value }) => [path, `${path}[${(value as unknown[]).length}]`],
  ),
  'resourceType that does not exist': on(
    undefined,
    (resource) => {
      const type = String(resource.resourceType)
      resource.resourceType = `${type}s`
      return ['', `${type}s`, 'Resource']
    },
    ['structure-unknown-type'],
  ),
  'resourceType of another resource': on(
    undefined,
    (resource) => {
      if (resource.meta === undefined) return undefined
      resource.resourceType = resource.resourceType === 'Basic' ? 'List' : 'Basic'
      return ['Basic', 'List', 'Basic.meta', 'Basic.meta.profile[0]', 'Basic.code']
    },
    ['profile-wrong-type', 'structure-unknown-element', 'cardinality-min', 'type-profile'],
  ),
  'two values of one choice': on(
    ['Observation', 'Immunization', 'Procedure', 'Condition'],
    (resource) => {
      const name = { Observation: 'effective', Immunization: 'occurrence', Procedure: 'performed', Condition: 'onset' }[
        String(resource.resourceType)
      ] as string
      const key = Object.keys(resource).find((each) => each.startsWith(name))
      if (!key) return undefined
      resource[
        key === `${name}String`
          ? `${name}DateTime`
          : resource.resourceType === 'Observation'
            ? `${name}Instant`
            : `${name}String`
      ] = resource.resourceType === 'Observation' ? '2024-01-01T00:00:00Z' : 'once'
      return [`${resource.resourceType}.${name}`, String(resource.resourceType)]
    },
    ['cardinality-max', 'type-not-allowed', 'slice-closed'],
  ),
  'type that a choice does not have': on(
    ['Observation'],
    (resource) => {
      delete resource.valueQuantity
      resource.valueAddress = { city: 'X' }
      return ['Observation.valueAddress', 'Observation.value', 'Observation']
    },
    ['structure-unknown-element', 'type-not-allowed'],
  ),
}
