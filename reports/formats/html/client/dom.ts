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

/** Copies on a click and says so. */
export function copyButton(text: () => string, label = 'Copy'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'copy' }, label)
  button.addEventListener('click', () => {
    copied(text()).then(
      () => say(button, 'Copied', label),
      () => say(button, 'Not allowed here', label),
    )
  })
  return button
}

function say(button: HTMLButtonElement, text: string, then: string): void {
  button.textContent = text
  setTimeout(() => {
    button.textContent = then
  }, 1500)
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
