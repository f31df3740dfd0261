/** The sound resources that defects are put into: the records of our own people, and the official examples where they are at hand. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Editions } from '../../harness/edition.ts'
import { shippedPackages } from '../../profiles/definitions.ts'
import { createValidator, type Finding, type Validator, versionsFor } from '../../profiles/validate.ts'
import { cast } from '../../simulators/fixtures/people.ts'
import { type Definition, type Json, Model, readPackages } from './derived/model.ts'

export interface Subject {
  readonly name: string
  readonly resource: Json
  readonly validator: Validator
  readonly profiles: readonly string[]
}
/** An official example, with the definitions of its package. */
export interface Example extends Subject {
  readonly model: Model
  readonly profile: Definition
}

/** What a subject's validator finds, in the subject or in what became of it. */
export const findingsIn = ({ validator, profiles }: Subject, resource: unknown): Finding[] =>
  validator.validate(resource, { profiles })

/** The errors among it. */
export const errorsIn = (subject: Subject, resource: unknown): Finding[] =>
  findingsIn(subject, resource).filter(({ severity }) => severity === 'error')

const editions: Editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' }
const payer = (name: string, uri: string, value: string) => ({
  name,
  uri,
  identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value },
})

/** The records of the members that self-play knows. */
export function ownRecords(): Subject[] {
  const people = cast({
    editions,
    now: new Date('2026-03-02T15:00:00.000Z'),
    seed: 'vitruvian',
    responder: payer('Old Plan', 'https://old-plan.example/payer', '99901'),
    requester: payer('New Plan', 'https://new-plan.example/payer', '99902'),
  })
  const record = people.flatMap((person) => person.record ?? [])
  const held = new Map(record.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]))
  const packages = shippedPackages()
  const validator = createValidator({
    packages,
    editions: versionsFor(editions, packages),
    policy: { unknownExtensions: 'error' },
    resolve: (reference) => held.get(reference),
  })
  return record
    .map((resource) => ({
      name: `${resource.resourceType}/${resource.id}`,
      resource: resource as unknown as Json,
      validator,
      profiles: [],
    }))
    .filter((subject) => errorsIn(subject, subject.resource).length === 0)
}

export const packagesFolder = join(import.meta.dirname, '../../../shared/ig')

const guides = [
  'hl7.fhir.us.davinci-pdex#2.0.0',
  'hl7.fhir.us.davinci-pdex#2.1.0',
  'hl7.fhir.us.davinci-pdex#2.2.0-ci',
  'hl7.fhir.us.davinci-hrex#1.2.0',
  'hl7.fhir.us.davinci-cdex#2.1.0',
  'hl7.fhir.us.davinci-atr#2.1.0',
  'hl7.fhir.us.carin-bb#2.0.0',
  'hl7.fhir.us.davinci-drug-formulary#2.0.1',
  'hl7.fhir.us.core#3.1.1',
  'hl7.fhir.us.core#6.1.0',
  'hl7.fhir.us.core#7.0.0',
  'hl7.fhir.us.ndh#1.0.0',
  'hl7.fhir.us.davinci-pas#2.0.1',
]

/** Every official example of those guides, sound or not, with the profile that it claims (else its type). */
export function officialExamples(): Example[] {
  if (!existsSync(packagesFolder)) return []
  const { definitions: base } = readPackages(packagesFolder, ['hl7.fhir.r4.core#4.0.1'])
  return guides.flatMap((guide) => {
    const { definitions, examples } = readPackages(packagesFolder, [guide])
    const model = new Model(new Map([...base, ...definitions]))
    const validator = createValidator({
      packages: shippedPackages(),
      home: guide,
      policy: { unknownExtensions: 'error', exampleUrls: false },
    })
    return examples.flatMap(({ name, resource }): Example[] => {
      const claimed = ((resource.meta as Json | undefined)?.profile as string[] | undefined)
        ?.map((url) => definitions.get(url.split('|')[0] as string))
        .find(Boolean)
      const profile = claimed ?? model.typeOf(String(resource.resourceType))
      if (!profile || profile.type !== resource.resourceType) return []
      return [{ name: `${guide} ${name}`, resource, validator, profiles: [profile.url], model, profile }]
    })
  })
}
