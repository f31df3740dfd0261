/** Seeds defects into the official examples and counts, class by class, which the validator finds, and which for the right reason. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { shippedPackages } from '../../profiles/definitions.ts'
import { createValidator, type Validator } from '../../profiles/validator.ts'
import { classes, type Setting, type Site } from './defects/classes.ts'
import { type Definition, type Example, type Json, Model, readPackages } from './defects/model.ts'

const folder = join(import.meta.dirname, '../../../shared/ig')
if (!existsSync(folder)) {
  console.log(`SKIPPED: ${folder} is not at hand`)
  process.exit(0)
}
const perClass = Number(process.argv[2] ?? 60)
const seed = Number(process.argv[3] ?? 1)
const only = process.argv[4]
const guides = [
  'hl7.fhir.us.davinci-pdex#2.2.0-ci',
  'hl7.fhir.us.davinci-pdex#2.1.0',
  'hl7.fhir.us.davinci-hrex#1.2.0',
  'hl7.fhir.us.core#7.0.0',
  'hl7.fhir.us.core#6.1.0',
  'hl7.fhir.us.carin-bb#2.0.0',
  'hl7.fhir.us.davinci-pas#2.0.1',
  'hl7.fhir.us.davinci-cdex#2.1.0',
  'hl7.fhir.us.davinci-drug-formulary#2.0.1',
]
let state = seed
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 4294967296
}
const { definitions: base } = readPackages(folder, ['hl7.fhir.r4.core#4.0.1'])
interface Subject {
  readonly example: Example
  readonly model: Model
  readonly validator: Validator
  readonly profile: Definition
}
const subjects: Subject[] = []
for (const guide of guides) {
  const { definitions, examples } = readPackages(folder, [guide])
  const model = new Model(new Map([...base, ...definitions]))
  const validator = createValidator({
    packages: shippedPackages(),
    home: guide,
    policy: { unknownExtensions: 'error', exampleUrls: false },
  })
  for (const example of examples) {
    const claimed = ((example.resource.meta as Json | undefined)?.profile as string[] | undefined)
      ?.map((url) => definitions.get(url.split('|')[0] as string))
      .find(Boolean)
    const profile = claimed ?? model.typeOf(String(example.resource.resourceType))
    if (!profile || profile.type !== example.resource.resourceType) continue
    if (validator.validate(example.resource, { profiles: [profile.url] }).some(({ severity }) => severity === 'error'))
      continue
    subjects.push({ example, model, validator, profile })
  }
}
console.log(`${subjects.length} clean examples`)

function settingOf({ example, model, profile }: Subject): Setting {
  const resource = structuredClone(example.resource)
  const type = model.typeOf(String(resource.resourceType)) as Definition
  return {
    model,
    resource,
    profile,
    places: [...model.places(resource, type, String(resource.resourceType), String(resource.resourceType))],
  }
}

let all = 0
let caught = 0
let right = 0
for (const [name, find] of Object.entries(classes)) {
  if (only !== undefined && !name.includes(only)) continue
  let done = 0
  let found = 0
  let exact = 0
  const missed: string[] = []
  const order = [...subjects].map((subject) => [random(), subject] as const).sort((a, b) => a[0] - b[0])
  for (let round = 0; round < 3 && done < perClass; round++) {
    for (const [, subject] of order) {
      if (done >= perClass) break
      const setting = settingOf(subject)
      const sites: Site[] = find(setting)
      const chosen = sites[Math.floor(random() * sites.length)]
      if (!chosen) continue
      const { at, codes } = chosen.seed()
      if (at.length === 0) continue
      done++
      const profiles = [subject.profile.url]
      const errors = subject.validator
        .validate(setting.resource, { profiles })
        .filter(({ severity, code }) => severity === 'error' || code === 'binding-not-decided')
      if (errors.some(({ code }) => code !== 'binding-not-decided' || codes.includes(code))) found++
      if (errors.some(({ code, expression }) => codes.includes(code) && at.includes(expression))) exact++
      else if (missed.length < 4) {
        missed.push(
          `${subject.example.home} ${subject.example.name} ${subject.profile.url}: wanted ${codes.join('/')} at ${at.join(' or ')}; got ${
            errors
              .slice(0, 4)
              .map(({ code, expression }) => `${code} ${expression}`)
              .join(', ') || 'nothing'
          }`,
        )
      }
    }
  }
  all += done
  caught += found
  right += exact
  console.log(`${name.padEnd(32)} ${String(found).padStart(4)}/${done} caught, ${exact}/${done} for the right reason`)
  for (const text of missed) console.log(`    ${text}`)
}
console.log(
  `all: ${caught}/${all} caught (${((caught / all) * 100).toFixed(2)} %), ${right} for the right reason (${((right / all) * 100).toFixed(2)} %)`,
)
