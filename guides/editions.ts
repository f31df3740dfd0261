/** The sets of editions that belong together, and how a person names them. */
import { type Editions, type GuideKey, holdsAt } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Requirement } from '../harness/requirement.ts'

/** What a run is judged by unless its plan says otherwise: both editions of PDex, each with the guides that it depends on. */
export const editionSets: readonly Editions[] = [
  { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' },
  { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1', 'carin-bb': '2.1.0' },
]

const known: Readonly<Partial<Record<GuideKey, readonly string[]>>> = {
  pdex: ['2.1.0', '2.2.0'],
  hrex: ['1.1.0', '1.2.0'],
  'us-core': ['3.1.1', '6.1.0'],
  'carin-bb': ['2.1.0'],
}

/** Does it hold in an edition that can be played? Guides without a choice of edition are always played. */
export const isPlayable = ({ guide, versions }: Pick<Requirement, 'guide' | 'versions'>): boolean =>
  known[guide]?.some((version) => holdsAt(versions, version)) ?? true

/** Fills what a choice leaves open from the set of the same PDex version. Throws `bad-input` on a version we do not know. */
export function completeEditions(chosen: Editions): Editions {
  for (const [guide, version] of Object.entries(chosen)) {
    const versions = known[guide as GuideKey]
    if (!versions) throw unknown(`there is no edition to choose for "${guide}"`, Object.keys(known))
    if (!versions.includes(version)) throw unknown(`${guide} has no edition ${version} here`, versions)
  }
  const set = editionSets.find((set) => set.pdex === (chosen.pdex ?? '2.2.0')) as Editions
  return { ...set, ...chosen }
}

/** `pdex@2.1.0` or `pdex@2.1.0,us-core@6.1.0`, in whatever case. Throws `bad-input`. */
export function parseEditions(text: string): Editions {
  const chosen: Record<string, string> = {}
  for (const part of text.split(',').map((part) => part.trim().toLowerCase())) {
    const [guide = '', version] = part.split('@')
    if (!version || !guide) {
      const versions = known[guide as GuideKey]?.map((version) => `${guide}@${version}`)
      throw versions
        ? unknown(`"${part}" names no edition`, versions)
        : new HarnessError('bad-input', `"${part}" names no edition`, {
            remedy: 'for instance pdex@2.2.0, or with other guides pdex@2.1.0,us-core@6.1.0',
          })
    }
    if (chosen[guide] !== undefined)
      throw new HarnessError(
        'bad-input',
        `"${text}" names ${guide} twice, and one run of the scenarios has one edition of it`,
        {
          remedy: 'to have them played for both, name each apart: --edition again, in a plan another line',
        },
      )
    chosen[guide] = version
  }
  return completeEditions(chosen as Editions)
}

const unknown = (message: string, choices: readonly string[]): HarnessError =>
  new HarnessError('bad-input', message, { remedy: `one of: ${choices.join(', ')}` })
