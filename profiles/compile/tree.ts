/** The rows of a sheet as a tree: children by element name, slices under the element that they slice. */
import type { ProfileSheet, Row } from './sheet.ts'

export interface TreeNode {
  readonly row: Row
  /** Last segment without the slice: `identifier`, `value[x]`. */
  readonly name: string
  /** Name of the slice, where this is one. */
  readonly slice: string | undefined
  readonly parent: TreeNode | undefined
  readonly children: Map<string, TreeNode>
  readonly slices: TreeNode[]
  readonly sheet: ProfileSheet
}

const trees = new WeakMap<ProfileSheet, TreeNode>()

/** The tree of a sheet, made once. */
export function treeOf(sheet: ProfileSheet): TreeNode {
  const known = trees.get(sheet)
  if (known) return known
  const tree = grow(sheet)
  trees.set(sheet, tree)
  return tree
}

const blank = (id: string): Row => ({ id, min: 0, max: '*', types: [], invariants: [] })

function grow(sheet: ProfileSheet): TreeNode {
  const byId = new Map<string, TreeNode>()
  const first = sheet.rows[0] ?? blank(sheet.type)
  const root: TreeNode = {
    row: first,
    name: first.id,
    slice: undefined,
    parent: undefined,
    children: new Map(),
    slices: [],
    sheet,
  }
  byId.set(first.id, root)
  const place = (id: string, row: Row | undefined): TreeNode => {
    const known = byId.get(id)
    if (known) return known
    const dot = lastDot(id)
    const parent = dot === -1 ? root : place(id.slice(0, dot), undefined)
    const segment = id.slice(dot + 1)
    const colon = segment.indexOf(':')
    const name = colon === -1 ? segment : segment.slice(0, colon)
    const slice = colon === -1 ? undefined : segment.slice(colon + 1)
    const node: TreeNode = { row: row ?? blank(id), name, slice, parent, children: new Map(), slices: [], sheet }
    byId.set(id, node)
    if (slice === undefined) parent.children.set(name, node)
    else {
      const slash = slice.lastIndexOf('/')
      const sliced =
        slash === -1 ? id.slice(0, id.length - slice.length - 1) : id.slice(0, id.length - slice.length + slash)
      place(sliced, undefined).slices.push(node)
    }
    return node
  }
  for (const row of sheet.rows.slice(1)) place(row.id, row)
  return root
}

/** The last dot outside of a slice name in brackets; slice names may hold dots only in `[x]`-free old ids, which none here has. */
const lastDot = (id: string): number => id.lastIndexOf('.')
