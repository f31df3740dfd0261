/**
 * Notes of the CapabilityStatements on single types: which elements are chosen, what is left out, what is declared
 * (CapStmt documentation).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payloadOf } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { at, codingsAt, extensionsOf, keyOf, type Received, type Resource } from '../../core/received.ts'
import { declared } from '../../core/statement.ts'
import { typeOf } from '../origins.ts'
import { isModern } from '../profiles.ts'

/**
 * What nothing that came has: unmet where the payer's record of it is known to have it, else a question to the payer, who may
 * hold no such data.
 */
function lacking(
  all: readonly Received[],
  { person }: Scene,
  holds: (resource: Resource) => boolean,
  finding: Finding,
): Finding {
  const came = new Set(all.map(({ resource }) => keyOf(resource)))
  const record = (person?.record ?? []) as unknown as Resource[]
  return record.some((resource) => came.has(keyOf(resource)) && holds(resource))
    ? finding
    : undecided(all[0]?.exchange, `${finding.message}, and nobody knows that the payer holds it`)
}

/** At least one of several elements is used over the whole of the data. */
const choice = (
  requirement: string,
  title: string,
  type: string,
  groups: readonly (readonly string[])[],
  modern = false,
): Check =>
  check(requirement, 'SHALL', title, (transcript, scene) => {
    if (modern && !isModern(scene.editions)) return [undecided(undefined, 'only the statement for US Core 6.1 says so')]
    const all = payloadOf(transcript, scene, type)
    if (all.length === 0) return [undecided(undefined, `no ${type} came`)]
    return groups
      .filter((paths) => !all.some(({ resource }) => paths.some((path) => has(resource, path))))
      .map((paths) =>
        lacking(
          all,
          scene,
          (resource) => paths.some((path) => has(resource, path)),
          unmet(all[0]?.exchange, 'missing-element', `no ${type} of ${all.length} has ${paths.join(' or ')}`, {
            expected: paths,
          }),
        ),
      )
  })

const assertedDate = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate'
const has = (resource: Resource, path: string): boolean =>
  path === 'assertedDate' ? extensionsOf(resource, assertedDate).length > 0 : at(resource, path).length > 0

export const encounterChoices = choice(
  'PDEX-368',
  'Encounters tell a reason, and a place by location or provider',
  'Encounter',
  [
    ['reasonCode', 'reasonReference'],
    ['location.location', 'serviceProvider'],
  ],
)
export const goalChoices = choice('PDEX-369', 'Goals tell their start or their due date', 'Goal', [
  ['startDate', 'target.dueDate'],
])
export const conditionChoices = choice(
  'PDEX-370',
  'Conditions tell when they were recorded, and asserted or begun',
  'Condition',
  [['recordedDate'], ['assertedDate', 'onsetDateTime']],
  true,
)
export const prescriptionChoices = choice(
  'PDEX-373',
  'Prescriptions tell whether they were reported',
  'MedicationRequest',
  [['reportedBoolean', 'reportedReference']],
  true,
)

export const careTeamMembers = check(
  'PDEX-363',
  'SHALL',
  'Care teams have practitioners or their roles as members',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'CareTeam')
    if (all.length === 0) return [undecided(undefined, 'no CareTeam came')]
    const membersOf = (resource: Resource): (string | undefined)[] =>
      at(resource, 'participant.member').map((member) => typeOf(member as { reference?: string }))
    const holds = (resource: Resource): boolean =>
      membersOf(resource).some((type) => type === 'Practitioner' || type === 'PractitionerRole')
    return all.some(({ resource }) => holds(resource))
      ? []
      : [
          lacking(
            all,
            scene,
            holds,
            unmet(all[0]?.exchange, 'missing-element', 'no CareTeam has a Practitioner or PractitionerRole', {
              actual: [...new Set(all.flatMap(({ resource }) => membersOf(resource)))],
              expression: 'CareTeam.participant.member',
            }),
          ),
        ]
  },
)

/** Exclusions that concern observations: groups and components. */
export const valuelessObservations = check(
  'PDEX-374',
  'SHALL',
  'An observation without a value says why',
  (transcript, scene) => {
    if (!isModern(scene.editions)) return [undecided(undefined, 'only the statement for US Core 6.1 says so')]
    const all = payloadOf(transcript, scene, 'Observation')
    if (all.length === 0) return [undecided(undefined, 'no Observation came')]
    const silent = (node: unknown): boolean =>
      !Object.keys(node as object).some((name) => /^_?value[A-Z]/.test(name)) &&
      at(node, 'dataAbsentReason').length === 0
    return few(
      all.flatMap(({ resource, exchange, expression }): Finding[] => {
        const grouped = at(resource, 'component').length > 0 || at(resource, 'hasMember').length > 0
        return [
          ...(silent(resource) && !grouped
            ? [unmet(exchange, 'missing-value', `${keyOf(resource)} has neither value nor reason`, { expression })]
            : []),
          ...at(resource, 'component')
            .filter(silent)
            .map(() =>
              unmet(exchange, 'missing-value', `a component of ${keyOf(resource)} has neither value nor reason`, {
                expression: `${expression}.component`,
              }),
            ),
        ]
      }),
    )
  },
)

export const organizationsHaveNpi = check(
  'PDEX-375',
  'SHALL',
  'Organizations can be told by NPI',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'Organization')
    if (all.length === 0) return [undecided(undefined, 'no Organization came')]
    const hasNpi = (resource: unknown): boolean =>
      (at(resource, 'identifier') as { system?: unknown; value?: unknown }[]).some(
        ({ system, value }) => system === 'http://hl7.org/fhir/sid/us-npi' && /^\d{10}$/.test(String(value)),
      )
    if (all.some(({ resource }) => hasNpi(resource))) return []
    // A payer has no NPI: where nothing but payers came, none of them can be told by one.
    return [
      lacking(
        all,
        scene,
        hasNpi,
        unmet(all[0]?.exchange, 'missing-identifier', 'no Organization has an NPI of ten digits', {
          expected: 'http://hl7.org/fhir/sid/us-npi',
          expression: 'Organization.identifier',
        }),
      ),
    ]
  },
)

export const noSocialSecurityNumber = check(
  'PDEX-376',
  'SHOULD NOT',
  'A Patient is identified by Social Security Number',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'Patient')
    if (all.length === 0) return [undecided(undefined, 'no Patient came')]
    return few(
      all
        .filter(
          ({ resource }) =>
            at(resource, 'identifier.system').includes('http://hl7.org/fhir/sid/us-ssn') ||
            codingsAt(resource, 'identifier.type').some(({ code }) => code === 'SS'),
        )
        .map(({ resource, exchange, expression }) =>
          unmet(exchange, 'social-security-number', `${keyOf(resource)} has a Social Security Number`, {
            expression: `${expression}.identifier`,
          }),
        ),
    )
  },
)

const screening = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-screening-assessment'

export const screeningIsDeclared = check(
  'PDEX-379',
  'SHALL',
  'Screening assessments are supported as Observations',
  (transcript, scene) => {
    if (!isModern(scene.editions)) return [undecided(undefined, 'only the statement for US Core 6.1 says so')]
    const statement = declared(transcript, scene)
    const profiles = statement?.types.get('Observation')?.profiles ?? []
    return profiles.some((profile) => profile.split('|')[0] === screening)
      ? []
      : [
          unmet(statement?.exchange, 'undeclared', 'screening assessments are not declared', {
            expected: screening,
            expression: 'CapabilityStatement.rest.resource.supportedProfile',
          }),
        ]
  },
)

export const resourceNoteChecks: readonly Check[] = [
  careTeamMembers,
  encounterChoices,
  goalChoices,
  conditionChoices,
  prescriptionChoices,
  valuelessObservations,
  organizationsHaveNpi,
  noSocialSecurityNumber,
  screeningIsDeclared,
]
