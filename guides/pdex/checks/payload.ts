/**
 * Do the resources satisfy the profiles that PDex names for them? Made for a given validator and table of must-support
 * elements; data.ts gives them the real ones (PDex intro, datamapping, mapping pages of US Core).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Editions } from '../../../harness/edition.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Validate } from '../../../harness/validation.ts'
import type { Finding, Verb } from '../../../harness/verdict.ts'
import {
  type Conformance,
  conformances,
  conforming,
  isMissing,
  type MustSupport,
  payload,
  withoutChildren,
} from '../../conformance/conformance.ts'
import { few } from '../../core/judging.ts'
import { at, codingsAt, keyOf, type Resource } from '../../core/received.ts'
import { expected, holdings } from '../holdings.ts'
import {
  implantableDevice,
  isBasis,
  isFinancial,
  isModern,
  pdexDevice,
  pdexMedicationDispense,
  priorAuthorization,
  usCoreMedicationDispense,
} from '../profiles.ts'

interface Kind {
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
const isImplant = (resource: Resource): boolean =>
  claims(resource, implantableDevice) || (resource.udiCarrier !== undefined && !claims(resource, pdexDevice))
const claims = (resource: Resource, profile: string): boolean =>
  (resource.meta?.profile ?? []).some((canonical) => canonical.split('|')[0] === profile)

/** One row a requirement: which resources, by what name, under which profile. */
const kinds: readonly (readonly [requirement: string, verb: Verb, title: string, kind: Kind])[] = [
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

/** The checks of the payload, judged by that validator and those must-support tables. */
export function payloadChecks(validate: Validate, mustSupport: MustSupport): readonly Check[] {
  const all = (
    transcript: Transcript,
    scene: Scene,
    wanted?: (resource: Resource) => boolean,
  ): readonly Conformance[] => conformances(transcript, scene, validate, wanted)

  const byKind = kinds.map(([requirement, verb, title, kind]) =>
    check(requirement, verb, title, (transcript, scene) => {
      if (kind.holds && !kind.holds(scene.editions))
        return [undecided(undefined, 'this edition of US Core has another rule')]
      const judged = all(
        transcript,
        scene,
        (resource) => resource.resourceType === kind.type && (kind.fits?.(resource) ?? true),
      )
      return judged.length > 0
        ? [...conforming(judged, () => true, kind.name), ...otherProfile(judged, kind)]
        : unseen(transcript, scene, kind)
    }),
  )

  const clinical = check('PDEX-021', 'SHALL', 'Clinical data satisfies US Core', (transcript, scene) =>
    conforming(all(transcript, scene, isClinical), () => true, 'clinical data'),
  )
  const basis = check('PDEX-022', 'SHALL', 'Claims satisfy a CARIN Basis profile', (transcript, scene) =>
    conforming(all(transcript, scene, isClaim), () => true, 'claims').concat(
      payload(transcript, scene)
        .filter(({ resource }) => isClaim(resource) && onlyFinancial(resource))
        .map(({ resource, exchange, expression }) =>
          unmet(exchange, 'financial-profile', `${keyOf(resource)} names a profile with amounts and none without`, {
            actual: resource.meta?.profile,
            expression: `${expression}.meta.profile`,
          }),
        ),
    ),
  )
  const authorizations = check(
    'PDEX-023',
    'SHALL',
    'Prior authorizations satisfy the PDex profile',
    (transcript, scene) => {
      const judged = all(transcript, scene, isAuthorization)
      const unnamed = judged.filter(({ received }) => !claims(received.resource, priorAuthorization))
      return [
        ...conforming(judged, () => true, 'prior authorizations'),
        ...few(
          unnamed.map(({ received: { resource, exchange, expression } }) =>
            unmet(exchange, 'missing-profile', `${keyOf(resource)} does not name the profile of prior authorizations`, {
              expected: priorAuthorization,
              actual: resource.meta?.profile,
              expression: `${expression}.meta.profile`,
            }),
          ),
        ),
      ]
    },
  )
  const own = check(
    'PDEX-025',
    'SHALL',
    'Devices and dispenses without a US Core profile satisfy the PDex one',
    (transcript, scene) => {
      const modern = isModern(scene.editions)
      const judged = all(
        transcript,
        scene,
        (resource) =>
          (resource.resourceType === 'Device' && !isImplant(resource)) ||
          (!modern && resource.resourceType === 'MedicationDispense'),
      )
      return [
        ...conforming(judged, () => true, 'devices and dispenses beyond US Core'),
        ...otherProfile(
          judged.filter(({ received }) => received.resource.resourceType === 'Device'),
          {
            type: 'Device',
            name: 'device',
            profile: pdexDevice,
          },
        ),
      ]
    },
  )
  const required = check('PDEX-013', 'SHALL', 'Required elements are there', (transcript, scene) =>
    conforming(all(transcript, scene), ({ is }) => is !== 'unprofiled', 'resources with a profile', isMissing),
  )
  const seeded = check(
    'PDEX-014',
    'SHALL',
    'Must-support elements that the payer holds are given',
    (transcript, scene) => givenElements(transcript, scene, all(transcript, scene), mustSupport),
  )
  const children = check('PDEX-015', 'SHALL', 'Must-support parts come with their parent', (transcript, scene) =>
    withoutChildren(all(transcript, scene), scene, mustSupport),
  )
  return [...byKind, clinical, basis, claimsCarryNoMoney, authorizations, own, required, seeded, children]
}

/** Valid under another legal profile, and not under the one that counts. */
const otherProfile = (judged: readonly Conformance[], { profile, name }: Kind): Finding[] =>
  profile === undefined
    ? []
    : few(
        judged
          .filter((one) => one.is === 'valid' && one.profile?.split('|')[0] !== profile)
          .map(({ received, profile: actual }) =>
            unmet(
              received.exchange,
              'other-profile',
              `${keyOf(received.resource)} is a ${name} and satisfies another profile`,
              {
                expected: profile,
                actual,
                expression: received.expression,
              },
            ),
          ),
      )

/** None came: unmet where the record holds one and the whole of the member was retrieved, else undecided. */
function unseen(transcript: Transcript, scene: Scene, { type, name, fits }: Kind): Finding[] {
  const held = [...(expected(scene, 'search')?.values() ?? [])].filter(
    (resource) => resource.resourceType === type && (fits?.(resource) ?? true),
  )
  const whole = holdings(transcript, scene).find(({ whole }) => whole === 'all' || whole.has(type))
  return held.length > 0 && whole
    ? [
        unmet(whole.exchanges.at(-1), 'missing-records', `the payer holds ${held.length} of ${name} and gives none`, {
          expected: held.slice(0, 3).map(keyOf),
        }),
      ]
    : [undecided(undefined, `the member's data holds no ${name}`)]
}

const isClaim = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' && resource.use === 'claim'
const isAuthorization = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' && resource.use === 'preauthorization'
/** What US Core profiles: neither claims, nor what HRex and PDex profile themselves. */
const isClinical = ({ resourceType: type }: Resource): boolean =>
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
const onlyFinancial = (resource: Resource): boolean => {
  const profiles = resource.meta?.profile ?? []
  return profiles.some(isFinancial) && !profiles.some(isBasis)
}

/** Where amounts stand; allowedunits is a plain number and no money. */
const money = [
  'total.amount',
  'payment.amount',
  'payment.adjustment',
  'adjudication.amount',
  'item.adjudication.amount',
  'item.net',
  'item.unitPrice',
  'item.detail.adjudication.amount',
  'item.detail.net',
  'item.detail.unitPrice',
  'item.detail.subDetail.adjudication.amount',
  'addItem.adjudication.amount',
  'addItem.net',
  'addItem.unitPrice',
  'benefitBalance.financial',
]

export const claimsCarryNoMoney = check(
  'PDEX-022',
  'SHALL',
  'Claims between payers carry no amounts',
  (transcript, scene) => {
    const all = payload(transcript, scene).filter(({ resource }) => isClaim(resource))
    if (all.length === 0) return [undecided(undefined, 'no claim came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => {
        const found = money.filter((path) => at(resource, path).length > 0)
        return found.length > 0
          ? [
              unmet(exchange, 'financial-data', `${keyOf(resource)} carries amounts`, {
                expected: 'none',
                actual: found,
                expression,
              }),
            ]
          : []
      }),
    )
  },
)

/** Elements of the seeded record that a profile marks as must-support, and that did not come along. */
function givenElements(
  _transcript: Transcript,
  scene: Scene,
  judged: readonly Conformance[],
  mustSupport: MustSupport,
): Finding[] {
  const seeds = new Map([...(expected(scene, 'search') ?? [])])
  if (seeds.size === 0) return [undecided(undefined, 'what the payer holds is not known')]
  const findings: Finding[] = []
  let compared = 0
  for (const { received, profile } of judged) {
    const { resource, exchange, expression } = received
    const seed = seeds.get(keyOf(resource))
    const ids = profile === undefined ? undefined : mustSupport(profile, scene.editions)
    // A version that is newer than the seed may have lost an element by an update.
    if (!seed || !ids || (resource.meta?.versionId ?? '') !== (seed.meta?.versionId ?? resource.meta?.versionId ?? ''))
      continue
    compared++
    const names = [...new Set(ids.map((path) => path.split('.')[0] ?? ''))]
    const lost = names.filter(
      (name) => elementsNamed(seed, name).length > 0 && elementsNamed(resource, name).length === 0,
    )
    if (lost.length > 0)
      findings.push(
        unmet(
          exchange,
          'missing-element',
          `${keyOf(resource)} comes without ${lost.join(', ')}, which the payer holds`,
          { expected: lost, expression },
        ),
      )
  }
  return compared === 0
    ? [undecided(undefined, 'nothing that came could be compared with what the payer holds')]
    : few(findings)
}

const elementsNamed = (resource: Resource, name: string): string[] => {
  const stem = name.endsWith('[x]') ? name.slice(0, -3) : undefined
  return Object.keys(resource).filter((key) =>
    stem === undefined ? key === name : key.startsWith(stem) && /[A-Z]/.test(key[stem.length] ?? ''),
  )
}
