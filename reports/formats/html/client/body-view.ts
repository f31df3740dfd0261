/** A body or header as a reader wants it: JSON folded, NDJSON line by line, forms decoded, tokens read; raw on request. */
import { button, copyButton, h, moreButton } from './dom.ts'
import { jsonView, pathOf, valueView } from './json-view.ts'

/** JSON shorter than this stands open to its leaves. */
const small = 5000

export interface Body {
  readonly text: string
  /** Whose body it is: `of the request of x3`. */
  readonly about: string
  /** Length of the whole when only its beginning is here. */
  readonly cut?: number
  /** Where findings point in it: what they lead to is marked. */
  readonly expressions?: readonly string[]
}

export function bodyView({ text, about, cut, expressions = [] }: Body): HTMLElement {
  const box = h('div', { class: 'body' })
  if (text === '') {
    box.append(h('p', { class: 'soft' }, 'No body.'))
    return box
  }
  const readable = readableOf(text, expressions)
  const holder = h('div', { class: 'holder' })
  const tools = h(
    'div',
    { class: 'tools' },
    h('span', { class: 'soft' }, `${(cut ?? text.length).toLocaleString('en')} characters`),
  )
  const show = (raw: boolean): void =>
    holder.replaceChildren(raw || !readable ? block(text, `Body ${about}`) : readable())
  if (readable) {
    const raw = button('Raw', `body ${about}`)
    raw.setAttribute('aria-pressed', 'false')
    raw.addEventListener('click', () => {
      const pressed = raw.getAttribute('aria-pressed') !== 'true'
      raw.setAttribute('aria-pressed', String(pressed))
      show(pressed)
    })
    tools.append(raw)
  }
  tools.append(copyButton(() => text, 'Copy', `body ${about}`))
  show(false)
  box.append(tools, holder)
  if (cut)
    box.append(
      h(
        'p',
        { class: 'soft' },
        `Only the first ${text.length.toLocaleString('en')} characters are here; record.ndjson has them all.`,
      ),
    )
  return box
}

function readableOf(text: string, expressions: readonly string[]): (() => HTMLElement) | undefined {
  const value = parsed(text)
  if (value !== undefined && typeof value === 'object' && value !== null)
    return () =>
      jsonView(
        value,
        // A file of one line is JSON as well.
        pathsOf(
          expressions.map((expression) => expression.replace(/^line 1[.:] ?/, '')),
          value,
        ),
        text.length < small,
      )
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > 1 && lines.every((line) => line.startsWith('{'))) return () => ndjson(lines, expressions)
  if (/^[\w.~%+-]+=[^\s{}<>]*$/.test(text)) return () => form(text)
  return undefined
}

/** Text as it is. It may be longer than its box, so the keyboard can come to it and scroll it. */
export const block = (text: string, label: string): HTMLElement =>
  h('pre', { tabindex: '0', role: 'group', 'aria-label': label }, text)

const pathsOf = (expressions: readonly string[], value: unknown) =>
  expressions.flatMap((expression) => {
    const path = pathOf(expression, value)
    return path ? [path] : []
  })

/** Findings point at `line 3`, `line 3.meta.versionId` or `line 3: Condition.note`: those lines stand open. */
function ndjson(lines: readonly string[], expressions: readonly string[]): HTMLElement {
  const named = new Map<number, string[]>()
  for (const expression of expressions) {
    const [, number, within = ''] = /^line (\d+)(?:[.:] ?(.+))?$/.exec(expression) ?? []
    if (number) named.set(Number(number) - 1, [...(named.get(Number(number) - 1) ?? []), within])
  }

  const list = h('ol', { class: 'ndjson' })
  const add = (from: number): HTMLElement | undefined => {
    const before = list.childElementCount
    const to = Math.max(from + 50, ...[...named.keys()].map((at) => Math.min(at + 1, lines.length)))
    for (const [n, line] of lines.slice(from, to).entries()) {
      const within = named.get(from + n)
      const value = parsed(line) as { resourceType?: unknown; id?: unknown } | undefined
      const name = value
        ? `${String(value.resourceType ?? 'line')}${value.id ? `/${String(value.id)}` : ''}`
        : line.slice(0, 80)
      const inside = h('details', within ? { class: 'marked' } : {}, h('summary', {}, name))
      const fill = (): void => {
        if (inside.open && inside.childElementCount === 1)
          inside.append(value ? jsonView(value, pathsOf(within ?? [], value)) : block(line, name))
      }
      inside.addEventListener('toggle', fill)
      inside.open = within !== undefined
      fill()
      list.append(h('li', {}, inside))
    }
    if (to < lines.length) {
      const rest = h('li', { class: 'more-members' })
      rest.append(
        moreButton(`show more of ${lines.length} lines`, () => {
          rest.remove()
          return add(to)
        }),
      )
      list.append(rest)
    }
    return list.children[before] as HTMLElement | undefined
  }
  add(0)
  return list
}

function form(text: string): HTMLElement {
  const rows = text.split('&').map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    return h('tr', {}, h('th', { scope: 'row' }, decoded(name)), h('td', {}, valueView(decoded(rest.join('=')))))
  })
  return h('table', { class: 'headers' }, h('tbody', {}, ...rows))
}

function parsed(text: string): unknown {
  const start = text.trimStart()[0]
  if (start !== '{' && start !== '[') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
