/** `report`: renders a record again, or the newest one; every report is a function of the record alone. */
import { dirname, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { coloured, widthOf } from './terminal.ts'

interface Options {
  readonly format?: readonly string[]
  readonly from: string
  readonly out?: string
  readonly showPeople?: boolean
  readonly json?: boolean
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').map((name) => name.trim()),
]

/** The verb; `ended` takes its exit code: 0 when the reports are there. */
export function reportCommand(ended: (code: number) => void): Command {
  return new Command('report')
    .description('render the reports of a run again from its record')
    .argument('[record]', 'record.ndjson, or the folder of a run; default: the newest run')
    .option(
      '--format <names>',
      'html, junit, allure, json, csv, console (repeat, or part by commas); default: all',
      collect,
    )
    .option('--out <folder>', 'where to write; default: beside the record')
    .option('--from <folder>', 'where runs are kept', join('reports', 'out'))
    .option('--show-people', 'leave personal data in, for your own screen (a run against a real system masks it)')
    .option('--json', 'print what was written and the totals as JSON on standard output')
    .action(async (record: string | undefined, options: Options) => ended(await report(record, options)))
}

async function report(record: string | undefined, options: Options): Promise<number> {
  const [{ findRecord }, { renderAll }, { requirementsById }, { consoleSummary }] = await Promise.all([
    import('../reports/read-record.ts'),
    import('../reports/render.ts'),
    import('../guides/catalogue.ts'),
    import('../reports/formats/console.ts'),
  ])
  const path = await findRecord(resolve(record ?? options.from))
  const folder = resolve(options.out ?? dirname(path))
  const files = options.format?.filter((name) => name !== 'console')
  const rendered = await renderAll(path, folder, {
    requirements: [...requirementsById.values()],
    ...(files ? { formats: files } : {}),
    ...(options.showPeople ? { showPeople: true } : {}),
  })
  const { run, sums, files: written } = rendered
  const shown = (file: string): string => (relative(process.cwd(), join(folder, file)) || '.').replaceAll('\\', '/')
  if (options.json) {
    const totals = { scenarios: sums.scenarios, requirements: sums.requirements, verdicts: sums.verdicts }
    const said = {
      record: path,
      folder,
      files: written,
      totals,
      ...(run.incomplete ? { incomplete: run.incomplete } : {}),
    }
    process.stdout.write(`${JSON.stringify(said)}\n`)
    return 0
  }
  if (!options.format || options.format.includes('console')) {
    const look = { colours: coloured(process.stdout), width: widthOf(process.stdout) }
    process.stdout.write(`${consoleSummary(rendered, look)}\n\n`)
  }
  for (const { format, path: file } of written) process.stdout.write(`${format.padEnd(8)}${shown(file)}\n`)
  return 0
}
