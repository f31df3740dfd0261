/** What the validator finds on a probe's resource, as text. */
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator, type Validator } from '../validator.ts'
import type { Probe } from './probe.ts'

/** The validator that knows what the probe brings along. */
export function validatorOf({ definitions = [] }: Probe): Validator {
  const own = packageOfResources(
    { name: 'probe', version: '1' },
    definitions as { resourceType: string; url?: string }[],
  )
  return createValidator({ packages: [own, ...shippedPackages()], policy: { unknownExtensions: 'error' } })
}

/** Errors as `code place`, and warnings with the word before, without repetitions. */
export function judged(validator: Validator, resource: object, profiles: readonly string[] = []): string[] {
  const found = validator.validate(resource, { profiles }).filter(({ severity }) => severity !== 'information')
  return [
    ...new Set(
      found.map(({ severity, code, expression }) => `${severity === 'warning' ? 'warning ' : ''}${code} ${expression}`),
    ),
  ]
}
