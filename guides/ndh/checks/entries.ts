/** Every entry of a published bundle against the profile that its type implies: the bundle profile does not ask for it. */
import type { FhirResource } from 'fhir/r4.js'
import { type Check, check, unmet } from '../../../harness/check.ts'
import { validate } from '../../../profiles/validate.ts'
import { isResource, objectsIn } from '../../core/received.ts'
import { conformance } from '../../hrex/profiled.ts'
import { eachPublished } from '../published.ts'

const pdex = 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/'
const profiles: Readonly<Record<string, string>> = {
  Endpoint: `${pdex}mtls-endpoint`,
  Organization: `${pdex}mtls-organization`,
}

export const entriesMeetTheirProfiles = check(
  'NDH-027',
  'IMPLIED',
  'Each entry of a published bundle meets the profile of its type',
  (transcript, scene) =>
    eachPublished(transcript, scene, ({ bundle, exchange }) =>
      objectsIn(bundle.entry).flatMap(({ resource: given }, i) => {
        const resource = isResource(given) ? given : undefined
        const profile = profiles[resource?.resourceType ?? '']
        if (!resource || !profile)
          return [
            unmet(exchange, 'unexpected-entry', 'an entry is neither an Endpoint nor an Organization', {
              actual: resource?.resourceType,
              expression: `Bundle.entry[${i}]`,
            }),
          ]
        return conformance(exchange, validate(resource as unknown as FhirResource, profile, scene.editions))
      }),
    ),
)

export const entriesChecks: readonly Check[] = [entriesMeetTheirProfiles]
export const entriesUntested: Readonly<Record<string, string>> = {}
