/** Expressions that were published wrong in R4, and what they say since they were corrected (HL7 Jira, later releases of FHIR). */

import type { RowBinding } from './sheet.ts'

const corrected: ReadonlyMap<string, string> = new Map([
  // ref-1 and bdl-8: say nothing where there is no reference and no full URL; # alone is the container.
  [
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
    "reference.startsWith('#').not() or reference.hasValue().not() or reference = '#' or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
  ],
  ["fullUrl.contains('/_history/').not()", "fullUrl.contains('/_history/').not() or fullUrl.hasValue().not()"],
  // per-1 and rng-2: a date that is less precise, or a unit that cannot be converted, is no contradiction.
  [
    'start.hasValue().not() or end.hasValue().not() or (start <= end)',
    'start.hasValue().not() or end.hasValue().not() or (start <= end) or (start <= end).empty()',
  ],
  [
    'low.empty() or high.empty() or (low <= high)',
    'low.empty() or high.empty() or (low <= high) or (low <= high).empty()',
  ],
  // que-7: the boolean of FHIR is meant.
  ["operator = 'exists' implies (answer is Boolean)", "operator = 'exists' implies (answer is boolean)"],
  // que-12: "more than one" is two or more.
  ['enableWhen.count() > 2 implies enableBehavior.exists()', 'enableWhen.count() > 1 implies enableBehavior.exists()'],
  // ras-2: says nothing where there is no probability.
  [
    'probability is decimal implies (probability as decimal) <= 100',
    'probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))',
  ],
])

/**
 * The binding as it is meant: R4's vital signs bind Observation.component.value[x] of every type to units, which can hold for none but a
 * Quantity, and later releases took the strength back.
 */
export function correctedBinding(binding: RowBinding, types: number): RowBinding {
  const units = binding.valueSet?.startsWith('http://hl7.org/fhir/ValueSet/ucum-vitals-common') === true
  return units && binding.strength === 'required' && types > 1 ? { ...binding, strength: 'extensible' } : binding
}

/** Extensions that are allowed in more places than their definition says. */
const places: ReadonlyMap<string, string> = new Map([
  ['http://hl7.org/fhir/StructureDefinition/regex', 'ElementDefinition.type'],
  ['http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type', 'ElementDefinition.type'],
  ['http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version', 'Element'],
  ['http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation', 'Element'],
  ['http://hl7.org/fhir/StructureDefinition/capabilitystatement-prohibited', 'Element'],
])

/** One more place of an extension, where its definition forgot one. */
export const correctedPlace = (url: string): string | undefined => places.get(url)

/** Patterns that were written when matches() still meant the whole text. */
const wholeText = /^(name|path)\.matches\('(?!\^)(.*[^$])'\)$/s

/** The expression as it is meant. */
export const corrections = (expression: string): string =>
  corrected.get(expression) ?? expression.replace(wholeText, "$1.exists() implies $1.matches('^$2$$')")
