/** The second opinion, with a stand-in for Java: how HL7's service is started, asked and stopped, and how opinions are compared. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { OperationOutcome } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from './compare.ts'
import { startHl7 } from './engine.ts'

/** Answers like the service: 405 to GET, an outcome to POST; `modern` and older ones know parameters by other names. */
const standIn = `#!/usr/bin/env node
const http = require('http')
const given = process.argv.slice(2)
if (given[0] === '-version') process.exit(0)
const jar = given[1]
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
    for (const name of ['modern', 'older', 'failing', 'broken']) writeFileSync(join(folder, `${name}.jar`), '')
    process.env.PATH = `${folder}${delimiter}${before}`
  })
  afterAll(() => {
    process.env.PATH = before
    rmSync(folder, { recursive: true, force: true })
  })
  const start = (jar: string) =>
    startHl7({ jar: join(folder, jar), packages: ['some.guide#1.0.0'], anyExtensions: true, patience: 20_000 })

  it.each(['modern.jar', 'older.jar'])('is asked in words that it knows: %s', async (jar) => {
    const engine = await start(jar)
    try {
      const { issue } = await engine.validate(Buffer.from('{"resourceType":"Patient"}'), ['http://a', 'http://b'])
      const said = decodeURIComponent(issue[0]?.details?.text ?? '')
      expect(said).toMatch(/-tx n\/a .*-version 4\.0\.1 -ig some\.guide#1\.0\.0 \| application\/fhir\+json/)
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

  it('that cannot judge is no refusal', async () => {
    const engine = await start('failing.jar')
    try {
      await expect(engine.validate(Buffer.from('{}'), [])).rejects.toMatchObject({ code: 'not-decided' })
    } finally {
      await engine.stop()
    }
  })

  it('that does not start says why', async () => {
    await expect(start('broken.jar')).rejects.toMatchObject({ code: 'cannot-reach', message: /no packages/ })
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
