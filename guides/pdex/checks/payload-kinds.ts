/**
 * Which resources are judged under which profile: one row a requirement (PDex intro, datamapping, mapping pages of US
 * Core).
 */
import type { Editions } from '../../../harness/edition.ts'
import type { Verb } from '../../../harness/verdict.ts'
import { claimedProfiles, codingsAt, type Resource } from '../../core/received.ts'
import {
  implantableDevice,
  isBasis,
  isFinancial,
  isModern,
  pdexDevice,
  pdexMedicationDispense,
  usCoreMedicationDispense,
} from '../profiles.ts'
import { claims } from './own-judging.ts'

export interface Kind {
  readonly type: string
  readonly name: string
  readonly fits?: (resource: Resource) => boolean
  /** The one profile that counts here, where a type has several. */
  readonly profile?: string
  readonly holds?: (editions: Editions) => boolean
}

const hasCategory =
  (code: string) =>
  (resource: Resource): boolean =>
    codingsAt(resource, 'category').some((coding) => coding.code === code)
/** By its own word, or by a UDI where nothing else is said: other devices have one, too. */
export const isImplant = (resource: Resource): boolean =>
  claims(resource, implantableDevice) || (resource.udiCarrier !== undefined && !claims(resource, pdexDevice))

/** One row a requirement: which resources, by what name, under which profile. */
export const kinds: readonly (readonly [requirement: string, verb: Verb, title: string, kind: Kind])[] = [
  ['PDEX-038', 'SHALL', 'Patients are US Core Patients', { type: 'Patient', name: 'Patient' }],
  [
    'PDEX-040',
    'SHALL',
    'Allergies are US Core AllergyIntolerances',
    { type: 'AllergyIntolerance', name: 'AllergyIntolerance' },
  ],
  ['PDEX-041', 'SHALL', 'Care plans are US Core CarePlans', { type: 'CarePlan', name: 'CarePlan' }],
  ['PDEX-042', 'SHALL', 'Care teams are US Core CareTeams', { type: 'CareTeam', name: 'CareTeam' }],
  [
    'PDEX-044',
    'SHALL',
    'Laboratory reports are US Core DiagnosticReports',
    { type: 'DiagnosticReport', name: 'laboratory report', fits: hasCategory('LAB') },
  ],
  [
    'PDEX-045',
    'SHALL',
    'Reports of notes are US Core DiagnosticReports',
    { type: 'DiagnosticReport', name: 'report of a note', fits: (resource) => !hasCategory('LAB')(resource) },
  ],
  [
    'PDEX-046',
    'SHALL',
    'Documents are US Core DocumentReferences',
    { type: 'DocumentReference', name: 'DocumentReference' },
  ],
  ['PDEX-047', 'SHALL', 'Immunizations are US Core Immunizations', { type: 'Immunization', name: 'Immunization' }],
  [
    'PDEX-048',
    'SHALL',
    'Implants are US Core Implantable Devices',
    { type: 'Device', name: 'implantable device', fits: isImplant, profile: implantableDevice },
  ],
  [
    'PDEX-049',
    'SHALL',
    'Laboratory observations are US Core Observations',
    { type: 'Observation', name: 'laboratory observation', fits: hasCategory('laboratory') },
  ],
  ['PDEX-050', 'SHALL', 'Facilities are US Core Locations', { type: 'Location', name: 'Location' }],
  ['PDEX-051', 'SHALL', 'Medications are US Core Medications', { type: 'Medication', name: 'Medication' }],
  [
    'PDEX-052',
    'SHALL',
    'Prescriptions are US Core MedicationRequests',
    { type: 'MedicationRequest', name: 'MedicationRequest' },
  ],
  ['PDEX-053', 'SHOULD', 'Organizations are US Core Organizations', { type: 'Organization', name: 'Organization' }],
  ['PDEX-054', 'SHALL', 'Practitioners are US Core Practitioners', { type: 'Practitioner', name: 'Practitioner' }],
  [
    'PDEX-055',
    'SHALL',
    'Practitioner roles are US Core PractitionerRoles',
    { type: 'PractitionerRole', name: 'PractitionerRole' },
  ],
  ['PDEX-056', 'SHALL', 'Procedures are US Core Procedures', { type: 'Procedure', name: 'Procedure' }],
  [
    'PDEX-059',
    'SHALL',
    'Dispenses satisfy the PDex profile under US Core 3.1.1',
    {
      type: 'MedicationDispense',
      name: 'dispense',
      profile: pdexMedicationDispense,
      holds: (editions) => !isModern(editions),
    },
  ],
  [
    'PDEX-060',
    'SHOULD',
    'Dispenses satisfy the US Core profile from 6.1 on',
    { type: 'MedicationDispense', name: 'dispense', profile: usCoreMedicationDispense, holds: isModern },
  ],
]

export const isClaim = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' && resource.use === 'claim'
export const isAuthorization = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' && resource.use === 'preauthorization'
/** What US Core profiles: neither claims, nor what HRex and PDex profile themselves. */
export const isClinical = ({ resourceType: type }: Resource): boolean =>
  ![
    'ExplanationOfBenefit',
    'Coverage',
    'Provenance',
    'Device',
    'MedicationDispense',
    'Organization',
    'Practitioner',
    'PractitionerRole',
    'Location',
    'Binary',
  ].includes(type)
export const onlyFinancial = (resource: Resource): boolean => {
  const profiles = claimedProfiles(resource)
  return profiles.some(isFinancial) && !profiles.some(isBasis)
}
