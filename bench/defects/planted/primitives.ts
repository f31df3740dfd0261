/** Primitives: dates, times, numbers, ids, codes and URLs that are none. */
import { isDate, isDateTime, scalar, shape, string } from './kit.ts'
import { at, isObject, on, type Plant } from './spots.ts'

export const primitives: Readonly<Record<string, Plant>> = {
  'string for an object': at(
    (spot) => isObject(spot.value),
    () => 'text',
    shape,
  ),
  'date in another form': at(isDate, ({ value }) => (value as string).split('-').reverse().join('/'), [
    'primitive-format',
  ]),
  'day that does not exist': at(isDate, ({ value }) => `${(value as string).slice(0, 5)}02-30`, ['primitive-format']),
  'month that does not exist': at(isDateTime, ({ value }) => (value as string).replace(/-\d\d-/, '-13-'), [
    'primitive-format',
  ]),
  'time without zone': at(isDateTime, ({ value }) => (value as string).slice(0, 19), ['primitive-format']),
  'hour that does not exist': at(isDateTime, ({ value }) => (value as string).replace(/T\d\d/, 'T27'), [
    'primitive-format',
  ]),
  'string for a boolean': at(
    ({ value }) => typeof value === 'boolean',
    ({ value }) => String(value),
    shape,
  ),
  'string for a number': at(
    ({ value }) => typeof value === 'number',
    ({ value }) => String(value),
    shape,
  ),
  'fraction for a whole number': at(
    ({ value, name }) => typeof value === 'number' && /[sS]equence|refills|count/i.test(name),
    () => 1.5,
    ['primitive-format'],
  ),
  'zero for a positive number': at(
    ({ value, name }) => typeof value === 'number' && /^(sequence|.*Sequence|.*LinkId)$/.test(name),
    () => 0,
    ['primitive-format'],
  ),
  'id that is none': on(
    undefined,
    (resource) => {
      resource.id = 'not an id'
      return [`${resource.resourceType}.id`]
    },
    ['primitive-format'],
  ),
  'id of 65 letters': on(
    undefined,
    (resource) => {
      resource.id = 'a'.repeat(65)
      return [`${resource.resourceType}.id`]
    },
    ['primitive-format', 'primitive-length'],
  ),
  'code with a space at the end': at(
    (spot) => string(spot) && ['status', 'gender', 'intent', 'use', 'code'].includes(spot.name) && scalar(spot),
    ({ value }) => `${value} `,
    ['primitive-format', 'binding-required'],
  ),
  'space in a URL': at(
    (spot) => string(spot) && ['system', 'url'].includes(spot.name) && /^https?:/.test(spot.value as string),
    ({ value }) => `${value} x`,
    ['primitive-format'],
  ),
}
