/**
 * The simulated payer joins the community as every member does: it applies, is verified and endorsed, and its endpoint
 * bundle is reviewed and merged to main, so that a client finds it there (PDex trust framework).
 */
import { signedBundle, unsignedBundle } from '../certs/endpoint-bundle.ts'
import { agreementOf } from '../flows/trust-application.ts'
import type { Identity, Places } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Fetch } from '../harness/fetch.ts'
import type { Credentials } from '../harness/wire.ts'

export interface Joining {
  readonly fetch: Fetch
  /** Base of the trust manager. */
  readonly trust: string
  /** Opens its desk. */
  readonly deskToken: string
  readonly identity: Identity
  readonly places: Places
  /** Version of PDex that the endpoint serves. */
  readonly pdex: string
  readonly at: Date
}

/** Rejects with `cannot-set-up` where the trust manager refuses a step. */
export async function publishBundle(joining: Joining): Promise<void> {
  const { identity, places, at, pdex } = joining
  const { name, uri, identifier } = identity
  const credentials = identity.credentials as Credentials
  const ask = asking(joining)
  const { id } = await ask('POST', '/tm/submissions', {
    organization: { name, identifiers: [identifier] },
    identityCertificate: credentials.cert,
    ...agreementOf(name, credentials),
  })
  await ask('POST', `/tm/submissions/${id}/verify`)
  const endorsed = await ask('POST', `/tm/submissions/${id}/endorse`)
  const endorsement = { signed: endorsed.signedCertificate ?? '', manager: endorsed.trustManagerCertificate ?? '' }
  const address = places.fhir as string
  const registration = new URL('auth/register', address).href
  const draft = unsignedBundle({
    name,
    uri,
    identifier,
    address,
    registration,
    credentials,
    endorsement,
    pdex,
    at,
  })
  const branch = name.toLowerCase().replaceAll(' ', '-')
  await ask('PUT', `/repo/branches/${branch}/bundles/${branch}.json`, signedBundle(draft, credentials, endorsement))
  const asked = await ask('POST', '/repo/merge-requests', { branch, title: `The endpoint of ${name}` })
  await ask('POST', `/repo/merge-requests/${asked.id}/approve`)
}

/** What the answers of the trust manager hold, as far as the next step needs it. */
type Answer = Readonly<Partial<Record<'id' | 'signedCertificate' | 'trustManagerCertificate', string>>>

const asking =
  ({ fetch, trust, deskToken }: Joining) =>
  async (method: string, path: string, body: object = {}): Promise<Answer> => {
    const headers = { authorization: `Bearer ${deskToken}`, 'content-type': 'application/json' }
    const response = await fetch(trust + path, { method, headers, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok)
      throw new HarnessError('cannot-set-up', `the trust manager answers ${response.status} at ${path}: ${text}`)
    return JSON.parse(text) as Answer
  }
