/** What the values of search parameters mean: dates, tokens, strings, references (FHIR R4 search#date, #token, #string, #reference). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { answeredCrawl, crawlFrom } from '../crawls.ts'
import { few, isMistaken, noBundle, putOff, searches, someRequests, wrongAnswer } from '../judging.ts'
import { allMatches, keysOf } from '../matches.ts'
import { isRefused, mayBeRefused, offeredAmong } from '../offered-parameters.ts'
import { keyOf, type Received, type Resource } from '../received.ts'
import { anyKey, asked, choosing, succeeded } from '../rest.ts'
import { answersTo } from '../search-answers.ts'
import { parameterOf } from '../search-parameters.ts'

/**
 * Only what answers comes, and, where everything of the type was fetched before by the same caller, all of it. Returns what
 * is wrong; nothing when we cannot tell.
 */
export function exactness(x: Exchange, later: readonly Exchange[]): Finding[] {
  const unread = noBundle(x)
  if (unread.length > 0) return unread
  const { type, params } = asked(x)
  const matches = allMatches(x, later)
  const wrong = matches.filter(({ resource }) => resource.resourceType !== type || !answers(resource, params))
  const found = wrong.map(({ resource, expression }) =>
    unmet(x, 'wrong-match', `${keyOf(resource)} does not answer to ${describe(params)}`, { expression }),
  )
  const everything = unfiltered(x, later)
  if (!everything || !crawlFrom(x, later).complete) return few(found, 3)
  const got = new Set(matches.map(({ resource }) => keyOf(resource)))
  const lost = everything.filter(({ resource }) => certain(resource, params) && !got.has(keyOf(resource)))
  if (lost.length > 0)
    found.push(
      unmet(x, 'lost-match', `${describe(params)} leaves out what it must find`, {
        expected: lost.slice(0, 5).map(({ resource }) => keyOf(resource)),
      }),
    )
  return few(found, 4)
}

const describe = (params: URLSearchParams): string =>
  choosing(params)
    .map((name) => `${name}=${params.getAll(name).join('&')}`)
    .join(', ')

const answers = (resource: Resource, params: URLSearchParams): boolean =>
  choosing(params).every((name) => params.getAll(name).every((value) => answersTo(resource, name, value) !== false))
const certain = (resource: Resource, params: URLSearchParams): boolean =>
  choosing(params).every((name) => params.getAll(name).every((value) => answersTo(resource, name, value) === true))

/** Everything of that type that the same caller got by patient alone, to the last page. */
function unfiltered(x: Exchange, later: readonly Exchange[]): Received[] | undefined {
  const { type } = asked(x)
  const whole = later.findLast(
    (y) =>
      y !== x &&
      y.move === 'search' &&
      y.from === x.from &&
      y.to === x.to &&
      asked(y).type === type &&
      searches(asked(y)) &&
      succeeded(y) &&
      choosing(asked(y).params).join() === (type === 'Patient' ? '_id' : 'patient'),
  )
  if (!whole || !crawlFrom(whole, later).complete) return undefined
  return allMatches(whole, later)
}

/** A family of searches whose values take one form after another; each must find exactly what answers to it. */
const family = (
  requirement: string,
  title: string,
  fits: (name: string, value: string, type: string) => boolean,
  least: number,
): Check =>
  check(requirement, 'SHALL', title, (transcript, scene) => {
    const later = transcript.from(0)
    const fitting = (x: Exchange): [string, string][] =>
      [...asked(x).params].filter(([name, value]) => fits(name, value, asked(x).type ?? ''))
    const made = someRequests(
      transcript,
      scene,
      (asks, x) => searches(asks) && x.move === 'search' && !isMistaken(x) && fitting(x).length > 0,
    )
    const offered = offeredAmong(made, (x) => fitting(x).map(([name]) => name))
    if (offered.length === 0) return [undecided(made[0], 'no parameter of that kind is offered')]
    const forms = offered.filter((x) => x.intent.form !== undefined)
    const refused = forms
      .filter((x) => !succeeded(x) && !(isRefused(x) && fitting(x).some(([name, value]) => mayBeRefused(name, value))))
      .map((x) =>
        wrongAnswer(x, 'refuses-form', `${describe(asked(x).params)} is refused`, { actual: answered(x).status }),
      )
    const findings = [...refused, ...offered.filter(succeeded).flatMap((x) => exactness(x, later))]
    if (findings.length === 0 && new Set(forms.filter(succeeded).map((x) => x.intent.form)).size < least)
      return [undecided(undefined, 'not every form was tried')]
    return few(findings)
  })

const kindOf = (type: string, name: string): string | undefined => parameterOf(type, name.split(':')[0] ?? '')?.kind

export const datePrefixes = family(
  'CORE-042',
  'Date prefixes follow the rules of ranges',
  (name, _, type) => kindOf(type, name) === 'date',
  5,
)
export const tokenForms = family(
  'CORE-043',
  'Tokens are found by code, by system and code, without a system and by system alone',
  (name, _, type) => kindOf(type, name) === 'token' && name !== '_id',
  4,
)
export const stringMatching = family(
  'CORE-045',
  'Strings match from their beginning, whatever the case; exact and contains do what they say',
  (name, _, type) => kindOf(type, name) === 'string',
  3,
)
export const escapedValues = family(
  'CORE-046',
  'Escaped separators in a value are part of it',
  (_, value) => /\\[,|$\\]/.test(value),
  1,
)

/** id, Type/id and absolute URL find the same. */
export const referenceForms = check(
  'CORE-044',
  'SHALL',
  'A reference is found by id, by type and id, and by absolute URL',
  (transcript, scene) => {
    const later = transcript.from(0)
    const made = someRequests(
      transcript,
      scene,
      (asks, x) =>
        searches(asks) &&
        x.move === 'search' &&
        x.intent.form !== undefined &&
        asks.params.has('patient') &&
        !isMistaken(x),
    )
    const forms = new Map<string, Exchange>()
    for (const x of made) forms.set(`${asked(x).type} ${formOf(asked(x).params.get('patient') ?? '')}`, x)
    const types = [...new Set(made.map((x) => asked(x).type))]
    const offered = types.filter((type) => made.some((x) => asked(x).type === type && !isRefused(x)))
    if (offered.length === 0) return [undecided(made[0], 'none of these types is searched by patient alone')]
    const findings: Finding[] = []
    for (const type of offered) {
      const three = ['id', 'Type/id', 'absolute'].map((form) => forms.get(`${type} ${form}`))
      if (three.some((x) => x === undefined)) {
        findings.push(undecided(undefined, `not every form of a reference was tried with ${type}`))
        continue
      }
      const late = (three as Exchange[]).find((x) => putOff(x) !== undefined)
      if (late) {
        findings.push(undecided(late, putOff(late) ?? ''))
        continue
      }
      const sets = (three as Exchange[]).map((x) => {
        answeredCrawl(x, later)
        return succeeded(x) ? keysOf(allMatches(x, later)).join() : `refused with ${answered(x).status}`
      })
      if (new Set(sets).size > 1)
        findings.push(
          unmet(oddOf(three as Exchange[], sets), 'different-result', `the forms of patient find different ${type}s`, {
            expected: 'the same by id, Type/id and URL',
            actual: sets.map((set) =>
              set.startsWith('refused') ? set : `${set.split(',').filter(Boolean).length} found`,
            ),
          }),
        )
      else if (sets[0] === '') findings.push(undecided(three[0], `no ${type} was there to be found`))
    }
    return findings
  },
)

/** The exchange whose result none of the others shares; the last where all differ. */
const oddOf = (exchanges: readonly Exchange[], sets: readonly string[]): Exchange | undefined =>
  exchanges.findLast((_, index) => sets.indexOf(sets[index] ?? '') === sets.lastIndexOf(sets[index] ?? ''))

const formOf = (value: string): string => (/^https?:/.test(value) ? 'absolute' : anyKey(value) ? 'Type/id' : 'id')

export const parameterChecks: readonly Check[] = [
  datePrefixes,
  tokenForms,
  referenceForms,
  stringMatching,
  escapedValues,
]
