import type { FhirResource } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../harness/clock.ts'
import { Records } from './records.ts'

const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
const patient: FhirResource = { resourceType: 'Patient', id: 'a' }
const visit = { resourceType: 'Encounter', id: 'e', subject: { reference: 'Patient/a' } } as FhirResource
const note = {
  resourceType: 'DocumentReference',
  id: 'd',
  content: [{ attachment: { url: 'Binary/b' } }],
} as FhirResource
const binary: FhirResource = { resourceType: 'Binary', id: 'b', contentType: 'text/plain' }
const origin = {
  resourceType: 'Provenance',
  id: 'p',
  target: [{ reference: 'Encounter/e' }, { reference: 'Patient/a/_history/1' }],
} as FhirResource
const clinic: FhirResource = { resourceType: 'Organization', id: 'o', name: 'Clinic' }
const held = (): Records => {
  const records = new Records(clock)
  records.load('a', [visit, patient, note, binary, origin, clinic])
  return records
}
const keys = (resources: Iterable<FhirResource>): string[] => [...resources].map((r) => `${r.resourceType}/${r.id}`)

test('the compartment begins with the Patient and holds neither content nor what is shared', () => {
  const records = held()
  expect(keys(records.compartment('a'))).toEqual(['Patient/a', 'Encounter/e', 'DocumentReference/d', 'Provenance/p'])
  expect(keys(records.compartment('a', new Set(['Encounter'])))).toEqual(['Encounter/e'])
  expect(keys(records.shared('Organization'))).toEqual(['Organization/o'])
  expect([records.owner('Binary', 'b'), records.owner('Organization', 'o'), records.owner('Encounter', 'x')]).toEqual([
    'a',
    undefined,
    undefined,
  ])
  expect([records.holds('a'), records.holds('b'), [...records.patients()]]).toEqual([true, false, ['a']])
})

test('what is here twice is here once, and every version has its stamp', () => {
  const records = held()
  records.load('a', [visit])
  expect(records.versions('Encounter', 'e')).toHaveLength(1)
  expect(records.read('Encounter', 'e')?.meta).toEqual({ versionId: '1', lastUpdated: '2026-03-02T15:00:00.000Z' })
})

test('updated and deleted: versions go on, the newest is read, indexes follow', async () => {
  const records = held()
  expect(keys(records.provenanceOf('Encounter', 'e'))).toEqual(['Provenance/p'])
  expect(keys(records.provenanceOf('Patient', 'a'))).toEqual(['Provenance/p'])
  await clock.wait(60)
  records.update({ ...origin, target: [{ reference: 'DocumentReference/d' }] } as FhirResource)
  expect(keys(records.provenanceOf('Encounter', 'e'))).toEqual([])
  expect(keys(records.provenanceOf('DocumentReference', 'd'))).toEqual(['Provenance/p'])
  expect(records.read('Provenance', 'p')?.meta).toEqual({ versionId: '2', lastUpdated: '2026-03-02T15:01:00.000Z' })
  await clock.wait(60)
  records.remove('DocumentReference', 'd')
  expect(records.read('DocumentReference', 'd')).toBeUndefined()
  expect(
    records.versions('DocumentReference', 'd').map(({ versionId, resource }) => [versionId, resource !== undefined]),
  ).toEqual([
    ['1', true],
    ['2', false],
  ])
  expect(keys(records.attaching('b'))).toEqual([])
  expect(keys(records.removedSince('a', Date.parse('2026-03-02T15:01:30Z')))).toEqual(['DocumentReference/d'])
  expect(records.removedSince('a', clock.now().getTime())).toEqual([])
  expect(() => records.update({ resourceType: 'Patient', id: 'nobody' })).toThrow(RangeError)
  expect(() => records.remove('Patient', 'nobody')).toThrow(RangeError)
})

test('a source is read as it streams, behind what was loaded', async () => {
  const records = held()
  records.supply('s', {
    async *resources(types) {
      if (!types || types.has('Patient')) yield { resourceType: 'Patient', id: 's' } as FhirResource
      yield clinic
    },
    read: (type, id) => (type === 'Patient' && id === 's' ? { resourceType: 'Patient', id } : undefined),
  })
  const found: FhirResource[] = []
  for await (const resource of records.stream('s')) found.push(resource)
  expect(keys(found)).toEqual(['Patient/s'])
  expect(records.read('Patient', 's')?.meta?.versionId).toBe('1')
  expect([records.owner('Patient', 's'), records.isSupplied('s'), records.isSupplied('a')]).toEqual(['s', true, false])
})

test('the Provenance of what was sent can be read, the newest of it', () => {
  const records = held()
  const sent = (id: string, size: number): FhirResource =>
    ({
      resourceType: 'Provenance',
      id,
      target: Array.from({ length: size }, () => ({ reference: 'Encounter/e' })),
    }) as FhirResource
  records.transmitted(sent('one', 1), 'a')
  expect(records.read('Provenance', 'one')).toBeDefined()
  expect(keys(records.compartment('a'))).not.toContain('Provenance/one')
  records.transmitted(sent('two', 200_000), 'a')
  expect(records.read('Provenance', 'one')).toBeUndefined()
  expect(records.owner('Provenance', 'two')).toBe('a')
})

test('a record that two worlds have loaded stays what it is when one of them changes it', async () => {
  const record = [patient, visit, note, binary, origin, clinic]
  const [one, other] = [new Records(clock), new Records(clock)]
  for (const records of [one, other]) records.load('a', record)
  one.update({ ...origin, target: [{ reference: 'DocumentReference/d' }] } as FhirResource)
  one.update({ ...clinic, name: 'Hospital' } as FhirResource)
  one.remove('Encounter', 'e')
  one.share([{ resourceType: 'Organization', id: 'o2' }])
  expect(keys(one.compartment('a'))).toEqual(['Patient/a', 'DocumentReference/d', 'Provenance/p'])
  expect(keys(one.provenanceOf('Encounter', 'e'))).toEqual([])
  expect(keys(one.provenanceOf('DocumentReference', 'd'))).toEqual(['Provenance/p'])
  expect([...one.shared('Organization')].map((o) => 'name' in o && o.name)).toEqual(['Hospital', false])
  expect(one.versions('Encounter', 'e').map(({ resource }) => resource?.id)).toEqual(['e', undefined])
  expect(keys(other.compartment('a'))).toEqual(['Patient/a', 'Encounter/e', 'DocumentReference/d', 'Provenance/p'])
  expect(keys(other.provenanceOf('Encounter', 'e'))).toEqual(['Provenance/p'])
  expect(keys(other.shared('Organization'))).toEqual(['Organization/o'])
  expect([other.read('Organization', 'o'), other.versions('Encounter', 'e').length]).toMatchObject([
    { name: 'Clinic' },
    1,
  ])
})

test('members share what is nobody’s, whoever came first, and nothing of their own, however many they are', () => {
  const records = new Records(clock)
  const recordOf = (id: string): FhirResource[] => [
    { resourceType: 'Patient', id },
    { ...clinic, name: `Clinic of ${id}` } as FhirResource,
    { resourceType: 'Organization', id: `o-${id}` },
  ]
  const ids = Array.from({ length: 12 }, (_, i) => `m${i}`)
  for (const id of ids) records.load(id, recordOf(id))
  // Somebody else's resource does not become one's own by being loaded again.
  records.load('thief', [
    { resourceType: 'Patient', id: 'thief' },
    { resourceType: 'Patient', id: 'm3' },
  ])
  expect([...records.patients()]).toEqual([...ids, 'thief'])
  for (const id of [...ids, 'thief']) expect(keys(records.compartment(id))).toEqual([`Patient/${id}`])
  expect(records.owner('Patient', 'm3')).toBe('m3')
  expect(keys(records.shared('Organization'))).toEqual(['Organization/o', ...ids.map((id) => `Organization/o-${id}`)])
  expect(records.read('Organization', 'o')).toMatchObject({ name: 'Clinic of m0' })
})
