/** How the reports call things: verdicts with their sign, durations, values. Shared by every format. */
import type { Editions } from '../harness/edition.ts'
import type { ScenarioLine } from '../harness/journal.ts'
import type { Exchange } from '../harness/transcript.ts'
import type { Verb, VerdictCode } from '../harness/verdict.ts'
import type { PlayedStep, RollUp } from './run.ts'

/** A verdict never speaks by colour alone: a sign and a word go with it. */
export const signs: Readonly<Record<VerdictCode, string>> = {
  pass: '✓',
  warning: '▲',
  fail: '✗',
  skip: '–',
  error: '!',
}

/** What each verdict means, in one line. */
export const meanings: Readonly<Record<VerdictCode, string>> = {
  pass: 'judged, and met',
  warning: 'a SHOULD, or expected behaviour, is not met',
  fail: 'a SHALL is not met',
  skip: 'not judged: it never came to it, or it could not be decided',
  error: 'our own trouble; not counted against anybody',
}

/** What the level of a statement means for its verdict; the guides' own words first, then what we call what has none. */
export const levelMeanings: readonly (readonly [levels: readonly Verb[], meaning: string])[] = [
  [['SHALL', 'SHALL NOT'], 'the guide demands it: not met, it is a fail'],
  [['SHOULD', 'SHOULD NOT'], 'the guide advises it: not met, it is a warning'],
  [['MAY'], 'the guide allows it: not offered, it is a skip'],
  [['IMPLIED'], 'the guide expects it without such a word: not met, it is a warning'],
  [['DESC'], 'a step that the guide describes: not met, it is a warning'],
]

/** `340 ms`, `2.4 s`, `3 min 05 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** `1 scenario`, `2 scenarios` */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

/** A value of a finding as text: strings as they are, a list of them as a list, anything else as JSON. */
export function valueText(value: unknown, indent?: number): string {
  if (typeof value === 'string') return value
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' || typeof one === 'number')
  )
    return value.join(indent === undefined ? ', ' : '\n')
  return JSON.stringify(value, null, indent) ?? 'nothing'
}

/** `POST https://payer.example/fhir/Patient/$member-match  200` */
export const callText = ({ request, response, failure }: Pick<Exchange, 'request' | 'response' | 'failure'>): string =>
  `${request.method} ${request.url}  ${response?.status ?? failure?.kind ?? ''}`

/** The one sentence that says how it ended. A scenario passes by what it judged, so what was not decided is told of requirements. */
export function headline(
  { scenarios, requirements }: Pick<RollUp, 'scenarios' | 'requirements'>,
  incomplete?: string,
): string {
  const total = Object.values(scenarios).reduce((a, b) => a + b, 0)
  const start = incomplete === undefined ? '' : 'Incomplete. '
  if (total === 0) return `${start}Nothing was played.`
  if (scenarios.fail > 0)
    return `${start}${scenarios.fail} of ${count(total, 'scenario')} ${scenarios.fail === 1 ? 'shows' : 'show'} a requirement that is not met.`
  if (scenarios.error > 0)
    return `${start}No requirement failed, but ${count(scenarios.error, 'scenario')} could not be played.`
  if (scenarios.pass + scenarios.warning === 0) return `${start}Nothing could be judged.`
  const { warning } = scenarios
  const { skip } = requirements
  const rest = [
    ...(warning > 0 ? [`${count(warning, 'scenario')} ${warning === 1 ? 'shows' : 'show'} what should be better`] : []),
    ...(skip > 0 ? [`of ${count(skip, 'requirement')} something was left undecided`] : []),
  ]
  if (rest.length > 0) return `${start}No requirement failed; ${rest.join(', ')}.`
  return `${start}Every requirement that was judged is met.`
}

/** `Nobody fits (mistake: expired)`; what the name says already is not said twice. */
export function scenarioTitle({ name, example }: Pick<ScenarioLine, 'name' | 'example'>): string {
  const left = exampleBeside({ name, ...(example === undefined ? {} : { example }) })
  return left ? `${name} (${left})` : name
}

/** The cells of an outline's row that its name does not show. */
export const exampleBeside = ({ name, example = '' }: Pick<ScenarioLine, 'name' | 'example'>): string =>
  example
    .split(/, (?=[\w -]+: )/)
    .filter((cell) => !name.includes(cell.replace(/^[^:]*: /, '')))
    .join(', ')

/** `Set up off the wire: …`; what the sentence says already is not said twice. */
export function setUpText({ text, setUp }: Pick<PlayedStep, 'text' | 'setUp'>): string {
  const unsaid = setUp.filter((one) => one !== text)
  return `Set up off the wire${unsaid.length > 0 ? `: ${unsaid.join('; ')}` : ''}`
}

/** Where an edition is short of space: `pdex 2.2.0`, the guide under test before those it builds on. */
export function shortEdition(editions: Editions): string {
  const [guide, version] = Object.entries(editions)[0] ?? []
  return guide ? `${guide} ${version}` : 'any edition'
}

/** Terminals obey control characters; a system under test must not speak to them. */
export const tame = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
