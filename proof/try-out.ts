/** One trial: scenarios are played with the fault in place until what it breaks has been found unmet, at the right exchange. */
import type { Verdict } from '../harness/verdict.ts'
import { type Fact, inOrder, next, type Said } from './facts.ts'
import { nextCandidate } from './plan.ts'
import { type Mark, pointing } from './pointing.ts'
import { withoutPorts } from './sameness.ts'
import type { Catch, Outcome, Trial } from './trial.ts'

/** A scenario played under a trial. */
export interface Retold {
  readonly verdicts: readonly Verdict[]
  /** Index of an exchange in the transcript. */
  readonly indexOf: (exchange: string) => number
  /** The conversation, for comparison; asked for only when something was found. */
  readonly said: () => readonly Said[]
  readonly marks: readonly Mark[]
  /** Why it could not be played, if it could not. */
  readonly trouble?: string
}

export type Replay = (fact: Fact) => Promise<Retold>

/** Plays the trial. `facts` by id. */
export async function tryOut(trial: Trial, facts: ReadonlyMap<string, Fact>, replay: Replay): Promise<Outcome> {
  const candidates = trial.candidates.flatMap((id) => facts.get(id) ?? [])
  const named = new Set(trial.goals.flat())
  const played = new Set<string>()
  const keys: string[] = []
  const caught: Catch[] = []
  const misplaced: Catch[] = []
  const collateral: Catch[] = []
  const undecided = new Set<string>()
  const open = (): (readonly string[])[] =>
    trial.goals.filter((goal) => !caught.some(({ requirement }) => goal.includes(requirement)))
  const hinted = (trial.hints ?? []).flatMap((id) => facts.get(id) ?? [])
  const following = (): Fact | undefined =>
    nextCandidate(hinted, played, open()) ??
    nextCandidate(candidates, played, open()) ??
    (trial.all ? candidates.find(({ id }) => !played.has(id)) : undefined)

  for (let fact = following(); fact; fact = following()) {
    played.add(fact.id)
    keys.push(fact.key)
    const told = await replay(fact)
    const honest = inOrder(fact.judged)
    const counts = new Map<string, number>()
    for (const verdict of told.verdicts) {
      const { requirement, check, code } = verdict
      const before = honest.get(`${check}#${next(counts, check)}`)
      const found = { requirement, check, code, scenario: fact.key }
      if (trial.kind === 'variant') {
        if (code === 'skip' && before === 'pass') undecided.add(`${fact.key}: ${check}`)
        if (isAlarm(verdict, before, trial))
          collateral.push({ ...found, pointing: 'read', message: messageOf(verdict) })
        continue
      }
      // What the honest system is told as well was not found because of the fault; our own trouble finds nothing.
      if (!isUnmet(verdict, before) || verdict.findings.length === 0) continue
      const where = whereTo(verdict, fact, told)
      const one: Catch = { ...found, pointing: where, message: messageOf(verdict) }
      if (!named.has(requirement)) collateral.push(one)
      else (where === 'elsewhere' ? misplaced : caught).push(one)
    }
    if (trial.kind === 'variant' && told.trouble)
      collateral.push({
        requirement: '',
        check: '',
        code: 'error',
        scenario: fact.key,
        pointing: 'read',
        message: told.trouble,
      })
  }
  const { id, kind, subjects, title, goals } = trial
  return { id, kind, subjects, title, goals, caught, misplaced, collateral, undecided: [...undecided], played: keys }
}

/** What may be left out costs nothing: it is offered wrongly where an error is found, and the honest system shows none. */
const isUnmet = ({ code, verb, findings }: Verdict, before: string | undefined): boolean =>
  ((code === 'fail' || code === 'warning') && before !== code) ||
  (verb === 'MAY' && code === 'skip' && findings.some(({ severity }) => severity === 'error'))

const isAlarm = ({ code, requirement }: Verdict, before: string | undefined, { mayWarn }: Trial): boolean => {
  if (code === before) return false
  if (code === 'warning') return !mayWarn.includes(requirement)
  return code === 'fail' || code === 'error'
}

/** The finding for which the verdict is what it is, and where it points; the best of several. */
function whereTo({ findings, evidence }: Verdict, { said }: Fact, told: Retold): Catch['pointing'] {
  const play = { honest: said, now: told.said(), marks: told.marks }
  const read = evidence.map(told.indexOf).filter((index) => index >= 0)
  const grave = findings.filter(({ severity }) => severity === 'error')
  const places = (grave.length > 0 ? grave : findings).map(({ exchange }) => {
    const at = exchange === undefined ? -1 : told.indexOf(exchange)
    return pointing(play, at < 0 ? undefined : at, read)
  })
  return order.find((one) => places.includes(one)) ?? 'elsewhere'
}

const order: readonly Catch['pointing'][] = ['touched', 'dependent', 'silent', 'compared', 'read', 'elsewhere']

const messageOf = ({ findings }: Verdict): string => withoutPorts(findings[0]?.message ?? '')
