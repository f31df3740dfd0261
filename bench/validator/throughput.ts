/** Resources and megabytes a second on one thread, warm, over the realistic mix: the examples of PDex, US Core 7.0.0 and CARIN BB. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedPackages } from '../../profiles/definitions.ts'
import { filesOfTarball } from '../../profiles/packages/tarball.ts'
import { createValidator } from '../../profiles/validator.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')
if (!existsSync(folder)) {
  console.log(`SKIPPED: ${folder} is not at hand`)
  process.exit(0)
}
const mix = ['hl7.fhir.us.davinci-pdex#2.2.0-ci', 'hl7.fhir.us.core#7.0.0', 'hl7.fhir.us.carin-bb#2.0.0']
const resources: { resource: unknown; bytes: number }[] = []
for (const name of mix) {
  for (const { path, content } of filesOfTarball(readFileSync(join(folder, `${name}.tgz`)))) {
    if (!/^package\/example\/[^.][^/]*\.json$/.test(path)) continue
    const resource = JSON.parse(content.toString('utf8')) as unknown
    resources.push({ resource, bytes: JSON.stringify(resource).length })
  }
}
const bytes = resources.reduce((sum, each) => sum + each.bytes, 0)
const validator = createValidator({
  packages: shippedPackages(),
  editions: new Map(mix.map((name) => name.split('#') as [string, string])),
})
const rounds = Number(process.argv[2] ?? 10)
const run = (): [number, number] => {
  let findings = 0
  const start = process.cpuUsage()
  for (const { resource } of resources) findings += validator.validate(resource).length
  const { user, system } = process.cpuUsage(start)
  return [(user + system) / 1000, findings]
}
const [first] = run()
console.log(`${resources.length} resources, ${(bytes / 1e6).toFixed(2)} MB; first pass ${Math.round(first)} ms`)
let best = Number.POSITIVE_INFINITY
let total = 0
let findings = 0
for (let round = 0; round < rounds; round++) {
  const [time, found] = run()
  findings = found
  total += time
  best = Math.min(best, time)
}
const mean = total / rounds
const rate = (time: number): string =>
  `${Math.round((resources.length / time) * 1000)} resources/s, ${(bytes / time / 1000).toFixed(1)} MB/s`
console.log(
  `mean ${rate(mean)}; best ${rate(best)}; ${findings} findings; ${Math.round(process.memoryUsage().rss / 1e6)} MB RSS`,
)
