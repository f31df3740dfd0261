/** A plan is read whole, and every mistake in it is named with its place and in words that tell what to do. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { HarnessError } from '../harness/errors.ts'
import { planJsonSchema, readPlan } from './plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plan = (text: string): string => {
  const path = join(folder, 'plan.yaml')
  writeFileSync(path, text)
  return path
}
const refusal = (text: string): string[] => {
  try {
    readPlan(plan(text))
  } catch (error) {
    expect(error).toBeInstanceOf(HarnessError)
    return (error as Error).message.split('\n').map((line) => line.trim().replace(`${join(folder, 'plan.yaml')}:`, ''))
  }
  throw new Error('the plan was taken')
}

const good = `title: Ours
editions: [pdex@2.1.0]
seats:
  responding payer:
    name: Old Mill Health
    identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '95002' }
    fhir: https://payer.example/fhir/
people:
  Ana Adams: { bundle: ana.json }
`

describe('a plan', () => {
  it('is read with its editions completed and its addresses without a slash at the end', () => {
    writeFileSync(join(folder, 'ana.json'), '{}')
    const read = readPlan(plan(good))
    expect(read.editions).toEqual([{ pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1', 'carin-bb': '2.1.0' }])
    expect(read.seats['responding payer'].fhir).toBe('https://payer.example/fhir')
    expect(read.synthetic).toBe(false)
  })

  it('may bring packages, which the checks then know; none is fetched unless it says so', async () => {
    const { stageOf } = await import('./stage.ts')
    const { usePackages, validate } = await import('../profiles/validate.ts')
    const url = 'http://vitruvian.test/StructureDefinition/ours'
    mkdirSync(join(folder, 'ours'), { recursive: true })
    writeFileSync(
      join(folder, 'ours', 'StructureDefinition-ours.json'),
      JSON.stringify({
        resourceType: 'StructureDefinition',
        url,
        name: 'ours',
        status: 'active',
        kind: 'resource',
        abstract: false,
        type: 'Patient',
        baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
        derivation: 'constraint',
        differential: { element: [{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }] },
      }),
    )
    writeFileSync(join(folder, 'ana.json'), '{}')
    const stage = (more: string) => stageOf({ seed: 'a', plan: plan(`${good}${more}`), certs: join(folder, 'certs') })
    await expect(stage('packages: [some.package#1.0.0]\n')).rejects.toMatchObject({
      code: 'bad-input',
      remedy: expect.stringContaining('download: true'),
    })
    const ask = () => validate({ resourceType: 'Patient' }, url, { pdex: '2.1.0' })
    expect(ask()).toMatchObject({ decided: false })
    // The stage itself may not open here (there is no such payer); the packages are taken before it.
    await stage('packages: [ours]\n').then(
      ({ stage }) => stage.close(),
      () => undefined,
    )
    expect(ask()).toMatchObject({
      decided: true,
      issues: [{ code: 'cardinality-min', expression: 'Patient.birthDate' }],
    })
    usePackages({ packages: [], editions: new Map() })
  })

  it('may begin with a byte order mark', () => {
    expect(readPlan(plan(`\uFEFF${good}`)).title).toBe('Ours')
  })

  it('has every one of ten mistakes named with its line', () => {
    const lines = refusal(`title: ""
editions: [pdex@9.9.9, "pdex 2.2"]
seats:
  responding payer:
    fhir: http://payer.example/fhir
    identifier: { system: a }
    hookz: https://payer.example/hooks
    roots: [nowhere.pem]
people:
  ana: { patient: "Patient/1" }
  Ben Brown: { bundle: nothing.json }
  Carla Cruz: { patient: abc }
data: fake
`)
    expect(lines[0]).toBe('the plan has 12 mistakes:')
    expect(lines.slice(1)).toEqual([
      '1:1 title: must not be empty',
      '2:12 editions.0: pdex has no edition 9.9.9 here (one of: 2.1.0, 2.2.0)',
      '2:24 editions.1: "pdex 2.2" names no edition (one of: pdex@2.2.0, pdex@2.1.0,us-core@6.1.0)',
      '4:3 seats.responding payer.name: is missing',
      '5:5 seats.responding payer.fhir: must be an https:// URL',
      '6:5 seats.responding payer.identifier.value: is missing',
      '7:5 seats.responding payer.hookz: is not a word of the plan',
      `8:13 seats.responding payer.roots.0: there is no file ${join(folder, 'nowhere.pem')}`,
      '10:3 people.ana: must be a member of the cast, like "Ana Adams"',
      `11:16 people.Ben Brown.bundle: there is no file ${join(folder, 'nothing.json')}`,
      '12:3 people.Carla Cruz: needs one of: bundle (load this), submitted (map ids), discover (from your data)',
      '13:1 data: invalid option: expected one of "synthetic"|"real"',
    ])
  })

  it('that is no YAML says where it breaks', () => {
    expect(refusal('title: [unclosed\nseats: {')[1]).toMatch(/^\d+:\d+ /)
  })

  it('that is empty, a list or a text says what is missing', () => {
    for (const text of ['', '- a\n- b\n', 'hello']) expect(refusal(text).join(' ')).toMatch(/seats|object/)
  })

  it('that is not there says so', () => {
    expect(() => readPlan(join(folder, 'missing.yaml'))).toThrow(/cannot be read/)
  })

  it('has a schema for editors that is up to date (npm run schema)', () => {
    const written = JSON.parse(readFileSync(new URL('plan.schema.json', import.meta.url), 'utf8'))
    expect(written).toEqual(JSON.parse(JSON.stringify(planJsonSchema())))
  })
})
