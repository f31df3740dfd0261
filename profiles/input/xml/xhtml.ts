/** The div of a narrative as the text that JSON holds: default namespace, characters instead of entities, nothing left out. */
import type { Attr, Element, Node } from '@xmldom/xmldom'

export const xhtmlNamespace = 'http://www.w3.org/1999/xhtml'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The text of an element; deeper than `levels` it is cut, which the caller has ruled out. */
export function xhtmlText(element: Element, around = '', levels = 1000): string {
  const name = element.localName ?? element.nodeName
  const namespace = element.namespaceURI ?? ''
  let text = `<${name}${namespace === around ? '' : ` xmlns="${escaped(namespace)}"`}`
  for (const each of attributesOf(element)) {
    if (each.name === 'xmlns' || each.prefix === 'xmlns') continue
    text += ` ${each.name}="${escaped(each.value).replaceAll('"', '&quot;')}"`
  }
  if (!element.firstChild || levels <= 0) return `${text}/>`
  text += '>'
  for (const child of childrenOf(element)) text += nodeText(child, namespace, levels - 1)
  return `${text}</${name}>`
}

function nodeText(node: Node, around: string, levels: number): string {
  if (node.nodeType === node.ELEMENT_NODE) return xhtmlText(node as Element, around, levels)
  if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE)
    return escaped(node.nodeValue ?? '')
  return node.nodeType === node.COMMENT_NODE ? `<!--${node.nodeValue ?? ''}-->` : ''
}

/** The children in order, without the parser's live list, which counts anew at every step. */
export function* childrenOf(node: Node): Generator<Node> {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child
}

export function* elementsOf(node: Node): Generator<Element> {
  for (const child of childrenOf(node)) if (child.nodeType === node.ELEMENT_NODE) yield child as Element
}

export function attributesOf({ attributes }: Element): Attr[] {
  return Array.from({ length: attributes.length }, (_, at) => attributes.item(at) as Attr)
}
