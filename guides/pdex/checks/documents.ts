/**
 * Notes of the CapabilityStatements on documents: what they say, and where their content lies (CapStmt documentation).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload, payloadOf } from '../../conformance/payload.ts'
import { few, hasToken, suspicious } from '../../core/judging.ts'
import { at, codingsAt, keyOf } from '../../core/received.ts'
import { absolute, asked } from '../../core/rest.ts'
import { retrieving } from '../member.ts'
import { targetsOf, typeOf } from '../origins.ts'

const notes = ['18842-5', '11488-4', '34117-2', '11506-3', '28570-0']

/** Said of an Organization, or of nobody whose kind could be told. */
const isOrganization = (custodian: unknown): boolean =>
  custodian !== undefined && (typeOf(custodian as { reference?: string }) ?? 'Organization') === 'Organization'

export const documentsAreComplete = check(
  'PDEX-365',
  'SHALL',
  'Documents have their content, a type and a responsible organization',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'DocumentReference')
    if (all.length === 0) return [undecided(undefined, 'no DocumentReference came')]
    const provenance = payload(transcript, scene).filter(({ resource }) => resource.resourceType === 'Provenance')
    const responsible = new Set(
      provenance
        .filter(({ resource }) =>
          (at(resource, 'agent') as { who?: { reference?: string }; onBehalfOf?: { reference?: string } }[]).some(
            ({ who, onBehalfOf }) => typeOf(who) === 'Organization' || typeOf(onBehalfOf) === 'Organization',
          ),
        )
        .flatMap(({ resource }) => targetsOf(resource)),
    )
    const findings = all.flatMap(({ resource, exchange, expression }): Finding[] => {
      const attachments = at(resource, 'content.attachment') as { url?: string; data?: string }[]
      return [
        ...(attachments.some(({ url, data }) => !url && !data) || attachments.length === 0
          ? [
              unmet(exchange, 'missing-content', `${keyOf(resource)} has an attachment with neither url nor data`, {
                expression: `${expression}.content`,
              }),
            ]
          : []),
        ...(!isOrganization(resource.custodian) && !responsible.has(keyOf(resource))
          ? [
              unmet(exchange, 'missing-element', `no organization is responsible for ${keyOf(resource)}`, {
                expected: 'custodian, or an agent of its Provenance',
                expression,
              }),
            ]
          : []),
        ...(resource.type === undefined
          ? [unmet(exchange, 'missing-element', `${keyOf(resource)} has no type`, { expression: `${expression}.type` })]
          : []),
      ]
    })
    const types = new Set(all.flatMap(({ resource }) => codingsAt(resource, 'type').map(({ code }) => code)))
    const common = notes.filter((code) => types.has(code))
    return [
      ...few(findings),
      ...(common.length === 0
        ? [
            suspicious(
              all[0]?.exchange,
              'no-common-note',
              'none of the documents is one of the five common clinical notes',
              { expected: notes, actual: [...types] },
            ),
          ]
        : []),
    ]
  },
)

/** Where the requester asks for data: no address of another kind counts. */
const fhirBaseOf = (transcript: Transcript, scene: Scene): string | undefined =>
  transcript
    .all(retrieving, { from: scene.requester, to: scene.responder, where: hasToken })
    .map((x) => asked(x).base)
    .find((base) => base !== '')

export const outsideNeedsNoToken = check(
  'PDEX-366',
  'SHOULD NOT',
  'A document outside of the server needs further authorization',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'DocumentReference')
    const [first] = all
    if (!first) return [undecided(undefined, 'no DocumentReference came')]
    // A file of an export says nothing of the base: what it was kicked off at does.
    const base = fhirBaseOf(transcript, scene)
    if (!base) return [undecided(first.exchange, 'the base of the server is not known')]
    const outside = all.flatMap(({ resource, exchange }) =>
      (at(resource, 'content.attachment.url') as string[])
        .map((url) => absolute(url, exchange))
        .filter((url) => !url.startsWith(`${base}/`)),
    )
    if (outside.length === 0) return [undecided(all[0]?.exchange, 'every document is on the server itself')]
    const made = transcript.all(['binary', 'probe'], {
      from: scene.requester,
      where: (x) => outside.includes(x.request.url),
    })
    if (made.length === 0) return [undecided(undefined, 'nobody fetched a document from elsewhere')]
    return few(
      made
        .filter((x) => [401, 403].includes(x.response?.status ?? 0))
        .map((x) =>
          unmet(x, 'closed-document', 'a document outside of the server is refused', {
            expected: 200,
            actual: x.response?.status,
          }),
        ),
    )
  },
)

export const documentChecks: readonly Check[] = [documentsAreComplete, outsideNeedsNoToken]
