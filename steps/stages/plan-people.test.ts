/** What is known of a member whom a plan names. */
import type { Coverage } from 'fhir/r4.js'
import { expect, it } from 'vitest'
import { type Holding, personFrom } from './plan-people.ts'

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', id: 'ana', name: [{ family: 'Adams' }] } },
    { resource: { resourceType: 'Coverage', id: 'card', subscriberId: '1' } },
    { resource: { resourceType: 'Condition', id: 'secret', meta: { security: [{ code: 'R' }] } } },
  ],
}
const link = { resourceType: 'Coverage' } as Coverage
const person = (holding: Holding) => personFrom('Ana Adams', holding, link)

it.each<[string, Holding]>([
  ['names no Patient', { bundle }],
  ['names the Patient of the bundle', { bundle, patient: 'ana' }],
])('a record is known by its ids where the plan %s', (_, holding) => {
  expect(person(holding).patientId).toBe('ana')
  expect(person(holding).record).toHaveLength(3)
  expect(person(holding).sensitive).toEqual(['Condition/secret'])
})

it('a record is not known where the system gave ids of its own', () => {
  const { patientId, record, sensitive, submitted } = person({ bundle, patient: 'PT.0001' })
  expect({ patientId, record, sensitive }).toEqual({ patientId: 'PT.0001', record: undefined, sensitive: undefined })
  expect(submitted.patient.name).toEqual([{ family: 'Adams' }])
})
