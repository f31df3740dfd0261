/** Text for people: findings by resource, then what was not decided and why, then the sum. */
import type { Finding } from '../finding.ts'
import { type Alike, placeOf, type Report, type Totals } from '../input/report.ts'
import type { Trouble } from '../input/trouble.ts'
import type { CoverageCount } from '../must-support/coverage.ts'
import { nameOf, type Output } from './output.ts'

/** Marks words for a terminal; the plain one leaves them as they are. */
export interface Paint {
  red(text: string): string
  yellow(text: string): string
  green(text: string): string
  bold(text: string): string
  dim(text: string): string
}
const same = (text: string): string => text
export const plain: Paint = { red: same, yellow: same, green: same, bold: same, dim: same }

/** So many kinds of undecided statements are written out; the rest is counted. */
const shownKinds = 15

/** The format. */
export function textOutput(paint: Paint = plain, everything = false): Output {
  return {
    take: (reports) => reports.map((report) => reportText(report, paint)).join(''),
    end: ({ totals, alike, coverage, milliseconds }) =>
      [
        everything ? '' : alikeText(alike, paint),
        coverage.map((count) => coverageText(count, paint)).join(''),
        totalsText(totals, milliseconds, paint),
      ].join(''),
  }
}

function reportText(report: Report, paint: Paint): string {
  const { troubles, findings } = report
  const name = nameOf(report)
  const head = `${paint.bold(placeOf(report))}${name ? `  ${name}` : ''}`
  if (troubles.length + findings.length === 0) return `${head}  ${paint.green('nothing found')}\n`
  const lines = [
    ...troubles.map((trouble) => troubleText(trouble, report, paint)),
    ...findings.map((finding) => findingText(finding, paint)),
  ]
  return `${head}\n${lines.join('')}\n`
}

const severityText = (severity: Finding['severity'], paint: Paint): string =>
  severity === 'error' ? paint.red('error  ') : severity === 'warning' ? paint.yellow('warning') : paint.dim('info   ')

const troubleText = ({ severity, code, message, line, column }: Trouble, report: Report, paint: Paint): string =>
  `  ${severityText(severity, paint)} ${report.source}:${line}:${column}: ${message}\n          ${paint.dim(code)}\n`

function findingText(
  { severity, code, key, message, expression, profile, element, expected, actual, nearest, line, column }: Finding,
  paint: Paint,
): string {
  const place = line === undefined ? '' : `line ${line}, column ${column}: `
  const values = [
    expected === undefined ? '' : `expected ${valueText(expected)}`,
    actual === undefined ? '' : `actual ${valueText(actual)}`,
    nearest?.length ? `nearest ${nearest.join(', ')}` : '',
  ].filter((part) => part !== '')
  return [
    `  ${severityText(severity, paint)} ${expression || '(resource)'}: ${oneLine(message)}\n`,
    `          ${paint.dim(`${place}${code}${key === undefined ? '' : ` ${key}`}, by ${profile}${element ? ` at ${element}` : ''}`)}\n`,
    values.length > 0 ? `          ${values.join('; ')}\n` : '',
  ].join('')
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')

/** A value in at most 160 characters. */
function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 157)}...` : oneLine(text)
}

function alikeText(alike: readonly Alike[], paint: Paint): string {
  const undecided = alike.filter(({ code }) => code.endsWith('not-decided'))
  const other = alike.filter(({ code }) => !code.endsWith('not-decided'))
  return [
    listText('not decided here: neither valid nor invalid, for the reason given', undecided, paint),
    listText('for information', other, paint),
  ].join('')
}

function listText(title: string, list: readonly Alike[], paint: Paint): string {
  if (list.length === 0) return ''
  const sum = list.reduce((total, { count }) => total + count, 0)
  const lines = list
    .slice(0, shownKinds)
    .map(
      ({ count, message, element, profile, first }) =>
        `  ${String(count).padStart(7)} x ${element || '(resource)'}${paint.dim(` by ${profile}`)}\n            ${first}: ${oneLine(message)}\n`,
    )
  const rest = list.length - shownKinds
  if (rest > 0) lines.push(`          and ${rest} kinds more; --verbose lists each with its resource\n`)
  return `${paint.bold(`${sum} ${title}`)}\n${lines.join('')}\n`
}

function coverageText({ profile, resources, elements }: CoverageCount, paint: Paint): string {
  const never = elements.filter(([, seen]) => seen === 0)
  const lines = elements.map(
    ([id, seen]) =>
      `  ${(seen === 0 ? paint.yellow : same)(`${String(seen).padStart(7)} of ${resources}`)}  ${id}${seen === 0 ? paint.yellow('  never seen') : ''}\n`,
  )
  return `${paint.bold(`must-support of ${profile}`)}: ${elements.length - never.length} of ${elements.length} elements seen in ${resources} ${resources === 1 ? 'resource' : 'resources'}\n${lines.join('')}\n`
}

const times = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

/** The last lines: how many, how many refused, how long. */
export function totalsText(totals: Totals, milliseconds: number, paint: Paint = plain): string {
  const { resources, refused, errors, warnings, information, passedOver, unjudged } = totals
  const verdict = refused === 0 ? paint.green('none refused') : paint.red(`${refused} refused`)
  return [
    `${times(resources, 'resource')}: ${verdict}; ${times(errors, 'error')}, ${times(warnings, 'warning')}, ${information} for information`,
    unjudged > 0 ? `; ${paint.red(`${unjudged} could not be judged`)}` : '',
    passedOver > 0 ? `; ${times(passedOver, 'JSON file')} without resourceType passed over` : '',
    ` (${milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`})\n`,
  ].join('')
}
