/** Ways for a client to fetch a member's data wrongly: with which token, by which words, how patiently, and where it gives up. */
import type { Exchange } from '../../harness/transcript.ts'
import { resourcesIn } from '../member-requests.ts'
import { fhirBase, tokenOf } from '../tokens.ts'
import {
  type ClientFault,
  clientFault,
  leavingOut,
  readdressed,
  type Saying,
  saying,
  withHeaders,
} from './client-fault.ts'

const fetching = ['search', 'read', 'everything', 'export-kick-off', 'export-status', 'export-file', 'binary'] as const
const goingOn = ['next-page', 'everything-page', 'export-file'] as const

/** What the client got last from whom it asks. */
const before = ({ client, to }: Saying): Exchange | undefined =>
  client.transcript.all([...fetching, 'next-page', 'everything-page'], { from: client.name, to: to.name }).at(-1)

/** Gives up after an answer with such a resource in it: no further page, no further file. */
const stoppingAt = (troubling: (text: string) => boolean): ClientFault['spoil'] =>
  leavingOut((_message, about) => {
    const last = before(about)
    return last !== undefined && resourcesIn(last).some((resource) => troubling(JSON.stringify(resource)))
  })

/** Other parameters of a search. */
const parameters = (change: (params: URLSearchParams) => void): ClientFault['spoil'] =>
  saying((message) => readdressed(message, ({ searchParams }) => change(searchParams)))

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const giveUps: readonly ClientFault[] = [
  clientFault(
    'stops-at-rich-resources',
    'gives up when a resource has more in it than it knows',
    goingOn,
    ['CORE-061', 'HREX-032', 'PDEX-007'],
    stoppingAt((text) => text.length > 600),
  ),
  clientFault(
    'stops-at-reasons',
    'gives up when a resource says why a value is missing',
    goingOn,
    ['CORE-065', 'HREX-036', 'PDEX-012'],
    stoppingAt((text) => text.includes('data-absent-reason')),
  ),
  {
    ...clientFault(
      'stops-at-the-unexpected',
      'gives up when a resource has an extension of somebody else',
      goingOn,
      ['CORE-066'],
      stoppingAt((text) => /"url":"https?:\/\/(?!(terminology\.)?hl7\.org\/)[^"]*","value/.test(text)),
    ),
    facing: 'more-extensions',
  },
  clientFault(
    'never-gets-medications',
    'never gets the medication that a prescription points at',
    ['search', 'read', 'everything', 'export-file'],
    ['PDEX-371'],
    (honest, client) => (move, to, message) =>
      leavingOut(({ intent, url }) => intent?.type === 'Medication' || /\/Medication(\/|\?)|\$everything/.test(url))(
        honest,
        client,
      )(
        move,
        to,
        readdressed(message, ({ searchParams }) => {
          const kept = searchParams.getAll('_include').filter((one) => !one.endsWith(':medication'))
          if (kept.length === searchParams.getAll('_include').length) return
          searchParams.delete('_include')
          for (const one of kept) searchParams.append('_include', one)
        }),
      ),
  ),
]

const questions: readonly ClientFault[] = [
  clientFault(
    'reads-no-metadata',
    'does not look at what the server offers',
    'metadata',
    ['PDEX-105'],
    (honest, client) => leavingOut()(honest, client),
  ),
  clientFault(
    'retrieves-with-the-match-token',
    'asks for data with the token that it matched with',
    ['search', 'everything', 'export-kick-off'],
    ['PDEX-125'],
    saying((message, { client, to }) => withHeaders(message, bearer(tokenOf(client, to, 'match')))),
  ),
  clientFault(
    'asks-for-data-before-the-match',
    'asks for the data of a member whom it has not matched yet',
    'member-match',
    ['PDEX-106'],
    (honest, client) => async (move, to, message) => {
      await honest('search', to, {
        method: 'GET',
        url: `${fhirBase(to)}/Patient?name=Adams`,
        headers: [
          ['Accept', 'application/fhir+json'],
          ['Authorization', `Bearer ${tokenOf(client, to, 'match')}`],
        ],
      })
      return honest(move, to, message)
    },
  ),
  clientFault(
    'names-the-member-by-its-own-number',
    'asks for the member by the number that the member has with itself',
    'search',
    ['HREX-003'],
    parameters((params) => {
      const [system] = (params.get('identifier') ?? '').split('|')
      if (params.has('identifier')) params.set('identifier', `${system}|own-number`)
    }),
  ),
  clientFault(
    'asks-for-nobody',
    'sends a reference without an id',
    'search',
    ['PDEX-339'],
    parameters((params) => {
      if (params.has('patient')) params.set('patient', 'Patient/')
    }),
  ),
  clientFault(
    'asks-by-the-day',
    'sends days where instants are asked for',
    'search',
    ['PDEX-355'],
    saying((message) => ({
      ...message,
      url: message.url.replace(/(=[a-z]{0,2}\d{4}-\d\d-\d\d)T[^&]*/g, '$1'),
    })),
  ),
  clientFault(
    'asks-for-no-payor',
    'includes the coverage of a claim and not who pays',
    'search',
    ['PDEX-359'],
    parameters((params) => params.delete('_include:iterate')),
  ),
  clientFault(
    'builds-its-own-links',
    'counts pages for itself',
    ['next-page', 'everything-page'],
    ['CORE-038'],
    saying((message) => ({ ...message, url: `${message.url}${message.url.includes('?') ? '&' : '?'}page=2` })),
  ),
  clientFault(
    'takes-its-token-along',
    'shows its token to a host that it is not for',
    'probe',
    ['AUTH-072'],
    (honest, client) => async (move, to, message) => {
      const found = await honest(move, to, message)
      const { jwks } = client.places
      if (jwks)
        await honest('probe', client, {
          method: 'GET',
          url: jwks,
          headers: [['Authorization', `Bearer ${tokenOf(client, to, 'member')}`]],
          as: null,
        })
      return found
    },
  ),
]

const exporting: readonly ClientFault[] = [
  clientFault(
    'accepts-anything-at-kick-off',
    'does not say which format it takes an answer in',
    'export-kick-off',
    ['BULK-014'],
    saying((message) => withHeaders(message, { Accept: '*/*' })),
  ),
  clientFault(
    'prefers-nothing-at-kick-off',
    'does not say that it would rather wait for an export',
    'export-kick-off',
    ['BULK-015'],
    saying((message) => withHeaders(message, { Prefer: null })),
  ),
  clientFault(
    'asks-too-soon',
    'asks again at once how far an export is',
    'export-status',
    ['BULK-053'],
    (honest) => async (move, to, message) => {
      const first = await honest(move, to, message)
      return first.response?.status === 202 ? honest(move, to, message) : first
    },
  ),
  clientFault(
    'polls-for-xml',
    'asks how far an export is, and takes XML alone',
    'export-status',
    ['BULK-057'],
    saying((message) => withHeaders(message, { Accept: 'application/fhir+xml' })),
  ),
  clientFault(
    'shows-no-token-for-files',
    'fetches files that need a token without one',
    'export-file',
    ['BULK-086'],
    saying((message) => withHeaders(message, { Authorization: null })),
  ),
  {
    ...clientFault(
      'shows-its-token-for-open-files',
      'shows its token where the manifest says that files need none',
      'export-file',
      ['BULK-087'],
      saying((message, { client, to }) => withHeaders(message, bearer(tokenOf(client, to, 'member')))),
    ),
    facing: 'addresses-are-keys',
  },
]

/** The endpoints that a payer was found by, and what is done when they change. */
const finding: readonly ClientFault[] = [
  clientFault(
    'uses-no-versioned-endpoint',
    'does not know an endpoint whose code carries a version',
    'metadata',
    ['HREX-061'],
    saying((message, { to }) =>
      message.intent?.found === 'well-known' && !message.intent.standing
        ? { ...message, url: `${(to.places.open ?? fhirBase(to)).replace(/\/fhir$/, '')}/r4/metadata` }
        : message,
    ),
  ),
  clientFault(
    'never-looks-up-again',
    'gives up a payer whose address does not answer any more',
    'well-known',
    ['HREX-062'],
    leavingOut((_message, { client, to }) =>
      client.transcript.all('metadata', { from: client.name, to: to.name }).some(({ intent }) => intent.standing),
    ),
  ),
  clientFault(
    'keeps-an-old-address',
    'goes on calling the address that the repository named first',
    'handshake',
    ['NDH-024', 'PDEX-092'],
    (honest) => {
      let known: string | undefined
      return (move, to, message) => {
        if (message.intent?.by === 'directory') known ??= message.url
        return honest(move, to, message.intent?.by === 'directory' && known ? { ...message, url: known } : message)
      }
    },
  ),
  clientFault(
    'trusts-whom-it-reaches',
    'goes on whatever certificate the server shows',
    'handshake',
    ['PDEX-098'],
    saying(({ distrust: _, ...message }) => message),
  ),
  clientFault(
    'names-itself-by-host',
    'shows a certificate that names a host and no URI',
    'handshake',
    ['HREX-053'],
    (honest, client) => async (move, to, message) => {
      const wrong = await client.identity.mistaken?.('that names a host instead of a URI')
      return honest(move, to, { ...message, ...(wrong ? { as: wrong } : {}) })
    },
  ),
]

export const retrievalFaults: readonly ClientFault[] = [...finding, ...questions, ...giveUps, ...exporting]
