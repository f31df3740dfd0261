import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editJsonStrings, jsonValues } from './json-text.ts'

test('values come with their keys, and only what is edited changes', () => {
  const seen: string[] = []
  const text = '{ "a" : "1",\n "b": ["2", {"c":"3"}, "4"], "d": {"e":{}} , "f":"\\u0035" }'
  const out = editJsonStrings(text, (value, key) => {
    seen.push(`${key}=${value}`)
    return key === 'c' ? 'three "quoted"' : undefined
  })
  expect(seen).toEqual(['a=1', 'b=2', 'c=3', 'b=4', 'f=5'])
  expect(out).toBe(text.replace('"3"', '"three \\"quoted\\""'))
})

test('property: editing nothing gives the text back; editing all strings edits exactly them', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(editJsonStrings(text, () => undefined)).toBe(text)
      const count = (value: unknown): number =>
        typeof value === 'string'
          ? 1
          : value && typeof value === 'object'
            ? Object.values(value).reduce<number>((n, v) => n + count(v), 0)
            : 0
      let edited = 0
      const out = editJsonStrings(text, (value) => {
        edited++
        return `${value}!`
      })
      expect(edited).toBe(count(JSON.parse(text)))
      JSON.parse(out)
    }),
  )
})

test('broken JSON is edited as far as it goes', () => {
  expect(editJsonStrings('{"a":"secret', (_, key) => (key === 'a' ? 'x' : undefined))).toBe('{"a":"x"')
  expect(editJsonStrings('[[[}}}"a"', () => 'b')).toBe('[[[}}}"b"')
})

test('NDJSON is a value a line', () => {
  expect(jsonValues('{"a":1}\n{"a":2}\nnot json\n')).toEqual([{ a: 1 }, { a: 2 }])
  expect(jsonValues('plain')).toEqual([])
})
