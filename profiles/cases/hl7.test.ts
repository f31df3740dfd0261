/** HL7's own test cases for its Java validator, as far as they are at hand and about profiles: the same verdict in at least 97 of 100. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator } from '../validator.ts'

const file = join(import.meta.dirname, '../../../shared/validator-cases/hl7-cases.ndjson.gz')
const here = existsSync(file)
if (!here) console.warn(`SKIPPED: agreement with HL7's validator needs ${file}`)

interface Case {
  readonly id: string
  readonly definitions: string
  readonly profiles: readonly string[]
  readonly expected: 'valid' | 'invalid'
  readonly stratum: string
  readonly options: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly supportingResources: readonly {
    readonly resourceType: string
    readonly id?: string
    readonly url?: string
  }[]
}

/** The strata that are about profiles; the others need a terminology server or know Questionnaires and Measures. */
const scope = new Set(['valid', 'inv-core', 'inv-bundle/ref'])

function refuses({ id, definitions, profiles, options, resource, supportingResources }: Case): boolean {
  const validator = createValidator({
    packages: [packageOfResources({ name: 'case', version: '0' }, supportingResources), ...shippedPackages()],
    editions: new Map([definitions.split('#') as [string, string]]),
    policy: {
      unknownExtensions: 'error',
      unresolvedProfiles: 'error',
      exampleUrls: options.examples !== false,
      contained: options.validateContains !== 'IGNORE',
    },
    resolve: (reference) =>
      supportingResources.find((each) => reference === `${each.resourceType}/${each.id}` || reference === each.url),
  })
  const findings = validator.validate(resource, { profiles: id.endsWith('/profile') ? profiles : [] })
  return findings.some(({ severity }) => severity === 'error')
}

describe.skipIf(!here)('HL7 validator cases', () => {
  it('end in the same verdict, and none that is valid is refused', { timeout: 120_000 }, () => {
    const cases = gunzipSync(readFileSync(file))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
      .filter(({ stratum }) => scope.has(stratum))
    const differing = cases.filter((each) => refuses(each) !== (each.expected === 'invalid'))
    expect(differing.filter(({ expected }) => expected === 'valid').map(({ id }) => id)).toEqual([])
    expect(differing.length / cases.length).toBeLessThanOrEqual(0.03)
  })
})
