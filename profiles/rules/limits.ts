/** Limits of a value that a profile sets: minValue, maxValue (also relative ones are left alone), maxLength, the extension regex. */
import type { Overlay } from '../compile/compiled.ts'
import { compareQuantities, compareTimes } from '../fhirpath/items.ts'
import type { Json, Visit } from './visit.ts'

type Order = number | undefined | 'incomparable'

const order = (value: unknown, limit: unknown): Order => {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit
  if (typeof value === 'string' && typeof limit === 'string') return compareTimes(value, limit)
  const isObject = (each: unknown): each is Json => typeof each === 'object' && each !== null
  return isObject(value) && isObject(limit) ? orderOfQuantities(value, limit) : undefined
}

/** Quantities are compared where both name a unit of the same system; units of UCUM that cannot be converted are a mistake. */
function orderOfQuantities(value: Json, limit: Json): Order {
  if (value.system === undefined || value.code === undefined || value.system !== limit.system) return undefined
  const compared = compareQuantities(value, limit)
  return compared === undefined && value.code !== limit.code && value.system === 'http://unitsofmeasure.org'
    ? 'incomparable'
    : compared
}

/** Judges a value against the limits of its element. */
export function judgeLimits(visit: Visit, overlay: Overlay, value: unknown, type: string): void {
  const { minValue, maxValue, maxLength, regex, demand } = overlay
  if (maxLength !== undefined && typeof value === 'string' && value.length > maxLength) {
    visit.report('error', 'value-length', `May have ${maxLength} characters, but has ${value.length}.`, demand, {
      expected: maxLength,
      actual: value.length,
    })
  }
  if (regex && typeof value === 'string' && !regex.test(value)) {
    visit.report('error', 'value-regex', `Must look like ${regex.source}, but is ${value}.`, demand, {
      expected: regex.source,
      actual: value,
    })
  }
  if (minValue && minValue.type === type) {
    const compared = order(value, minValue.value)
    if (compared === 'incomparable' || (compared !== undefined && compared < 0)) {
      visit.report('error', 'value-min', `Must be at least ${text(minValue.value)}, but is ${text(value)}.`, demand, {
        expected: minValue.value,
        actual: value,
      })
    }
  }
  if (maxValue && maxValue.type === type) {
    const compared = order(value, maxValue.value)
    if (compared === 'incomparable' || (compared !== undefined && compared > 0)) {
      visit.report('error', 'value-max', `Must be at most ${text(maxValue.value)}, but is ${text(value)}.`, demand, {
        expected: maxValue.value,
        actual: value,
      })
    }
  }
}

const text = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `${(value as Json).value} ${(value as Json).code ?? (value as Json).unit ?? ''}`.trim()
    : String(value)
