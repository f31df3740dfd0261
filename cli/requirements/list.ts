/** `requirements list`: what the guides demand, filtered. */
import { states } from '../../guides/state.ts'
import { holdsAt } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import { nearest } from '../../harness/nearest.ts'
import { actorsOf, flowsOf } from '../../harness/requirement.ts'
import { narrow, wrapped } from '../../reports/wrapped.ts'
import { widthOf } from '../terminal.ts'
import { editionOf } from './editions.ts'
import { type Entry, entries } from './ledger.ts'

export interface Filter {
  readonly guide?: string
  readonly flow?: string
  readonly level?: string
  readonly actor?: string
  readonly seat?: string
  readonly state?: string
  readonly text?: string
  readonly edition?: string
  readonly json?: boolean
}

/** What one may filter by, and the values that a row has. */
const fields: Readonly<
  Record<Exclude<keyof Filter, 'text' | 'edition' | 'json'>, (entry: Entry) => readonly string[]>
> = {
  guide: ({ guide }) => [guide.key],
  flow: ({ requirement }) => flowsOf(requirement),
  level: ({ requirement }) => [requirement.level],
  actor: ({ requirement }) => actorsOf(requirement),
  seat: ({ requirement }) => requirement.seats,
  state: ({ state }) => [state],
}

/** Prints them. Throws `bad-input` for a value that no row has. */
export async function list(filter: Filter): Promise<number> {
  const found = filtered(await entries(), filter)
  if (filter.json) {
    const rows = found.map(({ requirement, state, because }) => ({
      ...requirement,
      state,
      ...(because ? { because } : {}),
    }))
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return 0
  }
  const width = widthOf(process.stdout)
  for (const { requirement: r, state } of found)
    process.stdout.write(
      width < narrow
        ? `${wrapped([r.id, r.level, r.flow, state].join('  '), width)}\n${wrapped(`  ${r.statement}`, width)}\n`
        : `${r.id.padEnd(10)} ${r.level.padEnd(10)} ${r.flow.padEnd(12)} ${state.padEnd(13)} ${r.statement}\n`,
    )
  const counts = states
    .map((state) => [state, found.filter((one) => one.state === state).length] as const)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${n} ${state}`)
  const noun = found.length === 1 ? 'statement' : 'statements'
  process.stdout.write(`${found.length} ${noun}${counts.length ? ` (${counts.join(', ')})` : ''}\n`)
  return 0
}

/** Those that fit every filter. */
export function filtered(all: readonly Entry[], filter: Filter): readonly Entry[] {
  const { text, edition } = filter
  const at = edition === undefined ? undefined : editionOf(edition, filter.guide)
  const words = text?.toLowerCase().split(/\s+/) ?? []
  const chosen = Object.entries(fields).flatMap(([name, of]) => {
    const wanted = filter[name as keyof typeof fields]?.toLowerCase()
    if (wanted === undefined) return []
    const known = [...new Set(all.flatMap((entry) => of(entry)))]
    if (!known.some((value) => value.toLowerCase() === wanted))
      throw new HarnessError('bad-input', `no statement has the ${name} "${wanted}"`, {
        remedy:
          known.length > 12 ? `the nearest are ${nearest(wanted, known).join(', ')}` : `one of: ${known.join(', ')}`,
      })
    return [(entry: Entry): boolean => of(entry).some((value) => value.toLowerCase() === wanted)]
  })
  return all.filter((entry) => {
    const { id, statement, keys = {} } = entry.requirement
    const said = `${id} ${statement} ${Object.values(keys).flat().join(' ')}`.toLowerCase()
    return (
      chosen.every((fits) => fits(entry)) &&
      (!at || (entry.guide.key === at.guide.key && holdsAt(entry.requirement.versions, at.version))) &&
      words.every((word) => said.includes(word))
    )
  })
}
