/** By what a secret is known: the names that hold one, and the forms that show one in any text. */

/** Members and parameters that hold a secret, and what a reader knows it as. Compared without case, `_` and `-`. */
const kinds: Readonly<Record<string, string>> = {
  accesstoken: 'access token',
  refreshtoken: 'refresh token',
  idtoken: 'id token',
  registrationaccesstoken: 'registration token',
  initialaccesstoken: 'initial access token',
  subjecttoken: 'subject token',
  actortoken: 'actor token',
  logouttoken: 'logout token',
  sessiontoken: 'session token',
  authtoken: 'token',
  bearertoken: 'access token',
  token: 'token',
  clientsecret: 'client secret',
  clientassertion: 'client assertion',
  assertion: 'assertion',
  softwarestatement: 'software statement',
  codeverifier: 'code verifier',
  devicecode: 'device code',
  password: 'password',
  passwd: 'password',
  passphrase: 'password',
  secret: 'secret',
  apikey: 'api key',
  xapikey: 'api key',
  privatekey: 'private key',
}
const known = new Map<string, string | undefined>()
export const kindOf = (name: string | undefined): string | undefined => {
  if (name === undefined) return undefined
  if (known.has(name)) return known.get(name)
  const key = name.replace(/[-_]/g, '').toLowerCase()
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
  if (known.size < 5000) known.set(name, kind)
  return kind
}
export const inside = (outer: readonly (string | undefined)[]): string | undefined => {
  for (const name of outer) {
    const kind = kindOf(name)
    if (kind) return kind
  }
  return undefined
}

/** What every such name ends with, however its words are set apart. */
const endings = Object.keys(kinds)
  .filter((name, _, all) => !all.some((other) => other !== name && name.endsWith(other)))
  .map((name) => name.split('').join('[-_]*'))
  .join('|')

/**
 * Cheap looks before the thorough ones: a text without these words, and without what may be a JWT, has no such secret.
 * By their first letters, for most of the time of masking goes into this look.
 */
const names =
  'token|s(?:ecret|tatement)|a(?:ssertion|pi[-_]?key)|p(?:ass[-_]?(?:w(?:or)?d|phrase)|rivate[-_]?key)|verifier|device[-_]?code'
/** Credentials have a digit or are long; a "basic metabolic panel" is none. */
const credential = 'A-Za-z._~+/=-'
const shownScheme = `(?:b(?:earer|asic)|dpop)(?:\\s+|%20|\\+)(?=[${credential}]*\\d|[${credential}]{20})`
/** A letter or a hyphen that was escaped for no reason hides such a word. */
const letter = '\\\\u00(?:2d|[4-7])'
const jwt = 'e[wy](?<![\\w-]e[wy])[\\w-]{6,}\\.'
const hint = new RegExp(`${names}|${shownScheme}|${jwt}|"(?:kty|protected)"|[?&#]code=|PRIVATE KEY|${letter}`, 'i')
/**
 * What may be the name of a secret before a colon, or has escaped letters. This one and the next find the colon or `=` first,
 * which are rarer, and then look back: each letter is looked at once.
 */
const hintNamed = new RegExp(`:(?<=(?:${endings})[-_]*\\\\*["'\\s]\\s*:)|\\\\u00`, 'i')
export const hintAssigned = new RegExp(`=(?<=(?:${names}|[?&#]code)=)`, 'i')

export interface Hints {
  readonly some: boolean
  /** Of a name before a colon. */
  readonly named: boolean
}
export function hintsIn(text: string): Hints {
  const some = hint.test(text)
  return { some, named: some && hintNamed.test(text) }
}

/** RFC 7518: the members of a JWK that only its owner may have. */
export const privateMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

/** Without one of these nothing in a JSON text is a secret by what stands beside it: private members, a JWS, a named parameter. */
export const telling = new RegExp(
  `"(?:${[...privateMembers].join('|')})["\\s]\\s*:|"signature"|"name"\\s*:\\s*"[\\w-]*(?:${endings})[-_]*"|\\\\u00`,
  'i',
)

export const secretHeaders: Readonly<Record<string, string>> = {
  authorization: 'credentials',
  'proxy-authorization': 'credentials',
  'x-api-key': 'api key',
  'x-auth-token': 'token',
  'x-access-token': 'access token',
  'x-amz-security-token': 'token',
}

export const pem = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----[\s\S]*?(?:-----END \1PRIVATE KEY-----|(?=["'<])|$)/g
/** `access_token=…` as in URLs and forms, `"access_token": "…"` as in quoted JSON; prose has neither form. */
export const assigned = /(?<![\w-])([\w-]{1,40})=([^&#\s"'<>«»,;)\]}]+)/g
const word = `(?=[\\w-]{0,30}(?:${names}))[\\w-]{1,40}`
export const quoted = new RegExp(
  `(?<!\\\\)(\\\\{0,8})(["'])(?=[\\w-]{1,40}\\1\\2\\s{0,20}:)(${word})\\1\\2(\\s{0,20}:\\s{0,20})(?:\\1\\2(.*?)\\1\\2|([^\\s"'\\\\,<>{}[\\]]+))`,
  'gi',
)
export const scheme = /\b(Bearer|DPoP|Basic)(\s+|%20|\+)([A-Za-z0-9._~+/=-]{8,})/gi
export const userinfo = /(\bhttps?:\/\/)([^\s/?#@"'<>]+)@/gi
