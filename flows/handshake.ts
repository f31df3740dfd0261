/**
 * Opens a connection and asks for the CapabilityStatement: with the own certificate, a wrong one or none, in some version
 * of TLS, at the known address or at the one that the repository names (PDex mTLS handshake; HRex sec-9 to sec-15).
 */
import type { KeyObject } from 'node:crypto'
import type { Bundle } from 'fhir/r4.js'
import { isCertificateMistake, isRevoked } from '../certs/mistakes.ts'
import type { Actor, Flow, Message } from '../harness/actor.ts'
import { certificateFrom, inForce, sameKey } from '../harness/certificates.ts'
import { type EndpointBundle, readEndpointBundle } from '../harness/endpoint-bundle.ts'
import { HarnessError } from '../harness/errors.ts'
import { endorsedWith, readBundleSignature } from '../harness/signature.ts'
import { type CertificateFacts, type Exchange, json } from '../harness/transcript.ts'
import type { Credentials } from '../harness/wire.ts'
import { lookUp } from './discover.ts'
import { revokeCertificate } from './revoke-certificate.ts'
import { fhirBase } from './tokens.ts'
import { trustBase } from './trust-token.ts'

export type TlsVersion = NonNullable<Message['minVersion']>

/** With its own certificate, in any version that both speak. `standing`: why it should be refused all the same. */
export const handshake = (payer: Actor, standing?: string): Flow<Exchange> => ({
  title: `connect to the ${payer.name}${standing ? ` ${standing}` : ''}`,
  moves: ['handshake', 'smart-configuration'],
  perform: (client) =>
    standing
      ? everyDoor(client, payer, { certificate: 'own', standing }, {})
      : knock(client, payer, { certificate: 'own' }, {}),
})

/** With a certificate that is wrong in that way, or without one. `trust`: who has it revoked, where that is what is wrong. */
export const handshakeWith = (payer: Actor, mistake: string, trust: Actor): Flow<Exchange> => ({
  title: `connect to the ${payer.name} ${mistake.startsWith('without') ? mistake : `with a certificate ${mistake}`}`,
  moves: ['handshake', 'smart-configuration', 'probe'],
  perform: async (client) =>
    everyDoor(client, payer, { certificate: mistake }, { as: await mistaken(client, payer, mistake, trust) }),
})

/**
 * A CapabilityStatement may be for everybody to read. Where it is, the same caller tries the registration endpoint: that
 * one is for members alone (PDex mTLS discovery).
 */
async function everyDoor(
  client: Actor,
  payer: Actor,
  intent: Record<string, string>,
  message: Partial<Message>,
): Promise<Exchange> {
  const first = await knock(client, payer, intent, message)
  if (!first.response || first.response.status >= 300) return first
  const url = await lookUp(client, payer, 'registration_endpoint')
  if (!url) return first
  return knock(
    client,
    payer,
    { ...intent, door: 'registration' },
    {
      ...message,
      method: 'POST',
      url,
      headers: [
        ['Content-Type', 'application/json'],
        ['Accept', 'application/json'],
      ],
      body: '{}',
    },
  )
}

/** In that version of TLS and no other. */
export const handshakeIn = (payer: Actor, version: TlsVersion): Flow<Exchange> => ({
  title: `connect to the ${payer.name} by ${version}`,
  moves: ['handshake'],
  perform: (client) =>
    knock(client, payer, { certificate: 'own', tls: version }, { minVersion: version, maxVersion: version }),
})

/**
 * At the address that the member's copy of main names, and only if the bundle can be believed; hangs up when the server
 * shows another certificate than the published one. Undefined when there is nobody to call.
 */
export const handshakeByDirectory = (payer: Actor): Flow<Exchange | undefined> => ({
  title: `look up the ${payer.name} in the repository and connect`,
  moves: ['handshake'],
  perform: async (client) => {
    const listed = listedBundle(client, payer)
    if (!listed?.address || !believable(listed.bundle, listed.read, client.clock.now())) return undefined
    const keys = listed.read.published.map(({ key }) => key)
    return knock(
      client,
      payer,
      { certificate: 'own', by: 'directory' },
      { url: `${listed.address.replace(/\/$/, '')}/metadata`, distrust: (server) => unlike(server, keys) },
    )
  },
})

const knock = (
  client: Actor,
  payer: Actor,
  intent: Record<string, string>,
  message: Partial<Message>,
): Promise<Exchange> =>
  client.send('handshake', payer, {
    method: 'GET',
    url: message.url ?? `${fhirBase(payer)}/metadata`,
    headers: [['Accept', 'application/fhir+json']],
    fresh: true,
    intent,
    ...message,
  })

/** The wrong certificate; one that must be revoked is revoked first. Throws `cannot-set-up` when we cannot make it. */
async function mistaken(client: Actor, payer: Actor, mistake: string, trust: Actor): Promise<Credentials | null> {
  if (!isCertificateMistake(mistake)) throw new HarnessError('bad-input', `nobody makes a certificate "${mistake}"`)
  if (mistake === 'without a certificate') return null
  const { mistaken: make } = client.identity
  if (!make) throw new HarnessError('cannot-set-up', `no wrong certificate can be made for the ${client.name}`)
  const revoked = isRevoked(mistake)
  const wrong = await make(mistake, {
    another: payer.identity.uri,
    ...(revoked ? { authority: `${trustBase(trust)}/ca` } : {}),
  })
  if (wrong && revoked) await revokeCertificate(trust, wrong).perform(client)
  return wrong
}

interface Listed {
  readonly bundle: Bundle
  readonly read: EndpointBundle
  readonly address: string | undefined
}

/** The payer's bundle in the newest copy of main. Throws `not-seen` when the client has no copy. */
export function listedBundle(client: Actor, payer: Actor): Listed | undefined {
  const copy = client.transcript.last('refresh-repository', {
    from: client.name,
    where: ({ response }) => response?.status === 200,
  })
  const { bundles = [] } = ((copy.response && json(copy.response)) ?? {}) as { bundles?: { bundle: Bundle }[] }
  for (const { bundle } of bundles) {
    const read = readEndpointBundle(bundle)
    if (read.uris.includes(payer.identity.uri)) return { bundle, read, address: read.address }
  }
  return undefined
}

/** Signed, endorsed by whom it says, and in force. */
function believable(bundle: Bundle, read: EndpointBundle, now: Date): boolean {
  const signature = readBundleSignature(bundle)
  if (signature.is !== 'jws' || !signature.valid) return false
  const endorsed = read.endorsed.some(({ signed, by }) => signed && by && endorsedWith(signed, by.key))
  const leaves = read.published.flatMap(({ certificates: [leaf] }) => (leaf ? [leaf] : []))
  return endorsed && leaves.length > 0 && leaves.every((leaf) => inForce(leaf, now) === 'yes')
}

/** A reason to hang up, or nothing. */
function unlike(server: CertificateFacts, published: readonly KeyObject[]): string | undefined {
  const { publicKey } = certificateFrom(Buffer.from(server.chain[0] ?? '', 'base64'))
  return published.some((key) => sameKey(key, publicKey))
    ? undefined
    : 'the server shows another certificate than the one that its payer published'
}
