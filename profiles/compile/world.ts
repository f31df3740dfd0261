/** Makes the world: everything compiled so far, by definition. Made once, shared by all visits. */
import type { DefinitionPackage } from '../packages/package.ts'
import type { Policy } from '../policy.ts'
import type { Demand, Visit } from '../rules/visit.ts'
import type { Decision } from '../terminology/membership.ts'
import { Terminology } from '../terminology/terminology.ts'
import { makeBinding } from './bindings.ts'
import type { BindingCheck, CompiledInvariant, ProfileCheck, Rules, Shape, World } from './compiled.ts'
import { compileInvariants, evaluateOn } from './invariants.ts'
import type { Definition, Library } from './library.ts'
import { CompiledProfile } from './overlay.ts'
import { CompiledShape } from './shape.ts'
import type { ProfileSheet, Row, RowBinding } from './sheet.ts'
import type { TreeNode } from './tree.ts'
import { coreUrl, type TypeElement, TypeTable } from './types.ts'

export class CompiledWorld implements World {
  readonly library: Library
  readonly types: TypeTable
  readonly terminology: Terminology
  readonly policy: Policy
  readonly rules: Rules
  readonly decideElsewhere: ((valueSet: string, value: unknown) => Decision) | undefined
  readonly #shapes = new Map<string, Shape | undefined>()
  readonly #profiles = new Map<ProfileSheet, ProfileCheck>()
  /** What was meant by a canonical, by who asked. */
  readonly #asked = new Map<DefinitionPackage | undefined, Map<string, ProfileCheck | null>>()
  readonly #elements = new WeakMap<TreeNode, TypeElement>()
  #resourceTypes: readonly string[] | undefined
  #globals: { type: string; check: ProfileCheck }[] | undefined

  constructor(
    library: Library,
    policy: Policy,
    rules: Rules,
    decideElsewhere?: (valueSet: string, value: unknown) => Decision,
  ) {
    this.library = library
    this.types = new TypeTable(library)
    this.terminology = new Terminology(library)
    this.policy = policy
    this.rules = rules
    this.decideElsewhere = decideElsewhere
  }

  get resourceTypes(): readonly string[] {
    this.#resourceTypes ??= [...this.types.core.urls('profile')]
      .map((url) => url.slice(coreUrl.length))
      .filter((name) => this.types.isResource(name))
    return this.#resourceTypes
  }

  get globalProfiles(): readonly { readonly type: string; readonly check: ProfileCheck }[] {
    this.#globals ??= this.library.packages.flatMap((home) =>
      home.globals.flatMap(({ type, profile }) => {
        const check = this.profileCheck(profile, home)
        return check ? [{ type, check }] : []
      }),
    )
    return this.#globals
  }

  shape(type: string): Shape | undefined {
    if (this.#shapes.has(type)) return this.#shapes.get(type)
    const info = this.types.get(type)
    const shape = info && new CompiledShape(this, info)
    this.#shapes.set(type, shape)
    return shape
  }

  profileCheck(canonical: string, from?: DefinitionPackage): ProfileCheck | undefined {
    let asked = this.#asked.get(from)
    if (!asked) {
      asked = new Map()
      this.#asked.set(from, asked)
    }
    const known = asked.get(canonical)
    if (known !== undefined) return known ?? undefined
    const found = this.library.profile(canonical, from)
    const check = found && this.#checkOf(found)
    // Canonicals that are not at hand come from the input and without end.
    if (check !== undefined || asked.size < 5000) asked.set(canonical, check ?? null)
    return check
  }

  #checkOf({ sheet, home }: Definition): ProfileCheck {
    const known = this.#profiles.get(sheet)
    if (known) return known
    const made = new CompiledProfile(this, sheet, home)
    this.#profiles.set(sheet, made)
    return made
  }

  binding(binding: RowBinding, demand: Demand, home: DefinitionPackage): BindingCheck | undefined {
    return makeBinding(this, binding, demand, home)
  }

  invariantsOf(
    row: Row,
    sheet: ProfileSheet,
    type: string | undefined,
    home: DefinitionPackage,
  ): readonly CompiledInvariant[] {
    return compileInvariants(this, row, sheet, type, home)
  }

  evaluate(visit: Visit, expression: string, value: unknown, type: string): readonly unknown[] {
    return evaluateOn(this, visit, expression, value, type)
  }

  typeElement(node: TreeNode): TypeElement | undefined {
    const known = this.#elements.get(node)
    if (known) return known
    const parent = node.parent && this.types.get(node.parent.row.id)
    const found = parent?.elements.get(node.name.endsWith('[x]') ? node.name.slice(0, -3) : node.name)
    if (found) this.#elements.set(node, found)
    return found
  }
}
