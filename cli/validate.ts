/** `validate`: are these resources what FHIR and their profiles say? Files, folders, NDJSON of any size, standard input. */
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Totals } from '../profiles/input/report.ts'
import { engines, formats, type ValidateOptions } from './validation/options.ts'

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
const positive = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 256) throw new InvalidArgumentError('a number from 1 to 256')
  return number
}

/** The verb; `ended` takes its exit code: 0 no error found, 1 some, 2 something could not be judged. */
export function validateCommand(ended: (code: number) => void): Command {
  return new Command('validate')
    .description('check resources against FHIR R4 and their profiles')
    .argument('<path...>', 'JSON, NDJSON or XML file, folder with such files, or - for standard input')
    .option('--profile <url>', 'hold every resource to this profile too (repeat for several)', collect)
    .option(
      '--ig <id#version>',
      'take definitions from this package: shipped, a .tgz, a folder, or in ~/.fhir/packages (repeat)',
      collect,
    )
    .option('--download', 'fetch packages that are not at hand from the registry, into ~/.fhir/packages')
    .option('--registry <url>', 'the FHIR package registry; default: https://packages.fhir.org')
    .option(
      '--references',
      'report references whose target is not among the inputs; their targets are looked up there anyway, up to 64 MB',
    )
    .option('--no-references', 'do not look up the targets of references in other files')
    .option('--tx <url>', 'let this terminology server decide the bindings that the definitions at hand leave open')
    .option('--tx-cache <file>', 'keep what it decided in this file, for the next run')
    .option('--tx-timeout <seconds>', 'how long to wait for its answer; default: 30', positive)
    .option('--edition <guide@version>', 'what a canonical without version means, e.g. pdex@2.2.0,us-core@7.0.0')
    .addOption(new Option('--format <format>', 'of the report').choices(formats).default('text'))
    .option('--must-support', 'count which must-support elements occur, by profile')
    .option(
      '--threads <number>',
      'default: one, or all cores where these are four or more and there is much to do',
      positive,
    )
    .addOption(
      new Option('--unknown-extensions <severity>', 'of an extension whose definition is not at hand')
        .choices(['error', 'warning', 'information', 'ignore'])
        .default('warning'),
    )
    .option('--verbose', 'every finding with its resource, and resources without any')
    .addOption(
      new Option('--engine <engine>', "who judges: our own, HL7's Java validator, or both compared")
        .choices(engines)
        .default('vitruvian'),
    )
    .option('--jar <file>', "HL7's validator; or VITRUVIAN_HL7_VALIDATOR, or what npm run hl7-validator:install left")
    .option(
      '--packages <folder>',
      "where HL7's validator finds packages (.tgz), beside ~/.fhir/packages; or VITRUVIAN_PACKAGES",
    )
    .addHelpText(
      'after',
      `
Examples:
  npx vitruvian validate patient.json
  npx vitruvian validate export/ --edition pdex@2.2.0 --must-support
  npx vitruvian validate big.ndjson --format junit > report.xml
  npx vitruvian validate eob.json --profile http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-Pharmacy
  npx vitruvian validate eob.json --engine both`,
    )
    .action(async (paths: string[], options: ValidateOptions) => ended(await validate(paths, options)))
}

async function validate(paths: readonly string[], options: ValidateOptions): Promise<number> {
  if (options.engine !== 'vitruvian') {
    const { secondOpinion } = await import('./validation/second-opinion.ts')
    return secondOpinion(paths, options)
  }
  const [
    { lookupOf, setupOf },
    { outputOf, progressFor, sourcesOf, write },
    { judgeAll },
    { workOf },
    { Sum },
    { noTotals },
  ] = await Promise.all([
    import('./validation/setup.ts'),
    import('./validation/screen.ts'),
    import('../profiles/input/pool.ts'),
    import('../profiles/input/work.ts'),
    import('../profiles/output/output.ts'),
    import('../profiles/input/report.ts'),
  ])
  const started = performance.now()
  const sources = sourcesOf(paths)
  const setup = { ...(await setupOf(options)), ...(await lookupOf(sources, options)) }
  const output = await outputOf(options)
  const size = sources.reduce((sum, source) => sum + source.size, 0)
  const threads = options.threads ?? threadsFor(size)
  if (size > longWork || sources.some(({ path }) => path === undefined)) await keepHeapSmall()
  const progress = progressFor(size)
  const sum = new Sum(noTotals())
  const spare: ArrayBuffer[] = []
  const { outcomes, coverage } = judgeAll(workOf(sources, process.stdin, { spare }), setup, threads, spare)
  for await (const outcome of outcomes) {
    sum.add(outcome)
    progress.show(sum.totals)
    await write(output.take(outcome.reports))
  }
  progress.end()
  const milliseconds = performance.now() - started
  await write(output.end({ totals: sum.totals, alike: sum.alike, coverage: await coverage(), milliseconds }))
  return exitCode(sum.totals)
}

/** 0 judged and nothing refused; 1 judged and something refused; 2 something, or all there was, could not be judged. */
export const exitCode = ({ refused, unjudged, resources }: Totals): number =>
  unjudged > 0 ? 2 : refused > 0 ? 1 : resources > 0 ? 0 : 2

/** Bytes of input that take some seconds. */
const longWork = 16 * 2 ** 20

/** V8 lets a heap grow to several times of what lives in it before it clears it; for a stream of small things half as much again will do. */
async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
}

/** Starting threads costs about what one thread judges in that time. */
const worthThreads = 48 * 2 ** 20
/** Below that the threads share the cores with the one that reads, each compiles and warms up for itself, and nothing is won. */
const enoughCores = 4
const threadsFor = (size: number): number => {
  const cores = availableParallelism()
  return size < worthThreads || cores < enoughCores ? 1 : cores
}
