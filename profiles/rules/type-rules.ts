/** Rules of single datatypes that are stated in prose only: attachments, codings, UCUM units. */
import type { Shape, World } from '../compile/compiled.ts'
import type { Json, Visit } from './visit.ts'

type TypeRule = (world: World, visit: Visit, shape: Shape, value: Json) => void

/** Size and content agree. */
const attachment: TypeRule = (_world, visit, shape, { data, size }) => {
  if (typeof data !== 'string' || typeof size !== 'number') return
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
  if (!/^[a-z][a-z0-9+.-]*:/i.test(system)) {
    visit.report(
      'error',
      'code-system-invalid',
      `The system of a Coding must be an absolute URL: ${system}.`,
      shape.demand,
      { actual: system, below: 'system' },
    )
    return
  }
  if (system.includes('/ValueSet/') && world.library.valueSet(system)) {
    visit.report('error', 'code-system-invalid', `${system} is a value set, not a code system.`, shape.demand, {
      actual: system,
      below: 'system',
    })
    return
  }
  if (!world.policy.checkCodes || typeof code !== 'string') return
  if (world.terminology.hasCode(system, code) === false) {
    visit.report('error', 'code-unknown', `The code system ${system} has no code "${code}".`, shape.demand, {
      actual: code,
      below: 'code',
    })
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

const rules: ReadonlyMap<string, TypeRule> = new Map([
  ['Attachment', attachment],
  ['Coding', coding],
  ['Quantity', quantity],
  ['Age', quantity],
  ['Duration', quantity],
  ['Distance', quantity],
  ['Count', quantity],
])

/** Judges a value by the rule of its datatype, where there is one. */
export function judgeTypeRules(world: World, visit: Visit, shape: Shape, value: Json): void {
  rules.get(shape.info.name)?.(world, visit, shape, value)
}
