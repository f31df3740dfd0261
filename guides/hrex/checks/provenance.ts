/** HRex on Provenance: targets by reference, who may act as what, and when nobody acts on behalf (hrex-provenance, prov-1, prov-2). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few } from '../../core/judging.ts'
import { at, claimedProfiles, keyOf } from '../../core/received.ts'
import { agentCodes, agentsOf, provenances, typeOf } from '../../pdex/origins.ts'

export const targetsAreReferences = check(
  'HREX-030',
  'SHALL',
  'An HRex Provenance references its targets',
  (transcript, scene) => {
    const claiming = provenances(transcript, scene).filter(({ resource }) =>
      claimedProfiles(resource).some((profile) =>
        profile.split('|')[0]?.endsWith('/davinci-hrex/StructureDefinition/hrex-provenance'),
      ),
    )
    if (claiming.length === 0) return [undecided(undefined, 'no Provenance claims the HRex profile')]
    return few(
      claiming.flatMap(({ resource, exchange, expression }) =>
        at(resource, 'target').flatMap((target, i) =>
          typeof (target as { reference?: unknown }).reference === 'string'
            ? []
            : [
                unmet(exchange, 'missing-element', `a target of ${keyOf(resource)} has no reference`, {
                  expression: `${expression}.target[${i}].reference`,
                }),
              ],
        ),
      ),
    )
  },
)

const persons = ['Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole']
const clinicians = ['Practitioner', 'PractitionerRole']
/** Agent code -> types that fit it; performer and author may be anything. */
const fitting: Readonly<Record<string, readonly string[]>> = {
  transmitter: [...persons, 'Organization'],
  enterer: persons,
  verifier: clinicians,
  legal: clinicians,
  attester: persons,
  informant: persons,
  custodian: ['Organization', 'Device', ...clinicians],
  assembler: ['Device', ...clinicians],
}

export const agentsFitTheirPart = check(
  'HREX-064',
  'SHOULD',
  'Each agent is of a type that fits what it did',
  (transcript, scene) => {
    const all = provenances(transcript, scene)
    let judged = 0
    const findings = all.flatMap(({ resource, exchange, expression }) => {
      const agents = agentsOf(resource)
      return agents.flatMap((agent, i): Finding[] => {
        const type = typeOf(agent.who)
        return agentCodes(agent).flatMap(({ code = '' }) => {
          const types = fitting[code]
          if (!types || type === undefined) return []
          judged++
          if (types.includes(type)) return []
          // A Device may be the second transmitter, beside whoever sent by it.
          const beside =
            code === 'transmitter' &&
            type === 'Device' &&
            agents.some((other) => other !== agent && agentCodes(other).some((c) => c.code === code))
          return beside
            ? []
            : [
                unmet(exchange, 'wrong-reference', `${keyOf(resource)} has a ${type} as ${code}`, {
                  expected: types,
                  actual: type,
                  expression: `${expression}.agent[${i}].who`,
                }),
              ]
        })
      })
    })
    return judged === 0
      ? [undecided(undefined, 'no Provenance has an agent whose type could be judged')]
      : few(findings)
  },
)

/**
 * The member's representative needs no onBehalfOf, nor does a role that names its organization. A Practitioner keeps it:
 * US Core's own invariant demands an organization there, whatever HRex would prefer.
 */
export const nobodyActsOnBehalfInVain = check(
  'HREX-065',
  'SHOULD NOT',
  'onBehalfOf repeats what the agent already says',
  (transcript, scene) => {
    const all = provenances(transcript, scene)
    if (all.length === 0) return [undecided(undefined, 'no Provenance came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) =>
        agentsOf(resource).flatMap((agent, i): Finding[] => {
          const [who, whom] = [typeOf(agent.who), typeOf(agent.onBehalfOf)]
          if (whom === undefined) return []
          const place = `${expression}.agent[${i}].onBehalfOf`
          if (who === 'RelatedPerson' && whom === 'Patient')
            return [
              unmet(exchange, 'needless-element', `${keyOf(resource)} says that a RelatedPerson acts for the Patient`, {
                actual: whom,
                expression: place,
              }),
            ]
          return who === 'Organization' && isSame(agent.who, agent.onBehalfOf)
            ? [
                unmet(exchange, 'needless-element', `an agent of ${keyOf(resource)} acts on its own behalf`, {
                  actual: whom,
                  expression: place,
                }),
              ]
            : []
        }),
      ),
    )
  },
)

/** Do both name the same: by reference, or by an identifier? */
const isSame = (one: unknown, other: unknown): boolean => {
  const [names, others] = [namesIn(one), namesIn(other)]
  return names.some((name) => others.includes(name))
}
const namesIn = (reference: unknown): string[] => [
  ...at(reference, 'reference').map(String),
  ...at(reference, 'identifier').map((identifier) =>
    [...at(identifier, 'system'), ...at(identifier, 'value')].join('|'),
  ),
]

export const provenanceChecks: readonly Check[] = [targetsAreReferences, agentsFitTheirPart, nobodyActsOnBehalfInVain]
