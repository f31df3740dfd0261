/** JSON Web Tokens in a text: finding them, and reading what they say. Runs in Node and in the report's own script. */

/**
 * Three segments (signed, RFC 7515) or five (encrypted, RFC 7516); the first begins as base64url of `{` does. It looks back
 * only from there, and not from every letter.
 */
export const jwtPattern = /e[wy](?<![\w-]e[wy])[\w-]{6,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g

/** Base64url (padded or not) to text; undefined when it is no UTF-8. */
export function fromBase64url(segment: string): string | undefined {
  try {
    return utf8.decode(bytesOf(segment))
  } catch {
    return undefined
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function bytesOf(segment: string): Uint8Array {
  if (typeof Buffer !== 'undefined') return Buffer.from(segment, 'base64')
  return Uint8Array.from(atob(segment.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
}

/** Text to base64url without padding. */
export function toBase64url(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export interface ReadableJwt {
  readonly header: Readonly<Record<string, unknown>>
  /** Parsed when it is JSON, else its text; absent for an encrypted token. */
  readonly payload?: unknown
  /** As it stands in the text: a signature, a placeholder, or '' for an unsecured token. */
  readonly signature: string
}

/** The header as an object; undefined when the segment is no JSON object. */
export function jwtHeader(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(fromBase64url(segment) ?? '')
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Reads a whole token, its signature masked or not; undefined when it is none. */
export function readJwt(text: string): ReadableJwt | undefined {
  const token = text.trim()
  // As base64url of `{` does: most of what is asked about is no token.
  if (!token.startsWith('e')) return undefined
  const [head, body, ...rest] = token.split('.')
  if (!head || body === undefined || rest.length === 0) return undefined
  const header = jwtHeader(head)
  if (!header) return undefined
  if ('enc' in header) return { header, signature: rest.join('.') }
  const plain = fromBase64url(body)
  if (plain === undefined) return undefined
  try {
    return { header, payload: JSON.parse(plain) as unknown, signature: rest.join('.') }
  } catch {
    return { header, payload: plain, signature: rest.join('.') }
  }
}
