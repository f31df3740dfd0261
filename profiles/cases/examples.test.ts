/** The official examples of all packages: none is refused but for a written reason, and the order of properties changes nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Library } from '../compile/library.ts'
import { shippedPackages } from '../definitions.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import { Terminology } from '../terminology/terminology.ts'
import { createValidator } from '../validator.ts'
import { type Dispute, disputes } from './disputes.ts'
import { secondOpinions } from './second-opinions.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')
const here = existsSync(folder)
if (!here) console.warn(`SKIPPED: the verdicts on official examples need ${folder}`)

interface Example {
  readonly name: string
  readonly resource: Record<string, unknown>
  /** The profile that the guide assigns to it. */
  readonly profile: string | undefined
}

function examplesOf(guide: string): Example[] {
  const assigned = new Map<string, string>()
  const found: { name: string; resource: Record<string, unknown> }[] = []
  for (const { path, content } of filesOfTarball(readFileSync(join(folder, `${guide}.tgz`)))) {
    if (path.startsWith('package/ImplementationGuide-')) {
      const { definition } = JSON.parse(content.toString('utf8')) as {
        definition?: { resource?: { reference: { reference: string }; exampleCanonical?: string }[] }
      }
      for (const { reference, exampleCanonical } of definition?.resource ?? []) {
        if (exampleCanonical !== undefined) assigned.set(reference.reference, exampleCanonical)
      }
    }
    const name = /^package\/example\/([^.][^/]*)\.json$/.exec(path)?.[1]
    if (name !== undefined)
      found.push({ name, resource: JSON.parse(content.toString('utf8')) as Record<string, unknown> })
  }
  return found.map(({ name, resource }) => ({
    name,
    resource,
    profile: assigned.get(`${resource.resourceType}/${resource.id}`),
  }))
}

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

const guides = here ? readdirSync(folder).flatMap((name) => (name.endsWith('.tgz') ? [name.slice(0, -4)] : [])) : []

describe.skipIf(!here).each(guides)('the examples of %s', (guide) => {
  it('are refused only where they break a rule', { timeout: 60_000 }, () => {
    const validator = createValidator({
      packages: shippedPackages(),
      home: guide,
      policy: { unknownExtensions: 'error' },
    })
    const refused: string[] = []
    for (const [at, { name, resource, profile }] of examplesOf(guide).entries()) {
      const profiles = profile !== undefined && validator.knows(profile) ? [profile] : []
      const findings = validator.validate(resource, { profiles })
      for (const { severity, code, expression } of findings)
        if (severity === 'error') refused.push(`${name} ${code} ${expression}`)
      // Of every third, for it takes as long as the verdict.
      if (at % 3 === 0) expect(validator.validate(reversed(resource), { profiles })).toEqual(findings)
    }
    const disputed = disputes
      .filter((each) => each.guide === guide)
      .flatMap(({ example, findings }) => findings.map(({ code, at }) => `${example} ${code} ${at}`))
    expect([...new Set(refused)].sort()).toEqual(disputed.sort())
  })
})

describe.skipIf(!here)('a disputed example', () => {
  const names = [...new Set(disputes.map(({ guide, example }) => `${guide} ${example}`))]
  const known = new Map<string, Example[]>()
  const packages = shippedPackages()

  /** What is found in the example once these disputes are mended. */
  function errorsWithout(name: string, mended: readonly Dispute[]): string[] {
    const [guide = '', example = ''] = name.split(' ')
    const examples = known.get(guide) ?? examplesOf(guide)
    known.set(guide, examples)
    const found = examples.find((each) => each.name === example) as Example
    const validator = createValidator({ packages, home: guide, policy: { unknownExtensions: 'error' } })
    let resource: unknown = found.resource
    for (const { mend } of mended) if (mend !== 'unassigned') resource = mend(resource)
    const assigned = mended.some(({ mend }) => mend === 'unassigned') ? undefined : found.profile
    const profiles = assigned !== undefined && validator.knows(assigned) ? [assigned] : []
    return validator
      .validate(resource, { profiles })
      .flatMap(({ severity, code, expression }) => (severity === 'error' ? [`${code} ${expression}`] : []))
      .sort()
  }

  it.each(names)(
    'is whole without its causes, and each cause brings what is said of it and nothing else: %s',
    (name) => {
      const own = disputes.filter(({ guide, example }) => `${guide} ${example}` === name)
      expect(errorsWithout(name, own)).toEqual([])
      for (const each of own) {
        const others = own.filter((other) => other !== each)
        expect(errorsWithout(name, others)).toEqual(each.findings.map(({ code, at }) => `${code} ${at}`).sort())
      }
    },
  )
})

describe('the disputes', () => {
  it('each name the rule', () => {
    for (const { rule } of disputes) expect(rule).toMatch(/^[A-Za-z].*\.$/)
  })
})

describe.skipIf(!here)("what HL7's validator refuses and ours accepts", () => {
  const packages = shippedPackages()
  const terminology = new Terminology(new Library(packages))
  const guides = new Set(secondOpinions.map(({ guide }) => guide))
  const examples = new Map(
    here
      ? [...guides].flatMap((guide) => examplesOf(guide).map((each) => [`${guide} ${each.name}`, each] as const))
      : [],
  )

  it('is 17 examples of PDex and 5 of HRex', () => {
    const count = (guide: string): number =>
      new Set(secondOpinions.filter((each) => each.guide.includes(guide)).map(({ example }) => example)).size
    expect([count('pdex'), count('hrex')]).toEqual([17, 5])
  })
  it.each(secondOpinions.map((each) => [`${each.guide} ${each.example}`, each] as const))(
    '%s',
    (name, { guide, at, decided }) => {
      const example = examples.get(name)
      const validator = createValidator({ packages, home: guide, policy: { unknownExtensions: 'error' } })
      const found = validator.validate(example?.resource)
      expect(example).toBeDefined()
      expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
      // Nothing is left open there either, but for what is said about another value of the same element.
      expect(found.filter(({ expression, code }) => expression === at && code === 'binding-not-decided')).toEqual([])
      if (decided) expect(terminology.membership(decided.valueSet).ofValue(decided.value)).toBe('in')
    },
  )
})
