/** When the care that a resource tells of was given: what start and end of $everything mean (FHIR R4 patient-operation-everything). */
import { at, type Resource } from './received.ts'
import { rangeOf } from './search-dates.ts'

/** Elements that say when care was given; where a type has none of them, care dates do not apply. */
const care: Readonly<Record<string, readonly string[]>> = {
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod'],
  Encounter: ['period'],
  ExplanationOfBenefit: ['billablePeriod'],
  Immunization: ['occurrenceDateTime'],
  MedicationDispense: ['whenHandedOver'],
  Observation: ['effectiveDateTime', 'effectivePeriod'],
  Procedure: ['performedDateTime', 'performedPeriod'],
}

/** First and last moment of the care that a resource tells of; undefined when it tells none. */
export function careDates(resource: Resource): readonly [number, number] | undefined {
  const ranges = (care[resource.resourceType] ?? [])
    .flatMap((path) => at(resource, path))
    .flatMap((value) => {
      const range = rangeOf(value)
      return range ? [range] : []
    })
  if (ranges.length === 0) return undefined
  return [Math.min(...ranges.map(([from]) => from)), Math.max(...ranges.map(([, to]) => to))]
}
