/** `requirements`: what the guides demand, in our words, and what this harness does about each statement. */
import { Command } from 'commander'
import { demandNoWord } from './no-word.ts'
import type { Filter } from './requirements/list.ts'
import type { MatrixOptions } from './requirements/matrix.ts'

/** The verb; `ended` takes its exit code. */
export function requirementsCommand(ended: (code: number) => void): Command {
  const command = new Command('requirements').description(
    'list the statements of the guides, explain one, compare editions',
  )
  command
    .command('list', { isDefault: true })
    .description('list them (the default)')
    .allowExcessArguments()
    .option('--guide <key>', 'pdex, hrex, auth, ndh, bulk, core, cdex, formulary, atr, carin-bb')
    .option('--flow <flow>', 'TF, MTLS, DCR, TOK, MM, RET, PROV, DATA, CAP ...')
    .option('--level <verb>', 'SHALL, "SHALL NOT", SHOULD, MAY, IMPLIED, DESC')
    .option('--actor <actor>', 'payer-server, payer-client, trust-manager, data-source ...')
    .option('--seat <seat>', '"responding payer", "requesting payer", payer, provider, "trust manager" ...')
    .option('--state <state>', 'judged, attested, "not testable", untested, "not yet"')
    .option('--edition <edition>', 'only what holds in this edition: pdex@2.1.0')
    .option('--text <words>', 'only statements with all of these words')
    .option('--json', 'as JSON')
    .action(async (filter: Filter, self: Command) => {
      demandNoWord(self)
      ended(await (await import('./requirements/list.ts')).list(filter))
    })
  command
    .command('show <id>')
    .description('one statement: where it stands, how it is judged, what proves that, how it last went')
    .option('--from <folder>', 'where runs are kept', 'reports/out')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: boolean; from: string }) =>
      ended(await (await import('./requirements/show.ts')).show(id, options)),
    )
  command
    .command('diff <from> <to>')
    .description('what a vendor must change between two editions (pdex@2.1.0 pdex@2.2.0), and what to play again')
    .option('--json', 'as JSON')
    .action(async (from: string, to: string, options: { json?: boolean }) =>
      ended(await (await import('./requirements/diff.ts')).diff(from, to, options)),
    )
  command
    .command('matrix')
    .description('every requirement and what becomes of it')
    .option('--format <format>', 'html, md, csv, json', 'html')
    .option('--out <file>', 'where to write; default: standard output')
    .option('--run <folder>', 'a run whose verdicts are shown: its folder or record')
    .action(async (options: MatrixOptions) => ended(await (await import('./requirements/matrix.ts')).matrix(options)))
  return command
}
