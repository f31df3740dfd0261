/** Scopes, as SMART 2.2 reads them: what one covers of another, what was registered, what was granted. */
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import { formOf, isSound, said, succeeded } from './oauth.ts'

interface DataScope {
  readonly level: string
  readonly type: string
  readonly rights: string
  readonly query: string
}

const v1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' }

/** A data scope of either syntax; undefined for anything else, letters out of order included. */
export function dataScope(scope: string): DataScope | undefined {
  const found = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|[cruds]+)(\?.*)?$/.exec(scope)
  if (!found) return undefined
  const [, level = '', type = '', suffix = '', query = ''] = found
  const rights = v1[suffix] ?? suffix
  return /^c?r?u?d?s?$/.test(rights) ? { level, type, rights, query } : undefined
}

export const scopesIn = (text: unknown): readonly string[] =>
  typeof text === 'string' ? text.split(' ').filter(Boolean) : []

/** Does holding `held` include `wanted`? What is for everybody includes what is for one. */
export function covers(held: string, wanted: string): boolean {
  if (held === wanted) return true
  const [a, b] = [dataScope(held), dataScope(wanted)]
  if (
    !a ||
    !b ||
    (a.level !== b.level && `${a.level} ${b.level}` !== 'system patient') ||
    (a.type !== '*' && a.type !== b.type)
  )
    return false
  return (a.query === '' || a.query === b.query) && [...b.rights].every((right) => a.rights.includes(right))
}

/** Those of `granted` that nothing of `held` includes. */
export const beyond = (held: readonly string[], granted: readonly string[]): readonly string[] =>
  granted.filter((scope) => !held.some((one) => covers(one, scope)))

/** What was granted: the scope of the answer, or the one that was asked for where the answer names none (RFC 6749 §5.1). */
export const grantedIn = (x: Exchange): readonly string[] => scopesIn(said(x).scope ?? formOf(x).get('scope'))

/** The scopes that the client registered, as the server's latest answer about it says. */
export function registeredFor(transcript: Transcript, x: Exchange): readonly string[] | undefined {
  const registration = transcript
    .all(['register', 'update-registration'], { from: x.from, to: x.to, where: (r) => isSound(r) && succeeded(r) })
    .at(-1)
  const { scope } = said(registration)
  return typeof scope === 'string' ? scopesIn(scope) : undefined
}

/** HRex $member-match as a scope: its canonical. */
export const matchScope = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
