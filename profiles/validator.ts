/** The validator as a library: definitions in, findings out. */
import type { ProfileCheck } from './compile/compiled.ts'
import { Library, splitCanonical } from './compile/library.ts'
import { CompiledWorld } from './compile/world.ts'
import type { Finding } from './finding.ts'
import type { DefinitionPackage } from './packages/package.ts'
import { defaultPolicy, type Policy } from './policy.ts'
import { rules } from './rules/index.ts'
import { type Resolve, Scope } from './rules/scope.ts'
import { type Json, Visit } from './rules/visit.ts'
import type { Decision } from './terminology/membership.ts'
import type { TerminologyService } from './terminology/service.ts'

export interface ValidatorOptions {
  /** Definitions, the most important first; hl7.fhir.r4.core must be among them. */
  readonly packages: readonly DefinitionPackage[]
  /** Package id -> version that a canonical without a version means. */
  readonly editions?: ReadonlyMap<string, string>
  /** The guide (`id#version`) whose dependencies say what a canonical without a version means. */
  readonly home?: string
  readonly policy?: Partial<Policy>
  /** Finds the targets of references that are neither contained nor in the Bundle. */
  readonly resolve?: Resolve
  /** Decides what the value sets at hand leave open. */
  readonly terminology?: (valueSet: string, value: unknown) => Decision
}
export interface Validator {
  /** Findings of a resource held to FHIR R4, to `profiles`, and to the profiles that it claims. The same input gives the same findings. */
  validate(resource: unknown, options?: { readonly profiles?: readonly string[] }): Finding[]
  /** Is the profile (canonical with or without |version) at hand? */
  knows(profile: string): boolean
}

const start = { profile: 'http://hl7.org/fhir/StructureDefinition/Resource', element: 'Resource' }

/** Makes a validator. Definitions are compiled when first needed and kept. */
export function createValidator(options: ValidatorOptions): Validator {
  const home = options.packages.find((each) => `${each.id}#${each.version}` === options.home)
  const library = new Library(options.packages, options.editions, home)
  return validatorOf(
    new CompiledWorld(library, { ...defaultPolicy, ...options.policy }, rules, options.terminology),
    options.resolve,
  )
}

/** The validator of a world that is made already. */
export function validatorOf(world: CompiledWorld, resolve?: Resolve): Validator {
  return {
    knows: (profile) => world.profileCheck(profile) !== undefined,
    validate: (resource, { profiles = [] } = {}) => {
      if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) {
        return [
          {
            severity: 'error',
            code: 'structure-not-a-resource',
            message: 'A resource must be a JSON object.',
            expression: '',
            ...start,
          },
        ]
      }
      const json = resource as Json
      const visit = new Visit(new Scope(json, { resolve }))
      visit.push(typeof json.resourceType === 'string' ? json.resourceType : 'Resource', -1, undefined, json)
      const checks: ProfileCheck[] = []
      for (const profile of profiles) {
        const check = world.profileCheck(profile)
        if (check) checks.push(check)
        else {
          const { url } = splitCanonical(profile)
          visit.report(
            'error',
            'profile-unknown',
            `The profile ${profile} is not at hand.`,
            { profile: url, element: '' },
            { actual: profile },
          )
        }
      }
      try {
        rules.judgeWhole(world, visit, json, start, checks)
      } catch (trouble) {
        // The walk stops at the policy's depth; what follows references and patterns may still run out of stack.
        if (!(trouble instanceof RangeError)) throw trouble
        visit.depth = 1
        visit.report('error', 'structure-too-deep', 'Nested too deep to be judged.', start)
      }
      return inOrder(visit.findings)
    },
  }
}

/** As `validate`, with the help of a terminology service: judged again while the service can answer more. */
export async function validateWith(
  validator: Validator,
  service: TerminologyService,
  resource: unknown,
  options?: { readonly profiles?: readonly string[] },
): Promise<Finding[]> {
  let findings = validator.validate(resource, options)
  // An answer can open further questions (another slice, another profile), but hardly more than twice.
  for (let round = 0; round < 3 && (await service.ask()) > 0; round++) findings = validator.validate(resource, options)
  return findings
}

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const order = (a: Finding, b: Finding): number =>
  before(a.expression, b.expression) ||
  before(a.code, b.code) ||
  before(a.profile, b.profile) ||
  before(a.element, b.element) ||
  before(a.message, b.message)

/** Sorted by place, without repetitions, so that the order of properties in the input does not matter. */
function inOrder(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  findings.sort(order)
  return findings.filter((finding, at) => at === 0 || order(finding, findings[at - 1] as Finding) !== 0)
}
