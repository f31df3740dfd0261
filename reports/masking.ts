/**
 * Every secret out of every line before it is written anywhere: tokens, client secrets, private keys, cookies, signatures.
 * Structure first (headers, JSON, forms, URLs, JWTs), then every secret so learnt is hunted through all text of the line.
 */
import { randomBytes } from 'node:crypto'
import type { JournalLine } from '../harness/journal.ts'
import { once } from '../harness/once.ts'
import { type Exchange, type HeaderList, mediaType, noteCopy, type SentRequest } from '../harness/transcript.ts'
import type { Finding } from '../harness/verdict.ts'
import { placed, relations, unrelated } from './json-secrets.ts'
import { editJsonStrings } from './json-text.ts'
import { fromBase64url, jwtHeader, jwtPattern } from './jwt.ts'
import { jwtMasking } from './masked-jwt.ts'
import {
  assigned,
  type Hints,
  hintAssigned,
  hintsIn,
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

/** A server may nest what it says without an end. */
const deepest = 100

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

  /** What a text shows by its structure, and then by its form. */
  const shown = (text: string, type = ''): string => {
    const hints = hintsIn(text)
    const out = structured(text, type, hints)
    return free(out, out === text || hints.some ? hints : hintsIn(out))
  }

  const jwt = jwtMasking(register, shown)

  /** Secrets of a JSON or form body, or of a text that turns out to be one. */
  const structured = (text: string, type: string, hints: Hints): string => {
    const start = /\S/.exec(text)?.[0]
    if (start === '{' || start === '[') return hints.some ? jsonText(text, hints) : text
    if (type === 'application/x-www-form-urlencoded' || /^[\w.~%+-]+=[^\n]*$/.test(text)) return form(text)
    return text
  }
  const jsonText = (text: string, { named }: Hints): string => {
    const { members, parameters, broken } = telling.test(text) ? relations(text) : unrelated
    const jwk = broken && text.includes('"kty"')
    if (!named && !jwk && members.size + parameters.size === 0) return text
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
  const free = (text: string, hints = hintsIn(text)): string => {
    let out = text
    if (hints.some) {
      out = out.replace(pem, (key) => register.nameOf(key, 'private key'))
      out = out.replace(jwtPattern, (token) => jwt(token) ?? jwt3(token) ?? token)
    }
    if (out.includes('@'))
      out = out.replace(userinfo, (_, start, who) => `${start}${register.nameOf(who, 'credentials')}@`)
    if (!hints.some) return out
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
    if (!hints.named) return out
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

  const text = (value: string): string => register.replaceIn(shown(value))

  /** Headers say the same again and again: of each the last value that had nothing to look for. */
  const headersBefore = new Map<string, { readonly lower: string; bare: string | undefined }>()
  const headers = (list: HeaderList): HeaderList =>
    list.map((line) => {
      const [name, value] = line
      const known = once(headersBefore, name, () => ({ lower: name.toLowerCase(), bare: undefined }), 1000)
      if (value === known.bare) return line
      if (known.lower === 'cookie') return [name, value.split(';').map(cookie).join(';')] as const
      if (known.lower === 'set-cookie') return [name, value.replace(/^[^;]*/, cookie)] as const
      const kind = Object.hasOwn(secretHeaders, known.lower) ? secretHeaders[known.lower] : undefined
      if (!kind) {
        const hints = hintsIn(value)
        if (hints.some || value.includes('@')) return [name, free(value, hints)] as const
        known.bare = value
        return line
      }
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

  /** First what each part shows; then the same secrets wherever else they are. */
  const exchange = (x: Exchange): Exchange => {
    const url = free(x.request.url)
    const sent = { headers: headers(x.request.headers), body: body(x.request) }
    const came = x.response && { headers: headers(x.response.headers), body: body(x.response) }
    const failure = x.failure && { ...x.failure, message: free(x.failure.message) }
    const request = { method: register.replaceIn(x.request.method), url: register.replaceIn(url), ...huntedIn(sent) }
    const response = x.response &&
      came && {
        status: x.response.status,
        statusText: register.replaceIn(x.response.statusText),
        ...huntedIn(came),
      }
    noteCopy(request, x.request)
    if (x.response && response) noteCopy(response, x.response)
    return {
      ...x,
      intent: hunted(x.intent) as Exchange['intent'],
      request,
      ...(response ? { response } : {}),
      ...(failure ? { failure: hunted(failure) as NonNullable<Exchange['failure']> } : {}),
    }
  }
  const huntedIn = (said: Said): Said => ({
    headers: said.headers.map((line) => {
      const [name, value] = [register.replaceIn(line[0]), register.replaceIn(line[1])]
      return name === line[0] && value === line[1] ? line : ([name, value] as const)
    }),
    body: register.replaceIn(said.body),
  })
  const body = (message: Said): string => shown(message.body, mediaType(message))

  /** Strings of a plain value by the names that hold them; then whatever shows by its form. No reader wants all of a deep one. */
  const named = (value: unknown, kind?: string, depth = 0): unknown => {
    if (typeof value === 'string') return kind ? mask(value, kind) : shown(value)
    if (!value || typeof value !== 'object') return value
    if (depth > deepest) return '…'
    if (Array.isArray(value)) return value.map((item) => named(item, kind, depth + 1))
    const isJwk = 'kty' in value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        named(part, kindOf(key) ?? (isJwk && privateMembers.has(key) ? 'private key' : kind), depth + 1),
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
      case 'exchange':
        return { ...line, exchange: exchange(line.exchange) }
      case 'verdict':
        return { ...line, verdict: { ...line.verdict, findings: line.verdict.findings.map(finding) } }
      case 'step':
        return {
          ...line,
          text: register.replaceIn(line.text),
          ...(line.message === undefined ? {} : { message: text(line.message) }),
          ...(line.setUp === undefined ? {} : { setUp: line.setUp.map(text) }),
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

/** What a request and a response have in common. */
type Said = Pick<SentRequest, 'headers' | 'body'>

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
