/** Types of `vitruvian/validate`, complete in themselves: they need neither our sources nor the types of another package. */

/** A validator of the definitions that it is given. Definitions are compiled when first needed and kept. */
export declare function createValidator(options: ValidatorOptions): Validator

export interface ValidatorOptions {
  /** Definitions, the most important first; hl7.fhir.r4.core must be among them: `shippedPackages()` has it. */
  readonly packages: readonly DefinitionPackage[]
  /** Package id -> version that a canonical without a version means: `versionsFor({ pdex: '2.2.0' }, packages)`. */
  readonly editions?: ReadonlyMap<string, string>
  /** The guide (`id#version`) whose dependencies say what a canonical without a version means. */
  readonly home?: string
  readonly policy?: Partial<Policy>
  /** Finds the targets of references that are neither contained nor in the Bundle. */
  readonly resolve?: (reference: string) => unknown
  /** Decides what the value sets at hand leave open: `terminologyService(...).decide`. */
  readonly terminology?: (valueSet: string, value: unknown) => Decision
}

export interface Validator {
  /** Findings of a resource held to FHIR R4, to `profiles`, and to the profiles that it claims. The same input gives the same findings. */
  validate(resource: unknown, options?: { readonly profiles?: readonly string[] }): Finding[]
  /** Is the profile (canonical with or without |version) at hand? */
  knows(profile: string): boolean
}

/** As `validate`, with the help of a terminology service: judged again while the service can answer more. */
export declare function validateWith(
  validator: Validator,
  service: TerminologyService,
  resource: unknown,
  options?: { readonly profiles?: readonly string[] },
): Promise<Finding[]>

export type Severity = 'error' | 'warning' | 'information'

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
  readonly line?: number
  readonly column?: number
}

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

/** What is a matter of taste among validators; the defaults are those of HL7's own. */
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

/** The packages that come along, the base first: FHIR R4, the Da Vinci guides in their editions, and what they rest on. */
export declare function shippedPackages(): readonly DefinitionPackage[]

/** Guides by the short names that a plan uses. */
export type GuideKey =
  | 'pdex'
  | 'hrex'
  | 'us-core'
  | 'auth'
  | 'ndh'
  | 'core'
  | 'bulk'
  | 'carin-bb'
  | 'atr'
  | 'cdex'
  | 'formulary'

/** Package id -> the version at hand that an edition means: the release, or the build that comes before it. */
export declare function versionsFor(
  editions: Readonly<Partial<Record<GuideKey, string>>>,
  packages: readonly DefinitionPackage[],
): Map<string, string>

/** Packages by path (`.tgz`, folder) or by `id#version`, with what they rest on. Rejects with code `bad-input` or `cannot-reach`. */
export declare function loadPackages(names: readonly string[], options?: LoadOptions): Promise<LoadedPackages>

export interface LoadOptions {
  /** Packages that need no loading; default: those that come along. */
  readonly shipped?: readonly DefinitionPackage[]
  /** The FHIR package cache; default: `~/.fhir/packages`. */
  readonly cache?: string
  /** Nothing is downloaded unless this is true. */
  readonly download?: boolean | undefined
  readonly registry?: string | undefined
  /** Hears what is being fetched. */
  readonly say?: (line: string) => void
}

export interface LoadedPackages {
  /** To be put before the shipped ones. */
  readonly packages: readonly DefinitionPackage[]
  /** Package id -> version: what a canonical without a version now means, for the packages that were named. */
  readonly editions: ReadonlyMap<string, string>
  /** Dependencies that are not at hand, in words. */
  readonly notes: readonly string[]
}

/** A package made of StructureDefinitions, ValueSets, CodeSystems and ImplementationGuides in memory. */
export declare function packageOfResources(
  manifest: {
    readonly name?: string
    readonly version?: string
    readonly fhirVersions?: readonly string[]
    readonly dependencies?: Readonly<Record<string, string>>
  },
  resources: Iterable<{
    readonly resourceType: string
    readonly url?: string
    readonly version?: string
    readonly [key: string]: unknown
  }>,
): DefinitionPackage

export type DefinitionKind = 'profile' | 'value-set' | 'code-system'

/** Profiles, value sets and code systems by canonical URL, each read only when asked for. */
export interface DefinitionPackage {
  readonly id: string
  readonly version: string
  /** Package id -> version, as declared; aliases are resolved to the real id, so one id may come at several versions. */
  readonly dependencies: readonly (readonly [id: string, version: string])[]
  /** Profiles that the package's guide demands of every resource of a type. */
  readonly globals: readonly { readonly type: string; readonly profile: string }[]
  /** The version of the definition with that URL, or undefined where the package has none. */
  versionOf(kind: DefinitionKind, url: string): string | undefined
  sheet(url: string): ProfileSheet | undefined
  valueSet(url: string): ValueSetSheet | undefined
  codeSystem(url: string): CodeSystemSheet | undefined
  urls(kind: DefinitionKind): Iterable<string>
  /** Tells the package where definitions of other packages are found, for those that have only a differential. */
  attach?(find: FindSheet): void
}

export interface RowType {
  readonly code: string
  readonly profiles?: readonly string[]
  readonly targets?: readonly string[]
  readonly aggregation?: readonly string[]
  readonly versioning?: string
}
export interface RowBinding {
  readonly strength: 'required' | 'extensible' | 'preferred' | 'example'
  readonly valueSet?: string
  /** elementdefinition-maxValueSet: codes outside of it are errors. */
  readonly max?: string
  readonly min?: string
  readonly additional?: readonly AdditionalBinding[]
}
export interface AdditionalBinding {
  readonly purpose: string
  readonly valueSet: string
  readonly any?: boolean
  readonly usage?: readonly unknown[]
}
export interface RowSlicing {
  readonly discriminators: readonly { readonly type: string; readonly path: string }[]
  readonly rules: 'open' | 'closed' | 'openAtEnd'
  readonly ordered: boolean
}
export interface TypedValue {
  readonly type: string
  readonly value: unknown
}
export interface Row {
  /** Element id: the path with slice names. */
  readonly id: string
  readonly min: number
  readonly max: string
  readonly types: readonly RowType[]
  readonly content?: string
  readonly fixed?: TypedValue
  readonly pattern?: TypedValue
  readonly minValue?: TypedValue
  readonly maxValue?: TypedValue
  readonly maxLength?: number
  readonly binding?: RowBinding
  readonly slicing?: RowSlicing
  /** Names in the sheet's table of invariants. */
  readonly invariants: readonly string[]
  readonly mustSupport?: boolean
  readonly modifier?: boolean
  /** Regular expression of a primitive's value. */
  readonly regex?: string
}
export interface Invariant {
  readonly key: string
  readonly severity: 'error' | 'warning'
  readonly expression: string
  readonly bestPractice?: boolean
  /** Canonical of the definition that states it, where another than this one. */
  readonly source?: string
}
export interface ProfileSheet {
  readonly url: string
  readonly version: string
  readonly name: string
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'logical'
  readonly abstract: boolean
  readonly type: string
  readonly base?: string
  readonly derivation: 'constraint' | 'specialization'
  readonly context?: readonly { readonly type: string; readonly expression: string }[]
  readonly contextInvariants?: readonly string[]
  /** Profiles that this one imposes or complies with. */
  readonly imposes?: readonly string[]
  readonly invariants: Readonly<Record<string, Invariant>>
  readonly rows: readonly Row[]
}

/** Finds the sheet that a definition is based on or points to. */
export type FindSheet = (canonical: string) => ProfileSheet | undefined

export interface Filter {
  readonly property: string
  readonly op: string
  readonly value: string
}
export interface Include {
  readonly system?: string
  readonly version?: string
  readonly codes?: readonly string[]
  readonly filters?: readonly Filter[]
  readonly valueSets?: readonly string[]
  /** A list of codes was here that may not be shipped. */
  readonly undisclosed?: boolean
}
export interface ValueSetSheet {
  readonly url: string
  readonly version: string
  readonly include: readonly Include[]
  readonly exclude?: readonly Include[]
  /** An expansion that came with the value set: system -> codes. */
  readonly expansion?: Readonly<Record<string, readonly string[]>>
}
export interface Concept {
  readonly code: string
  readonly parents?: readonly string[]
  /** property -> values, for filters. */
  readonly properties?: Readonly<Record<string, readonly string[]>>
}
export interface CodeSystemSheet {
  readonly url: string
  readonly version: string
  readonly content: 'complete' | 'fragment' | 'example' | 'not-present' | 'supplement'
  readonly caseSensitive: boolean
  readonly supplements?: string
  readonly concepts: readonly Concept[]
}

/** Is a value in a value set? An answer, or why there is none. */
export type Decision = 'in' | 'out' | 'open' | { readonly open: string }

/** A service at a terminology server, for what the definitions leave open. A question is asked once. */
export declare function terminologyService(options: ServiceOptions): TerminologyService

export interface TerminologyService {
  /** The answer as far as it is known; a new question is noted. For `createValidator({ terminology })`. */
  decide(valueSet: string, value: unknown): Decision
  /** Sends the noted questions; resolves with how many were sent. Never rejects: a server in trouble decides nothing. */
  ask(): Promise<number>
}

export interface ServiceOptions {
  /** Base URL of a FHIR terminology server. */
  readonly base: string
  readonly fetch?: typeof fetch
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds to wait for an answer. */
  readonly timeout?: number
  /** Questions in one batch. */
  readonly batch?: number
  /** Keeps what was decided from run to run. */
  readonly cache?: AnswerCache
}

/** The answers of one server in a file; delete the file to forget them. Throws with code `file-trouble`. */
export declare function answerCache(path: string, base: string): AnswerCache

export interface AnswerCache {
  get(question: string): 'in' | 'out' | undefined
  put(question: string, answer: 'in' | 'out'): void
}
