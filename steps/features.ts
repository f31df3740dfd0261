/** The scenarios as they are written: their tags, without playing them. Knows of Gherkin what the features use. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRequirementId } from '../harness/requirement.ts'

export interface WrittenScenario {
  /** `features/trust/tokens.feature`, with slashes on every system. */
  readonly uri: string
  readonly line: number
  readonly feature: string
  readonly rule?: string
  readonly name: string
  /** With those of its rule, feature and examples, without the `@`. */
  readonly tags: readonly string[]
  /** Ids of requirements among the tags: what it promises to judge. */
  readonly promises: readonly string[]
  /** How often it is played in one edition: once, or once for each row of its examples. */
  readonly cases: number
}

/** The package's own folder. */
const own = fileURLToPath(new URL('..', import.meta.url))

/** All features of the package, in the order of their paths. */
export function writtenScenarios(home: string = own): WrittenScenario[] {
  return readdirSync(join(home, 'features'), { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.feature'))
    .sort()
    .flatMap((path) => scenariosOf(`features/${path}`, readFileSync(join(home, 'features', path), 'utf8')))
}

/** The ids that some scenario promises to judge. */
export const promisedBy = (scenarios: readonly WrittenScenario[]): ReadonlySet<string> =>
  new Set(scenarios.flatMap(({ promises }) => promises))

const keyword =
  /^(Feature|Rule|Background|Scenario Outline|Scenario Template|Scenario|Example|Examples|Scenarios):\s*(.*)$/

/** The scenarios of one feature; an outline gives one for each of its tables. */
export function scenariosOf(uri: string, text: string): WrittenScenario[] {
  const found: WrittenScenario[] = []
  let pending: string[] = []
  const tagged = { feature: [] as string[], rule: [] as string[], scenario: [] as string[] }
  const names = { feature: '', rule: '', scenario: '' }
  let quoted = false
  let outline = false
  /** The table of examples that is being read. */
  let table: { line: number; tags: readonly string[]; rows: number } | undefined
  const add = (line: number, tags: readonly string[], cases: number): void => {
    const all = [...new Set([...tagged.feature, ...tagged.rule, ...tagged.scenario, ...tags])]
    const { feature, rule, scenario: name } = names
    const promises = all.filter(isRequirementId)
    found.push({ uri, line, feature, ...(rule ? { rule } : {}), name, tags: all, promises, cases })
  }
  const endTable = (): void => {
    if (table && table.rows > 1) add(table.line, table.tags, table.rows - 1)
    table = undefined
  }
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line.startsWith('"""') || line.startsWith('```')) quoted = !quoted
    if (quoted || line === '' || line.startsWith('#')) continue
    if (line.startsWith('@')) {
      endTable()
      pending.push(...line.split(/\s+/).map((tag) => tag.slice(1)))
      continue
    }
    if (line.startsWith('|')) {
      if (table) table.rows += 1
      continue
    }
    const [, word, name = ''] = keyword.exec(line) ?? []
    if (!word) continue
    endTable()
    const tags = pending
    pending = []
    if (word === 'Feature') {
      tagged.feature = tags
      names.feature = name
    } else if (word === 'Rule') {
      tagged.rule = tags
      names.rule = name
    } else if (word === 'Examples' || word === 'Scenarios') {
      if (outline) table = { line: index + 1, tags, rows: 0 }
    } else if (word !== 'Background') {
      outline = word.startsWith('Scenario ')
      tagged.scenario = tags
      names.scenario = name
      if (!outline) add(index + 1, [], 1)
    }
  }
  endTable()
  return found
}
