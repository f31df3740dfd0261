/** The validator as the checks ask it: a resource, a profile, the editions of the run; from the definitions that the project ships. */
import { type Editions, editionsText, type GuideKey } from '../harness/edition.ts'
import type { ProfileIssue, Validate } from '../harness/validation.ts'
import { shippedPackages } from './definitions.ts'
import type { Finding } from './finding.ts'
import type { LoadedPackages } from './packages/load.ts'
import type { DefinitionPackage } from './packages/package.ts'
import { createValidator, type Validator } from './validator.ts'

export type { Finding, FindingCode, Severity } from './finding.ts'
export { type LoadedPackages, type LoadOptions, loadPackages } from './packages/load.ts'
export { type DefinitionPackage, packageOfResources } from './packages/package.ts'
export type { Policy } from './policy.ts'
export { type AnswerCache, answerCache } from './terminology/answer-cache.ts'
export type { Decision } from './terminology/membership.ts'
export { type ServiceOptions, type TerminologyService, terminologyService } from './terminology/service.ts'
export { createValidator, type Validator, type ValidatorOptions, validateWith } from './validator.ts'
export { shippedPackages }

const packageIds: Readonly<Partial<Record<GuideKey, string>>> = {
  pdex: 'hl7.fhir.us.davinci-pdex',
  hrex: 'hl7.fhir.us.davinci-hrex',
  'us-core': 'hl7.fhir.us.core',
  ndh: 'hl7.fhir.us.ndh',
  'carin-bb': 'hl7.fhir.us.carin-bb',
  atr: 'hl7.fhir.us.davinci-atr',
  cdex: 'hl7.fhir.us.davinci-cdex',
  formulary: 'hl7.fhir.us.davinci-drug-formulary',
}

/** Package id -> the version at hand that an edition means: the release, or the build that comes before it. */
export function versionsFor(editions: Editions, packages: readonly DefinitionPackage[]): Map<string, string> {
  const chosen = new Map<string, string>()
  for (const [guide, version] of Object.entries(editions)) {
    const id = packageIds[guide as GuideKey]
    if (id === undefined) continue
    const found =
      packages.find((each) => each.id === id && each.version === version) ??
      packages.find((each) => each.id === id && each.version.startsWith(`${version}-`)) ??
      packages.find((each) => each.id === id && each.version.startsWith(`${version}.`))
    if (found) chosen.set(id, found.version)
  }
  return chosen
}

const validators = new Map<string, Validator>()
let further: Pick<LoadedPackages, 'packages' | 'editions'> = { packages: [], editions: new Map() }

/** Takes further packages of the run along: they come before the shipped ones, and say what their canonicals mean without a version. */
export function usePackages(packages: Pick<LoadedPackages, 'packages' | 'editions'>): void {
  further = packages
  validators.clear()
}

/** The validator of a set of editions, made once. */
export function validatorFor(editions: Editions): Validator {
  const key = editionsText(editions)
  let known = validators.get(key)
  if (!known) {
    const packages = [...further.packages, ...shippedPackages()]
    const versions = new Map([...versionsFor(editions, packages), ...further.editions])
    known = createValidator({ packages, editions: versions })
    validators.set(key, known)
  }
  return known
}

/** Holds a resource to a profile. What cannot be decided is said, never passed. */
export const validate: Validate = (resource, profile, editions) => {
  const validator = validatorFor(editions)
  if (!validator.knows(profile)) {
    return { decided: false, profile, reason: `The profile ${profile} is not among the definitions at hand.` }
  }
  return { decided: true, profile, issues: validator.validate(resource, { profiles: [profile] }).map(issueOf) }
}

const issueOf = ({ severity, code, message, expression, expected, actual }: Finding): ProfileIssue => ({
  severity,
  code,
  message,
  expression,
  ...(expected === undefined ? {} : { expected }),
  ...(actual === undefined ? {} : { actual }),
})
