/**
 * Includes that the CapabilityStatements ask for or the server declares: each one works (CapStmt searchInclude,
 * searchRevInclude).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import { crawlFrom } from '../../core/crawls.ts'
import { few, hasToken, isMistaken, noBundle, requests, status, wrongAnswer } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { refusedAltogether } from '../../core/offered-parameters.ts'
import { at, keyOf, type Resource, referencesIn, resourcesIn } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { notAllPages, revincludes } from '../include-searches.ts'
import { isProvenance, targetsOf } from '../origins.ts'
import { isModern } from '../profiles.ts'

/** Types for which the 6.1 statement wants Provenance. */
const withProvenance =
  `AllergyIntolerance CarePlan CareTeam Condition Coverage Device DiagnosticReport DocumentReference Encounter Goal
  Immunization MedicationDispense MedicationRequest Observation Patient Procedure QuestionnaireResponse RelatedPerson ServiceRequest`.split(
    /\s+/,
  )

export const provenanceOfAllTypes = check(
  'PDEX-377',
  'SHALL',
  'Provenance is supported for the types of US Core',
  (transcript, scene) => {
    if (!isModern(scene.editions)) return [undecided(undefined, 'only the statement for US Core 6.1 says so')]
    const made = revincludes(transcript, scene).filter((x) => withProvenance.includes(asked(x).type ?? ''))
    const later = transcript.from(0)
    const known = [
      ...later.filter(succeeded).flatMap((x) => resourcesIn(x).map(({ resource }) => resource)),
      ...((scene.person?.record ?? []) as unknown as Resource[]),
    ]
    const traced = new Set(known.filter(({ resourceType }) => resourceType === 'Provenance').flatMap(targetsOf))
    const findings = [
      ...refusedAltogether(made).flatMap((x) =>
        status(x, [200], `a search of ${asked(x).type} takes _revinclude=Provenance:target`),
      ),
      ...made.filter(succeeded).flatMap(noBundle),
      // A payer may hold no Provenance of what was found: only what is known is missed.
      ...made
        .filter(
          (x) =>
            matchesOf(x).some(({ resource }) => traced.has(keyOf(resource))) &&
            !crawlFrom(x, later).received.some(isProvenance),
        )
        .map((x) =>
          unmet(x, 'missing-include', `_revinclude=Provenance:target brings no Provenance of any ${asked(x).type}`, {
            expected: 'Provenance',
          }),
        ),
    ]
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
    const never = new Set(refusedAltogether(judged.map(({ x }) => x)))
    const refused = judged
      .filter(({ x }) => never.has(x))
      .map(({ x, value }) =>
        wrongAnswer(x, 'refused', `_${kind}=${value} is declared and refused`, { actual: x.response?.status }),
      )
    const found = judged.filter(({ x }) => succeeded(x) && matchesOf(x).length > 0)
    // A page may end between a match and what comes with it.
    const later = transcript.from(0)
    const ignored = found.filter(
      ({ x, value }) =>
        expects(x, value, kind) &&
        !crawlFrom(x, later).received.some(
          ({ mode, resource }) => mode === 'include' && (kind === 'include' || resource.resourceType === 'Provenance'),
        ),
    )
    return refused.length + ignored.length > 0
      ? few([
          ...refused,
          ...ignored.map(({ x, value }) =>
            crawlFrom(x, later).complete
              ? unmet(x, 'missing-include', `_${kind}=${value} is declared and brings nothing with mode include`)
              : notAllPages(x),
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

export const offeredIncludeChecks: readonly Check[] = [provenanceOfAllTypes, revincludesWork, includesWork]
