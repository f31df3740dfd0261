/** The one question to the profile validator, and its honest answers. The engine behind it lives in profiles/. */
import type { Editions } from './edition.ts'

export interface ProfileIssue {
  readonly severity: 'error' | 'warning' | 'information'
  readonly code: string
  readonly message: string
  /** FHIRPath of the element. */
  readonly expression: string
  readonly expected?: unknown
  readonly actual?: unknown
}
export type Validation =
  | { readonly decided: true; readonly profile: string; readonly issues: readonly ProfileIssue[] }
  | { readonly decided: false; readonly profile: string; readonly reason: string }

/** `profile` is a canonical, with or without |version; the editions choose the version of a bare one. */
export type Validate = (resource: unknown, profile: string, editions: Editions) => Validation
