/** What is a matter of taste among validators, as switches with the defaults that HL7's own validator has. */

export interface Policy {
  /** An extension whose definition is not at hand. A modifierExtension of that kind is always an error. */
  readonly unknownExtensions: 'error' | 'warning' | 'information' | 'ignore'
  /** Hold resources to the profiles that they claim in meta.profile: at the root, in Bundle entries and contained. */
  readonly declaredProfiles: boolean
  /** Addresses of the example domains (example.org and the like) are tolerated: extensions, profiles and systems there are examples. */
  readonly exampleUrls: boolean
  /** Hold Observations with the code of a vital sign to FHIR's profile of it. */
  readonly vitalSigns: boolean
  /** Hold contained resources to their own types and profiles. */
  readonly contained: boolean
  /** A profile in meta.profile that is not at hand. */
  readonly unknownProfiles: 'error' | 'warning' | 'information' | 'ignore'
  /** A profile that another profile demands of a value and that is not at hand, so that the value cannot be judged. */
  readonly unresolvedProfiles: 'error' | 'information'
  /** Best-practice rules such as dom-6 (a narrative should be there). */
  readonly bestPractice: 'error' | 'warning' | 'information' | 'ignore'
  /** Report bindings and slices that cannot be decided. */
  readonly reportUndecided: boolean
  /** Codes of systems that are at hand in full must exist there, bound or not. */
  readonly checkCodes: boolean
  /** A reference by urn: inside of a Bundle must find its target there. */
  readonly bundleReferences: boolean
  /** A relative reference whose target is not found, where targets outside are looked for at all. */
  readonly unresolvedReferences: 'error' | 'warning' | 'information' | 'ignore'
  /** Levels of nesting beyond which a resource is refused. */
  readonly maximumDepth: number
}

export const defaultPolicy: Policy = {
  unknownExtensions: 'warning',
  declaredProfiles: true,
  exampleUrls: true,
  vitalSigns: true,
  contained: true,
  unknownProfiles: 'warning',
  unresolvedProfiles: 'information',
  bestPractice: 'ignore',
  reportUndecided: true,
  checkCodes: true,
  bundleReferences: true,
  unresolvedReferences: 'ignore',
  maximumDepth: 400,
}
