/** What the tags of a scenario promise, and in which editions it is played. */
import { type Editions, type GuideKey, holdsAt } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import { isRequirementId, type Requirement } from '../harness/requirement.ts'

interface Judged {
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly editions: Editions
}

/** Ids that the tags (without `@`) promise, as far as they hold in these editions; undefined when none of several does. */
export function promisedIn(tags: readonly string[], { requirements, editions }: Judged): string[] | undefined {
  const ids = tags.filter(isRequirementId)
  const here = ids.filter((id) => {
    const requirement = requirements.get(id)
    if (!requirement) throw new HarnessError('internal', `tag @${id} is no requirement of the ledger`)
    const version = editions[requirement.guide]
    return version === undefined || holdsAt(requirement.versions, version)
  })
  return ids.length > 0 && here.length === 0 ? undefined : here
}

/** Is the scenario meant for these editions? `@only-pdex-2.2` narrows it beyond what its requirements do. */
export function isPlayedIn(tags: readonly string[], judged: Judged): boolean {
  const only = tags.map((tag) => /^only-([a-z-]+)-(\d.*)$/.exec(tag)).filter((found) => found !== null)
  const byTag = only.every(([, guide, note]) => holdsAt(note as string, judged.editions[guide as GuideKey] ?? '0.0'))
  return byTag && promisedIn(tags, judged) !== undefined
}
