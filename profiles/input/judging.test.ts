/** Judging: whatever comes in is judged without a crash, and threads change nothing about what is said. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJudge, type Setup, type Work } from './judge.ts'
import { judgeAll } from './pool.ts'
import { noTotals, type Outcome, type Report } from './report.ts'

const setup: Setup = { packages: [], editions: [], profiles: [], everything: false, mustSupport: true }
const usCorePatient = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitruvian-judging-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lines = (texts: readonly string[], firstLine: number): Work => ({
  kind: 'lines',
  source: 'some.ndjson',
  batch: { bytes: new Uint8Array(Buffer.from(`${texts.join('\n')}\n`)), firstLine },
})
const one = (text: string): Work => ({
  kind: 'document',
  source: 'one',
  bytes: new Uint8Array(Buffer.from(text)),
})

describe('a file that cannot be read', () => {
  it('is said to be so, and the next one is judged', () => {
    writeFileSync(join(folder, 'next.json'), '{"resourceType":"Patient","active":true}')
    const files = [folder, join(folder, 'next.json')].map((path) => ({ path, source: path, named: true }))
    const { reports, totals } = createJudge({ ...setup, everything: true }).judge({ kind: 'files', files })
    expect(reports.map(({ troubles }) => troubles.map(({ code }) => code))).toEqual([['input-unreadable'], []])
    expect(totals).toMatchObject({ resources: 1, unjudged: 1, refused: 1 })
  })
})

describe('threads', () => {
  /** Sound ones, wrong ones, broken ones, at sizes that make the batches take unlike times. */
  const patient = (at: number): string =>
    at % 11 === 0
      ? '{"resourceType": "Patient",'
      : JSON.stringify({
          resourceType: 'Patient',
          id: `p${at}`,
          meta: { profile: [usCorePatient] },
          ...(at % 3 === 0 && { identifier: [{ system: 'urn:oid:1.2.3', value: `${at}` }] }),
          name: Array.from({ length: 1 + (at % 40) }, () => ({ family: 'Example' })),
          gender: at % 5 === 0 ? 'unknown' : at % 7 === 0 ? 'x' : 'male',
        })
  const batches = Array.from({ length: 24 }, (_, batch) =>
    Array.from({ length: 1 + ((batch * 37) % 50) }, (_, at) => patient(batch * 50 + at)),
  )
  /** What was read, what was judged, and the most that was read and not yet judged. */
  const counted = { read: 0, done: 0, most: 0 }
  async function* work(): AsyncGenerator<Work> {
    let line = 1
    for (const batch of batches) {
      counted.read++
      counted.most = Math.max(counted.most, counted.read - counted.done)
      yield lines(batch, line)
      line += batch.length
    }
  }
  const run = async (threads: number): Promise<unknown> => {
    Object.assign(counted, { read: 0, done: 0, most: 0 })
    const { outcomes, coverage } = judgeAll(work(), setup, threads)
    const all: Outcome[] = []
    for await (const outcome of outcomes) {
      counted.done++
      all.push(outcome)
    }
    return { all, coverage: await coverage() }
  }

  it('say the same in the same order, must-support counts included, and read no more than they can judge', {
    timeout: 120_000,
  }, async () => {
    const alone = await run(1)
    expect(JSON.stringify(await run(3))).toBe(JSON.stringify(alone))
    expect(JSON.stringify(alone)).toContain('json-syntax')
    expect(JSON.stringify(alone)).toContain('binding-required')
    expect(counted).toMatchObject({ read: batches.length, done: batches.length })
    expect(counted.most).toBeLessThanOrEqual(3 * 2 + 1)
  })

  it('pass a failure on', { timeout: 60_000 }, async () => {
    const broken = judgeAll(work(), { ...setup, packages: [join(folder, 'nothing.tgz')] }, 2)
    await expect(
      (async () => {
        for await (const _ of broken.outcomes);
      })(),
    ).rejects.toThrow(/nothing\.tgz/)
  })
})

describe('anything at all', () => {
  const judge = createJudge({ ...setup, everything: true })
  const names = fc.constantFrom(
    ...'resourceType id meta profile extension modifierExtension url text div status contained entry resource fullUrl identifier name value valueString valueQuantity code coding system reference subject period start end birthDate _birthDate gender link request search component item'.split(
      ' ',
    ),
  )
  const types = fc.constantFrom(
    'Patient',
    'Observation',
    'Bundle',
    'Questionnaire',
    'Parameters',
    'Coverage',
    'Binary',
    'Nothing',
  )
  const texts = fc.oneof(
    // Any unit at all, half pairs included. The library's own 'binary' makes a table of a million of them first.
    fc.string({ unit: fc.nat(0x10ffff).map((at) => String.fromCodePoint(at)), maxLength: 12 }),
    fc.constantFrom(
      '2020-02-30',
      'http://loinc.org',
      '#',
      '#a',
      'Patient/1',
      'urn:uuid:',
      usCorePatient,
      '<div xmlns="http://www.w3.org/1999/xhtml">',
      'http://[',
      '%',
      '\ud800',
      '__proto__',
    ),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(texts, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .tuple(
          fc.dictionary(fc.oneof({ weight: 8, arbitrary: names }, fc.string({ maxLength: 6 })), tie('value'), {
            maxKeys: 6,
          }),
          types,
        )
        .map(([object, type]) => ({ ...object, resourceType: type })),
      fc.dictionary(fc.oneof({ weight: 8, arbitrary: names }, fc.string({ maxLength: 6 })), tie('value'), {
        maxKeys: 6,
      }),
    ),
  }))

  it('is judged without a crash', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(value, types, (inner, type) => {
        const whole =
          typeof inner === 'object' && inner !== null && !Array.isArray(inner)
            ? { ...inner, resourceType: type }
            : inner
        const { reports, totals } = judge.judge(one(JSON.stringify(whole)))
        expect(totals.unjudged, reports[0]?.troubles[0]?.message).toBe(0)
        expect(reports).toHaveLength(1)
      }),
      { numRuns: 1500 },
    )
  })

  it.each([
    [
      'nesting to the limit of the reader',
      `${'{"resourceType":"Bundle","entry":[{"resource":'.repeat(330)}{"resourceType":"Patient"}${'}]}'.repeat(330)}`,
    ],
    [
      'extensions in extensions',
      `{"resourceType":"Patient","extension":[${'{"url":"http://x.org","extension":['.repeat(450)}${']}'.repeat(450)}]}`,
    ],
    ['a string of 60 MB', `{"resourceType":"Binary","contentType":"text/plain","data":"${'A'.repeat(60 * 2 ** 20)}"}`],
    [
      'a narrative of 8 MB',
      `{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">${'<b>x</b>'.repeat(2 ** 20)}</div>"}}`,
    ],
    ['200,000 names', `{"resourceType":"Patient","name":[${'{"family":"x"},'.repeat(199_999)}{"family":"x"}]}`],
    [
      'a property of the prototype',
      '{"resourceType":"Patient","__proto__":{"a":1},"constructor":1,"toString":"x","hasOwnProperty":[]}',
    ],
  ])('%s', { timeout: 120_000 }, (_title, text) => {
    const { totals, reports } = judge.judge(one(text))
    expect(totals.unjudged, reports[0]?.troubles[0]?.message).toBe(0)
    expect(totals.resources).toBe(1)
  })
})

it('passes JSON of another kind over in a folder, and refuses it when it is named', () => {
  const path = join(folder, 'package.json')
  writeFileSync(path, '{"name": "x"}')
  const judge = createJudge(setup)
  const inFolder = judge.judge({ kind: 'files', files: [{ path, source: path, named: false }] })
  expect(inFolder).toMatchObject({ reports: [], totals: { ...noTotals(), passedOver: 1, bytes: 13 } })
  const named = judge.judge({ kind: 'files', files: [{ path, source: path, named: true }] })
  expect((named.reports[0] as Report).troubles).toMatchObject([{ code: 'json-not-a-resource' }])
})

it('counts each must-support element once a resource, slices included', () => {
  const judge = createJudge(setup)
  judge.judge(
    lines(
      [
        JSON.stringify({
          resourceType: 'Patient',
          meta: { profile: [usCorePatient] },
          name: [{ family: 'A' }, { family: 'B' }],
          _birthDate: { extension: [] },
        }),
        JSON.stringify({ resourceType: 'Patient', meta: { profile: [usCorePatient] }, name: [{ given: ['C'] }] }),
      ],
      1,
    ),
  )
  const [counted] = judge.coverage()
  expect(counted?.profile.startsWith(usCorePatient)).toBe(true)
  expect(counted?.resources).toBe(2)
  expect(Object.fromEntries(counted?.elements ?? [])).toMatchObject({
    'Patient.name': 2,
    'Patient.name.family': 1,
    'Patient.name.given': 1,
    'Patient.birthDate': 1,
    'Patient.identifier': 0,
  })
})
