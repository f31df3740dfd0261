/** Includes, and what _summary and _elements cut (FHIR R4 search#include, #summary; PDex CapabilityStatements). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { few, fhirMoves, isMistaken, searches, someRequests, status, suspicious } from '../judging.ts'
import { matchesOf } from '../matches.ts'
import { refusedAltogether } from '../offered-parameters.ts'
import { bundleOf, isSubsetted, keyOf, type Resource, referencesIn, resourcesIn } from '../received.ts'
import { anyKey, asked, succeeded } from '../rest.ts'

/** What _include brings is referenced by a match, comes once, and is marked. */
export const includesAreReferenced = check(
  'CORE-050',
  'IMPLIED',
  'Included resources are referenced, marked and come once',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      (asks, x) => searches(asks) && (asks.params.has('_include') || asks.params.has('_revinclude')) && succeeded(x),
    )
    const included = made.flatMap((x) => resourcesIn(x).filter(({ mode }) => mode === 'include'))
    if (included.length === 0) return [undecided(made[0], 'no search brought an included resource')]
    return few(
      made.flatMap((x) => {
        const page = resourcesIn(x)
        const pointed = new Set(page.flatMap(({ resource }) => pointersOf(resource)))
        const keys = new Set(page.map(({ resource }) => keyOf(resource)))
        const seen = new Set<string>()
        return page
          .filter(({ mode }) => mode === 'include')
          .flatMap(({ resource, expression }) => {
            const key = keyOf(resource)
            const bad: Finding[] = []
            if (seen.has(key)) bad.push(unmet(x, 'duplicate-entry', `${key} is included twice`, { expression }))
            seen.add(key)
            const points = pointersOf(resource).some((pointed) => keys.has(pointed))
            // A page may end between a match and what is included for it, so a stranger is only suspicious there.
            if (!pointed.has(key) && !points)
              bad.push(
                bundleOf(x)?.link?.some(({ relation }) => relation === 'next' || relation === 'previous')
                  ? suspicious(x, 'unrelated-include', `${key} is included and no entry of the page points at it`, {
                      expression,
                    })
                  : unmet(x, 'unrelated-include', `${key} is included and no match points at it, nor it at a match`, {
                      expression,
                    }),
              )
            return bad
          })
      }),
    )
  },
)

const pointersOf = (resource: Resource): string[] =>
  referencesIn(resource).map(({ reference }) => anyKey(reference) ?? reference)

/** _revinclude=Provenance:target brings Provenance of the matches, and only of them. */
export const provenanceIsIncluded = check(
  'CORE-051',
  'SHALL',
  '_revinclude=Provenance:target brings the Provenance of the matches and no other',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      (asks, x) => searches(asks) && asks.params.getAll('_revinclude').includes('Provenance:target') && !isMistaken(x),
    )
    const known = made.filter((x) => x.response?.status !== 401 && x.response?.status !== 403)
    const refused = refusedAltogether(known).flatMap((x) =>
      status(x, [200], '_revinclude=Provenance:target is supported'),
    )
    const findings = known.filter(succeeded).flatMap((x) => {
      const matches = new Set(matchesOf(x).map(({ resource }) => keyOf(resource)))
      const provenance = resourcesIn(x).filter(
        ({ resource }) => resource.resourceType === 'Provenance' && asked(x).type !== 'Provenance',
      )
      const paged = bundleOf(x)?.link?.some(({ relation }) => relation === 'next' || relation === 'previous')
      return provenance
        .filter(({ resource }) => !targetsOf(resource).some((key) => matches.has(key)))
        .map(({ resource, expression }) =>
          (paged ? suspicious : unmet)(x, 'unrelated-include', `${keyOf(resource)} is about none of the matches`, {
            expression,
          }),
        )
    })
    const some = known.some((x) => resourcesIn(x).some(({ resource }) => resource.resourceType === 'Provenance'))
    if (refused.length + findings.length === 0 && !some) {
      const found = known.find((x) => matchesOf(x).length > 0)
      return found
        ? [
            unmet(found, 'missing-include', '_revinclude=Provenance:target brought no Provenance in any search', {
              expected: 'Provenance',
            }),
          ]
        : [undecided(undefined, 'no search with _revinclude found anything')]
    }
    return few([...refused, ...findings])
  },
)

const targetsOf = ({ target }: Resource): string[] => pointersOf({ resourceType: 'Provenance', target })

/** What the self link says that it was cut by; a server that ignores the parameter cuts nothing. */
const cutBy = (x: Exchange): boolean => {
  const self = bundleOf(x)?.link?.find(({ relation }) => relation === 'self')?.url ?? ''
  return /[?&](_summary|_elements)=/.test(self)
}

/** What a resource lacks by FHIR R4's own definition of its type, and by what its profiles and codes make of it besides. */
function lacking(resource: Resource, scene: Scene): string[] {
  const type = resource.resourceType
  const answer = validate(resource, `http://hl7.org/fhir/StructureDefinition/${type}`, scene.editions)
  return answer.decided
    ? answer.issues.flatMap(({ code, expression }) => {
        const [own, name = '', ...deeper] = expression.split('.')
        return code === 'cardinality-min' && own === type && deeper.length === 0 ? [name] : []
      })
    : []
}

/** Elements that a cut took although the type cannot be without them: of those that a resource with nothing in it lacks. */
function lostByCut(resource: Resource, scene: Scene): string[] {
  const demanded = lacking({ resourceType: resource.resourceType }, scene)
  return [...new Set(lacking(resource, scene))].filter((name) => demanded.includes(name))
}

/** _summary and _elements mark what they cut, and leave what is mandatory. */
export const subsetsAreTagged = check(
  'CORE-052',
  'MAY',
  'What _summary or _elements cut is tagged SUBSETTED, and keeps what is mandatory',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ params, interaction }, x) =>
        interaction !== 'other' &&
        (params.get('_summary') === 'true' || params.has('_elements')) &&
        succeeded(x) &&
        resourcesIn(x).length > 0,
      fhirMoves.filter((move) => !move.startsWith('export')),
    )
    const cut = made.filter(cutBy)
    if (cut.length === 0) return [undecided(made[0], 'the server ignores _summary and _elements')]
    return few(
      cut.flatMap((x) =>
        resourcesIn(x)
          .filter(({ mode }) => mode !== 'include')
          .flatMap(({ resource, expression }) => {
            const lost = lostByCut(resource, scene)
            return [
              ...(isSubsetted(resource)
                ? []
                : [unmet(x, 'missing-tag', `${keyOf(resource)} is not tagged SUBSETTED`, { expression })]),
              ...(lost.length > 0
                ? [
                    unmet(x, 'missing-element', `${keyOf(resource)} was cut by what it cannot be without`, {
                      expected: lost,
                      expression,
                    }),
                  ]
                : []),
            ]
          }),
      ),
    )
  },
)

export const includeChecks: readonly Check[] = [includesAreReferenced, provenanceIsIncluded, subsetsAreTagged]
