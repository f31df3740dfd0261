/** The terminology service: questions gathered, sent together, answered once, and honest about what it does not know. */
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator, validateWith } from '../validator.ts'
import { terminologyService } from './service.ts'

const bound = {
  resourceType: 'StructureDefinition',
  url: 'http://vitruvian.test/StructureDefinition/bound',
  name: 'bound',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Observation',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
  derivation: 'constraint',
  differential: {
    element: [
      {
        id: 'Observation.code',
        path: 'Observation.code',
        binding: { strength: 'required', valueSet: 'http://vitruvian.test/ValueSet/elsewhere' },
      },
    ],
  },
}
const observation = (code: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://vitruvian.test/cs', code }] },
})

function server(answer: (code: string) => boolean | undefined) {
  const batches: number[] = []
  const fetch = async (_url: unknown, init?: RequestInit) => {
    const bundle = JSON.parse(String(init?.body)) as {
      entry: { resource: { parameter: { name: string; valueCodeableConcept?: { coding: { code: string }[] } }[] } }[]
    }
    batches.push(bundle.entry.length)
    const entry = bundle.entry.map(({ resource }) => {
      const code =
        resource.parameter.find(({ name }) => name === 'codeableConcept')?.valueCodeableConcept?.coding[0]?.code ?? ''
      const result = answer(code)
      return result === undefined
        ? { resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] } }
        : { resource: { resourceType: 'Parameters', parameter: [{ name: 'result', valueBoolean: result }] } }
    })
    return new Response(JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry }), { status: 200 })
  }
  return {
    batches,
    service: terminologyService({ base: 'http://tx.test/fhir', fetch: fetch as typeof globalThis.fetch }),
  }
}

const validatorWith = (service: ReturnType<typeof terminologyService>) =>
  createValidator({
    packages: [packageOfResources({ name: 'x', version: '1' }, [bound]), ...shippedPackages()],
    terminology: service.decide,
  })
const profiles = ['http://vitruvian.test/StructureDefinition/bound']

describe('a terminology service', () => {
  it('decides what the definitions leave open', async () => {
    const { service } = server((code) => code === 'good')
    const validator = validatorWith(service)
    expect(await validateWith(validator, service, observation('good'), { profiles })).toEqual([])
    const found = await validateWith(validator, service, observation('bad'), { profiles })
    expect(found.map(({ code }) => code)).toEqual(['binding-required'])
  })
  it('is asked once for one question', async () => {
    const { service, batches } = server(() => true)
    const validator = validatorWith(service)
    await validateWith(validator, service, observation('good'), { profiles })
    await validateWith(validator, service, observation('good'), { profiles })
    expect(batches).toEqual([1])
  })
  it('leaves open what the server cannot answer', async () => {
    const { service } = server(() => undefined)
    const found = await validateWith(validatorWith(service), service, observation('x'), { profiles })
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['information binding-not-decided'])
  })
  it('says when the server cannot be reached', async () => {
    const service = terminologyService({ base: 'http://tx.test', fetch: () => Promise.reject(new Error('no route')) })
    await expect(validateWith(validatorWith(service), service, observation('x'), { profiles })).rejects.toMatchObject({
      code: 'cannot-reach',
    })
  })
})
