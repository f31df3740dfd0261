/** Slicing: which value belongs to which slice, how often, in which order, and whether others are welcome. */
import type { Slice, Slicing, World } from '../compile/compiled.ts'
import type { Variant } from '../compile/types.ts'
import type { Json, Visit } from './visit.ts'

/** One value of an element, as lists and choices are laid out flat. */
export interface Item {
  readonly value: unknown
  readonly shadow: Json | undefined
  readonly variant: Variant
  readonly index: number
}

/** Judges the values of a sliced element. */
export function judgeSlices(world: World, visit: Visit, slicing: Slicing, items: readonly Item[], stem: string): void {
  const { slices } = slicing
  const counts = new Array<number>(slices.length).fill(0)
  let open: Set<Slice> | undefined
  let members: Map<Slice, Item[]> | undefined
  let last = -1
  let unmatchedAt = -1
  for (const item of items) {
    visit.push(item.variant.segment, item.index, item.variant, item.value)
    let chosen = -1
    let undecided = false
    for (let at = 0; at < slices.length; at++) {
      const slice = slices[at] as Slice
      if (slice.name === '@default') continue
      const said = slice.match(visit, item.value, item.variant.type)
      if (said === true) {
        chosen = at
        break
      }
      if (said === undefined) {
        undecided = true
        open ??= new Set()
        open.add(slice)
      }
    }
    if (chosen === -1 && !undecided) chosen = slices.findIndex(({ name }) => name === '@default')
    const slice = slices[chosen]
    if (slice) {
      counts[chosen] = (counts[chosen] ?? 0) + 1
      if (slice.item) world.rules.judgeOverlay(world, visit, slice.item, item.value, item.variant.type, item.shadow)
      if (slice.slicing) {
        members ??= new Map()
        const list = members.get(slice)
        if (list) list.push(item)
        else members.set(slice, [item])
      }
      if (slicing.ordered && chosen < last) {
        visit.report(
          'error',
          'slice-order',
          `The slice ${slice.name} comes too late: the slices of ${stem} are in order.`,
          slicing.demand,
          {
            expected: slices.map(({ name }) => name),
            actual: slice.name,
          },
        )
      }
      last = Math.max(last, chosen)
      if (slicing.rules === 'openAtEnd' && unmatchedAt >= 0) {
        visit.report(
          'error',
          'slice-order',
          `The slice ${slice.name} comes after values of no slice, which belong at the end.`,
          slicing.demand,
        )
      }
    } else if (!undecided) {
      unmatchedAt = item.index
      if (slicing.rules === 'closed') {
        visit.report(
          'error',
          'slice-closed',
          `The value belongs to no slice of ${stem}, and no others are allowed (${slices.map(({ name }) => name).join(', ')}).`,
          slicing.demand,
          {
            expected: slices.map(({ name }) => name),
          },
        )
      }
    }
    visit.pop()
  }
  for (let at = 0; at < slices.length; at++)
    judgeCount(world, visit, slices[at] as Slice, counts[at] as number, stem, open)
  if (!members) return
  for (const [slice, inner] of members) if (slice.slicing) judgeSlices(world, visit, slice.slicing, inner, stem)
}

function judgeCount(
  world: World,
  visit: Visit,
  slice: Slice,
  count: number,
  stem: string,
  open: ReadonlySet<Slice> | undefined,
): void {
  if (count > slice.max) {
    const text =
      slice.max === 0
        ? `The slice ${slice.name} of ${stem} is not allowed here.`
        : `The slice ${slice.name} of ${stem} may occur ${slice.max === 1 ? 'once' : `${slice.max} times`}, but occurs ${count} times.`
    visit.report('error', 'slice-max', text, slice.demand, { expected: slice.max, actual: count, below: stem })
  }
  if (count >= slice.min) return
  if (open?.has(slice)) {
    if (world.policy.reportUndecided) {
      const reason = slice.undecided ?? 'the codes that tell it apart are not at hand'
      visit.report(
        'information',
        'slice-not-decided',
        `Whether the slice ${slice.name} of ${stem} occurs is not decided: ${reason}.`,
        slice.demand,
        { below: stem },
      )
    }
    return
  }
  visit.report(
    'error',
    'slice-min',
    `The slice ${slice.name} of ${stem} must occur at least ${slice.min === 1 ? 'once' : `${slice.min} times`}, but occurs ${count === 0 ? 'not at all' : `${count} times`}.`,
    slice.demand,
    {
      expected: slice.min,
      actual: count,
      below: stem,
    },
  )
}
