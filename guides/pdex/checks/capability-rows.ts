/** The rows of the capability table, each a check: declared, tried with a value of the member's own data, and true. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import { answered } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { notThere, versionFindings } from '../../core/checks/read.ts'
import { findsNothing } from '../../core/checks/search.ts'
import { few, hasToken, isMistaken, requests, status } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { bundleOf, keyOf, resourceOf } from '../../core/received.ts'
import { asked, choosing, succeeded } from '../../core/rest.ts'
import { type DeclaredType, declared } from '../../core/statement.ts'
import { type CapabilityRow, capabilityRows, rowsFor, type TypeInteraction } from '../capability-table.ts'

/** What is known of one row, while it is judged. */
interface Trial {
  readonly row: CapabilityRow
  readonly declared: DeclaredType | undefined
  readonly metadata: Exchange
  readonly transcript: Transcript
  readonly scene: Scene
}

/** Findings, and whether anything was judged at all. */
interface Outcome {
  readonly findings: readonly Finding[]
  readonly judged: boolean
}
const nothing: Outcome = { findings: [], judged: false }

/** A SHOULD that is not offered is told and costs nothing; a SHALL is unmet. */
const notOffered = ({ row, metadata }: Trial, what: string): Outcome =>
  row.verb === 'SHALL'
    ? {
        findings: [
          unmet(metadata, 'undeclared', `${what} of ${row.type} is not declared`, {
            expected: what,
            expression: `CapabilityStatement.rest.resource.where(type='${row.type}')`,
          }),
        ],
        judged: true,
      }
    : { findings: [noted(metadata, 'not-offered', `${what} of ${row.type} is not offered`)], judged: false }

/** Nobody tried it: a SHALL stays open, a SHOULD is told. */
const untried = ({ row }: Trial, what: string): Outcome => ({
  findings:
    row.verb === 'SHALL'
      ? [undecided(undefined, `nobody tried ${what} of ${row.type}`)]
      : [noted(undefined, 'not-tried', `${what} of ${row.type} was not tried`)],
  judged: false,
})

const isHonest = (x: Exchange, scene: Scene): boolean =>
  x.from === scene.requester && hasToken(x) && !isMistaken(x) && x.intent.state === undefined

function interaction(trial: Trial, code: TypeInteraction): Outcome {
  const { row, declared: onType, transcript, scene } = trial
  if (!onType?.interactions.has(code)) return notOffered(trial, code)
  const made = requests(
    transcript,
    scene,
    (asks, x) => asks.interaction === code && asks.type === row.type && isHonest(x, scene),
  )
  if (made.length === 0) return untried(trial, code)
  if (code === 'search-type')
    return {
      findings: made.filter(succeeded).some((x) => bundleOf(x)?.type === 'searchset')
        ? []
        : made.slice(0, 1).flatMap((x) => status(x, [200], `a search of ${row.type} works`)),
      judged: true,
    }
  if (code === 'read') return { findings: [...made.flatMap(readFindings), ...unknownRead(trial)], judged: true }
  return { findings: made.flatMap(versionFindings), judged: true }
}

/** What was received can be read; a 304 is an answer, too. */
function readFindings(x: Exchange): Finding[] {
  if (answered(x).status === 304) return []
  const found = status(x, [200], 'what was received can be read')
  const resource = resourceOf(x)
  const { type, id } = asked(x)
  return found.length > 0 || (resource && keyOf(resource) === `${type}/${id}`)
    ? found
    : [unmet(x, 'wrong-resource', 'a read gave another resource', { expected: `${type}/${id}` })]
}

/** An id that never was: 404. Whether an error says why is judged for itself (CORE-020). */
const unknownRead = ({ row, transcript, scene }: Trial): Finding[] =>
  requests(
    transcript,
    scene,
    (asks, x) => asks.interaction === 'read' && asks.type === row.type && x.intent.mistake === 'unknown-id',
  ).flatMap((x) => status(x, notThere, `a ${row.type} that never was is answered with 404`))

function searchBy(trial: Trial, together: readonly string[]): Outcome {
  const { row, declared: onType, transcript, scene } = trial
  const what = `the search by ${together.join(' and ')}`
  const made = requests(transcript, scene, (asks, x) => {
    if (asks.interaction !== 'search-type' || asks.type !== row.type || x.move !== 'search' || !isHonest(x, scene))
      return false
    const names = choosing(asks.params).map((name) => name.split(':')[0])
    return (
      together.every((name) => names.includes(name)) &&
      names.every((name) => together.includes(name ?? '') || name === 'patient')
    )
  })
  const unknown = together.filter((name) => !onType?.params.has(name))
  if (unknown.length > 0) {
    if (row.verb === 'SHALL') return notOffered(trial, what)
    // Not declared, and refused: legal. Not declared, and answered: nothing to hold it to.
    return {
      findings: [noted(made[0] ?? trial.metadata, 'not-offered', `${what} of ${row.type} is not offered`)],
      judged: false,
    }
  }
  if (made.length === 0) return untried(trial, what)
  const later = transcript.from(0)
  return {
    findings: few(
      made.flatMap((x) => {
        const found = status(x, [200], `${what} of ${row.type} is declared and works`)
        if (found.length > 0) return found
        if (bundleOf(x)?.type !== 'searchset')
          return [unmet(x, 'wrong-bundle', 'a search gives a searchset', { actual: bundleOf(x)?.type })]
        return [...exactness(x, later), ...emptyForASeed(x)]
      }),
      4,
    ),
    judged: true,
  }
}

/** The value was taken from a resource of the member's own: that one at least is found. */
const emptyForASeed = (x: Exchange): Finding[] => {
  const seed = x.intent.seed
  if (seed === undefined || matchesOf(x).some(({ resource }) => keyOf(resource) === seed)) return []
  const paged = bundleOf(x)?.link?.some(({ relation }) => relation === 'next')
  return paged
    ? []
    : [unmet(x, 'lost-match', 'the resource whose own value was searched for is not found', { expected: seed })]
}

/** A value that nothing has: an empty searchset, no error. */
const unmatched = ({ row, declared: onType, transcript, scene }: Trial): Outcome => {
  // Of a combination only what the row names, and the server declares: the other one may be refused.
  const isOf = (names: readonly string[]): boolean =>
    names.join() === '_id' ||
    row.searches.some(
      (together) =>
        names.every((name) => together.includes(name) || name === 'patient') &&
        together.every((name) => names.includes(name) && onType?.params.has(name)),
    )
  const made = requests(
    transcript,
    scene,
    (asks, x) =>
      asks.interaction === 'search-type' &&
      asks.type === row.type &&
      x.intent.mistake === 'unmatched-value' &&
      isOf(choosing(asks.params)),
  )
  return {
    findings: made.flatMap(findsNothing),
    judged: made.length > 0,
  }
}

function judgeRow(row: CapabilityRow, transcript: Transcript, scene: Scene): Finding[] {
  const statement = declared(transcript, scene)
  if (!statement) return [undecided(undefined, 'metadata is no CapabilityStatement')]
  const onType = statement.types.get(row.type)
  const trial: Trial = { row, declared: onType, metadata: statement.exchange, transcript, scene }
  if (!onType && (row.optional || row.verb !== 'SHALL'))
    return [undecided(statement.exchange, `${row.type} is not offered, and need not be`)]
  if (!onType)
    return [
      unmet(statement.exchange, 'undeclared', `${row.type} is not declared`, {
        expected: row.type,
        expression: 'CapabilityStatement.rest.resource',
      }),
    ]
  const outcomes = [
    ...row.interactions.map((code) => interaction(trial, code)),
    ...row.searches.map((together) => searchBy(trial, together)),
    row.searches.length > 0 ? unmatched(trial) : nothing,
  ]
  const findings = outcomes.flatMap(({ findings: found }) => found)
  return outcomes.some(({ judged }) => judged) || findings.some(({ code }) => code === 'not-decided')
    ? findings
    : [...findings, undecided(statement.exchange, `nothing of this row is offered for ${row.type}`)]
}

const titleOf = ({ type, verb }: CapabilityRow): string =>
  `${type}: what a server ${verb === 'SHALL' ? 'must' : 'should'} offer is declared and works`

/** One check a requirement; where the statements differ, each edition has its own row. */
export const capabilityRowChecks: readonly Check[] = [
  ...new Set(capabilityRows.map(({ requirement }) => requirement)),
].map((requirement) => {
  const rows = capabilityRows.filter((row) => row.requirement === requirement)
  const [first] = rows as [CapabilityRow]
  return check(requirement, first.verb, titleOf(first), (transcript, scene) => {
    const row = rowsFor(scene.editions).find((one) => one.requirement === requirement)
    if (!row) return [undecided(undefined, 'the statement for this edition of US Core does not list it')]
    return judgeRow(row, transcript, scene)
  })
})

/** The checks of one type. */
export const capabilityChecksOf = (type: string): readonly Check[] => {
  const ids = new Set(capabilityRows.filter((row) => row.type === type).map(({ requirement }) => requirement))
  return capabilityRowChecks.filter(({ requirement }) => ids.has(requirement))
}
