/** `requirements show`: one statement, where it stands, how it is judged, what proves and tries that, and how it last went. */
import { holdsAt, majorMinor } from '../../harness/edition.ts'
import { isRequirementId } from '../../harness/requirement.ts'
import type { WrittenScenario } from '../../steps/features.ts'
import { newestRun } from './last-run.ts'
import { type Entry, entries, entryOf, hasKey, type Subject, subjects } from './ledger.ts'

/** Prints it. Throws `bad-input` for an id that nothing has. */
export async function show(id: string, options: { readonly json?: boolean; readonly from: string }): Promise<number> {
  const [all, { faults, variants }, run, { default: wording }] = await Promise.all([
    entries(),
    subjects(),
    newestRun(options.from),
    import('../../guides/wording.json', { with: { type: 'json' } }),
  ])
  const entry = entryOf(all, id)
  const { requirement } = entry
  const told: Told = {
    namesakes: all.filter(({ requirement: other }) => other.id !== requirement.id && hasKey(other, requirement.id)),
    faults: faults.get(requirement.id) ?? [],
    variants: variants.get(requirement.id) ?? [],
    wording: wordingOf(requirement.id, wording),
    last: run && {
      run: run.id,
      startedAt: run.startedAt,
      ...(run.incomplete ? { incomplete: run.incomplete } : {}),
      verdict: run.verdicts.get(requirement.id),
    },
  }
  process.stdout.write(options.json ? `${JSON.stringify(asJson(entry, told), null, 2)}\n` : asText(entry, told))
  return 0
}

interface Told {
  /** Other rows whose guide's own key reads like this id. */
  readonly namesakes: readonly Entry[]
  readonly faults: readonly Subject[]
  readonly variants: readonly Subject[]
  readonly wording: readonly { readonly place: string; readonly sha256: string }[]
  readonly last:
    | { run: string; startedAt: string; incomplete?: string; verdict: { code: string; scenarios: number } | undefined }
    | undefined
}

const wordingOf = (
  id: string,
  wording: Readonly<Record<string, Readonly<Record<string, { sha256: string; rows: readonly string[] }>>>>,
): Told['wording'] =>
  Object.entries(wording).flatMap(([name, places]) =>
    Object.entries(places)
      .filter(([, { rows }]) => rows.includes(id))
      .map(([place, { sha256 }]) => ({ place: `${name} ${place}`, sha256 })),
  )

/** The editions in which it stands: at which level, under which keys, on which page. */
const editionsOf = ({ guide, requirement: r }: Entry) =>
  guide.versions.flatMap((version) => {
    const edition = majorMinor(version)
    const level = holdsAt(r.versions, version) ? r.level : r.levels?.[edition]
    if (!level) return []
    const keys = r.keys?.[edition] ?? []
    return [{ version, level, keys, url: guide.pageOf(r.where, version, keys[0]) }]
  })

const nameOf = ({ uri, line, name, cases }: WrittenScenario): string =>
  `${uri}:${line} ${name}${cases > 1 ? ` (${cases} cases)` : ''}`

function asJson(entry: Entry, told: Told): object {
  const { requirement, state, because, checks, scenarios } = entry
  const brief = ({ id, title }: Subject) => ({ id, title })
  return {
    ...requirement,
    state,
    ...(because ? { because } : {}),
    perEdition: editionsOf(entry),
    checks: checks.map(({ id, title, verb }) => ({ id, title, verb })),
    scenarios: scenarios.map(({ uri, line, name, cases, tags }) => ({
      uri,
      line,
      name,
      cases,
      tags: tags.filter((tag) => !isRequirementId(tag) || tag === requirement.id),
    })),
    faults: told.faults.map(brief),
    variants: told.variants.map(brief),
    wording: told.wording,
    ...(told.last ? { last: told.last } : {}),
  }
}

function asText(entry: Entry, { namesakes, faults, variants, wording, last }: Told): string {
  const { requirement: r, guide, state, because, checks, scenarios } = entry
  const line = (label: string, text: string): string => (text && text !== 'n/a' ? `${label.padEnd(12)}${text}\n` : '')
  const lines = (label: string, texts: readonly string[]): string =>
    texts.map((text, at) => line(at === 0 ? label : '', text)).join('')
  const verdict = last?.verdict
  const lastly = !last
    ? 'no run has left a record'
    : `${verdict ? `${verdict.code} in ${verdict.scenarios} scenario${verdict.scenarios === 1 ? '' : 's'}` : 'not judged'}, run ${last.run} (${last.startedAt})${last.incomplete ? `, incomplete: ${last.incomplete}` : ''}`
  return [
    `${r.id}  ${r.level}\n${r.statement}\n\n`,
    line('guide', `${guide.title} (${guide.key}), ${r.where}`),
    ...editionsOf(entry).map(({ version, level, keys, url }) =>
      line(version, [level, ...keys].join(' ').padEnd(18).concat('  ', url)),
    ),
    line('actor', `${r.actor}${r.role ? `, ${r.role}` : ''}${r.seats.length ? `; seat: ${r.seats.join(', ')}` : ''}`),
    line('flow', r.flow),
    line('seen by', r.observation),
    line('negative', r.negative),
    line('state', `${state}${because ? `: ${because}` : ''}`),
    lines(
      'check',
      checks.map(({ id, title }) => `${title} (${id})`),
    ),
    lines('scenario', scenarios.map(nameOf)),
    lines(
      'fault',
      faults.map(({ id, title }) => `${id}: ${title}`),
    ),
    lines(
      'variant',
      variants.map(({ id, title }) => `${id}: ${title}`),
    ),
    lines(
      'wording',
      wording.map(({ place, sha256 }) => `${place} sha256 ${sha256.slice(0, 16)}`),
    ),
    line('last', lastly),
    namesakes.length > 0
      ? `\n${r.id.toLowerCase()} is also the guide's own key of ${namesakes.map(({ requirement }) => requirement.id).join(', ')}.\n`
      : '',
  ].join('')
}
