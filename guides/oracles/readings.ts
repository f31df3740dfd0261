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

/** A text, and the piece of it that is looked for first: six characters at most, since short pieces are found fastest. */
interface Wanted {
  readonly text: string
  readonly piece: string
  /** Where in the text the piece begins. */
  readonly before: number
}

/** A part of a base64 text that is the same wherever it stands: `back` characters after the begin of a group of four. */
interface Core extends Wanted {
  readonly back: number
}

/** Texts to look for, made ready: as they are, and as base64 shows them at each of its three alignments. */
export interface Needles {
  readonly plain: readonly Wanted[]
  readonly cores: readonly Core[]
}

/** Makes texts ready to be looked for. Shorter ones than five characters would be found by chance. */
export function needlesOf(texts: Iterable<string>): Needles {
  const plain = [...new Set(texts)].filter((text) => text.length >= 5)
  return { plain: plain.map(wanted), cores: plain.flatMap(coresOf) }
}

/** From the letters that are rarest in FHIR's JSON to the commonest. */
const byRarity = '+KqP8LO_zA7HXwDYx6GCJ9ME4SBI35kjQTNWfFbZgvVRUy21uhm-/p0lcsdorniate'

/** The piece begins with the rarest letter, so that there are few places to look at more closely. */
function wanted(text: string): Wanted {
  // What is none of these letters is commoner than all of them.
  const ranks = text
    .slice(0, -2)
    .split('')
    .map((letter) => byRarity.indexOf(letter) >>> 0)
  const before = ranks.indexOf(Math.min(...ranks))
  return { text, piece: text.slice(before, before + 6), before }
}

/** Where it stands first from that place on; -1 where it does not. */
function placeOf(text: string, { text: whole, piece, before }: Wanted, from: number): number {
  for (let at = text.indexOf(piece, from + before); at >= 0; at = text.indexOf(piece, at + 1))
    if (text.startsWith(whole, at - before)) return at - before
  return -1
}

function coresOf(text: string): Core[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((offset) => {
    const back = Math.ceil((offset * 8) / 6)
    const coded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const core = coded.slice(back, Math.floor(((offset + bytes.length) * 8) / 6))
    const url = core.replaceAll('+', '-').replaceAll('/', '_')
    return (core === url ? [core] : [core, url]).map((text) => ({ ...wanted(text), back }))
  })
}

/** In texts up to this size every base64 that holds text is opened; in longer ones where a needle shows, and attachments. */
const small = 4096
/** Shorter runs of its letters are words. */
const long = 24
const attachment = wanted('"data":"')

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
    for (let at = placeOf(text, needle, 0); at >= 0; at = placeOf(text, needle, at + needle.text.length))
      found({ needle: needle.text, reading: text, at, place: origin ?? at, via })
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

/** What each letter of base64 stands for, by its code; -1 for what is none. */
const sextets = new Int8Array(128).fill(-1)
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
for (const alphabet of [`${letters}+/`, `${letters}-_`])
  for (let value = 0; value < 64; value++) sextets[alphabet.charCodeAt(value)] = value

const isLetter = (text: string, at: number): boolean => (sextets[text.charCodeAt(at)] ?? -1) >= 0

function unpack(text: string, { cores }: Needles, read: (reading: string, at: number, by: string) => void): void {
  // A run holds many needles, and is opened once for each way to cut it into groups of four.
  const opened = new Set<string>()
  for (const core of cores)
    for (let hit = placeOf(text, core, 0); hit >= 0; hit = placeOf(text, core, hit + 1)) {
      const [begin, end] = runAround(text, hit, hit + core.text.length)
      const group = hit - core.back
      if (group < begin) continue
      const from = group - 4 * Math.floor((group - begin) / 4)
      if (opened.has(`${from} ${end}`)) continue
      opened.add(`${from} ${end}`)
      read(Buffer.from(text.slice(from, end), 'base64').toString('latin1'), from, 'base64')
    }
  const open = (from: number, end: number): void => {
    if (!holdsText(text, from) || opened.has(`${from} ${end}`)) return
    opened.add(`${from} ${end}`)
    read(Buffer.from(text.slice(from, end), 'base64').toString('latin1'), from, 'base64')
  }
  if (text.length <= small) {
    for (const [begin, end] of longRuns(text)) {
      open(begin, end)
      // What stands after a slash may be a text of its own.
      for (let at = begin; at < end; at++) if (text[at] === '/') open(at + 1, end)
    }
  } else
    for (let at = placeOf(text, attachment, 0); at >= 0; at = placeOf(text, attachment, at + 1)) {
      const from = at + attachment.text.length
      open(from, runAround(text, from, from)[1])
    }
  for (let hit = text.indexOf(gzipMark); hit >= 0; hit = text.indexOf(gzipMark, hit + 1)) {
    const [, end] = runAround(text, hit, hit + gzipMark.length)
    const plain = unzipped(Buffer.from(text.slice(hit, end), 'base64'))
    if (plain !== undefined) read(plain, hit, 'gzip in base64')
  }
}

const plainText = /^[\t\n\r -~]+$/

/** Do the twelve characters from there on hold nine of plain text? Words and paths read as base64 do not, as four tell. */
function holdsText(text: string, from: number): boolean {
  let bits = 0
  for (let at = from; at < from + 4; at++) bits = (bits << 6) | ((sextets[text.charCodeAt(at)] ?? 0) & 63)
  // No character of plain text has the highest bit of its byte.
  if ((bits & 0x808080) !== 0) return false
  return plainText.test(Buffer.from(text.slice(from, from + 12), 'base64').toString('latin1'))
}

function runAround(text: string, from: number, to: number): [begin: number, end: number] {
  let [begin, end] = [from, to]
  while (begin > 0 && isLetter(text, begin - 1)) begin--
  while (end < text.length && isLetter(text, end)) end++
  return [begin, end]
}

/** Every run of letters that is no word. One that begins here has a letter where it would become long: most have not. */
function longRuns(text: string): (readonly [begin: number, end: number])[] {
  const runs: (readonly [number, number])[] = []
  for (let begin = 0; begin + long <= text.length; ) {
    let at = begin + long - 1
    while (at >= begin && isLetter(text, at)) at--
    if (at < begin) {
      const [, end] = runAround(text, begin, begin + long)
      runs.push([begin, end])
      at = end
    }
    begin = at + 1
  }
  return runs
}

function unzipped(packed: Buffer): string | undefined {
  try {
    return gunzipSync(packed, { maxOutputLength: largest }).toString('latin1')
  } catch {
    return undefined
  }
}
