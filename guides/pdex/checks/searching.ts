/**
 * What the CapabilityStatements of PDex say of searches: forms of values, ids, claims, its own parameters (CapStmt
 * search parameters).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { crawlFrom } from '../../core/crawls.ts'
import { few, isMistaken, putOff, requests, someRequests, status } from '../../core/judging.ts'
import { allMatches, keysOf } from '../../core/matches.ts'
import { isRefused } from '../../core/offered-parameters.ts'
import { keyOf } from '../../core/received.ts'
import { asked, choosing, succeeded } from '../../core/rest.ts'
import { answersTo } from '../../core/search-answers.ts'
import { parameterOf } from '../../core/search-parameters.ts'
import { declared } from '../../core/statement.ts'

/** One value in one of the forms that mean the same: `Type/id` and `id`, `system|code` and `code`. A URL is asked of no server. */
const isWhole = (kind: string, value: string): boolean =>
  kind === 'reference' ? !/^https?:/.test(value) : /^[^|,\\]+(\|[^|,\\]+)?$/.test(value)

/** The same by each spelling of a reference; by a code alone at least what is found by its system, too. */
export const spellingsAgree = check(
  'PDEX-338',
  'SHALL',
  'References and tokens are found by each of their forms',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        interaction === 'search-type' && x.move === 'search' && x.intent.form !== undefined && !isMistaken(x),
    )
    const groups = new Map<string, Spelling[]>()
    for (const x of made) {
      const { type = '', params } = asked(x)
      for (const name of choosing(params)) {
        const kind = parameterOf(type, name)?.kind
        const value = params.get(name) ?? ''
        if ((kind !== 'reference' && kind !== 'token') || !isWhole(kind, value)) continue
        const rest = choosing(params).filter((other) => other !== name)
        const key = [type, name, bare(value), ...rest.map((other) => `${other}=${params.getAll(other).join()}`)].join(
          ' ',
        )
        groups.set(key, [...(groups.get(key) ?? []), { x, name, value, kind }])
      }
    }
    const several = [...groups.values()].filter((group) => new Set(group.map(({ value }) => value)).size > 1)
    if (several.length === 0) return [undecided(made[0], 'no value was tried in two forms')]
    // What is refused in every form is not offered: that is another requirement's.
    const offered = several.filter((group) => group.some(({ x }) => !isRefused(x)))
    if (offered.length === 0) return [undecided(made[0], 'nothing that was tried in two forms is offered')]
    const later = transcript.from(0)
    return few(offered.flatMap((group) => spellings(group, later)))
  },
)

/** A search by one form of a value. */
interface Spelling {
  readonly x: Exchange
  readonly name: string
  readonly value: string
  readonly kind: string
}

function spellings(group: readonly Spelling[], later: readonly Exchange[]): Finding[] {
  const refused = group.filter(({ x }) => !succeeded(x))
  if (refused.length > 0)
    return refused.map(({ x, value }) => {
      const { status: actual } = answered(x)
      const later = putOff(x)
      return later ? undecided(x, later) : unmet(x, 'refuses-form', `${value} is refused`, { actual })
    })
  const open = group.find(({ x }) => !crawlFrom(x, later).complete)
  if (open) return [undecided(open.x, 'not every page was fetched, so the forms cannot be compared')]
  const found = group.map((one) => ({ ...one, keys: keysOf(allMatches(one.x, later)) }))
  const most = new Map(group.flatMap(({ x }) => allMatches(x, later).map((one) => [keyOf(one.resource), one.resource])))
  return found.flatMap(({ x, keys, kind, name, value }) => {
    // By its system a code finds those alone that have it from there.
    const whole = kind === 'reference' || !value.includes('|')
    const due = [...most].filter(([, resource]) => whole || answersTo(resource, name, value) === true).length
    return keys.length < due
      ? [
          unmet(x, 'different-result', `${value} finds less than the other form of the same value`, {
            expected: due,
            actual: keys.length,
          }),
        ]
      : []
  })
}

/** A value without its system or type: `http://loinc.org|2339-0` and `2339-0` are the same by their last part. */
const bare = (value: string): string => value.split('|').at(-1)?.replace(/^.*\//, '') ?? value

export const clientNamesAtLeastAnId = check(
  'PDEX-339',
  'SHALL',
  'The client sends at least an id or a code',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => !isMistaken(x) && x.intent.form === undefined,
    })
    return few(
      made.flatMap((x) =>
        [...asked(x).params].flatMap(([name, value]) => {
          const kind = parameterOf(asked(x).type ?? '', name)?.kind
          const empty = (kind === 'reference' || kind === 'token') && value.split(',').some((one) => bare(one) === '')
          return empty
            ? [
                unmet(x, 'empty-value', `${name} is asked for without an id or code`, {
                  actual: value,
                  expression: name,
                }),
              ]
            : []
        }),
      ),
    )
  },
)

/** Together with the patient: only what answers. */
export const claimsAreSearchedWithPatient = check(
  'PDEX-340',
  'SHALL',
  'Claims are searched by date, update and type together with the patient',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        interaction === 'search-type' &&
        type === 'ExplanationOfBenefit' &&
        params.has('patient') &&
        x.move === 'search' &&
        !isMistaken(x) &&
        ['service-date', '_lastUpdated', 'type'].some((name) => params.has(name)),
    )
    const later = transcript.from(0)
    const findings = made.flatMap((x) => {
      const found = status(x, [200], `${choosing(asked(x).params).join(' and ')} are searched together`)
      return found.length > 0 ? found : exactness(x, later)
    })
    const tried = new Set(made.flatMap((x) => choosing(asked(x).params)))
    const open = ['service-date', '_lastUpdated', 'type'].filter((name) => !tried.has(name))
    return [
      ...few(findings),
      ...(open.length > 0 ? [undecided(undefined, `nobody searched claims by patient and ${open.join(', ')}`)] : []),
    ]
  },
)

/** Parameters that PDex defines itself, as far as they concern a member's data. */
const own: Readonly<Record<string, readonly string[]>> = {
  ExplanationOfBenefit: ['identifier', 'patient', 'service-date', 'type', 'use'],
  MedicationDispense: ['patient', 'status'],
}

export const ownParametersWork = check(
  'PDEX-352',
  'DESC',
  'Search parameters of PDex work where they are declared',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const later = transcript.from(0)
    const findings: Finding[] = []
    let judged = 0
    for (const [type, names] of Object.entries(own)) {
      const params = statement?.types.get(type)?.params
      const offered = (name: string): boolean => {
        const definition = params?.get(name)
        const elsewhere = name === 'use' && definition !== undefined && !definition.includes('davinci-pdex')
        return (params?.has(name) ?? false) && !elsewhere
      }
      for (const name of names.filter(offered)) {
        const made = requests(
          transcript,
          scene,
          ({ interaction, type: other, params }, x) =>
            interaction === 'search-type' &&
            other === type &&
            params.has(name) &&
            // What stands beside it may be ignored or refused where it is not offered (FHIR R4 search, errors).
            choosing(params).every((one) => one.startsWith('_') || offered(one.split(':')[0] ?? one)) &&
            x.move === 'search' &&
            !isMistaken(x),
        )
        if (made.length > 0) judged++
        for (const x of made)
          findings.push(
            ...(succeeded(x) ? exactness(x, later) : status(x, [200], `${name} of ${type} is declared and works`)),
          )
      }
    }
    return judged === 0
      ? [undecided(statement?.exchange, 'none of these parameters is declared and was tried')]
      : few(findings)
  },
)

export const searchingChecks: readonly Check[] = [
  spellingsAgree,
  clientNamesAtLeastAnId,
  claimsAreSearchedWithPatient,
  ownParametersWork,
]
