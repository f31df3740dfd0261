/** Two clients with different rights, told by hand: what each may see counts, and not only that they see something else. */
import { expect, it } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import type { FhirResource } from '../../../harness/person.ts'
import type { Scene } from '../../../harness/scene.ts'
import { anaScene } from '../../told/story.ts'
import { type Step, searchset, told, transcriptOf } from '../../told/told.ts'
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
