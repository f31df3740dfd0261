/** `validate --engine hl7` and `--engine both`: HL7's Java validator judges, alone or beside our own engine. */

import { existsSync, readFileSync } from 'node:fs'
import type { OperationOutcome } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'
import {
  type Agreement,
  agreements,
  type Comparison,
  compare,
  type Meeting,
  type Opinion,
  opinionsOf,
} from '../../profiles/hl7/compare.ts'
import { startHl7 } from '../../profiles/hl7/engine.ts'
import type { Wanted } from '../../profiles/hl7/provision.ts'
import { linesOf } from '../../profiles/input/batches.ts'
import { createJudge, type Setup, type Work } from '../../profiles/input/judge.ts'
import { placeOf, type Report } from '../../profiles/input/report.ts'
import { workOf } from '../../profiles/input/work.ts'
import { splitPackageName } from '../../profiles/packages/find.ts'
import { hl7Jar } from './hl7-jar.ts'
import { hl7Places } from './hl7-packages.ts'
import type { ValidateOptions } from './options.ts'
import { sourcesOf, write } from './screen.ts'
import { setupOf } from './setup.ts'

interface Judged {
  readonly report: Report
  readonly outcome: OperationOutcome
  readonly comparison: Comparison
}

/** Judges and reports. The exit code is that of the engine, or of the stricter one. */
export async function secondOpinion(paths: readonly string[], options: ValidateOptions): Promise<number> {
  if (options.format === 'junit' || options.mustSupport)
    throw new HarnessError('bad-input', 'JUnit and must-support are reports of our own engine', {
      remedy: 'leave --engine away for them; --engine hl7 and both write text, json and operationoutcome',
    })
  const setup = { ...(await setupOf(options)), everything: true }
  const sources = sourcesOf(paths)
  const started = performance.now()
  const engine = await startHl7({
    jar: hl7Jar(options.jar),
    ...packagesFor(options, setup),
    ...hl7Places(options.packages),
    anyExtensions: options.unknownExtensions !== 'error',
  })
  const ready = performance.now()
  if (options.verbose) for (const note of engine.notes) process.stderr.write(`HL7's validator: ${note}\n`)
  else if (engine.notes.length > 0)
    process.stderr.write(
      `HL7's validator works with what is at hand: ${engine.notes.length} packages are missing or stand for others (--verbose names them)\n`,
    )
  try {
    const judge = createJudge(setup)
    const sums = new Map<Agreement, number>(agreements.map((agreement) => [agreement, 0]))
    const warnings = { shared: 0, ours: 0, theirs: 0 }
    const all: Judged[] = []
    for await (const work of workOf(sources, process.stdin)) {
      for (const { bytes, alone } of singles(work)) {
        const [report] = (await judge.judgeAsking(alone)).reports
        const outcome = await engine.validate(bytes, setup.profiles)
        if (!report) continue
        const troubles = report.troubles.map(
          ({ severity, message }): Opinion => ({ severity, message, expression: '' }),
        )
        const comparison = compare([...troubles, ...report.findings], outcome)
        sums.set(comparison.agreement, (sums.get(comparison.agreement) ?? 0) + 1)
        const judged = { report, outcome, comparison }
        warnings.shared += comparison.warnings.shared.length
        warnings.ours += comparison.warnings.onlyOurs.length
        warnings.theirs += comparison.warnings.onlyTheirs.length
        if (options.format === 'text')
          await write(options.engine === 'both' ? bothText(judged, options.verbose === true) : hl7Text(judged))
        else all.push(judged)
      }
    }
    const memory = engine.memory()
    const times = { start: Math.round(ready - started), judging: Math.round(performance.now() - ready) }
    if (options.format === 'json')
      await write(
        `${JSON.stringify({ engine: `HL7 ${engine.version}`, resources: all.map(jsonOf(options)), agreement: Object.fromEntries(sums), warnings, milliseconds: times, notes: engine.notes, ...(memory !== undefined && { memory }) }, null, 2)}\n`,
      )
    else if (options.format === 'operationoutcome') await write(outcomeText(all.map(({ outcome }) => outcome)))
    else
      await write(sumText(sums, engine.version, { ...times, memory }, options.engine === 'both' ? warnings : undefined))
    const count = (agreement: Agreement): number => sums.get(agreement) ?? 0
    const refused =
      count('both refuse') + count('only HL7 refuses') + (options.engine === 'both' ? count('only ours refuses') : 0)
    return refused > 0 ? 1 : count('both accept') + count('only ours refuses') > 0 ? 0 : 2
  } finally {
    await engine.stop()
  }
}

/** Each resource as a piece of work of its own, and its bytes as they are. */
function* singles(work: Work): Generator<{ bytes: Buffer; alone: Work }> {
  if (work.kind === 'document') yield { bytes: Buffer.from(work.bytes), alone: work }
  else if (work.kind === 'lines')
    for (const { bytes, line } of linesOf(work.batch)) {
      const own = new Uint8Array(bytes)
      yield {
        bytes: Buffer.from(own),
        alone: { kind: 'lines', source: work.source, batch: { bytes: own, firstLine: line } },
      }
    }
  else for (const file of work.files) yield { bytes: readFileSync(file.path), alone: { kind: 'files', files: [file] } }
}

/** The packages that HL7's engine is to load: those that the user names, else those of the editions. */
const packagesFor = ({ ig }: ValidateOptions, { editions, packages }: Setup): Pick<Wanted, 'packages' | 'guides'> =>
  ig
    ? { packages: [...packages, ...ig.filter((name) => !existsSync(name) && splitPackageName(name) !== undefined)] }
    : { packages: [], guides: editions.map(([id, version]) => `${id}#${version}`) }

const nameOf = ({ type, id }: Report): string => (type ? `  ${type}${id ? `/${id}` : ''}` : '')
const opinionText = (who: string, { severity, message, expression }: Opinion): string =>
  `  ${who}${severity.padEnd(12)}${expression || '(resource)'}: ${message}\n`

const hl7Text = ({ report, outcome }: Judged): string => {
  const opinions = opinionsOf(outcome).filter(({ severity }) => severity !== 'information')
  return opinions.length === 0
    ? ''
    : `${placeOf(report)}${nameOf(report)}\n${opinions.map((each) => opinionText('', each)).join('')}\n`
}

const bothText = ({ report, comparison }: Judged, verbose: boolean): string => {
  const { agreement, warnings } = comparison
  const lines = [...meetingText(comparison), ...(verbose ? meetingText(warnings) : [])]
  if (agreement === 'both accept' && lines.length === 0) return ''
  return `${placeOf(report)}${nameOf(report)}  ${agreement}\n${lines.join('')}\n`
}

const meetingText = ({ shared, onlyOurs, onlyTheirs }: Meeting): string[] => [
  ...shared.map(({ ours, theirs }) => `${opinionText('both  ', ours)}${' '.repeat(20)}HL7: ${theirs.message}\n`),
  ...onlyOurs.map((each) => opinionText('ours  ', each)),
  ...onlyTheirs.map((each) => opinionText('HL7   ', each)),
]

const jsonOf =
  (options: ValidateOptions) =>
  ({ report, outcome, comparison }: Judged): unknown => {
    const { source, line, type, id } = report
    const place = { source, ...(line !== undefined && { line }), type, id }
    return options.engine === 'both' ? { ...place, ...comparison } : { ...place, outcome }
  }

const outcomeText = (outcomes: readonly OperationOutcome[]): string =>
  `${JSON.stringify(outcomes.length === 1 ? outcomes[0] : { resourceType: 'Bundle', type: 'collection', entry: outcomes.map((resource) => ({ resource })) }, null, 2)}\n`

interface Took {
  readonly start: number
  readonly judging: number
  readonly memory: number | undefined
}

const sumText = (
  sums: ReadonlyMap<Agreement, number>,
  version: string,
  { start, judging, memory }: Took,
  /** Where both judged. */
  warnings: { shared: number; ours: number; theirs: number } | undefined,
): string => {
  const total = [...sums.values()].reduce((sum, each) => sum + each, 0)
  const count = (agreement: Agreement): number => sums.get(agreement) ?? 0
  const agreed = count('both accept') + count('both refuse')
  const head = warnings
    ? `${total} resources: ${agreed} agreements (${count('both accept')} accepted, ${count('both refuse')} refused), ${count('only ours refuses')} refused by ours alone, ${count('only HL7 refuses')} by HL7's alone\nwarnings: ${warnings.shared} by both at one place, ${warnings.ours} by ours alone, ${warnings.theirs} by HL7's alone`
    : `${total} resources: ${count('both refuse') + count('only HL7 refuses')} refused`
  return `${head}\nHL7's validator ${version}: ${(start / 1000).toFixed(1)} s to start, ${(judging / 1000).toFixed(1)} s to judge${memory === undefined ? '' : `, ${Math.round(memory / 1e6)} MB of memory at most`}\n`
}
