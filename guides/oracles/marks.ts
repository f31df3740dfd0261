/**
 * By what the data of our people is known wherever it turns up: canaries, ids that begin with the member's, numbers that are
 * theirs alone. Of people who are not ours nothing is known, and nothing is said.
 */
import { canariesOf, canaryMark } from '../../harness/canary.ts'
import type { FhirResource, Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import { at, keyOf, type Resource, referencesIn } from '../core/received.ts'
import { anyKey } from '../core/rest.ts'
import { hidden } from '../pdex/holdings.ts'
import type { Standing } from './rights.ts'

/** What is known of one person. */
export interface Marks {
  readonly person: Person
  /** Logical id of the Patient, which every id of the record begins with; undefined where it tells nobody apart. */
  readonly key: string | undefined
  /** Member numbers that only the payer gives out. */
  readonly numbers: readonly string[]
  /** Token -> `Type/id` of the resource that carries it. */
  readonly carrier: (token: string) => string | undefined
}

const known = new WeakMap<Person, Marks | undefined>()

/** The marks of a person; undefined when the record carries no canary, and is none of ours. */
export function marksOf(person: Person): Marks | undefined {
  if (known.has(person)) return known.get(person)
  const marks = isOurs(person) ? read(person) : undefined
  known.set(person, marks)
  return marks
}

const isOurs = ({ record }: Person): boolean =>
  record?.some((resource) => resource.resourceType !== 'Binary' && JSON.stringify(resource).includes(canaryMark)) ??
  false

function read(person: Person): Marks {
  const { patientId = '', memberIdentifier } = person
  let carriers: Map<string, string> | undefined
  return {
    person,
    // A short or plain number could stand anywhere.
    key: patientId.length >= 8 && /[a-z]/i.test(patientId) ? patientId : undefined,
    numbers: [memberIdentifier?.value ?? ''].filter((value) => value.length >= 8),
    carrier: (token) => {
      carriers ??= new Map(canariesOf(person).map((one) => [one.token, `${one.type}/${one.id}`]))
      return carriers.get(token)
    },
  }
}

/** What is kept back from a caller who may see the rest. */
export interface Withheld {
  /** `Type/id` -> why. */
  readonly keys: ReadonlyMap<string, string>
  /** Ids that no record which may be seen refers to -> why. */
  readonly ids: ReadonlyMap<string, string>
}

const nothing: Withheld = { keys: new Map(), ids: new Map() }
const kept = new WeakMap<Person, Map<string, Withheld>>()

/** What of the member's record this caller may not see. */
export function withheldFrom({ person, policy, permissions }: Standing, scene: Scene): Withheld {
  if (!person) return nothing
  const of = kept.get(person) ?? new Map<string, Withheld>()
  kept.set(person, of)
  const name = `${policy} ${permissions.claims} ${permissions.priorAuthorizations}`
  const before = of.get(name)
  if (before) return before
  const keys = hidden({ ...scene, person, policy, permissions })
  const made: Withheld = keys.size > 0 ? { keys, ids: idsOf(person.record ?? [], keys) } : nothing
  of.set(name, made)
  return made
}

/** The ids of what is kept back and is nobody's but the member's; what an open record refers to is told by that record. */
function idsOf(record: readonly FhirResource[], keys: ReadonlyMap<string, string>): Map<string, string> {
  const told = new Set<string>()
  for (const resource of record as unknown as Resource[])
    if (!keys.has(keyOf(resource))) for (const key of pointedAt(resource)) told.add(key)
  return new Map(
    [...keys].flatMap(([key, why]) => (told.has(key) ? [] : [[key.slice(key.indexOf('/') + 1), why] as const])),
  )
}

/** `Type/id` of what a resource refers to, by reference or as the content of a document. */
const pointedAt = (resource: Resource): string[] =>
  [
    ...referencesIn(resource).map(({ reference }) => reference),
    ...at(resource, 'content.attachment.url').map(String),
    ...at(resource, 'presentedForm.url').map(String),
  ].flatMap((reference) => anyKey(reference) ?? [])
