import type { FhirResource } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { requester, smallPayer } from '../parts/small-payer.ts'
import { sightOf, visible } from './visibility.ts'

const all = [
  'Patient/ana',
  'Condition/ana-pressure',
  'Condition/ana-secret',
  'ExplanationOfBenefit/ana-claim',
  'ExplanationOfBenefit/ana-authorization',
  'DocumentReference/ana-letter',
  'Binary/ana-letter-text',
  'Binary/ana-secret-text',
  'Provenance/ana-origin',
  'Provenance/ana-claim-origin',
  'Practitioner/doctor',
  'Practitioner/psychiatrist',
  'Organization/insurer',
  'PractitionerRole/elsewhere',
  'Condition/bob-pressure',
  'Binary/bob-note-text',
]

const seen = async (...part: Parameters<ReturnType<typeof smallPayer>['admit']>): Promise<string[]> => {
  const { state, admit } = smallPayer()
  const grant = admit(...part)
  const found: string[] = []
  for (const key of all) {
    const [type = '', id = ''] = key.split('/')
    if (await visible(state.records.read(type, id) as FhirResource, grant, state)) found.push(key)
  }
  return found
}
const less = (...keys: string[]): string[] => all.filter((key) => !/bob|elsewhere/.test(key) && !keys.includes(key))

test('all of the own member, and what it refers to', async () => {
  expect(await seen('t', 'ana')).toEqual(less())
})
test('nothing sensitive under a consent for the rest', async () => {
  expect(await seen('t', 'ana', { policy: 'regular' })).toEqual(
    less('Condition/ana-secret', 'Binary/ana-secret-text', 'Practitioner/psychiatrist'),
  )
})
test('no claims, and nothing that only tells of them', async () => {
  const permissions = { claims: false, priorAuthorizations: true }
  expect(await seen('t', 'ana', { permissions })).toEqual(
    less('ExplanationOfBenefit/ana-claim', 'Provenance/ana-claim-origin'),
  )
})
test('no prior authorizations, and none of their papers', async () => {
  const permissions = { claims: true, priorAuthorizations: false }
  expect(await seen('t', 'ana', { permissions })).toEqual(
    less('ExplanationOfBenefit/ana-authorization', 'DocumentReference/ana-letter', 'Binary/ana-letter-text'),
  )
})
test('only the types of the scopes', async () => {
  expect(await seen('t', 'ana', { scopes: ['patient/Condition.r', 'patient/Patient.rs'] })).toEqual([
    'Patient/ana',
    'Condition/ana-pressure',
    'Condition/ana-secret',
  ])
})
test('nothing without a member, a consent or a grant', async () => {
  const { state, admit } = smallPayer()
  const grant = admit('t', 'ana')
  const patient = state.records.read('Patient', 'ana') as FhirResource
  expect(await visible(patient, grant, state)).toBe(true)
  expect(await visible(patient, { ...grant, kind: 'match' }, state)).toBe(false)
  expect(await visible(patient, undefined, state)).toBe(false)
  state.consents.block('ana', requester)
  expect(await visible(patient, grant, state)).toBe(false)
})
test('what was worked out holds until the caller, the consent or a record changes', async () => {
  const { state, admit } = smallPayer()
  const grant = admit('t', 'ana')
  const before = sightOf(state, grant)
  const reached = await before.reach()
  expect(reached.has('Practitioner/psychiatrist')).toBe(true)
  // To look may itself share the payer's own Organization.
  const settled = sightOf(state, grant)
  expect(sightOf(state, grant)).toBe(settled)
  expect(sightOf(state, { ...grant })).not.toBe(settled)

  const asked = sightOf(state, grant)
  state.records.remove('Condition', 'ana-secret')
  const after = sightOf(state, grant)
  expect(after).not.toBe(asked)
  expect((await after.reach()).has('Practitioner/psychiatrist')).toBe(false)

  state.consents.revoke('ana', requester)
  expect(sightOf(state, grant).policy).toBeUndefined()
  expect(sightOf(state, grant).find('Condition/ana-pressure')).toBeUndefined()
})
