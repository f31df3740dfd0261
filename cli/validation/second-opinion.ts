/** `validate --engine hl7` and `--engine both`: HL7's Java validator judges, alone or beside our own engine. */

import { readFileSync } from 'node:fs'
import type { OperationOutcome } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'
import {
  type Agreement,
  agreements,
  type Comparison,
  compare,
  type Opinion,
  opinionsOf,
} from '../../profiles/hl7/compare.ts'
import { startHl7 } from '../../profiles/hl7/engine.ts'
import { linesOf } from '../../profiles/input/batches.ts'
import { createJudge, type Setup, type Work } from '../../profiles/input/judge.ts'
import { placeOf, type Report } from '../../profiles/input/report.ts'
import { workOf } from '../../profiles/input/work.ts'
import { hl7Jar } from './hl7-jar.ts'
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
    packages: packagesFor(options, setup),
    anyExtensions: options.unknownExtensions !== 'error',
  })
  const ready = performance.now()
  try {
    const judge = createJudge(setup)
    const sums = new Map<Agreement, number>(agreements.map((agreement) => [agreement, 0]))
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
        if (options.format === 'text') await write(options.engine === 'both' ? bothText(judged) : hl7Text(judged))
        else all.push(judged)
      }
    }
    const times = { start: Math.round(ready - started), judging: Math.round(performance.now() - ready) }
    if (options.format === 'json')
      await write(
        `${JSON.stringify({ engine: `HL7 ${engine.version}`, resources: all.map(jsonOf(options)), agreement: Object.fromEntries(sums), milliseconds: times }, null, 2)}\n`,
      )
    else if (options.format === 'operationoutcome') await write(outcomeText(all.map(({ outcome }) => outcome)))
    else await write(sumText(sums, engine.version, times, options.engine === 'both'))
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
const packagesFor = ({ ig }: ValidateOptions, { editions, packages }: Setup): readonly string[] =>
  ig
    ? [...packages, ...ig.filter((name) => /^[a-z0-9.-]+[#@]/.test(name)).map((name) => name.replace('@', '#'))]
    : editions.map(([id, version]) => `${id}#${version}`)

const nameOf = ({ type, id }: Report): string => (type ? `  ${type}${id ? `/${id}` : ''}` : '')
const opinionText = (who: string, { severity, message, expression }: Opinion): string =>
  `  ${who}${severity.padEnd(12)}${expression || '(resource)'}: ${message}\n`

const hl7Text = ({ report, outcome }: Judged): string => {
  const opinions = opinionsOf(outcome).filter(({ severity }) => severity !== 'information')
  return opinions.length === 0
    ? ''
    : `${placeOf(report)}${nameOf(report)}\n${opinions.map((each) => opinionText('', each)).join('')}\n`
}

const bothText = ({ report, comparison }: Judged): string => {
  const { agreement, shared, onlyOurs, onlyTheirs } = comparison
  if (agreement === 'both accept') return ''
  return [
    `${placeOf(report)}${nameOf(report)}  ${agreement}\n`,
    ...shared.map(({ ours, theirs }) => `${opinionText('both  ', ours)}${' '.repeat(20)}HL7: ${theirs.message}\n`),
    ...onlyOurs.map((each) => opinionText('ours  ', each)),
    ...onlyTheirs.map((each) => opinionText('HL7   ', each)),
    '\n',
  ].join('')
}

const jsonOf =
  (options: ValidateOptions) =>
  ({ report, outcome, comparison }: Judged): unknown => {
    const { source, line, type, id } = report
    const place = { source, ...(line !== undefined && { line }), type, id }
    return options.engine === 'both' ? { ...place, ...comparison } : { ...place, outcome }
  }

const outcomeText = (outcomes: readonly OperationOutcome[]): string =>
  `${JSON.stringify(outcomes.length === 1 ? outcomes[0] : { resourceType: 'Bundle', type: 'collection', entry: outcomes.map((resource) => ({ resource })) }, null, 2)}\n`

const sumText = (
  sums: ReadonlyMap<Agreement, number>,
  version: string,
  times: { start: number; judging: number },
  both: boolean,
): string => {
  const total = [...sums.values()].reduce((sum, each) => sum + each, 0)
  const count = (agreement: Agreement): number => sums.get(agreement) ?? 0
  const agreed = count('both accept') + count('both refuse')
  const head = both
    ? `${total} resources: ${agreed} agreements (${count('both accept')} accepted, ${count('both refuse')} refused), ${count('only ours refuses')} refused by ours alone, ${count('only HL7 refuses')} by HL7's alone`
    : `${total} resources: ${count('both refuse') + count('only HL7 refuses')} refused`
  return `${head}\nHL7's validator ${version}: ${(times.start / 1000).toFixed(1)} s to start, ${(times.judging / 1000).toFixed(1)} s to judge\n`
}
