/**
 * `npm run bench:validator -- [defects per class] [megabytes of NDJSON]`: the numbers that the validator promises against their
 * floors, in one run beside Medplum's validator and fhirpath.js; and HL7's own on the same examples where its jar is at hand.
 */
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { disputes } from '../../profiles/cases/disputes.ts'
import { type Example, errorsIn, findingsIn, officialExamples, packagesFolder } from '../defects/subjects.ts'
import { caughtBoth } from './defects.ts'
import { fhirPathSpeeds } from './fhirpath-speed.ts'
import { hl7Line } from './hl7.ts'
import { medplumAccepts } from './medplum.ts'
import { Numbers } from './numbers.ts'
import { benchOfProcesses, type StreamResult } from './spawned.ts'
import { shareOf, type Throughput, throughput } from './throughput.ts'

const home = join(import.meta.dirname, '../..')
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const row = (name: string, ...cells: string[]): void =>
  say(`  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(28)).join('')}`)

const ours = 'Vitruvian'
const theirs = `Medplum ${
  (
    JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>
    }
  ).devDependencies['@medplum/core']
}`
const numbers = new Numbers()

/** 0 where every promise is kept. */
export async function main([perClass = '10', megabytes = '150']: readonly string[]): Promise<number> {
  say(machine())
  const examples = officialExamples()
  if (examples.length === 0) {
    say(`SKIPPED: the comparison needs the official packages in ${packagesFolder}`)
    return 0
  }
  const mix = new Set(['hl7.fhir.us.davinci-pdex#2.2.0-ci', 'hl7.fhir.us.core#7.0.0', 'hl7.fhir.us.carin-bb#2.0.0'])
  const realistic = examples.filter((example) => mix.has(guideOf(example)))
  await speed(realistic)
  await processes(examples, Number(megabytes) * 1e6)
  numbers.note('pack', statSync(join(home, 'profiles/sheets/definitions.pack')).size / 1e6, 'at most', 1, ' MB')
  sameAgain(realistic)

  const known = new Set(disputes.map(({ guide, example }) => `${guide} ${example}.json`))
  const clean = examples.filter(({ name }) => !known.has(name))
  await refusals(clean)
  defects(clean, Number(perClass))
  say(`\n${machine()}`)
  for (const line of numbers.table()) say(line)
  return numbers.broken > 0 ? 1 : 0
}

const guideOf = ({ name }: Example): string => name.slice(0, name.indexOf(' '))

function machine(): string {
  const [cpu] = cpus()
  return `${cpu?.model.trim()}, ${cpus().length} threads, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}; times are CPU time unless they say wall`
}

/** One thread, warm, with the profiles applied. */
async function speed(realistic: readonly Example[]): Promise<void> {
  const bytes = realistic.reduce((sum, { resource }) => sum + JSON.stringify(resource).length, 0)
  const judge = (example: Example): void => void errorsIn(example, example.resource)
  say(`\nThroughput, one thread, warm: ${realistic.length} official examples, ${(bytes / 1e6).toFixed(2)} MB`)
  const own = throughput(realistic, bytes, { warm: 60, counted: 60 }, judge)
  const share = await shareOf('judgeInvariants', () => {
    for (let round = 0; round < 40; round++) for (const example of realistic) judge(example)
  })
  const rate = ({ perSecond, megabytes }: Throughput): string =>
    `${Math.round(perSecond)}/s, ${megabytes.toFixed(1)} MB/s`
  row(ours, rate(own), `${(share * 100).toFixed(0)} % of it in FHIRPath`)
  const other = throughput(realistic, bytes, { warm: 1, counted: 3 }, ({ resource, profile }) =>
    medplumAccepts(resource, profile),
  )
  row(theirs, rate(other), `${ours} ${Math.round(own.perSecond / other.perSecond)} times as fast`)
  numbers.note('throughput, one thread, warm', own.perSecond, 'at least', 10_000, ' /s')
  numbers.note('throughput, one thread, warm', own.megabytes, 'at least', 55, ' MB/s')
  numbers.note('FHIRPath in that time', share * 100, 'at most', 25, ' %')

  say('\nFHIRPath: every invariant that these examples meet')
  for (const { name, evaluations, microseconds } of fhirPathSpeeds(realistic))
    row(name, `${evaluations} evaluations`, `${microseconds.toFixed(2)} µs each`)
}

/** As a user starts it: the first verdict, and all packages' examples as a stream of NDJSON. */
async function processes(examples: readonly Example[], bytes: number): Promise<void> {
  const bench = benchOfProcesses()
  try {
    const small = examples.find(({ resource }) => resource.resourceType === 'Patient') ?? (examples[0] as Example)
    const { wall, cpu, node } = await bench.start(small.resource, 11)
    say('\nProcess start to first verdict, one small file; median of 11')
    row(ours, `${wall.toFixed(0)} ms wall`, `${cpu.toFixed(0)} ms CPU`, `Node alone ${node.toFixed(0)} ms wall`)
    numbers.note('process start to first verdict, wall', wall, 'at most', 150, ' ms')

    const resources = examples.map(({ resource }) => resource)
    const guides = new Set(examples.map(guideOf)).size
    say(`\nNDJSON, ${Math.round(bytes / 1e6)} MB: the examples of ${guides} guides again and again`)
    const shown = ({ megabytesPerSecond, cpuSeconds, peak, growth }: StreamResult): string[] => [
      `${megabytesPerSecond.toFixed(1)} MB/s wall`,
      `${cpuSeconds.toFixed(1)} s CPU`,
      `${Math.round(peak / 1e6)} MB RSS at most`,
      `x ${growth.toFixed(2)} in the second half`,
    ]
    const alone = await bench.stream(resources, bytes, 1)
    row('one thread', ...shown(alone))
    const crew = await bench.stream(resources, bytes, availableParallelism())
    row(`${availableParallelism()} threads`, ...shown(crew))
    const asIs = await bench.stream(resources, bytes, undefined)
    row('as it chooses itself', ...shown(asIs))
    numbers.note('memory, all packages reachable, NDJSON', asIs.peak / 1e6, 'at most', 250, ' MB')
    numbers.note('memory in the last quarter beside the second', asIs.growth, 'at most', 1.15, '')
  } finally {
    bench.end()
  }
}

/** The same input twice, and with its properties the other way round. */
function sameAgain(realistic: readonly Example[]): void {
  const text = (example: Example, resource: unknown): string => JSON.stringify(findingsIn(example, resource))
  const differing = realistic.filter((example) => {
    const first = text(example, example.resource)
    return first !== text(example, example.resource) || first !== text(example, turned(example.resource))
  })
  numbers.note('other findings on the same, or in another order', differing.length, 'at most', 0, '')
}

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, turned(inner)] as const)
  return Object.fromEntries(entries.reverse())
}

/** Official examples without a known defect, which should not be refused. */
async function refusals(clean: readonly Example[]): Promise<void> {
  const counted = (list: readonly Example[], refuses: (example: Example) => boolean | 'crash'): string => {
    const answers = list.map(refuses)
    const crashed = answers.filter((answer) => answer === 'crash').length
    return `${answers.filter((answer) => answer === true).length} refused, ${crashed} not judged`
  }
  const weRefuse = (example: Example): boolean => errorsIn(example, example.resource).length > 0
  const medplumRefuses = ({ resource, profile }: Example): boolean | 'crash' => {
    const accepted = medplumAccepts(resource, profile)
    return accepted === 'crash' ? accepted : !accepted
  }
  say(`\nOfficial examples without a known defect: ${clean.length}`)
  row(ours, counted(clean, weRefuse))
  row(theirs, counted(clean, medplumRefuses))
  numbers.note('official examples refused without a dispute', clean.filter(weRefuse).length, 'at most', 0, '')

  const ci = 'hl7.fhir.us.davinci-pdex#2.2.0-ci'
  const ofCi = clean.filter((example) => guideOf(example) === ci)
  say(`\nHL7's validator on the ${ofCi.length} of ${ci} (ours: ${counted(ofCi, weRefuse)})`)
  row('HL7', await hl7Line(ci, ofCi))
}

function defects(clean: readonly Example[], perClass: number): void {
  const sound = clean.filter((example) => errorsIn(example, example.resource).length === 0)
  say(
    `\nDefects seeded into ${sound.length} of them, up to ${perClass} a class; a defect counts where the example was accepted before`,
  )
  let least = 1
  const total = caughtBoth(sound, perClass, (name, { ours: [made, found], theirs: [tried, seen] }) => {
    if (made > 0) least = Math.min(least, found / made)
    row(name, `${found}/${made}`, `${seen}/${tried}`)
  })
  const share = ([made, found]: readonly [number, number]): string =>
    `${found}/${made} = ${((found / made) * 100).toFixed(1)} %`
  row('all', `${ours} ${share(total.ours)}`, `${theirs} ${share(total.theirs)}`)
  numbers.note('seeded defects found, in the weakest class', least * 100, 'at least', 99.5, ' %')
}
