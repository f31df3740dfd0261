/** Notes of the CapabilityStatements on single types: choices of elements, includes, documents, devices (CapStmt documentation). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/conformance.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { few, hasToken, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { at, codingsAt, extensionsOf, keyOf, type Received, type Resource } from '../../core/received.ts'
import { absolute, asked, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { retrieving } from '../member.ts'
import { targetsOf, typeOf } from '../origins.ts'
import { isModern } from '../profiles.ts'

const ofType = (transcript: Transcript, scene: Scene, type: string): Received[] =>
  payload(transcript, scene).filter(({ resource }) => resource.resourceType === type)

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
    const all = ofType(transcript, scene, type)
    if (all.length === 0) return [undecided(undefined, `no ${type} came`)]
    return groups
      .filter((paths) => !all.some(({ resource }) => paths.some((path) => has(resource, path))))
      .map((paths) =>
        unmet(all[0]?.exchange, 'missing-element', `no ${type} of ${all.length} has ${paths.join(' or ')}`, {
          expected: paths,
        }),
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
    const all = ofType(transcript, scene, 'CareTeam')
    if (all.length === 0) return [undecided(undefined, 'no CareTeam came')]
    const types = new Set(
      all
        .flatMap(({ resource }) => at(resource, 'participant.member'))
        .map((member) => typeOf(member as { reference?: string })),
    )
    return types.has('Practitioner') || types.has('PractitionerRole')
      ? []
      : [
          unmet(all[0]?.exchange, 'missing-element', 'no CareTeam has a Practitioner or PractitionerRole', {
            actual: [...types],
            expression: 'CareTeam.participant.member',
          }),
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
    const all = ofType(transcript, scene, 'Observation')
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
    const all = ofType(transcript, scene, 'Organization')
    if (all.length === 0) return [undecided(undefined, 'no Organization came')]
    const hasNpi = (resource: unknown): boolean =>
      at(resource, 'identifier.system').includes('http://hl7.org/fhir/sid/us-npi')
    if (all.some(({ resource }) => hasNpi(resource))) return []
    const came = new Set(all.map(({ resource }) => resource.id))
    const held = scene.person?.record?.filter(({ resourceType, id }) => resourceType === 'Organization' && came.has(id))
    // A payer has no NPI: where nothing but payers came, none of them can be told by one.
    return held?.some(hasNpi) === false
      ? [undecided(all[0]?.exchange, 'no Organization came that has an NPI')]
      : [
          unmet(all[0]?.exchange, 'missing-identifier', 'no Organization has an NPI', {
            expected: 'http://hl7.org/fhir/sid/us-npi',
            expression: 'Organization.identifier',
          }),
        ]
  },
)

export const noSocialSecurityNumber = check(
  'PDEX-376',
  'SHOULD NOT',
  'A Patient is identified by Social Security Number',
  (transcript, scene) => {
    const all = ofType(transcript, scene, 'Patient')
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

export const devicesCarryTheirUdi = check(
  'PDEX-361',
  'SHALL',
  'The UDI of an implant is given in its readable form',
  (transcript, scene) => {
    const all = ofType(transcript, scene, 'Device').filter(({ resource }) => resource.udiCarrier !== undefined)
    if (all.length === 0) return [undecided(undefined, 'no Device with a UDI came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => {
        const text = at(resource, 'udiCarrier.carrierHRF').map(String)
        if (text.length === 0)
          return [
            unmet(exchange, 'missing-element', `${keyOf(resource)} has a UDI without carrierHRF`, {
              expected: 'udiCarrier.carrierHRF',
              expression: `${expression}.udiCarrier`,
            }),
          ]
        // The readable form of GS1 names its parts: (10) lot, (11) made, (17) expires, (21) serial number.
        const parts = {
          '(10)': 'lotNumber',
          '(11)': 'manufactureDate',
          '(17)': 'expirationDate',
          '(21)': 'serialNumber',
        } as const
        const lost = Object.entries(parts).filter(
          ([mark, element]) => text.some((one) => one.includes(mark)) && resource[element] === undefined,
        )
        return lost.map(([mark, element]) =>
          unmet(exchange, 'missing-element', `${keyOf(resource)} names ${mark} in its UDI and has no ${element}`, {
            expected: element,
            expression,
          }),
        )
      }),
    )
  },
)

export const devicesAreFoundByType = check(
  'PDEX-362',
  'SHOULD',
  'Devices are found by type; without UDI they name maker or model',
  (transcript, scene) => {
    const later = transcript.from(0)
    const made = requests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        interaction === 'search-type' && type === 'Device' && params.has('type') && !isMistaken(x),
    )
    const all = ofType(transcript, scene, 'Device')
    const bare = all.filter(
      ({ resource }) =>
        resource.udiCarrier === undefined && resource.manufacturer === undefined && resource.modelNumber === undefined,
    )
    if (made.length === 0 && bare.length === 0) return [undecided(undefined, 'nobody searched devices by type')]
    return few([
      ...made.flatMap((x) =>
        succeeded(x)
          ? exactness(x, later)
          : [400, 404].includes(answered(x).status)
            ? [noted(x, 'not-offered', 'devices are not searched by type')]
            : status(x, [200], 'devices are found by type'),
      ),
      ...bare.map(({ resource, exchange, expression }) =>
        suspicious(exchange, 'missing-element', `${keyOf(resource)} has no UDI and names neither maker nor model`, {
          expression,
        }),
      ),
    ])
  },
)

const notes = ['18842-5', '11488-4', '34117-2', '11506-3', '28570-0']

export const documentsAreComplete = check(
  'PDEX-365',
  'SHALL',
  'Documents have their content, a type and a responsible organization',
  (transcript, scene) => {
    const all = ofType(transcript, scene, 'DocumentReference')
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
        ...(attachments.some(({ url, data }) => url === undefined && data === undefined) || attachments.length === 0
          ? [
              unmet(exchange, 'missing-content', `${keyOf(resource)} has an attachment with neither url nor data`, {
                expression: `${expression}.content`,
              }),
            ]
          : []),
        ...(resource.custodian === undefined && !responsible.has(keyOf(resource))
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
    const all = ofType(transcript, scene, 'DocumentReference')
    const [first] = all
    if (!first) return [undecided(undefined, 'no DocumentReference came')]
    // A file of an export says nothing of the base: what it was kicked off at does.
    const base = fhirBaseOf(transcript, scene)
    if (!base) return [undecided(first.exchange, 'the base of the server is not known')]
    const outside = all.flatMap(({ resource, exchange }) =>
      (at(resource, 'content.attachment.url') as string[])
        .map((url) => absolute(url, exchange))
        .filter((url) => !url.startsWith(base)),
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
  devicesCarryTheirUdi,
  devicesAreFoundByType,
  careTeamMembers,
  documentsAreComplete,
  outsideNeedsNoToken,
  encounterChoices,
  goalChoices,
  conditionChoices,
  prescriptionChoices,
  valuelessObservations,
  organizationsHaveNpi,
  noSocialSecurityNumber,
  screeningIsDeclared,
]
