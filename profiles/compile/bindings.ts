/** Bindings compiled to checks of a code, Coding, CodeableConcept or Quantity. */
import type { DefinitionPackage } from '../packages/package.ts'
import type { Demand, Json, Visit } from '../rules/visit.ts'
import type { Membership } from '../terminology/membership.ts'
import type { BindingCheck, World } from './compiled.ts'
import { nearestTo } from './nearest.ts'
import type { RowBinding } from './sheet.ts'

/** Undefined for bindings that demand nothing (preferred and example ones without a maximum). */
export function makeBinding(
  world: World,
  binding: RowBinding,
  demand: Demand,
  home: DefinitionPackage,
): BindingCheck | undefined {
  const strong = binding.strength === 'required' || binding.strength === 'extensible'
  const checks: BindingCheck[] = []
  if (strong && binding.valueSet !== undefined)
    checks.push(oneBinding(world, binding.strength, binding.valueSet, demand, home))
  if (binding.max !== undefined) {
    checks.push(
      oneBinding(world, binding.strength === 'extensible' ? 'maximum' : 'maximum-of-codes', binding.max, demand, home),
    )
  }
  for (const { purpose, valueSet, usage } of binding.additional ?? []) {
    if (usage) {
      const inner = purposeCheck(world, purpose, valueSet, demand, home)
      if (inner) checks.push((visit, value, type) => inScope(visit, usage, demand.profile) && inner(visit, value, type))
      continue
    }
    const check = purposeCheck(world, purpose, valueSet, demand, home)
    if (check) checks.push(check)
  }
  const [only] = checks
  if (checks.length <= 1) return only
  return (visit, value, type) => {
    for (const check of checks) check(visit, value, type)
  }
}

function purposeCheck(
  world: World,
  purpose: string,
  valueSet: string,
  demand: Demand,
  home: DefinitionPackage,
): BindingCheck | undefined {
  const kind =
    purpose === 'required' ? 'additional' : purpose === 'maximum' || purpose === 'extensible' ? purpose : undefined
  return kind && oneBinding(world, kind, valueSet, demand, home)
}

/** Does the resource have what the usage of an additional binding names: an element of the profile with that code? */
function inScope(visit: Visit, usage: readonly unknown[], profile: string): boolean {
  return usage.every((each) => {
    const { code, valueCodeableConcept } = each as Json
    const { system, code: path } = (code ?? {}) as Json
    if (typeof system !== 'string' || system.split('|')[0] !== profile || typeof path !== 'string') return false
    let values: unknown[] = [visit.scope.resource]
    for (const name of path.split('.').slice(1)) {
      values = values.flatMap((value) =>
        typeof value === 'object' && value !== null ? ((value as Json)[name] ?? []) : [],
      ) as unknown[]
    }
    const wanted = codingsOf(valueCodeableConcept)
    return values.some((value) =>
      codingsOf(value).some((own) => wanted.some((one) => one.system === own?.system && one.code === own?.code)),
    )
  })
}

type Kind = 'maximum-of-codes' | 'required' | 'extensible' | 'maximum' | 'additional' | 'preferred' | 'example'
const codes = {
  required: 'binding-required',
  extensible: 'binding-extensible',
  maximum: 'binding-maximum',
  'maximum-of-codes': 'binding-maximum',
  additional: 'binding-additional',
} as const

function oneBinding(world: World, kind: Kind, valueSet: string, demand: Demand, home: DefinitionPackage): BindingCheck {
  const code = codes[kind as keyof typeof codes]
  const severity = kind === 'extensible' ? 'warning' : 'error'
  let membership: Membership | undefined
  return (visit, value, type) => {
    if (!isBindable(value, type) || (kind === 'maximum-of-codes' && codeOf(value) === undefined)) return
    // A Coding without a code says nothing that could be elsewhere; a concept in words alone should still have a code.
    if (kind === 'extensible' && type === 'Coding' && codeOf(value) === undefined) return
    membership ??= world.terminology.membership(valueSet, home)
    const answer = membership.ofValue(value)
    if (answer === 'in') return
    if (answer === 'open') {
      const decided = world.decideElsewhere?.(valueSet, value)
      if (decided === 'in') return
      if (decided !== 'out') {
        if (!world.policy.reportUndecided) return
        visit.report(
          'information',
          'binding-not-decided',
          `Whether ${inside(textOf(value))} is in ${valueSet} (${kind}) is not decided: ${typeof decided === 'object' ? decided.open : (membership.reason ?? 'its content is not at hand')}.`,
          demand,
          { expected: valueSet, actual: codingOf(value) },
        )
        return
      }
    }
    const nearest = nearestTo(codeOf(value), membership)
    const said = kind === 'extensible' ? 'should, where it fits, be from' : 'must be from'
    visit.report(
      severity,
      code,
      `${textOf(value)} ${said} the value set ${valueSet}${nearest.length > 0 ? `, for instance ${nearest.join(', ')}` : ''}.`,
      demand,
      {
        expected: valueSet,
        actual: codingOf(value),
        ...(nearest.length > 0 && { nearest }),
      },
    )
  }
}

const bindable = new Set(
  'code string uri url canonical id markdown oid Coding CodeableConcept Quantity Age Count Distance Duration Money'.split(
    ' ',
  ),
)

/** Can a binding say something of a value of that type? Of a Quantity only where it has a code. */
const isBindable = (value: unknown, type: string): boolean =>
  value !== undefined &&
  value !== null &&
  bindable.has(type) &&
  (typeof value === 'string' || type === 'Coding' || type === 'CodeableConcept' || (value as Json).code !== undefined)

const codingsOf = (value: unknown): readonly Json[] => {
  if (typeof value !== 'object' || value === null) return []
  const { coding } = value as Json
  return Array.isArray(coding) ? (coding as Json[]) : [value as Json]
}

const codeOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  const first = codingsOf(value).find((coding) => typeof coding?.code === 'string')
  return first?.code as string | undefined
}

const codingOf = (value: unknown): unknown =>
  typeof value === 'string' ? value : codingsOf(value).map((coding) => `${coding?.system ?? ''}#${coding?.code ?? ''}`)

function textOf(value: unknown): string {
  if (typeof value === 'string') return `The code "${value}"`
  const list = codingsOf(value).filter((coding) => coding?.code !== undefined)
  if (list.length === 0) return 'A concept without a code'
  return `The code ${list.map((coding) => `${coding.code}${coding.system === undefined ? ' (without a system)' : ` of ${coding.system}`}`).join(' and ')}`
}

/** A beginning of a sentence within one. */
const inside = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
