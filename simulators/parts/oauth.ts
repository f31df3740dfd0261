/** How an authorization server speaks: JSON that nobody keeps, errors of RFC 6749 §5.2 and RFC 7591 §3.2.2, one form. */
import type { Asked } from '../asked.ts'
import { json } from '../simulator.ts'

/** The error codes that we answer with. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'invalid_software_statement'
  | 'unapproved_software_statement'
  | 'invalid_token'

/** A refusal that a handler may throw and its edge answers with. */
export class OAuthRefusal extends Error {
  readonly code: OAuthErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: OAuthErrorCode,
    description: string,
    status = code === 'invalid_client' ? 401 : 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(description)
    this.name = 'OAuthRefusal'
    this.code = code
    this.status = status
    this.headers = headers
  }
}

const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

/** JSON that holds secrets: never to be stored. */
export const secretJson = (body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  json(body, { status, headers: { ...unkept, ...headers } })

/** JSON that anybody may read and keep for a while. */
export const openJson = (body: object, headers: Readonly<Record<string, string>> = {}): Response =>
  json(body, { headers })

export const refusalAnswer = ({ code, message, status, headers }: OAuthRefusal): Response =>
  secretJson({ error: code, error_description: describable(message) }, status, headers)

/** RFC 6749 §5.2 leaves room for ASCII alone, and for neither a quotation mark nor a backslash: what a client sent may hold them. */
const describable = (message: string): string =>
  message.replaceAll('"', "'").replace(/[^\x20\x21\x23-\x5B\x5D-\x7E]/gu, '?')

/** Runs the work; what it refuses by throwing becomes the answer. */
export async function answering(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OAuthRefusal) return refusalAnswer(error)
    throw error
  }
}

/** The form of a request. Throws `invalid_request` for another media type or a parameter given twice. */
export async function formOf(request: Asked): Promise<ReadonlyMap<string, string>> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new OAuthRefusal('invalid_request', 'the request must be a form (application/x-www-form-urlencoded)')
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(await request.text())) {
    if (form.has(name)) throw new OAuthRefusal('invalid_request', `the parameter ${name} is given more than once`)
    // RFC 6749 §3.2: a parameter without a value is as good as none.
    if (value !== '') form.set(name, value)
  }
  return form
}

/** The token of an Authorization header; undefined when there is none of that scheme. */
export const bearerOf = (request: Asked): string | undefined =>
  /^Bearer +(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]?.trim()
