/**
 * The snapshot generator: a differential laid over the sheet of its base. Elements are unfolded from their types, profiles and content
 * references as the differential walks into them; slices start from the element that they slice.
 */
import type { StructureDefinition } from './definition.ts'
import type { FindSheet, Invariant, ProfileSheet, Row, RowSlicing } from './sheet.ts'

/** What an element of a differential says; the rest stays as the base has it. */
export type PartialRow = Partial<Row> & { readonly id: string }

/** A row of a snapshot: what is not said has its default. */
export const completeRow = (row: PartialRow): Row => ({
  ...row,
  min: row.min ?? 0,
  max: row.max ?? '*',
  types: row.types ?? [],
  invariants: row.invariants ?? [],
})

const core = 'http://hl7.org/fhir/StructureDefinition/'

interface Branch {
  /** Last segment without the slice's name. */
  readonly name: string
  readonly slice: string | undefined
  row: Row
  children: Branch[]
  slices: Branch[]
}

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('.') + 1)

/** The tree of a sheet's rows, with invariants entered into the new table. */
function branchOf(sheet: ProfileSheet, table: Record<string, Invariant>): Branch | undefined {
  const byId = new Map<string, Branch>()
  let root: Branch | undefined
  for (const row of sheet.rows) {
    const segment = lastSegment(row.id)
    const colon = segment.indexOf(':')
    const name = colon === -1 ? segment : segment.slice(0, colon)
    const slice = colon === -1 ? undefined : segment.slice(colon + 1)
    const invariants = row.invariants.map((key) => enter(sheet.invariants[key] as Invariant, sheet.url, table))
    const branch: Branch = { name, slice, row: { ...row, invariants }, children: [], slices: [] }
    byId.set(row.id, branch)
    if (!root) root = branch
    else {
      const parent = byId.get(row.id.slice(0, row.id.lastIndexOf('.')))
      if (slice === undefined) parent?.children.push(branch)
      else {
        const slash = slice.lastIndexOf('/')
        const sliced =
          slash === -1
            ? row.id.slice(0, row.id.length - slice.length - 1)
            : row.id.slice(0, row.id.length - slice.length + slash)
        byId.get(sliced)?.slices.push(branch)
      }
    }
  }
  return root
}

function enter(invariant: Invariant, url: string, table: Record<string, Invariant>): string {
  const own: Invariant = { ...invariant, source: invariant.source ?? url }
  const same = JSON.stringify(own)
  for (let number = 1; ; number++) {
    const name = number === 1 ? own.key : `${own.key}~${number}`
    const known = table[name]
    if (known === undefined) {
      table[name] = own
      return name
    }
    if (JSON.stringify(known) === same || known.expression === own.expression) return name
  }
}

/** A copy that can be changed without changing the original. */
const copy = (branch: Branch): Branch => ({
  ...branch,
  children: branch.children.map(copy),
  slices: branch.slices.map(copy),
})

/** The rows of the snapshot, in order. */
export function growSnapshot(
  definition: StructureDefinition,
  differential: readonly PartialRow[],
  table: Record<string, Invariant>,
  find: FindSheet,
): Row[] {
  const base = definition.baseDefinition === undefined ? undefined : find(definition.baseDefinition)
  const root = base && branchOf(base, table)
  if (!base || !root) return differential.map(completeRow)
  const grower = new Grower(root, table, find)
  for (const partial of differential) grower.lay(partial)
  return rowsOf(root, definition.type)
}

class Grower {
  readonly #root: Branch
  readonly #table: Record<string, Invariant>
  readonly #find: FindSheet

  constructor(root: Branch, table: Record<string, Invariant>, find: FindSheet) {
    this.#root = root
    this.#table = table
    this.#find = find
  }

  /** Lays one element of the differential over the tree. */
  lay(partial: PartialRow): void {
    const segments = partial.id.split('.')
    let at: Branch = this.#root
    for (const segment of segments.slice(1)) {
      const next = this.#step(at, segment)
      if (!next) return
      at = next
    }
    at.row = merged(at.row, partial)
  }

  #step(parent: Branch, segment: string): Branch | undefined {
    const colon = segment.indexOf(':')
    const name = colon === -1 ? segment : segment.slice(0, colon)
    const slice = colon === -1 ? undefined : segment.slice(colon + 1)
    if (parent.children.length === 0) this.#unfold(parent)
    let branch = parent.children.find((each) => each.name === name)
    if (!branch) {
      const choice = parent.children.find(
        (each) => each.name.endsWith('[x]') && name.startsWith(each.name.slice(0, -3)),
      )
      if (!choice) return undefined
      return this.#typeSlice(choice, name)
    }
    if (slice !== undefined) branch = this.#slice(branch, slice)
    return branch
  }

  /** `valueQuantity` in a differential: the slice of value[x] for that type. */
  #typeSlice(choice: Branch, name: string): Branch {
    const type = choice.row.types.find(
      ({ code }) => name === choice.name.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1),
    )
    if (!choice.row.slicing && choice.slices.length === 0) {
      const slicing: RowSlicing = { discriminators: [{ type: 'type', path: '$this' }], rules: 'open', ordered: false }
      choice.row = { ...choice.row, slicing }
    }
    const known = choice.slices.find((each) => each.slice === name)
    if (known) return known
    const made = this.#slice(choice, name)
    if (type) made.row = { ...made.row, types: [type] }
    return made
  }

  #slice(branch: Branch, slice: string): Branch {
    const slash = slice.lastIndexOf('/')
    const sliced = slash === -1 ? branch : this.#slice(branch, slice.slice(0, slash))
    const known = sliced.slices.find((each) => each.slice === slice)
    if (known) return known
    const { slicing: _slicing, ...row } = sliced.row
    const made: Branch = {
      name: branch.name,
      slice,
      row: { ...row, min: 0 },
      children: sliced.children.map(copy),
      slices: [],
    }
    sliced.slices.push(made)
    return made
  }

  /** Gives an element the children of what it points to, its one profile or its one type. */
  #unfold(branch: Branch): void {
    const { content, types } = branch.row
    if (content !== undefined) {
      const target = this.#contentAt(content.slice(content.indexOf('#') + 1))
      if (target) {
        branch.children = target.children.map(copy)
        const { content: _content, ...row } = branch.row
        branch.row = { ...row, types: target.row.types }
      }
      return
    }
    const sheets = types.flatMap(({ code, profiles }) => {
      const one = profiles?.length === 1 ? this.#find(profiles[0] as string) : undefined
      return one ?? this.#find(core + code) ?? []
    })
    const [only] = sheets
    const root = only && branchOf(only, this.#table)
    if (root) branch.children = root.children
  }

  /** What a content reference means is the type's own element, never what a profile makes of it (R4 ElementDefinition.contentReference). */
  #contentAt(path: string): Branch | undefined {
    const [type, ...names] = path.split('.')
    const sheet = this.#find(core + type)
    let at = sheet && branchOf(sheet, this.#table)
    for (const name of names) at = at?.children.find((each) => each.name === name)
    return at
  }
}

/** The base's row with what the differential says. */
function merged(row: Row, partial: PartialRow): Row {
  const { id: _id, invariants, binding, ...rest } = partial
  return {
    ...row,
    ...rest,
    ...(binding && {
      binding: { ...(row.binding?.strength && binding.valueSet === undefined ? row.binding : {}), ...binding },
    }),
    invariants: invariants ? [...new Set([...row.invariants, ...invariants])] : row.invariants,
  }
}

function rowsOf(root: Branch, type: string): Row[] {
  const rows: Row[] = []
  const visit = (branch: Branch, id: string): void => {
    rows.push({ ...branch.row, id })
    for (const child of branch.children) {
      const name = `${id}.${child.name}`
      visit(child, name)
      slices(child, name)
    }
  }
  const slices = (branch: Branch, name: string): void => {
    for (const slice of branch.slices) {
      visit(slice, `${name}:${slice.slice}`)
      slices(slice, name)
    }
  }
  visit(root, type)
  return rows
}
