/** Expressions that were published wrong in R4, and what they say since they were corrected (HL7 Jira, later releases of FHIR). */

import type { RowBinding } from './sheet.ts'

const corrected: ReadonlyMap<string, string> = new Map([
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
