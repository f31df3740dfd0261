/** Every feature: the valid value passes without an error, the invalid one is caught at its place by its rule. */
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator } from '../validator.ts'
import { features } from './features.ts'

const listOf = (value: object | readonly object[]): readonly object[] => (Array.isArray(value) ? value : [value])

describe.each(features)(
  '$feature',
  ({ definitions = [], profiles = [], valid, invalid, code, at, severity = 'error' }) => {
    const own = packageOfResources(
      { name: 'probe', version: '1' },
      definitions as { resourceType: string; url?: string }[],
    )
    const validator = createValidator({ packages: [own, ...shippedPackages()], policy: { unknownExtensions: 'error' } })
    it.each(listOf(valid).map((value) => [value]))('lets pass %j', (value) => {
      const found = validator.validate(value, { profiles })
      expect(found.filter(({ severity: each }) => each === 'error' || each === severity)).toEqual([])
    })
    it.each(listOf(invalid).map((value) => [value]))('catches %j', (value) => {
      const found = validator.validate(value, { profiles }).filter((finding) => finding.severity === severity)
      expect(found.map((finding) => [finding.code, finding.expression])).toContainEqual([code, at])
    })
  },
)
