/** A check: one requirement, judged from what was said. It looks at a transcript and a scene, and speaks to nobody. */
import { isHarnessError } from './errors.ts'
import { isLost } from './failure.ts'
import type { Scene } from './scene.ts'
import { type Exchange, notAnswered, type Transcript } from './transcript.ts'
import { costOf, type Finding, type Verb, type Verdict, type VerdictCode } from './verdict.ts'

export interface Check {
  /** `PDEX-109/names-the-member`: the requirement, and which of its checks. */
  readonly id: string
  readonly requirement: string
  readonly verb: Verb
  /** What holds when it passes: `A match returns the MemberIdentifier`. */
  readonly title: string
  readonly judge: (transcript: Transcript, scene: Scene) => readonly Finding[]
}

/** Makes a check; the id is the requirement and the title in kebab case. */
export const check = (requirement: string, verb: Verb, title: string, judge: Check['judge']): Check => ({
  id: `${requirement}/${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`,
  requirement,
  verb,
  title,
  judge,
})

/** A finding that the statement is not met. */
export const unmet = (
  exchange: Exchange | undefined,
  code: string,
  message: string,
  detail: { expected?: unknown; actual?: unknown; expression?: string } = {},
): Finding => ({ severity: 'error', code, message, ...detail, ...(exchange ? { exchange: exchange.id } : {}) })

/** A finding that a reader should know and that costs nothing. */
export const noted = (exchange: Exchange | undefined, code: string, message: string): Finding => ({
  severity: 'information',
  code,
  message,
  ...(exchange ? { exchange: exchange.id } : {}),
})

/** A finding that says why it could not be judged: the verdict becomes skip unless something else is unmet. */
export const undecided = (exchange: Exchange | undefined, message: string): Finding => ({
  severity: 'information',
  code: 'not-decided',
  message,
  ...(exchange ? { exchange: exchange.id } : {}),
})

/**
 * Runs one check. Unmet findings cost what the verb says; a `not-decided` finding, an exchange that was never made and an
 * empty set of evidence end as skip; a missing answer or a throw is our trouble and ends as error, never as fail, also where
 * the check took the missing answer for a wrong one.
 */
export function verdictOf(check: Check, transcript: Transcript, scene: Scene): Verdict {
  const { id, requirement, verb, title } = check
  const verdict = (code: VerdictCode, findings: readonly Finding[], evidence: readonly string[]): Verdict => ({
    requirement,
    check: id,
    verb,
    title,
    code,
    findings,
    evidence,
  })
  try {
    const { result: findings, evidence } = transcript.watching(() => check.judge(transcript, scene))
    const seen = evidence.length > 0
    const wrong = findings.filter((f) => f.severity === 'error')
    const lost = wrong.flatMap((f) => lostAt(f, transcript))
    if (wrong.length > lost.length) return verdict(costOf[verb], findings, evidence)
    if (lost.length > 0) return verdict('error', lost, evidence)
    if (findings.some((f) => f.code === 'not-decided')) return verdict('skip', findings, evidence)
    if (!seen)
      return verdict('skip', [...findings, undecided(undefined, 'the check found nothing to look at')], evidence)
    if (findings.some((f) => f.severity === 'warning')) return verdict('warning', findings, evidence)
    return verdict('pass', findings, evidence)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    if (isHarnessError(cause, 'not-seen', 'not-decided')) return verdict('skip', [undecided(undefined, message)], [])
    const code = isHarnessError(cause, 'not-answered') ? 'not-answered' : 'exception'
    return verdict('error', [{ severity: 'error', code, message }], [])
  }
}

/** What is to be said instead of a finding about an answer that was lost on its way; nothing where it was not. */
function lostAt({ exchange: id }: Finding, transcript: Transcript): Finding[] {
  const exchange = id === undefined ? undefined : transcript.from(0).find((x) => x.id === id)
  if (!exchange?.failure || !isLost(exchange.failure)) return []
  return [{ severity: 'error', code: 'not-answered', message: notAnswered(exchange), exchange: exchange.id }]
}
