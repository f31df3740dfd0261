/** HTTP and TLS said otherwise: codings, chunks, names and values of headers, spellings of JSON, who ends a connection and how. */
import { gzipSync } from 'node:zlib'
import { recast } from '../faults/spoiling.ts'
import type { Guard } from '../simulator.ts'
import { whole } from '../spoil.ts'
import { discovered, registered, without } from './authorization-dressing.ts'
import { answers, bodyOf, both, headers, text } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

/** Requirements that every answer is near. */
const everywhere = ['CORE-002', 'PDEX-329', 'PDEX-330', 'BULK-089', 'AUTH-001', 'AUTH-057', 'HREX-060', 'HREX-009']

const typed = (change: (type: string) => string): Dress =>
  headers('all', (answer) => {
    const type = answer.headers.get('content-type')
    return type ? { 'content-type': change(type) } : {}
  })

/** Two turns of the loop: longer than the host waits for what comes next. */
const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

const inChunks = (whole: string): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(whole)
  const size = Math.max(1, Math.ceil(bytes.length / 3))
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      await aMoment()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
      if (at >= bytes.length) controller.close()
    },
  })
}

/** Properties of every object from the last to the first. */
const reversed = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse())
    : value

const escaped = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A row without the guard that asks who is connecting. */
const unguarded =
  (path: RegExp): Dress =>
  ({ state, routes }) => ({
    state,
    routes: routes.map((row) => (path.test(row.name) ? { ...row, guards: row.guards.slice(-1) } : row)),
  })

/** What comes from the guard of mutual TLS alone, said otherwise. */
const turnedAway =
  (say: (status: number) => Response): Dress =>
  ({ state, routes }) => ({
    state,
    routes: routes.map((row) => {
      const [member, ...others] = row.guards
      if (!member) return row
      const other: typeof member = async (request, visit) => {
        const refusal = await member(request, visit)
        return refusal && [401, 403].includes(refusal.status) ? say(refusal.status) : refusal
      }
      return { ...row, guards: [other, ...others] }
    }),
  })

const doors = [
  ...['PDEX-096', 'PDEX-097', 'PDEX-098', 'HREX-050', 'HREX-052', 'HREX-054'],
  ...['AUTH-020', 'AUTH-084', 'AUTH-085', 'AUTH-112', 'AUTH-113'],
]

/** Nobody is asked for a certificate, nothing is bound to one, and nothing says otherwise. */
const withoutMutualTls: Dress = both(
  ({ state, routes }) => {
    // The guard of mutual TLS is the one that stands before every row of its host.
    const guarded = routes.filter(({ guards }) => guards.length > 0)
    const everywhere = (guard: Guard): boolean => guarded.every(({ guards }) => guards.includes(guard))
    return {
      state,
      routes: routes.map((row) => {
        const answer = whole({ ...row, guards: row.guards.filter((guard) => !everywhere(guard)) })
        return {
          ...row,
          guards: [],
          handler: (request, visit) => answer(request, { ...visit, certificate: undefined }),
        }
      }),
    }
  },
  discovered((body) => ({
    ...without('tls_client_certificate_bound_access_tokens', 'mtls_endpoint_aliases')(body),
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
  })),
  registered(without('tls_client_certificate_bound_access_tokens')),
)

export const transportVariants: readonly Variant[] = [
  {
    id: 'gzip',
    title: 'Every body comes compressed, asked for or not',
    source: 'RFC 9110 §12.5.3: without Accept-Encoding any coding is acceptable; Bulk Data export, output file',
    dress: answers('all', async (answer) => {
      const body = answer.body ? Buffer.from(await answer.arrayBuffer()) : undefined
      if (!body?.length) return answer
      const named = new Headers(answer.headers)
      named.set('content-encoding', 'gzip')
      named.delete('content-length')
      return new Response(gzipSync(body), { status: answer.status, headers: named })
    }),
    touches: everywhere,
  },
  {
    id: 'chunked',
    title: 'Every body comes in chunks, without a length',
    source: 'RFC 9112 §6, §7.1',
    dress: answers('all', async (answer) => {
      const whole = await bodyOf(answer)
      return whole ? new Response(inChunks(whole), { status: answer.status, headers: answer.headers }) : answer
    }),
    touches: everywhere,
  },
  {
    id: 'closes-connections',
    title: 'Each connection is closed after its answer',
    source: 'RFC 9112 §9.6',
    dress: headers('all', () => ({ connection: 'close' })),
    touches: everywhere,
  },
  {
    id: 'title-case-headers',
    title: 'Names of headers are written with capitals',
    source: 'RFC 9110 §5.1: names are case-insensitive',
    host: { headerCase: 'title' },
    touches: [...everywhere, 'AUTH-058', 'AUTH-071', 'BULK-016', 'CORE-011'],
  },
  {
    id: 'capital-headers',
    title: 'Names of headers are written in capitals alone',
    source: 'RFC 9110 §5.1: names are case-insensitive',
    host: { headerCase: 'upper' },
    touches: [...everywhere, 'AUTH-058', 'AUTH-071', 'BULK-016', 'CORE-011'],
  },
  {
    id: 'more-headers',
    title: 'Every answer has headers that a gateway adds',
    source: 'RFC 9110 §6.3: unknown fields are ignored',
    dress: headers('all', () => ({
      server: 'gateway/7.1',
      'x-request-id': '01J9Z3T7YV',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Encoding, Authorization',
    })),
    touches: everywhere,
  },
  {
    id: 'charset-in-capitals',
    title: 'Media types say charset=UTF-8, without a space',
    source: 'RFC 9110 §8.3.1',
    dress: typed((type) => `${type.split(';')[0]};charset=UTF-8`),
    touches: everywhere,
  },
  {
    id: 'charset-in-quotes',
    title: 'Media types say charset="utf-8"',
    source: 'RFC 9110 §8.3.1, §5.6.6',
    dress: typed((type) => `${type.split(';')[0]}; charset="utf-8"`),
    touches: everywhere,
  },
  {
    id: 'no-charset',
    title: 'Media types name no charset',
    source: 'FHIR R4 http#mime-type: UTF-8 whether it is said or not',
    dress: typed((type) => type.split(';')[0] as string),
    touches: everywhere,
  },
  {
    id: 'media-types-in-capitals',
    title: 'Media types are written with capitals',
    source: 'RFC 9110 §8.3.1: type and subtype are case-insensitive',
    dress: typed((type) => type.replace(/^[^;]+/, (plain) => plain.replace(/json/, 'JSON').replace(/^a/, 'A'))),
    touches: everywhere,
  },
  {
    id: 'fhir-version-in-type',
    title: 'Media types of FHIR name its version',
    source: 'FHIR R4 http#version-parameter',
    dress: typed((type) => (/fhir\+json/.test(type) ? `${type.split(';')[0]}; fhirVersion=4.0; charset=utf-8` : type)),
    touches: [...everywhere, 'CORE-005', 'PDEX-001'],
  },
  {
    id: 'generic-type-for-generic-wish',
    title: 'Who accepts application/json gets a resource as application/json',
    source: 'FHIR R4 http#mime-type: a generic type that is asked for SHOULD come',
    dress: answers('all', async (answer, { request, visit }) => {
      const wish = visit.url.searchParams.get('_format') ?? request.headers.get('accept') ?? ''
      const isFhir = /fhir\+json/.test(answer.headers.get('content-type') ?? '')
      return isFhir && wish.split(',')[0]?.trim() === 'application/json'
        ? recast(answer, await bodyOf(answer), { 'content-type': 'application/json; charset=utf-8' })
        : answer
    }),
    touches: ['CORE-002', 'CORE-003', 'PDEX-329', 'BULK-055', 'BULK-096', 'BULK-003'],
  },
  {
    id: 'pretty',
    title: 'JSON comes with line breaks and spaces',
    source: 'RFC 8259 §2; FHIR R4 http#parameters, _pretty',
    dress: text((value) => JSON.stringify(value, null, 2), JSON.stringify),
    touches: [...everywhere, 'CORE-021', 'PDEX-114'],
  },
  {
    id: 'properties-reversed',
    title: 'Properties of JSON stand in another order, resourceType last',
    source: 'RFC 8259 §1: an object is unordered; FHIR R4 json',
    dress: text((value) => JSON.stringify(value, reversed)),
    touches: [...everywhere, 'PDEX-357', 'PDEX-126'],
  },
  {
    id: 'escaped-letters',
    title: 'Letters beyond ASCII are escaped',
    source: 'RFC 8259 §7',
    dress: text(escaped),
    touches: [...everywhere, 'CORE-045', 'PDEX-126'],
  },
  {
    id: 'tls-1.2-only',
    title: 'TLS 1.2 is spoken and nothing newer',
    source: 'HRex security sec-9: 1.2 or later',
    host: { maxVersion: 'TLSv1.2' },
    touches: ['HREX-047', 'AUTH-110', 'BULK-001', ...doors],
  },
  {
    id: 'tls-1.3-only',
    title: 'TLS 1.3 is spoken and nothing older',
    source: 'HRex security sec-9: 1.2 or later',
    host: { minVersion: 'TLSv1.3' },
    touches: ['HREX-047', 'AUTH-110', 'BULK-001', ...doors],
  },
  {
    id: 'strangers-refused-over-http',
    title: 'Who has no certificate of the community is refused by status, not in the handshake',
    source: 'PDex mTLS handshake names no way of refusing; RFC 8446 §4.4.2.4 leaves it to the server',
    host: { admitStrangers: true },
    touches: doors,
  },
  {
    id: 'strangers-refused-by-a-gateway',
    title: 'A gateway refuses strangers with 403 and a page of HTML',
    source: 'PDex mTLS handshake names no way of refusing',
    host: { admitStrangers: true },
    dress: turnedAway(
      () =>
        new Response('<html><body>Forbidden</body></html>', { status: 403, headers: { 'content-type': 'text/html' } }),
    ),
    touches: doors,
  },
  {
    id: 'strangers-refused-with-400',
    title: 'A gateway refuses strangers with 400, as nginx does',
    source: 'PDex mTLS handshake names no way of refusing',
    host: { admitStrangers: true },
    dress: turnedAway(() => new Response('No required SSL certificate was sent', { status: 400 })),
    touches: doors,
  },
  {
    id: 'metadata-for-everybody',
    title: 'The CapabilityStatement behind mutual TLS is readable without a certificate of the community',
    source: 'FHIR R4 http#capabilities: normally without authentication; PDex mTLS discovery guards registration',
    host: { admitStrangers: true },
    dress: unguarded(/^GET \/fhir\/metadata$/),
    touches: [...doors, 'CORE-001', 'PDEX-095'],
  },
  {
    id: 'no-mutual-tls',
    title: 'Clients are known by what they sign: no certificate is asked for, and no token bound to one',
    source:
      'HRex sec-11: SMART backend services or UDAP do as well as mutual TLS; PDex 2.2 deprecates it; SMART and UDAP bind no tokens',
    host: { admitStrangers: true },
    dress: withoutMutualTls,
    touches: [...doors, 'HREX-048', 'HREX-051', 'NDH-017'],
    // Advice: identity by certificates is how PDex describes the way in, and HRex sec-12 binds tokens.
    mayWarn: ['PDEX-096', 'PDEX-097', 'PDEX-098', 'NDH-017', 'HREX-050', 'AUTH-112'],
  },
]
