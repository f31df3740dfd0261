/** `npm run bench:defects`: sound resources with one defect each; how many are caught, and for the right reason, by class. */
import type { FhirResource } from 'fhir/r4.js'
import type { Editions } from '../../harness/edition.ts'
import { shippedPackages } from '../../profiles/definitions.ts'
import { createValidator, type Finding, versionsFor } from '../../profiles/validate.ts'
import { cast } from '../../simulators/fixtures/people.ts'
import { classes } from './classes.ts'
import type { Json } from './spots.ts'

/** Mutants of a class, and the share that must be caught. */
const perClass = Number(process.argv[2] ?? 60)
const promised = 0.995
const seed = process.argv[3] ?? 'defects'
const only = process.argv[4]

const editions: Editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' }
const payer = (name: string, uri: string, value: string) => ({
  name,
  uri,
  identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value },
})
const people = cast({
  editions,
  now: new Date('2026-03-02T15:00:00.000Z'),
  seed: 'vitruvian',
  responder: payer('Old Plan', 'https://old-plan.example/payer', '99901'),
  requester: payer('New Plan', 'https://new-plan.example/payer', '99902'),
})
const record = people.flatMap((person) => person.record ?? [])
const held = new Map<string, FhirResource>(
  record.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]),
)
const packages = shippedPackages()
const validator = createValidator({
  packages,
  editions: versionsFor(editions, packages),
  policy: { unknownExtensions: 'error' },
  resolve: (reference) => held.get(reference),
})
const errorsOf = (resource: Json): Finding[] =>
  validator.validate(resource).filter(({ severity }) => severity === 'error')

/** A small generator of our own, so that the same seed plants the same defects. */
let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261) >>> 0
const chance = (): number => {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)]

/** `Observation.value.ofType(Quantity).system` and `Observation.valueQuantity.system` are the same place. */
function samePlace(expression: string, path: string): boolean {
  const left = expression.replace(/\.ofType\(\w+\)/g, '').split('.')
  const right = path.split('.')
  return (
    left.length === right.length &&
    left.every((segment, index) => {
      const other = right[index] as string
      return (
        segment === other ||
        (/^[a-z]+$/i.test(segment) && other.startsWith(segment) && /^[A-Z]/.test(other.slice(segment.length)))
      )
    })
  )
}

const sound = record
  .map((resource) => resource as unknown as Json)
  .filter((resource) => errorsOf(resource).length === 0)
process.stdout.write(
  `${sound.length} sound resources of ${record.length}; up to ${perClass} defects a class, seed "${seed}"\n\n`,
)

const byType = new Map<string, Json[]>()
for (const resource of sound) {
  const type = String(resource.resourceType)
  byType.set(type, [...(byType.get(type) ?? []), resource])
}

let all = 0
let caughtAll = 0
let rightAll = 0
const short: string[] = []
const started = performance.now()
for (const [name, plant] of Object.entries(classes)) {
  if (only && !name.includes(only)) continue
  let planted = 0
  let caught = 0
  let right = 0
  const missed: string[] = []
  for (const original of inTurn()) {
    if (planted >= perClass) break
    const defect = plant(original, pick)
    if (!defect || JSON.stringify(defect.resource) === JSON.stringify(original)) continue
    planted++
    const errors = errorsOf(defect.resource)
    const reason = errors.some(
      ({ expression, code, key }) =>
        (defect.reasons.includes(code) || (key !== undefined && defect.reasons.includes(key))) &&
        defect.paths.some((path) => samePlace(expression, path)),
    )
    if (errors.length > 0) caught++
    if (reason) right++
    else
      missed.push(
        `${original.resourceType}/${original.id} at ${defect.paths[0]}: ${
          errors.length === 0
            ? 'not caught'
            : `said ${errors
                .slice(0, 2)
                .map(({ code, key, expression }) => `${key ?? code} at ${expression}`)
                .join(' and ')}`
        }`,
      )
  }
  all += planted
  caughtAll += caught
  rightAll += right
  const kept = planted > 0 && right / planted >= promised
  if (!kept) short.push(name)
  process.stdout.write(
    `${kept ? '      ' : 'SHORT '} ${name.padEnd(52)} ${`${caught}/${planted}`.padStart(7)} caught ${`${right}/${planted}`.padStart(7)} for the right reason\n`,
  )
  for (const line of missed.slice(0, only ? 20 : 3)) process.stdout.write(`          ${line}\n`)
}
process.stdout.write(
  `\n${all} defects of ${Object.keys(classes).length} classes: ${caughtAll} caught (${((caughtAll / all) * 100).toFixed(2)} %), ${rightAll} for the right reason (${((rightAll / all) * 100).toFixed(2)} %), ${Math.round(performance.now() - started)} ms; ${short.length} classes below ${promised * 100} %\n`,
)
process.exitCode = short.length > 0 ? 1 : 0

/** All sound resources, type after type in turn and within each by chance, so that rare types count as much as frequent ones. */
function* inTurn(): Generator<Json> {
  const shuffled = [...byType.values()].map((list) =>
    list
      .map((resource) => ({ resource, order: chance() }))
      .sort((a, b) => a.order - b.order)
      .map(({ resource }) => resource),
  )
  const most = Math.max(...shuffled.map(({ length }) => length))
  for (let round = 0; round < most; round++)
    for (const list of shuffled) {
      const resource = list[round]
      if (resource) yield resource
    }
}
