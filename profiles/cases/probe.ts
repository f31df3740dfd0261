/** The shape of a probe: one feature, resources that it lets pass and resources that it must catch, each with what is found and where. */

export interface Probe {
  readonly feature: string
  /** Profiles (differentials), value sets and the like that the probe brings along. */
  readonly definitions?: readonly object[]
  /** Canonicals to hold the resources to, beside those that they claim. */
  readonly profiles?: readonly string[]
  /** What is legal: no error is found, and no warning of a kind that `bad` names. */
  readonly good?: readonly object[]
  /** What is not, each with exactly the errors that must be found, as `code place`; a warning has the word before it. */
  readonly bad?: readonly (readonly [resource: object, ...found: string[]])[]
}

/** Canonical of a probe's profile. */
export const url = (name: string): string => `http://vitruvian.test/StructureDefinition/${name}`

/** Canonical of a definition of FHIR itself. */
export const core = (name: string): string => `http://hl7.org/fhir/StructureDefinition/${name}`

/** A profile by its differential: ids become paths. */
export function profile(
  name: string,
  type: string,
  elements: readonly Record<string, unknown>[],
  more: object = {},
): object {
  return {
    resourceType: 'StructureDefinition',
    id: name,
    url: url(name),
    name: name.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase()),
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: core(type),
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
  context: string | readonly object[],
  more: readonly Record<string, unknown>[] = [],
): object =>
  profile(
    name,
    'Extension',
    [
      { id: 'Extension' },
      { id: 'Extension.extension', max: '0' },
      { id: 'Extension.url', fixedUri: url(name) },
      { id: 'Extension.value[x]', min: 1, type: [{ code: type }] },
      ...more,
    ],
    {
      kind: 'complex-type',
      context: typeof context === 'string' ? [{ type: 'element', expression: context }] : context,
    },
  )

/** Canonical of a probe's value set. */
export const valueSetUrl = (name: string): string => `http://vitruvian.test/ValueSet/${name}`

/** A value set of a few codes. */
export const valueSet = (name: string, system: string, codes: readonly string[], more: object = {}): object => ({
  resourceType: 'ValueSet',
  id: name,
  url: valueSetUrl(name),
  status: 'active',
  compose: { include: [{ system, concept: codes.map((code) => ({ code })) }] },
  ...more,
})

/** A slicing by discriminators, each `type path`. */
export const by = (discriminators: string, rules = 'open', ordered = false): object => ({
  discriminator: discriminators.split(', ').map((each) => {
    const [type, path] = each.split(' ')
    return { type, path }
  }),
  rules,
  ordered,
})

/** An invariant. */
export const constraint = (key: string, expression: string, severity = 'error'): object[] => [
  { key, severity, human: key, expression },
]
