/** Searches of any type, their pages, and what a server declares of them, told in a line. */
import { base, outcome, type Step, searchset, type Told, told } from './told.ts'

/** A search, `Goal?patient=ana`, and what it finds. */
export const searched = (query: string, found: readonly object[] = [], more: Told = {}): Step =>
  told('search', query, { answer: searchset(found), ...more })
/** The same, and a page after it. */
export const paged = (query: string, found: readonly object[], more: readonly object[]): Step[] => [
  searched(query, [], { answer: searchset(found, { next: `${base}/page/2` }) }),
  told('next-page', `${base}/page/2`, { answer: searchset(more) }),
]
/** What comes along with a search, and was not searched for. */
export const along = (...resources: readonly object[]): object[] =>
  resources.map((one) => ({ ...one, mode: 'include' }))
/** Whoever asks is put off. */
export const slow: Told = { status: 429, answer: outcome('throttled') }
/** A CapabilityStatement with these types, `{type: 'Goal', searchParam: …}`. */
export const declaring = (...resource: readonly object[]): Step =>
  told('metadata', 'metadata', {
    answer: { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', resource }] },
  })
