/**
 * The official examples of all packages, each package opened once: none is refused but for a written reason, neither the order of properties
 * nor XML changes anything, and wherever an example meets an invariant our FHIRPath and the library of the National Library of Medicine agree.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { Library } from '../compile/library.ts'
import { shippedPackages } from '../definitions.ts'
import type { Finding } from '../finding.ts'
import { readXml } from '../input/xml/read.ts'
import { defaultPolicy } from '../policy.ts'
import { rules } from '../rules/index.ts'
import { type Validator, validatorOf } from '../validator.ts'
import { type Dispute, disputes } from './disputes.ts'
import { atHand, type Example, examplesOf, guidesAtHand } from './official-examples.ts'
import { DoubleWorld, SecondEngine } from './second-engine.ts'
import { secondOpinions } from './second-opinions.ts'
import { xmlOf } from './written-xml.ts'

if (!atHand) console.warn('SKIPPED: the verdicts on official examples need the official packages')

/** The same resource with the properties of every object in reverse. */
const reversed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversed)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, reversed(inner)]),
        )
      : value

/** The resource with every seventh property gone, so that invariants are met that are broken. */
function damaged(value: unknown, seed: number): unknown {
  let count = seed % 7
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk)
    if (typeof each !== 'object' || each === null) return each
    const kept = Object.entries(each).filter(([key]) => key === 'resourceType' || key === 'url' || ++count % 7 !== 0)
    return Object.fromEntries(kept.map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value)
}

/** What was found, but for the value as it was written. */
const plain = (findings: readonly Finding[]) => findings.map((each) => ({ ...each, actual: undefined }))

const errorsIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ severity, code, expression }) => (severity === 'error' ? [`${code} ${expression}`] : []))

const second = new SecondEngine()

/** A package under test: its examples, a validator at home there, and what that says of each. */
class Subject {
  readonly examples: readonly Example[]
  readonly world: DoubleWorld
  readonly validator: Validator
  readonly #found = new Map<Example, Finding[]>()

  constructor(guide: string) {
    const packages = shippedPackages()
    const home = packages.find(({ id, version }) => `${id}#${version}` === guide)
    const policy = { ...defaultPolicy, unknownExtensions: 'error', bestPractice: 'information' } as const
    this.examples = examplesOf(guide)
    this.world = new DoubleWorld(second, new Library(packages, new Map(), home), policy, rules)
    this.validator = validatorOf(this.world)
  }

  example(name: string): Example {
    const found = this.examples.find((each) => each.name === name)
    if (!found) throw new Error(`There is no example ${name}`)
    return found
  }

  /** What the guide assigns to the example, and is at hand. */
  profiles({ profile }: Example): string[] {
    return profile !== undefined && this.validator.knows(profile) ? [profile] : []
  }

  /** Findings of the example as it is. */
  found(example: Example): Finding[] {
    let known = this.#found.get(example)
    if (!known) {
      second.about = 'as it is'
      known = this.validator.validate(example.resource, { profiles: this.profiles(example) })
      second.about = undefined
      this.#found.set(example, known)
    }
    return known
  }

  /** The errors of the example once these disputes are mended. */
  without(example: Example, mended: readonly Dispute[]): string[] {
    let { resource }: { resource: unknown } = example
    for (const { mend } of mended) if (mend !== 'unassigned') resource = mend(resource)
    const profiles = mended.some(({ mend }) => mend === 'unassigned') ? [] : this.profiles(example)
    return errorsIn(this.validator.validate(resource, { profiles })).sort()
  }
}

const asXml = /pdex#2\.2|core#7|carin-bb#2\.1|cdex#2\.1|formulary#2\.1|atr#/

describe.skipIf(!atHand).each(guidesAtHand)('the examples of %s', (guide) => {
  let opened: Subject | undefined
  const subject = (): Subject => {
    opened ??= new Subject(guide)
    return opened
  }
  afterAll(() => {
    opened = undefined
  })
  const own = disputes.filter((each) => each.guide === guide)
  const opinions = secondOpinions.filter((each) => each.guide === guide)

  it('are refused only where they break a rule', { timeout: 60_000 }, () => {
    const refused = subject().examples.flatMap((each) =>
      errorsIn(subject().found(each)).map((error) => `${each.name} ${error}`),
    )
    const disputed = own.flatMap(({ example, findings }) => findings.map(({ code, at }) => `${example} ${code} ${at}`))
    expect([...new Set(refused)].sort()).toEqual(disputed.sort())
  })

  it('bring the same findings whatever the order of properties', { timeout: 60_000 }, () => {
    const { examples, validator } = subject()
    // Every third, for it takes as long as the verdict.
    for (const each of examples.filter((_, at) => at % 3 === 0))
      expect(validator.validate(reversed(each.resource), { profiles: subject().profiles(each) })).toEqual(
        subject().found(each),
      )
  })

  it('leave our FHIRPath and the library at one, whole and damaged', { timeout: 60_000 }, () => {
    const before = second.compared
    for (const [at, each] of subject().examples.entries()) {
      subject().found(each)
      second.about = 'damaged'
      subject().validator.validate(damaged(each.resource, at))
      second.about = undefined
    }
    expect([...second.differences]).toEqual([])
    if (subject().examples.length > 0) expect(second.compared).toBeGreaterThan(before)
  })

  // Of six packages, which hold resources of all kinds.
  if (asXml.test(guide))
    it('bring the same findings as XML', { timeout: 60_000 }, () => {
      const chosen = subject().examples.slice(0, 40)
      expect(chosen.length).toBeGreaterThan(10)
      for (const each of chosen) {
        const { value, troubles } = readXml(new Uint8Array(Buffer.from(xmlOf(each.resource))))
        // The writer keeps the order of the JSON, which need not be that of FHIR.
        expect(troubles.filter(({ code }) => code !== 'xml-order')).toEqual([])
        const findings = subject().validator.validate(value, { profiles: subject().profiles(each) })
        expect(plain(findings)).toEqual(plain(subject().found(each)))
      }
    })

  it.each([...new Set(own.map(({ example }) => example))])(
    'and the disputed one is whole without its causes, and each cause brings what is said of it and nothing else: %s',
    (name) => {
      const example = subject().example(name)
      const causes = own.filter((each) => each.example === name)
      expect(subject().without(example, causes)).toEqual([])
      for (const each of causes) {
        const others = causes.filter((other) => other !== each)
        expect(subject().without(example, others)).toEqual(each.findings.map(({ code, at }) => `${code} ${at}`).sort())
      }
    },
  )

  it.each(opinions.map((each) => [each.example, each] as const))(
    "and the one that HL7's validator refuses is accepted: %s",
    (name, { at, decided }) => {
      const found = subject().validator.validate(subject().example(name).resource)
      expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
      // Nothing is left open there either, but for what is said about another value of the same element.
      expect(found.filter(({ expression, code }) => expression === at && code === 'binding-not-decided')).toEqual([])
      if (decided) expect(subject().world.terminology.membership(decided.valueSet).ofValue(decided.value)).toBe('in')
    },
  )
})

it.skipIf(!atHand)('the library has its say on most of what the examples meet', () => {
  for (const [expression, reason] of second.refused) console.warn(`the library refuses ${expression}: ${reason}`)
  expect(second.compared).toBeGreaterThan(15_000)
})

describe('the disputes', () => {
  it('each name the rule', () => {
    for (const { rule } of disputes) expect(rule).toMatch(/^[A-Za-z].*\.$/)
  })
})

describe("what HL7's validator refuses and ours accepts", () => {
  it('is 17 examples of PDex and 5 of HRex', () => {
    const count = (guide: string): number =>
      new Set(secondOpinions.filter((each) => each.guide.includes(guide)).map(({ example }) => example)).size
    expect([count('pdex'), count('hrex')]).toEqual([17, 5])
  })
})
