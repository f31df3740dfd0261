/** A named member of the cast: who they are to the payer that asks, and, where it is known, to the payer that holds the record. */
import type { Consent, Coverage, FhirResource, Patient } from 'fhir/r4.js'

export interface Person {
  /** `Ana Adams` */
  readonly name: string
  /** One line: why this person is in the cast. */
  readonly part: string
  /** What the requesting payer submits: demographics, the old plan's coverage, its own coverage. */
  readonly submitted: {
    readonly patient: Patient
    readonly coverageToMatch: Coverage
    readonly coverageToLink: Coverage
  }
  /** Logical id of the Patient at the responding payer. Absent when it holds nobody like that, or when only it knows. */
  readonly patientId?: string
  /** The unique member identifier (UMB) at the responding payer. */
  readonly memberIdentifier?: { readonly system: string; readonly value: string }
  /** Everything that the responding payer holds for this person, Patient first; absent where we cannot know. */
  readonly record?: readonly FhirResource[]
  /** `Type/id` of the records that are sensitive. */
  readonly sensitive?: readonly string[]
}

/** Which data the member lets go: the two policies of HRex (hrex-consent-policy). */
export type ConsentPolicy = 'regular' | 'sensitive'

/** Builds the Consent of a match request; a mistake leaves everything else intact. */
export interface ConsentTerms {
  readonly policy: ConsentPolicy
  /** Dates, inclusive. */
  readonly start: string
  readonly end: string
}

export type { Consent, Coverage, FhirResource, Patient }
