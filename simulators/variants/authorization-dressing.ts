/** How the documents and answers of an authorization server are told otherwise, and what speaks of them. */
import type { CapabilityStatement } from 'fhir/r4.js'
import { both, json } from './dressing.ts'
import type { Dress } from './variant.ts'

/** RFC 8414 metadata. */
export const serverRow = 'GET /.well-known/oauth-authorization-server/auth'
const smartRow = 'GET /fhir/.well-known/smart-configuration'
/** What judges discovery. */
export const nearDiscovery = [
  'AUTH-001',
  'AUTH-002',
  'AUTH-003',
  'AUTH-004',
  'AUTH-005',
  'AUTH-006',
  'AUTH-010',
  'AUTH-012',
  'AUTH-090',
  'HREX-048',
  'HREX-049',
  'HREX-051',
  'PDEX-095',
  'AUTH-100',
  'AUTH-101',
  'AUTH-104',
]

/** A JSON object of OAuth or SMART. */
export type Fields = Record<string, unknown>

/** The CapabilityStatement does not name that endpoint. */
export const undeclared = (name: string): Dress =>
  json<CapabilityStatement>('metadata', (statement) => ({
    ...statement,
    rest: (statement.rest ?? []).map((rest) => ({
      ...rest,
      ...(rest.security
        ? {
            security: {
              ...rest.security,
              extension: (rest.security.extension ?? []).map((one) => ({
                ...one,
                extension: (one.extension ?? []).filter(({ url }) => url !== name),
              })),
            },
          }
        : {}),
    })),
  }))

/** The SMART configuration said otherwise. */
export const smart = (change: (body: Fields) => Fields): Dress => json<Fields>(smartRow, change)
/** Both documents of discovery say the same of the endpoints. */
export const discovered = (change: (body: Fields) => Fields): Dress =>
  both(smart(change), json<Fields>(serverRow, change))
/** What is said of a client that was registered. */
export const registered = (change: (body: Fields) => Fields): Dress =>
  both(
    ...(['POST /auth/register', 'GET /auth/register/:clientId', 'PUT /auth/register/:clientId'] as const).map((row) =>
      json<Fields>(row, change),
    ),
  )
/** A document without these members, here and in its aliases for mutual TLS. */
export const without =
  (...names: string[]): ((body: Fields) => Fields) =>
  (body) => {
    const left = Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
    const { mtls_endpoint_aliases: aliases } = left
    return aliases ? { ...left, mtls_endpoint_aliases: without(...names)(aliases as Fields) } : left
  }

/** The endpoint is not there. */
export const nobody = (): Response => new Response(null, { status: 404 })
