/** Notes of the CapabilityStatements on single types: choices of elements, includes, documents, devices (CapStmt documentation). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { few, hasToken, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import {
  at,
  codingsAt,
  extensionsOf,
  keyOf,
  type Received,
  type Resource,
  referencesIn,
  resourceOf,
  resourcesIn,
} from '../../core/received.ts'
import { absolute, anyKey, asked, localKey, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { payload } from '../conformance.ts'
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
    return all.some(({ resource }) => at(resource, 'identifier.system').includes('http://hl7.org/fhir/sid/us-npi'))
      ? []
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

const includeOf = (transcript: Transcript, scene: Scene, value: RegExp, type: string): Exchange[] =>
  requests(
    transcript,
    scene,
    ({ interaction, type: other, params }, x) =>
      interaction === 'search-type' &&
      other === type &&
      x.move === 'search' &&
      hasToken(x) &&
      !isMistaken(x) &&
      params.getAll('_include').some((include) => value.test(include)),
  )

export const claimsIncludeEverything = check(
  'PDEX-358',
  'SHALL',
  '_include=ExplanationOfBenefit:* brings what a claim points at',
  (transcript, scene) => {
    const made = includeOf(transcript, scene, /^ExplanationOfBenefit:\*$/, 'ExplanationOfBenefit')
    if (made.length === 0) return [undecided(undefined, 'nobody asked for _include=ExplanationOfBenefit:*')]
    return made.flatMap((x): Finding[] => {
      const found = status(x, [200], '_include=ExplanationOfBenefit:* is supported')
      if (found.length > 0) return found
      const claims = matchesOf(x)
      if (claims.length === 0) return [undecided(x, 'no ExplanationOfBenefit was found')]
      const got = new Set(resourcesIn(x).map(({ resource }) => keyOf(resource)))
      const lost = claims.flatMap(({ resource }) =>
        ['patient', 'insurer', 'provider', 'insurance.coverage'].flatMap((path) => {
          const keys = at(resource, `${path}.reference`).flatMap(
            (reference) => localKey(String(reference), asked(x).base) ?? [],
          )
          return keys.filter((key) => !got.has(key)).map((key) => `${path}: ${key}`)
        }),
      )
      return lost.length > 0
        ? [
            unmet(x, 'missing-include', `the search leaves out ${lost.length} resources that claims point at`, {
              expected: lost.slice(0, 5),
            }),
          ]
        : []
    })
  },
)

export const includedEqualsRead = check(
  'PDEX-357',
  'SHALL',
  'What a claim points at is the same by _include and by read',
  (transcript, scene) => {
    const made = includeOf(transcript, scene, /^ExplanationOfBenefit:/, 'ExplanationOfBenefit')
    const included = new Map(
      made
        .flatMap((x) =>
          resourcesIn(x).filter(({ resource, mode }) => mode === 'include' && resource.resourceType !== 'Provenance'),
        )
        .map((one) => [keyOf(one.resource), one]),
    )
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type, id }, x) => interaction === 'read' && succeeded(x) && included.has(`${type}/${id}`),
    )
    if (reads.length === 0) return [undecided(made[0], 'nothing that was included was read as well')]
    return few(
      reads.flatMap((x) => {
        const { type, id } = asked(x)
        const one = included.get(`${type}/${id}`) as Received
        const read = resourceOf(x)
        return read && sorted(read) === sorted(one.resource)
          ? []
          : [
              unmet(x, 'different-content', `${type}/${id} differs between read and include`, {
                expression: one.expression,
              }),
            ]
      }),
    )
  },
)

/** JSON without regard to the order of properties. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

export const payorIsIncluded = check(
  'PDEX-359',
  'SHOULD',
  'The client includes the payor of the coverage with claims',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) =>
        asked(x).type === 'ExplanationOfBenefit' &&
        asked(x)
          .params.getAll('_include')
          .some((value) => /coverage|\*/.test(value)) &&
        !isMistaken(x),
    })
    const asking = made.some((x) =>
      asked(x)
        .params.getAll('_include:iterate')
        .some((value) => value === 'Coverage:payor'),
    )
    const everything = made.some((x) => asked(x).params.has('_include:iterate'))
    return asking
      ? []
      : [
          unmet(
            made[0],
            'missing-parameter',
            'claims are included with their coverage, and its payor is not asked for',
            { expected: '_include:iterate=Coverage:payor', actual: everything ? 'another iteration' : undefined },
          ),
        ]
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

export const outsideNeedsNoToken = check(
  'PDEX-366',
  'SHOULD NOT',
  'A document outside of the server needs further authorization',
  (transcript, scene) => {
    const all = ofType(transcript, scene, 'DocumentReference')
    const [first] = all
    if (!first) return [undecided(undefined, 'no DocumentReference came')]
    const { base } = asked(first.exchange)
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

/** Medications that a resource points at, instead of naming them. */
const external = ({ resource }: Received): string[] =>
  at(resource, 'medicationReference.reference').flatMap((reference) =>
    String(reference).startsWith('#') ? [] : (anyKey(String(reference)) ?? []),
  )

export const medicationsCanBeHad = check(
  'PDEX-372',
  'SHALL',
  'A medication that is pointed at can be read and included',
  (transcript, scene) => {
    const pointing = payload(transcript, scene).filter(
      (one) =>
        ['MedicationRequest', 'MedicationDispense'].includes(one.resource.resourceType) && external(one).length > 0,
    )
    if (pointing.length === 0) return [undecided(undefined, 'no prescription or dispense points at a Medication')]
    const wanted = new Set(pointing.flatMap(external))
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type, id }, x) => interaction === 'read' && wanted.has(`${type}/${id}`) && !isMistaken(x),
    )
    const includes = ['MedicationRequest', 'MedicationDispense']
      .flatMap((type) => includeOf(transcript, scene, /:medication$/, type))
      .filter((x) => matchesOf(x).some((one) => external(one).length > 0))
    const refused = reads
      .filter((x) => !succeeded(x) && x.response?.status !== 304)
      .flatMap((x) => status(x, [200], 'a medication that is pointed at can be read'))
    const dangling = includes.flatMap((x) => {
      const got = new Set(resourcesIn(x).map(({ resource }) => keyOf(resource)))
      const lost = matchesOf(x)
        .flatMap(external)
        .filter((key) => !got.has(key))
      return lost.length > 0
        ? [
            unmet(x, 'missing-include', '_include leaves out a medication that is pointed at', {
              expected: lost.slice(0, 3),
            }),
          ]
        : []
    })
    const open = [...(reads.length === 0 ? ['read'] : []), ...(includes.length === 0 ? ['_include'] : [])]
    return [
      ...few([...refused, ...dangling]),
      ...(open.length > 0
        ? [undecided(undefined, `nobody tried ${open.join(' and ')} of a medication that is pointed at`)]
        : []),
    ]
  },
)

export const clientFollowsMedications = check(
  'PDEX-371',
  'SHALL',
  'The client follows medications that are only pointed at',
  (transcript, scene) => {
    const pointing = payload(transcript, scene).filter((one) => external(one).length > 0)
    if (pointing.length === 0) return [undecided(undefined, 'nothing points at a Medication')]
    const got = new Set(payload(transcript, scene).map(({ resource }) => keyOf(resource)))
    const lost = pointing.filter((one) => external(one).some((key) => !got.has(key)))
    return few(
      lost.map((one) =>
        suspicious(one.exchange, 'not-followed', `the client never gets the medication of ${keyOf(one.resource)}`, {
          expected: external(one),
          expression: one.expression,
        }),
      ),
    )
  },
)

/** Types for which the 6.1 statement wants Provenance. */
const withProvenance =
  `AllergyIntolerance CarePlan CareTeam Condition Coverage Device DiagnosticReport DocumentReference Encounter Goal
  Immunization MedicationDispense MedicationRequest Observation Patient Procedure QuestionnaireResponse RelatedPerson ServiceRequest`.split(
    /\s+/,
  )

const revincludes = (transcript: Transcript, scene: Scene): Exchange[] =>
  requests(
    transcript,
    scene,
    ({ interaction, params }, x) =>
      interaction === 'search-type' &&
      x.move === 'search' &&
      params.getAll('_revinclude').includes('Provenance:target') &&
      hasToken(x) &&
      !isMistaken(x),
  )

export const provenanceOfAllTypes = check(
  'PDEX-377',
  'SHALL',
  'Provenance is supported for the types of US Core',
  (transcript, scene) => {
    if (!isModern(scene.editions)) return [undecided(undefined, 'only the statement for US Core 6.1 says so')]
    const made = revincludes(transcript, scene).filter((x) => withProvenance.includes(asked(x).type ?? ''))
    const findings = made
      .filter((x) => !succeeded(x))
      .flatMap((x) => status(x, [200], `a search of ${asked(x).type} takes _revinclude=Provenance:target`))
    const tried = new Set(made.map((x) => asked(x).type))
    const open = withProvenance.filter((type) => !tried.has(type))
    return [
      ...few(findings),
      ...(open.length > 0 ? [undecided(undefined, `nobody asked for the Provenance of ${open.join(', ')}`)] : []),
    ]
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

/** Declared, tried and effective. */
const effective = (requirement: string, title: string, kind: 'include' | 'revinclude'): Check =>
  check(requirement, 'DESC', title, (transcript, scene) => {
    const statement = declared(transcript, scene)
    const made = requests(
      transcript,
      scene,
      ({ interaction, params }, x) =>
        interaction === 'search-type' && x.move === 'search' && params.has(`_${kind}`) && hasToken(x) && !isMistaken(x),
    )
    const judged = made.flatMap((x) => {
      const onType = statement?.types.get(asked(x).type ?? '')
      const offers = (kind === 'include' ? onType?.includes : onType?.revIncludes) ?? []
      return asked(x)
        .params.getAll(`_${kind}`)
        .filter((value) => offers.includes(value))
        .map((value) => ({ x, value }))
    })
    if (judged.length === 0) return [undecided(statement?.exchange, `no declared _${kind} was tried`)]
    const refused = judged
      .filter(({ x }) => !succeeded(x))
      .map(({ x, value }) =>
        unmet(x, 'refused', `_${kind}=${value} is declared and refused`, { actual: x.response?.status }),
      )
    const found = judged.filter(({ x }) => succeeded(x) && matchesOf(x).length > 0)
    const ignored = found.filter(
      ({ x, value }) =>
        expects(x, value, kind) &&
        !resourcesIn(x).some(
          ({ mode, resource }) => mode === 'include' && (kind === 'include' || resource.resourceType === 'Provenance'),
        ),
    )
    return refused.length + ignored.length > 0
      ? few([
          ...refused,
          ...ignored.map(({ x, value }) =>
            unmet(x, 'missing-include', `_${kind}=${value} is declared and brings nothing with mode include`),
          ),
        ])
      : found.length === 0
        ? [undecided(judged[0]?.x, 'no search found anything to include for')]
        : []
  })

/** Is there anything to include? A match that points nowhere has nothing. */
const expects = (x: Exchange, value: string, kind: 'include' | 'revinclude'): boolean => {
  if (kind === 'revinclude') return true
  const [, param = ''] = value.split(':')
  const paths: Readonly<Record<string, string>> = {
    medication: 'medicationReference',
    participant: 'participant.member',
    practitioner: 'practitioner',
    endpoint: 'endpoint',
    coverage: 'insurance.coverage',
    'care-team': 'careTeam.provider',
  }
  const path = paths[param] ?? param
  return matchesOf(x).some(({ resource }) =>
    param === '*'
      ? referencesIn(resource).length > 0
      : at(resource, `${path}.reference`).some((reference) => !String(reference).startsWith('#')),
  )
}

export const revincludesWork = effective(
  'PDEX-439',
  '_revinclude=Provenance:target works where it is declared',
  'revinclude',
)
export const includesWork = effective('PDEX-440', '_include works where it is declared', 'include')

export const resourceNoteChecks: readonly Check[] = [
  includedEqualsRead,
  claimsIncludeEverything,
  payorIsIncluded,
  devicesCarryTheirUdi,
  devicesAreFoundByType,
  careTeamMembers,
  documentsAreComplete,
  outsideNeedsNoToken,
  encounterChoices,
  goalChoices,
  conditionChoices,
  clientFollowsMedications,
  medicationsCanBeHad,
  prescriptionChoices,
  valuelessObservations,
  organizationsHaveNpi,
  noSocialSecurityNumber,
  provenanceOfAllTypes,
  screeningIsDeclared,
  revincludesWork,
  includesWork,
]
