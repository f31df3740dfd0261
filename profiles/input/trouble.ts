/** What is wrong with the bytes before anything can be said about the resource in them; always with line and column. */

/** Stable names, like those of findings. */
export type TroubleCode =
  | 'input-empty'
  | 'input-unreadable'
  | 'input-encoding'
  | 'input-byte-order-mark'
  | 'input-too-large'
  | 'json-syntax'
  | 'json-duplicate-key'
  | 'json-too-deep'
  | 'json-string-too-long'
  | 'json-not-a-resource'
  | 'xml-syntax'
  | 'xml-doctype'
  | 'xml-namespace'
  | 'xml-element'
  | 'xml-attribute'
  | 'xml-text'
  | 'xml-order'
  | 'xml-too-deep'
  | 'engine-trouble'

export interface Trouble {
  readonly severity: 'error' | 'warning'
  readonly code: TroubleCode
  /** One line for people: what it is, and what to do where that is not plain. */
  readonly message: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

/** Sizes beyond which an input is refused by name instead of taking the process down. */
export interface Limits {
  /** Nested arrays and objects. */
  readonly depth: number
  /** Characters of one string. */
  readonly string: number
  /** Bytes of one JSON document. */
  readonly document: number
  /** Bytes of one line of NDJSON. */
  readonly line: number
}

const mib = 2 ** 20
export const defaultLimits: Limits = { depth: 1000, string: 64 * mib, document: 256 * mib, line: 128 * mib }

/** `64 MB`, `1.5 MB`, `12 kB` */
export const sizeText = (bytes: number): string =>
  bytes >= mib ? `${+(bytes / mib).toFixed(1)} MB` : bytes >= 1024 ? `${Math.round(bytes / 1024)} kB` : `${bytes} bytes`
