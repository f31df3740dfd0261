/** The second opinion, with a stand-in for Java: how HL7's service is started, asked and stopped, and how opinions are compared. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { OperationOutcome } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from './compare.ts'
import { startHl7 } from './engine.ts'
import { provide } from './provision.ts'

/** Answers like the service: 405 to GET, an outcome to POST; `modern` and older ones know parameters by other names. */
const standIn = `#!/usr/bin/env node
const http = require('http')
const given = process.argv.slice(2)
if (given[0] === '-version') process.exit(0)
const jar = given[1]
const { existsSync, readFileSync } = require('fs')
const home = /user.home=([^"]+)"/.exec(process.env.JDK_JAVA_OPTIONS)[1]
const at = (name) => home + '/.fhir/packages/' + name + '/package/package.json'
const lacks = (name) => { console.log('Exception in thread "main" java.lang.Exception: Unable to resolve package id ' + name); process.exit(1) }
if (jar.includes('greedy')) for (const name of ['hl7.terminology.r4#9.9.0', 'hl7.other#1.0']) if (!existsSync(at(name))) lacks(name)
for (let i = 0; i < given.length; i++) if (given[i] === '-ig' && !existsSync(at(given[i + 1]))) lacks(given[i + 1])
if (!existsSync(at('hl7.fhir.r4.core#4.0.1'))) lacks('hl7.fhir.r4.core#4.0.1')
if (jar.includes('broken')) { console.log('java.lang.RuntimeException: no packages'); process.exit(3) }
console.log('FHIR Validation tool Version 9.9.9')
const outcome = (severity, text, expression) => JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity, code: 'invalid', details: { text }, expression: [expression] }] })
http.createServer((request, response) => {
  if (request.method !== 'POST') { response.writeHead(405); return response.end() }
  const asked = new URL(request.url, 'http://x').searchParams
  let body = ''
  request.on('data', (chunk) => { body += chunk }).on('end', () => {
    const unknown = [...asked.keys()].find((key) => (jar.includes('older') ? ['profile', 'extension', 'allowExampleUrls'] : ['profiles', 'anyExtensionsAllowed']).includes(key))
    response.end(unknown || jar.includes('failing') ? outcome('fatal', 'Operation failed: Unable to process param ' + unknown, '') : outcome('error', [given.join(' '), request.headers['content-type'], asked.toString(), body].join(' | '), 'Patient'))
  })
}).listen(Number(given[3]))
`

describe.skipIf(process.platform === 'win32')('the service', () => {
  let folder: string
  const before = process.env.PATH
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vitruvian-hl7-'))
    writeFileSync(join(folder, 'java'), standIn)
    chmodSync(join(folder, 'java'), 0o755)
    for (const name of ['modern', 'older', 'failing', 'broken', 'greedy'])
      writeFileSync(join(folder, `${name}.jar`), '')
    process.env.PATH = `${folder}${delimiter}${before}`
    for (const [name, dependencies] of Object.entries({
      'hl7.fhir.r4.core#4.0.1': {},
      'hl7.terminology.r4#7.0.0': { 'hl7.fhir.uv.extensions.r4': '5.2.0' },
      'hl7.fhir.uv.extensions.r4#5.3.0': { 'hl7.terminology.r4': '6.1.0', 'hl7.fhir.r5.core': '5.0.0' },
      'some.guide#1.0.0': {
        'hl7.terminology.r4': '5.0.0',
        'some.base': '1.1.0',
        'some.base.v200': '2.0.0',
        'nowhere.seen': '1.0.0',
      },
      'some.base#1.0.0': {},
      'some.base#2.0.0': {},
    })) {
      const [id, version] = name.split('#') as [string, string]
      const inner = join(folder, 'packages', name, 'package')
      mkdirSync(join(inner, 'xml'), { recursive: true })
      writeFileSync(
        join(inner, 'package.json'),
        JSON.stringify({ name: id, version, dependencies, license: 'CC0-1.0' }),
      )
      writeFileSync(join(inner, 'ValueSet-x.json'), '{"resourceType":"ValueSet"}')
    }
  })
  afterAll(() => {
    process.env.PATH = before
    rmSync(folder, { recursive: true, force: true })
  })
  const start = (jar: string, work = 'work') =>
    startHl7({
      jar: join(folder, jar),
      ...wanted('some.guide#1.0.0'),
      work: join(folder, work),
      anyExtensions: true,
      patience: 20_000,
    })
  const wanted = (...packages: string[]) => ({
    packages,
    folders: [join(folder, 'packages'), join(folder, 'no-such-folder')],
    work: join(folder, 'work'),
  })

  // A start is to wait for a process, and for the second after which it is asked whether it is ready: side by side it is one wait.
  it.concurrent.each(['modern.jar', 'older.jar'])('is asked in words that it knows: %s', async (jar) => {
    const engine = await start(jar)
    try {
      const { issue } = await engine.validate(Buffer.from('{"resourceType":"Patient"}'), ['http://a', 'http://b'])
      const said = decodeURIComponent(issue[0]?.details?.text ?? '')
      expect(said).toMatch(
        /-tx n\/a .*-version 4\.0\.1 -ig some\.base#2\.0\.0 -ig some\.guide#1\.0\.0 \| application\/fhir\+json/,
      )
      expect(said).toMatch(
        jar === 'older.jar' ? /profiles=http:\/\/a,http:\/\/b&any/ : /profile=http:\/\/a&profile=http:\/\/b&ext/,
      )
      expect(said).toContain('| {"resourceType":"Patient"}')
      const xml = await engine.validate(Buffer.from('<Patient/>'), [])
      expect(xml.issue[0]?.details?.text).toContain('application/fhir+xml')
      expect(engine.version).toBe('9.9.9')
    } finally {
      await engine.stop()
    }
  })

  it.concurrent('that cannot judge is no refusal', async () => {
    const engine = await start('failing.jar')
    try {
      await expect(engine.validate(Buffer.from('{}'), [])).rejects.toMatchObject({ code: 'not-decided' })
    } finally {
      await engine.stop()
    }
  })

  it.concurrent('that does not start says why', async () => {
    await expect(start('broken.jar')).rejects.toMatchObject({ code: 'cannot-reach', message: /no packages/ })
  })

  it.concurrent('is given what it loads of itself, once it has said what that is', async () => {
    for (const title of ['learned', 'known']) {
      const before = title === 'known' ? readFileSync(join(folder, 'work-of-greedy', 'demands.json'), 'utf8') : ''
      const engine = await start('greedy.jar', 'work-of-greedy')
      await engine.stop()
      expect(engine.notes).toContain(
        'hl7.other#1.0, which the engine loads of itself, is not at hand: an empty one takes its place',
      )
      if (before) expect(readFileSync(join(folder, 'work-of-greedy', 'demands.json'), 'utf8')).toBe(before)
    }
    expect(process.env.JDK_JAVA_OPTIONS ?? '').not.toContain('user.home')
  })

  it('gets each package with the dependencies that are at hand, and no circle', () => {
    const { home, notes } = provide(wanted('some.guide#1.0.0'), 'a jar')
    const manifest = (name: string): { name: string; version: string; license?: string; dependencies: object } =>
      JSON.parse(readFileSync(join(home, '.fhir', 'packages', name, 'package', 'package.json'), 'utf8'))
    expect(manifest('some.guide#1.0.0')).toMatchObject({
      license: 'CC0-1.0',
      dependencies: { 'hl7.terminology.r4': '6.2.0', 'some.base': '1.0.0' },
    })
    // Under the version that the engine asks for lies what is nearest to it.
    expect(manifest('hl7.terminology.r4#6.2.0')).toMatchObject({
      name: 'hl7.terminology.r4',
      version: '6.2.0',
      dependencies: { 'hl7.fhir.uv.extensions.r4': '5.2.0' },
    })
    expect(manifest('hl7.fhir.uv.extensions.r4#5.2.0').dependencies).toEqual({})
    expect(manifest('hl7.fhir.xver-extensions#0.1.0').dependencies).toEqual({})
    expect(existsSync(join(home, '.fhir', 'packages', 'some.base#2.0.0', 'package', 'ValueSet-x.json'))).toBe(true)
    expect(readFileSync(join(home, '.fhir', 'packages', 'packages.ini'), 'utf8')).toContain('version = 4')
    expect(notes).toEqual(
      expect.arrayContaining([
        'some.guide#1.0.0 rests on nowhere.seen#1.0.0, which is not at hand',
        'some.base#1.0.0 stands for some.base#1.1.0, on which some.guide#1.0.0 rests',
      ]),
    )
  })

  it('is laid out once for the same packages, and anew where one changes', () => {
    const first = provide(wanted('some.guide#1.0.0'), 'a jar').home
    expect(provide(wanted('some.guide#1.0.0'), 'a jar').home).toBe(first)
    const other = provide(wanted('some.base#2.0.0'), 'a jar').home
    expect(other).not.toBe(first)
    expect(existsSync(first)).toBe(false)
  })

  it('does not start without a package that is named, nor without the base; an edition that is not at hand is said', () => {
    expect(() => provide(wanted('some.guide#3.0.0'), 'a jar')).toThrow(/needs some\.guide#3\.0\.0, which is not/)
    expect(() => provide({ ...wanted(), folders: [] }, 'a jar')).toThrow(
      expect.objectContaining({ code: 'bad-input', remedy: expect.stringContaining('--packages') }),
    )
    const { igs, notes } = provide({ ...wanted(), guides: ['some.guide#1.0.0', 'some.guide#3.0.0'] }, 'a jar')
    expect(igs).toEqual(['some.base#2.0.0', 'some.guide#1.0.0'])
    expect(notes[0]).toMatch(/^some\.guide#3\.0\.0 is not at hand/)
  })

  it('that is not there names the remedy', async () => {
    await expect(start('none.jar')).rejects.toMatchObject({ code: 'bad-input', remedy: /hl7-validator:install/ })
  })
})

describe('two opinions', () => {
  const outcome = (...issues: [severity: 'error' | 'warning' | 'fatal', expression: string][]): OperationOutcome => ({
    resourceType: 'OperationOutcome',
    issue: issues.map(([severity, expression]) => ({
      severity,
      code: 'invalid',
      details: { text: 'said' },
      expression: [expression],
    })),
  })
  const ours = (...places: string[]) =>
    places.map((expression) => ({ severity: 'error' as const, message: 'found', expression }))

  it.each([
    ['both accept', [], outcome(['warning', 'Patient'])],
    ['both refuse', ours('Patient.name'), outcome(['error', 'Patient.gender'])],
    ['only ours refuses', ours('Patient.name'), outcome(['warning', 'Patient.name'])],
    ['only HL7 refuses', [], outcome(['fatal', 'Patient'])],
  ] as const)('%s', (agreement, findings, theirs) => {
    expect(compare(findings, theirs).agreement).toBe(agreement)
  })

  it('are one where HL7 says a thing twice at one place', () => {
    const twice = outcome(['error', 'Patient.gender'], ['error', 'Patient.gender'], ['error', 'Patient.photo'])
    expect(compare(ours('Patient.gender'), twice).onlyTheirs.map(({ expression }) => expression)).toEqual([
      'Patient.photo',
    ])
  })

  it('compare warnings beside, which decide nothing', () => {
    const said = { severity: 'warning' as const, message: 'found' }
    const { agreement, warnings } = compare(
      [
        { ...said, expression: 'Patient.name' },
        { ...said, expression: 'Patient.photo' },
      ],
      outcome(['warning', 'Patient.name'], ['warning', 'Patient.link[0].type']),
    )
    expect(agreement).toBe('both accept')
    expect(warnings.shared).toHaveLength(1)
    expect(warnings.onlyOurs).toMatchObject([{ expression: 'Patient.photo' }])
    expect(warnings.onlyTheirs).toMatchObject([{ expression: 'Patient.link[0].type' }])
  })

  it('meet at a place, or one step apart', () => {
    const { shared, onlyOurs, onlyTheirs } = compare(
      ours(
        'Patient.identifier',
        'Bundle.entry[0].resource.gender',
        'Observation.value.ofType(Quantity).code',
        'Patient.photo',
      ),
      outcome(
        ['error', 'Patient'],
        ['error', 'Bundle.entry[0].resource/*Patient/1*/.gender'],
        ['error', 'Observation.value.code'],
        ['error', 'Patient.link[1].other'],
      ),
    )
    expect(shared.map(({ ours }) => ours.expression)).toEqual(
      expect.arrayContaining([
        'Patient.identifier',
        'Bundle.entry[0].resource.gender',
        'Observation.value.ofType(Quantity).code',
      ]),
    )
    expect(onlyOurs.map(({ expression }) => expression)).not.toContain('Patient.identifier')
    expect(onlyTheirs.map(({ expression }) => expression)).toEqual(['Patient.link[1].other'])
  })
})
