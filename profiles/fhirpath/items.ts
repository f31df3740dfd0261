/** Items of FHIRPath collections, their equality and order. A plain JSON value is an item of the type that the compiler knows. */
import { createRequire } from 'node:module'
import type { Json } from '../rules/visit.ts'

/** A value that carries more than its JSON: a type that is known only here, or the id and extensions of a primitive. */
export class Node {
  readonly value: unknown
  readonly shadow: Json | undefined
  readonly type: string | undefined
  constructor(value: unknown, shadow: Json | undefined, type: string | undefined) {
    this.value = value
    this.shadow = shadow
    this.type = type
  }
}

/** A reference's target of which only the type is known. */
export class Unread extends Node {}

/** Something that cannot be decided here: content that is not at hand. */
export class Undecided extends Error {}
/** An expression that cannot be evaluated on this input. */
export class EvaluationTrouble extends Error {}

/** The JSON value of an item. */
export function plain(item: unknown): unknown {
  if (item instanceof Node) {
    if (item instanceof Unread) throw new Undecided('the target of a reference is not at hand')
    return item.value
  }
  return item
}

/** Does the item have a value or children? */
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

const timeTypes = new Set(['date', 'dateTime', 'instant', 'time'])
export const isTimeType = (type: string | undefined): boolean => type !== undefined && timeTypes.has(type)

const dateParts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/
const timeParts = /^(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?$/

interface Moment {
  readonly fields: readonly number[]
  readonly zoned: boolean
}

/** The fields of a date or time, in UTC where it has a zone. */
function momentOf(text: string): Moment | undefined {
  const time = timeParts.exec(text)
  if (time) {
    const fields = [time[1], time[2], time[3]].filter((each) => each !== undefined).map(Number)
    if (time[4] !== undefined) fields[2] = (fields[2] as number) + Number(`0.${time[4]}`)
    return { fields, zoned: false }
  }
  const found = dateParts.exec(text)
  if (!found) return undefined
  const fields = found
    .slice(1, 7)
    .filter((each) => each !== undefined)
    .map(Number)
  const fraction = found[7] === undefined ? 0 : Number(`0.${found[7]}`)
  const zone = found[8]
  if (zone !== undefined && fields.length >= 5) {
    const sign = zone === 'Z' ? 0 : zone.startsWith('-') ? 1 : -1
    const minutes = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)))
    const [year, month, day, hour, minute, second] = fields as [number, number, number, number, number, number?]
    const utc = new Date(Date.UTC(year, month - 1, day, hour, minute + minutes, second ?? 0))
    const shifted = [
      utc.getUTCFullYear(),
      utc.getUTCMonth() + 1,
      utc.getUTCDate(),
      utc.getUTCHours(),
      utc.getUTCMinutes(),
      utc.getUTCSeconds(),
    ]
    shifted.length = fields.length
    if (fields.length === 6) shifted[5] = (shifted[5] as number) + fraction
    return { fields: shifted, zoned: true }
  }
  if (fields.length === 6) fields[5] = (fields[5] as number) + fraction
  return { fields, zoned: false }
}

/** -1, 0, 1, or undefined where the precision does not suffice. */
export function compareTimes(a: string, b: string): number | undefined {
  if (a === b) return 0
  const left = momentOf(a)
  const right = momentOf(b)
  if (!left || !right) return undefined
  const shared = Math.min(left.fields.length, right.fields.length)
  for (let at = 0; at < shared; at++) {
    const difference = (left.fields[at] as number) - (right.fields[at] as number)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return left.fields.length === right.fields.length ? 0 : undefined
}

interface Ucum {
  readonly UcumLhcUtils: {
    getInstance(): { convertUnitTo(from: string, value: number, to: string): { status: string; toVal: number | null } }
  }
}
let ucum: ReturnType<Ucum['UcumLhcUtils']['getInstance']> | undefined

const calendarUnits: Readonly<Record<string, string>> = {
  year: 'a',
  years: 'a',
  month: 'mo',
  months: 'mo',
  week: 'wk',
  weeks: 'wk',
  day: 'd',
  days: 'd',
  hour: 'h',
  hours: 'h',
  minute: 'min',
  minutes: 'min',
  second: 's',
  seconds: 's',
  millisecond: 'ms',
  milliseconds: 'ms',
}

/** A Quantity's value and unit, from FHIR's object or a literal. */
function quantityOf(value: Json): { value: number; unit: string | undefined; system: unknown } | undefined {
  if (typeof value.value !== 'number') return undefined
  const unit = typeof value.code === 'string' ? value.code : typeof value.unit === 'string' ? value.unit : undefined
  return {
    value: value.value,
    unit: unit === undefined ? undefined : (calendarUnits[unit] ?? unit),
    system: value.system,
  }
}

/** Order of two quantities, converting units by UCUM where they differ; undefined where they cannot be compared. */
export function compareQuantities(a: Json, b: Json): number | undefined {
  const left = quantityOf(a)
  const right = quantityOf(b)
  if (!left || !right) return undefined
  let amount = right.value
  if (left.unit !== right.unit) {
    if (left.unit === undefined || right.unit === undefined) return undefined
    ucum ??= (createRequire(import.meta.url)('@lhncbc/ucum-lhc') as Ucum).UcumLhcUtils.getInstance()
    const converted = ucum.convertUnitTo(right.unit, right.value, left.unit)
    if (converted.status !== 'succeeded' || converted.toVal === null) return undefined
    amount = converted.toVal
  }
  const difference = left.value - amount
  return Math.abs(difference) < 1e-9 * Math.max(1, Math.abs(amount)) ? 0 : difference < 0 ? -1 : 1
}

/** Order of two items; undefined where there is none. */
export function compareItems(left: unknown, right: unknown, times: boolean): number | undefined {
  const a = plain(left)
  const b = plain(right)
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') {
    if (times || (left instanceof Node && isTimeType(left.type)) || (right instanceof Node && isTimeType(right.type)))
      return compareTimes(a, b)
    return a < b ? -1 : a > b ? 1 : 0
  }
  if (isObject(a) && isObject(b)) return compareQuantities(a, b)
  if (a === undefined || b === undefined) return undefined
  throw new EvaluationTrouble('values of different kinds cannot be ordered')
}

/** Equality of two items (`=`); undefined where the precision of times does not suffice. */
export function equalItems(left: unknown, right: unknown, times: boolean): boolean | undefined {
  const a = plain(left)
  const b = plain(right)
  if (a === b) return true
  if (typeof a === 'string' && typeof b === 'string') {
    if (times || (left instanceof Node && isTimeType(left.type)) || (right instanceof Node && isTimeType(right.type))) {
      const order = compareTimes(a, b)
      return order === undefined ? undefined : order === 0
    }
    return false
  }
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) < 1e-8
  if (isObject(a) && isObject(b)) {
    if (
      typeof a.value === 'number' &&
      typeof b.value === 'number' &&
      !Array.isArray(a) &&
      (isLiteralQuantity(a) || isLiteralQuantity(b))
    ) {
      return compareQuantities(a, b) === 0
    }
    return deepEqual(a, b)
  }
  return false
}

/** Quantity literals are marked, since JSON quantities are compared by all of their children. */
export const literalQuantity = (value: number, unit: string): Json => Object.freeze({ value, unit, [mark]: true })
const mark = Symbol('literal')
const isLiteralQuantity = (value: Json): boolean => (value as unknown as Record<symbol, unknown>)[mark] === true

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isObject(a) || !isObject(b)) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => deepEqual((a as Json)[key], (b as Json)[key]))
}

/** Is an equal item among them? */
export function includes(items: readonly unknown[], item: unknown): boolean {
  for (const each of items) if (equalItems(each, item, false) === true) return true
  return false
}

/** The items without repetitions. */
export function distinct(items: readonly unknown[]): unknown[] {
  if (items.length < 2) return [...items]
  const texts = new Set<unknown>()
  const result: unknown[] = []
  for (const item of items) {
    const value = plain(item)
    if (isObject(value)) {
      if (!includes(result, item)) result.push(item)
    } else if (value === undefined || !texts.has(value)) {
      texts.add(value)
      result.push(item)
    }
  }
  return result
}
