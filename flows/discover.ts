/** Discovery before anything else: where tokens come from, where clients register, what the server offers. */
import type { Actor, Flow, Message } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { type EndpointName, endpointOf, latest, said } from './tokens.ts'

/** Where that endpoint is; looked up only when the client does not know (SMART backend services, step 2). Undefined when nobody says. */
export async function lookUp(client: Actor, payer: Actor, name: EndpointName): Promise<string | undefined> {
  const known = endpointOf(client, payer, name)
  if (known) return known
  await discoverSmart(payer).perform(client)
  return endpointOf(client, payer, name)
}

/** Everything that there is to discover, as somebody curious would: with any Accept header, for any community. */
export const discoverEverything = (payer: Actor): Flow<void> => ({
  title: `read every discovery document of the ${payer.name}`,
  moves: ['smart-configuration', 'authorization-server', 'udap-configuration'],
  perform: async (client) => {
    for (const accept of ['text/html', null, 'application/json']) await discoverSmart(payer, accept).perform(client)
    if (endpointOf(client, payer, 'token_endpoint')) await discoverAuthorizationServer(payer).perform(client)
    await discoverUdap(payer).perform(client)
    await discoverUdap(payer, 'urn:example:community-of-nobody').perform(client)
  },
})

/** `.well-known/smart-configuration`, over ordinary TLS where there is a host for that. `accept` may be anything: the answer is JSON. */
export const discoverSmart = (payer: Actor, accept: string | null = 'application/json'): Flow<Exchange> => ({
  title: `read the SMART configuration of the ${payer.name}${accept === null ? ' without an Accept header' : ''}`,
  moves: ['smart-configuration'],
  perform: (client) =>
    client.send('smart-configuration', payer, {
      ...openly(payer),
      url: `${openBase(payer)}/.well-known/smart-configuration`,
      headers: accept === null ? [] : [['Accept', accept]],
      intent: { accept: accept ?? 'none' },
    }),
})

/** `.well-known/udap`, for one trust community where one is named. */
export const discoverUdap = (payer: Actor, community?: string): Flow<Exchange> => ({
  title: `read the UDAP metadata of the ${payer.name}`,
  moves: ['udap-configuration'],
  perform: (client) =>
    client.send('udap-configuration', payer, {
      ...openly(payer),
      url: `${openBase(payer)}/.well-known/udap${community ? `?community=${encodeURIComponent(community)}` : ''}`,
      headers: [['Accept', 'application/json']],
      intent: community ? { community } : {},
    }),
})

/** The CapabilityStatement. */
export const readMetadata = (payer: Actor): Flow<Exchange> => ({
  title: `read the CapabilityStatement of the ${payer.name}`,
  moves: ['metadata'],
  perform: (client) =>
    client.send('metadata', payer, {
      ...openly(payer),
      url: `${openBase(payer)}/metadata`,
      headers: [['Accept', 'application/fhir+json']],
    }),
})

/**
 * The metadata of RFC 8414. Its address is made from the issuer by insertion: from the one that a SMART configuration names,
 * else from a guess, the token endpoint without its last segment.
 */
export const discoverAuthorizationServer = (payer: Actor): Flow<Exchange> => ({
  title: `read the authorization server metadata of the ${payer.name}`,
  moves: ['authorization-server'],
  perform: (client) => {
    const token = endpointOf(client, payer, 'token_endpoint')
    if (!token) throw new HarnessError('not-seen', `nobody knows the token endpoint of the ${payer.name}`)
    const { issuer: named } = said(latest(client, payer, 'smart-configuration'))
    const issuer = typeof named === 'string' && /^https:/.test(named) && URL.canParse(named) ? named : undefined
    const asked = issuer ?? above(token)
    const { origin, pathname } = new URL(asked)
    const url = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`
    return client.send('authorization-server', payer, {
      method: 'GET',
      url,
      headers: [['Accept', 'application/json']],
      intent: { issuer: asked, ...(issuer === undefined ? { guessed: 'true' } : {}) },
    })
  },
})

/** A client's JWK set, fetched as anybody would: without a certificate. */
export const fetchKeySet = (of: Actor): Flow<Exchange> => ({
  title: `fetch the JWK set of the ${of.name}`,
  moves: ['fetch-jwks'],
  perform: (somebody) => {
    if (!of.places.jwks) throw new HarnessError('cannot-set-up', `the ${of.name} publishes no JWK set`)
    return somebody.send('fetch-jwks', of, {
      method: 'GET',
      url: of.places.jwks,
      headers: [['Accept', 'application/json']],
      as: null,
    })
  },
})

const openBase = (payer: Actor): string => {
  const base = payer.places.open ?? payer.places.fhir
  if (!base) throw new HarnessError('cannot-set-up', `nobody knows where the FHIR base of the ${payer.name} is`)
  return base
}

/** Without a certificate where there is a host that asks for none. */
const openly = (payer: Actor): Pick<Message, 'method' | 'as'> => ({
  method: 'GET',
  ...(payer.places.open ? { as: null } : {}),
})

/** The URL without its last segment; one without a path is an issuer without a slash. */
function above(url: string): string {
  const parent = new URL(url)
  parent.search = ''
  parent.pathname = parent.pathname.replace(/\/[^/]*$/, '')
  return parent.href.replace(/\/$/, '')
}
