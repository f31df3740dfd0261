/** Compiles FHIRPath to closures over plain JSON. What it does not know it refuses at once (Unsupported), so that another engine can take over. */
import type { TypeTable } from '../compile/types.ts'
import { type Code, constant, logical, plural, type Static, single } from './code.ts'
import { functions } from './functions.ts'
import { isTimeType, literalQuantity, Node, plain } from './items.ts'
import { arithmetic, comparison, equality, equivalence, membership, textOf, unionCode } from './operators.ts'
import { parse, type Syntax } from './parse.ts'
import { stepCode, typeOfItem } from './steps.ts'

export class Unsupported extends Error {}

/** What the compiler knows beforehand: the types, and the types of %context and %resource. */
export interface Setting {
  readonly types: TypeTable
  readonly context: Static
  readonly resource: Static
}

/** Compiles an expression for items of a type. Throws SyntaxTrouble or Unsupported. */
export function compileExpression(text: string, setting: Setting): Code {
  return new Compiler(setting).compile(parse(text), thisCode(setting.context))
}

const thisCode = (type: Static): Code => single(type, (self) => self)

const externals: Readonly<Record<string, string>> = {
  ucum: 'http://unitsofmeasure.org',
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
}

export class Compiler {
  readonly setting: Setting

  constructor(setting: Setting) {
    this.setting = setting
  }

  /** `self` is the code of `$this`. */
  compile(tree: Syntax, self: Code): Code {
    switch (tree.kind) {
      case 'literal':
        return tree.type === 'Quantity'
          ? constant(['Quantity'], [literalQuantity(tree.value as number, tree.unit as string)])
          : constant([tree.type], [isTimeType(tree.type) ? new Node(tree.value, undefined, tree.type) : tree.value])
      case 'empty':
        return constant(undefined, [])
      case 'this':
        return self
      case 'index':
        return single(['integer'], (_self, env) => env.index)
      case 'total':
        return single(undefined, (_self, env) => env.total)
      case 'external':
        return this.#external(tree.name)
      case 'member': {
        const target = tree.target ? this.compile(tree.target, self) : self
        return stepCode(this.setting.types, target, tree.name, tree.target === undefined)
      }
      case 'call':
        return this.#call(tree, self)
      case 'at': {
        const target = this.compile(tree.target, self)
        const index = this.compile(tree.index, self)
        return single(target.type, (own, env) => {
          const at = plain(index.one(own, env))
          return typeof at === 'number' ? target.all(own, env)[at] : undefined
        })
      }
      case 'negative': {
        const operand = this.compile(tree.operand, self)
        return single(operand.type, (own, env) => {
          const value = plain(operand.one(own, env))
          return typeof value === 'number' ? -value : undefined
        })
      }
      case 'type': {
        const operand = this.compile(tree.operand, self)
        return tree.operator === 'is' ? this.isCode(operand, tree.type) : this.ofTypeCode(operand, tree.type)
      }
      case 'binary':
        return this.#binary(tree.operator, this.compile(tree.left, self), this.compile(tree.right, self))
    }
  }

  /** An argument that is evaluated for each item of the target. */
  lambda(tree: Syntax, target: Code): Code {
    return this.compile(tree, thisCode(target.type))
  }

  #external(name: string): Code {
    const { context, resource } = this.setting
    if (name === 'context') return single(context, (_self, env) => env.context)
    if (name === 'resource') return single(resource, (_self, env) => env.visit.scope.resource)
    if (name === 'rootResource') return single(undefined, (_self, env) => env.visit.scope.root)
    const known = externals[name]
    if (known !== undefined) return constant(['string'], [known])
    if (name.startsWith('vs-')) return constant(['string'], [`http://hl7.org/fhir/ValueSet/${name.slice(3)}`])
    if (name.startsWith('ext-'))
      return constant(['string'], [`http://hl7.org/fhir/StructureDefinition/${name.slice(4)}`])
    throw new Unsupported(`the variable %${name} is not known`)
  }

  #call(tree: Extract<Syntax, { kind: 'call' }>, self: Code): Code {
    const target = tree.target ? this.compile(tree.target, self) : self
    const { name, args } = tree
    if ((name === 'ofType' || name === 'as' || name === 'is') && args.length === 1) {
      const type = typeText(args[0] as Syntax)
      return name === 'is' ? this.isCode(target, type) : this.ofTypeCode(target, type)
    }
    const make = functions.get(name)
    if (!make) throw new Unsupported(`the function ${name}() is not known`)
    return make({ compiler: this, target, args, self, types: this.setting.types })
  }

  /** `FHIR.Patient`, `Patient`, `System.String`. */
  #matches(item: unknown, known: Static, wanted: string): boolean {
    const type = typeOfItem(item, known)
    if (type === undefined) return false
    const dot = wanted.indexOf('.')
    const name = dot === -1 ? wanted : wanted.slice(dot + 1)
    const { types } = this.setting
    if (wanted.startsWith('System.') || !types.get(name)) return systemTypeOf(item) === name
    return types.is(type, name)
  }

  isCode(operand: Code, wanted: string): Code {
    return logical((self, env) => {
      const item = operand.one(self, env)
      return item === undefined ? undefined : this.#matches(item, operand.type, wanted)
    })
  }

  ofTypeCode(operand: Code, wanted: string): Code {
    const name = wanted.slice(wanted.indexOf('.') + 1)
    const narrowed = operand.narrow && this.setting.types.get(name) ? operand.narrow(name) : undefined
    if (narrowed) return narrowed
    const type: Static = this.setting.types.get(name) ? [name] : undefined
    const all: Code['all'] = (self, env) =>
      operand.all(self, env).filter((item) => this.#matches(item, operand.type, wanted))
    return operand.many ? plural(type, all) : single(type, (self, env) => all(self, env)[0])
  }

  #binary(operator: string, left: Code, right: Code): Code {
    switch (operator) {
      case 'and':
        return logical((self, env) => {
          const a = left.truth(self, env)
          if (a === false) return false
          const b = right.truth(self, env)
          return b === false ? false : a === undefined || b === undefined ? undefined : true
        })
      case 'or':
        return logical((self, env) => {
          const a = left.truth(self, env)
          if (a === true) return true
          const b = right.truth(self, env)
          return b === true ? true : a === undefined || b === undefined ? undefined : false
        })
      case 'implies':
        return logical((self, env) => {
          const a = left.truth(self, env)
          if (a === false) return true
          const b = right.truth(self, env)
          if (a === true) return b
          return b === true ? true : undefined
        })
      case 'xor':
        return logical((self, env) => {
          const a = left.truth(self, env)
          const b = right.truth(self, env)
          return a === undefined || b === undefined ? undefined : a !== b
        })
      case '=':
        return equality(left, right, false)
      case '!=':
        return equality(left, right, true)
      case '~':
        return equivalence(left, right, false)
      case '!~':
        return equivalence(left, right, true)
      case '<':
        return comparison(left, right, (order) => order < 0)
      case '>':
        return comparison(left, right, (order) => order > 0)
      case '<=':
        return comparison(left, right, (order) => order <= 0)
      case '>=':
        return comparison(left, right, (order) => order >= 0)
      case 'in':
        return membership(left, right)
      case 'contains':
        return membership(right, left)
      case '|':
        return unionCode(left, right)
      case '&':
        return single(['string'], (self, env) => `${textOf(left.one(self, env))}${textOf(right.one(self, env))}`)
      default:
        // A date and a duration, or two quantities, are the library's.
        if (left.type?.includes('Quantity') || right.type?.includes('Quantity')) throw new Unsupported(operator)
        return arithmetic(operator, left, right)
    }
  }
}

const systemTypeOf = (item: unknown): string | undefined => {
  const value = item instanceof Node ? item.value : item
  if (item instanceof Node && isTimeType(item.type))
    return item.type === 'date' ? 'Date' : item.type === 'time' ? 'Time' : 'DateTime'
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'string') return 'String'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Decimal'
  return undefined
}

function typeText(tree: Syntax): string {
  if (tree.kind === 'member') return tree.target ? `${typeText(tree.target)}.${tree.name}` : tree.name
  throw new Unsupported('a type is expected')
}
