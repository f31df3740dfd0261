/** FHIRPath invariants of an element: met, broken, or not decided. */
import type { CompiledInvariant, World } from '../compile/compiled.ts'
import type { Json, Visit } from './visit.ts'

/** Judges all invariants of one value. */
export function judgeInvariants(
  world: World,
  visit: Visit,
  invariants: readonly CompiledInvariant[],
  value: unknown,
  type: string,
  shadow?: Json | undefined,
): void {
  for (const invariant of invariants) {
    const severity = invariant.bestPractice ? world.policy.bestPractice : invariant.severity
    if (severity === 'ignore') continue
    let met: boolean | undefined
    let reason = 'it cannot be evaluated here'
    try {
      met = invariant.test(visit, value, type, shadow)
    } catch (trouble) {
      reason = trouble instanceof Error ? trouble.message : String(trouble)
    }
    if (met === true) continue
    const { key, expression, demand } = invariant
    if (met === undefined) {
      if (!world.policy.reportUndecided) continue
      visit.report('information', 'invariant-not-decided', `Whether ${key} holds is not decided: ${reason}.`, demand, {
        key,
        expected: expression,
      })
    } else
      visit.report(severity, 'invariant', `The rule ${key} is broken: ${brief(expression)}`, demand, {
        key,
        expected: expression,
      })
  }
}

const brief = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 300 ? `${flat.slice(0, 297)}...` : flat
}
