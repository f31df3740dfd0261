/**
 * A ProfileSheet is a profile as a table: one row an element, without prose. It is what the compiler reads and what the
 * project ships (one file a profile in profiles/sheets, one row a line, so that two editions can be compared by eye).
 */

export interface RowType {
  readonly code: string
  readonly profiles?: readonly string[]
  readonly targets?: readonly string[]
  readonly aggregation?: readonly string[]
  readonly versioning?: string
}
export interface RowBinding {
  readonly strength: 'required' | 'extensible' | 'preferred' | 'example'
  readonly valueSet?: string
  /** elementdefinition-maxValueSet: codes outside of it are errors. */
  readonly max?: string
  readonly min?: string
  readonly additional?: readonly AdditionalBinding[]
}
export interface AdditionalBinding {
  readonly purpose: string
  readonly valueSet: string
  readonly any?: boolean
  readonly usage?: readonly unknown[]
}
export interface RowSlicing {
  readonly discriminators: readonly { readonly type: string; readonly path: string }[]
  readonly rules: 'open' | 'closed' | 'openAtEnd'
  readonly ordered: boolean
}
export interface TypedValue {
  readonly type: string
  readonly value: unknown
}
export interface Row {
  /** Element id: the path with slice names. */
  readonly id: string
  readonly min: number
  readonly max: string
  readonly types: readonly RowType[]
  readonly content?: string
  readonly fixed?: TypedValue
  readonly pattern?: TypedValue
  readonly minValue?: TypedValue
  readonly maxValue?: TypedValue
  readonly maxLength?: number
  readonly binding?: RowBinding
  readonly slicing?: RowSlicing
  /** Names in the sheet's table of invariants. */
  readonly invariants: readonly string[]
  readonly mustSupport?: boolean
  readonly modifier?: boolean
  /** Regular expression of a primitive's value. */
  readonly regex?: string
}
export interface Invariant {
  readonly key: string
  readonly severity: 'error' | 'warning'
  readonly expression: string
  readonly bestPractice?: boolean
  /** Canonical of the definition that states it, where another than this one. */
  readonly source?: string
}
export interface ProfileSheet {
  readonly url: string
  readonly version: string
  readonly name: string
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'logical'
  readonly abstract: boolean
  readonly type: string
  readonly base?: string
  readonly derivation: 'constraint' | 'specialization'
  readonly context?: readonly { readonly type: string; readonly expression: string }[]
  readonly contextInvariants?: readonly string[]
  /** Profiles that this one imposes or complies with. */
  readonly imposes?: readonly string[]
  readonly invariants: Readonly<Record<string, Invariant>>
  readonly rows: readonly Row[]
}

/** Finds the sheet that a definition is based on or points to. */
export type FindSheet = (canonical: string) => ProfileSheet | undefined

/** The element's path: the id without slice names. */
export const pathOf = (id: string): string =>
  id
    .split('.')
    .map((segment) => (segment.includes(':') ? segment.slice(0, segment.indexOf(':')) : segment))
    .join('.')

const usual = ['ele-1']

/** One row as the short object that is written to a file: what is usual is left out. */
export function shortRow(row: Row): Record<string, unknown> {
  const short: Record<string, unknown> = { id: row.id, card: `${row.min}..${row.max}` }
  if (row.types.length > 0) {
    short.type = row.types.map((type) => (Object.keys(type).length === 1 ? type.code : type))
  }
  if (row.content !== undefined) short.content = row.content
  if (row.fixed) short.fixed = { [row.fixed.type]: row.fixed.value }
  if (row.pattern) short.pattern = { [row.pattern.type]: row.pattern.value }
  if (row.minValue) short.minValue = { [row.minValue.type]: row.minValue.value }
  if (row.maxValue) short.maxValue = { [row.maxValue.type]: row.maxValue.value }
  if (row.maxLength !== undefined) short.maxLength = row.maxLength
  if (row.binding) {
    const { strength, valueSet, ...more } = row.binding
    short.binding = { [strength]: valueSet ?? '', ...more }
  }
  if (row.slicing) {
    const { discriminators, rules, ordered } = row.slicing
    short.slicing = {
      by: discriminators.map(({ type, path }) => `${type} ${path}`),
      rules,
      ...(ordered && { ordered }),
    }
  }
  if (row.invariants.length !== 1 || row.invariants[0] !== 'ele-1') short.inv = row.invariants
  if (row.mustSupport) short.ms = true
  if (row.modifier) short.modifier = true
  if (row.regex !== undefined) short.regex = row.regex
  return short
}

const typed = (short: unknown): TypedValue | undefined => {
  if (short === undefined) return undefined
  const [type, value] = Object.entries(short as object)[0] as [string, unknown]
  return { type, value }
}

/** The row that `shortRow` wrote. */
export function longRow(short: Record<string, unknown>): Row {
  const card = short.card as string
  const dots = card.indexOf('..')
  const row: Record<string, unknown> = {
    id: short.id,
    min: Number(card.slice(0, dots)),
    max: card.slice(dots + 2),
    types: ((short.type ?? []) as (string | RowType)[]).map((type) =>
      typeof type === 'string' ? { code: type } : type,
    ),
    invariants: short.inv ?? usual,
  }
  if (short.content !== undefined) row.content = short.content
  for (const name of ['fixed', 'pattern', 'minValue', 'maxValue']) {
    const value = typed(short[name])
    if (value) row[name] = value
  }
  if (short.maxLength !== undefined) row.maxLength = short.maxLength
  if (short.binding !== undefined) {
    const { required, extensible, preferred, example, ...more } = short.binding as Record<string, string>
    const [strength, valueSet] =
      required !== undefined
        ? ['required', required]
        : extensible !== undefined
          ? ['extensible', extensible]
          : preferred !== undefined
            ? ['preferred', preferred]
            : ['example', example]
    row.binding = { strength, ...(valueSet && { valueSet }), ...more }
  }
  if (short.slicing !== undefined) {
    const { by, rules, ordered } = short.slicing as { by: string[]; rules: string; ordered?: boolean }
    row.slicing = {
      discriminators: by.map((text) => ({
        type: text.slice(0, text.indexOf(' ')),
        path: text.slice(text.indexOf(' ') + 1),
      })),
      rules,
      ordered: ordered === true,
    }
  }
  if (short.ms) row.mustSupport = true
  if (short.modifier) row.modifier = true
  if (short.regex !== undefined) row.regex = short.regex
  return row as unknown as Row
}

/** The text of a sheet's file: a head, the table of invariants, then one row a line. */
export function sheetText(sheet: ProfileSheet): string {
  const { invariants, rows, ...head } = sheet
  const lines = [
    ...Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    `"invariants": {${Object.entries(invariants)
      .map(
        ([name, { key, ...rest }]) =>
          `\n  ${JSON.stringify(name)}: ${JSON.stringify(key === name ? rest : { key, ...rest })}`,
      )
      .join(',')}}`,
    `"rows": [${rows.map((row) => `\n  ${JSON.stringify(shortRow(row))}`).join(',')}]`,
  ]
  return `{\n${lines.join(',\n')}\n}\n`
}

/** The sheet that `sheetText` wrote. */
export function parseSheet(text: string): ProfileSheet {
  const { invariants, rows, ...head } = JSON.parse(text) as Record<string, unknown>
  const table: Record<string, Invariant> = {}
  for (const [name, invariant] of Object.entries(invariants as Record<string, Invariant>)) {
    table[name] = { ...invariant, key: invariant.key ?? name }
  }
  return {
    ...(head as unknown as ProfileSheet),
    invariants: table,
    rows: (rows as Record<string, unknown>[]).map(longRow),
  }
}
