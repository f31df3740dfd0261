/** Two clients with different rights, told by hand: what each may see counts, and not only that they see something else. */
import { expect, it } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import type { FhirResource } from '../../../harness/person.ts'
import type { Scene } from '../../../harness/scene.ts'
import { anaScene } from '../../told/story.ts'
import { type Step, searchset, type Told, told, transcriptOf } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'
import { clientsDiffer } from './permissions.ts'

const explanation = (id: string, use: string) => ({
  resourceType: 'ExplanationOfBenefit',
  id,
  use,
  patient: { reference: 'Patient/ana' },
})
const [first, second, authorization] = [
  explanation('e1', 'claim'),
  explanation('e2', 'claim'),
  explanation('e3', 'preauthorization'),
]
const seen = (from: string, ...found: readonly object[]): Step =>
  told('search', 'ExplanationOfBenefit?patient=ana', { from, answer: searchset(found) })
const ours = 'requesting payer'
const other = 'another payer'

const scene = (record?: readonly object[]): Scene => {
  const { person, ...rest } = anaScene({
    happened: [{ fixture: { is: 'permissions', payer: other, claims: false, priorAuthorizations: true }, after: 0 }],
  })
  const { record: _, ...known } = person as NonNullable<typeof person>
  return { ...rest, person: record ? { ...known, record: record as unknown as FhirResource[] } : known }
}
const code = (steps: readonly Step[], record?: readonly object[]): string =>
  verdictOf(clientsDiffer, transcriptOf(...steps), scene(record)).code

it.each<[string, Step[], string]>([
  [
    'one sees all claims, the other none',
    [seen(ours, first, second, authorization), seen(other, authorization)],
    'pass',
  ],
  ['both see the same', [seen(ours, first, authorization), seen(other, first, authorization)], 'fail'],
  ['the other sees one claim less', [seen(ours, first, second), seen(other, first)], 'fail'],
  ['the other alone sees a claim', [seen(ours, authorization), seen(other, first)], 'fail'],
  ['nobody sees a claim', [seen(ours, authorization), seen(other, authorization)], 'skip'],
  ['only one asked', [seen(ours, first)], 'skip'],
])('%s', (_, steps, expected) => {
  expect(code(steps)).toBe(expected)
})

it('a claim that is held and that nobody sees is kept from who may see it', () => {
  expect(code([seen(ours, authorization), seen(other, authorization)], [first])).toBe('fail')
})

const of = (resourceType: string, id: string, more: object = {}) => ({
  resourceType,
  id,
  subject: { reference: 'Patient/ana' },
  ...more,
})
const condition = of('Condition', 'c1')
const kept = of('ExplanationOfBenefit', 'e1', { use: 'claim', patient: { reference: 'Patient/ana' } })
const gives = (...found: readonly object[]): Step =>
  told('everything', 'Patient/ana/$everything', { answer: searchset(found) })
const direct = (path: string, more: Told = {}): Step => told('read', path, { intent: { mistake: 'withheld' }, ...more })
const no: Told = { status: 403, answer: {} }
const trace = (...targets: readonly string[]) => ({
  resourceType: 'Provenance',
  id: 'p',
  target: targets.map((reference) => ({ reference })),
})
/** Ana's payer holds these; the client may not see claims unless told. */
const holds = (
  records: readonly object[],
  permissions = { claims: false, priorAuthorizations: true },
): Partial<Scene> => ({
  ...scene(records),
  permissions,
})
const both = holds([condition, kept])
const { person: _, ...stranger } = anaScene({ permissions: { claims: false, priorAuthorizations: true } })

const rows: readonly Row[] = [
  ['claims are kept back', 'PDEX-137/what', 'pass', [gives(condition)], both],
  ['a claim is shown', 'PDEX-137/what', 'fail disclosed', [gives(condition, kept)], both],
  [
    'a claim is shown, of a record that is not known',
    'PDEX-137/what',
    'fail disclosed',
    [gives(condition, kept)],
    stranger,
  ],
  ['claims are kept back, of a record that is not known', 'PDEX-137/what', 'pass', [gives(condition)], stranger],
  ['everything is kept back', 'PDEX-137/what', 'skip not-decided: nothing else was given', [gives()], both],
  [
    'there is nothing to keep back',
    'PDEX-137/what',
    'skip not-decided: may see everything',
    [gives(condition)],
    holds([condition], { claims: true, priorAuthorizations: true }),
  ],
  [
    'a Provenance of what is kept back',
    'PDEX-137/what',
    'warning trail',
    [gives(condition, trace('ExplanationOfBenefit/e1'))],
    both,
  ],
  [
    'a Provenance of more',
    'PDEX-137/what',
    'pass',
    [gives(condition, trace('ExplanationOfBenefit/e1', 'Condition/c1'))],
    both,
  ],
  [
    'read by its address, and refused',
    'PDEX-137/what',
    'pass',
    [gives(condition), direct('ExplanationOfBenefit/e1', no)],
    both,
  ],
  [
    'read by its address',
    'PDEX-137/what',
    'fail disclosed',
    [gives(condition), direct('ExplanationOfBenefit/e1', { answer: kept })],
    both,
  ],
  [
    'something else comes at that address',
    'PDEX-137/what',
    'pass',
    [gives(condition), direct('ExplanationOfBenefit/e1', { answer: condition })],
    both,
  ],
  [
    'its document can be had',
    'PDEX-137/what',
    'fail disclosed',
    [gives(condition), direct('Binary/b', { answer: 'text' })],
    both,
  ],
  [
    'refused, and nothing else was asked',
    'PDEX-137/what',
    'skip not-decided: nothing else was given',
    [direct('ExplanationOfBenefit/e1', no)],
    both,
  ],
  [
    'nothing was asked',
    'PDEX-137/what',
    'skip not-decided: nothing was retrieved',
    [told('read', 'ExplanationOfBenefit/e1', { answer: kept })],
    both,
  ],

  [
    'another client is refused',
    'PDEX-138',
    'pass',
    [gives(condition), told('everything', 'Patient/ana/$everything', { from: other, ...no })],
  ],
  [
    'another client gets it',
    'PDEX-138',
    'warning disclosed',
    [gives(condition), told('everything', 'Patient/ana/$everything', { from: other, answer: searchset([condition]) })],
  ],
  [
    'another client gets an empty answer',
    'PDEX-138',
    'pass',
    [gives(condition), told('everything', 'Patient/ana/$everything', { from: other, answer: searchset([]) })],
  ],
  [
    'another client is refused in many words',
    'PDEX-138',
    'pass',
    [
      gives(condition),
      told('everything', 'Patient/ana/$everything', { from: other, status: 403, answer: searchset([condition]) }),
    ],
  ],
  [
    'nobody gets it',
    'PDEX-138',
    'skip not-decided',
    [
      told('everything', 'Patient/ana/$everything', no),
      told('everything', 'Patient/ana/$everything', { from: other, ...no }),
    ],
  ],
  [
    'it worked for somebody else, or of another',
    'PDEX-138',
    'skip not-decided',
    [
      told('read', 'Patient/iris', { answer: { resourceType: 'Patient', id: 'iris' } }),
      { ...gives(condition), to: 'a third payer' },
      gives(),
      told('everything', 'Patient/ana/$everything', { from: other, ...no }),
    ],
  ],
  [
    'another asks for somebody else, or without a token',
    'PDEX-138',
    'skip not-decided: there was',
    [
      gives(condition),
      told('read', 'Patient/iris', { from: other, answer: condition }),
      told('read', 'Patient/ana', { from: other, headers: {}, answer: condition }),
    ],
  ],
]
it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, anaScene(row[4]))).toBe(row[2])
})
