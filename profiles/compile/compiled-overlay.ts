/** What one element's value must be, as an object that is quick to read. */
import type { Overlay } from './compiled.ts'

/** What an overlay says of the value itself. */
export type Content = Omit<Overlay, 'elements'>

/** A class, so that all overlays are of one kind to V8, as they are read for every value. */
export class CompiledOverlay implements Overlay {
  readonly demand: Overlay['demand']
  readonly fixed: Overlay['fixed']
  readonly pattern: Overlay['pattern']
  readonly minValue: Overlay['minValue']
  readonly maxValue: Overlay['maxValue']
  readonly maxLength: Overlay['maxLength']
  readonly regex: Overlay['regex']
  readonly binding: Overlay['binding']
  readonly invariants: Overlay['invariants']
  readonly types: Overlay['types']
  #elements: Overlay['elements']
  #referred: (() => Overlay | undefined) | undefined

  constructor(content: Content, elements: Overlay['elements'], referred: (() => Overlay | undefined) | undefined) {
    this.demand = content.demand
    this.fixed = content.fixed
    this.pattern = content.pattern
    this.minValue = content.minValue
    this.maxValue = content.maxValue
    this.maxLength = content.maxLength
    this.regex = content.regex
    this.binding = content.binding
    this.invariants = content.invariants
    this.types = content.types
    this.#elements = elements
    this.#referred = referred
  }

  /** The elements of another overlay, where the definition refers to it, are looked up when first needed: it may be this one. */
  get elements(): Overlay['elements'] {
    if (this.#referred) {
      this.#elements = this.#referred()?.elements ?? this.#elements
      this.#referred = undefined
    }
    return this.#elements
  }
}
