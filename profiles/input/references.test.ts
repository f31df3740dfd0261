/** References find their targets across files, lines and Bundles; what is ambiguous or too much is left open. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createJudge } from './judge.ts'
import { referencesOf, resolverOf } from './references.ts'
import { sourcesAt } from './sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'references-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, content: unknown): void => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
}
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more })

describe('the targets of references', () => {
  file('one/a.json', patient('a'))
  file('one/b.xml', '<Patient xmlns="http://hl7.org/fhir"><id value="b"/></Patient>')
  file(
    'one/lines.ndjson',
    `\r\n${JSON.stringify(patient('c'))}\r\n\n{"broken\n${JSON.stringify(patient('d', { gender: 'male', name: [{ text: 'ü' }] }))}\n${JSON.stringify(patient('e'))}`,
  )
  file('one/bundle.json', {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { fullUrl: 'http://x.test/fhir/Patient/a', resource: patient('a', { gender: 'other' }) },
      { fullUrl: 'http://x.test/fhir/Patient/f', resource: patient('f') },
    ],
  })
  file('one/twice-1.json', patient('twice', { gender: 'male' }))
  file('one/twice-2.json', patient('twice', { gender: 'female' }))
  file('one/broken.json', '{')

  it('are found in JSON, XML, lines and Bundles', async () => {
    const found = await referencesOf(sourcesAt(join(folder, 'one')))
    expect(found.complete).toBe(true)
    for (const keep of [1, 2 ** 20]) {
      const resolve = resolverOf(found, keep)
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'd']) expect(resolve(`Patient/${id}`)).toMatchObject({ id })
      expect(resolve('Patient/a')).not.toHaveProperty('gender')
      expect(resolve('http://x.test/fhir/Patient/a')).toMatchObject({ gender: 'other' })
      expect(resolve('Patient/d/_history/2#x')).toMatchObject({ gender: 'male', name: [{ text: 'ü' }] })
      for (const none of ['Patient/twice', 'Patient/g', 'Practitioner/a', 'http://y.test/fhir/Patient/a'])
        expect(resolve(none)).toBeUndefined()
    }
  })

  it('are noted up to a number', async () => {
    const found = await referencesOf(sourcesAt(join(folder, 'one')), 2)
    expect([found.complete, found.places.size]).toEqual([false, 2])
  })

  it('are not looked for where the input cannot be read again', async () => {
    const input = { path: undefined, name: 'standard input', kind: 'json', size: 0, named: true } as const
    expect(await referencesOf([input])).toMatchObject({ complete: false, files: [] })
  })
})

describe('a judge with references', () => {
  const encounter = (subject: string, participant?: string) => ({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: subject },
    ...(participant && { partOf: { reference: participant } }),
    type: [{ text: 'a' }],
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter'] },
  })
  file(
    'two/good.json',
    patient('good', { identifier: [{ system: 'urn:x', value: '1' }], name: [{ family: 'a' }], gender: 'male' }),
  )
  file('two/bare.json', patient('bare'))
  file('two/group.json', { resourceType: 'Organization', id: 'group', name: 'g' })
  file('two/to-good.json', encounter('Patient/good'))
  file('two/to-bare.json', encounter('Patient/bare'))
  file('two/to-nobody.json', encounter('Patient/nobody'))
  file('two/chain-1.json', { ...encounter('Patient/good', 'Encounter/chain2'), id: 'chain1' })
  file('two/chain-2.json', { ...encounter('Patient/good', 'Encounter/chain1'), id: 'chain2' })

  async function findingsOf(name: string, unresolved: 'warning' | 'ignore' = 'ignore') {
    const sources = sourcesAt(join(folder, 'two'))
    const judge = createJudge({
      packages: [],
      editions: [['hl7.fhir.us.core', '6.1.0']],
      profiles: [],
      everything: true,
      mustSupport: false,
      policy: { unresolvedReferences: unresolved },
      references: await referencesOf(sources),
    })
    const { reports } = judge.judge({
      kind: 'files',
      files: [{ path: join(folder, 'two', name), source: name, named: true }],
    })
    return reports.flatMap(({ findings }) =>
      findings
        .filter(({ code }) => code.startsWith('reference'))
        .map(({ code, severity, expression }) => `${severity} ${code} ${expression}`),
    )
  }

  it('holds a target in another file to the profile that it must have', async () => {
    expect(await findingsOf('to-good.json')).toEqual([])
    expect(await findingsOf('to-bare.json')).toEqual(['error reference-profile Encounter.subject'])
  })
  it('tells of a target that is nowhere only where asked', async () => {
    expect(await findingsOf('to-nobody.json')).toEqual([])
    expect(await findingsOf('to-nobody.json', 'warning')).toEqual([
      'warning reference-unresolved Encounter.subject.reference',
    ])
    expect(await findingsOf('to-good.json', 'warning')).toEqual([])
  })
  it('goes no circles', async () => {
    expect(await findingsOf('chain-1.json', 'warning')).toEqual([])
  })
})
