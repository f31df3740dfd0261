/** What a message is about, in a few words, for diagrams and lists. Runs in Node and in the report's own script. */

import { json } from '../harness/transcript.ts'
import { beginning, countIn, isLonger } from './unread.ts'

type Body = { readonly body: string }

const known = new WeakMap<Body, string>()
/** Longer bodies are not read whole for a few words. */
const longest = 20_000
/** Of a longer Bundle the entries are counted by what each begins with. */
const longestBundle = 2_000
/** Resources of which more than the type is told. */
const told = new Set(['Bundle', 'OperationOutcome', 'Parameters'])

/** `Bundle, 20 entries`, `422 not-found`, `token for 300 s`; '' when there is nothing short to say. */
export function gist(message: Body): string {
  const said = known.get(message) ?? gistOf(message)
  known.set(message, said)
  return said
}

function gistOf(message: Body): string {
  const start = beginning(message, 300).trimStart()
  if (start[0] === '<') return 'markup'
  if (start[0] !== '{' && start[0] !== '[') return ''
  const type = /^\{[^[{]*?"resourceType"\s*:\s*"(\w+)"/.exec(start)?.[1] ?? ''
  if (type === 'Bundle' && isLonger(message, longestBundle)) return `Bundle, ${countIn(message, '"fullUrl"')} entries`
  const value = told.has(type) || !(type || isLonger(message, longest)) ? json(message) : undefined
  if (value === undefined) {
    const ends = countIn(message, '}\n{')
    return ends > 0 ? `NDJSON, ${plural(ends + 1, 'line')}` : type
  }
  if (Array.isArray(value)) return plural(value.length, 'item')
  if (!value || typeof value !== 'object') return ''
  const object = value as Readonly<Record<string, unknown>>
  const list = (name: string): readonly unknown[] => (Array.isArray(object[name]) ? (object[name] as unknown[]) : [])
  switch (object.resourceType) {
    case 'Bundle':
      return `Bundle, ${list('entry').length === 1 ? '1 entry' : `${list('entry').length} entries`}`
    case 'OperationOutcome': {
      const issue = list('issue')[0] as { code?: unknown } | undefined
      return `OperationOutcome${typeof issue?.code === 'string' ? `: ${issue.code}` : ''}`
    }
    case 'Parameters': {
      const names = list('parameter').map((one) => String((one as { name?: unknown } | null)?.name ?? '?'))
      return `Parameters: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''}`
    }
  }
  if (typeof object.resourceType === 'string') return object.resourceType
  if (typeof object.error === 'string') return object.error
  if ('access_token' in object)
    return `token${typeof object.expires_in === 'number' ? ` for ${object.expires_in} s` : ''}`
  if ('client_id' in object) return `client ${String(object.client_id)}`
  if (Array.isArray(object.output)) return `manifest, ${plural(object.output.length, 'file')}`
  return ''
}

/** The address without what every request of the run has in common: `Patient/$member-match`. */
export function shortUrl(url: string): string {
  // A simulated payer has a path of its own for each scenario.
  const path = url.replace(/^https?:\/\/[^/]*(\/[a-z]\d+(?=\/))?\/?/i, '/')
  const known = /\/(?:fhir|r4|baseR4)\/(.+)$/i.exec(path)?.[1]
  // Colons, bars and commas of a query are easier to read as themselves.
  return (known ?? (path.replace(/^\//, '') || '/')).replace(/%(?:3A|2F|7C|2C|24)/gi, decodeURIComponent)
}

const plural = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
