/** What a message is about, in a few words, for diagrams and lists. Runs in Node and in the report's own script. */

type Body = { readonly body: string }

const known = new WeakMap<Body, string>()
/** Longer bodies are not read whole for a few words. */
const longest = 20_000

/** `Bundle, 20 entries`, `422 not-found`, `token for 300 s`; '' when there is nothing short to say. */
export function gist(message: Body): string {
  const said = known.get(message) ?? gistOf(message.body.trim())
  known.set(message, said)
  return said
}

function gistOf(text: string): string {
  if (text === '') return ''
  if (text.length > longest) return gistOfLong(text)
  const value = parsed(text)
  if (value === undefined) {
    const lines = text.split('\n')
    if (lines.length > 1 && lines.every((line) => line.startsWith('{')))
      return `NDJSON, ${plural(lines.length, 'line')}`
    return text.startsWith('<') ? 'markup' : ''
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

/** What the beginning of a long body says, and how often an entry begins in it. */
function gistOfLong(text: string): string {
  if (text[0] !== '{') return text[0] === '<' ? 'markup' : ''
  if (/\}\s*\n\s*\{/.test(text)) return `NDJSON, ${plural(text.split('\n').length, 'line')}`
  const type = /^\{[^[{]{0,200}?"resourceType"\s*:\s*"(\w+)"/.exec(text)?.[1]
  return type === 'Bundle' ? `Bundle, ${text.split('"fullUrl"').length - 1} entries` : (type ?? '')
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

function parsed(text: string): unknown {
  if (text[0] !== '{' && text[0] !== '[') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
