/** What holds of every payload and of every client that takes one (PDex intro §96-§109, overview §119). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/payload.ts'
import { emptyValues, unknownReasons } from '../../conformance/soundness.ts'
import { filledSomewhere, fullIsBorne, replacedIsBorne } from '../../conformance/statements.ts'
import { few, fhirMoves } from '../../core/judging.ts'
import { isResource, resourceOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { resourceTypes } from '../../core/types.ts'

/** FHIR R4 by its own word, and by what comes. */
export const isR4 = check('PDEX-001', 'SHALL', 'The server speaks FHIR R4 and nothing else', (transcript, scene) => {
  const statement = declared(transcript, scene)
  const version = String(statement?.resource.fhirVersion)
  const types = transcript
    .all(fhirMoves, { to: scene.responder, where: (x) => succeeded(x) && isResource(resourceOf(x)) })
    .flatMap((x): Finding[] => {
      const type = resourceOf(x)?.resourceType ?? ''
      return resourceTypes.has(type) || type === 'CapabilityStatement' || type === 'Parameters'
        ? []
        : [unmet(x, 'unknown-type', 'an answer is no resource of FHIR R4', { actual: type })]
    })
  return [
    ...(/^4\.0(\.|$)/.test(version)
      ? []
      : [
          unmet(statement?.exchange, 'wrong-version', 'metadata names another version of FHIR', {
            expected: '4.0.1',
            actual: version,
            expression: 'CapabilityStatement.fhirVersion',
          }),
        ]),
    ...few(types),
  ]
})

const versionIn = (text: string | undefined): string | undefined => /fhirVersion="?([\d.]+)/i.exec(text ?? '')?.[1]

/** Asked for another version: refused, or answered as the R4 that it is. */
export const otherVersionsAreNotServed = check(
  'PDEX-001',
  'SHALL',
  'Another version of FHIR is not served under its name',
  (transcript, scene) =>
    transcript
      .some(fhirMoves, {
        to: scene.responder,
        where: (x) => asked(x).interaction !== 'other' && /^[35]/.test(versionIn(header(x.request, 'accept')) ?? ''),
      })
      .flatMap((x: Exchange) => {
        const labelled = versionIn(header(answered(x), 'content-type'))
        return labelled === undefined || labelled.startsWith('4.0')
          ? []
          : [
              unmet(x, 'other-version', 'the answer is labelled as another version of FHIR', {
                expected: '4.0 or 406',
                actual: labelled,
                expression: 'Content-Type',
              }),
            ]
      }),
)

export const mustSupportIsPopulated = check(
  'PDEX-006',
  'SHALL',
  'Each must-support element is populated somewhere',
  filledSomewhere,
)

export const clientTakesMustSupport = check(
  'PDEX-007',
  'SHALL',
  'The client takes filled resources and goes on',
  fullIsBorne,
)

export const unknownIsLeftOut = check(
  'PDEX-009',
  'SHALL NOT',
  'An element stands there without a value',
  (transcript, scene) => {
    if (payload(transcript, scene).length === 0) return [undecided(undefined, 'nothing came')]
    return [...emptyValues(transcript, scene), ...unknownReasons(transcript, scene)]
  },
)

export const clientTakesReasons = check(
  'PDEX-012',
  'SHALL',
  'The client takes resources that say why a value is missing',
  replacedIsBorne,
)

export const generalChecks: readonly Check[] = [
  isR4,
  otherVersionsAreNotServed,
  mustSupportIsPopulated,
  clientTakesMustSupport,
  unknownIsLeftOut,
  clientTakesReasons,
]
