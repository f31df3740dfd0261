/** Bundles on main whose Endpoint says nearly what it must: the same server twice, a date of next year, a key of its own. */
import type { Bundle, Endpoint, Extension } from 'fhir/r4.js'
import { certificatesIn } from '../../certs/keys.ts'
import { throwAway } from '../../certs/throw-away.ts'
import { extensionsOf, mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Fault } from './fault.ts'
import { fault, rewritingMain } from './trust-spoiling.ts'

const endpointIn = (bundle: Bundle): Endpoint =>
  (bundle.entry ?? []).map(({ resource }) => resource).find((one) => one?.resourceType === 'Endpoint') as Endpoint
/** Each repetition of an extension of the Endpoint. */
const each = (bundle: Bundle, name: keyof typeof mtlsExtensions, change: (extension: Extension) => void): void =>
  extensionsOf(endpointIn(bundle), mtlsExtensions[name]).forEach(change)
/** A part of each repetition, where it is there. */
const parts = (
  bundle: Bundle,
  name: keyof typeof mtlsExtensions,
  part: string,
  change: (one: Extension) => void,
): void =>
  each(bundle, name, (extension) => {
    const one = partOf(extension, part)
    if (one) change(one)
  })

const published = (
  id: string,
  title: string,
  breaks: readonly string[],
  change: (bundle: Bundle) => void | Promise<void>,
): Fault<TrustManagerState> =>
  fault(`publishes-${id}`, `publishes ${title}`, 'GET /repo/main/bundles', breaks, rewritingMain(change))

export const subtleBundleFaults: readonly Fault<TrustManagerState>[] = [
  published('two-endpoints', 'two Endpoints in one bundle', ['NDH-003', 'PDEX-087'], (bundle) => {
    const entry = (bundle.entry ?? []).find(({ resource }) => resource?.resourceType === 'Endpoint')
    if (entry?.resource)
      bundle.entry?.push({
        fullUrl: 'urn:uuid:3b1f7c1e-0000-4000-8000-000000000001',
        resource: { ...entry.resource, id: 'second' },
      })
  }),
  published('the-same-server-twice', 'one address for FHIR and for registration', ['NDH-007', 'PDEX-094'], (bundle) =>
    parts(bundle, 'associatedServers', 'serverURL', (url) => {
      url.valueString = endpointIn(bundle).address
    }),
  ),
  published(
    'artifacts-as-text',
    'a signed artifact as a string',
    ['NDH-008', 'NDH-027', 'NDH-028', 'PDEX-087'],
    (bundle) =>
      parts(bundle, 'trustFramework', 'signedArtifact', (one) => {
        one.valueString = one.valueBase64Binary as string
        delete one.valueBase64Binary
      }),
  ),
  published('a-later-end', 'artifacts with a later end than their certificate has', ['NDH-009'], (bundle) =>
    parts(bundle, 'secureExchangeArtifacts', 'expirationDate', (one) => {
      one.valueDateTime = '2039-12-31'
    }),
  ),
  published('access-control-of-its-own', 'an access control mechanism of a system of its own', ['NDH-011'], (bundle) =>
    each(bundle, 'accessControl', (one) => {
      for (const coding of one.valueCodeableConcept?.coding ?? [])
        coding.system = 'https://codes.elsewhere.example/access'
    }),
  ),
  published('standards-as-text', 'the standard of its use as a string', ['NDH-012', 'NDH-027'], (bundle) =>
    each(bundle, 'useCase', (extension) => {
      extension.extension = [
        ...(extension.extension ?? []).filter(({ url }) => url !== 'standard'),
        { url: 'standard', valueString: 'PDex' },
      ]
    }),
  ),
  published('a-shorter-version', 'the version of PDex without its patch number', ['NDH-013'], (bundle) =>
    parts(bundle, 'fhirIg', 'ig-version', (one) => {
      one.valueString = one.valueString?.replace(/\.\d+$/, '') as string
    }),
  ),
  published(
    'its-own-framework',
    'an endorsement and a framework key of its own making',
    ['NDH-028', 'NDH-016', 'PDEX-087', 'PDEX-089'],
    async (bundle) => {
      const { cert } = await throwAway({ subject: 'CN=Our Own Framework' })
      const data = (certificatesIn(cert)[0] as Buffer).toString('base64')
      for (const name of ['publicCertificate', 'signedArtifact'])
        parts(bundle, 'trustFramework', name, (one) => {
          one.valueBase64Binary = data
        })
    },
  ),
]
