/**
 * What is wrong with the structure of a page for whoever does not see it: headings, landmarks, names, tables, lists, ids
 * (WCAG 1.3.1, 2.4.1, 2.4.2, 2.4.6, 3.1.1, 4.1.2). For the tests of every page that the product writes; needs no browser.
 */
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'

const isElement = (node: Node): node is Element => node.nodeType === 1
const within = (node: Node): Node[] => [...node.childNodes].flatMap((child) => [child, ...within(child)])
const children = (element: Element): Element[] => [...element.childNodes].filter(isElement)
const isIn = (element: Element, fits: (one: Element) => boolean): boolean => {
  for (let at: Node | null = element; at; at = at.parentNode) if (isElement(at) && fits(at)) return true
  return false
}
const has = (element: Element, name: string): boolean => element.hasAttribute(name)
const shown = (element: Element): string =>
  `<${element.tagName}${[...element.attributes].map(({ name, value }) => ` ${name}="${value.slice(0, 40)}"`).join('')}>`

/** The words of an element for whoever listens: what is hidden from them is left out. */
const words = (node: Node): string => {
  if (!isElement(node)) return node.nodeType === 3 ? (node.nodeValue ?? '') : ''
  if (node.getAttribute('aria-hidden') === 'true' || has(node, 'hidden')) return ''
  return node.getAttribute('aria-label') || [...node.childNodes].map(words).join(' ')
}

/** One sentence for everything that is wrong; empty when nothing is. */
export function structureTroubles(page: string): string[] {
  const troubles: string[] = []
  const onError = (level: string, message: string): void => {
    if (level !== 'warning') troubles.push(`not well-formed: ${message}`)
  }
  let document: Document
  try {
    document = new DOMParser({ onError }).parseFromString(page, 'text/html')
  } catch (error) {
    return [`not well-formed: ${String(error)}`]
  }
  const all = within(document)
    .filter(isElement)
    .filter((one) => !isIn(one, (above) => has(above, 'hidden') || above.getAttribute('aria-hidden') === 'true'))
  const named = (...tags: string[]): Element[] => all.filter(({ tagName }) => tags.includes(tagName))
  const check = (fine: boolean, trouble: string): void => {
    if (!fine) troubles.push(trouble)
  }

  const ids = new Map<string, Element>()
  for (const element of within(document).filter(isElement)) {
    const id = element.getAttribute('id')
    if (id === null) continue
    check(!ids.has(id), `two elements have the id ${id}`)
    ids.set(id, element)
  }
  const nameOf = (element: Element): string => {
    const by = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? []
    for (const id of by) check(ids.has(id), `${shown(element)} is named by ${id}, which is not there`)
    const text = by.length > 0 ? by.map((id) => words(ids.get(id) ?? element)).join(' ') : words(element)
    return text.replace(/\s+/g, ' ').trim()
  }

  check(Boolean(named('html')[0]?.getAttribute('lang')), 'the page does not say its language')
  check(words(named('title')[0] ?? document).trim() !== '', 'the page has no title')
  const viewport =
    named('meta')
      .find((one) => one.getAttribute('name') === 'viewport')
      ?.getAttribute('content') ?? ''
  check(viewport.includes('width=device-width'), 'a phone would show the page as a desktop does')
  check(!/user-scalable|maximum-scale/.test(viewport), 'the page must not be enlarged')

  let before = 0
  for (const heading of named('h1', 'h2', 'h3', 'h4', 'h5', 'h6')) {
    const level = Number(heading.tagName[1])
    check(level <= before + 1, `${shown(heading)} "${nameOf(heading)}" comes after a heading of level ${before}`)
    check(nameOf(heading) !== '', `${shown(heading)} is empty`)
    before = level
  }
  check(named('h1').length === 1, `the page has ${named('h1').length} headings of the first level`)

  check(named('main').length === 1, `the page has ${named('main').length} main parts`)
  const landmarks = new Set<string>()
  for (const one of all) {
    const label = has(one, 'aria-label') || has(one, 'aria-labelledby')
    const kind = one.getAttribute('role') ?? one.tagName
    if (!['nav', 'search', 'region'].includes(kind) && !(kind === 'section' && label)) continue
    const name = `${kind} "${label ? nameOf(one) : ''}"`
    check(label && nameOf(one) !== '', `${shown(one)} is a landmark without a name`)
    check(!landmarks.has(name), `two landmarks are called ${name}`)
    landmarks.add(name)
  }
  const landmark = (one: Element): boolean => ['main', 'header', 'footer', 'nav'].includes(one.tagName)
  for (const text of named('h1', 'h2', 'h3', 'p', 'table', 'ul', 'dl', 'form'))
    check(
      isIn(text, landmark) || text.getAttribute('role') === 'status',
      `${shown(text)} stands outside every landmark`,
    )

  for (const control of all) {
    const { tagName } = control
    const field = ['input', 'select', 'textarea'].includes(tagName)
    if (!field && !['button', 'summary'].includes(tagName) && !(tagName === 'a' && has(control, 'href'))) continue
    // The placeholder and the title are no names: one goes when somebody writes, the other needs a mouse.
    const label = all.find((one) => one.tagName === 'label' && isIn(control, (above) => above === one))
    check(
      nameOf(field && !has(control, 'aria-label') && label ? label : control) !== '' &&
        (!field || Boolean(label) || has(control, 'aria-label')),
      `${shown(control)} has no name`,
    )
  }
  for (const one of all) {
    const order = one.getAttribute('tabindex')
    check(order === null || Number(order) <= 0, `${shown(one)} changes the order of the keyboard`)
    if (order === '0')
      check(has(one, 'role') && nameOf(one) !== '', `${shown(one)} can be reached, and nothing says what it is`)
    for (const { name } of one.attributes) check(!/^on/.test(name), `${shown(one)} has a handler in its markup`)
  }
  for (const picture of named('svg', 'img'))
    if (!has(picture, 'alt'))
      check(has(picture, 'role') && nameOf(picture) !== '', `${shown(picture)} is neither named nor hidden`)

  for (const table of named('table')) {
    const cells = within(table).filter(isElement)
    const rows = cells.filter(({ tagName }) => tagName === 'tr')
    for (const header of cells.filter(({ tagName }) => tagName === 'th')) {
      check(/^(row|col)$/.test(header.getAttribute('scope') ?? ''), `${shown(header)} does not say what it heads`)
      check(nameOf(header) !== '', `${shown(header)} in "${nameOf(table).slice(0, 40)}" is empty`)
    }
    for (const row of rows)
      check(
        children(row).some(({ tagName }) => tagName === 'th'),
        `a row of ${shown(table)} has no header`,
      )
  }
  const parts: Readonly<Record<string, readonly string[]>> = { ul: ['li'], ol: ['li'], dl: ['div', 'dt', 'dd'] }
  for (const list of named(...Object.keys(parts)))
    for (const child of children(list))
      check(parts[list.tagName]?.includes(child.tagName) ?? false, `${shown(child)} is no part of ${shown(list)}`)

  for (const link of named('a')) {
    const to = /^#([\w-]+)$/.exec(link.getAttribute('href') ?? '')?.[1]
    if (to && link.getAttribute('class') === 'skip')
      check(ids.has(to), `the way past the navigation leads nowhere: ${to}`)
  }
  return [...new Set(troubles)]
}
