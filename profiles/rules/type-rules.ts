/** Rules of single datatypes that are stated in prose only: attachments, codings, UCUM units. */
import type { Shape, World } from '../compile/compiled.ts'
import { parse, SyntaxTrouble } from '../fhirpath/parse.ts'
import { isAbsolute } from './uris.ts'
import type { Json, Visit } from './visit.ts'

/** A rule of a datatype, judged on every value of it. */
export type TypeRule = (world: World, visit: Visit, shape: Shape, value: Json) => void

/** Size and hash (SHA-1 in base64) are those of the content. */
const attachment: TypeRule = (_world, visit, shape, { data, size, hash }) => {
  if (typeof data !== 'string') return
  if (typeof hash === 'string') {
    const actual = process
      .getBuiltinModule('node:crypto')
      .createHash('sha1')
      .update(Buffer.from(data, 'base64'))
      .digest('base64')
    if (actual !== hash.replace(/\s+/g, '')) {
      const message = `The stated hash is ${hash}, but the SHA-1 of the data is ${actual}.`
      visit.report('error', 'value-attachment', message, shape.demand, {
        expected: actual,
        actual: hash,
        below: 'hash',
      })
    }
  }
  if (typeof size !== 'number') return
  const text = data.replace(/\s+/g, '')
  const actual = Math.floor((text.length * 3) / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
  if (actual !== size) {
    visit.report(
      'error',
      'value-attachment',
      `The stated size is ${size} bytes, but the data has ${actual}.`,
      shape.demand,
      { expected: actual, actual: size, below: 'size' },
    )
  }
}

/** The system is an absolute code system, and the code is one of its codes where the system is at hand. */
const coding: TypeRule = (world, visit, shape, { system, code }) => {
  if (typeof system !== 'string') return
  if (!isAbsolute(system)) {
    visit.report(
      'error',
      'code-system-invalid',
      `The system of a Coding must be an absolute URL: ${system}.`,
      shape.demand,
      { actual: system, below: 'system' },
    )
    return
  }
  if (system.includes('/ValueSet/') && world.library.knows('value-set', system)) {
    visit.report('error', 'code-system-invalid', `${system} is a value set, not a code system.`, shape.demand, {
      actual: system,
      below: 'system',
    })
    return
  }
  if (!world.policy.checkCodes || typeof code !== 'string') return
  const own = world.terminology.codeSystem(system)
  if (own?.content === 'supplement' || own?.supplements !== undefined) {
    visit.report('error', 'code-system-invalid', `${system} is a supplement, so no code is of it.`, shape.demand, {
      actual: system,
      below: 'system',
    })
    return
  }
  if (world.terminology.hasCode(system, code) === false) {
    visit.report('error', 'code-unknown', `The code system ${system} has no code "${code}".`, shape.demand, {
      actual: code,
      below: 'code',
    })
  }
}

/** The system is absolute; a URI as identifier is one. */
const identifier: TypeRule = (_world, visit, shape, { system, value }) => {
  if (typeof system !== 'string') return
  if (!isAbsolute(system)) {
    visit.report(
      'error',
      'code-system-invalid',
      `The system of an Identifier must be an absolute URI: ${system}.`,
      shape.demand,
      { actual: system, below: 'system' },
    )
  }
  if (system === 'urn:ietf:rfc:3986' && typeof value === 'string' && !isAbsolute(value)) {
    visit.report(
      'error',
      'code-system-invalid',
      `The identifier must be an absolute URI, as its system says: ${value}.`,
      shape.demand,
      { actual: value, below: 'value' },
    )
  }
}

const quantity: TypeRule = (world, visit, shape, { system, code }) => {
  if (system !== 'http://unitsofmeasure.org' || typeof code !== 'string' || !world.policy.checkCodes) return
  if (world.terminology.hasCode(system, code) === false) {
    visit.report('error', 'code-unknown', `"${code}" is not a UCUM unit.`, shape.demand, {
      actual: code,
      below: 'code',
    })
  }
}

/** FHIRPath must be FHIRPath. */
const expression: TypeRule = (_world, visit, shape, { language, expression: text }) => {
  if (language !== 'text/fhirpath' || typeof text !== 'string') return
  try {
    parse(text)
  } catch (trouble) {
    if (!(trouble instanceof SyntaxTrouble)) throw trouble
    visit.report('error', 'definition-rules', `"${text}" is not FHIRPath: ${trouble.message}.`, shape.demand, {
      actual: text,
      below: 'expression',
    })
  }
}

const rules: ReadonlyMap<string, TypeRule> = new Map([
  ['Attachment', attachment],
  ['Coding', coding],
  ['Identifier', identifier],
  ['Expression', expression],
  ['Quantity', quantity],
  ['Age', quantity],
  ['Duration', quantity],
  ['Distance', quantity],
  ['Count', quantity],
])

/** The rule of a datatype, where it has one. */
export const typeRuleOf = (type: string): TypeRule | undefined => rules.get(type)
