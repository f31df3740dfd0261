/** Answers that are right at a glance: each beside the one that is right. */
import { describe, expect, it } from 'vitest'
import { condition, exported, kickOff, mistake, one, patient, type Question, refused, titled } from './questions.ts'
import { usCore } from './record.ts'
import { base, outcome, sceneOf, searchset, type Told, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const lenient = { Prefer: 'respond-async, handling=lenient', Authorization: 'Bearer t' }
const ndjson = { 'content-type': 'application/fhir+ndjson' }
const line = `${JSON.stringify(outcome('not-supported', 'warning'))}\n`
const masked = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }
const errors = { error: [{ type: 'OperationOutcome', url: `${base}/errors` }] }
const unknownType = mistake('unknown-type', { headers: lenient })
/** A lenient export of a type that nobody knows, and its error file. */
const partly = (answer: string) => [
  ...exported('?_type=X,Condition', [one], unknownType, errors),
  told('export-file', `${base}/errors`, { ...unknownType, answered: ndjson, answer }),
]
const withErrors = (type: string) => [
  ...exported('', [one], {}, errors),
  told('export-file', `${base}/errors`, { answered: { 'content-type': type }, answer: line }),
]
const tooFast = (retry: string) => [
  ...exported('', [one]),
  told(
    'export-status',
    `${base}/_export/x`,
    mistake('too-fast', { status: 429, answered: { 'retry-after': retry }, answer: outcome('throttled') }),
  ),
]
/** An export of Conditions that was begun by POST, and what its file holds. */
const byPost = (...found: object[]) =>
  exported('', found, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json', Prefer: 'respond-async', Authorization: 'Bearer t' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: '_type', valueString: 'Condition' }] }),
  })
const pointing = (reference: string) => exported('', [one, condition('4', { evidence: [{ detail: [{ reference }] }] })])
const conditional = (tag: string, more: Told = {}) => [
  told('read', 'Patient/ana', { answered: { etag: 'W/"1"' }, answer: patient }),
  told('read', 'Patient/ana', {
    headers: { 'If-None-Match': tag, Authorization: 'Bearer t' },
    answer: patient,
    ...more,
  }),
]
const notModified: Told = { status: 304, answer: '' }
/** A summary of Conditions. */
const summary = (...found: object[]) => [
  told('search', 'Condition?_summary=true', {
    answer: searchset(
      found.map((each) => ({
        ...each,
        meta: { ...('meta' in each ? (each.meta as object) : {}), tag: [{ code: 'SUBSETTED' }] },
      })),
      {
        self: `${base}/Condition?_summary=true`,
      },
    ),
  }),
]

const questions: readonly Question[] = [
  ['BULK-012', 'pass', byPost(one)],
  ['BULK-012', 'skip', byPost(one, patient)],
  ['BULK-021', 'pass', pointing('Condition/1')],
  ['BULK-021', 'pass', pointing(`${base}/Condition/1`)],
  // Not exported: where it is, is no affair of the export.
  ['BULK-021', 'pass', pointing('https://elsewhere.example/fhir/Condition/9')],
  ['BULK-034', 'pass', [kickOff('?_type=X', mistake('unknown-type', { headers: lenient, ...refused() }))]],
  ['BULK-034', 'warning', [kickOff('?_type=X', mistake('unknown-type', { headers: lenient, ...refused(500) }))]],
  ['BULK-034', 'skip', [kickOff('?_type=X', mistake('unknown-type', { headers: lenient, ...refused(503) }))]],
  ['BULK-054', 'pass', tooFast('5')],
  ['BULK-054', 'pass', tooFast('Mon, 02 Mar 2026 15:10:00 GMT')],
  ['BULK-054', 'warning', tooFast('Mon, 01 Jan 2024 00:00:00 GMT')],
  ['BULK-060', 'pass', partly(line)],
  ['BULK-060', 'fail', partly('')],
  ['BULK-079', 'pass', withErrors('application/fhir+ndjson; charset=utf-8')],
  ['BULK-079', 'fail', withErrors('application/fhir+json')],
  ['CORE-012', 'pass', conditional('W/"1"', notModified)],
  ['CORE-012', 'pass', [...conditional('W/"0"'), ...conditional('"1"', notModified)]],
  ['CORE-012', 'skip', conditional('W/"0"', notModified)],
  ['CORE-052', 'pass', summary(one)],
  ['CORE-052', 'skip', summary({ ...one, subject: undefined })],
  ['CORE-052', 'pass', summary({ ...one, subject: { extension: [masked] } })],
  // A profile that it names demands more than a cut has to keep.
  ['CORE-052', 'pass', summary({ ...one, meta: { profile: [usCore('us-core-condition-encounter-diagnosis')] } })],
]

/** What a check says, in words: a MAY that is not kept to is no failure. */
const wordsOf = (start: string, steps: Question[2]): string => heardOf(start, steps, sceneOf()).words

describe('nearly right', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
  it('says what a MAY does not keep to', () => {
    expect(wordsOf('BULK-012', byPost(one, patient))).toContain('asked for by POST')
    expect(wordsOf('BULK-021', pointing('https://elsewhere.example/fhir/Condition/1'))).toContain('points by')
    expect(wordsOf('CORE-012', conditional('W/"0"', notModified))).toContain('another version')
    expect(wordsOf('CORE-052', summary({ ...one, subject: undefined }))).toContain('cannot be without')
  })
})
