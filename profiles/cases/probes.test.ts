/** Every probe: what is legal passes without an error, what is not is caught at its place by its rule, and nothing else is said. */
import { describe, expect, it } from 'vitest'
import { judged, validatorOf } from './judged.ts'
import { topics } from './probes/index.ts'

const isWarning = (text: string): boolean => text.startsWith('warning ')

describe.each(Object.entries(topics))('%s', (_topic, probes) => {
  describe.each(probes)('$feature', (probe) => {
    const { profiles, good = [], bad = [] } = probe
    const validator = validatorOf(probe)
    // Warnings are looked at only where the probe speaks of that kind.
    const codes = new Set(bad.flatMap(([, ...found]) => found.filter(isWarning).map((text) => text.split(' ')[1])))
    const found = (resource: object): string[] =>
      judged(validator, resource, profiles).filter((text) => !isWarning(text) || codes.has(text.split(' ')[1]))
    it.each(good.map((resource) => [resource]))('lets pass %j', (resource) => {
      expect(found(resource)).toEqual([])
    })
    it.each(bad.map(([resource, ...expected]) => ({ resource, expected })))(
      'catches $resource',
      ({ resource, expected }) => {
        expect(found(resource).sort()).toEqual(expected.toSorted())
      },
    )
  })
})
