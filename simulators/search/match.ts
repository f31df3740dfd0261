/** Does a value of a resource match what a search asks for? Tokens, references and strings, each by FHIR R4 search's rules. */
import type { SearchParam } from './params.ts'

/** `\,` `\$` `\|` `\\` stand for themselves. */
const unescaped = (text: string): string => text.replace(/\\([,$|\\])/g, '$1')

/** Parts a value at a character that no backslash guards; the parts are still escaped. */
export function split(value: string, at: ',' | '|'): string[] {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < value.length; i++) {
    const c = value[i] as string
    if (c === '\\') part += c + (value[++i] ?? '')
    else if (c === at) {
      parts.push(part)
      part = ''
    } else part += c
  }
  return [...parts, part]
}

interface AskedToken {
  /** Absent: any; empty: none. */
  readonly system?: string
  /** Absent: any code of the system. */
  readonly code?: string
}

/** `code`, `system|code`, `|code`, `system|`. */
export function tokenAsked(value: string): AskedToken {
  const [a, ...rest] = split(value, '|')
  if (rest.length === 0) return { code: unescaped(a ?? '') }
  const code = unescaped(rest.join('|'))
  return { system: unescaped(a ?? ''), ...(code === '' ? {} : { code }) }
}

interface HeldToken {
  readonly system?: string | undefined
  readonly code?: string | undefined
  readonly text?: string | undefined
}

/** What a token parameter sees in an element: codings, identifiers, codes, booleans, contact points. */
function tokensIn(value: unknown, { system, name }: SearchParam): HeldToken[] {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return [{ code: String(value), ...(system === undefined ? {} : { system }) }]
  if (value === null || typeof value !== 'object') return []
  const held = value as {
    coding?: HeldToken[]
    text?: string
    system?: string
    code?: string
    value?: string
    display?: string
  }
  if (Array.isArray(held.coding) || held.code === undefined) {
    if (held.value !== undefined && !Array.isArray(held.coding)) {
      // A contact point's system is no URI that a token could name.
      return [name === 'telecom' ? { code: held.value } : { system: held.system, code: held.value }]
    }
    const codings = (held.coding ?? []).map((c) => ({
      system: c.system,
      code: c.code,
      text: (c as { display?: string }).display,
    }))
    return held.text === undefined ? codings : [...codings, { text: held.text }]
  }
  return [{ system: held.system, code: held.code, text: held.display }]
}

export const tokenMatches = (value: unknown, asked: AskedToken, param: SearchParam): boolean =>
  tokensIn(value, param).some(
    (held) =>
      (held.code !== undefined || held.system !== undefined) &&
      (asked.code === undefined || held.code === asked.code) &&
      (asked.system === undefined || (held.system ?? '') === asked.system),
  )

/** `:text`: the text or a display begins with it. */
export const tokenTextMatches = (value: unknown, asked: string, param: SearchParam): boolean =>
  tokensIn(value, param).some(
    (held) => held.text !== undefined && folded(held.text).startsWith(folded(unescaped(asked))),
  )

/** Without case and marks. */
export const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** The strings that a string parameter sees: a plain one, or the parts of a name or an address. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  const parts = [
    'text',
    'family',
    'given',
    'prefix',
    'suffix',
    'line',
    'city',
    'district',
    'state',
    'postalCode',
    'country',
  ]
  return parts.flatMap((part) => {
    const found = (value as Record<string, unknown>)[part]
    return Array.isArray(found) ? found.filter((f) => typeof f === 'string') : typeof found === 'string' ? [found] : []
  })
}

export function stringMatches(value: unknown, asked: string, modifier: string | undefined): boolean {
  const wanted = unescaped(asked)
  if (modifier === 'exact') return stringsIn(value).includes(wanted)
  const plain = folded(wanted)
  return stringsIn(value).some((held) =>
    modifier === 'contains' ? folded(held).includes(plain) : folded(held).startsWith(plain),
  )
}

/** `id`, `Type/id`, an absolute URL of ours or of somebody else. `base` is our own FHIR base. */
export function referenceMatches(
  value: unknown,
  asked: string,
  { targets }: SearchParam,
  base: string,
  type: string | undefined,
): boolean {
  const held = typeof value === 'string' ? value : (value as { reference?: unknown } | null)?.reference
  if (typeof held !== 'string') return false
  const local = (text: string): string =>
    (text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text).replace(/\/_history\/[^/]+$/, '')
  const wanted = local(unescaped(asked))
  const has = local(held)
  if (/^[a-z][a-z0-9+.-]*:/i.test(wanted) || wanted.includes('/')) return has === wanted || has.split('|')[0] === wanted
  const [, hasType, hasId] = /^([A-Za-z]+)\/([^/]+)$/.exec(has) ?? []
  if (hasId !== wanted) return false
  return type === undefined ? !targets?.length || targets.includes(hasType as string) : hasType === type
}
