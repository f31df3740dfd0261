/** `requirements diff`: what a vendor must change from one edition of a guide to another, and which scenarios to play again. */
import { holdsAt, majorMinor } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { Verb } from '../../harness/verdict.ts'
import { type Edition, editionOf } from './editions.ts'
import { type Entry, entries } from './ledger.ts'

export interface Change {
  readonly entry: Entry
  /** Absent where it does not stand there. */
  readonly from?: Verb
  readonly to?: Verb
  readonly fromKeys: readonly string[]
  readonly toKeys: readonly string[]
}

/** What differs: new statements, gone ones, those at another level, and those whose key alone is another. */
export interface Difference {
  readonly added: readonly Change[]
  readonly removed: readonly Change[]
  readonly changed: readonly Change[]
  readonly rekeyed: readonly Change[]
}

/** The level at which it stands in an edition; undefined where it does not. */
const levelAt = (r: Requirement, version: string): Verb | undefined =>
  holdsAt(r.versions, version) ? r.level : r.levels?.[majorMinor(version)]

/** Compares two editions of one guide. */
export function difference(all: readonly Entry[], from: Edition, to: Edition): Difference {
  const changes = all
    .filter(({ guide }) => guide.key === from.guide.key)
    .map((entry): Change => {
      const { requirement: r } = entry
      const [before, after] = [levelAt(r, from.version), levelAt(r, to.version)]
      return {
        entry,
        ...(before ? { from: before } : {}),
        ...(after ? { to: after } : {}),
        fromKeys: r.keys?.[majorMinor(from.version)] ?? [],
        toKeys: r.keys?.[majorMinor(to.version)] ?? [],
      }
    })
  const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ')
  return {
    added: changes.filter((one) => !one.from && one.to),
    removed: changes.filter((one) => one.from && !one.to),
    changed: changes.filter((one) => one.from && one.to && one.from !== one.to),
    rekeyed: changes.filter((one) => one.from && one.from === one.to && !same(one.fromKeys, one.toKeys)),
  }
}

/** `@PDEX-101 or @PDEX-109`: what judges the new and the changed, in the edition that one goes to; empty where nothing does. */
export const rerunTags = ({ added, changed }: Difference): string =>
  [...added, ...changed]
    .filter(({ entry }) => entry.state === 'judged')
    .map(({ entry }) => `@${entry.requirement.id}`)
    .join(' or ')

/** Prints the difference. Throws `bad-input` for editions that are unknown or of two guides. */
export async function diff(fromText: string, toText: string, options: { readonly json?: boolean }): Promise<number> {
  const from = editionOf(fromText)
  const to = editionOf(toText, from.guide.key)
  if (from.guide.key !== to.guide.key)
    throw new HarnessError('bad-input', `${fromText} and ${toText} are editions of two guides`, {
      remedy: `compare with one of: ${from.guide.versions.map((version) => `${from.guide.key}@${version}`).join(', ')}`,
    })
  const found = difference(await entries(), from, to)
  process.stdout.write(options.json ? `${JSON.stringify(asJson(found, from, to), null, 2)}\n` : asText(found, from, to))
  return 0
}

const named = ({ guide, version }: Edition): string => `${guide.key}@${version}`

function asJson(found: Difference, from: Edition, to: Edition): object {
  const plain = (changes: readonly Change[]) =>
    changes.map(({ entry: { requirement: r, state, guide }, from: before, to: after, fromKeys, toKeys }) => ({
      id: r.id,
      statement: r.statement,
      ...(before ? { from: before, fromKeys } : {}),
      ...(after ? { to: after, toKeys } : {}),
      state,
      url: guide.pageOf(r.where, (after ? to : from).version, (after ? toKeys : fromKeys)[0]),
    }))
  const { added, removed, changed, rekeyed } = found
  return {
    from: named(from),
    to: named(to),
    added: plain(added),
    removed: plain(removed),
    changed: plain(changed),
    rekeyed: plain(rekeyed),
    rerun: rerunTags(found),
  }
}

function asText(found: Difference, from: Edition, to: Edition): string {
  const part = (title: string, changes: readonly Change[], level: (change: Change) => string): string =>
    changes.length === 0
      ? ''
      : `${title} (${changes.length})\n${changes
          .map((change) => {
            const { id, flow, statement } = change.entry.requirement
            return `  ${id.padEnd(10)} ${level(change).padEnd(18)} ${flow.padEnd(10)} ${change.entry.state.padEnd(12)} ${statement}\n`
          })
          .join('')}\n`
  const { added, removed, changed, rekeyed } = found
  const tags = rerunTags(found)
  const again = tags
    ? `Scenarios to play again:\n  npx vitruvian run --edition ${named(to)} --tags "${tags}"\n`
    : 'No scenario judges what has changed.\n'
  return [
    `From ${named(from)} to ${named(to)}: ${added.length} new, ${changed.length} at another level, ${removed.length} gone\n\n`,
    part('New', added, ({ to: level }) => level ?? ''),
    part('At another level', changed, ({ from: before, to: after }) => `${before} -> ${after}`),
    part('Gone', removed, ({ from: level }) => level ?? ''),
    rekeyed.length > 0
      ? `${rekeyed.length} stand as they were under a key that the other edition does not have (--json lists them)\n\n`
      : '',
    again,
  ].join('')
}
