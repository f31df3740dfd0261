/** The functions of FHIRPath on text and numbers, and the conversions between them. */
import { logical, none, plural, type Static, single } from './code.ts'
import { isObject, Node, plain } from './items.ts'
import { argument, type Maker } from './makers.ts'

/** A function of one string (or what reads as one). */
const ofText =
  (type: Static, apply: (text: string, args: readonly unknown[]) => unknown): Maker =>
  (call) => {
    const { target } = call
    const args = call.args.map((_, at) => argument(call, at))
    return single(type, (self, env) => {
      const item = target.one(self, env)
      if (item === undefined) return undefined
      const value = plain(item)
      if (typeof value !== 'string') {
        if (value === undefined || isObject(value)) return undefined
        return apply(
          String(value),
          args.map((arg) => plain(arg.one(self, env))),
        )
      }
      const given: unknown[] = []
      for (const arg of args) {
        const one = plain(arg.one(self, env))
        if (one === undefined) return undefined
        given.push(one)
      }
      return apply(value, given)
    })
  }

const expressions = new Map<string, RegExp>()
function regex(text: string, flags: string): RegExp {
  const key = `${flags}/${text}`
  let known = expressions.get(key)
  if (!known) {
    try {
      known = new RegExp(text, `${flags}u`)
    } catch {
      known = new RegExp(text, flags)
    }
    expressions.set(key, known)
  }
  known.lastIndex = 0
  return known
}

const ofNumber =
  (apply: (number: number, args: readonly number[]) => number | undefined): Maker =>
  (call) => {
    const args = call.args.map((_, at) => argument(call, at))
    return single(call.target.type, (self, env) => {
      const value = plain(call.target.one(self, env))
      if (typeof value !== 'number') return undefined
      return apply(
        value,
        args.map((arg) => plain(arg.one(self, env)) as number),
      )
    })
  }

const decimalText = /^[+-]?\d+(\.\d+)?$/
const integerText = /^[+-]?\d+$/

function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && integerText.test(value) ? Number(value) : undefined
}
function toDecimal(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && decimalText.test(value) ? Number(value) : undefined
}
function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  if (['true', 't', 'yes', 'y', '1', '1.0'].includes(text)) return true
  return ['false', 'f', 'no', 'n', '0', '0.0'].includes(text) ? false : undefined
}
const toText = (value: unknown): string | undefined =>
  value === undefined || isObject(value) ? undefined : String(value)

const conversion =
  (type: string, convert: (value: unknown) => unknown): Maker =>
  ({ target }) =>
    single([type], (self, env) => {
      const item = target.one(self, env)
      return item === undefined ? undefined : convert(plain(item))
    })
const converts =
  (convert: (value: unknown) => unknown): Maker =>
  ({ target }) =>
    logical((self, env) => {
      const item = target.one(self, env)
      return item === undefined ? undefined : convert(plain(item)) !== undefined
    })
const toTime =
  (type: string, pattern: RegExp): Maker =>
  ({ target }) =>
    single([type], (self, env) => {
      const value = plain(target.one(self, env))
      return typeof value === 'string' && pattern.test(value) ? new Node(value, undefined, type) : undefined
    })

export const textFunctions: Readonly<Record<string, Maker>> = {
  toInteger: conversion('integer', toInteger),
  toDecimal: conversion('decimal', toDecimal),
  toBoolean: conversion('boolean', toBoolean),
  toString: conversion('string', toText),
  convertsToInteger: converts(toInteger),
  convertsToDecimal: converts(toDecimal),
  convertsToBoolean: converts(toBoolean),
  convertsToString: converts(toText),
  toDate: toTime('date', /^\d{4}(-\d\d(-\d\d)?)?/),
  toDateTime: toTime('dateTime', /^\d{4}(-\d\d(-\d\d)?)?/),
  toTime: toTime('time', /^\d\d(:\d\d(:\d\d)?)?/),
  startsWith: ofText(['boolean'], (text, [start]) => text.startsWith(String(start))),
  endsWith: ofText(['boolean'], (text, [end]) => text.endsWith(String(end))),
  contains: ofText(['boolean'], (text, [part]) => text.includes(String(part))),
  indexOf: ofText(['integer'], (text, [part]) => text.indexOf(String(part))),
  lastIndexOf: ofText(['integer'], (text, [part]) => text.lastIndexOf(String(part))),
  substring: ofText(['string'], (text, [start, length]) => {
    const from = Number(start)
    if (from < 0 || from >= text.length) return undefined
    return length === undefined ? text.slice(from) : text.slice(from, from + Number(length))
  }),
  upper: ofText(['string'], (text) => text.toUpperCase()),
  lower: ofText(['string'], (text) => text.toLowerCase()),
  trim: ofText(['string'], (text) => text.trim()),
  length: ofText(['integer'], (text) => [...text].length),
  matches: ofText(['boolean'], (text, [pattern]) => regex(String(pattern), 's').test(text)),
  matchesFull: ofText(['boolean'], (text, [pattern]) => regex(`^(?:${String(pattern)})$`, 's').test(text)),
  replaceMatches: ofText(['string'], (text, [pattern, by]) => text.replace(regex(String(pattern), 'g'), String(by))),
  replace: ofText(['string'], (text, [part, by]) => text.split(String(part)).join(String(by))),
  toChars: (call) => {
    const text = ofText(['string'], (value) => value)(call)
    return plural(['string'], (self, env) => [...String(text.one(self, env) ?? '')])
  },
  split: (call) => {
    const by = argument(call, 0)
    return plural(['string'], (self, env) => {
      const value = plain(call.target.one(self, env))
      return typeof value === 'string' ? value.split(String(plain(by.one(self, env)))) : none
    })
  },
  join: (call) => {
    const by = call.args.length > 0 ? argument(call, 0) : undefined
    return single(['string'], (self, env) => {
      const items = call.target.all(self, env)
      return items.length === 0
        ? undefined
        : items.map((item) => String(plain(item))).join(by ? String(plain(by.one(self, env))) : '')
    })
  },
  abs: ofNumber((number) => Math.abs(number)),
  ceiling: ofNumber((number) => Math.ceil(number)),
  floor: ofNumber((number) => Math.floor(number)),
  truncate: ofNumber((number) => Math.trunc(number)),
  sqrt: ofNumber((number) => (number < 0 ? undefined : Math.sqrt(number))),
  exp: ofNumber((number) => Math.exp(number)),
  ln: ofNumber((number) => Math.log(number)),
  power: ofNumber((number, [exponent]) => number ** (exponent as number)),
  round: ofNumber((number, [digits]) => Number(number.toFixed(digits ?? 0))),
}
