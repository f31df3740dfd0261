/** Ways in which a payer is careless about the certificates of its callers, and about tokens that are bound to them. */

import { alternativeNames } from '../../harness/certificates.ts'
import type { CertificateFacts } from '../../harness/transcript.ts'
import type { Standing } from '../state/directory.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'

type Spoil = Fault<PayerState>['spoil']
const fault = (
  id: string,
  title: string,
  route: string,
  breaks: readonly string[],
  spoil: Spoil,
): Fault<PayerState> => ({
  id,
  title,
  actor: 'responding payer',
  route,
  breaks,
  spoil,
})

/** The last caller in good standing: whom a careless payer takes somebody else for. */
const lastMember = new WeakMap<PayerState, CertificateFacts>()

type Refusal = Extract<Standing, { ok: false }>

/** Lets a caller in whom the directory refuses for this reason, as if the last good member had called. */
const overlooking =
  (overlooks: (refusal: Refusal, certificate: CertificateFacts) => boolean): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const { certificate } = visit
    if (!certificate) return honest(request, visit)
    const standing = await state.directory.standing(certificate)
    if (standing.ok) lastMember.set(state, certificate)
    const member = lastMember.get(state)
    return !standing.ok && member && overlooks(standing, certificate)
      ? honest(request, { ...visit, certificate: member })
      : honest(request, visit)
  }

const uris = ({ subjectAltName }: CertificateFacts): string[] => alternativeNames(subjectAltName, 'URI')

const callers = ['PDEX-097', 'PDEX-098']

/** Its TLS asks for a certificate and lets anything pass; what nobody looks at behind it is the fault. */
const behindOpenTls = (
  id: string,
  title: string,
  breaks: readonly string[],
  overlooks: (text: string, certificate: CertificateFacts) => boolean,
): Fault<PayerState> => ({
  ...fault(
    id,
    title,
    '*',
    breaks,
    overlooking(({ text }, certificate) => overlooks(text, certificate)),
  ),
  host: { admitStrangers: true },
})

/** Faults of the handshake itself, which no honest host lets anybody come to. */
const handshakeFaults: readonly Fault<PayerState>[] = [
  behindOpenTls('serves-the-expired', 'serves callers whose certificate has expired', callers, (text) =>
    /the certificate expired/.test(text),
  ),
  behindOpenTls('serves-the-early', 'serves callers whose certificate is not valid yet', callers, (text) =>
    /not valid before/.test(text),
  ),
  behindOpenTls('serves-any-usage', 'serves callers whose certificate is for something else', callers, (text) =>
    /not meant for clients/.test(text),
  ),
  behindOpenTls('serves-any-authority', 'serves callers whose certificate anybody has signed', callers, (text) =>
    /does not lead to an authority/.test(text),
  ),
  behindOpenTls(
    'believes-names-of-authorities',
    'takes whoever is called like the authority for the authority',
    callers,
    (text, { issuer, subject }) => /does not lead to an authority/.test(text) && issuer !== subject,
  ),
  behindOpenTls(
    'believes-certificates-by-themselves',
    'takes a certificate that vouches for itself for one of the member',
    ['AUTH-085', 'AUTH-113', 'HREX-052'],
    (text) => /signed by itself/.test(text),
  ),
  {
    ...fault(
      'speaks-old-tls',
      'speaks versions of TLS that were given up',
      '*',
      ['AUTH-110', 'HREX-047'],
      (honest) => honest,
    ),
    host: { minVersion: 'TLSv1' },
  },
]

/** A JSON document with something changed. */
const changing =
  (change: (body: Record<string, unknown>) => void): Spoil =>
  (honest) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 200) return answer
    const body = (await answer.json()) as Record<string, unknown>
    change(body)
    return new Response(JSON.stringify(body), { status: 200, headers: answer.headers })
  }

const smart = 'GET /fhir/.well-known/smart-configuration'

/** The answer as if the rightful owner of what is shown had asked: the last caller of this row who was answered well. */
export const asTheOwner: Spoil = (honest) => {
  let owner: CertificateFacts | undefined
  return async (request, visit) => {
    const again = request.clone()
    const answer = await honest(request, visit)
    if (answer.status < 300 && visit.certificate) owner = visit.certificate
    if (answer.status !== 401 || !owner) return answer
    return honest(again, { ...visit, certificate: owner })
  }
}

export const mutualTlsFaults: readonly Fault<PayerState>[] = [
  ...handshakeFaults,
  fault(
    'asks-no-repository',
    'serves whoever has a certificate of the authority, listed or not',
    '*',
    callers,
    overlooking(({ reason }) => reason === 'unknown'),
  ),
  fault(
    'serves-the-unpublished',
    'serves a payer that is endorsed and has not published',
    '*',
    callers,
    overlooking(({ reason }) => reason === 'not-merged'),
  ),
  fault(
    'serves-removed-members',
    'serves a payer that was removed from main',
    '*',
    callers,
    overlooking(({ reason }) => reason === 'removed'),
  ),
  fault(
    'asks-nobody-about-revocation',
    'serves callers whose certificate is revoked',
    '*',
    callers,
    overlooking(({ reason }) => reason === 'revoked'),
  ),
  fault(
    'serves-short-keys',
    'serves callers whose key is too short',
    '*',
    callers,
    overlooking(({ text }) => /too short/.test(text)),
  ),
  fault(
    'compares-names-only',
    'takes any certificate that names a member, whatever its key',
    '*',
    callers,
    overlooking(({ text }) => /published$/.test(text)),
  ),
  fault(
    'reads-host-names',
    'takes a certificate without a URI for one of the member',
    '*',
    [...callers, 'AUTH-113'],
    overlooking(({ reason }, certificate) => reason === 'unknown' && uris(certificate).length === 0),
  ),
  fault(
    'registers-strangers',
    'registers clients that are not of the community',
    'POST /auth/register',
    ['PDEX-096', 'NDH-017'],
    (honest, { random }) =>
      async (request, visit) => {
        const answer = await honest(request, visit)
        if (answer.status !== 403) return answer
        return Response.json({ client_id: random.uuid(), grant_types: ['client_credentials'] }, { status: 201 })
      },
  ),
  fault(
    'offers-self-signed-authentication',
    'offers authentication by self-signed certificates',
    smart,
    ['HREX-052'],
    changing((body) => {
      body.token_endpoint_auth_methods_supported = ['private_key_jwt', 'self_signed_tls_client_auth']
    }),
  ),
  fault(
    'points-to-another-token-endpoint',
    'names another token endpoint in its metadata than in its SMART configuration',
    'GET /fhir/metadata',
    ['PDEX-095', 'NDH-018'],
    changing((body) => {
      const [rest] = body.rest as { security?: object }[]
      if (rest)
        rest.security = {
          extension: [
            {
              url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
              extension: [{ url: 'token', valueUri: 'https://tokens.elsewhere.example/token' }],
            },
          ],
        }
    }),
  ),
  fault(
    'offers-no-udap',
    'offers mutual TLS and nothing newer',
    'GET /fhir/.well-known/udap',
    ['NDH-025'],
    () => () => new Response(null, { status: 404 }),
  ),
  fault('lends-client-ids', 'grants a token to whoever names a client', 'POST /auth/token', ['AUTH-081'], asTheOwner),
  fault(
    'calls-a-borrower-malformed',
    'answers a borrowed client_id with another error',
    'POST /auth/token',
    ['AUTH-081'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return answer.status === 401 ? Response.json({ error: 'invalid_request' }, { status: 400 }) : answer
    },
  ),
  fault(
    'registers-two-names',
    'registers two names of one certificate',
    'POST /auth/register',
    ['AUTH-082'],
    (honest, { random }) =>
      async (request, visit) => {
        const text = await request.clone().text()
        const answer = await honest(request, visit)
        const claims = text
          .split('.')
          .map((part) => Buffer.from(part, 'base64url').toString())
          .join(' ')
        if (answer.status !== 400 || !/san_dns/.test(text + claims)) return answer
        const both = { tls_client_auth_san_uri: 'https://a.example', tls_client_auth_san_dns: 'a.example' }
        return Response.json({ client_id: random.uuid(), ...both }, { status: 201 })
      },
  ),
  fault(
    'binds-to-another-certificate',
    'binds tokens to a certificate that nobody showed',
    'POST /auth/token',
    ['AUTH-083'],
    changing((body) => {
      const [head, payload, signature] = String(body.access_token).split('.')
      // A token for the data of a member: with a match token like that nobody would come this far.
      if (!payload || !signature || !body.patient) return
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
      const bent = { ...claims, cnf: { 'x5t#S256': 'A'.repeat(43) } }
      body.access_token = [head, Buffer.from(JSON.stringify(bent)).toString('base64url'), signature].join('.')
    }),
  ),
  fault(
    'accepts-stolen-tokens',
    'takes a bound token over the connection of another member',
    'GET /fhir/:type/:id',
    ['AUTH-084'],
    asTheOwner,
  ),
]
