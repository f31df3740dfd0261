/** `npm run bench:defects [per class] [seed] [name]`: sound resources with one defect each; how many are caught, and for the right reason. */
import type { Finding } from '../../profiles/validate.ts'
import { chanceFrom } from './chance.ts'
import { derivedIn, type Mutant, plantedIn, type Seeded } from './seeding.ts'
import { errorsIn, findingsIn, officialExamples, ownRecords, packagesFolder, type Subject } from './subjects.ts'

/** Mutants of a class, and the share that must be caught. */
const perClass = Number(process.argv[2] ?? 60)
const promised = 0.995
const seed = process.argv[3] ?? 'defects'
const only = process.argv[4]
const chance = chanceFrom(seed)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** `Observation.value.ofType(Quantity).system` and `Observation.valueQuantity.system` are the same place. */
function samePlace(expression: string, path: string): boolean {
  const segments = (text: string): string[] => text.replace(/\.ofType\(\w+\)/g, '').split('.')
  const left = segments(expression)
  const right = segments(path)
  return (
    left.length === right.length &&
    left.every((segment, index) => {
      const other = right[index] as string
      const rest = other.slice(segment.length)
      return segment === other || (/^[a-z]+$/i.test(segment) && other.startsWith(segment) && /^[A-Z]/.test(rest))
    })
  )
}

const isRight = ({ at, reasons }: Mutant, { code, key, expression }: Finding): boolean =>
  (reasons.includes(code) || (key !== undefined && reasons.includes(key))) &&
  at.some((path) => samePlace(expression, path))

const total = { made: 0, caught: 0, right: 0, classes: 0 }
const short: string[] = []

function tally<S extends Subject>({ name, mutants }: Seeded<S>): void {
  if (only && !name.includes(only)) return
  let made = 0
  let caught = 0
  let right = 0
  const missed: string[] = []
  let open = 0
  for (const mutant of mutants(perClass)) {
    const findings = findingsIn(mutant.subject, mutant.resource)
    const errors = findings.filter(({ severity }) => severity === 'error')
    // Codes that may not be shipped: said to be open, which is neither a catch nor a miss.
    if (errors.length === 0 && findings.some((each) => each.code === 'binding-not-decided' && isRight(mutant, each))) {
      open++
      continue
    }
    made++
    if (errors.length > 0) caught++
    if (errors.some((error) => isRight(mutant, error))) right++
    else {
      const said = errors.slice(0, 2).map(({ code, key, expression }) => `${key ?? code} at ${expression}`)
      missed.push(
        `${mutant.subject.name} at ${mutant.at[0]}: ${said.length === 0 ? 'not caught' : `said ${said.join(' and ')}`}`,
      )
    }
  }
  total.made += made
  total.caught += caught
  total.right += right
  total.classes++
  const kept = made === 0 || right / made >= promised
  if (!kept) short.push(name)
  say(
    `${kept ? '      ' : 'SHORT '} ${name.padEnd(52)} ${`${caught}/${made}`.padStart(7)} caught ${`${right}/${made}`.padStart(7)} for the right reason${open > 0 ? `, ${open} said to be open` : ''}`,
  )
  for (const line of missed.slice(0, only ? 20 : 3)) say(`          ${line}`)
}

const records = ownRecords()
say(`${records.length} sound records of our own; up to ${perClass} defects a class, seed "${seed}"\n`)
for (const each of plantedIn(records, chance)) tally(each)

const examples = officialExamples().filter((example) => errorsIn(example, example.resource).length === 0)
if (examples.length === 0) say(`\nSKIPPED: defects in official examples need ${packagesFolder}`)
else {
  say(`\n${examples.length} sound official examples\n`)
  for (const each of derivedIn(examples, chance)) tally(each)
}

const share = (count: number): string => `${((count / total.made) * 100).toFixed(2)} %`
say(
  `\n${total.made} defects of ${total.classes} classes: ${total.caught} caught (${share(total.caught)}), ${total.right} for the right reason (${share(total.right)}); ${short.length} classes below ${promised * 100} %`,
)
process.exitCode = short.length > 0 || total.made === 0 ? 1 : 0
