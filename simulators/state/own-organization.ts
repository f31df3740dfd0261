/** The payer's own Organization: who transmits, as a resource that can be read. */
import type { Organization } from 'fhir/r4.js'
import type { PayerState } from './payer-state.ts'

/** The one of the records, or one that says what the payer's identity says, shared from then on. */
export function ownOrganization({ records, identity }: PayerState): Organization {
  const known = records.organizationOf(identity.identifier)
  if (known) return known
  const made: Organization = {
    resourceType: 'Organization',
    id: `payer-${identity.identifier.value.replace(/[^A-Za-z0-9.-]/g, '-')}`.slice(0, 64),
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization'] },
    identifier: [{ ...identity.identifier }],
    active: true,
    type: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'pay', display: 'Payer' }],
      },
    ],
    name: identity.name,
  }
  records.share([made])
  return records.organizationOf(identity.identifier) ?? made
}
