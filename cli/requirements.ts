/** `requirements`: what the guides demand, in our words, and what this harness does about each statement. */
import { Command } from 'commander'
import type { Check } from '../harness/check.ts'
import { holdsAt } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Requirement } from '../harness/requirement.ts'

interface Filter {
  readonly guide?: string
  readonly flow?: string
  readonly level?: string
  readonly actor?: string
  readonly state?: string
  readonly text?: string
  readonly edition?: string
  readonly json?: boolean
}

/** What becomes of a statement here. */
export type State = 'checked' | 'attested' | 'not testable' | 'untested' | 'not yet'
export const states: readonly State[] = ['checked', 'attested', 'not testable', 'untested', 'not yet']

/** `untested` has a written reason; `not yet` belongs to a flow that the harness does not play. */
export const stateOf = (requirement: Requirement, checks: readonly Check[]): State => {
  if (checks.some((check) => check.requirement === requirement.id)) return 'checked'
  if (requirement.testability === 'needs-attestation') return 'attested'
  if (requirement.testability === 'not-testable') return 'not testable'
  return requirement.untested ? 'untested' : 'not yet'
}

export function requirementsCommand(ended: (code: number) => void): Command {
  const command = new Command('requirements').description('list the statements of the guides, or explain one')
  const filters = (verb: Command): Command =>
    verb
      .option('--guide <key>', 'pdex, hrex, auth, ndh, bulk, core')
      .option('--flow <flow>', 'TF, MTLS, DCR, TOK, MM, RET, PROV, DATA, CAP ...')
      .option('--level <verb>', 'SHALL, "SHALL NOT", SHOULD, MAY, IMPLIED, DESC')
      .option('--actor <actor>', 'payer-server, payer-client, trust-manager ...')
      .option('--state <state>', states.join(', '))
      .option('--edition <version>', 'only what holds in this version of the guide')
      .option('--text <words>', 'only statements with these words')
      .option('--json', 'as JSON')
  filters(command.command('list', { isDefault: true }).description('list them (the default)')).action(
    async (filter: Filter) => ended(await list(filter)),
  )
  command
    .command('show <id>')
    .description('one statement: where it stands, how it is judged')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: boolean }) => ended(await show(id, options)))
  return command
}

const catalogue = async (): Promise<{ all: readonly Requirement[]; checks: readonly Check[] }> => {
  const { guides } = await import('../guides/index.ts')
  return { all: guides.flatMap((guide) => guide.requirements), checks: guides.flatMap((guide) => guide.checks) }
}

async function list(filter: Filter): Promise<number> {
  const { all, checks } = await catalogue()
  const same = (wanted: string | undefined, value: string): boolean =>
    wanted === undefined || wanted.toLowerCase() === value.toLowerCase()
  const rows = all
    .filter(
      (r) =>
        same(filter.guide, r.guide) &&
        same(filter.flow, r.flow) &&
        same(filter.level, r.level) &&
        same(filter.actor, r.actor) &&
        (filter.edition === undefined || holdsAt(r.versions, filter.edition)) &&
        (filter.text === undefined || r.statement.toLowerCase().includes(filter.text.toLowerCase())),
    )
    .map((r) => ({ ...r, state: stateOf(r, checks) }))
    .filter((r) => same(filter.state, r.state))
  if (filter.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else {
    for (const r of rows)
      process.stdout.write(
        `${r.id.padEnd(10)} ${r.level.padEnd(10)} ${r.flow.padEnd(12)} ${r.state.padEnd(13)} ${r.statement}\n`,
      )
    const counts = states
      .map((state) => [state, rows.filter((r) => r.state === state).length] as const)
      .filter(([, n]) => n > 0)
    process.stdout.write(
      `${rows.length} statements${counts.length ? ` (${counts.map(([state, n]) => `${n} ${state}`).join(', ')})` : ''}\n`,
    )
  }
  return 0
}

async function show(id: string, options: { json?: boolean }): Promise<number> {
  const { all, checks } = await catalogue()
  const requirement = all.find((r) => r.id.toLowerCase() === id.toLowerCase())
  if (!requirement)
    throw new HarnessError('bad-input', `no guide has a statement "${id}"`, {
      remedy: `ids look like ${all[0]?.id}; "npx vitruvian requirements list --text word" finds one`,
    })
  const judging = checks.filter((check) => check.requirement === requirement.id)
  const scenarios = await scenariosOf(requirement.id)
  if (options.json) {
    const titles = judging.map(({ id, title, verb }) => ({ id, title, verb }))
    process.stdout.write(
      `${JSON.stringify({ ...requirement, state: stateOf(requirement, checks), checks: titles, scenarios }, null, 2)}\n`,
    )
    return 0
  }
  const line = (label: string, text: string): string => (text ? `${label.padEnd(12)}${text}\n` : '')
  process.stdout.write(
    [
      `${requirement.id}  ${requirement.level}\n`,
      `${requirement.statement}\n\n`,
      line('guide', `${requirement.guide} ${requirement.versions}, ${requirement.where}`),
      line('page', requirement.url),
      line('actor', `${requirement.actor}, flow ${requirement.flow}`),
      line('seen by', requirement.observation),
      line('negative', requirement.negative),
      line('state', stateOf(requirement, checks)),
      line('reason', requirement.untested ?? ''),
      ...judging.map((check) => line('check', `${check.title} (${check.id})`)),
      ...scenarios.map((scenario) => line('scenario', scenario)),
    ].join(''),
  )
  return 0
}

/** `features/…: name` of the scenarios that are tagged with that id. */
async function scenariosOf(id: string): Promise<string[]> {
  const [{ readdir, readFile }, { join }, { home }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../steps/play.ts'),
  ])
  const found: string[] = []
  for (const file of await readdir(join(home, 'features'), { recursive: true })) {
    if (!file.endsWith('.feature')) continue
    let tags: string[] = []
    for (const text of (await readFile(join(home, 'features', file), 'utf8')).split(/\r?\n/)) {
      const trimmed = text.trim()
      if (trimmed.startsWith('@')) tags.push(...trimmed.split(/\s+/))
      else if (/^Scenario(?: Outline)?:/.test(trimmed)) {
        if (tags.includes(`@${id}`))
          found.push(`features/${file.replaceAll('\\', '/')}: ${trimmed.replace(/^[^:]+: */, '')}`)
        tags = []
      } else if (trimmed && !trimmed.startsWith('#')) tags = []
    }
  }
  return found
}
