/**
 * Who sent it: a Provenance of this payer as transmitter for what leaves in one answer, beside the origin Provenance that
 * the records have (PDex "PDex Provenance": at least one for each exchange).
 */
import type { Provenance } from 'fhir/r4.js'
import type { Grant } from '../state/grant.ts'
import { ownOrganization } from '../state/own-organization.ts'
import type { PayerState } from '../state/payer-state.ts'

const pdex = 'http://hl7.org/fhir/us/davinci-pdex'
/** Targets of one Provenance: an answer with more is covered by several. */
const mostTargets = 1000

/** The Provenance of sending these (`Type/id`); none for nothing. Each can be read from then on. */
export function transmission(
  state: PayerState,
  grant: Grant | undefined,
  keys: readonly string[],
  at = state.clock.now().toISOString(),
): Provenance[] {
  const made: Provenance[] = []
  const targets = keys.filter((key) => !key.startsWith('Provenance/'))
  for (let i = 0; i < targets.length; i += mostTargets) {
    const kept = state.records.transmitted(sent(state, targets.slice(i, i + mostTargets), at), grant?.patientId ?? '')
    made.push(kept as Provenance)
  }
  return made
}

function sent(state: PayerState, targets: readonly string[], at: string): Provenance {
  const payer = ownOrganization(state)
  const display = payer.name ?? state.identity.name
  return {
    resourceType: 'Provenance',
    id: state.random.uuid(),
    meta: { versionId: '1', lastUpdated: at, profile: [`${pdex}/StructureDefinition/pdex-provenance`] },
    target: targets.map((reference) => ({ reference })),
    recorded: at,
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
              code: 'transmitter',
              display: 'Transmitter',
            },
          ],
        },
        who: { reference: `Organization/${payer.id}`, display },
      },
    ],
    entity: [
      {
        extension: [
          {
            url: `${pdex}/StructureDefinition/ProvenanceSourceFrom`,
            valueCodeableConcept: {
              coding: [
                { system: `${pdex}/CodeSystem/ProvenancePayerDataSource`, code: 'hl7fhirr4', display: 'FHIR R4' },
              ],
            },
          },
        ],
        role: 'source',
        what: { display: `Records held by ${display}` },
      },
    ],
  }
}
