/** Strings of a JSON text that are secrets by what stands beside them: in a JWK, in a JWS, beside a telling name. */
import { jsonValues, objectsIn } from './json-text.ts'
import { kindOf, privateMembers } from './secret-words.ts'

/** Strings, each with its key. */
export interface Relations {
  readonly members: ReadonlySet<string>
  readonly parameters: ReadonlySet<string>
  /** Nothing of it could be parsed. */
  readonly broken: boolean
}
export const unrelated: Relations = { members: new Set(), parameters: new Set(), broken: false }
/** A string by the key that holds it. */
export const placed = (key: string | undefined, value: string): string => `${key ?? ''}\0${value}`

/** Private members of a JWK, the signature of a JWS in JSON, the value of a parameter whose name says that it is a secret. */
export function relations(text: string): Relations {
  const values = jsonValues(text)
  const members = new Set<string>()
  const parameters = new Set<string>()
  const keep = (into: Set<string>, key: string, part: unknown): void => {
    for (const secret of stringsOf(part)) into.add(placed(key, secret))
  }
  for (const value of values)
    for (const object of objectsIn(value)) {
      if (typeof object.kty === 'string')
        for (const [key, part] of Object.entries(object)) if (privateMembers.has(key)) keep(members, key, part)
      if (typeof object.signature === 'string' && ('protected' in object || 'header' in object))
        keep(members, 'signature', object.signature)
      if (typeof object.name === 'string' && kindOf(object.name))
        for (const [key, part] of Object.entries(object)) if (key.startsWith('value')) keep(parameters, key, part)
    }
  return { members, parameters, broken: values.length === 0 }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!value || typeof value !== 'object') return []
  return Object.values(value).flatMap(stringsOf)
}
