/** Membership of value sets: what is decided, what is by rule, and what stays open with a reason. */
import { describe, expect, it } from 'vitest'
import { Library } from '../compile/library.ts'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import type { Answer } from './membership.ts'
import { ruleSystems } from './rule-systems.ts'
import { Terminology } from './terminology.ts'

const cs = 'http://vitruvian.test/cs'
const system = {
  resourceType: 'CodeSystem',
  url: cs,
  content: 'complete',
  caseSensitive: true,
  concept: [
    {
      code: 'animal',
      concept: [
        { code: 'dog', property: [{ code: 'legs', valueInteger: 4 }] },
        { code: 'bird', property: [{ code: 'legs', valueInteger: 2 }], concept: [{ code: 'hen' }] },
      ],
    },
    { code: 'stone' },
  ],
}
const set = (name: string, compose: object): { resourceType: string; url: string; compose: object } => ({
  resourceType: 'ValueSet',
  url: `http://vitruvian.test/ValueSet/${name}`,
  compose,
})
const filter = (property: string, op: string, value: string): object => ({
  include: [{ system: cs, filter: [{ property, op, value }] }],
})
const sets = [
  set('all', { include: [{ system: cs }] }),
  set('is-a', filter('concept', 'is-a', 'animal')),
  set('below', filter('concept', 'descendent-of', 'animal')),
  set('not', filter('concept', 'is-not-a', 'animal')),
  set('four', filter('legs', '=', '4')),
  set('regex', filter('code', 'regex', 'b.*|h.*')),
  set('in', filter('code', 'in', 'dog,stone')),
  set('some', { include: [{ system: cs, concept: [{ code: 'dog' }, { code: 'hen' }] }] }),
  set('minus', {
    include: [{ valueSet: ['http://vitruvian.test/ValueSet/is-a'] }],
    exclude: [{ system: cs, concept: [{ code: 'dog' }] }],
  }),
  set('both', {
    include: [{ valueSet: ['http://vitruvian.test/ValueSet/is-a', 'http://vitruvian.test/ValueSet/some'] }],
  }),
  set('elsewhere', { include: [{ system: 'http://snomed.info/sct' }, { system: cs, concept: [{ code: 'dog' }] }] }),
  set('circle', { include: [{ valueSet: ['http://vitruvian.test/ValueSet/circle'] }] }),
  set('unknown-filter', filter('colour', 'generalizes', 'red')),
]
const terminology = new Terminology(
  new Library([packageOfResources({ name: 'x', version: '1' }, [system, ...sets]), ...shippedPackages()]),
)
const answers = (name: string, ...codes: string[]): Answer[] =>
  codes.map((code) => terminology.membership(`http://vitruvian.test/ValueSet/${name}`).of(cs, code))

describe('a value set', () => {
  it.each([
    ['all', ['in', 'in', 'in', 'out']],
    ['is-a', ['in', 'in', 'out', 'out']],
    ['below', ['in', 'in', 'out', 'out']],
    ['not', ['out', 'out', 'in', 'out']],
    ['four', ['in', 'out', 'out', 'out']],
    ['regex', ['out', 'in', 'out', 'out']],
    ['in', ['in', 'out', 'in', 'out']],
    ['minus', ['out', 'in', 'out', 'out']],
    ['both', ['in', 'in', 'out', 'out']],
  ])('%s is decided', (name, wanted) => {
    expect(answers(name, 'dog', 'hen', 'stone', 'nonsense')).toEqual(wanted)
  })
  it('is open only for the systems that are not at hand', () => {
    const membership = terminology.membership('http://vitruvian.test/ValueSet/elsewhere')
    expect(membership.of(cs, 'dog')).toBe('in')
    expect(membership.of(cs, 'cat')).toBe('out')
    expect(membership.of('http://snomed.info/sct', '1')).toBe('open')
    expect(membership.reason).toContain('snomed')
  })
  it('that cannot be read is open, and says why', () => {
    for (const name of ['circle', 'unknown-filter', 'nowhere']) {
      const membership = terminology.membership(`http://vitruvian.test/ValueSet/${name}`)
      expect(membership.of(cs, 'dog')).toBe('open')
      expect(membership.reason).toMatch(/\w/)
    }
  })
  it('is met by one coding of a concept', () => {
    const membership = terminology.membership('http://vitruvian.test/ValueSet/some')
    expect(
      membership.ofValue({
        coding: [
          { system: 'http://other', code: 'x' },
          { system: cs, code: 'hen' },
        ],
      }),
    ).toBe('in')
    expect(membership.ofValue({ text: 'hen' })).toBe('out')
    expect(membership.ofValue({ value: 1, system: cs, code: 'dog' })).toBe('in')
    expect(membership.ofValue('dog')).toBe('in')
    expect(membership.ofValue({ code: 'dog' })).toBe('out')
  })
})

describe('a code system by rule', () => {
  it.each([
    [
      'urn:ietf:bcp:47',
      ['en', 'en-US', 'zh-Hans-CN', 'de-CH-1996', 'x-own', 'i-klingon'],
      ['', 'e', 'en_US', 'english-', 'toolonglanguage', 'qq', 'qq-US'],
    ],
    [
      'urn:ietf:bcp:13',
      ['text/plain', 'application/fhir+json', 'text/plain; charset=utf-8', 'json'],
      ['text', 'text/', '/plain', 'a b/c'],
    ],
    ['urn:iso:std:iso:4217', ['USD', 'EUR'], ['usd', 'XXY']],
    [
      'http://unitsofmeasure.org',
      ['mg', 'mm[Hg]', '10*3/uL', '{score}', 'kg/m2', 'mL/min/{1.73_m2}'],
      ['furlongs-per-fortnight', 'mmHg', 'kilograms'],
    ],
  ])('%s is judged without a list', (url, good, bad) => {
    for (const code of good) expect(ruleSystems[url]?.(code), code).toBe(true)
    for (const code of bad) expect(ruleSystems[url]?.(code), code).toBe(false)
  })
})

describe('value sets by rule and by common knowledge', () => {
  const shipped = new Terminology(new Library(shippedPackages()))
  const core = 'http://hl7.org/fhir/us/core/ValueSet'
  const bcp = 'urn:ietf:bcp:47'
  it.each([
    [
      `${core}/simple-language|6.1.0`,
      bcp,
      ['en', 'en-US', 'es-419'],
      ['zh-Hans', 'en-x-a', 'x-own', 'de-1996', 'zh-yue', 'qq', 'en-u-ca-x'],
    ],
    [`${core}/us-core-usps-state|6.1.0`, 'https://www.usps.com/', ['MA', 'PR', 'AE'], ['XX', 'Mass', 'ma']],
    [`${core}/omb-race-category|6.1.0`, 'urn:oid:2.16.840.1.113883.6.238', ['2106-3', '1002-5'], ['2135-2', '9999-9']],
    [`${core}/omb-ethnicity-category|7.0.0`, 'urn:oid:2.16.840.1.113883.6.238', ['2135-2', '2186-5'], ['2106-3']],
    [`${core}/birthsex|6.1.0`, 'http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender', ['F', 'M'], []],
  ])('%s', (url, system, good, bad) => {
    const membership = shipped.membership(url)
    for (const code of good) expect(membership.of(system, code), code).toBe('in')
    for (const code of bad) expect(membership.of(system, code), code).toBe('out')
  })
  it('leave open what nobody at hand knows', () => {
    const nullFlavor = 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'
    expect(shipped.membership(`${core}/omb-race-category|6.1.0`).of(nullFlavor, 'UNK')).toBe('in')
    expect(shipped.membership(`${core}/omb-race-category|6.1.0`).of(nullFlavor, 'MSK')).toBe('open')
    expect(shipped.membership(`${core}/birthsex|6.1.0`).ofCode('X')).toBe('open')
  })
})

describe('the share of required bindings that is decided', () => {
  it.each([
    ['hl7.fhir.us.core', '6.1.0', 0.8],
    ['hl7.fhir.us.davinci-pdex', '2.2.0-ci', 0.8],
    ['hl7.fhir.us.davinci-hrex', '1.2.0', 0.8],
  ])('of %s %s is most of them', (id, version, least) => {
    const packages = shippedPackages()
    const shipped = new Terminology(new Library(packages))
    const home = packages.find((each) => each.id === id && each.version === version)
    const bound = new Set<string>()
    for (const url of home?.urls('profile') ?? []) {
      for (const { binding } of home?.sheet(url)?.rows ?? [])
        if (binding?.strength === 'required' && binding.valueSet) bound.add(binding.valueSet)
    }
    const decided = [...bound].filter((url) => shipped.membership(url, home).reason === undefined)
    expect(decided.length / bound.size).toBeGreaterThanOrEqual(least)
  })
})
