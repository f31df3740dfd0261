/** What the validator has to say about one element: never an exception, always with the profile and element id that demand it. */

export type Severity = 'error' | 'warning' | 'information'

/** Stable names of what can be found. A code never changes its meaning; a new rule brings a new code. */
export type FindingCode =
  | 'structure-not-a-resource'
  | 'structure-unknown-type'
  | 'structure-unknown-element'
  | 'structure-array-expected'
  | 'structure-array-forbidden'
  | 'structure-empty'
  | 'structure-null'
  | 'structure-object-expected'
  | 'structure-primitive-expected'
  | 'structure-too-deep'
  | 'structure-duplicate-id'
  | 'cardinality-min'
  | 'cardinality-max'
  | 'type-not-allowed'
  | 'type-profile'
  | 'primitive-format'
  | 'primitive-string'
  | 'value-fixed'
  | 'value-pattern'
  | 'value-min'
  | 'value-max'
  | 'value-length'
  | 'value-regex'
  | 'value-attachment'
  | 'binding-required'
  | 'binding-extensible'
  | 'binding-maximum'
  | 'binding-additional'
  | 'binding-not-decided'
  | 'code-unknown'
  | 'code-system-invalid'
  | 'slice-min'
  | 'slice-max'
  | 'slice-closed'
  | 'slice-order'
  | 'slice-not-decided'
  | 'extension-url'
  | 'extension-unknown'
  | 'extension-modifier-unknown'
  | 'extension-context'
  | 'extension-modifier'
  | 'reference-format'
  | 'reference-type'
  | 'reference-profile'
  | 'reference-unresolved'
  | 'reference-aggregation'
  | 'contained-rules'
  | 'bundle-full-url'
  | 'bundle-duplicate'
  | 'bundle-link'
  | 'bundle-first-entry'
  | 'bundle-search'
  | 'bundle-reference'
  | 'narrative-xhtml'
  | 'invariant'
  | 'invariant-not-decided'
  | 'profile-unknown'
  | 'profile-wrong-type'
  | 'definition-rules'

export interface Finding {
  readonly severity: Severity
  readonly code: FindingCode
  /** One line for people. */
  readonly message: string
  /** FHIRPath of the element. */
  readonly expression: string
  /** Canonical of the profile (or base definition) that demands it. */
  readonly profile: string
  /** Id of the element definition that demands it. */
  readonly element: string
  /** Key of the invariant, where one is broken. */
  readonly key?: string
  readonly expected?: unknown
  readonly actual?: unknown
  /** The nearest legal values, best first. */
  readonly nearest?: readonly string[]
  /** Where the element begins in the text that was read, both from 1; absent where a value was judged, or a line of NDJSON. */
  readonly line?: number
  readonly column?: number
}
