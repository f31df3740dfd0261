/** Single questions and their answers, told in a line: what tests of one check at a time are made of. */
import type { Scene } from '../../harness/scene.ts'
import { anaScene } from './story.ts'
import { base, outcome, type Step, searchset, type Told, told } from './told.ts'

/** Start of the check's id, what the verdict is, the steps, and what the scene knows. */
export type Question = readonly [start: string, code: string, steps: readonly Step[], scene?: Partial<Scene>]

/** Questions with a title each, for a table of tests. */
export const titled = (questions: readonly Question[]) =>
  questions.map(([start, code, steps, scene], i) => ({ title: `${start} ${code} #${i}`, start, code, steps, scene }))

/** A Condition whose code is its id. */
export const condition = (id: string, more: object = {}): object => ({
  resourceType: 'Condition',
  id,
  meta: { versionId: '1', lastUpdated: '2025-06-01T10:00:00Z' },
  subject: { reference: 'Patient/ana' },
  code: { coding: [{ system: 'http://snomed.info/sct', code: id }] },
  onsetDateTime: `2020-0${id.length}-01`,
  ...more,
})
export const [one, two, three] = [condition('1'), condition('22'), condition('333')]
export const patient = {
  resourceType: 'Patient',
  id: 'ana',
  name: [{ family: 'Müller', given: ['Ana'] }],
  identifier: [{ system: 'https://m', value: 'M,1' }],
}

/** A search of Conditions, and what it finds. */
export const search = (query: string, found: readonly object[], more: Told = {}): Step =>
  told('search', `Condition?${query}`, { answer: searchset(found, { self: `${base}/Condition?${query}` }), ...more })
export const all = search('patient=ana', [one, two, three])
/** Answered by a refusal. */
export const refused = (status = 400): Told => ({ status, answer: outcome('invalid') })
/** Asked in that form of a value. */
export const form = (form: string): Told => ({ intent: { form } })
/** Asked with that mistake on purpose. */
export const mistake = (mistake: string, more: Told = {}): Told => ({ ...more, intent: { mistake, ...more.intent } })

/** $everything of Ana, and what it finds beside her. */
export const everything = (query: string, found: readonly object[], more: Told = {}): Step =>
  told('everything', `Patient/ana/$everything${query}`, { answer: searchset([patient, ...found]), ...more })
/** An export that is accepted unless told. */
export const kickOff = (query: string, more: Told = {}): Step =>
  told('export-kick-off', `Patient/$export${query}`, {
    headers: { Accept: 'application/fhir+json', Prefer: 'respond-async', Authorization: 'Bearer t' },
    status: 202,
    answered: { 'content-location': `${base}/_export/${query || 'x'}` },
    ...more,
  })
/** A kick-off, its manifest and its one file. */
export const exported = (query: string, found: readonly object[], more: Told = {}, manifest: object = {}): Step[] => {
  const url = `${base}/_export/${query || 'x'}`
  return [
    kickOff(query, more),
    told('export-status', url, {
      ...(more.intent ? { intent: more.intent } : {}),
      answered: { 'content-type': 'application/json' },
      answer: {
        transactionTime: '2026-03-02T15:00:00Z',
        request: url,
        requiresAccessToken: true,
        output: found.length ? [{ type: 'Condition', url: `${url}/1` }] : [],
        error: [],
        ...manifest,
      },
    }),
    ...(found.length
      ? [
          told('export-file', `${url}/1`, {
            ...(more.intent ? { intent: more.intent } : {}),
            answered: { 'content-type': 'application/fhir+ndjson' },
            answer: found.map((r) => `${JSON.stringify(r)}\n`).join(''),
          }),
        ]
      : []),
  ]
}
export const token = told('member-token', 'https://old.example/auth/token', {
  method: 'POST',
  answer: { access_token: 't', patient: 'ana' },
})
/** A payer whose record of Ana is known to hold these as well. */
export const holding = (...resources: readonly object[]): Partial<Scene> => {
  const { person, ...scene } = anaScene()
  return person
    ? { ...scene, person: { ...person, record: [...(person.record ?? []), ...(resources as never[])] } }
    : {}
}
/** A read that gives Ana unless told. */
export const read = (path: string, more: Told = {}): Step => told('read', path, { answer: patient, ...more })
/** Asked with that Accept. */
export const accept = (accept: string, more: Told = {}): Told => ({
  headers: { Accept: accept, Authorization: 'Bearer t' },
  ...more,
})
