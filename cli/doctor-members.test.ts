/** Who of the cast may be refused, and by what. */
import { expect, it } from 'vitest'
import type { Exchange } from '../harness/transcript.ts'
import { refusedByPart } from './doctor-members.ts'

const answer = (status: number, body: unknown): Exchange =>
  ({ response: { status, statusText: '', headers: [], body: JSON.stringify(body) } }) as unknown as Exchange
const issue = (code: unknown): object => ({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] })

it('a twin is too many, and not nobody', () => {
  expect(refusedByPart('Ben Brown', answer(422, issue('multiple-matches')))).toBe(true)
  expect(refusedByPart('Dev Desai', answer(422, issue('business-rule')))).toBe(true)
  expect(refusedByPart('Ana Adams', answer(422, issue('multiple-matches')))).toBe(false)
  for (const code of ['not-found', undefined, 5])
    expect(refusedByPart('Ben Brown', answer(422, issue(code)))).toBe(false)
  for (const body of [null, {}, { issue: {} }, { issue: [null] }])
    expect(refusedByPart('Ben Brown', answer(422, body))).toBe(false)
  expect(refusedByPart('Ben Brown', answer(403, issue('forbidden')))).toBe(false)
})
