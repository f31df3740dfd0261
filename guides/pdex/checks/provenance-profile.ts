/** What PDex's Provenance profile demands of its elements (SD pdex-provenance, source format). */
import { check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few } from '../../core/judging.ts'
import { at, claimedProfiles, extensionsOf, keyOf, type Received } from '../../core/received.ts'
import {
  agentCodes,
  agentRoles,
  agentsOf,
  formatsOf,
  provenances,
  sourceFormats,
  sourceFormatUrl,
  typeOf,
} from '../origins.ts'

/** Those that can be judged; undecided when none came. */
export const each = (transcript: Transcript, scene: Scene, judge: (one: Received) => Finding[]): Finding[] => {
  const all = provenances(transcript, scene)
  return all.length === 0 ? [undecided(undefined, 'no Provenance came')] : few(all.flatMap(judge))
}

const legalWho = new Set(['Organization', 'Practitioner'])
const formats = new Set(
  `hl7v2other hl7v2oru hl7v2adt hl7v2r01 hl7v2rsp hl7v2orm hl7v2mdm hl7v2vxu hl7v3 hl7ccda hl7cda hl7cdaqrda hl7fhirdstu2
   hl7fhirdstu3 hl7fhirr4 x12837 x12278 x12275 x12other script ncpdp capture customtx image unstructured other`.split(
    /\s+/,
  ),
)

const claimsPdex = ({ resource }: Received): boolean =>
  claimedProfiles(resource).some((profile) =>
    profile.split('|')[0]?.endsWith('/davinci-pdex/StructureDefinition/pdex-provenance'),
  )

export const pdexProvenanceIsSound = check(
  'PDEX-476',
  'SHALL',
  'A PDex Provenance keeps to the agents and formats of its profile',
  (transcript, scene) => {
    const all = provenances(transcript, scene).filter(claimsPdex)
    if (all.length === 0) return [undecided(undefined, 'no Provenance claims the PDex profile')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => [
        ...agentsOf(resource).flatMap((agent, i): Finding[] => {
          const type = typeOf(agent.who)
          const place = `${expression}.agent[${i}]`
          return [
            ...(type !== undefined && !legalWho.has(type)
              ? [
                  unmet(exchange, 'wrong-reference', `agent.who of ${keyOf(resource)} is a ${type}`, {
                    expected: [...legalWho],
                    actual: type,
                    expression: `${place}.who`,
                  }),
                ]
              : []),
            ...(agentCodes(agent).some(
              ({ system, code }) => system === agentRoles && code !== 'author' && code !== 'source',
            )
              ? [
                  unmet(
                    exchange,
                    'wrong-code',
                    `${keyOf(resource)} uses a code that the PDex agent roles do not have`,
                    { actual: agentCodes(agent), expression: `${place}.type` },
                  ),
                ]
              : []),
          ]
        }),
        ...formatsOf(resource)
          .filter(({ system, code }) => system !== sourceFormats || !formats.has(code ?? ''))
          .map((coding) =>
            unmet(
              exchange,
              'wrong-code',
              `${keyOf(resource)} tells a source format that the code system does not have`,
              { actual: coding, expression: `${expression}.entity.extension` },
            ),
          ),
      ]),
    )
  },
)

/** Where ProvenanceSourceFrom stands, and what it holds. */
export const sourceFormatStandsRight = check(
  'PDEX-477',
  'SHALL',
  'The source format is a CodeableConcept on an entity',
  (transcript, scene) => {
    const all = provenances(transcript, scene)
    const places = all.flatMap(({ resource, exchange, expression }) =>
      (['entity', 'agent', 'target', undefined] as const).flatMap((element) =>
        (element ? at(resource, element) : [resource]).flatMap((node) =>
          extensionsOf(node, sourceFormatUrl).map((extension) => ({
            exchange,
            expression: `${expression}.${element ?? ''}`,
            element,
            extension,
          })),
        ),
      ),
    )
    if (places.length === 0) return [undecided(undefined, 'no Provenance carries a source format')]
    return few(
      places.flatMap(({ exchange, expression, element, extension }) => [
        ...(element === 'entity'
          ? []
          : [
              unmet(exchange, 'wrong-place', 'the source format stands outside of an entity', {
                expected: 'Provenance.entity',
                expression,
              }),
            ]),
        ...(extension.valueCodeableConcept === undefined
          ? [
              unmet(exchange, 'wrong-type', 'the source format is no CodeableConcept', {
                expected: 'valueCodeableConcept',
                actual: Object.keys(extension).filter((name) => name.startsWith('value')),
                expression,
              }),
            ]
          : []),
      ]),
    )
  },
)
