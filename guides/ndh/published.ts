/** What a repository publishes: the endpoint bundles of the newest copy of main, and who vouches for them. */

import type { X509Certificate } from 'node:crypto'
import type { Bundle, CodeableConcept, Coding, Endpoint, Extension } from 'fhir/r4.js'
import { certificateFrom } from '../../harness/certificates.ts'
import { undecided, unmet } from '../../harness/check.ts'
import { type EndpointBundle, extensionsOf, partOf, readEndpointBundle } from '../../harness/endpoint-bundle.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, json, type Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { isObject, objectsIn } from '../core/received.ts'

export interface Published {
  readonly exchange: Exchange
  readonly bundle: Bundle
  readonly read: EndpointBundle
  /** The first Endpoint. */
  readonly endpoint: Endpoint | undefined
  readonly scene: Scene
  readonly transcript: Transcript
}

/** What holds for a bundle on main; [] when it does. */
export type Rule = (published: Published) => readonly Finding[]

/** The bundles in an answer of the repository. */
export const bundlesIn = (exchange: Exchange): Bundle[] => {
  const body = exchange.response && json(exchange.response)
  return objectsIn(isObject(body) ? body.bundles : undefined).flatMap(({ bundle }) =>
    isObject(bundle) ? [bundle as unknown as Bundle] : [],
  )
}

/** The newest copy of main that anybody fetched. Throws `not-seen` when nobody did. */
export const newestCopy = (transcript: Transcript): Exchange =>
  transcript.last('refresh-repository', { where: ({ response }) => response?.status === 200 })

/** Judges every bundle on main; undecided when main is empty. */
export function eachPublished(
  transcript: Transcript,
  scene: Scene,
  judge: (published: Published) => readonly Finding[],
): Finding[] {
  const exchange = newestCopy(transcript)
  const bundles = bundlesIn(exchange)
  if (bundles.length === 0) return [undecided(exchange, 'nobody has published a bundle on main')]
  return bundles.flatMap((bundle) => {
    const read = readEndpointBundle(bundle)
    return judge({ exchange, bundle, read, endpoint: read.endpoints[0], scene, transcript })
  })
}

/** One finding unless it holds. */
export const unless = (
  met: boolean,
  { exchange }: Pick<Published, 'exchange'>,
  code: string,
  message: string,
  detail: { expected?: unknown; actual?: unknown; expression?: string } = {},
): Finding[] => (met ? [] : [unmet(exchange, code, message, detail)])

/** The repetitions of an extension of the Endpoint; `absent` is what to say when there is none. */
export function eachExtension(
  published: Published,
  url: string,
  judge: (extension: Extension, expression: string) => readonly Finding[],
  absent: (published: Published) => readonly Finding[],
): readonly Finding[] {
  const { endpoint } = published
  if (!endpoint) return [undecided(published.exchange, 'the bundle has no Endpoint')]
  const found = extensionsOf(endpoint, url)
  if (found.length === 0) return absent(published)
  return found.flatMap((extension, i) => judge(extension, `Endpoint.extension('${url}')[${i}]`))
}

/** An extension that a publisher may leave out. */
export const notThere =
  (name: string) =>
  (published: Published): readonly Finding[] => [undecided(published.exchange, `the Endpoint has no ${name}`)]

/** The part of a complex extension is there and has a value of that type. */
export function part(
  published: Published,
  extension: Extension,
  name: string,
  type: 'valueCodeableConcept' | 'valueBase64Binary' | 'valueString' | 'valueUri' | 'valueDateTime',
  expression: string,
  needed: boolean,
): Finding[] {
  const found = partOf(extension, name)
  const at = `${expression}.extension('${name}')`
  if (!found)
    return needed ? [unmet(published.exchange, 'missing-element', `${name} is missing`, { expression: at })] : []
  const actual = Object.keys(found).filter((key) => key.startsWith('value'))
  return unless(actual.length === 1 && actual[0] === type, published, 'wrong-type', `${name} is no ${type.slice(5)}`, {
    expected: type,
    actual,
    expression: at,
  })
}

/** Certificates that the community's authority and the trust manager showed. */
export function certificatesOf(transcript: Transcript, whose: 'community' | 'manager'): X509Certificate[] {
  const shown = transcript
    .all('fetch-signing-certificate', { intent: { whose }, where: ({ response }) => response?.status === 200 })
    .at(-1)
  const blocks = shown?.response?.body.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => certificateFrom(block))
  } catch {
    return []
  }
}

/** The codings of a concept, none where there is none. */
export const codings = (concept: CodeableConcept | undefined): readonly Coding[] => objectsIn(concept?.coding)
/** Has a concept one of these codes, of one of these systems? */
export const hasCode = (
  concept: CodeableConcept | undefined,
  codes: readonly string[],
  systems: readonly string[],
): boolean => codings(concept).some(({ system, code }) => codes.includes(code ?? '') && systems.includes(system ?? ''))
