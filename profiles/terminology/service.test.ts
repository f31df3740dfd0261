/** The terminology service: questions gathered, sent together, answered once, and honest about what it does not know. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator, validateWith } from '../validator.ts'
import { type AnswerCache, answerCache } from './answer-cache.ts'
import { terminologyService } from './service.ts'

const folder = mkdtempSync(join(tmpdir(), 'tx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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

function server(answer: (code: string) => boolean | undefined, cache?: AnswerCache) {
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
    service: terminologyService({
      base: 'http://tx.test/fhir',
      fetch: fetch as typeof globalThis.fetch,
      ...(cache ? { cache } : {}),
    }),
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
  it('hears codes alone: no texts, no displays', async () => {
    let sent = ''
    const fetch = (async (_url: unknown, init?: RequestInit) => {
      sent = String(init?.body)
      return new Response('{}', { status: 500 })
    }) as typeof globalThis.fetch
    const service = terminologyService({ base: 'http://tx.test', fetch })
    const value = {
      ...observation('good'),
      code: { text: 'secret', coding: [{ system: 'urn:x', code: 'c', display: 'secret' }] },
    }
    await validateWith(validatorWith(service), service, value, { profiles })
    expect(sent).toContain('"code":"c"')
    expect(sent).not.toContain('secret')
  })

  const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })
  const outcome = (code: string, text: string) => ({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, details: { text } }],
  })
  const no = { name: 'result', valueBoolean: false }
  const inBatch = (entry: object) =>
    new Response(JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry: [entry] }))
  it.each([
    [
      'does not know the value set',
      /no such value set/,
      () => inBatch({ response: { status: '404', outcome: outcome('not-found', 'no such value set') } }),
    ],
    [
      'does not know the code system',
      /no such system/,
      () =>
        inBatch({
          resource: parameters(
            no,
            { name: 'message', valueString: 'no such system' },
            { name: 'x-unknown-system', valueCanonical: 'x' },
          ),
        }),
    ],
    [
      'does not know it, in an issue',
      /system not known/,
      () =>
        inBatch({ resource: parameters(no, { name: 'issues', resource: outcome('not-found', 'system not known') }) }),
    ],
    ['gives no result', /gives no result/, () => inBatch({ resource: parameters() })],
    ['is in trouble', /answers 503/, () => new Response('', { status: 503 })],
    ['does not let us in', /answers 401/, () => new Response('{}', { status: 401 })],
    ['speaks HTML', /not JSON/, () => new Response('<html>', { status: 200 })],
    [
      'sends less than it was asked',
      /left it out/,
      () => new Response(JSON.stringify({ resourceType: 'Bundle', entry: [] })),
    ],
  ])('leaves open, with the reason, what a server cannot answer that %s', async (_title, reason, answer) => {
    const service = terminologyService({ base: 'http://tx.test', fetch: async () => answer() })
    const found = await validateWith(validatorWith(service), service, observation('x'), { profiles })
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['information binding-not-decided'])
    expect(found[0]?.message).toMatch(reason)
  })

  it('takes a plain no for a no', async () => {
    const issues = { name: 'issues', resource: outcome('code-invalid', 'not in the value set') }
    const service = terminologyService({
      base: 'http://tx.test',
      fetch: async () => inBatch({ resource: parameters(no, issues) }),
    })
    const found = await validateWith(validatorWith(service), service, observation('x'), { profiles })
    expect(found.map(({ code }) => code)).toEqual(['binding-required'])
  })

  it('is asked one by one where the server takes no batches', async () => {
    const asked: string[] = []
    const fetch = (async (url: string) => {
      asked.push(url)
      return url.endsWith('$validate-code')
        ? new Response(JSON.stringify(parameters({ name: 'result', valueBoolean: true })))
        : new Response('', { status: 405 })
    }) as typeof globalThis.fetch
    const service = terminologyService({ base: 'http://tx.test/r4/', fetch })
    expect(await validateWith(validatorWith(service), service, observation('x'), { profiles })).toEqual([])
    expect(asked).toEqual(['http://tx.test/r4', 'http://tx.test/r4/ValueSet/$validate-code'])
  })

  it('says when the server cannot be reached, and leaves it alone after a while', async () => {
    let calls = 0
    const fetch = () => {
      calls++
      return Promise.reject(new Error('no route'))
    }
    const service = terminologyService({ base: 'http://tx.test', fetch })
    for (const code of ['a', 'b', 'c', 'd']) {
      const [found] = await validateWith(validatorWith(service), service, observation(code), { profiles })
      expect(found?.message).toMatch(/cannot be reached: no route/)
    }
    expect(calls).toBe(2)
  })

  it('keeps what was decided in a file, and only that', async () => {
    const path = join(folder, 'deep', 'answers.ndjson')
    const ask = async (code: string, answer: (code: string) => boolean | undefined) => {
      const { service, batches } = server(answer, answerCache(path, 'http://tx.test/fhir'))
      const found = await validateWith(validatorWith(service), service, observation(code), { profiles })
      return [found.map((each) => each.code).join(), batches.length]
    }
    expect(await ask('good', () => true)).toEqual(['', 1])
    expect(await ask('bad', () => false)).toEqual(['binding-required', 1])
    expect(await ask('odd', () => undefined)).toEqual(['binding-not-decided', 1])
    appendFileSync(path, '["cut off')
    const never = (): boolean => {
      throw new Error('asked again')
    }
    expect(await ask('good', never)).toEqual(['', 0])
    expect(await ask('bad', never)).toEqual(['binding-required', 0])
    expect(await ask('odd', () => true)).toEqual(['', 1])
    expect(answerCache(path, 'http://other.test').get('x')).toBeUndefined()
  })
})
