/** Documents, versions and identifiers in a member's data (PDex pia §239, usecase §387-§390, coverage §73, uscore-patient §36). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { mustSupport } from '../../conformance/must-support.ts'
import { payload } from '../../conformance/payload.ts'
import { versionFindings } from '../../core/checks/read.ts'
import { few, putOff, requests, someRequests, status } from '../../core/judging.ts'
import {
  at,
  codingsAt,
  keyOf,
  type Received,
  type Resource,
  referencesIn,
  resourceOf,
  resourcesIn,
} from '../../core/received.ts'
import { absolute, asked, succeeded } from '../../core/rest.ts'
import { payloadChecks } from './payload.ts'

const isDocument = ({ resource }: Received): boolean => resource.resourceType === 'DocumentReference'

/** Content inline, or at an address that gives it. */
export const documentsCanBeHad = check(
  'PDEX-030',
  'SHOULD',
  'The content of a document comes inline or from its address',
  (transcript, scene) => {
    const documents = payload(transcript, scene).filter(isDocument)
    if (documents.length === 0) return [undecided(undefined, 'the member’s data holds no DocumentReference')]
    let open = 0
    const findings = documents.flatMap(({ resource, exchange, expression }) =>
      (at(resource, 'content.attachment') as { url?: string; data?: string }[]).flatMap(
        ({ url, data }, i): Finding[] => {
          const place = `${expression}.content[${i}].attachment`
          if (data !== undefined) return []
          if (url === undefined)
            return [
              unmet(exchange, 'missing-content', `${keyOf(resource)} has neither data nor url`, { expression: place }),
            ]
          const fetched = fetches(
            transcript.all(['binary', 'read', 'probe'], {
              from: scene.requester,
              where: (x) => sameContent(x, url, exchange),
            }),
          )
          if (fetched.length === 0) {
            open++
            return []
          }
          const last = fetched.at(-1) as Exchange
          return succeeded(last) && answered(last).body.length > 0
            ? []
            : [
                unmet(last, 'missing-content', `the content of ${keyOf(resource)} cannot be had`, {
                  expected: 200,
                  actual: last.response?.status,
                  expression: place,
                }),
              ]
        },
      ),
    )
    return [
      ...few(findings),
      ...(open > 0 ? [undecided(undefined, `nobody fetched the content of attachments (${open} in all)`)] : []),
    ]
  },
)

const fetches = (made: readonly Exchange[]): Exchange[] =>
  made.filter((x) => x.intent.mistake === undefined && x.response !== undefined && putOff(x) === undefined)
const sameContent = (x: Exchange, url: string, from: Exchange): boolean => {
  const relative = !/^https?:/.test(url)
  return relative ? x.request.url.endsWith(`/${url.replace(/^\//, '')}`) : x.request.url === absolute(url, from)
}

const reference = new Set(['Patient', 'Practitioner', 'Organization', 'Location'])

/** After an update the new version comes. */
export const latestIsServed = check(
  'PDEX-032',
  'SHOULD',
  'The latest version of a resource is served',
  (transcript, scene) => {
    const after = someRequests(
      transcript,
      scene,
      ({ interaction, type }, x) => x.intent.state === 'updated' && interaction === 'read' && reference.has(type ?? ''),
    )
    return after.flatMap((x): Finding[] => {
      const found = status(x, [200], 'a resource that was updated can be read')
      if (found.length > 0) return found
      const now = resourceOf(x)
      const all = transcript.from(0)
      const before = all
        .slice(0, all.indexOf(x))
        .flatMap((y) => (y.to === scene.responder && y.intent.state !== 'updated' ? resourcesIn(y) : []))
        .findLast(({ resource }) => now !== undefined && keyOf(resource) === keyOf(now))
      if (!before) return [undecided(x, 'nobody had seen the version before')]
      const [old, fresh] = [before.resource.meta, now?.meta]
      if (fresh?.versionId === undefined && fresh?.lastUpdated === undefined)
        return [undecided(x, 'neither versionId nor lastUpdated tells one version from the next')]
      const moved =
        fresh?.versionId !== old?.versionId || Date.parse(fresh?.lastUpdated ?? '') > Date.parse(old?.lastUpdated ?? '')
      return moved
        ? []
        : [
            unmet(x, 'stale-version', `${keyOf(before.resource)} is the same version after its update`, {
              expected: `a version after ${old?.versionId}`,
              actual: fresh?.versionId,
            }),
          ]
    })
  },
)

const versioned = /\/_history\//

/** References that name a version, in any form. */
const versionedReferences = (resource: Resource): { reference: string; expression: string }[] =>
  referencesIn(resource).filter(({ reference }) => versioned.test(reference) || /\?version=|\|\d+$/.test(reference))

export const versioningMayBeUsed = check('PDEX-033', 'MAY', 'Data may be versioned', (transcript, scene) => {
  const all = payload(transcript, scene)
  const versions = all.filter(({ resource }) => resource.meta?.versionId !== undefined)
  const references = all.filter(({ resource }) => versionedReferences(resource).length > 0)
  const odd = versions.filter(({ resource }) => !/^[A-Za-z0-9.-]{1,64}$/.test(String(resource.meta?.versionId)))
  if (odd.length > 0)
    return few(
      odd.map(({ resource, exchange, expression }) =>
        unmet(exchange, 'no-id', `the version of ${keyOf(resource)} is no id, so that nobody can ask for it`, {
          actual: resource.meta?.versionId,
          expression: `${expression}.meta.versionId`,
        }),
      ),
    )
  return versions.length + references.length === 0
    ? [undecided(all[0]?.exchange, 'nothing that came has a version')]
    : [
        noted(
          versions[0]?.exchange,
          'versioned',
          `${versions.length} of ${all.length} resources have a version, ${references.length} reference one`,
        ),
      ]
})

export const versionsAreRead = check('PDEX-034', 'SHOULD', 'A version is read by vread', (transcript, scene) =>
  few(
    someRequests(
      transcript,
      scene,
      ({ interaction }, x) => interaction === 'vread' && x.intent.mistake === undefined,
    ).flatMap((x) =>
      // A server that keeps no versions offers no vread: then nothing is versioned, and nothing can be read.
      [404, 405, 501].includes(answered(x).status) &&
      resourcesBefore(transcript.from(0), x)?.meta?.versionId === undefined
        ? [undecided(x, 'the server offers no vread and versions nothing')]
        : versionFindings(x),
    ),
  ),
)

const resourcesBefore = (all: readonly Exchange[], x: Exchange): Resource | undefined => {
  const { type, id } = asked(x)
  return all
    .slice(0, all.indexOf(x))
    .flatMap((y) => resourcesIn(y))
    .findLast(({ resource }) => keyOf(resource) === `${type}/${id}`)?.resource
}

export const versionsAreNamedRight = check(
  'PDEX-035',
  'SHALL',
  'A versioned reference is type, id, _history and version',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const found = all.flatMap((one) => versionedReferences(one.resource).map((pointer) => ({ ...one, ...pointer })))
    if (found.length === 0) return [undecided(all[0]?.exchange, 'no reference names a version')]
    return few(
      found
        .filter(
          ({ reference }) =>
            !/(^|\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}\/_history\/[A-Za-z0-9\-.]{1,64}$/.test(reference),
        )
        .map(({ reference, exchange, expression }) =>
          unmet(exchange, 'wrong-reference', 'a versioned reference has another form', {
            expected: 'Type/id/_history/version',
            actual: reference,
            expression,
          }),
        ),
    )
  },
)

const identifierTypes = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const isMemberNumber = (identifier: unknown): boolean =>
  codingsAt(identifier, 'type').some(({ system, code }) => code === 'MB' && system === identifierTypes)

/** The card that our client submits. */
export const cardCarriesTheMemberId = check(
  'PDEX-037',
  'MAY',
  'The Coverage that is submitted carries the member id',
  (transcript, scene) => {
    const matches = transcript.some('member-match', {
      from: scene.requester,
      where: (x) => x.intent.mistake === undefined,
    })
    return matches.flatMap((x) => {
      const body = requestResource(x)
      const coverage = (at(body, 'parameter') as { name?: string; resource?: Resource }[]).find(
        ({ name }) => name === 'CoverageToMatch',
      )?.resource
      if (!coverage) return [undecided(x, 'no CoverageToMatch was submitted')]
      const typed = codingsAt(coverage, 'identifier.type').some(
        ({ system, code }) => code === 'MB' && (system === identifierTypes || system === undefined),
      )
      return typed || coverage.subscriberId !== undefined
        ? []
        : [
            unmet(x, 'missing-element', 'CoverageToMatch has neither an identifier of type MB nor a subscriberId', {
              expression: 'Coverage.identifier',
            }),
          ]
    })
  },
)

const requestResource = ({ request }: Exchange): unknown => {
  try {
    return JSON.parse(request.body)
  } catch {
    return undefined
  }
}

export const memberNumberIsTyped = check(
  'PDEX-039',
  'SHALL',
  'The member number of a Patient is an identifier of type MB',
  (transcript, scene) => {
    const patients = payload(transcript, scene).filter(({ resource }) => resource.resourceType === 'Patient')
    if (patients.length === 0) return [undecided(undefined, 'no Patient came')]
    return few(
      patients
        .filter(
          ({ resource }) =>
            !at(resource, 'identifier').some((one) => at(one, 'value').length > 0 && isMemberNumber(one)),
        )
        .map(({ resource, exchange, expression }) =>
          unmet(exchange, 'missing-identifier', `${keyOf(resource)} has no value of type MB`, {
            expected: `${identifierTypes}#MB`,
            actual: codingsAt(resource, 'identifier.type').map(({ code }) => code),
            expression: `${expression}.identifier`,
          }),
        ),
    )
  },
)

/** A versioned reference leads to that version. */
export const versionedReferencesResolve = check(
  'PDEX-035',
  'SHALL',
  'A versioned reference leads to that version',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const wanted = new Set(
      all.flatMap(({ resource }) => versionedReferences(resource).map(({ reference }) => reference)),
    )
    if (wanted.size === 0) return [undecided(all[0]?.exchange, 'no reference names a version')]
    const read = requests(
      transcript,
      scene,
      ({ interaction, type, id, version }) =>
        interaction === 'vread' &&
        [...wanted].some((reference) => reference.endsWith(`${type}/${id}/_history/${version}`)),
    )
    if (read.length === 0) return [undecided(undefined, 'nobody read a version that a reference names')]
    return few(read.flatMap(versionFindings))
  },
)

export const dataChecks: readonly Check[] = [
  ...payloadChecks(validate, mustSupport),
  documentsCanBeHad,
  latestIsServed,
  versioningMayBeUsed,
  versionsAreRead,
  versionsAreNamedRight,
  versionedReferencesResolve,
  cardCarriesTheMemberId,
  memberNumberIsTyped,
]
