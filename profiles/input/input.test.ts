/** Reading: what is wrong with bytes is named with its place, and nothing that comes in takes the reader down. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineBatch, lineBatches, linesOf } from './batches.ts'
import { readJson, readJsonText } from './json.ts'
import { sniff } from './sources.ts'
import { defaultLimits } from './trouble.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('mistakes in JSON', () => {
  it.each([
    ['nothing', '', 'input-empty', 1, 1],
    ['an object that never ends', '{"a": {\n "b": 1', 'json-syntax', 2, 8],
    ['a comma too many', '{"a": 1,\n}', 'json-syntax', 1, 8],
    ['a comma too few', '{"a": 1\n "b": 2}', 'json-syntax', 2, 2],
    ['single quotes', "{'a': 1}", 'json-syntax', 1, 2],
    ['a bare name', '{a: 1}', 'json-syntax', 1, 2],
    ['a comment', '{\n// no\n"a": 1}', 'json-syntax', 2, 1],
    ['a number with a leading zero', '{"a": 012}', 'json-syntax', 1, 7],
    ['a number that ends in a dot', '{"a": 1.}', 'json-syntax', 1, 7],
    ['NaN', '{"a": NaN}', 'json-syntax', 1, 7],
    ['True', '{"a": True}', 'json-syntax', 1, 7],
    ['a line break in a string', '{"a": "x\ny"}', 'json-syntax', 1, 9],
    ['a wrong escape', '{"a": "\\x"}', 'json-syntax', 1, 8],
    ['half a unicode escape', '{"a": "\\u12"}', 'json-syntax', 1, 8],
    ['the wrong bracket', '{"a": [1}', 'json-syntax', 1, 9],
    ['two values', '{"a": 1}\n{"b": 2}', 'json-syntax', 2, 1],
    ['a key twice', '{"a": 1,\n "a": 2}', 'json-duplicate-key', 2, 2],
    ['a key twice, once escaped', '{"ab": 1, "\\u0061b": 2}', 'json-duplicate-key', 1, 11],
    [
      'a key twice among many',
      `{${Array.from({ length: 40 }, (_, i) => `"k${i}": 0`).join(',')}, "k7": 1}`,
      'json-duplicate-key',
      1,
      353,
    ],
    ['a key twice deep inside', '{"a": [{"b": {"c": 1, "c": 1}}]}', 'json-duplicate-key', 1, 23],
  ])('%s', (_title, text, code, line, column) => {
    const { troubles } = readJson(bytes(text))
    expect(troubles[0]).toMatchObject({ severity: 'error', code, line, column })
  })

  it('the same key in different objects is no mistake', () => {
    expect(readJson(bytes('{"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}')).troubles).toEqual([])
  })

  it('a value with a key twice can still be judged', () => {
    expect(readJson(bytes('{"a": 1, "a": 2}')).value).toEqual({ a: 2 })
  })
})

describe('encodings', () => {
  const text = '{"resourceType": "Patient"}'
  it.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 1, 1],
    ['UTF-16 without one', Buffer.from(text, 'utf16le'), 1, 1],
    ['big-endian UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 1, 1],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 1, 1],
    ['Latin-1', Buffer.from('{\n "family": "Müller"}', 'latin1'), 2, 14],
    ['a character cut off at the end', Buffer.from([0x22, 0xe2, 0x82]), 1, 2],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1, 2],
  ])('%s is refused by name', (_title, input, line, column) => {
    const { value, troubles } = readJson(input)
    expect(value).toBeUndefined()
    expect(troubles[0]).toMatchObject({ code: 'input-encoding', line, column })
  })

  it('a byte order mark is a warning', () => {
    const { value, troubles } = readJson(bytes(`\ufeff${text}`))
    expect(value).toEqual({ resourceType: 'Patient' })
    expect(troubles).toMatchObject([{ severity: 'warning', code: 'input-byte-order-mark' }])
  })
})

describe('sizes', () => {
  it('10,000 levels are an error, of arrays and of objects', () => {
    for (const text of [
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    ])
      expect(readJson(bytes(text)).troubles).toMatchObject([{ code: 'json-too-deep', line: 1 }])
  })

  it('a string one character beyond the limit of 64 MB is an error', { timeout: 120_000 }, () => {
    const [before, after] = ['{"resourceType":"Binary","data":"', '"}']
    const huge = Buffer.alloc(before.length + defaultLimits.string + 1 + after.length, 'a')
    huge.write(before)
    huge.write(after, huge.length - after.length)
    expect(readJson(huge).troubles).toMatchObject([{ code: 'json-string-too-long', line: 1, column: 33 }])
  })

  it('a document beyond the limit is not even decoded', () => {
    const limits = { ...defaultLimits, document: 10 }
    expect(readJson(bytes('{"resourceType": "Patient"}'), 1, limits).troubles).toMatchObject([
      { code: 'input-too-large' },
    ])
  })
})

it('reads what JSON.parse reads, and refuses what it refuses', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 5 }),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', ':', '\\', '0', 'e', ' ', '\n'),
      (json, at, added) => {
        const place = at % (json.length + 1)
        const text = json.slice(0, place) + added + json.slice(place)
        let parsed: unknown
        let fine = true
        try {
          parsed = JSON.parse(text)
        } catch {
          fine = false
        }
        const { value, troubles } = readJsonText(text)
        const grammatical = troubles.every(({ code }) => code === 'json-duplicate-key')
        expect(grammatical).toBe(fine)
        if (fine) expect(value).toEqual(parsed)
      },
    ),
    { numRuns: 3000 },
  )
})

describe('lines', () => {
  const cut = async (chunks: readonly string[], size: number, longest?: number): Promise<LineBatch[]> => {
    const stream = (async function* () {
      for (const chunk of chunks) yield bytes(chunk)
    })()
    const all: LineBatch[] = []
    for await (const batch of lineBatches(stream, size, longest)) all.push(batch)
    return all
  }

  it('are the same where the memory of those before is used again', async () => {
    const text = Array.from({ length: 500 }, (_, at) => `{"line":${at + 1},"${'x'.repeat((at * 37) % 91)}":1}\n`)
    const stream = (async function* () {
      const all = bytes(text.join(''))
      for (let at = 0; at < all.length; at += 777) yield all.subarray(at, at + 777)
    })()
    const spare: ArrayBuffer[] = []
    const memories = new Set<ArrayBuffer>()
    const got: string[] = []
    for await (const batch of lineBatches(stream, 1000, 10_000, spare)) {
      for (const { bytes } of linesOf(batch)) got.push(`${Buffer.from(bytes).toString()}\n`)
      memories.add(batch.bytes.buffer)
      batch.bytes.fill(0)
      spare.push(batch.bytes.buffer)
    }
    expect(got).toEqual(text)
    expect(memories.size).toBe(1)
  })
  it('are the same with their numbers, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '\n', '\r\n', ' '), maxLength: 30 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (chunks, size) => {
          const got = (await cut(chunks, size)).flatMap((batch) =>
            [...linesOf(batch)].map(({ bytes, line }) => [line, Buffer.from(bytes).toString()]),
          )
          const want = chunks
            .join('')
            .split('\n')
            .map((text, index) => [index + 1, text] as const)
            .filter(([, text]) => text.trim() !== '')
          expect(got).toEqual(want)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('too long ones are passed over by number, and the next are read', async () => {
    const batches = await cut(['first\n', 'x'.repeat(30), 'x'.repeat(30), 'x\nthird\n'], 1000, 50)
    expect(
      batches.map(({ firstLine, oversize, bytes }) => [firstLine, oversize ?? false, Buffer.from(bytes).toString()]),
    ).toEqual([
      [1, false, 'first\n'],
      [2, true, ''],
      [3, false, 'third\n'],
    ])
  })
})

it('tells JSON, NDJSON and XML apart by their beginning', () => {
  expect(sniff(bytes('{\n "resourceType": "Patient"\n}'))).toBe('json')
  expect(sniff(bytes('{"resourceType": "Patient"}\n'))).toBe('json')
  expect(sniff(bytes('{"resourceType": "Patient"}\n{"resourceType": "Patient"}\n'))).toBe('ndjson')
  expect(sniff(bytes('\ufeff<Patient xmlns="http://hl7.org/fhir"/>'))).toBe('xml')
})
