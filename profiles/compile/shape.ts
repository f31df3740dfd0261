/** What every resource must be before any profile speaks: the types of R4 compiled for the walk over a JSON tree. */
import { type PrimitiveRule, primitiveRules } from '../rules/primitives.ts'
import type { Demand } from '../rules/visit.ts'
import type { BindingCheck, CompiledInvariant, ProfileCheck, Required, Shape, Slot, World } from './compiled.ts'
import type { RowType } from './sheet.ts'
import type { TypeElement, TypeInfo, Variant } from './types.ts'

/** The shape of a type: its slots are made now, what they point to when first used. */
export class CompiledShape implements Shape {
  readonly info: TypeInfo
  readonly slots: ReadonlyMap<string, Slot>
  readonly required: readonly Required[]
  readonly requiredBits: number
  readonly demand: Demand
  readonly resource: boolean
  readonly rule: Shape['rule']
  readonly #world: World
  #invariants: readonly CompiledInvariant[] | undefined

  constructor(world: World, info: TypeInfo) {
    const slots = new Map<string, Slot>()
    const required: Required[] = []
    const profile = info.node.sheet.url
    let choices = 0
    let requiredBits = 0
    for (const element of info.elements.values()) {
      const row = element.node.row
      const demand = { profile, element: row.id }
      const bit = element.variants.length > 1 ? 1 << choices++ : 0
      const requiredBit = row.min > 0 ? 1 << required.length : 0
      if (row.min > 0) required.push({ element, bit: requiredBit, demand })
      requiredBits |= requiredBit
      for (const variant of element.variants) {
        slots.set(variant.json, new LazySlot(world, variant, demand, bit, requiredBit, false))
        const kind = world.types.get(variant.type)?.kind
        if (kind === 'primitive' && variant.type !== 'xhtml') {
          slots.set(`_${variant.json}`, new LazySlot(world, variant, demand, bit, requiredBit, true))
        }
      }
    }
    this.#world = world
    this.info = info
    this.slots = slots
    this.required = required
    this.requiredBits = requiredBits
    this.demand = { profile, element: info.node.row.id }
    this.resource = info.kind === 'resource'
    this.rule = world.rules.typeRuleOf(info.name)
  }

  get invariants(): readonly CompiledInvariant[] {
    if (this.#invariants === undefined) {
      const { node, name } = this.info
      this.#invariants = this.#world.invariantsOf(node.row, node.sheet, name, this.#world.types.core)
    }
    return this.#invariants
  }
}

class LazySlot implements Slot {
  readonly json: string
  readonly shadowJson: string
  readonly type: string
  readonly segment: string
  readonly element: TypeElement
  readonly kind: Slot['kind']
  readonly shadow: boolean
  readonly array: boolean
  readonly rule: PrimitiveRule | undefined
  readonly demand: Demand
  readonly choiceBit: number
  readonly requiredBit: number
  readonly target: RowType | undefined
  readonly #world: World
  #shape: Shape | undefined
  #binding: BindingCheck | undefined | null = null
  #typeBinding: BindingCheck | undefined | null = null
  #invariants: readonly CompiledInvariant[] | undefined
  #profiles: readonly ProfileCheck[] | undefined

  constructor(world: World, variant: Variant, demand: Demand, choiceBit: number, requiredBit: number, shadow: boolean) {
    this.#world = world
    this.json = variant.json
    this.shadowJson = variant.shadowJson
    this.type = variant.type
    this.segment = variant.segment
    this.element = variant.element
    this.shadow = shadow
    this.array = variant.element.array
    this.demand = demand
    this.choiceBit = choiceBit
    this.requiredBit = requiredBit
    const kind = world.types.get(variant.type)?.kind
    this.kind = variant.type === 'xhtml' ? 'xhtml' : (kind ?? 'complex')
    this.rule = this.kind === 'primitive' ? primitiveRules[variant.type] : undefined
    this.target = variant.element.node.row.types.find(
      ({ code, targets }) => code === variant.type && targets !== undefined,
    )
  }

  get shape(): Shape | undefined {
    if (this.#shape === undefined && (this.kind === 'complex' || this.shadow)) {
      this.#shape = this.#world.shape(this.shadow ? 'Element' : this.type)
    }
    return this.#shape
  }

  get binding(): BindingCheck | undefined {
    if (this.#binding === null) {
      const { binding } = this.element.node.row
      this.#binding = binding && this.#world.binding(binding, this.demand, this.#world.types.core)
    }
    return this.#binding
  }

  /** What the type itself demands of its code: Age, Duration and Distance say which units they take. */
  get typeBinding(): BindingCheck | undefined {
    if (this.#typeBinding === null) {
      const node = this.kind === 'complex' ? this.#world.types.get(this.type)?.node : undefined
      const root = node?.parent === undefined ? node : undefined
      const demand = { profile: root?.sheet.url ?? '', element: this.type }
      this.#typeBinding = root?.row.binding && this.#world.binding(root.row.binding, demand, this.#world.types.core)
    }
    return this.#typeBinding
  }

  /** What the row demands beyond its type. */
  get invariants(): readonly CompiledInvariant[] {
    if (this.#invariants === undefined) {
      const { node } = this.element
      const inner = this.#world.types.get(this.type)
      const ofType = new Set(
        inner ? inner.node.row.invariants.map((name) => inner.node.sheet.invariants[name]?.key) : [],
      )
      const backbone = inner?.node === node
      const own = backbone ? [] : node.row.invariants.filter((name) => !ofType.has(node.sheet.invariants[name]?.key))
      this.#invariants = this.#world.invariantsOf(
        { ...node.row, invariants: own },
        node.sheet,
        this.type,
        this.#world.types.core,
      )
    }
    return this.#invariants
  }

  /** Profiles of the row's type, as SimpleQuantity in Observation.referenceRange.low. */
  get profiles(): readonly ProfileCheck[] {
    if (this.#profiles === undefined) {
      const type = this.element.node.row.types.find(({ code }) => code === this.type)
      this.#profiles = (type?.profiles ?? []).flatMap(
        (url) => this.#world.profileCheck(url, this.#world.types.core) ?? [],
      )
    }
    return this.#profiles
  }
}
