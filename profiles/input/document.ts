/** One document, JSON or XML, from bytes to the value that is judged, with the troubles of its text and the places of its elements. */
import type { Finding } from '../finding.ts'
import { decode } from './encoding.ts'
import { readJson } from './json.ts'
import { type Place, placesInJson } from './places.ts'
import type { Limits, Trouble } from './trouble.ts'
import { readXml } from './xml/read.ts'

export interface ReadDocument {
  readonly value: unknown
  readonly troubles: readonly Trouble[]
  /** The findings with line and column, where a person would look for them there. */
  placed(findings: readonly Finding[]): readonly Finding[]
}

/** Reads a file or what came by standard input: XML where it begins with a mark, else JSON. */
export function readDocument(bytes: Uint8Array, limits: Limits): ReadDocument {
  if (isMarkup(bytes)) {
    const { value, troubles, placeOf } = readXml(bytes, limits)
    return { value, troubles, placed: (findings) => withPlaces(findings, (each) => each.map(placeOf)) }
  }
  const { value, troubles } = readJson(bytes, 1, limits)
  const places = (expressions: readonly string[]): Place[] => placesInJson(decode(bytes).text ?? '', expressions)
  return { value, troubles, placed: (findings) => withPlaces(findings, places) }
}

/** Reads a line of NDJSON; where it is, its number says. */
export function readLine(bytes: Uint8Array, line: number, limits: Limits): ReadDocument {
  return { ...readJson(bytes, line, limits), placed: (findings) => findings }
}

function withPlaces(
  findings: readonly Finding[],
  placesOf: (expressions: readonly string[]) => readonly Place[],
): readonly Finding[] {
  if (findings.length === 0) return findings
  const places = placesOf(findings.map(({ expression }) => expression))
  return findings.map((finding, index) => ({ ...finding, ...places[index] }))
}

/** The first byte that is no white space (nor byte order mark) is a `<`. */
function isMarkup(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9) at++
  return bytes[at] === 60
}
