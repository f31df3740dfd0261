/**
 * Whom the payer insures, and whom a match request fits: a deterministic match on name, birth date, gender where both
 * sides know it, and a member number or subscriber id of one of the member's coverages (HRex OperationDefinition member-match).
 */
import type { Coverage, HumanName, Patient } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'
import type { Person } from '../../harness/person.ts'

export interface Member {
  readonly person: Person
  /** Logical id of the Patient here. */
  readonly patientId: string
  /** The identifier that is the member's whatever their plan or role (UMB). */
  readonly memberIdentifier: { readonly system: string; readonly value: string }
}

/** A member as the index holds them: normalised once, compared often. */
interface Entry {
  readonly member: Member
  readonly names: readonly Name[]
  readonly gender: string | undefined
  readonly cards: readonly Card[]
}
interface Name {
  readonly family: string
  readonly given: readonly string[]
}
interface Card {
  readonly numbers: readonly string[]
  readonly subscriberId: string | undefined
  readonly dependent: string | undefined
}

export class Members {
  readonly #byPatientId = new Map<string, Member>()
  readonly #byIdentifier = new Map<string, Member>()
  readonly #byDemographics = new Map<string, Entry[]>()
  readonly #links = new Map<string, Coverage[]>()

  /** Takes a member in, once; what the record says of them goes before what another payer submits. */
  insure(person: Person): Member {
    const { patientId, memberIdentifier } = person
    if (!patientId || !memberIdentifier)
      throw new HarnessError('bad-input', `${person.name} has no patient id or member identifier and cannot be insured`)
    return this.#byPatientId.get(patientId) ?? this.#add({ person, patientId, memberIdentifier })
  }

  /** Takes in somebody else with the same demographics and the same card. The person themselves is insured too. */
  insureTwin(person: Person): Member {
    const { patientId, memberIdentifier } = this.insure(person)
    const twin = `${patientId}-twin`
    return (
      this.#byPatientId.get(twin) ??
      this.#add({
        person,
        patientId: twin,
        memberIdentifier: { ...memberIdentifier, value: `${memberIdentifier.value}-TWIN` },
      })
    )
  }

  byPatientId(id: string): Member | undefined {
    return this.#byPatientId.get(id)
  }

  /** The member with that unique member identifier; an empty system asks for any. */
  byIdentifier(system: string, value: string): Member | undefined {
    return this.#byIdentifier.get(`${system}|${value}`)
  }

  /** Everybody whom these demographics and this card fit. */
  candidates(patient: Patient, coverage: Coverage): Member[] {
    const card = cardOf(coverage)
    if (card.numbers.length === 0 && card.subscriberId === undefined) return []
    const names = namesOf(patient)
    const gender = genderOf(patient)
    const found: Member[] = []
    for (const family of new Set(names.map((name) => name.family)))
      for (const entry of this.#byDemographics.get(`${family}|${patient.birthDate ?? ''}`) ?? [])
        if (
          !found.includes(entry.member) &&
          entry.names.some((held) => held.family === family && names.some((name) => sameName(name, held))) &&
          (gender === undefined || entry.gender === undefined || gender === entry.gender) &&
          entry.cards.some((held) => sameCard(card, held))
        )
          found.push(entry.member)
    return found
  }

  /** Notes the requesting payer's coverage of a member (HRex mm-4). The same coverage again replaces what was noted. */
  link(patientId: string, coverage: Coverage): void {
    const others = (this.#links.get(patientId) ?? []).filter((known) => linkKey(known) !== linkKey(coverage))
    this.#links.set(patientId, [...others, coverage])
  }

  /** Coverages of other payers that were linked to a member. */
  linked(patientId: string): readonly Coverage[] {
    return this.#links.get(patientId) ?? []
  }

  get size(): number {
    return this.#byPatientId.size
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#byPatientId.values()
  }

  #add(member: Member): Member {
    const { person, patientId, memberIdentifier } = member
    const { birthDate, ...looks } = looksOf(person)
    const entry: Entry = { member, ...looks }
    this.#byPatientId.set(patientId, member)
    for (const system of [memberIdentifier.system, ''])
      this.#byIdentifier.set(`${system}|${memberIdentifier.value}`, member)
    for (const family of new Set(looks.names.map((name) => name.family))) {
      const at = `${family}|${birthDate}`
      const there = this.#byDemographics.get(at)
      if (there) there.push(entry)
      else this.#byDemographics.set(at, [entry])
    }
    return member
  }
}

interface Looks extends Omit<Entry, 'member'> {
  readonly birthDate: string
}
const looks = new WeakMap<Person, Looks>()

/** What a person is known by: the same wherever they are insured. */
function looksOf(person: Person): Looks {
  const known = looks.get(person)
  if (known) return known
  const patient = person.record?.find((r): r is Patient => r.resourceType === 'Patient') ?? person.submitted.patient
  const held = person.record?.filter((r): r is Coverage => r.resourceType === 'Coverage') ?? []
  const read: Looks = {
    birthDate: patient.birthDate ?? '',
    names: namesOf(patient),
    gender: genderOf(patient),
    cards: (held.length ? held : [person.submitted.coverageToMatch]).map(cardOf),
  }
  looks.set(person, read)
  return read
}

/** Letters and digits alone, without marks and case: `O’Brien-Núñez` and `OBRIEN NUNEZ` are one name. */
export const plain = (text: string): string =>
  /^[A-Za-z0-9]*$/.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]/gu, '')

/** The card numbers of a coverage, for comparing one card with another. */
export const cardNumbers = (coverage: Coverage): string => {
  const { numbers, subscriberId } = cardOf(coverage)
  return [...numbers, subscriberId ?? ''].join('|')
}

const namesOf = (patient: Patient): Name[] =>
  (patient.name ?? []).flatMap((name: HumanName) => {
    const family = plain(name.family ?? '')
    const given = (name.given ?? [])
      .flatMap((part) => (part ?? '').split(/\s+/))
      .map(plain)
      .filter(Boolean)
    return family && given.length ? [{ family, given }] : []
  })

/** Middle names may be missing on one side; an initial is not a name. */
const sameName = (a: Name, b: Name): boolean => {
  const [short, long] = a.given.length <= b.given.length ? [a.given, b.given] : [b.given, a.given]
  return a.family === b.family && short.every((part, i) => part === long[i])
}

const genderOf = ({ gender }: Patient): string | undefined => (gender === 'unknown' ? undefined : gender)

/** Typed member numbers go before untyped identifiers, which are what HRex 1.0 knows. */
const cardOf = (coverage: Coverage): Card => {
  const some = (text: string | undefined): string | undefined => (text && plain(text)) || undefined
  const values = (wanted: (codes: readonly (string | undefined)[]) => boolean): string[] =>
    (coverage.identifier ?? [])
      .filter((id) => wanted(id.type?.coding?.map(({ code }) => code) ?? []))
      .flatMap((id) => some(id.value) ?? [])
  const typed = values((codes) => codes.includes('MB'))
  const subscriberId = some(coverage.subscriberId)
  return {
    numbers: typed.length || subscriberId ? typed : values((codes) => codes.length === 0),
    subscriberId,
    dependent: some(coverage.dependent),
  }
}

/** Each number that was submitted is compared with its own kind, or with the other where the member's coverage knows only that. */
const sameCard = (asked: Card, held: Card): boolean => {
  const heldNumbers = held.numbers.length ? held.numbers : held.subscriberId === undefined ? [] : [held.subscriberId]
  const heldSubscriber = held.subscriberId === undefined ? held.numbers : [held.subscriberId]
  return (
    asked.numbers.every((number) => heldNumbers.includes(number)) &&
    (asked.subscriberId === undefined || heldSubscriber.includes(asked.subscriberId)) &&
    (asked.dependent === undefined || held.dependent === undefined || asked.dependent === held.dependent)
  )
}

const linkKey = (coverage: Coverage): string =>
  JSON.stringify([coverage.payor?.map((p) => p.identifier ?? p.reference), cardNumbers(coverage)])
