/**
 * Scopes of single-member exchange: the operation's own, and SMART's for data in both syntaxes (SMART 2.2 scopes,
 * PDex "Scopes for operations"). What is granted never exceeds what was registered.
 */

import { once } from '../../harness/once.ts'

/** The canonical of HRex $member-match, used as the scope of its token. */
export const matchScope = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'

/** What we can really give, as discovery lists it. */
export const offeredScopes: readonly string[] = [matchScope, 'patient/*.rs', 'patient/*.read']

export interface DataScope {
  readonly level: 'patient' | 'system'
  /** A resource type or `*`. */
  readonly type: string
  /** Out of `cruds`, in that order. */
  readonly rights: string
}

const v1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' }

const read = new Map<string, DataScope | undefined>()

/** A SMART data scope; undefined for anything else, a v2 suffix out of order and a search suffix included. */
export const dataScope = (text: string): DataScope | undefined => once(read, text, () => scopeOf(text))

function scopeOf(text: string): DataScope | undefined {
  const found = /^(patient|system)\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$/.exec(text)
  const suffix = found?.[3]
  if (!found || !suffix) return undefined
  return { level: found[1] as DataScope['level'], type: found[2] as string, rights: v1[suffix] ?? suffix }
}

/** May somebody with `held` ask for `wanted`? */
export function covers(held: string, wanted: string): boolean {
  if (held === wanted) return true
  const [a, b] = [dataScope(held), dataScope(wanted)]
  if (!a || !b) return false
  return (
    a.level === b.level &&
    (a.type === '*' || a.type === b.type) &&
    [...b.rights].every((right) => a.rights.includes(right))
  )
}

/** Does this payer ever grant it? Reading and searching, nothing that changes data. */
export const isGrantable = (scope: string): boolean => {
  if (scope === matchScope) return true
  const data = dataScope(scope)
  return data !== undefined && /^r?s?$/.test(data.rights)
}

/** The scope list of a parameter; undefined when it is malformed (RFC 6749 §3.3). */
export const scopeList = (text: string): string[] | undefined => {
  const all = text.split(' ').filter((part) => part !== '')
  return all.length > 0 && all.every((part) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(part)) ? [...new Set(all)] : undefined
}

/** Do these scopes let one read or search that type? `*` asks for all types at once. */
export const permits = (scopes: readonly string[], type: string, right: 'r' | 's'): boolean =>
  scopes.some((text) => {
    const scope = dataScope(text)
    return scope !== undefined && (scope.type === '*' || scope.type === type) && scope.rights.includes(right)
  })
