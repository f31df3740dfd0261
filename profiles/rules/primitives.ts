/** The lexical rules of FHIR's primitive types (http://hl7.org/fhir/R4/datatypes.html#primitive), calendar dates included. */

import { characterProblem, halfACharacter, loneSurrogate } from './characters.ts'
import { isAbsolute } from './uris.ts'

/** What is wrong with a value, in words, or undefined. */
export type PrimitiveRule = (value: unknown) => string | undefined

const isText = (value: unknown): value is string => typeof value === 'string'

const suspectInUri = /[\s\ud800-\udfff]/
const space = /\s/

const stringRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  if (value.length === 0) return 'is empty'
  if (value.length > 1_048_576) return 'is longer than 1 MB'
  return characterProblem(value)
}

/** Legal, but said to be avoided: text without anything to read. */
export const isBlank = (value: string): boolean => {
  const first = value.charCodeAt(0)
  return (first <= 32 || first === 0xa0) && value.trim() === ''
}

/** No white space at either end, and only single spaces between (code). */
const codeRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  if (value.length === 0) return 'is empty'
  let space = true
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    const white = unit <= 32
    if (white && (space || unit < 32)) return 'has white space that a code may not have'
    if (unit >= 0xd800 && loneSurrogate.test(value)) return halfACharacter
    space = white
  }
  return space ? 'ends with white space' : undefined
}

/** OIDs and UUIDs are URIs only behind urn: (RFC 3001, RFC 4122). */
const bareScheme = /^(oid|uuid):/

const uriRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  if (value.length === 0) return 'is empty'
  if (suspectInUri.test(value)) {
    if (space.test(value)) return 'has white space'
    if (loneSurrogate.test(value)) return halfACharacter
  }
  if (value.startsWith('urn:')) return urnProblem(value)
  return bareScheme.test(value) ? 'must begin with urn:' : undefined
}

/** A fragment, or absolute. */
const canonicalRule: PrimitiveRule = (value) =>
  uriRule(typeof value === 'string' && value.startsWith('urn:') ? value.replace(/[|#].*$/, '') : value) ??
  ((value as string).startsWith('#') || isAbsolute(value as string)
    ? undefined
    : 'is neither an absolute URL nor a fragment')

const uuid = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const oid = /^urn:oid:(?=1\.3|.{5,})[0-2](\.(0|[1-9][0-9]*))+$/

function urnProblem(value: string): string | undefined {
  if (value.startsWith('urn:uuid:')) return uuid.test(value) ? undefined : 'is not a lower-case UUID'
  if (value.startsWith('urn:oid:')) return oid.test(value) ? undefined : 'is not a valid OID'
  return undefined
}

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days in that month of that year. */
function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return (days[month - 1] ?? 0) + (leap ? 1 : 0)
}

const digits = (text: string, from: number, to: number): number => {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9 || Number.isNaN(digit)) return -1
    number = number * 10 + digit
  }
  return number
}

/** How long the date at the front is (4, 7 or 10 characters), or what is wrong with it. */
function dateLength(value: string): number | string {
  const year = digits(value, 0, 4)
  if (value.length < 4 || year < 0) return 'is not of the form YYYY, YYYY-MM or YYYY-MM-DD'
  if (year === 0) return 'has the year 0000'
  if (value.length === 4 || value[4] !== '-') return 4
  const month = digits(value, 5, 7)
  if (month < 1 || month > 12) return 'names a month that does not exist'
  if (value.length === 7 || value[7] !== '-') return 7
  const day = digits(value, 8, 10)
  if (day < 1 || day > daysIn(year, month)) return 'names a day that does not exist'
  return 10
}

const dateRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  const length = dateLength(value)
  if (typeof length === 'string') return length
  return length === value.length ? undefined : 'is not of the form YYYY, YYYY-MM or YYYY-MM-DD'
}

/** hh:mm:ss with an optional fraction, from `from`; the end or what is wrong. */
function timeEnd(value: string, from: number): number | string {
  const hour = digits(value, from, from + 2)
  const minute = digits(value, from + 3, from + 5)
  const second = digits(value, from + 6, from + 8)
  if (hour < 0 || minute < 0 || second < 0 || value[from + 2] !== ':' || value[from + 5] !== ':')
    return 'has no time hh:mm:ss'
  if (hour > 23 || minute > 59 || second > 60) return 'names a time that does not exist'
  let end = from + 8
  if (value[end] === '.') {
    const start = ++end
    while (digits(value, end, end + 1) >= 0) end++
    if (end === start) return 'has a fraction without digits'
  }
  return end
}

const zone = /^(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$/

function instantProblem(value: string): string | undefined {
  if (value[10] !== 'T') return 'is not a date and time'
  const end = timeEnd(value, 11)
  if (typeof end === 'string') return end
  const rest = value.slice(end)
  if (rest === '') return 'has a time without a time zone'
  return zone.test(rest) ? undefined : 'has an impossible time zone'
}

const dateTimeRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  const length = dateLength(value)
  if (typeof length === 'string') return length
  if (length === value.length) return undefined
  return length === 10 ? instantProblem(value) : 'is not a date or a date and time'
}

const instantRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  const length = dateLength(value)
  if (typeof length === 'string') return length
  return length === 10 ? instantProblem(value) : 'is not precise to the second'
}

const timeRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  const end = timeEnd(value, 0)
  if (typeof end === 'string') return end
  return end === value.length ? undefined : 'has more than a time (no time zone is allowed)'
}

const wholeNumber =
  (least: number, most: number): PrimitiveRule =>
  (value) => {
    if (typeof value !== 'number') return 'is not a JSON number'
    if (!Number.isInteger(value)) return 'is not a whole number'
    if (value < least || value > most) return `is outside of ${least} to ${most}`
    return undefined
  }

const idRule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  if (value.length === 0) return 'is empty'
  if (value.length > 64) return `is longer than 64 characters (${value.length})`
  return /^[A-Za-z0-9.-]+$/.test(value) ? undefined : 'has a character other than A-Z, a-z, 0-9, - and .'
}

const plainBase64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Is it the usual form, without white space? Long values are decoded, which is faster than looking: what is no base64 leaves no bytes. */
function isPlainBase64(value: string): boolean {
  if (value.length % 4 !== 0) return false
  if (value.length < 200) return plainBase64.test(value)
  if (value.includes('-') || value.includes('_')) return false
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
  const first = value.indexOf('=')
  if (first !== -1 && first < value.length - padding) return false
  return Buffer.from(value, 'base64').length === (value.length / 4) * 3 - padding
}

const base64Rule: PrimitiveRule = (value) => {
  if (!isText(value)) return 'is not a JSON string'
  if (value.length === 0) return 'is empty'
  if (isPlainBase64(value)) return undefined
  let count = 0
  let padding = 0
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit === 32 || unit === 9 || unit === 10 || unit === 13) continue
    if (unit === 61) padding++
    else {
      const legal =
        (unit >= 65 && unit <= 90) ||
        (unit >= 97 && unit <= 122) ||
        (unit >= 48 && unit <= 57) ||
        unit === 43 ||
        unit === 47
      if (!legal) return `has the character "${value[at]}", which base64 does not have`
      if (padding > 0) return 'has base64 padding in the middle'
    }
    count++
  }
  return count % 4 === 0 && padding <= 2 ? undefined : 'is not a whole number of base64 quartets'
}

const urlRule: PrimitiveRule = (value) => uriRule(value)

/** By name of the type. `xhtml` is the narrative's own rule. */
export const primitiveRules: Readonly<Record<string, PrimitiveRule>> = {
  boolean: (value) => (typeof value === 'boolean' ? undefined : 'is not true or false'),
  integer: wholeNumber(-2_147_483_648, 2_147_483_647),
  positiveInt: wholeNumber(1, 2_147_483_647),
  unsignedInt: wholeNumber(0, 2_147_483_647),
  decimal: (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'is not a JSON number'),
  string: stringRule,
  markdown: stringRule,
  code: codeRule,
  id: idRule,
  uri: uriRule,
  url: urlRule,
  canonical: canonicalRule,
  oid: (value) => uriRule(value) ?? (oid.test(value as string) ? undefined : 'is not urn:oid: and an OID'),
  uuid: (value) =>
    uriRule(value) ?? (uuid.test(value as string) ? undefined : 'is not urn:uuid: and a lower-case UUID'),
  base64Binary: base64Rule,
  date: dateRule,
  dateTime: dateTimeRule,
  instant: instantRule,
  time: timeRule,
  xhtml: (value) => (isText(value) ? undefined : 'is not a JSON string'),
}
