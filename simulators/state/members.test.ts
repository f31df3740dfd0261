import fc from 'fast-check'
import type { Coverage, Patient } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { isHarnessError } from '../../harness/errors.ts'
import type { Person } from '../../harness/person.ts'
import { Members, plain } from './members.ts'

const mb = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }] }
const coverage = (part: Partial<Coverage> = {}): Coverage => ({
  resourceType: 'Coverage',
  id: 'c1',
  status: 'active',
  beneficiary: { reference: 'Patient/1' },
  payor: [{ identifier: { system: 'urn:naic', value: '10001' } }],
  identifier: [{ type: mb, system: 'urn:cards', value: 'OLD-1234' }],
  ...part,
})
const patient = (part: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  id: '1',
  name: [{ family: 'Adams', given: ['Ana', 'Maria'] }],
  gender: 'female',
  birthDate: '1980-04-05',
  ...part,
})
const person = (name = 'ana', part: { patient?: Patient; cards?: Coverage[] } = {}): Person => ({
  name,
  part: 'tried',
  submitted: {
    patient: part.patient ?? patient(),
    coverageToMatch: part.cards?.[0] ?? coverage(),
    coverageToLink: coverage(),
  },
  patientId: `pat-${name}`,
  memberIdentifier: { system: 'urn:umb', value: `U-${name}` },
  record: [part.patient ?? patient(), ...(part.cards ?? [coverage()])],
})
const insured = (...people: Person[]): Members => {
  const members = new Members()
  for (const each of people) members.insure(each)
  return members
}
const names = (members: Members, asked: Patient, card: Coverage): string[] =>
  members.candidates(asked, card).map(({ patientId }) => patientId)

describe('whom a request fits', () => {
  const members = insured(person())

  it.each<[string, Patient]>([
    ['as they are', patient()],
    ['without the middle name', patient({ name: [{ family: 'Adams', given: ['Ana'] }] })],
    ['both given names in one', patient({ name: [{ family: 'Adams', given: ['Ana Maria'] }] })],
    ['marks and case', patient({ name: [{ family: 'ÁDAMS', given: ['aná'] }] })],
    ['hyphens, blanks and apostrophes', patient({ name: [{ family: " Ad'ams-", given: [' Ana '] }] })],
    [
      'an older name first',
      patient({
        name: [
          { family: 'Miller', given: ['Ana'] },
          { family: 'Adams', given: ['Ana'] },
        ],
      }),
    ],
    ['no gender', { ...patient(), gender: undefined as never }],
    ['gender unknown', patient({ gender: 'unknown' })],
  ])('the member %s', (_, asked) => expect(names(members, asked, coverage())).toEqual(['pat-ana']))

  it.each<[string, Patient]>([
    ['another family name', patient({ name: [{ family: 'Adam', given: ['Ana'] }] })],
    ['another given name', patient({ name: [{ family: 'Adams', given: ['Anna'] }] })],
    ['an initial', patient({ name: [{ family: 'Adams', given: ['A'] }] })],
    ['another middle name', patient({ name: [{ family: 'Adams', given: ['Ana', 'Luisa'] }] })],
    ['the names swapped', patient({ name: [{ family: 'Ana', given: ['Adams'] }] })],
    ['another day', patient({ birthDate: '1980-05-04' })],
    ['only a year', patient({ birthDate: '1980' })],
    ['another gender', patient({ gender: 'male' })],
    ['no name', { ...patient(), name: undefined as never }],
    ['a name of signs alone', patient({ name: [{ family: '---', given: ['.'] }] })],
  ])('nobody with %s', (_, asked) => expect(names(members, asked, coverage())).toEqual([]))

  it.each<[string, Coverage]>([
    ['the number in lower case with blanks', coverage({ identifier: [{ type: mb, value: 'old 1234' }] })],
    ['the number as subscriber id', coverage({ identifier: [], subscriberId: 'OLD-1234' })],
    ['the number without a type', coverage({ identifier: [{ value: 'OLD-1234' }] })],
    ['another identifier beside it', coverage({ identifier: [{ type: mb, value: 'OLD-1234' }, { value: '7' }] })],
  ])('the member by %s', (_, card) => expect(names(members, patient(), card)).toEqual(['pat-ana']))

  it.each<[string, Coverage]>([
    ['another number', coverage({ identifier: [{ type: mb, value: 'OLD-1235' }] })],
    ['no number', coverage({ identifier: [] })],
    ['an empty number', coverage({ identifier: [{ type: mb, value: '' }] })],
    ['a number of signs alone', coverage({ identifier: [{ type: mb, value: '-' }], subscriberId: ' ' })],
    ['a right number and a wrong subscriber id', coverage({ subscriberId: 'OTHER' })],
    [
      'the number under another type',
      coverage({ identifier: [{ type: { coding: [{ code: 'MR' }] }, value: 'OLD-1234' }] }),
    ],
  ])('nobody by %s', (_, card) => expect(names(members, patient(), card)).toEqual([]))
})

describe('two who are alike', () => {
  it('are told apart by the card', () => {
    const second = coverage({ identifier: [{ type: mb, value: 'OLD-9999' }] })
    const members = insured(person('one'), person('two', { cards: [second] }))
    expect(names(members, patient(), coverage())).toEqual(['pat-one'])
    expect(names(members, patient(), second)).toEqual(['pat-two'])
  })

  it('are told apart by the dependent number on a family card', () => {
    const card = (dependent: string): Coverage => coverage({ identifier: [], subscriberId: 'FAM-1', dependent })
    const members = insured(person('one', { cards: [card('01')] }), person('two', { cards: [card('02')] }))
    expect(names(members, patient(), card('02'))).toEqual(['pat-two'])
    expect(names(members, patient(), coverage({ identifier: [], subscriberId: 'FAM-1' }))).toEqual([
      'pat-one',
      'pat-two',
    ])
  })

  it('are both found as twins, each with their own identifier', () => {
    const members = new Members()
    const twin = members.insureTwin(person('ben'))
    expect(names(members, patient(), coverage())).toEqual(['pat-ben', twin.patientId])
    expect(members.insureTwin(person('ben'))).toBe(twin)
    expect(members.size).toBe(2)
    expect(members.byIdentifier('urn:umb', twin.memberIdentifier.value)).toBe(twin)
    expect(members.byIdentifier('urn:umb', 'U-ben')?.patientId).toBe('pat-ben')
  })

  it('find the one member by either of two coverages', () => {
    const cards = [
      coverage(),
      coverage({ id: 'c2', identifier: [{ type: mb, value: 'NEWER' }], subscriberId: 'SUB-2' }),
    ]
    const members = insured(person('carla', { cards }))
    for (const card of cards) expect(names(members, patient(), card)).toEqual(['pat-carla'])
    expect(names(members, patient(), coverage({ subscriberId: 'SUB-2' }))).toEqual([])
  })
})

describe('matching in general', () => {
  const word = fc.string({
    unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzÄÖÜéñŁ '-"),
    minLength: 1,
    maxLength: 12,
  })
  const who = fc.record({
    family: word.filter((w) => plain(w) !== ''),
    given: fc.array(
      word.filter((w) => plain(w) !== ''),
      { minLength: 1, maxLength: 3 },
    ),
    birthDate: fc.constantFrom('1980-01-01', '1980-01-02'),
    gender: fc.constantFrom('female' as const, 'male' as const, 'other' as const, undefined),
    number: fc.string({ unit: fc.constantFrom(...'AB12-'), minLength: 1, maxLength: 4 }).filter((n) => plain(n) !== ''),
  })
  const parts = (x: typeof who extends fc.Arbitrary<infer T> ? T : never): { asked: Patient; card: Coverage } => ({
    asked: {
      resourceType: 'Patient',
      id: '1',
      name: [{ family: x.family, given: x.given }],
      birthDate: x.birthDate,
      ...(x.gender ? { gender: x.gender } : {}),
    },
    card: coverage({ identifier: [{ type: mb, value: x.number }] }),
  })

  it('finds everybody by their own card, whatever the case and the signs between', () => {
    fc.assert(
      fc.property(who, (x) => {
        const { asked, card } = parts(x)
        const members = insured(person('x', { patient: asked, cards: [card] }))
        const loud = { ...asked, name: [{ family: `${x.family.toUpperCase()}.`, given: x.given }] }
        expect(names(members, asked, card)).toEqual(['pat-x'])
        expect(names(members, loud, card)).toEqual(['pat-x'])
      }),
    )
  })

  it('never finds anybody whose number, birth date or family name differs', () => {
    fc.assert(
      fc.property(who, who, (x, y) => {
        const held = parts(x)
        const asked = parts(y)
        const found = names(insured(person('x', { patient: held.asked, cards: [held.card] })), asked.asked, asked.card)
        if (plain(x.family) !== plain(y.family) || x.birthDate !== y.birthDate || plain(x.number) !== plain(y.number))
          expect(found).toEqual([])
      }),
    )
  })
})

describe('the register', () => {
  it('takes a person in once', () => {
    const members = insured(person(), person())
    expect(members.size).toBe(1)
    expect([...members].map(({ patientId }) => patientId)).toEqual(['pat-ana'])
  })

  it('finds by patient id and by identifier, with and without its system', () => {
    const members = insured(person())
    expect(members.byPatientId('pat-ana')?.person.name).toBe('ana')
    expect(members.byPatientId('pat-zoe')).toBeUndefined()
    expect(members.byIdentifier('urn:umb', 'U-ana')?.patientId).toBe('pat-ana')
    expect(members.byIdentifier('', 'U-ana')?.patientId).toBe('pat-ana')
    expect(members.byIdentifier('urn:other', 'U-ana')).toBeUndefined()
  })

  it('refuses somebody without ids', () => {
    const { patientId: _, ...nobody } = person()
    expect(() => insured(nobody)).toThrow(expect.toSatisfy((error: unknown) => isHarnessError(error, 'bad-input')))
  })

  it('links a coverage of another payer once', () => {
    const members = insured(person())
    members.link('pat-ana', coverage({ id: 'a' }))
    members.link('pat-ana', coverage({ id: 'b' }))
    members.link('pat-ana', coverage({ id: 'c', identifier: [{ type: mb, value: 'NEXT' }] }))
    expect(members.linked('pat-ana').map(({ id }) => id)).toEqual(['b', 'c'])
    expect(members.linked('pat-zoe')).toEqual([])
  })

  it('finds each one among many who are nearly alike', () => {
    const members = new Members()
    for (let i = 0; i < 10_000; i++)
      members.insure(
        person(`m${i}`, {
          patient: patient({ name: [{ family: `Family${i % 500}`, given: ['Ana'] }] }),
          cards: [coverage({ identifier: [{ type: mb, value: `CARD-${i}` }] })],
        }),
      )
    for (let i = 0; i < 2000; i++)
      expect(
        members.candidates(
          patient({ name: [{ family: `Family${i % 500}`, given: ['Ana'] }] }),
          coverage({ identifier: [{ type: mb, value: `CARD-${i}` }] }),
        ),
      ).toHaveLength(1)
  })
})
