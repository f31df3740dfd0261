/** The nouns of compiled definitions: what the compiler makes and the rules walk. Types only. */
import type { DefinitionPackage } from '../packages/package.ts'
import type { Policy } from '../policy.ts'
import type { PrimitiveRule } from '../rules/primitives.ts'
import type { Demand, Json, Visit } from '../rules/visit.ts'
import type { Decision } from '../terminology/membership.ts'
import type { Terminology } from '../terminology/terminology.ts'
import type { Library } from './library.ts'
import type { ProfileSheet, Row, RowBinding, RowType, TypedValue } from './sheet.ts'
import type { TreeNode } from './tree.ts'
import type { TypeElement, TypeInfo, TypeTable, Variant } from './types.ts'

export type BindingCheck = (visit: Visit, value: unknown, type: string) => void

/** undefined: cannot be decided here. */
export type Matcher = (visit: Visit, value: unknown, type: string | undefined) => boolean | undefined

export interface CompiledInvariant {
  readonly key: string
  readonly severity: 'error' | 'warning'
  readonly bestPractice: boolean
  readonly expression: string
  readonly demand: Demand
  /** True: met; undefined: cannot be decided. Throws when the expression cannot be evaluated. */
  readonly test: (visit: Visit, value: unknown, type: string, shadow: Json | undefined) => boolean | undefined
}

/** A JSON property of a type, ready to be checked. */
export interface Slot extends Variant {
  readonly kind: 'primitive' | 'complex' | 'resource' | 'xhtml'
  /** True for `_birthDate`: id and extensions of a primitive. */
  readonly shadow: boolean
  readonly array: boolean
  readonly rule: PrimitiveRule | undefined
  /** The table of the property's type (of Element, for a shadow). */
  readonly shape: Shape | undefined
  readonly demand: Demand
  readonly binding: BindingCheck | undefined
  readonly typeBinding: BindingCheck | undefined
  readonly invariants: readonly CompiledInvariant[]
  readonly profiles: readonly ProfileCheck[]
  /** Bit of its choice among the type's choices, to see two at once; 0 for none. */
  readonly choiceBit: number
  /** Bit of its element among those that the type requires; 0 where it may be left out. */
  readonly requiredBit: number
  /** Reference or canonical with named targets. */
  readonly target: RowType | undefined
}
export interface Required {
  readonly element: TypeElement
  readonly bit: number
  readonly demand: Demand
}
/** A type of R4 as the walk needs it. */
export interface Shape {
  readonly info: TypeInfo
  readonly slots: ReadonlyMap<string, Slot>
  readonly required: readonly Required[]
  /** The bits of all of them. */
  readonly requiredBits: number
  readonly invariants: readonly CompiledInvariant[]
  readonly demand: Demand
  readonly resource: boolean
  /** A rule that the datatype's prose states. */
  readonly rule: ((world: World, visit: Visit, shape: Shape, value: Json) => void) | undefined
}

export interface TypeRule {
  readonly code: string
  readonly row: RowType
  /** The value must conform to one of these; none: the type is enough. */
  readonly profileUrls: readonly string[]
  profiles(): readonly ProfileCheck[]
  /** Profiles that a reference's target must have, with their checks where at hand. */
  targets(): readonly Target[]
}
export interface Target {
  readonly url: string
  readonly type: string | undefined
  readonly check: ProfileCheck | undefined
}
/** What a value of one type must be. */
export interface Fitting {
  /** Profiles of which it must have one; none where the type is enough. */
  readonly urls: readonly string[]
  /** Those of them that are at hand. */
  readonly checks: readonly ProfileCheck[]
  /** What a reference may point to; none where that may be anything. */
  readonly targets: readonly Target[]
  /** Where the target of a reference must lie; none where that may be anywhere. */
  readonly modes: readonly string[]
}
/** The types that an element allows. */
export interface AllowedTypes {
  readonly codes: readonly string[]
  /** What a value of that type must be; undefined where the type is not allowed. */
  of(type: string): Fitting | undefined
}
/** What one element's value must be, beyond its type. */
export interface Overlay {
  readonly demand: Demand
  readonly fixed: TypedValue | undefined
  readonly pattern: TypedValue | undefined
  readonly minValue: TypedValue | undefined
  readonly maxValue: TypedValue | undefined
  readonly maxLength: number | undefined
  /** What the text of the value must look like, as a whole. */
  readonly regex: RegExp | undefined
  readonly binding: BindingCheck | undefined
  readonly invariants: readonly CompiledInvariant[]
  readonly types: AllowedTypes | undefined
  readonly elements: readonly OverlayElement[]
}
/** How often an element may occur, and what its values must be. */
export interface OverlayElement {
  readonly demand: Demand
  readonly stem: string
  readonly variants: readonly Variant[]
  readonly byJson: ReadonlyMap<string, Variant> | undefined
  /** The one variant of an element that has neither a choice nor slices. */
  readonly only: Variant | undefined
  readonly array: boolean
  readonly min: number
  readonly max: number
  readonly item: Overlay | undefined
  readonly slicing: Slicing | undefined
}
export interface Slicing {
  readonly demand: Demand
  readonly slices: readonly Slice[]
  readonly rules: 'open' | 'closed' | 'openAtEnd'
  readonly ordered: boolean
}
export interface Slice {
  readonly name: string
  readonly demand: Demand
  readonly match: Matcher
  readonly min: number
  readonly max: number
  readonly item: Overlay | undefined
  /** Slices of this slice. */
  readonly slicing: Slicing | undefined
  /** Why the slice cannot be told apart here, if so. */
  readonly undecided: string | undefined
}
export interface ProfileCheck {
  readonly sheet: ProfileSheet
  readonly home: DefinitionPackage
  readonly canonical: string
  readonly overlay: Overlay | undefined
}

/** Everything compiled so far. */
export interface World {
  readonly library: Library
  readonly types: TypeTable
  readonly terminology: Terminology
  readonly policy: Policy
  readonly rules: Rules
  readonly resourceTypes: readonly string[]
  /** Profiles that a guide at hand demands of every resource of a type. */
  readonly globalProfiles: readonly { readonly type: string; readonly check: ProfileCheck }[]
  /** Asks a terminology service, where there is one. */
  readonly decideElsewhere: ((valueSet: string, value: unknown) => Decision) | undefined
  shape(type: string): Shape | undefined
  /** The check of the profile that `from` means by that canonical. */
  profileCheck(canonical: string, from?: DefinitionPackage): ProfileCheck | undefined
  binding(binding: RowBinding, demand: Demand, home: DefinitionPackage): BindingCheck | undefined
  invariantsOf(
    row: Row,
    sheet: ProfileSheet,
    type: string | undefined,
    home: DefinitionPackage,
  ): readonly CompiledInvariant[]
  /** The items that an expression gives on a value of that type; throws where it cannot be evaluated. */
  evaluate(visit: Visit, expression: string, value: unknown, type: string): readonly unknown[]
  /** The JSON properties of the core element that a tree node stands for. */
  typeElement(node: TreeNode): TypeElement | undefined
}

/** The rules that the compiled parts call, and those that call one another in a circle (a resource holds elements, which hold resources). */
export interface Rules {
  typeRuleOf(type: string): Shape['rule']
  walkObject(world: World, visit: Visit, shape: Shape, object: Json, hasValue?: boolean): void
  judgeResource(world: World, visit: Visit, resource: Json, slot: Slot): void
  judgeWhole(world: World, visit: Visit, resource: Json, demand: Demand, profiles: readonly ProfileCheck[]): void
  judgeProfile(world: World, visit: Visit, value: Json, check: ProfileCheck): void
  judgeOverlay(
    world: World,
    visit: Visit,
    overlay: Overlay,
    value: unknown,
    type: string,
    shadow: Json | undefined,
  ): void
  conforms(world: World, visit: Visit, value: Json, check: ProfileCheck): boolean
}
