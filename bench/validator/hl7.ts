/** HL7's own validator on the same examples, where its jar and Java are at hand. It runs in a process of its own: times are by the clock. */
import { existsSync } from 'node:fs'
import { hl7Jar } from '../../cli/validation/hl7-jar.ts'
import { hl7Places } from '../../cli/validation/hl7-packages.ts'
import { HarnessError } from '../../harness/errors.ts'
import { startHl7 } from '../../profiles/hl7/engine.ts'
import { type Example, packagesFolder } from '../defects/subjects.ts'

/** What it refuses and how fast it is, in a line; or why it was not asked. */
export async function hl7Line(guide: string, examples: readonly Example[]): Promise<string> {
  const jar = hl7Jar(undefined)
  if (!existsSync(jar)) return 'not asked: there is no jar (npm run hl7-validator:install)'
  try {
    return await asked(jar, guide, examples)
  } catch (trouble) {
    if (!(trouble instanceof HarnessError)) throw trouble
    return `not asked: ${trouble.message}`
  }
}

async function asked(jar: string, guide: string, examples: readonly Example[]): Promise<string> {
  const started = performance.now()
  const engine = await startHl7({ jar, packages: [guide], ...hl7Places(packagesFolder), anyExtensions: false })
  const ready = performance.now()
  let refused = 0
  try {
    for (const { resource, profiles } of examples) {
      const { issue } = await engine.validate(Buffer.from(JSON.stringify(resource)), profiles)
      if (issue.some(({ severity }) => severity === 'error' || severity === 'fatal')) refused++
    }
  } finally {
    await engine.stop()
  }
  const seconds = (performance.now() - ready) / 1000
  return `version ${engine.version}: ${refused} of ${examples.length} refused, ${(examples.length / seconds).toFixed(1)}/s, ready after ${((ready - started) / 1000).toFixed(0)} s`
}
