/** The matches of a search, of one page or of all, and how two results differ (FHIR R4 search, http#search). */
import type { Exchange } from '../../harness/transcript.ts'
import { crawlFrom } from './crawls.ts'
import { keyOf, type Received, resourcesIn } from './received.ts'
import { asked } from './rest.ts'

/** Entries that match: by search.mode, or, where a server leaves the mode out, by the type that was asked for. */
export function matchesOf(x: Exchange): Received[] {
  const { type } = asked(x)
  return resourcesIn(x).filter(({ mode, resource }) => (mode ? mode === 'match' : resource.resourceType === type))
}

/** Matches of every page. */
export const allMatches = (x: Exchange, later: readonly Exchange[]): Received[] => {
  const { type } = asked(x)
  return crawlFrom(x, later).received.filter(({ mode, resource }) =>
    mode ? mode === 'match' : resource.resourceType === type,
  )
}

/** Their keys, each once, in order. */
export const keysOf = (received: readonly Received[]): string[] =>
  [...new Set(received.map(({ resource }) => keyOf(resource)))].sort()

/** What `a` has and `b` has not. */
export const difference = (a: readonly string[], b: readonly string[]): string[] => {
  const other = new Set(b)
  return a.filter((key) => !other.has(key))
}
