/** What cannot be read, or was lost on its way, passes nothing that would have had to be seen and fails nothing of it either. */
import { describe, expect, it } from 'vitest'
import { type Check, verdictOf } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import { laterParameters } from '../bulk/checks/parameters.ts'
import { unknownTypesAreErrors } from '../bulk/checks/types.ts'
import { postedEverything } from '../core/checks/everything.ts'
import { everythingKeepsToRights } from '../core/checks/everything-refusals.ts'
import { countIsACeiling } from '../core/checks/paging.ts'
import { escapedValues } from '../core/checks/parameters.ts'
import { formEqualsQuery, unmatchedValueIsEmpty } from '../core/checks/search.ts'
import { selfLinkTells } from '../core/checks/searchset.ts'
import { returnsOne } from '../hrex/checks/member-match.ts'
import { followsBaseFhir } from '../pdex/checks/http.ts'
import { searchWithoutPatient } from '../pdex/checks/retrieval.ts'
import { type Step, sceneOf, searchset, told, transcriptOf } from './told.ts'

const page = '<html><body>OK</body></html>'
const html = { answer: page, answered: { 'content-type': 'text/html' } } as const
const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer t' }
const posted = { method: 'POST', headers: form, body: 'patient=1' } as const
const match = 'Patient/$member-match'
const ana = { resourceType: 'Patient', id: '1' }
const whole = told('everything', 'Patient/1/$everything', { answer: searchset([ana]) })
const foreign = { intent: { mistake: 'foreign' } } as const

const code = (check: Check, steps: readonly Step[], scene: Partial<Scene> = {}): string =>
  verdictOf(check, transcriptOf(...steps), sceneOf(scene)).code

describe('a success that is a web page', () => {
  it.each<[Check, readonly Step[]]>([
    [returnsOne, [told('member-match', match, { method: 'POST', ...html })]],
    [countIsACeiling, [told('everything', 'Patient/1/$everything?_count=2', html)]],
    [postedEverything, [whole, told('everything', 'Patient/1/$everything', { method: 'POST', ...html })]],
    [everythingKeepsToRights, [whole, told('everything', 'Patient/2/$everything', { ...foreign, ...html })]],
    [
      formEqualsQuery,
      [told('search', 'Condition?patient=1', html), told('search', 'Condition/_search', { ...posted, ...html })],
    ],
    [unmatchedValueIsEmpty, [told('search', 'Condition?code=x', { ...html, intent: { mistake: 'unmatched-value' } })]],
    [selfLinkTells, [told('search', 'Condition?patient=1', html)]],
    [escapedValues, [told('search', 'Condition?patient=1&code=a%5C%2Cb', { ...html, intent: { form: 'comma' } })]],
    [searchWithoutPatient, [told('search', 'Condition?code=x', html)]],
    [followsBaseFhir, [told('read', 'Patient/1', html)]],
  ])('does not pass %#', (check, steps) => {
    expect([check.id, code(check, steps)]).toEqual([check.id, 'skip'])
  })

  it('is no kick-off either', () => {
    const kickOff = (intent: Record<string, string>, prefer: string, query: string): Step =>
      told('export-kick-off', `Patient/$export?${query}`, {
        ...html,
        intent,
        headers: { prefer, authorization: 'Bearer t' },
      })
    const lenient = kickOff({ mistake: 'unknown-type' }, 'respond-async, handling=lenient', '_type=NoSuchType')
    expect(code(unknownTypesAreErrors, [lenient])).toBe('warning')
    expect(code(laterParameters, [kickOff({}, 'respond-async', '_until=2026-01-01T00:00:00Z')])).toBe('skip')
  })
})

describe('an answer that was lost', () => {
  it('gives away nothing that anybody saw', () => {
    const steps = [whole, told('everything', 'Patient/2/$everything', { ...foreign, lost: true })]
    expect(code(everythingKeepsToRights, steps)).toBe('error')
  })

  it('in the middle of a crawl leaves open what the rest would have held', () => {
    const next = 'https://old.example/fhir?page=2'
    const steps = [
      told('everything', 'Patient/1/$everything', { answer: searchset([ana, { resourceType: 'Condition', id: '1' }]) }),
      told('everything', 'Patient/1/$everything', { method: 'POST', answer: searchset([ana], { next }) }),
      told('everything-page', next, { lost: true }),
    ]
    expect(code(postedEverything, steps)).toBe('skip')
  })
})
