/**
 * Whether a resource answers to a value of a search parameter, and a value to which it must: used to choose a value to search
 * by, and to judge (FHIR R4 search).
 */
import { at, type Coding, objectsIn, type Resource } from './received.ts'
import { anyKey } from './rest.ts'
import { dateAnswersAnywhere, rangeOf } from './search-dates.ts'
import { isDay, type ParameterKind, parameterOf, valuesOf } from './search-parameters.ts'

/** A value by which that resource must be found; undefined when it has none to search by. */
export function seedOf(resource: Resource, name: string): string | undefined {
  const kind = parameterOf(resource.resourceType, name)?.kind
  for (const value of valuesOf(resource, name)) {
    if (kind === 'date' && isDay(resource.resourceType, name) && typeof value === 'string') return value.slice(0, 10)
    const seed = kind && seeds[kind](value)
    if (seed) return seed
  }
  return undefined
}

const shielded = (text: string): string => text.replace(/[\\,|$]/g, '\\$&')

const seeds: Readonly<Record<ParameterKind, (value: unknown) => string | undefined>> = {
  token: (value) => {
    const [first] = tokensOf(value)
    if (!first?.code) return undefined
    return first.system ? `${first.system}|${shielded(first.code)}` : shielded(first.code)
  },
  reference: (value) => anyKey(pointsAt(value)),
  // From the first instant on, to the second: every server that knows the resource must find it. Days where FHIR has days.
  date: (value) => {
    const from = rangeOf(value)?.[0]
    if (from === undefined || !Number.isFinite(from)) return undefined
    const instant = new Date(from).toISOString()
    return `ge${instant.slice(0, 19)}Z`
  },
  string: (value) => {
    const [first] = stringsOf(value)
    return first === undefined ? undefined : shielded(first)
  },
  uri: (value) => (typeof value === 'string' ? value : undefined),
}

/** Does the resource answer to `name=value`? undefined where we cannot tell (unknown parameter, modifier or chain). */
export function answersTo(resource: Resource, name: string, value: string): boolean | undefined {
  const [bare = '', modifier] = name.split(':')
  const definition = parameterOf(resource.resourceType, bare)
  if (!definition || bare.includes('.') || name.startsWith('_has')) return undefined
  // Provenance.target is of any type, so only a reference to a Patient can be judged by its `patient`.
  if (resource.resourceType === 'Provenance' && bare === 'patient') return undefined
  const values = valuesOf(resource, bare)
  if (modifier === 'missing') return (values.length === 0) === (value === 'true')
  const judge = tests[definition.kind]
  if (modifier !== undefined && !(definition.kind === 'string' && /^(exact|contains)$/.test(modifier))) return undefined
  const answers = split(value, ',').flatMap((choice) => values.map((found) => judge(found, choice, modifier)))
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
}

/** Does the resource answer to every parameter that we can judge? */
export const answersToAll = (resource: Resource, params: Iterable<readonly [string, string]>): boolean =>
  [...params].every(([name, value]) => answersTo(resource, name, value) !== false)

/** Splits at a separator that is not escaped. */
export function split(value: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < value.length; i++) {
    const letter = value[i]
    if (letter === '\\' && i + 1 < value.length) part += `\\${value[++i]}`
    else if (letter === separator) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part]
}
const opened = (text: string): string => text.replace(/\\([\\,|$])/g, '$1')

type Test = (found: unknown, value: string, modifier?: string) => boolean | undefined
const tests: Readonly<Record<ParameterKind, Test>> = {
  token: (found, value) => {
    const parts = split(value, '|').map(opened)
    const [system, code] = parts.length > 1 ? [parts[0], parts[1]] : [undefined, parts[0]]
    return tokensOf(found).some(
      (coding) =>
        (system === undefined || (system === '' ? !coding.system : coding.system === system)) &&
        (!code ||
          coding.code?.toLowerCase() === code.toLowerCase() ||
          coding.text?.toLowerCase() === code.toLowerCase()),
    )
  },
  reference: (found, value) => {
    const points = pointsAt(found)
    const key = anyKey(points) ?? points
    const wanted = anyKey(value) ?? value
    return wanted.includes('/') ? key === wanted : key.slice(key.indexOf('/') + 1) === wanted
  },
  date: (found, value) => dateAnswersAnywhere(found, value),
  string: (found, value, modifier) => {
    const wanted = opened(value)
    return stringsOf(found).some((text) => {
      if (modifier === 'exact') return text === wanted
      const [a, b] = [fold(text), fold(wanted)]
      // A server may match any word of a name or address, and the parts may be asked for together.
      return modifier === 'contains'
        ? a.includes(b)
        : a.split(/[\s,]+/).some((word) => word.startsWith(b)) || a.startsWith(b)
    })
  },
  uri: (found, value) => found === value,
}

interface Token extends Coding {
  readonly text?: string
}

/** Codings, identifiers, codes, booleans and contact points as tokens. */
function tokensOf(value: unknown): Token[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [{ code: String(value) }]
  const { coding, text, code, value: identifier, system } = value as Record<string, unknown>
  if (Array.isArray(coding))
    return [...objectsIn(coding).map(codingOf), ...(typeof text === 'string' ? [{ text }] : [])]
  if (typeof text === 'string') return [{ text, code: text }]
  const found = typeof code === 'string' ? code : typeof identifier === 'string' ? identifier : undefined
  return found === undefined ? [] : [{ ...(typeof system === 'string' ? { system } : {}), code: found }]
}

const codingOf = ({ system, code }: Readonly<Record<string, unknown>>): Coding => ({
  ...(typeof system === 'string' ? { system } : {}),
  ...(typeof code === 'string' ? { code } : {}),
})

/** What a Reference says in `reference`; '' where that is nothing. */
function pointsAt(value: unknown): string {
  const { reference } = value as { reference?: unknown }
  return typeof reference === 'string' ? reference : ''
}

/** The texts of a string, a HumanName or an Address. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const parts = value as Record<string, unknown>
  return [
    'family',
    'given',
    'prefix',
    'suffix',
    'text',
    'line',
    'city',
    'district',
    'state',
    'postalCode',
    'country',
  ].flatMap((name) => at(parts, name).filter((text) => typeof text === 'string'))
}

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
