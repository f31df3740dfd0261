/** HRex endpoint discovery: the well-known document of a payer and what a client makes of it (ep-2, ep-3, ep-4). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { holdsAt } from '../../../harness/edition.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, json, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { suspicious, wrongAnswer } from '../../core/judging.ts'
import { at } from '../../core/received.ts'
import { order } from '../match.ts'

const lastDocument = (transcript: Transcript, scene: Scene): Exchange =>
  transcript.last('well-known', { to: scene.responder })

/** How a server answers that has no such document: as to any address that it does not know. */
const absent = [400, 404, 405, 410, 501]

/** The document as an object; undefined when it is none. */
export function documentOf({ response }: Exchange): Readonly<Record<string, unknown>> | undefined {
  const body = response && json(response)
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : undefined
}

/** Code and address of each endpoint. */
export const endpointsOf = (exchange: Exchange): readonly (readonly [code: string, address: unknown])[] => {
  const endpoints = documentOf(exchange)?.endpoints
  return typeof endpoints === 'object' && endpoints !== null && !Array.isArray(endpoints)
    ? Object.entries(endpoints)
    : []
}

export const servesOverOrdinaryTls = check(
  'HREX-060',
  'SHALL',
  'The well-known document is JSON and is served over ordinary TLS',
  (transcript, scene) => {
    const x = lastDocument(transcript, scene)
    if (x.tls?.client)
      return [undecided(x, 'we showed a client certificate, so it is not known whether one was needed')]
    // A reset alone may be the network's: only an alert of TLS tells that it was the missing certificate.
    if (x.failure?.kind === 'refused' && !/^(ECONNRESET|ECONNABORTED|EPIPE)$/.test(x.failure.code))
      return [
        unmet(x, 'refused', 'without a client certificate the connection was refused', {
          expected: 'an answer over ordinary TLS',
          actual: x.failure.message,
        }),
      ]
    const { status: actual } = answered(x)
    // ep-2 binds who serves one; whoever has none misses what PDex wants of its base URLs (§88, SHOULD).
    if (absent.includes(actual)) return [undecided(x, 'no well-known document is offered')]
    if (actual !== 200)
      return [
        wrongAnswer(x, 'wrong-status', `the well-known document was answered ${actual}`, { expected: 200, actual }),
      ]
    const type = mediaType(answered(x))
    const findings: Finding[] = []
    if (!x.request.url.startsWith('https:'))
      findings.push(unmet(x, 'no-tls', 'the document was not served over TLS', { actual: x.request.url }))
    if (!documentOf(x))
      findings.push(
        unmet(x, 'not-json', 'the document is not a JSON object', { actual: answered(x).body.slice(0, 120) }),
      )
    // HRex asks for a JSON document, and does not name a media type.
    else if (type !== 'application/json' && !type.endsWith('+json'))
      findings.push(
        suspicious(x, 'wrong-media-type', 'the document is JSON, and is not served as such', {
          expected: 'application/json',
          actual: type,
          expression: 'header content-type',
        }),
      )
    return findings
  },
)

export const saysWhoAndWhere = check(
  'HREX-063',
  'SHALL',
  'The document has the payer identifier and a map of endpoint codes to addresses',
  (transcript, scene) => {
    const x = lastDocument(transcript, scene)
    const document = documentOf(x)
    if (answered(x).status !== 200 || !document) return [undecided(x, 'there was no document to look at')]
    const findings: Finding[] = []
    if (Array.isArray(document.identifier))
      findings.push(
        unmet(x, 'wrong-type', 'the identifier is a list', { expected: 'one Identifier', expression: 'identifier' }),
      )
    for (const part of ['system', 'value']) {
      const [value] = at(document, `identifier.${part}`)
      if (typeof value !== 'string' || value === '')
        findings.push(
          unmet(x, 'missing-element', `the identifier has no ${part}`, { expression: `identifier.${part}` }),
        )
    }
    const endpoints = endpointsOf(x)
    if (endpoints.length === 0)
      findings.push(unmet(x, 'missing-element', 'the document has no endpoints', { expression: 'endpoints' }))
    for (const [code, address] of endpoints)
      if (!isHttps(address))
        findings.push(
          unmet(x, 'wrong-address', `the address of ${code} is not an absolute https URL`, {
            actual: address,
            expression: `endpoints['${code}']`,
          }),
        )
    const pdex = endpoints.map(([code]) => code).filter((code) => code.startsWith('davinci_pdex_'))
    // Codes without a version are deprecated in HRex 1.2, and still codes.
    if (pdex.length && !pdex.some((code) => code.includes('#')) && holdsAt('1.2+', scene.editions.hrex ?? '1.0'))
      findings.push({
        severity: 'warning',
        code: 'deprecated-code',
        message: 'every PDex endpoint is named by a code without a version, which HRex 1.2 keeps as a fallback only',
        actual: pdex,
        exchange: x.id,
        expression: 'endpoints',
      })
    return findings
  },
)

const isHttps = (address: unknown): boolean => {
  try {
    return typeof address === 'string' && new URL(address).protocol === 'https:'
  } catch {
    return false
  }
}

export const acceptsNewerCodes = check(
  'HREX-061',
  'SHALL',
  'A client uses a known endpoint whatever version its code carries',
  (transcript, scene) => {
    const x = transcript.last('well-known', {
      from: scene.requester,
      to: scene.responder,
      where: ({ response }) => response?.status === 200,
    })
    const offered = endpointsOf(x).filter(([code]) => /^davinci_pdex_payer_endpoint#\d+\.\d+$/.test(code))
    if (offered.length === 0) return [undecided(x, 'the payer names its endpoint by no code with a version')]
    const later = transcript.all(['metadata', 'smart-configuration', 'register', 'match-token', 'member-match'], {
      from: scene.requester,
      to: scene.responder,
      where: (y) => order(y) > order(x),
    })
    if (later.length === 0) return [undecided(x, 'the client did nothing with what it had found')]
    const bases = offered.map(([, address]) => String(address).replace(/\/$/, ''))
    return later.some(({ request }) => bases.some((base) => request.url.startsWith(`${base}/`)))
      ? []
      : [
          unmet(later[0], 'not-used', 'the client went on, and not to the endpoint that was offered', {
            expected: bases,
            actual: later.map(({ request }) => request.url),
          }),
        ]
  },
)

export const looksUpAgain = check(
  'HREX-062',
  'MAY',
  'A client looks up a payer again whose endpoint does not answer',
  (transcript, scene) => {
    const failed = transcript.some('metadata', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => (x.response ? x.response.status >= 400 : x.failure?.kind === 'unreachable'),
    })
    const again = transcript.all('well-known', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => order(x) > order(failed[0] as Exchange),
    })
    return again.length > 0
      ? []
      : [
          unmet(
            failed[0],
            'not-looked-up',
            'the endpoint did not answer, and the client did not look the payer up again',
          ),
        ]
  },
)

export const discoveryChecks: readonly Check[] = [
  servesOverOrdinaryTls,
  acceptsNewerCodes,
  looksUpAgain,
  saysWhoAndWhere,
]

export const discoveryUntested: Readonly<Record<string, string>> = {}
