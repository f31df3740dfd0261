/** A payer publishes its endpoint bundle on a branch, the trust manager reviews it, members refresh their copy of main. */
import type { Bundle, Endpoint, Organization } from 'fhir/r4.js'
import { type Endorsement, signedBundle, unsignedBundle } from '../certs/endpoint-bundle.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import type { Editions } from '../harness/edition.ts'
import { extensionsOf, mtlsExtensions } from '../harness/endpoint-bundle.ts'
import { HarnessError } from '../harness/errors.ts'
import { type Exchange, header, json } from '../harness/transcript.ts'
import { endpointOf } from './tokens.ts'
import { deskToken, trustBase } from './trust-token.ts'

interface Draft {
  bundle: Bundle
  /** What is done to it after signing. */
  after?: (bundle: Bundle) => void
  /** Who signs; the payer itself unless told. */
  by?: Actor['identity']['credentials']
  endorsement: Endorsement
}

const of = <T extends { resourceType: string }>(bundle: Bundle, type: T['resourceType']): T[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === type ? [resource as unknown as T] : []))
const endpointIn = (bundle: Bundle): Endpoint => of<Endpoint>(bundle, 'Endpoint')[0] as Endpoint

/** What can be wrong with a bundle, in words that follow "a bundle". Each does one thing; what is changed before signing is signed as it is. */
const spoil: Readonly<Record<string, (draft: Draft, payer: Actor) => void | Promise<void>>> = {
  'without a signature': (draft) => {
    draft.after = (bundle) => {
      delete bundle.signature
    }
  },
  'with a certificate in place of the signature': (draft) => {
    draft.after = (bundle) => {
      const object = extensionsOf(endpointIn(bundle), mtlsExtensions.signedObject)[0]
      const data = object && extensionsOf(object, 'Object')[0]?.valueBase64Binary
      if (bundle.signature && data) Object.assign(bundle.signature, { data, sigFormat: 'application/x-x509-ca-cert' })
    }
  },
  'that was altered after signing': (draft) => {
    draft.after = (bundle) => {
      endpointIn(bundle).address = 'https://somewhere-else.example/fhir'
    }
  },
  'without a timestamp': ({ bundle }) => {
    delete bundle.timestamp
  },
  'from the future': ({ bundle }) => {
    bundle.timestamp = '2040-01-01T00:00:00Z'
  },
  'that is a searchset': ({ bundle }) => {
    bundle.type = 'searchset'
  },
  'without an Endpoint': ({ bundle }) => {
    bundle.entry = (bundle.entry ?? []).filter(({ resource }) => resource?.resourceType !== 'Endpoint')
  },
  'with one Organization': ({ bundle }) => {
    const endpoint = endpointIn(bundle)
    const kept = endpoint.managingOrganization?.reference?.split('/').at(-1)
    bundle.entry = (bundle.entry ?? []).filter(
      ({ resource }) => resource?.resourceType !== 'Organization' || resource.id === kept,
    )
  },
  'whose Endpoint is a test': ({ bundle }) => {
    endpointIn(bundle).status = 'test'
  },
  'whose Endpoint has no signed object': ({ bundle }) => {
    const endpoint = endpointIn(bundle)
    endpoint.extension = (endpoint.extension ?? []).filter(({ url }) => url !== mtlsExtensions.signedObject)
  },
  'whose address is not https': ({ bundle }) => {
    const endpoint = endpointIn(bundle)
    endpoint.address = endpoint.address.replace('https:', 'http:')
  },
  'whose Organization has a telephone': ({ bundle }) => {
    for (const organization of of<Organization>(bundle, 'Organization'))
      organization.telecom = [{ system: 'phone', value: '555-0100' }]
  },
  'whose server type is a string': ({ bundle }) => {
    const [server] = extensionsOf(endpointIn(bundle), mtlsExtensions.associatedServers)
    for (const part of server?.extension ?? [])
      if (part.valueCodeableConcept) {
        part.valueString = part.valueCodeableConcept.text ?? ''
        delete part.valueCodeableConcept
      }
  },
  'whose managing organization is not in it': ({ bundle }) => {
    endpointIn(bundle).managingOrganization = { reference: 'Organization/elsewhere' }
  },
  'about another organization': ({ bundle }) => {
    for (const organization of of<Organization>(bundle, 'Organization'))
      organization.identifier = [{ system: 'urn:oid:2.16.840.1.113883.6.300', value: '99999' }]
  },
  'signed with a key that is not endorsed': async (draft, payer) => {
    const other = await payer.identity.mistaken?.('that it never published')
    if (!other) throw new HarnessError('cannot-set-up', 'no second certificate can be made')
    draft.by = other
    draft.endorsement = { ...draft.endorsement, signed: other.cert }
  },
}
export const bundleMistakes: readonly string[] = Object.keys(spoil)

/** Right, and different from before. */
const variations: Readonly<Record<string, (draft: Draft, payer: Actor) => void | Promise<void>>> = {
  'with a new address': ({ bundle }) => {
    const endpoint = endpointIn(bundle)
    const moved = new URL(endpoint.address)
    moved.hostname = moved.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
    endpoint.address = moved.href
  },
  // Done where the bundle is built.
  'with another certificate': () => undefined,
}

export interface Proposal {
  /** Editions of the run: which version of PDex the endpoint says it serves. */
  readonly editions: Editions
  /** Words of what is wrong or different. */
  readonly manner?: string
}

/** Puts the payer's own bundle on a branch of the repository. */
export const proposeBundle = (trust: Actor, proposal: Proposal): Flow<Exchange> => ({
  title: `propose an endpoint bundle${proposal.manner ? ` ${proposal.manner}` : ''}`,
  moves: ['propose-bundle'],
  perform: async (payer) => {
    const branch = branchOf(payer)
    return payer.send('propose-bundle', trust, {
      method: 'PUT',
      url: `${trustBase(trust)}/repo/branches/${branch}/bundles/${fileOf(payer)}`,
      headers: [['Content-Type', 'application/fhir+json']],
      body: JSON.stringify(await bundleOf(payer, trust, proposal), null, 2),
      intent: { branch, ...(proposal.manner ? kindOf(proposal.manner) : standingOf(payer)) },
    })
  },
})

/** Tries to put the bundle on main without a review. */
export const pushToMain = (trust: Actor, proposal: Proposal): Flow<Exchange> => ({
  title: 'push an endpoint bundle to main',
  moves: ['push-to-main'],
  perform: async (payer) =>
    payer.send('push-to-main', trust, {
      method: 'PUT',
      url: `${trustBase(trust)}/repo/branches/main/bundles/${fileOf(payer)}`,
      headers: [['Content-Type', 'application/fhir+json']],
      body: JSON.stringify(await bundleOf(payer, trust, proposal), null, 2),
    }),
})

/** Asks for its branch to be merged. */
export const requestMerge = (trust: Actor): Flow<Exchange> => ({
  title: 'ask for the branch to be merged',
  moves: ['request-merge'],
  perform: (payer) => {
    const { intent } = payer.transcript.last('propose-bundle', { from: payer.name })
    return payer.send('request-merge', trust, {
      method: 'POST',
      url: `${trustBase(trust)}/repo/merge-requests`,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ branch: intent.branch, title: `Publish ${payer.identity.name}` }),
      intent,
    })
  },
})

const reviewed = (trust: Actor, payer: Actor, decision: 'approve' | 'reject', body: object): Flow<Exchange> => ({
  title: `${decision} the bundle of the ${payer.name}`,
  moves: ['review-bundle'],
  perform: async (reviewer) => {
    const asked = payer.transcript.last('request-merge', {
      from: payer.name,
      where: ({ response }) => response?.status === 201,
    })
    const { id } = (asked.response && (json(asked.response) as { id?: unknown })) ?? {}
    if (typeof id !== 'string') throw new HarnessError('not-seen', `the ${payer.name} asked for no merge`)
    return reviewer.send('review-bundle', trust, {
      method: 'POST',
      url: `${trustBase(trust)}/repo/merge-requests/${id}/${decision}`,
      headers: [
        ['Authorization', await deskToken(reviewer, trust)],
        ['Content-Type', 'application/json'],
      ],
      body: JSON.stringify(body),
      intent: { ...asked.intent, decision, payer: payer.name },
    })
  },
})

/** The trust manager (or somebody who is not) approves what `payer` proposed: it goes to main if the review finds nothing. */
export const approveBundle = (trust: Actor, payer: Actor): Flow<Exchange> => reviewed(trust, payer, 'approve', {})

/** The trust manager rejects it and says why. */
export const rejectBundle = (trust: Actor, payer: Actor, reason: string): Flow<Exchange> =>
  reviewed(trust, payer, 'reject', { reason })

/** Publishes in one breath: proposes, asks, and the trust manager approves. */
export const publish = (trust: Actor, proposal: Proposal): Flow<Exchange> => ({
  title: `publish an endpoint bundle${proposal.manner ? ` ${proposal.manner}` : ''}`,
  moves: ['propose-bundle', 'request-merge', 'review-bundle'],
  perform: async (payer) => {
    await proposeBundle(trust, proposal).perform(payer)
    await requestMerge(trust).perform(payer)
    return approveBundle(trust, payer).perform(trust)
  },
})

/** Fetches the bundles on main; asks only for what changed when it has a copy. */
export const refreshRepository = (trust: Actor): Flow<Exchange> => ({
  title: 'refresh the copy of main',
  moves: ['refresh-repository'],
  perform: (member) => {
    const before = member.transcript
      .all('refresh-repository', { from: member.name, where: ({ response }) => response?.status === 200 })
      .at(-1)
    const etag = before?.response && header(before.response, 'etag')
    return member.send('refresh-repository', trust, {
      method: 'GET',
      url: `${trustBase(trust)}/repo/main/bundles`,
      headers: [['Accept', 'application/json'], ...(etag ? [['If-None-Match', etag] as const] : [])],
      intent: etag ? { copy: 'old' } : {},
    })
  },
})

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
const fileOf = ({ identity }: Actor): string => `${slug(identity.name)}.json`
/** A new branch for each proposal: what was reviewed once does not change under the reviewer's hands. */
const branchOf = (payer: Actor): string => {
  const before = payer.transcript.all('propose-bundle', { from: payer.name }).length
  return before === 0 ? slug(payer.identity.name) : `${slug(payer.identity.name)}-${before + 1}`
}

const kindOf = (manner: string): Record<string, string> =>
  manner in spoil ? { mistake: manner } : { variation: manner }

/** A bundle of somebody who is no member is wrong whatever it says. */
function standingOf(payer: Actor): Record<string, string> {
  const done = (move: 'endorse-application' | 'revoke-membership'): boolean =>
    payer.transcript.all(move, { intent: { payer: payer.name }, where: ({ response }) => response?.status === 200 })
      .length > 0
  if (!done('endorse-application')) return { mistake: 'of a payer that is not endorsed' }
  return done('revoke-membership') ? { mistake: 'of a payer whose membership has ended' } : {}
}

/** The endorsement that the trust manager gave `payer`; its own certificate stands in where it was never endorsed. */
function endorsementOf(payer: Actor): Endorsement {
  const given = payer.transcript
    .all('endorse-application', { intent: { payer: payer.name }, where: ({ response }) => response?.status === 200 })
    .at(-1)
  const body = (given?.response && (json(given.response) as Record<string, unknown>)) ?? {}
  const own = payer.identity.credentials?.cert ?? ''
  const signed = body.signature ?? body.signedCertificate
  return {
    signed: typeof signed === 'string' ? signed : own,
    manager: typeof body.trustManagerCertificate === 'string' ? body.trustManagerCertificate : own,
  }
}

async function bundleOf(payer: Actor, trust: Actor, { editions, manner }: Proposal): Promise<Bundle> {
  const { name, uri, identifier, credentials } = payer.identity
  if (!credentials) throw new HarnessError('cannot-set-up', `we do not hold the certificate of the ${payer.name}`)
  const address = payer.places.fhir ?? `${uri}/fhir`
  const endorsement = endorsementOf(payer)
  // A good certificate of the same payer, only not the one of its server.
  const other =
    manner === 'with another certificate' ? await payer.identity.mistaken?.('that it never published') : undefined
  if (manner === 'with another certificate' && !other)
    throw new HarnessError('cannot-set-up', `no second certificate of the ${payer.name} can be made`)
  const draft: Draft = {
    bundle: unsignedBundle({
      name,
      uri,
      identifier,
      address,
      registration:
        endpointOf(trust, payer, 'registration_endpoint') ?? `${address.replace(/\/fhir$/, '')}/auth/register`,
      credentials,
      ...(other ? { shows: other.cert } : {}),
      endorsement,
      pdex: editions.pdex ?? '',
      at: payer.clock.now(),
    }),
    endorsement,
  }
  if (manner) {
    const change = spoil[manner] ?? variations[manner]
    if (!change) throw new HarnessError('bad-input', `nobody knows how to make a bundle "${manner}"`)
    await change(draft, payer)
  }
  const bundle = signedBundle(draft.bundle, draft.by ?? credentials, draft.endorsement)
  draft.after?.(bundle)
  return bundle
}
