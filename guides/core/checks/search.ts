/**
 * What a search means: the same by GET and POST, and what becomes of parameters and values that are unknown, wrong or
 * match nothing (FHIR R4 search).
 */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { answeredCrawl } from '../crawls.ts'
import { isMistaken, noBundle, requests, searches, someRequests, status } from '../judging.ts'
import { allMatches, difference, keysOf, matchesOf } from '../matches.ts'
import { keyOf } from '../received.ts'
import { asked, choosing, succeeded } from '../rest.ts'
import { answersToAll } from '../search-answers.ts'

/** A form and a query say the same. */
export const formEqualsQuery = check(
  'CORE-030',
  'SHALL',
  'A search by POST finds what the same search by GET finds',
  (transcript, scene) => {
    const later = transcript.from(0)
    const forms = someRequests(
      transcript,
      scene,
      (asks, x) => searches(asks) && x.request.method === 'POST' && !isMistaken(x),
    )
    return forms.flatMap((form) => {
      const twin = requests(
        transcript,
        scene,
        (asks, x) =>
          searches(asks) &&
          x.request.method === 'GET' &&
          x.from === form.from &&
          succeeded(x) &&
          asks.type === asked(form).type &&
          sameParams(x, form),
      ).at(-1)
      if (!twin) return [undecided(form, 'nobody made the same search by GET')]
      const found = status(form, [200], 'a search by POST to _search is answered like one by GET')
      if (found.length > 0) return found
      for (const x of [twin, form]) answeredCrawl(x, later)
      const unread = [twin, form].flatMap(noBundle)
      if (unread.length > 0) return unread
      const [byGet, byPost] = [keysOf(allMatches(twin, later)), keysOf(allMatches(form, later))]
      const odd = [...difference(byGet, byPost), ...difference(byPost, byGet)]
      return odd.length > 0
        ? [
            unmet(form, 'different-result', 'POST and GET found different resources', {
              expected: byGet.length,
              actual: odd.slice(0, 5),
            }),
          ]
        : []
    })
  },
)

const sameParams = (a: Exchange, b: Exchange): boolean => {
  const text = (x: Exchange): string =>
    [...asked(x).params]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('&')
  return text(a) === text(b)
}

const isStrict = (x: Exchange): boolean => /handling\s*=\s*strict/i.test(header(x.request, 'prefer') ?? '')

/** A parameter that nobody knows: ignored, and not claimed; or refused. Strict: refused. */
export const unknownParameterIsHandled = check(
  'CORE-040',
  'SHOULD',
  'An unknown parameter is ignored, and refused with 400 under strict handling',
  (transcript, scene) => {
    const tried = someRequests(
      transcript,
      scene,
      (asks, x) => searches(asks) && x.intent.mistake === 'unknown-parameter',
    )
    const strict = tried.filter(isStrict)
    const lenient = tried.filter((x) => !isStrict(x))
    return [
      ...strict.flatMap((x) =>
        status(x, [400], 'an unknown parameter under Prefer: handling=strict is refused with 400'),
      ),
      ...lenient.flatMap((x) =>
        answered(x).status === 400
          ? [noted(x, 'refuses-unknown', 'an unknown parameter is refused without being asked to be strict')]
          : status(x, [200], 'an unknown parameter is ignored'),
      ),
    ]
  },
)

/** A value that cannot be read: 400. One that matches nothing: an empty searchset. */
export const malformedValueIsRefused = check(
  'CORE-041',
  'SHOULD',
  'A malformed value is refused with 400',
  (transcript, scene) =>
    someRequests(transcript, scene, (asks, x) => searches(asks) && x.intent.mistake === 'bad-value').flatMap((x) =>
      status(x, [400], 'a value that cannot be read is refused with 400'),
    ),
)

/**
 * What comes of a value that nothing has: an empty searchset. A Patient who is not the token's may be refused instead (PDex
 * leaves 403, 404 and nothing open), and so may one whom nobody is: a server need not tell them apart.
 */
export const findsNothing = (x: Exchange): Finding[] => {
  const { type, params } = asked(x)
  const found = status(
    x,
    type === 'Patient' && params.has('_id') ? [200, 403, 404] : [200],
    'a search for a value that nothing has is no error',
  )
  const pairs = choosing(params).flatMap((name) => params.getAll(name).map((value) => [name, value] as const))
  const matches = found.length > 0 ? [] : matchesOf(x).filter(({ resource }) => !answersToAll(resource, pairs))
  return matches.length === 0
    ? found
    : [
        unmet(x, 'wrong-match', 'a value that nothing has brings matches', {
          actual: matches.slice(0, 3).map(({ resource }) => keyOf(resource)),
        }),
      ]
}

export const unmatchedValueIsEmpty = check(
  'CORE-041',
  'SHOULD',
  'A value that matches nothing gives an empty searchset',
  (transcript, scene) =>
    someRequests(transcript, scene, (asks, x) => searches(asks) && x.intent.mistake === 'unmatched-value').flatMap(
      (x) => {
        const found = findsNothing(x)
        return found.length > 0 || !succeeded(x) ? found : noBundle(x)
      },
    ),
)

export const searchChecks: readonly Check[] = [
  formEqualsQuery,
  unknownParameterIsHandled,
  malformedValueIsRefused,
  unmatchedValueIsEmpty,
]
