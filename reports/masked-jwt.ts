/** A JWT in the record keeps what it says and loses what makes it valid: its signature (RFC 7515), its ciphertext (RFC 7516). */
import { once } from '../harness/once.ts'
import { fromBase64url, jwtHeader, toBase64url } from './jwt.ts'
import type { SecretRegister } from './secrets.ts'

/** A segment of a token, its text, and that text without the secrets that it shows. */
interface Segment {
  readonly segment: string
  readonly plain?: string
  readonly shown: string
}

/** Gives the masked token; undefined for what is none. `shown` takes out of a text what it shows. */
export function jwtMasking(
  register: SecretRegister,
  shown: (text: string) => string,
): (token: string) => string | undefined {
  const read = (segment: string): Segment => {
    const plain = fromBase64url(segment)
    return plain === undefined ? { segment, shown: '' } : { segment, plain, shown: shown(plain) }
  }
  /** Whoever signs much signs with the same header. */
  const heads = new Map<string, Segment | null>()
  const headOf = (segment: string): Segment | null =>
    once(heads, segment, () => (jwtHeader(segment) ? read(segment) : null))
  const written = ({ segment, plain, shown }: Segment): string => {
    const clean = register.replaceIn(shown)
    return plain === undefined || clean === plain ? segment : toBase64url(clean)
  }
  const maskedToken = (token: string): string | undefined => {
    const segments = token.split('.')
    const [first = '', body = '', ...rest] = segments
    if (segments.length !== 3 && segments.length !== 5) return undefined
    const head = headOf(first)
    if (!head) return undefined
    if (register.isName(rest.join('.'))) return token
    if (!segments.every((segment) => /^[\w-]*$/.test(segment))) return undefined
    if (segments.length === 5) return `${written(head)}.${register.nameOf(`${body}.${rest.join('.')}`, 'ciphertext')}`
    const signature = rest[0] ?? ''
    return `${written(head)}.${written(read(body))}.${signature && register.nameOf(signature, 'signature')}`
  }
  /** The same token is sent with many requests. */
  const tokens = new Map<string, string | null>()
  return (token) => once(tokens, token, () => maskedToken(token) ?? null, 5000) ?? undefined
}
