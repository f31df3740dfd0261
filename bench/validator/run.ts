/**
 * `npm run bench:validator [defects per class]`: throughput, official examples wrongly refused and seeded defects caught, in one run
 * beside Medplum's validator; FHIRPath beside fhirpath.js; HL7's own validator on the same examples where its jar is at hand.
 */
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { disputes } from '../../profiles/cases/disputes.ts'
import { chanceFrom } from '../defects/chance.ts'
import { derivedIn } from '../defects/seeding.ts'
import { type Example, errorsIn, findingsIn, officialExamples, packagesFolder } from '../defects/subjects.ts'
import { fhirPathSpeeds } from './fhirpath-speed.ts'
import { hl7Line } from './hl7.ts'
import { medplumAccepts } from './medplum.ts'

const perClass = Number(process.argv[2] ?? 10)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  devDependencies: Record<string, string>
}

const [cpu] = cpus()
say(
  `${cpu?.model.trim()}, ${cpus().length} threads, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}; times are CPU time`,
)
const examples = officialExamples()
if (examples.length === 0) {
  say(`SKIPPED: the comparison needs the official packages in ${packagesFolder}`)
  process.exit(0)
}

/** CPU milliseconds of what it does. */
function cost(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
const row = (name: string, ...cells: string[]): void =>
  say(`  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(28)).join('')}`)

const mix = new Set(['hl7.fhir.us.davinci-pdex#2.2.0-ci', 'hl7.fhir.us.core#7.0.0', 'hl7.fhir.us.carin-bb#2.0.0'])
const guideOf = ({ name }: Example): string => name.slice(0, name.indexOf(' '))
const realistic = examples.filter((example) => mix.has(guideOf(example)))
const megabytes = realistic.reduce((sum, { resource }) => sum + JSON.stringify(resource).length, 0) / 1e6

/** The middle of some rounds, after one to warm up. */
function speed(rounds: number, judge: (example: Example) => void): string {
  const all = (): void => {
    for (const example of realistic) judge(example)
  }
  all()
  const times = Array.from({ length: rounds }, () => cost(all)).sort((a, b) => a - b)
  const middle = times[times.length >> 1] as number
  return `${Math.round((realistic.length / middle) * 1000)}/s, ${((megabytes / middle) * 1000).toFixed(1)} MB/s`
}

const ours = 'Vitruvian'
const theirs = `Medplum ${devDependencies['@medplum/core']}`
say(
  `\nThroughput, one thread, warm: ${realistic.length} official examples, ${megabytes.toFixed(2)} MB, profiles applied`,
)
row(
  ours,
  speed(30, (example) => errorsIn(example, example.resource)),
)
row(
  theirs,
  speed(3, ({ resource, profile }) => medplumAccepts(resource, profile)),
)

say('\nFHIRPath: every invariant that these examples meet')
for (const { name, evaluations, microseconds } of fhirPathSpeeds(realistic))
  row(name, `${evaluations} evaluations`, `${microseconds.toFixed(2)} µs each`)

const known = new Set(disputes.map(({ guide, example }) => `${guide} ${example}.json`))
const clean = examples.filter(({ name }) => !known.has(name))
const counted = (list: readonly Example[], refuses: (example: Example) => boolean | 'crash'): string => {
  const answers = list.map(refuses)
  const crashed = answers.filter((answer) => answer === 'crash').length
  return `${answers.filter((answer) => answer === true).length} refused, ${crashed} not judged`
}
const medplumRefuses = ({ resource, profile }: Example): boolean | 'crash' => {
  const accepted = medplumAccepts(resource, profile)
  return accepted === 'crash' ? accepted : !accepted
}
say(`\nOfficial examples without a known defect: ${clean.length}`)
row(
  ours,
  counted(clean, (example) => errorsIn(example, example.resource).length > 0),
)
row(theirs, counted(clean, medplumRefuses))

const ci = 'hl7.fhir.us.davinci-pdex#2.2.0-ci'
const ofCi = clean.filter((example) => guideOf(example) === ci)
say(
  `\nHL7's validator on the ${ofCi.length} of ${ci} (ours: ${counted(ofCi, (example) => errorsIn(example, example.resource).length > 0)})`,
)
row('HL7', await hl7Line(ci, ofCi))

const sound = clean.filter((example) => errorsIn(example, example.resource).length === 0)
say(
  `\nDefects seeded into ${sound.length} of them, up to ${perClass} a class; a defect counts where the example was accepted before`,
)
const total = { ours: [0, 0], theirs: [0, 0] }
for (const { name, mutants } of derivedIn(sound, chanceFrom('compare'))) {
  const caught = { ours: [0, 0], theirs: [0, 0] }
  for (const { subject, resource } of mutants(perClass)) {
    const findings = findingsIn(subject, resource)
    const found = findings.some(({ severity }) => severity === 'error')
    // Codes that may not be shipped: ours says that it is open, which is neither a catch nor a miss.
    if (!found && findings.some(({ code }) => code === 'binding-not-decided') && name.startsWith('bad-required'))
      continue
    count(caught.ours, found)
    if (medplumRefuses(subject) === false) count(caught.theirs, medplumAccepts(resource, subject.profile) === false)
  }
  row(name, `${caught.ours[1]}/${caught.ours[0]}`, `${caught.theirs[1]}/${caught.theirs[0]}`)
  for (const side of ['ours', 'theirs'] as const)
    for (const at of [0, 1]) total[side][at] = (total[side][at] ?? 0) + (caught[side][at] ?? 0)
}
const share = ([made = 0, found = 0]: number[]): string => `${found}/${made} = ${((found / made) * 100).toFixed(1)} %`
row('all', `${ours} ${share(total.ours)}`, `${theirs} ${share(total.theirs)}`)
say(`\n${Math.round(process.memoryUsage().rss / 1e6)} MB RSS with both loaded`)

function count(tally: number[], caught: boolean): void {
  tally[0] = (tally[0] ?? 0) + 1
  if (caught) tally[1] = (tally[1] ?? 0) + 1
}
