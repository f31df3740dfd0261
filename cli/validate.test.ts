/** The verb from outside: exit codes, formats, what is said where. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from './main.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitruvian-validate-'))
  const file = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text)
  const sound = '{"resourceType":"Patient","id":"a","gender":"female"}'
  const wrong = '{"resourceType":"Patient","id":"b","gender":"femal"}'
  file('sound.json', sound)
  file('wrong.json', wrong)
  file('broken.json', '{"resourceType":"Patient",}')
  file('twice.json', '{"resourceType":"Patient","id":"a","id":"b"}')
  file('latin.json', Buffer.from('{"resourceType":"Patient","name":[{"family":"Müller"}]}', 'latin1'))
  file('some.xml', '<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>')
  file('wrong.xml', '<Patient xmlns="http://hl7.org/fhir">\n  <id value="x"/>\n  <gender value="femal"/>\n</Patient>')
  file('broken.xml', '<Patient xmlns="http://hl7.org/fhir">\n  <gender></Patient>')
  file('other.json', '{"name":"no resource"}')
  file('lines.ndjson', `${sound}\n\n${wrong}\n{"oops\n${sound}\n`)
  file('empty.ndjson', '')
  mkdirSync(join(folder, 'tree', 'deep', 'node_modules'), { recursive: true })
  mkdirSync(join(folder, 'bare'))
  mkdirSync(join(folder, 'forms'))
  file('forms/a.json', sound)
  file('forms/b.xml', '<Patient xmlns="http://hl7.org/fhir"><gender value="x"/></Patient>')
  file('half.json', '{"resourceType":"Patient","gen\\ud800der":"x","name":[{"family":"A\\udc00"}]}')
  file('tree/b.json', sound)
  file('tree/deep/a.json', wrong)
  file('tree/deep/node_modules/c.json', wrong)
  file('tree/package.json', '{"name":"no resource"}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

/** Runs the verb and takes what it writes. */
async function validate(...given: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
  const code = await main(['node', 'vitruvian', 'validate', ...given.map((each) => each.replace('@', folder))])
  vi.restoreAllMocks()
  return { code, out, err }
}

describe('exit codes', () => {
  it.each([
    [0, 'a sound resource', ['@/sound.json']],
    [1, 'a wrong one', ['@/wrong.json']],
    [1, 'a sound and a wrong one', ['@/sound.json', '@/wrong.json']],
    [1, 'broken JSON', ['@/broken.json']],
    [1, 'a key that is given twice', ['@/twice.json']],
    [1, 'half of a surrogate pair', ['@/half.json']],
    [1, 'Latin-1', ['@/latin.json']],
    [1, 'JSON that is no resource', ['@/other.json']],
    [1, 'a folder with a wrong one deep inside', ['@/tree']],
    [1, 'lines', ['@/lines.ndjson']],
    [0, 'XML', ['@/some.xml']],
    [1, 'XML with an error', ['@/wrong.xml']],
    [1, 'a folder with a wrong XML', ['@/forms']],
    [1, 'XML that is broken', ['@/broken.xml']],
    [2, 'nothing to judge', ['@/empty.ndjson']],
    [2, 'a folder without resources', ['@/bare']],
    [2, 'a file that is not there', ['@/nowhere.json']],
    [2, 'a profile that is not at hand', ['@/sound.json', '--profile', 'http://example.org/none']],
    [2, 'a package that is not at hand', ['@/sound.json', '--ig', 'some.package#1.0.0']],
    [2, 'an edition that is not at hand', ['@/sound.json', '--edition', 'pdex@9.9.9']],
    [2, 'a format that does not exist', ['@/sound.json', '--format', 'yaml']],
    [2, "HL7's validator where it is not", ['@/sound.json', '--engine', 'hl7', '--jar', '@/none.jar']],
  ] as const)('%i: %s', async (code, _title, given) => {
    expect((await validate(...given)).code).toBe(code)
  })
})

describe('text', () => {
  it('names place, severity, rule, expected, actual and the nearest', async () => {
    const { out } = await validate('@/wrong.json')
    expect(out).toContain('wrong.json  Patient/b\n')
    expect(out).toMatch(/error {3}Patient\.gender: .*femal/)
    expect(out).toMatch(/binding-required, by http:\/\/hl7.org\/fhir\/StructureDefinition\/Patient at Patient.gender/)
    expect(out).toMatch(/expected http.*administrative-gender.*; actual femal; nearest female/)
    expect(out).toMatch(/1 resource: 1 refused; 1 error/)
  })

  it('gives line and column of what is wrong with the JSON, and lines of NDJSON', async () => {
    expect((await validate('@/broken.json')).out).toMatch(/broken\.json:1:26: A comma/)
    const { out } = await validate('@/lines.ndjson')
    expect(out).toMatch(/lines\.ndjson:3 {2}Patient\/b/)
    expect(out).toMatch(/lines\.ndjson:4:2: The string that begins here never ends/)
    expect(out).toMatch(/3 resources: 2 refused/)
  })

  it('names the place in XML and in JSON', async () => {
    expect((await validate('@/wrong.xml')).out).toMatch(
      /wrong\.xml {2}Patient\/x\n {2}error {3}Patient\.gender: .*femal.*\n {10}line 3, column 3: binding-required/,
    )
    expect((await validate('@/broken.xml')).out).toMatch(/broken\.xml:2:3: Not well-formed XML: <gender> ends as/)
    expect((await validate('@/wrong.json')).out).toMatch(/line 1, column 36: binding-required/)
  })

  it('says what was passed over', async () => {
    expect((await validate('@/tree')).out).toMatch(
      /2 resources: 1 refused.*1 JSON file without resourceType passed over/,
    )
  })

  it('holds to the profile that is asked for, and counts its must-support elements', async () => {
    const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'
    const { code, out } = await validate('@/sound.json', '--profile', profile, '--must-support')
    expect(code).toBe(1)
    expect(out).toMatch(/Patient\.identifier: identifier must occur at least once/)
    expect(out).toMatch(/must-support of .*us-core-patient\|6\.1\.0: 1 of \d+ elements seen in 1 resource\n/)
    expect(out).toMatch(/ 0 of 1 {2}Patient\.name {2}never seen/)
    const older = await validate(
      '@/sound.json',
      '--profile',
      profile,
      '--ig',
      'hl7.fhir.us.core#3.1.1',
      '--must-support',
    )
    expect(older.out).toMatch(/us-core-patient\|3\.1\.1/)
  })

  it('tells the remedy', async () => {
    expect((await validate('@/sound.json', '--profile', 'http://example.org/us-core-patient')).err).toMatch(
      /did you mean .*us-core-patient/,
    )
    expect((await validate('@/sound.json', '--ig', 'hl7.fhir.us.core#1.0.0')).err).toMatch(/shipped are .*6\.1\.0/)
    expect((await validate('@/sound.json', '--engine', 'hl7', '--jar', '@/none.jar')).err).toMatch(
      /hl7-validator:install/,
    )
  })
})

describe('a terminology server', () => {
  const coded = JSON.stringify({
    resourceType: 'Condition',
    subject: { reference: 'Patient/a' },
    code: { text: 'Name of a person', coding: [{ system: 'http://snomed.info/sct', code: '38341003' }] },
  })
  const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns'
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      asked.push(body)
      const entry = (JSON.parse(body) as { entry: unknown[] }).entry.map(() => ({
        resource: { resourceType: 'Parameters', parameter: [{ name: 'result', valueBoolean: false }] },
      }))
      response.end(JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry }))
    })
  })
  let address: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
    writeFileSync(join(folder, 'coded.json'), coded)
  })
  afterAll(() => server.close())
  const judged = async (...given: string[]): Promise<string[]> => {
    const { out } = await validate('@/coded.json', '--profile', profile, '--format', 'json', ...given)
    const { resources } = JSON.parse(out) as { resources: { findings: { code: string; expression: string }[] }[] }
    return resources
      .flatMap(({ findings }) => findings.filter((each) => each.expression === 'Condition.code'))
      .map(({ code }) => code)
  }

  it('decides what is open without it, hears no texts, and is asked once where a file keeps its answers', async () => {
    expect(await judged()).toEqual(['binding-not-decided'])
    const cache = join(folder, 'answers.ndjson')
    expect(await judged('--tx', address, '--tx-cache', cache)).toEqual(['binding-extensible'])
    expect(asked).toHaveLength(1)
    expect(asked[0]).not.toContain('Name of a person')
    expect(await judged('--tx', address, '--tx-cache', cache)).toEqual(['binding-extensible'])
    expect(asked).toHaveLength(1)
    expect(await judged('--tx', address, '--threads', '2')).toEqual(['binding-extensible'])
  })
  it('that is not there decides nothing, with the reason', async () => {
    const { code, out } = await validate(
      '@/coded.json',
      '--tx',
      'http://127.0.0.1:9',
      '--verbose',
      '--profile',
      profile,
    )
    expect(out).toMatch(/not decided: the terminology server cannot be reached/)
    expect(code).toBe(1)
    expect((await validate('@/coded.json', '--tx', 'tx.example')).code).toBe(2)
  })
})

describe('other formats', () => {
  it('JSON is one document', async () => {
    const { resources, totals } = JSON.parse((await validate('@/lines.ndjson', '--format', 'json')).out)
    expect(totals).toMatchObject({ resources: 3, refused: 2, errors: 2 })
    expect(resources.map(({ line }: { line: number }) => line)).toEqual([1, 3, 4, 5])
    expect(resources[1].findings[0]).toMatchObject({ code: 'binding-required', expression: 'Patient.gender' })
    expect(JSON.parse((await validate('@/empty.ndjson', '--format', 'json')).out)).toMatchObject({ resources: [] })
  })

  it('OperationOutcome of one, a Bundle of them for several; both are sound FHIR', async () => {
    const { createJudge } = await import('../profiles/input/judge.ts')
    const judge = createJudge({ packages: [], editions: [], profiles: [], everything: false, mustSupport: false })
    for (const [path, type] of [
      ['@/wrong.json', 'OperationOutcome'],
      ['@/sound.json', 'OperationOutcome'],
      ['@/half.json', 'OperationOutcome'],
      ['@/lines.ndjson', 'Bundle'],
    ] as const) {
      const { out } = await validate(path, '--format', 'operationoutcome')
      expect(JSON.parse(out).resourceType).toBe(type)
      const { reports } = judge.judge({ kind: 'document', source: path, bytes: new Uint8Array(Buffer.from(out)) })
      expect(reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error')).toEqual([])
    }
  })

  it('JUnit counts cases, failures and errors', async () => {
    const { out } = await validate('@/lines.ndjson', '@/wrong.xml', '--format', 'junit')
    expect(out).toMatch(/<testsuites [^>]*tests="5" failures="3" errors="0"/)
    expect(out).toMatch(
      /<testcase classname="[^"]*lines.ndjson" name="Patient\/b, line 3">\n {6}<failure type="binding-required"/,
    )
  })
})
