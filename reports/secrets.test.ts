import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from './any-text.ts'
import { SecretRegister } from './secrets.ts'

/** Every character of every occurrence goes; occurrences that overlap go as one, under the name of the longest. */
function withoutSpellings(text: string, names: ReadonlyMap<string, string>): string {
  const found = [...names.keys()]
    .flatMap((spelling) => [...text].map((_, at) => ({ at, spelling })))
    .filter(({ at, spelling }) => text.startsWith(spelling, at))
    .sort((a, b) => a.at - b.at || b.spelling.length - a.spelling.length)
  let out = ''
  let to = 0
  for (let i = 0; i < found.length; ) {
    const { at } = found[i] as (typeof found)[number]
    let best = ''
    out += text.slice(to, at)
    to = at + 1
    for (let one = found[i]; one && one.at < to; one = found[++i]) {
      to = Math.max(to, one.at + one.spelling.length)
      if (one.spelling.length > best.length) best = one.spelling
    }
    out += names.get(best)
  }
  return out + text.slice(to)
}

describe('the register of secrets', () => {
  test('property: exactly what is known goes, whatever its length, after each one learnt', () => {
    // Two letters make secrets that contain, begin and overlap each other.
    const piece = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 45 })
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.array(fc.oneof(piece, fc.nat(7)), { maxLength: 20 }),
        (secrets, parts) => {
          const text = parts.map((part) => (typeof part === 'number' ? (secrets[part] ?? '-') : part)).join('')
          const register = new SecretRegister('k')
          const names = new Map<string, string>()
          for (const secret of secrets) {
            const name = register.nameOf(secret, 'secret')
            if (secret.length >= 8) names.set(secret, name)
            expect(register.replaceIn(text)).toBe(withoutSpellings(text, names))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('property: as it stands in an address, in a form and in JSON, too', () => {
    fc.assert(
      fc.property(anyText({ minLength: 8 }), (secret) => {
        const register = new SecretRegister('k')
        const name = register.nameOf(secret, 'secret')
        const sent = secret.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
        for (const spelling of [secret, encodeURIComponent(sent), JSON.stringify(secret).slice(1, -1)])
          expect(register.replaceIn(`<${spelling}>`)).toBe(`<${name}>`)
        const pair = new URLSearchParams({ a: 'b c' }).toString()
        expect(register.replaceIn(`${pair}&${encodeURIComponent(sent).replaceAll('%20', '+')}`)).toBe(`${pair}&${name}`)
      }),
      { numRuns: 200 },
    )
  })

  test('a long text is gone through once, be it like a secret all over', () => {
    const register = new SecretRegister('k')
    for (let length = 90; length >= 8; length--) register.nameOf('ab'.repeat(length).slice(0, length), 'secret')
    expect(register.replaceIn(`${'b'.repeat(3_000_000)}${'ab'.repeat(200_000)}`)).toMatch(/^b+«secret [0-9a-f]{8}»b?$/)
  }, 5000)
})
