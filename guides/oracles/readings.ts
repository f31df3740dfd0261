/**
 * Finds texts wherever they stand in what somebody was sent, however it was written down: as it is, percent-encoded, with JSON's
 * or HTML's escapes, in base64 of either alphabet, packed with gzip, and any of these inside another.
 */
import { gunzipSync } from 'node:zlib'

/** A text that was found. */
export interface Sighting {
  readonly needle: string
  /** What it was found in, decoded, and where in it. */
  readonly reading: string
  readonly at: number
  /** Where in the original text; of what is encoded, where the encoding begins. */
  readonly place: number
  /** `base64`, `gzip in base64`; '' for what stands there as it is. */
  readonly via: string
}

/** A part of a base64 text that is the same wherever it stands: `back` characters after the begin of a group of four. */
interface Core {
  readonly text: string
  readonly back: number
}

/** Texts to look for, made ready: as they are, and as base64 shows them at each of its three alignments. */
export interface Needles {
  readonly plain: readonly string[]
  readonly cores: readonly Core[]
}

/** Makes texts ready to be looked for. Shorter ones than five characters would be found by chance. */
export function needlesOf(texts: Iterable<string>): Needles {
  const plain = [...new Set(texts)].filter((text) => text.length >= 5)
  return { plain, cores: plain.flatMap(coresOf) }
}

function coresOf(text: string): Core[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((offset) => {
    const back = Math.ceil((offset * 8) / 6)
    const coded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const core = coded.slice(back, Math.floor(((offset + bytes.length) * 8) / 6))
    const url = core.replaceAll('+', '-').replaceAll('/', '_')
    return (core === url ? [core] : [core, url]).map((text) => ({ text, back }))
  })
}

/** In texts up to this size every base64 that holds text is opened; in longer ones where a needle shows, and attachments. */
const small = 4096
/** Shorter ones are words. */
const long = /[A-Za-z0-9+/_-]{24,}/g
const attachment = '"data":"'

/** How deep one encoding may stand in another. */
const deepest = 4
/** What a gzip stream begins with, in base64. */
const gzipMark = 'H4sI'
/** No more than this of a packed text is unpacked. */
const largest = 8 * 2 ** 20
/** A piece that is decoded reaches no farther than this from its first escape. */
const reach = 4096

/** Calls `found` for each place where a needle stands. */
export function search(text: string, needles: Needles, found: (sighting: Sighting) => void): void {
  look(text, needles, found, undefined, '', 0)
}

function look(
  text: string,
  needles: Needles,
  found: (sighting: Sighting) => void,
  origin: number | undefined,
  via: string,
  depth: number,
): void {
  for (const needle of needles.plain)
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
      found({ needle, reading: text, at, place: origin ?? at, via })
  if (depth === deepest) return
  const deeper = (reading: string, at: number, by: string): void =>
    look(reading, needles, found, origin ?? at, via ? `${by} in ${via}` : by, depth + 1)
  for (const { mark, ends, decode, name } of escapes)
    decodePieces(text, mark, ends, decode, (t, at) => deeper(t, at, name))
  unpack(text, needles, deeper)
}

const byte = (_: string, hex: string): string => String.fromCharCode(Number.parseInt(hex, 16))

/** Ways to write one character as several; a piece ends where a character stands that none of its kind has. */
const escapes = [
  {
    name: 'percent-encoded',
    mark: '%',
    ends: /["'\s<>]/,
    decode: (text: string) => text.replace(/%([0-9a-fA-F]{2})/g, byte),
  },
  {
    name: 'escaped',
    mark: '\\u',
    ends: /["\n]/,
    decode: (text: string) => text.replace(/\\u([0-9a-fA-F]{4})/g, byte),
  },
  {
    name: 'escaped for HTML',
    mark: '&#',
    ends: /["\s<>]/,
    decode: (text: string) =>
      text
        .replace(/&#x([0-9a-fA-F]{1,6});/g, byte)
        .replace(/&#(\d{1,7});/g, (_, number: string) => String.fromCharCode(Number(number))),
  },
] as const

function decodePieces(
  text: string,
  mark: string,
  ends: RegExp,
  decode: (text: string) => string,
  read: (reading: string, at: number) => void,
): void {
  for (let at = text.indexOf(mark); at >= 0; ) {
    let [from, to] = [at, at]
    while (from > 0 && at - from < reach && !ends.test(text[from - 1] as string)) from--
    while (to < text.length && to - at < reach && !ends.test(text[to] as string)) to++
    const piece = text.slice(from, to)
    const plain = decode(piece)
    if (plain !== piece) read(plain, from)
    at = text.indexOf(mark, Math.max(to, at + mark.length))
  }
}

const inBase64 = /[A-Za-z0-9+/_-]/

function unpack(text: string, { cores }: Needles, read: (reading: string, at: number, by: string) => void): void {
  // A run holds many needles, and is opened once for each way to cut it into groups of four.
  const opened = new Set<string>()
  for (const { text: core, back } of cores)
    for (let hit = text.indexOf(core); hit >= 0; hit = text.indexOf(core, hit + 1)) {
      const [begin, end] = runAround(text, hit, hit + core.length)
      const group = hit - back
      if (group < begin) continue
      const from = group - 4 * Math.floor((group - begin) / 4)
      if (opened.has(`${from} ${end}`)) continue
      opened.add(`${from} ${end}`)
      read(Buffer.from(text.slice(from, end), 'base64').toString('latin1'), from, 'base64')
    }
  const open = (from: number, end: number): void => {
    if (opened.has(`${from} ${end}`) || !holdsText(text.slice(from, from + 12))) return
    opened.add(`${from} ${end}`)
    read(Buffer.from(text.slice(from, end), 'base64').toString('latin1'), from, 'base64')
  }
  if (text.length <= small)
    for (const { 0: run, index } of text.matchAll(long))
      for (let from = 0; from >= 0; from = run.indexOf('/', from) + 1 || -1) open(index + from, index + run.length)
  else
    for (let at = text.indexOf(attachment); at >= 0; at = text.indexOf(attachment, at + 1))
      open(at + attachment.length, runAround(text, at + attachment.length, at + attachment.length)[1])
  for (let hit = text.indexOf(gzipMark); hit >= 0; hit = text.indexOf(gzipMark, hit + 1)) {
    const [, end] = runAround(text, hit, hit + gzipMark.length)
    const plain = unzipped(Buffer.from(text.slice(hit, end), 'base64'))
    if (plain !== undefined) read(plain, hit, 'gzip in base64')
  }
}

/** Do these twelve characters hold nine of plain text? Words and paths read as base64 do not. */
const holdsText = (start: string): boolean => /^[\t\n\r -~]+$/.test(Buffer.from(start, 'base64').toString('latin1'))

function runAround(text: string, from: number, to: number): [begin: number, end: number] {
  let [begin, end] = [from, to]
  while (begin > 0 && inBase64.test(text[begin - 1] as string)) begin--
  while (end < text.length && inBase64.test(text[end] as string)) end++
  return [begin, end]
}

function unzipped(packed: Buffer): string | undefined {
  try {
    return gunzipSync(packed, { maxOutputLength: largest }).toString('latin1')
  } catch {
    return undefined
  }
}
