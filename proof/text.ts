/** The proof for a terminal: progress while it is made, and a table at its end. */
import type { Writable } from 'node:stream'
import pc from 'picocolors'
import type { Result } from './orders.ts'
import type { Proof } from './prove.ts'
import { missedOf, type Outcome, type State, stateOf } from './trial.ts'

type Paint = ReturnType<typeof pc.createColors>

/** One line that is written over on a terminal; elsewhere a line for every tenth part. */
export function progress(
  out: Writable & { readonly isTTY?: boolean },
  colours = false,
): {
  tell(result: Result, done: number, of: number): void
  end(): void
} {
  const line = (text: string): void => void (out.isTTY && out.write(`\r\u001B[K${text}`))
  const tenth = (text: string, done: number, of: number): void => {
    const parts = (count: number): number => Math.floor((10 * count) / of)
    if (!out.isTTY && parts(done) > parts(done - 1)) out.write(`${text}\n`)
  }
  return {
    tell(result, done, of) {
      if (result.is === 'honest') {
        line(`honest run: ${done} of ${of}`)
        tenth(`honest run: ${done} of ${of}`, done, of)
        return
      }
      const { outcome } = result
      const state = stateOf(outcome)
      if (state === 'survived' || state === 'alarm') {
        line('')
        out.write(`${wrong(outcome, pc.createColors(colours))}\n`)
      }
      line(`trials: ${done} of ${of}  ${outcome.id}`)
      tenth(`trials: ${done} of ${of}`, done, of)
    },
    end: () => line(''),
  }
}

/** What is wrong with one that survived or cried wolf. */
function wrong(outcome: Outcome, paint: Paint): string {
  const state = stateOf(outcome)
  const head = `${paint.red(state.toUpperCase().padEnd(9))} ${outcome.id}: ${outcome.title}`
  const missed = missedOf(outcome).map((id) => {
    const elsewhere = outcome.misplaced.find(({ requirement }) => requirement === id)
    return elsewhere
      ? `  ${id} was found at another exchange: ${elsewhere.check} in ${elsewhere.scenario}: ${elsewhere.message}`
      : `  ${id} was not found unmet in ${outcome.played.length} scenarios`
  })
  const alarms = outcome.kind === 'variant' ? outcome.collateral : []
  return [
    head,
    ...missed,
    ...alarms.slice(0, 5).map(({ check, code, scenario, message }) => `  ${code} ${check} in ${scenario}: ${message}`),
    ...(alarms.length > 5 ? [`  and ${alarms.length - 5} more`] : []),
  ].join('\n')
}

/** What a proof after a change was about. */
function shortText({ changed, shared, scenarios, trials }: NonNullable<Proof['short']>): string[] {
  const some = (one: { readonly taken: number; readonly of: number }): string =>
    one.taken === one.of ? `all ${one.of}` : `a sample of ${one.taken} of ${one.of}`
  return [
    changed.length === 0 ? 'Nothing was changed since the last proof.' : `Changed: ${changed.join(', ')}`,
    ...(shared.length > 0
      ? [`Shared by so much that only a whole proof says whether all is well: ${shared.join(', ')}`]
      : []),
    `Of what it touches ${some(scenarios)} scenarios and ${some(trials)} trials were played.`,
  ]
}

/** The end of it. */
export function proofText(proof: Proof, folder: string, colours = false): string {
  const paint = pc.createColors(colours)
  const { counts, kills, alarms, rows } = proof
  const single = rows.filter(({ kind }) => kind === 'fault' || kind === 'client fault')
  const pairs = rows.filter(({ kind }) => kind === 'pair')
  const quiet = rows.filter(({ kind }) => kind === 'variant')
  const all = (list: readonly unknown[], good: number, word: string): string =>
    list.length === 0 ? '' : `  ${good} of ${list.length} ${word}\n`
  const { short } = proof
  const lines = [
    ...(short ? shortText(short) : []),
    ...alarms.map(({ scenario, check, code, message }) =>
      paint.red(`ALARM     without any fault: ${code} ${check} in ${scenario}: ${message}`),
    ),
    '',
    paint.bold('Proof'),
    `  ${proof.scenarios} scenarios without a fault: ${alarms.length === 0 ? 'no alarm' : `${alarms.length} alarms`}`,
  ]
  // Part of a proof leaves many alone.
  const untripped = proof.whole ? proof.untripped.map((check) => paint.red(`UNTRIPPED no fault trips ${check}`)) : []
  const caught = (list: readonly { readonly state: State }[]): number =>
    list.filter(({ state }) => state === 'caught' || state === 'masked' || state === 'quiet').length
  return `${[...untripped, ...lines].join('\n')}\n${all(single, caught(single), 'faults caught by every requirement that they name')}${all(
    pairs,
    caught(pairs),
    `pairs of faults caught, ${counts.masked} of them masking each other`,
  )}${all(quiet, caught(quiet), 'legal variants without an alarm')}
${kills.map(({ level, caught, of }) => `  ${level.padEnd(11)}${String(caught).padStart(5)} of ${String(of).padEnd(5)}${paint.dim(`${((100 * caught) / of).toFixed(1)} %`)}`).join('\n')}

  ${proof.untripped.length} checks that no fault trips, ${proof.unguarded.length} requirements without a fault, ${proof.soleGuards.length} guarded by one fault alone
  ${folder}/proof.json
`
}
