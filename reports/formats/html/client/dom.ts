/** Elements, made by name. Text is always text: nothing here reads markup. */

type Child = Node | string | undefined | false
type Properties = Readonly<Record<string, string | boolean | ((event: Event) => void)>>

/** `h('a', { href: '#s1' }, 'text')`; a function property listens, `true` sets the bare attribute, `false` leaves it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child)
  return element
}

/** An icon of the page: `icon('fail')`. */
export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(space, 'use')
  use.setAttribute('href', `#i-${name}`)
  svg.append(use)
  return svg
}

export const badge = (code: string): HTMLElement =>
  h('span', { class: `badge is-${code}` }, icon(code), h('span', {}, code))

/** An element that must be in the page. */
export function the<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector)
  if (!found) throw new Error(`the page lacks ${selector}`)
  return found
}

/** The label of a button as it is seen, and what it is about for who does not see where it stands. */
const labelled = (label: string, about: string): (Node | string)[] =>
  about ? [label, h('span', { class: 'away' }, ` ${about}`)] : [label]

/** A button with that label; `about` is heard, not seen. */
export const button = (label: string, about = ''): HTMLButtonElement =>
  h('button', { type: 'button' }, ...labelled(label, about))

/** Copies on a click and says so, to the eye and to the ear. */
export function copyButton(text: () => string, label = 'Copy', about = ''): HTMLButtonElement {
  const copy = button(label, about)
  copy.classList.add('copy')
  copy.addEventListener('click', () => {
    copied(text()).then(
      () => say(copy, 'Copied', label, about),
      () => say(copy, 'Not allowed here', label, about),
    )
  })
  return copy
}

function say(copy: HTMLButtonElement, text: string, label: string, about: string): void {
  copy.replaceChildren(...labelled(text, about))
  the('#said').textContent = `${text}${about ? ` ${about}` : ''}`
  setTimeout(() => {
    copy.replaceChildren(...labelled(label, about))
    the('#said').textContent = ''
  }, 1500)
}

/** A button that gives way to what it brings. `bring` answers with the first of it, where the reader goes on. */
export function moreButton(label: string, bring: () => HTMLElement | undefined): HTMLButtonElement {
  const more = button(label)
  more.addEventListener('click', () => {
    const first = bring()
    const next = first?.matches('summary, a') ? first : first?.querySelector<HTMLElement>('summary, a, button')
    if (!next && first) first.tabIndex = -1
    ;(next ?? first)?.focus()
  })
  return more
}

async function copied(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Opened from a disk some browsers have no clipboard: the old way works there.
    const area = h('textarea', { class: 'away' })
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    if (!done) throw new Error('copying is not allowed')
  }
}
