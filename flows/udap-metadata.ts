/**
 * What a UDAP client believes of a server's metadata: the signed part, after the signature, the certificate and the dates
 * were found good (UDAP Security 2.0 "Discovery"). It stops otherwise.
 */
import { rootCertificates } from 'node:tls'
import { jwsHoldsBy, readJwt } from '../certs/jws.ts'
import { verifyCertificate } from '../certs/verify.ts'
import type { Actor } from '../harness/actor.ts'
import { alternativeNames, certificateFrom } from '../harness/certificates.ts'
import { epochSeconds } from '../harness/clock.ts'
import { HarnessError } from '../harness/errors.ts'
import { claimsOf } from './jwt.ts'
import { latest, said } from './tokens.ts'

/** An endpoint out of the signed metadata. Throws `not-seen` when there is none or it cannot be believed. */
export async function signedEndpoint(
  client: Actor,
  payer: Actor,
  name: 'token_endpoint' | 'registration_endpoint',
): Promise<string> {
  const exchange = latest(client, payer, 'udap-configuration', ({ response }) => response?.status === 200)
  const text = said(exchange).signed_metadata
  if (!exchange || typeof text !== 'string')
    throw new HarnessError('not-seen', `the ${payer.name} offers no UDAP metadata`)
  const doubt = await doubtOf(text, exchange.request.url, client)
  if (doubt) throw new HarnessError('not-seen', `the UDAP metadata of the ${payer.name} cannot be believed: ${doubt}`)
  const url = claimsOf(text)?.[name]
  if (typeof url !== 'string')
    throw new HarnessError('not-seen', `the signed metadata of the ${payer.name} names no ${name}`)
  return url
}

/** Why signed metadata cannot be believed; undefined when it can. */
async function doubtOf(text: string, asked: string, client: Actor): Promise<string | undefined> {
  const now = client.clock.now()
  try {
    const chain = (readJwt(text).header.x5c ?? []).map((one) => Buffer.from(one, 'base64'))
    if (!chain[0]) return 'it carries no certificate'
    const verified = await verifyCertificate(chain, { trusted: client.roots ?? rootCertificates, at: now })
    if (!verified.ok) return verified.text
    const certificate = certificateFrom(chain[0])
    if (!jwsHoldsBy(text, certificate.publicKey)) return 'its signature does not hold'
    const { iss, sub, exp } = claimsOf(text) ?? {}
    const base = asked.replace(/\/\.well-known\/udap(\?.*)?$/, '')
    // Whether a base URL ends with a slash is up to the server.
    if ((iss !== base && iss !== `${base}/`) || sub !== iss) return 'it is not about the server that was asked'
    if (!alternativeNames(certificate.subjectAltName, 'URI').includes(iss))
      return 'its certificate is of another server'
    if (typeof exp !== 'number' || exp <= epochSeconds(now)) return 'it has expired'
    return undefined
  } catch {
    return 'its signature does not hold'
  }
}
