/** Fixed values (equal in every detail) and patterns (at least what the pattern says), FHIR's ElementDefinition.fixed[x] and pattern[x]. */

/** Equal in every detail; the order of properties does not matter, the order of lists does. */
export function equals(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => equals(item, b[at]))
  if (Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => equals((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

/** Does the value have everything that the pattern has? Every item of a list in the pattern must be found in the value's list. */
export function fits(value: unknown, pattern: unknown): boolean {
  if (value === pattern) return true
  if (typeof value !== 'object' || typeof pattern !== 'object' || value === null || pattern === null) return false
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((wanted) => value.some((item) => fits(item, wanted)))
  }
  for (const key in pattern) {
    if (!fits((value as Record<string, unknown>)[key], (pattern as Record<string, unknown>)[key])) return false
  }
  return true
}

/** Where the value first departs from the pattern: the path inside of the value and what was wanted there. */
export function firstMisfit(
  value: unknown,
  pattern: unknown,
  path = '',
): { path: string; expected: unknown } | undefined {
  if (fits(value, pattern)) return undefined
  if (
    typeof value !== 'object' ||
    typeof pattern !== 'object' ||
    value === null ||
    pattern === null ||
    Array.isArray(pattern)
  ) {
    return { path, expected: pattern }
  }
  for (const [key, wanted] of Object.entries(pattern)) {
    const inner = firstMisfit((value as Record<string, unknown>)[key], wanted, path === '' ? key : `${path}.${key}`)
    if (inner) return inner
  }
  return { path, expected: pattern }
}
