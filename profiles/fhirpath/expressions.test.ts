/** Our FHIRPath and the library's, expression by expression: the same items from each, but where ours is knowingly another. */
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { Library } from '../compile/library.ts'
import { CompiledWorld } from '../compile/world.ts'
import { shippedPackages } from '../definitions.ts'
import { defaultPolicy } from '../policy.ts'
import { rules } from '../rules/index.ts'
import { Scope } from '../rules/scope.ts'
import { type Json, Visit } from '../rules/visit.ts'
import { compileExpression, Unsupported } from './compile.ts'
import { ofObservation, ofPatient } from './expressions.ts'
import { Node } from './items.ts'

interface Engine {
  evaluate(data: unknown, path: string, variables: object, model: unknown, options: object): unknown
}
const load = createRequire(import.meta.url)
const engine = load('fhirpath') as Engine
const model: unknown = load('fhirpath/fhir-context/r4')
const world = new CompiledWorld(new Library(shippedPackages()), defaultPolicy, rules)

/** The items that ours gives; undefined where it leaves the expression to the library. */
function ours(resource: Json, expression: string): unknown[] | 'trouble' | undefined {
  const type = String(resource.resourceType)
  const visit = new Visit(new Scope(resource))
  visit.push(type, -1, undefined, resource)
  try {
    const code = compileExpression(expression, { types: world.types, context: [type], resource: [type] })
    const items = code.all(resource, { world, visit, context: resource, index: 0, total: undefined })
    return items.map((item) => (item instanceof Node ? item.value : item))
  } catch (trouble) {
    return trouble instanceof Unsupported ? undefined : 'trouble'
  }
}

function theirs(resource: Json, expression: string): unknown {
  const variables = { resource, rootResource: resource, context: resource }
  try {
    return engine.evaluate(resource, expression, variables, model, { traceFn: () => undefined })
  } catch {
    return 'trouble'
  }
}

const quantity = (value: number, code: string): object => ({
  value,
  unit: code,
  system: 'http://unitsofmeasure.org',
  code,
})
const patient: Json = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  birthDate: '1980-02-29',
  gender: 'male',
  multipleBirthInteger: 2,
  name: [
    { use: 'official', family: 'Adams', given: ['Ann', 'Bea'], period: { start: '2000', end: '2010-05' } },
    { use: 'old', text: 'Ann A', given: ['Ann'] },
  ],
  telecom: [
    { system: 'phone', value: '555', rank: 2 },
    { system: 'email', value: 'a@b.c', rank: 1 },
  ],
  identifier: [
    { system: 'http://a', value: '001' },
    { system: 'http://b', value: 'x-2' },
  ],
  contact: [{ name: { family: 'C' }, relationship: [{ coding: [{ system: 's', code: 'N' }] }] }],
  extension: [
    { url: 'http://x', valueQuantity: quantity(3, 'kg') },
    { url: 'http://y', valueDecimal: 1.5 },
  ],
}
const observation: Json = {
  resourceType: 'Observation',
  status: 'final',
  code: {
    coding: [
      { system: 'http://loinc.org', code: '1-8', display: 'D' },
      { system: 'http://s', code: 'z' },
    ],
    text: 't',
  },
  effectiveDateTime: '2020-05-01T10:00:00+02:00',
  issued: '2020-05-01T08:00:00.000Z',
  valueQuantity: quantity(5.4, 'g'),
  referenceRange: [{ low: quantity(1, 'g'), high: quantity(2, 'kg') }],
  component: [
    { code: { coding: [{ code: 'a' }] }, valueString: '10' },
    { code: { coding: [{ code: 'b' }] }, valueInteger: 7 },
    { code: { text: 'c' }, valueBoolean: false },
  ],
  contained: [{ resourceType: 'Patient', id: 'c' }],
  subject: { reference: '#c' },
}

describe.each([
  { resource: patient, expressions: ofPatient },
  { resource: observation, expressions: ofObservation },
])('expressions on a $resource.resourceType', ({ resource, expressions }) => {
  it.each(expressions)('%s', (expression) => {
    const own = ours(resource, expression)
    if (own !== undefined) expect(own).toEqual(theirs(resource, expression))
  })
  it('are nearly all our own', () => {
    const left = expressions.filter((expression) => ours(resource, expression) === undefined)
    expect(left.length / expressions.length).toBeLessThan(0.1)
  })
})

/** Where the library refuses to answer, or FHIR means another thing than the letter of FHIRPath. */
it.each([
  [patient, 'active is Boolean', [true]],
  [patient, 'name.not()', [false]],
  [patient, 'extension.value as decimal', [1.5]],
  [patient, "name[0].given ~ ('Bea' | 'Ann')", [true]],
  [observation, 'component.value as string', ['10']],
  [observation, 'subject.resolve().id', ['c']],
  [observation, 'subject.resolve() is Patient', [true]],
  [patient, '%sct', ['http://snomed.info/sct']],
  [patient, '%loinc', ['http://loinc.org']],
])('of its own: $1', (resource, expression, items) => {
  expect(ours(resource, expression)).toEqual(items)
})
