/** Seeds defects: classes planted by hand into our own records, classes derived from official definitions into official examples. */
import type { Chance } from './chance.ts'
import { derived } from './derived/index.ts'
import type { Definition, Json } from './derived/model.ts'
import { planted } from './planted/index.ts'
import type { Example, Subject } from './subjects.ts'

/** A resource with one defect. */
export interface Mutant<S extends Subject = Subject> {
  readonly subject: S
  readonly resource: Json
  /** Where the finding may be. */
  readonly at: readonly string[]
  /** Codes or keys of the rules that may find it. */
  readonly reasons: readonly string[]
}
/** A class of defects and the mutants of it, as many as are asked for. */
export interface Seeded<S extends Subject> {
  readonly name: string
  mutants(count: number): Generator<Mutant<S>>
}

/** Type after type in turn and within each by chance, so that rare types count as much as frequent ones. */
function* inTurn<S extends Subject>(subjects: readonly S[], chance: Chance): Generator<S> {
  const byType = new Map<string, S[]>()
  for (const subject of chance.shuffled(subjects)) {
    const type = String(subject.resource.resourceType)
    byType.set(type, [...(byType.get(type) ?? []), subject])
  }
  const lists = [...byType.values()]
  const most = Math.max(0, ...lists.map(({ length }) => length))
  for (let round = 0; round < most; round++) {
    for (const list of lists) {
      const subject = list[round]
      if (subject) yield subject
    }
  }
}

/** The classes that are planted by hand. */
export function plantedIn(subjects: readonly Subject[], chance: Chance): Seeded<Subject>[] {
  return Object.entries(planted).map(([name, plant]) => ({
    name,
    *mutants(count) {
      let made = 0
      for (const subject of inTurn(subjects, chance)) {
        if (made >= count) return
        const defect = plant(subject.resource, chance.pick)
        if (!defect || JSON.stringify(defect.resource) === JSON.stringify(subject.resource)) continue
        made++
        yield { subject, resource: defect.resource, at: defect.paths, reasons: defect.reasons }
      }
    },
  }))
}

/** The classes that follow from the definitions of a resource's type and profile. */
export function derivedIn(subjects: readonly Example[], chance: Chance): Seeded<Example>[] {
  return Object.entries(derived).map(([name, find]) => ({
    name,
    *mutants(count) {
      let made = 0
      for (let round = 0; round < 3 && made < count; round++) {
        for (const subject of inTurn(subjects, chance)) {
          if (made >= count) return
          const resource = structuredClone(subject.resource)
          const type = String(resource.resourceType)
          const { model, profile } = subject
          const places = [...model.places(resource, model.typeOf(type) as Definition, type, type)]
          const { at, codes } = chance.pick(find({ model, resource, profile, places }))?.seed() ?? { at: [], codes: [] }
          if (at.length === 0) continue
          made++
          yield { subject, resource, at, reasons: codes }
        }
      }
    },
  }))
}
