/**
 * What a change touches: faults by the file that holds them, requirements by the file of their checks, scenarios by their
 * feature. A change of what everybody uses touches everything, and is told as such.
 */
import { type Fact, unmetCodes } from './facts.ts'
import { importersOf, type Sources } from './imports.ts'

export interface Touched {
  /** Features whose scenarios must be played again. */
  readonly features: ReadonlySet<string>
  /** Requirements whose checks may judge otherwise. */
  readonly requirements: ReadonlySet<string>
  /** Ids of faults, client faults and variants that may be otherwise. */
  readonly subjects: ReadonlySet<string>
  /** Files that are shared by so much that only a whole proof says whether all is well. */
  readonly shared: readonly string[]
}

const lists = /^(simulators\/faults|flows\/faults|simulators\/variants)\/(?!index\.ts)/
const checks = /^guides\/.+\.(ts|json)$/
const presentation = /^proof\/(page|text)\.ts$/
const ledger = /^guides\/[^/]+\/requirements\.json$/

/** `subjects`: every id that a fault or variant has. */
export function touchedBy(changed: readonly string[], sources: Sources, subjects: readonly string[]): Touched {
  const touched = { features: new Set<string>(), requirements: new Set<string>(), subjects: new Set<string>() }
  const shared: string[] = []
  for (const path of changed) {
    if (path.startsWith('features/')) touched.features.add(path)
    else if (presentation.test(path)) continue
    else if (/^proof\//.test(path)) shared.push(path)
    else if (lists.test(path)) {
      for (const one of importersOf(sources, [path])) if (lists.test(one)) addSubjects(one)
    } else if (ledger.test(path)) {
      // Which of its rows changed is not known from here; its levels and editions weigh every verdict of the guide.
      for (const id of idsIn(sources.get(path) ?? '')) touched.requirements.add(id)
    } else if (checks.test(path)) {
      for (const one of importersOf(sources, [path]))
        if (checks.test(one)) for (const id of idsIn(sources.get(one) ?? '')) touched.requirements.add(id)
    } else if (!/\/index\.ts$/.test(path)) shared.push(path)
  }
  return { ...touched, shared }

  function addSubjects(path: string): void {
    const text = sources.get(path) ?? ''
    for (const id of subjects) if (text.includes(`'${id}'`)) touched.subjects.add(id)
  }
}

const idsIn = (text: string): string[] => [...new Set(text.match(/\b[A-Z]{2,5}-\d{3}\b/g) ?? [])]

/** The scenarios that a change can make judge otherwise, and those in which something was wrong the last time. */
export const touchedFacts = (facts: readonly Fact[], { features, requirements, shared }: Touched): Fact[] =>
  facts.filter(
    ({ uri, judged, code }) =>
      shared.length > 0 ||
      features.has(uri) ||
      unmetCodes.includes(code) ||
      judged.some(({ requirement }) => requirements.has(requirement)),
  )
