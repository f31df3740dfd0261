/** The shape of a probe: one feature of profiles, a value that it lets pass and one that it must catch, with the place and the rule. */

export interface Probe {
  readonly feature: string
  /** Profiles (differentials), value sets and the like that the probe brings along. */
  readonly definitions?: readonly object[]
  /** Canonicals to hold the resources to, beside those that they claim. */
  readonly profiles?: readonly string[]
  readonly valid: object | readonly object[]
  readonly invalid: object | readonly object[]
  /** Code of the finding on the invalid value. */
  readonly code: string
  /** Its place. */
  readonly at: string
  readonly severity?: 'error' | 'warning'
}

/** Canonical of a probe's profile. */
export const url = (name: string): string => `http://vitruvian.test/StructureDefinition/${name}`

const core = 'http://hl7.org/fhir/StructureDefinition/'

/** A profile by its differential: ids become paths. */
export function profile(
  name: string,
  type: string,
  elements: readonly Record<string, unknown>[],
  more: object = {},
): object {
  return {
    resourceType: 'StructureDefinition',
    url: url(name),
    name,
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: core + type,
    derivation: 'constraint',
    differential: {
      element: elements.map((element) => {
        const id = String(element.id)
        const path = id
          .split('.')
          .map((segment) => segment.split(':')[0])
          .join('.')
        const slice = id.slice(id.lastIndexOf('.') + 1).split(':')[1]
        return { path, ...(slice !== undefined && { sliceName: slice }), ...element }
      }),
    },
    ...more,
  }
}

/** An extension definition with one value. */
export const extension = (
  name: string,
  type: string,
  context: string,
  more: readonly Record<string, unknown>[] = [],
): object =>
  profile(
    name,
    'Extension',
    [
      { id: 'Extension' },
      { id: 'Extension.url', fixedUri: url(name) },
      { id: 'Extension.value[x]', min: 1, type: [{ code: type }] },
      ...more,
    ],
    { kind: 'complex-type', context: [{ type: 'element', expression: context }] },
  )

/** A value set of a few codes. */
export const valueSet = (name: string, system: string, codes: readonly string[]): object => ({
  resourceType: 'ValueSet',
  url: `http://vitruvian.test/ValueSet/${name}`,
  status: 'active',
  compose: { include: [{ system, concept: codes.map((code) => ({ code })) }] },
})

/** A slicing by one discriminator. */
export const by = (type: string, path: string, rules = 'open', ordered = false): object => ({
  discriminator: [{ type, path }],
  rules,
  ordered,
})

/** An invariant. */
export const constraint = (key: string, expression: string): object[] => [
  { key, severity: 'error', human: key, expression },
]
