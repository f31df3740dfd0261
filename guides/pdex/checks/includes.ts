/** What comes along with a record: what claims and prescriptions point at, documents, Provenance (CapStmt notes, searchInclude). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/conformance.ts'
import { few, hasToken, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { at, keyOf, type Received, referencesIn, resourceOf, resourcesIn } from '../../core/received.ts'
import { anyKey, asked, localKey, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { isModern } from '../profiles.ts'

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

export const includeChecks: readonly Check[] = [
  claimsIncludeEverything,
  includedEqualsRead,
  payorIsIncluded,
  medicationsCanBeHad,
  clientFollowsMedications,
  provenanceOfAllTypes,
  revincludesWork,
  includesWork,
]
