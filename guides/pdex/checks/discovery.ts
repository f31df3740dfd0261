/** From the CapabilityStatement to the SMART endpoints (PDex payer-to-payer exchange, mTLS discovery). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, json, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff } from '../../core/judging.ts'
import { at, isObject } from '../../core/received.ts'

export const metadataPointsToSmart = check(
  'PDEX-095',
  'DESC',
  'The CapabilityStatement is readable and its security section or smart-configuration names the SMART endpoints',
  (transcript, scene) => smartFromMetadata(transcript, scene.responder),
)

/** Metadata that can be read, and SMART endpoints by one way or the other; where both are there they must agree. */
export function smartFromMetadata(transcript: Transcript, responder: string): Finding[] {
  const x = transcript.last(['metadata', 'handshake'], {
    to: responder,
    // What a stranger was answered, or another door, says nothing of the document.
    where: ({ intent, response }) =>
      response !== undefined &&
      (intent.certificate ?? 'own') === 'own' &&
      [intent.standing, intent.connection, intent.door, intent.mistake].every((other) => other === undefined),
  })
  const later = putOff(x)
  if (later) return [undecided(x, later)]
  if (answered(x).status !== 200)
    return [
      unmet(x, 'not-readable', 'the CapabilityStatement cannot be read', { expected: 200, actual: answered(x).status }),
    ]
  const told = oauthUris(json(answered(x)))
  const smart = transcript.all('smart-configuration', { to: responder }).at(-1)
  const document = smart?.response?.status === 200 ? json(smart.response) : undefined
  const configured = (uri: string): unknown => (isObject(document) ? document[endpoints[uri] ?? ''] : undefined)
  const differing = [...told].filter(([uri, named]) => {
    const other = configured(uri)
    return typeof other === 'string' && other !== named
  })
  if (differing.length > 0)
    return differing.map(([uri, named]) =>
      unmet(x, 'disagreement', `metadata and smart-configuration name different ${endpoints[uri]}s`, {
        expected: configured(uri),
        actual: named,
        expression: 'CapabilityStatement.rest.security',
      }),
    )
  if (told.has('token') || typeof configured('token') === 'string') return []
  if (!smart) return [undecided(x, 'the CapabilityStatement names none, and smart-configuration was not read')]
  return [
    unmet(x, 'missing-element', 'neither the CapabilityStatement nor smart-configuration names a token endpoint', {
      expression: 'CapabilityStatement.rest.security',
    }),
  ]
}

/** Name in the extension of the CapabilityStatement -> key of the SMART configuration. */
const endpoints: Readonly<Record<string, string>> = {
  authorize: 'authorization_endpoint',
  token: 'token_endpoint',
  register: 'registration_endpoint',
  manage: 'management_endpoint',
  introspect: 'introspection_endpoint',
  revoke: 'revocation_endpoint',
}

interface Extension {
  readonly url?: unknown
  readonly valueUri?: unknown
}

function oauthUris(statement: unknown): Map<string, string> {
  const found = new Map<string, string>()
  for (const extension of at(statement, 'rest.security.extension') as Extension[])
    if (typeof extension.url === 'string' && extension.url.endsWith('/oauth-uris'))
      for (const { url, valueUri } of at(extension, 'extension') as Extension[])
        if (typeof url === 'string' && typeof valueUri === 'string') found.set(url, valueUri)
  return found
}

export const discoveryChecks: readonly Check[] = [metadataPointsToSmart]
