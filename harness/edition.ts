/** Which guides a run is judged by, at which version: guide key -> version, for instance `{ pdex: '2.2.0', hrex: '1.2.0' }`. */

export type GuideKey =
  | 'pdex'
  | 'hrex'
  | 'us-core'
  | 'auth'
  | 'ndh'
  | 'core'
  | 'bulk'
  | 'carin-bb'
  | 'atr'
  | 'cdex'
  | 'formulary'
export type Editions = Readonly<Partial<Record<GuideKey, string>>>

/** `pdex 2.2.0, hrex 1.2.0` */
export const editionsText = (editions: Editions): string =>
  Object.entries(editions)
    .map(([guide, version]) => `${guide} ${version}`)
    .join(', ')

/**
 * Does a ledger's version note (`2.0+`, `2.0-2.1`, `2.2`, `1.0`, `all`) hold at that version?
 * Versions are compared by major.minor. Throws RangeError on a note that is none of these.
 */
export function holdsAt(note: string, version: string): boolean {
  const rank = (text: string): number => {
    const [major, minor] = text.split('.').map(Number)
    return (major ?? 0) * 1000 + (minor ?? 0)
  }
  const at = rank(version)
  return note.split(',').some((part) => {
    const text = part.trim()
    if (text === '' || text === 'all') return true
    const range = /^(\d+\.\d+)(?:(\+)|-(\d+\.\d+))?$/.exec(text)
    if (!range) throw new RangeError(`"${note}" is no version note (2.0+, 2.0-2.1, 2.2)`)
    const low = rank(range[1] as string)
    const high = range[2] ? Number.POSITIVE_INFINITY : range[3] ? rank(range[3]) : low
    return at >= low && at <= high
  })
}

/** `2.1` of `2.1.0` and of `2.1.0-ballot`: editions are told apart by it. */
export const majorMinor = (version: string): string => version.split('.').slice(0, 2).join('.')
