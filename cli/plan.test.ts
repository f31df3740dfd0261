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

const record = JSON.stringify({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ resource: { resourceType: 'Patient', id: 'a' } }, { resource: { resourceType: 'Coverage', id: 'b' } }],
})
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
    writeFileSync(join(folder, 'ana.json'), record)
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
    writeFileSync(join(folder, 'ana.json'), record)
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

  it('has every one of twelve mistakes named with its line', () => {
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
      '2:24 editions.1: "pdex 2.2" names no edition (for instance pdex@2.2.0, or with other guides pdex@2.1.0,us-core@6.1.0)',
      '4:3 seats.responding payer.name: is missing',
      '5:5 seats.responding payer.fhir: must be an https:// URL',
      '6:5 seats.responding payer.identifier.value: is missing',
      '7:5 seats.responding payer.hookz: is not a word of the plan: did you mean "hooks"?',
      `8:13 seats.responding payer.roots.0: there is no file ${join(folder, 'nowhere.pem')}`,
      expect.stringMatching(
        /^10:3 people\.ana: is nobody of the cast; here may stand: Ana Adams, Ben Brown, .*Leo Lopez$/,
      ),
      `11:16 people.Ben Brown.bundle: there is no file ${join(folder, 'nothing.json')}`,
      '12:3 people.Carla Cruz: needs one of: bundle (load this), submitted (map ids), discover (from your data)',
      '13:1 data: must be one of: synthetic, real',
    ])
  })

  it.each([
    ['dta: real', '1:1 dta: is not a word of the plan: did you mean "data"?'],
    [
      'people: { Anna Adams: { patient: a } }',
      '1:11 people.Anna Adams: is nobody of the cast: did you mean "Ana Adams"?',
    ],
    [
      'behaviour: { segmentation: tag }',
      '1:14 behaviour.segmentation: must be one of: excludes, tags, cannot (did you mean tags?)',
    ],
    ['longestWait: 4000', '1:1 longestWait: must be at most 3600'],
    ['title: 12', '1:1 title: must be text: put 12 in quotes'],
    ['editions: pdex@2.2.0', '1:1 editions: must be a list, with a "- " before each item'],
    ['community: { port: 0 }', '1:14 community.port: must be at least 1'],
    ['community: { port: 70000 }', '1:14 community.port: must be at most 65535'],
    ['people: { Ana Adams: }', '1:11 people.Ana Adams: has no value'],
    ['seats: { responding payer: { fhir: https://a.example/fhir/metadata } }', /fhir: must be the FHIR base/],
    ['seats: { responding payer: { fhir: https://a.example/fhir?x=1 } }', /fhir: must be an address without \? and #/],
    ['a: b\na: c', '2:1 this word stands here for the second time'],
    ['seats:\n\ta: b\n  c: d\n e: f', '2:1 this line begins with a tab: indent it by spaces'],
    ['title: Old: Mill\nseats: {', /^1:8 this cannot stand here: .* needs quotes/],
    ['title: a\n---\ntitle: b', '2:1 a second plan begins here ("---"): a file holds one'],
    ['title: "a', /a closing " is missing/],
    ['title: *nope', '1:8 *nope: nothing above is marked &nope'],
  ])('with %j says so', (text, says) => {
    expect(refusal(text)).toContainEqual(typeof says === 'string' ? says : expect.stringMatching(says))
  })

  it('whose aliases multiply says so', () => {
    const rows = [...'bcdefghij'].map((at, i) => `${at}: &${at} [${Array(9).fill(`*${'abcdefghi'[i]}`)}]`)
    expect(refusal(`a: &a [x]\n${rows.join('\n')}`)[1]).toContain('multiply beyond measure')
  })

  it('that is not UTF-8 says so', () => {
    const path = join(folder, 'wide.yaml')
    for (const bytes of [Buffer.from(`\uFEFF${good}`, 'utf16le'), Buffer.from('title: M\u00fcll', 'latin1')]) {
      writeFileSync(path, bytes)
      expect(() => readPlan(path)).toThrow(/is not text in UTF-8/)
    }
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
