/** Validates the official examples of every IG package at hand; prints what is refused, by package. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DefinitionPackage, packageOfTarball } from '../../profiles/packages/package.ts'
import { filesOfTarball } from '../../profiles/packages/tarball.ts'
import { createValidator } from '../../profiles/validator.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')
if (!existsSync(folder)) {
  console.log(`SKIPPED: ${folder} is not at hand`)
  process.exit(0)
}
const only = process.argv[2]
const verbose = process.argv.includes('-v')
const files = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
const packages = new Map<string, DefinitionPackage>()
for (const file of files) packages.set(file.slice(0, -4), packageOfTarball(readFileSync(join(folder, file))))
let all = 0
let bad = 0
const started = performance.now()
for (const name of packages.keys()) {
  if (only !== undefined && only !== '-v' && !name.includes(only)) continue
  const validator = createValidator({
    packages: [...packages.values()],
    home: name,
    policy: { unknownExtensions: 'error' },
  })
  const assigned = new Map<string, string>()
  const examples: { path: string; resource: Record<string, unknown> }[] = []
  for (const { path, content } of filesOfTarball(readFileSync(join(folder, `${name}.tgz`)))) {
    if (path.startsWith('package/ImplementationGuide-')) {
      const guide = JSON.parse(content.toString('utf8')) as {
        definition?: { resource?: { reference: { reference: string }; exampleCanonical?: string }[] }
      }
      for (const { reference, exampleCanonical } of guide.definition?.resource ?? [])
        if (exampleCanonical) assigned.set(reference.reference, exampleCanonical)
    }
    if (/^package\/example\/[^.][^/]*\.json$/.test(path))
      examples.push({ path, resource: JSON.parse(content.toString('utf8')) as Record<string, unknown> })
  }
  let wrong = 0
  for (const { path, resource } of examples) {
    const profile = assigned.get(`${resource.resourceType}/${resource.id}`)
    const findings = validator.validate(resource, { profiles: profile && validator.knows(profile) ? [profile] : [] })
    const errors = findings.filter(({ severity }) => severity === 'error')
    all++
    if (errors.length > 0) {
      wrong++
      console.log(`${name} ${path.slice(16)} ${profile ?? ''}`)
      for (const { code, message, expression, profile: by, element } of verbose ? errors : errors.slice(0, 4))
        console.log(`   ${code} ${expression}: ${message.slice(0, 300)} [${by}#${element}]`)
    }
  }
  bad += wrong
  console.log(`${name}: ${examples.length - wrong} of ${examples.length} clean`)
}
console.log(`${all - bad} of ${all} clean in ${Math.round(performance.now() - started)} ms`)
