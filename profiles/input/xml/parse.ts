/** Text of an XML document to its elements (XML 1.0 with namespaces). No document type is read, so no entity can be declared or fetched. */
import { createRequire } from 'node:module'
import type { Document } from '@xmldom/xmldom'
import { decode } from '../encoding.ts'
import { type Limits, sizeText, type Trouble, type TroubleCode } from '../trouble.ts'

export interface ParsedXml {
  readonly document: Document | undefined
  readonly troubles: readonly Trouble[]
}

let library: typeof import('@xmldom/xmldom') | undefined
/** Loaded with the first XML: most runs see none. */
const xmldom = (): typeof import('@xmldom/xmldom') => {
  library ??= createRequire(import.meta.url)('@xmldom/xmldom') as typeof import('@xmldom/xmldom')
  return library
}

/** Memory goes with the elements, about 1.6 kB each, and not with the bytes: a scan of 200 MB in one attribute is a small tree. */
const mostElements = 1_000_000
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u
const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/

/** Parses one document. The first mistake of grammar ends it. */
export function parseXml(bytes: Uint8Array, limits: Limits): ParsedXml {
  if (bytes.length > limits.document)
    return refused(
      'input-too-large',
      `The document has ${sizeText(bytes.length)}; of XML up to ${sizeText(limits.document)} are read.`,
    )
  if (hasMoreElements(bytes, mostElements))
    return refused(
      'input-too-large',
      `The document has more than ${mostElements.toLocaleString('en')} elements, of which a tree would not fit into memory. Many resources belong into NDJSON, which may have any size.`,
    )
  const { text, troubles } = decode(bytes)
  // A byte order mark is at home in XML, so the warning about it is not.
  if (text === undefined) return { document: undefined, troubles }
  const encoding = declaration.exec(text)?.[1]
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
    return refused(
      'input-encoding',
      `The document says that it is ${encoding.slice(0, 40)}; FHIR is UTF-8. Save it as UTF-8.`,
    )
  const doctype = doctypeAt(text)
  if (doctype !== -1)
    return refused(
      'xml-doctype',
      'A document type (<!DOCTYPE) has no place in FHIR, as its entities could expand without end or read other files. Remove it.',
      ...placeAt(text, doctype),
    )
  const control = forbidden.exec(text)
  if (control) {
    const hex = (control[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')
    return refused('xml-syntax', `XML has no character U+${hex}.`, ...placeAt(text, control.index))
  }
  return parseText(text)
}

/** Counts what opens an element, in text and comments too: more than enough is enough. */
function hasMoreElements(bytes: Uint8Array, most: number): boolean {
  // No document has more elements than a quarter of its bytes.
  if (bytes.length / 4 <= most) return false
  let count = 0
  for (let at = bytes.indexOf(60); at !== -1; at = bytes.indexOf(60, at + 1)) {
    const next = bytes[at + 1] as number
    if (next !== 47 && next !== 33 && next !== 63 && ++count > most) return true
  }
  return false
}

function parseText(text: string): ParsedXml {
  let first: Trouble | undefined
  const note = (message: string, line: number | undefined, column: number | undefined): void => {
    // U+FFFD is a character like any other.
    if (message.startsWith('Unicode replacement character')) return
    first ??= {
      severity: 'error',
      code: 'xml-syntax',
      message: `Not well-formed XML: ${readable(message)}`,
      line: line || 1,
      column: column || 1,
    }
  }
  let document: Document | undefined
  try {
    const parser = new (xmldom().DOMParser)({
      onError: (_level, message, { locator }) => note(message, locator?.lineNumber, locator?.columnNumber),
    })
    document = parser.parseFromString(text, 'text/xml')
  } catch (error) {
    const { message, locator } = error as { message: string; locator?: { lineNumber?: number; columnNumber?: number } }
    note(message, locator?.lineNumber, locator?.columnNumber)
  }
  return first ? { document: undefined, troubles: [first] } : { document, troubles: [] }
}

/** The parser's words, where they say too little. */
function readable(message: string): string {
  const entity = /^(?:entity not found:|EntityRef: expecting ;)\s*(&\w+;)?/.exec(message)
  if (entity)
    return entity[1]
      ? `the entity ${entity[1]} is not declared; write the character itself, or its number as in &#160;.`
      : 'an & must be written as &amp;.'
  const mismatch = /^Opening and ending tag mismatch: "(.*)" != "(.*)"$/.exec(message)
  if (mismatch) return `<${mismatch[1]}> ends as </${mismatch[2]}>.`
  const open = /^unclosed xml tag\(s\): (.*)$/.exec(message)
  if (open) return `the text ends, but ${open[1]} is still open: it is cut off, or an end tag is missing.`
  if (message.includes('Only one element can be added')) return 'there is a second root element.'
  if (message.includes('prefix is non-null and namespace is null')) return 'a prefix is used that no xmlns declares.'
  if (message === 'missing root element') return 'there is no element in it.'
  const plain = message
    .replace(/^(element parse error: |Error: |Error constructing the DOM: )+/, '')
    .replace(/\s+/g, ' ')
  return plain.endsWith('.') ? plain : `${plain}.`
}

/** Where a document type begins: after comments and processing instructions, before the first element; or -1. */
function doctypeAt(text: string): number {
  const before = /\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y
  let at = 0
  for (;;) {
    before.lastIndex = at
    const found = before.exec(text)
    if (!found) break
    at = before.lastIndex
  }
  return /^<!DOCTYPE/i.test(text.slice(at, at + 9)) ? at : -1
}

function placeAt(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at)
  return [before.split('\n').length, at - before.lastIndexOf('\n')]
}

const refused = (code: TroubleCode, message: string, line = 1, column = 1): ParsedXml => ({
  document: undefined,
  troubles: [{ severity: 'error', code, message, line, column }],
})
