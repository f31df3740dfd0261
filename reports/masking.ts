/**
 * Every secret out of every line before it is written anywhere: tokens, client secrets, private keys, cookies, signatures.
 * Structure first (headers, JSON, forms, URLs, JWTs), then every secret so learnt is hunted through all text of the line.
 */
import { randomBytes } from 'node:crypto'
import type { JournalLine } from '../harness/journal.ts'
import type { Exchange, HeaderList } from '../harness/transcript.ts'
import type { Finding } from '../harness/verdict.ts'
import { editJsonStrings, jsonValues, objectsIn } from './json-text.ts'
import { fromBase64url, jwtHeader, jwtPattern, toBase64url } from './jwt.ts'
import {
  assigned,
  hint,
  hintAssigned,
  hintQuoted,
  hintScheme,
  inside,
  kindOf,
  pem,
  privateMembers,
  quoted,
  scheme,
  secretHeaders,
  telling,
  userinfo,
} from './secret-words.ts'
import { SecretRegister } from './secrets.ts'

export interface Masking {
  /** The line without its secrets. */
  readonly line: (line: JournalLine) => JournalLine
  /** One text without secrets that it shows by its form, nor any that is known by now. */
  readonly text: (text: string) => string
}

/**
 * One masking for one run. Without a key the names of secrets are different in every run.
 * `secrets` are those known beforehand (a plan's credentials), by what they are: `[['client secret', value]]`.
 */
export function createMasking(
  options: { key?: Uint8Array | string; secrets?: Iterable<readonly [kind: string, secret: string]> } = {},
): Masking {
  const register = new SecretRegister(options.key ?? randomBytes(32))
  for (const [kind, secret] of options.secrets ?? []) if (secret !== '') register.nameOf(secret, kind)

  /** A secret by its kind; a JWT keeps what it says and loses what makes it valid. */
  const mask = (value: string, kind: string): string =>
    value === '' || register.isName(value) ? value : (jwt(value) ?? register.nameOf(value, kind))

  /** The same token is sent with many requests; it is read once. */
  const read = new Map<string, string | undefined>()
  const jwt = (token: string): string | undefined => {
    if (read.has(token)) return read.get(token)
    const masked = readToken(token)
    if (read.size > 5000) read.clear()
    read.set(token, masked)
    return masked
  }
  const readToken = (token: string): string | undefined => {
    const segments = token.split('.')
    const [head = '', body = '', ...rest] = segments
    if ((segments.length !== 3 && segments.length !== 5) || !jwtHeader(head)) return undefined
    if (register.isName(rest.join('.'))) return token
    if (!segments.every((segment) => /^[\w-]*$/.test(segment))) return undefined
    if (segments.length === 5) return `${readable(head)}.${register.nameOf(`${body}.${rest.join('.')}`, 'ciphertext')}`
    const signature = rest[0] ?? ''
    return `${readable(head)}.${readable(body)}.${signature === '' ? '' : register.nameOf(signature, 'signature')}`
  }
  const readable = (segment: string): string => {
    const plain = fromBase64url(segment)
    if (plain === undefined) return segment
    const clean = register.replaceIn(free(structured(plain)))
    return clean === plain ? segment : toBase64url(clean)
  }

  /** Both looks at a text begin with this one; most texts are long and have no hint. */
  let looked: { readonly text: string; readonly has: boolean } | undefined
  const hinted = (text: string): boolean => {
    if (looked?.text !== text) looked = { text, has: hint.test(text) }
    return looked.has
  }

  /** Secrets of a JSON or form body, or of a text that turns out to be one. */
  const structured = (text: string, type = ''): string => {
    const start = /\S/.exec(text)?.[0]
    if (start === '{' || start === '[') return hinted(text) ? jsonText(text) : text
    if (type === 'application/x-www-form-urlencoded' || /^[\w.~%+-]+=[^\n]*$/.test(text)) return form(text)
    return text
  }
  const jsonText = (text: string): string => {
    const { members, parameters, broken } = telling.test(text) ? relations(text) : unrelated
    const jwk = broken && text.includes('"kty"')
    return editJsonStrings(text, (value, key, outer) => {
      const kind = kindOf(key) ?? inside(outer)
      if (kind) return mask(value, kind)
      if (members.size > 0 && members.has(placed(key, value)))
        return register.nameOf(value, key === 'signature' ? 'signature' : 'private key')
      if (parameters.size > 0 && parameters.has(placed(key, value))) return mask(value, 'secret')
      if (jwk && key && privateMembers.has(key)) return register.nameOf(value, 'private key')
      return undefined
    })
  }
  const form = (text: string): string => {
    const pairs = text.split('&')
    const redeems = pairs.some((pair) => /^grant_type=authorization_code$/.test(pair) || pair.startsWith('state='))
    return pairs
      .map((pair) => {
        const [name = '', ...rest] = pair.split('=')
        const value = rest.join('=')
        const key = unescaped(name)
        const kind = kindOf(key) ?? (key === 'code' && redeems ? 'authorization code' : undefined)
        return kind && value ? `${name}=${mask(unescaped(value), kind)}` : pair
      })
      .join('&')
  }

  /** What shows by its form in any text: keys, JWTs, `Bearer …`, `access_token=…`. */
  const free = (text: string): string => {
    let out = text
    if (out.includes('PRIVATE KEY')) out = out.replace(pem, (key) => register.nameOf(key, 'private key'))
    if (out.includes('.e') || /e[wy]/.test(out))
      out = out.replace(jwtPattern, (token) => jwt(token) ?? jwt3(token) ?? token)
    if (out.includes('@'))
      out = out.replace(userinfo, (_, start, who) => `${start}${register.nameOf(who, 'credentials')}@`)
    if (!hinted(out)) return out
    if (hintScheme.test(out))
      out = out.replace(scheme, (all, name: string, space: string, value: string) =>
        /\d/.test(value) || value.length >= 20 ? `${name}${space}${credentials(name, value)}` : all,
      )
    if (hintAssigned.test(out)) {
      const redirect = /[?&#]state=/.test(out)
      out = out.replace(assigned, (all, name: string, value: string) => {
        const kind = kindOf(name) ?? (redirect && name === 'code' ? 'authorization code' : undefined)
        return kind && !jwtHeader(value.split('.')[0] ?? '') ? `${name}=${mask(unescaped(value), kind)}` : all
      })
    }
    if (!hintQuoted.test(out)) return out
    return out.replace(
      quoted,
      (all: string, slashes: string, quote: string, name: string, colon: string, ...values) => {
        const kind = kindOf(name)
        const [text, scalar] = values as [string | undefined, string | undefined]
        const value = text ?? scalar ?? ''
        if (!kind || (text === undefined && /^(null|true|false)$/.test(value))) return all
        const q = `${slashes}${quote}`
        return `${q}${name}${q}${colon}${q}${mask(value, kind)}${q}`
      },
    )
  }
  /** A dot after a JWT at the end of a sentence looks like more segments. */
  const jwt3 = (token: string): string | undefined => {
    const segments = token.split('.')
    if (segments.length !== 5) return undefined
    const masked = jwt(segments.slice(0, 3).join('.'))
    return masked && `${masked}.${segments.slice(3).join('.')}`
  }
  const credentials = (name: string, value: string): string => {
    if (!/^basic$/i.test(name)) return mask(value, 'access token')
    const password = (fromBase64url(value) ?? '').split(':').slice(1).join(':')
    if (password) register.nameOf(unescaped(password), 'client secret')
    return register.nameOf(value, 'credentials')
  }

  const text = (value: string): string => register.replaceIn(free(structured(value)))

  const headers = (list: HeaderList): HeaderList =>
    list.map(([name, value]) => {
      const lower = name.toLowerCase()
      if (lower === 'cookie') return [name, value.split(';').map(cookie).join(';')] as const
      if (lower === 'set-cookie') return [name, value.replace(/^[^;]*/, cookie)] as const
      const kind = Object.hasOwn(secretHeaders, lower) ? secretHeaders[lower] : undefined
      if (!kind) return [name, free(value)] as const
      if (register.isName(value)) return [name, value] as const
      const [, first = '', space = '', rest = ''] = /^(\S+)(\s+)([\s\S]+)$/.exec(value) ?? []
      if (kind === 'credentials' && rest) return [name, `${first}${space}${credentials(first, rest)}`] as const
      if (kind === 'credentials' && /^(bearer|basic|dpop)$/i.test(value.trim())) return [name, value] as const
      return [name, mask(value, kind)] as const
    })
  const cookie = (pair: string): string => {
    const [, name = '', value = ''] = /^([^=]*=)([\s\S]*)$/.exec(pair) ?? []
    if (!name) return pair.trim() === '' ? pair : register.nameOf(pair, 'cookie')
    return value === '' ? pair : `${name}${mask(value, 'cookie')}`
  }

  const exchange = (x: Exchange): Exchange => ({
    ...x,
    ...(x.failure ? { failure: { ...x.failure, message: free(x.failure.message) } } : {}),
    request: { ...x.request, url: free(x.request.url), headers: headers(x.request.headers), body: body(x.request) },
    ...(x.response
      ? { response: { ...x.response, headers: headers(x.response.headers), body: body(x.response) } }
      : {}),
  })
  const body = (message: { readonly headers: HeaderList; readonly body: string }): string => {
    const type = message.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
    return free(structured(message.body, type.split(';')[0]?.trim().toLowerCase()))
  }

  /** Strings of a plain value by the names that hold them; then whatever shows by its form. */
  const named = (value: unknown, kind?: string): unknown => {
    if (typeof value === 'string') return kind ? mask(value, kind) : free(structured(value))
    if (Array.isArray(value)) return value.map((item) => named(item, kind))
    if (!value || typeof value !== 'object') return value
    const isJwk = 'kty' in value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        named(part, kindOf(key) ?? (isJwk && privateMembers.has(key) ? 'private key' : kind)),
      ]),
    )
  }

  const hunted = (value: unknown): unknown => {
    if (typeof value === 'string') return register.replaceIn(value)
    if (Array.isArray(value)) return value.map(hunted)
    if (!value || typeof value !== 'object') return value
    const members = Object.entries(value).filter(([, part]) => part !== undefined)
    return Object.fromEntries(members.map(([key, part]) => [register.replaceIn(key), hunted(part)]))
  }

  /**
   * Only what people and systems said is touched: ids, moves and codes of a line are ours and stay. The sentences of a
   * feature are ours too: `an unknown token` is no token, but a known one would be found in them.
   */
  const line = (line: JournalLine): JournalLine => {
    switch (line.line) {
      case 'exchange': {
        const { intent, request, response, failure } = exchange(line.exchange)
        const said = hunted({ intent, request, response, failure }) as Partial<Exchange>
        return { ...line, exchange: { ...line.exchange, ...said } }
      }
      case 'verdict':
        return { ...line, verdict: { ...line.verdict, findings: line.verdict.findings.map(finding) } }
      case 'step':
        return {
          ...line,
          text: register.replaceIn(line.text),
          ...(line.message === undefined ? {} : { message: text(line.message) }),
        }
      case 'scenario':
        return {
          ...line,
          name: register.replaceIn(line.name),
          ...(line.example === undefined ? {} : { example: register.replaceIn(line.example) }),
        }
      case 'end':
        return line.reason === undefined ? line : { ...line, reason: text(line.reason) }
      case 'complete':
        return line.interrupted === undefined ? line : { ...line, interrupted: text(line.interrupted) }
      case 'run':
        return {
          ...line,
          title: text(line.title),
          seats: line.seats.map((seat) => (seat.base === undefined ? seat : { ...seat, base: text(seat.base) })),
          ...(line.plan === undefined ? {} : { plan: text(line.plan) }),
        }
    }
  }
  const finding = ({ severity, code, exchange, ...said }: Finding): Finding => ({
    severity,
    code,
    ...(hunted(named(said)) as Omit<Finding, 'severity' | 'code'>),
    ...(exchange === undefined ? {} : { exchange }),
  })
  return { line, text }
}

/** Strings of a JSON text that are secrets by what stands beside them, each with its key. */
interface Relations {
  readonly members: ReadonlySet<string>
  readonly parameters: ReadonlySet<string>
  /** Nothing of it could be parsed. */
  readonly broken: boolean
}
const unrelated: Relations = { members: new Set(), parameters: new Set(), broken: false }
const placed = (key: string | undefined, value: string): string => `${key ?? ''}\0${value}`

/** Private members of a JWK, the signature of a JWS in JSON, the value of a parameter whose name says that it is a secret. */
function relations(text: string): Relations {
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

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
