/** Runs HL7's public validator cases at hand and compares verdicts with those of HL7's Java validator; prints the disagreements. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { shippedPackages } from '../../profiles/definitions.ts'
import { packageOfResources } from '../../profiles/packages/package.ts'
import { createValidator } from '../../profiles/validator.ts'

interface Case {
  readonly id: string
  readonly definitions: string
  readonly profiles: readonly string[]
  readonly expected: 'valid' | 'invalid'
  readonly stratum: string
  readonly javaErrors: readonly string[]
  readonly options: Record<string, unknown>
  readonly resource: Record<string, unknown>
  readonly supportingResources: readonly { resourceType: string; url?: string }[]
}

const file = join(import.meta.dirname, '../../../shared/validator-cases/hl7-cases.ndjson.gz')
if (!existsSync(file)) {
  console.log(`SKIPPED: ${file} is not at hand`)
  process.exit(0)
}
const cases = gunzipSync(readFileSync(file))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case)
const shipped = shippedPackages()
const scope = new Set(['valid', 'inv-core', 'inv-bundle/ref'])
const filter = process.argv[2]
const table = new Map<string, [number, number]>()
for (const each of cases) {
  if (filter !== undefined && !each.id.includes(filter) && each.stratum !== filter) continue
  const own = packageOfResources({ name: 'case', version: '0' }, each.supportingResources)
  const [id, version] = each.definitions.split('#') as [string, string]
  const validator = createValidator({
    packages: [own, ...shipped],
    editions: new Map([[id, version]]),
    policy: {
      unknownExtensions: 'error',
      unresolvedProfiles: 'error',
      exampleUrls: each.options.examples !== false,
      contained: each.options.validateContains !== 'IGNORE',
    },
    resolve: (reference) =>
      each.supportingResources.find((resource) => {
        const { id: own, resourceType, url } = resource as Record<string, unknown>
        return reference === `${resourceType}/${own}` || reference === url
      }),
  })
  let findings: ReturnType<typeof validator.validate>
  try {
    findings = validator.validate(each.resource, { profiles: each.id.endsWith('/profile') ? each.profiles : [] })
  } catch (trouble) {
    console.log(each.id, 'THROWS', trouble)
    continue
  }
  const errors = findings.filter(({ severity }) => severity === 'error')
  const agrees = errors.length > 0 === (each.expected === 'invalid')
  const [yes, all] = table.get(each.stratum) ?? [0, 0]
  table.set(each.stratum, [yes + (agrees ? 1 : 0), all + 1])
  if (agrees && filter === undefined) continue
  console.log(
    `${agrees ? 'agrees' : 'DIFFERS'} ${each.id} (${each.stratum}, ${each.resource.resourceType}) ${each.profiles.join(' ')}`,
  )
  for (const text of each.javaErrors.slice(0, 6)) console.log(`   java: ${text.slice(0, 250)}`)
  for (const { code, message, expression, profile, element } of errors.slice(0, 8))
    console.log(`   ours: ${code} ${expression}: ${message.slice(0, 250)} [${profile}#${element}]`)
}
let agreed = 0
let total = 0
for (const [stratum, [yes, all]] of [...table].sort()) {
  console.log(`${stratum}: ${yes}/${all}`)
  if (scope.has(stratum)) {
    agreed += yes
    total += all
  }
}
console.log(`profile scope: ${agreed}/${total} = ${((agreed / total) * 100).toFixed(1)} %`)
