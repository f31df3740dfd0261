/** JSON that can be folded: containers open level by level, long lists in portions, the places marked that findings name. */
import { readJwt } from '../../../jwt.ts'
import { h, moreButton } from './dom.ts'

type Path = readonly (string | number)[]

const portion = 60
const openDepth = 3

/** Shows a value; `marks` are the paths to open and mark, `whole` opens every level. */
export function jsonView(value: unknown, marks: readonly Path[], whole = false): HTMLElement {
  return h('div', { class: 'json' }, node(value, undefined, whole ? Number.NEGATIVE_INFINITY : 0, marks, true))
}

/** A value that may be a token: what the token says goes with it. */
export function valueView(value: string): HTMLElement {
  const token = value.replace(/^(Bearer|DPoP)\s+/i, '')
  const read = readJwt(token)
  const text = h('span', { class: 'value' }, ...named(value))
  if (!read) return text
  return h(
    'details',
    { class: 'token' },
    h('summary', {}, 'token, ', ...named(read.signature || 'unsigned')),
    jsonView({ header: read.header, ...(read.payload === undefined ? {} : { payload: read.payload }) }, [], true),
    text,
  )
}

/** Placeholders stand out: the same one is the same secret. */
export function named(text: string): (Node | string)[] {
  return text
    .split(/(«[^«»]{1,60}»)/)
    .map((part, at) => (at % 2 === 1 ? h('span', { class: 'secret' }, part.slice(1, -1)) : part))
}

function node(
  value: unknown,
  key: string | undefined,
  depth: number,
  marks: readonly Path[],
  last: boolean,
): HTMLElement {
  const name = key === undefined ? undefined : h('span', { class: 'k' }, `${JSON.stringify(key)}: `)
  const comma = last ? '' : ','
  const marked = marks.some((path) => path.length === 0)
  if (value === null || typeof value !== 'object') {
    const kind = value === null ? 'null' : typeof value
    return h(
      'div',
      { class: `leaf${marked ? ' marked' : ''}` },
      name,
      typeof value === 'string' && readJwt(value)
        ? valueView(value)
        : h('span', { class: `v-${kind}` }, ...named(JSON.stringify(value))),
      comma,
    )
  }
  const list = Array.isArray(value)
  const members = Object.entries(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  if (members.length === 0)
    return h('div', { class: `leaf${marked ? ' marked' : ''}` }, name, `${open}${close}${comma}`)
  const kids = h('div', { class: 'kids' })
  const details = h(
    'details',
    { class: marked ? 'marked' : '' },
    h(
      'summary',
      {},
      name,
      h('span', { class: 'open' }, open),
      h('span', { class: 'folded' }, ` ${members.length} ${close}${comma}`),
    ),
    kids,
    h('div', { class: 'close' }, `${close}${comma}`),
  )
  let filled = false
  const fill = (): void => {
    if (filled) return
    filled = true
    addPortion(0)
  }
  const addPortion = (from: number): HTMLElement | undefined => {
    const before = kids.childElementCount
    const wanted = members.findLastIndex(([name]) => marks.some(([step]) => String(step) === name))
    const to = Math.max(from + portion, wanted + 1)
    for (const [at, [name, member]] of members.slice(from, to).entries()) {
      const onPath = marks.filter(([step]) => String(step) === name).map((path) => path.slice(1))
      kids.append(node(member, list ? undefined : name, depth + 1, onPath, from + at === members.length - 1))
    }
    if (to < members.length) {
      const more = moreButton(`show ${Math.min(portion, members.length - to)} more of ${members.length}`, () => {
        more.remove()
        return addPortion(to)
      })
      more.classList.add('more-members')
      kids.append(more)
    }
    return kids.children[before] as HTMLElement | undefined
  }
  details.addEventListener('toggle', () => {
    if (details.open) fill()
  })
  const large = members.length > portion || (list && depth >= 2 && members.length > 8)
  if (marks.length > 0 || (depth < openDepth && !large)) {
    details.open = true
    fill()
  }
  return details
}

/**
 * The place that a finding's expression names (`Bundle.entry[2].resource.name`, `Parameters.parameter[1]`), as far as it is
 * plain members and numbers; undefined when it is none or does not exist in the value.
 */
export function pathOf(expression: string, value: unknown): Path | undefined {
  // What is in an entry or a line may be named by its own type: `Bundle.entry[2].resource: Patient.name`.
  const steps = expression
    .replace(/: [A-Z]\w*\./, '.')
    .split(/\.(?![^(]*\))/)
    .flatMap((part): (string | number)[] => {
      const found = /^([A-Za-z_$][\w$-]*)((?:\[\d+\])*)$/.exec(part)
      if (!found) return [Number.NaN]
      return [found[1] as string, ...[...(found[2] ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits))]
    })
  const type = (value as { resourceType?: unknown } | null)?.resourceType
  if (steps[0] === type && typeof type === 'string') steps.shift()
  const path: (string | number)[] = []
  let at: unknown = value
  for (const step of steps) {
    if (Array.isArray(at) && typeof step === 'string') {
      // FHIRPath reaches into every item; the first is as good as any to show.
      path.push(0)
      at = at[0]
    }
    if (!at || typeof at !== 'object' || !Object.hasOwn(at, step))
      return path.length > 0 && Number.isNaN(step) ? path : undefined
    path.push(step)
    at = (at as Record<string | number, unknown>)[step]
  }
  return path.length > 0 ? path : undefined
}
