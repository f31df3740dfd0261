/** The command line as a program: takes verbs, runs the one that is asked for, says in two lines what went wrong. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { HarnessError } from '../harness/errors.ts'

/** Makes the verbs; `ended` takes the exit code of the one that was run. */
export type Verbs = (ended: (code: number) => void) => readonly Command[]

const helpHint = '(--help shows what there is)'

/** Exit codes of every verb: 0 judged and nothing failed, 1 judged and something failed, 2 could not judge. */
export async function runProgram(argv: readonly string[], verbs: Verbs): Promise<number> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  let code = 0
  const program = new Command('vitruvian')
    .description('Test harness and conformance simulator for HL7 Da Vinci payer exchange')
    .version(version)
    .showHelpAfterError(helpHint)
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  npx vitruvian run                                 play every scenario with every seat simulated
  npx vitruvian run --tags "@PDEX-109" --edition pdex@2.2.0
  npx vitruvian simulate                            stand a payer up, and leave a plan to start from in reports/out/kit/
  npx vitruvian doctor --plan plan.yaml             what would keep the plan from being played
  npx vitruvian run --plan plan.yaml                with your own server in a seat
  npx vitruvian COMMAND --help                      what a command takes

Exit codes: 0 judged, nothing failed; 1 judged, something failed; 2 could not judge.`,
    )
  for (const verb of verbs((result) => {
    code = result
  })) {
    for (const command of [verb, ...verb.commands]) command.exitOverride().showHelpAfterError(helpHint)
    program.addCommand(verb)
  }
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`${trouble(error)}\n`)
    return 2
  }
}

/** What happened and what to do, in two lines; a stack only for what we did not foresee. */
export function trouble(error: unknown): string {
  if (error instanceof HarnessError)
    return `vitruvian: ${error.message}${error.remedy ? `\n  ${error.remedy.replaceAll('\n', '\n  ')}` : ''}`
  // Files, folders, ports and names that the machine refuses: its own words say which.
  if (error instanceof Error && 'syscall' in error) return `vitruvian: ${error.message}`
  return `vitruvian: an error that nobody foresaw\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
