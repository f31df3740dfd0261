/**
 * Around every scenario: enter a private world, tell the journal line by line, and hold the scenario to its tags.
 *
 * A requirement tag is a promise: what is tagged is judged, and what is judged is tagged.
 */
import {
  After,
  Before,
  type ITestCaseHookParameter,
  Status,
  setDefaultTimeout,
  setDefinitionFunctionWrapper,
} from '@cucumber/cucumber'
import type { Examples, GherkinDocument, PickleStep, PickleTag, Scenario } from '@cucumber/messages'
import { type HarnessError, isHarnessError } from '../harness/errors.ts'
import type { StepLine } from '../harness/journal.ts'
import { type Verdict, type VerdictCode, worst } from '../harness/verdict.ts'
import { watchTheBreaker } from './breaker.ts'
import { askOracles } from './oracles.ts'
import { isPlayedIn, promisedIn } from './promises.ts'
import { type Tenancy, theRun } from './run.ts'
import type { HarnessWorld } from './world.ts'

const namesOf = (tags: readonly PickleTag[]): string[] => tags.map(({ name }) => name.slice(1))

// A sentence may wait for a system's real clock or for many answers; the wire gives up by itself.
setDefaultTimeout(-1)

/** How far a scenario has come. */
interface Progress {
  readonly steps: readonly PickleStep[]
  readonly began: number
  stepBegan: number
  /** Steps that the journal has been told, and exchanges. */
  toldSteps: number
  toldExchanges: number
}
const progress = new WeakMap<HarnessWorld, Progress>()

async function enter(this: HarnessWorld, { pickle, gherkinDocument }: ITestCaseHookParameter): Promise<unknown> {
  const run = theRun()
  if (run.interrupted || !isPlayedIn(namesOf(pickle.tags), run)) return 'skipped'
  run.told += 1
  const uri = pickle.uri.replaceAll('\\', '/')
  this.id = run.idOf?.({ uri, line: pickle.location?.line ?? 0 }, run.editions) ?? `${run.prefix}${run.told}`
  const began = performance.now()
  progress.set(this, { steps: pickle.steps, began, stepBegan: began, toldSteps: 0, toldExchanges: 0 })
  const { feature } = gherkinDocument
  const place = placeOf(gherkinDocument, pickle.astNodeIds)
  let tenancy: Tenancy
  try {
    tenancy = await run.stage.open(this.id, run.editions, this.transcript)
  } catch (error) {
    if (!isHarnessError(error)) throw error
    // Without a stage there is nothing to play: the next scenario would fare no better.
    run.told -= 1
    this.id = ''
    run.interrupted = wordsOf(error)
    return 'skipped'
  }
  this.enter(tenancy)
  run.journal({
    line: 'scenario',
    id: this.id,
    feature: feature?.name ?? '',
    uri,
    ...(place.rule ? { rule: place.rule } : {}),
    name: pickle.name,
    ...(place.example ? { example: place.example } : {}),
    tags: pickle.tags.map((tag) => tag.name),
    editions: run.editions,
    at: tenancy.clock.now().toISOString(),
  })
  return undefined
}
Before(enter)

const wordsOf = ({ message, remedy }: HarnessError): string => `${message}${remedy ? ` (${remedy})` : ''}`

async function end(this: HarnessWorld, { pickle, result }: ITestCaseHookParameter): Promise<void> {
  const reached = progress.get(this)
  if (!this.id || !reached) return
  const run = theRun()
  if (result?.status === Status.UNDEFINED || result?.status === Status.AMBIGUOUS)
    this.trouble ??= `a sentence of the scenario is ${result.status.toLowerCase()}: ${result.message ?? ''}`
  if (result?.status === Status.FAILED) this.trouble ??= result.message ?? 'a step failed'
  // One that Cucumber gave up, since something else in the process broke down, has not ended by itself.
  tellStep(this, 'error')
  const tagged = promisedIn(namesOf(pickle.tags), theRun()) ?? []
  const judged = new Set(this.verdicts.map((verdict) => verdict.requirement))
  // After the promise of the tags was counted: what an oracle finds was promised by nobody (guides/oracles/oracle.ts).
  hearOracles(this)
  const broken = this.trouble ?? (this.skipped ? undefined : promiseBroken(tagged, judged))
  const reason = broken ?? this.skipped
  if (reason) {
    // Nothing is lost in silence: what the scenario promised and did not come to is told as skip, or as our error.
    for (const id of tagged.filter((id) => !judged.has(id))) tell(this, missing(id, broken ? 'error' : 'skip', reason))
  }
  const code: VerdictCode = broken ? 'error' : this.verdicts.length > 0 ? worst(weighty(this.verdicts)) : 'skip'
  watchTheBreaker(run, this.transcript.from(0))
  try {
    await this.leave()
  } catch (error) {
    if (!isHarnessError(error)) throw error
    // What was judged stands; but whoever cannot be left cannot be entered either.
    run.interrupted ??= wordsOf(error)
  }
  run.journal({
    line: 'end',
    scenario: this.id,
    code,
    ...(reason ? { reason } : {}),
    milliseconds: Math.round(performance.now() - reached.began),
  })
}
After(end)

/** Tells what the oracles found. An oracle that breaks down is our trouble, never silence. */
function hearOracles(scenario: HarnessWorld): void {
  try {
    for (const verdict of askOracles(scenario)) tell(scenario, verdict)
  } catch (error) {
    scenario.trouble ??= `an oracle broke down: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

/** A scenario that judged something passes by what it judged: a skip beside passes does not hide them. */
const weighty = (verdicts: readonly Verdict[]): VerdictCode[] => {
  const codes = verdicts.map((verdict) => verdict.code)
  const decided = codes.filter((code) => code !== 'skip')
  return decided.length > 0 ? decided : codes
}

const promiseBroken = (tagged: readonly string[], judged: ReadonlySet<string>): string | undefined => {
  const unjudged = tagged.filter((id) => !judged.has(id))
  const untagged = [...judged].filter((id) => !tagged.includes(id))
  if (unjudged.length === 0 && untagged.length === 0) return undefined
  const parts = [
    unjudged.length ? `tagged and not judged: ${unjudged.join(', ')}` : '',
    untagged.length ? `judged and not tagged: ${untagged.join(', ')}` : '',
  ]
  return `the scenario breaks the promise of its tags (${parts.filter(Boolean).join('; ')})`
}

function tell(scenario: HarnessWorld, verdict: Verdict): void {
  scenario.verdicts.push(verdict)
  theRun().journal({ line: 'verdict', scenario: scenario.id, step: scenario.step, verdict })
}

const missing = (id: string, code: 'skip' | 'error', reason: string): Verdict => {
  const requirement = theRun().requirements.get(id)
  return {
    requirement: id,
    check: `${id}/not-reached`,
    verb: requirement?.level ?? 'SHALL',
    title: requirement?.statement ?? id,
    code,
    findings: [
      {
        severity: code === 'error' ? 'error' : 'information',
        code: code === 'error' ? 'exception' : 'not-decided',
        message: reason,
      },
    ],
    evidence: [],
  }
}

/**
 * Every sentence runs inside this, and is told when it has ended. A move that could not be made because an earlier one was refused
 * (no token, no match) is not our trouble: the scenario was not reached, and the scenarios about the earlier move say whose fault
 * it is.
 */
// biome-ignore lint/complexity/noBannedTypes: Cucumber's own signature
setDefinitionFunctionWrapper((sentence: Function) => {
  if (sentence === enter || sentence === end) return sentence
  const wrapped = async function (this: HarnessWorld, ...words: unknown[]): Promise<unknown> {
    const reached = progress.get(this)
    this.step += 1
    if (reached) reached.stepBegan = performance.now()
    let status: StepLine['status'] = 'error'
    try {
      const lacking = words.find((word) => isHarnessError(word))
      if (lacking) throw lacking
      const result: unknown = await sentence.apply(this, words)
      status = result === 'skipped' ? 'skipped' : 'passed'
      return result
    } catch (error) {
      if (isHarnessError(error, 'not-seen', 'cannot-set-up')) {
        this.skipped ??= `not reached: ${error.message}`
        status = 'skipped'
        return 'skipped'
      }
      this.trouble ??=
        error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join('\n') : String(error)
      throw error
    } finally {
      tellStep(this, status)
    }
  }
  // Cucumber tells callbacks from promises by the number of parameters.
  Object.defineProperty(wrapped, 'length', { value: sentence.length })
  return wrapped
})

/** Tells the journal of the step that has ended, and of what was said in it; once, whoever comes first. */
function tellStep(scenario: HarnessWorld, status: StepLine['status']): void {
  const reached = progress.get(scenario)
  const step = reached?.steps[scenario.step - 1]
  if (!reached || !step || reached.toldSteps === scenario.step) return
  reached.toldSteps = scenario.step
  const { journal } = theRun()
  for (const exchange of scenario.transcript.from(reached.toldExchanges))
    journal({ line: 'exchange', scenario: scenario.id, step: scenario.step, exchange })
  reached.toldExchanges = scenario.transcript.length
  const setUp = scenario.arranged.filter(({ step }) => step === scenario.step).map(({ words }) => words)
  const message = status === 'error' ? scenario.trouble : status === 'skipped' ? scenario.skipped : undefined
  journal({
    line: 'step',
    scenario: scenario.id,
    step: scenario.step,
    keyword: keywordOf(step),
    text: step.text,
    status,
    ...(message ? { message } : {}),
    ...(setUp.length > 0 ? { setUp } : {}),
    milliseconds: Math.round(performance.now() - reached.stepBegan),
  })
}

/** Context, Action, Outcome are what a pickle keeps of Given, When, Then. */
const keywordOf = (step: PickleStep): string =>
  ({ Context: 'Given', Action: 'When', Outcome: 'Then', Unknown: '*' })[step.type ?? 'Unknown'] ?? '*'

/** The Rule that a scenario stands in, and its row of Examples. */
function placeOf(document: GherkinDocument, ids: readonly string[]): { rule?: string; example?: string } {
  const found: { rule?: string; example?: string } = {}
  const visit = (scenario: Scenario | undefined, rule?: string): void => {
    if (!scenario || !ids.includes(scenario.id)) return
    if (rule) found.rule = rule
    for (const examples of scenario.examples) {
      const example = exampleOf(examples, ids)
      if (example) found.example = example
    }
  }
  for (const child of document.feature?.children ?? []) {
    visit(child.scenario)
    for (const inner of child.rule?.children ?? []) visit(inner.scenario, child.rule?.name)
  }
  return found
}

const exampleOf = ({ tableHeader, tableBody }: Examples, ids: readonly string[]): string | undefined => {
  const row = tableBody.find(({ id }) => ids.includes(id))
  return row && tableHeader?.cells.map((cell, i) => `${cell.value}: ${row.cells[i]?.value ?? ''}`).join(', ')
}
