/** What profiles demand: required elements, fixed values, patterns, bindings, slices. */
import { concept, list, requiredByProfile, scalar, string, vital, without } from './kit.ts'
import { at, isObject, type Json, on, type Plant } from './spots.ts'

export const profiles: Readonly<Record<string, Plant>> = {
  'missing, required by the profile': without(requiredByProfile),
  'value other than the fixed one': on(
    ['ExplanationOfBenefit'],
    (resource) => {
      if (JSON.stringify(resource.meta).includes('pdex-prior')) return undefined
      resource.use = 'preauthorization'
      return ['ExplanationOfBenefit.use']
    },
    ['value-fixed', 'value-pattern'],
  ),
  'unit other than the fixed one': on(
    ['Observation'],
    (resource) => {
      if (!vital(resource) || !isObject(resource.valueQuantity)) return undefined
      resource.valueQuantity.system = 'urn:other'
      return ['Observation.valueQuantity.system', 'Observation.valueQuantity']
    },
    ['value-fixed', 'value-pattern'],
  ),
  'value other than the pattern': on(
    ['ExplanationOfBenefit'],
    (resource) => {
      const [first] = list((resource.type as Json | undefined)?.coding) as Json[]
      if (!first || !JSON.stringify(resource.meta).includes('carin-bb')) return undefined
      first.code = first.code === 'pharmacy' ? 'institutional' : 'pharmacy'
      return ['ExplanationOfBenefit.type', 'ExplanationOfBenefit.type.coding']
    },
    ['value-pattern', 'slice-min', 'binding-required'],
  ),
  'code outside of a required value set': at(
    (spot) =>
      string(spot) &&
      scalar(spot) &&
      ['status', 'gender', 'intent', 'use', 'lifecycleStatus', 'outcome'].includes(spot.name) &&
      !/extension/.test(spot.path),
    () => 'xyzzy',
    ['binding-required', 'value-fixed', 'value-pattern'],
  ),
  'concept outside of a required value set': on(
    ['Condition', 'AllergyIntolerance'],
    (resource) => {
      if (!isObject(resource.clinicalStatus)) return undefined
      resource.clinicalStatus = concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'xyzzy')
      return [
        `${resource.resourceType}.clinicalStatus`,
        `${resource.resourceType}.clinicalStatus.coding[0]`,
        `${resource.resourceType}.clinicalStatus.coding[0].code`,
      ]
    },
    ['binding-required', 'code-unknown'],
  ),
  'slice missing': on(
    ['Observation'],
    (resource) => {
      if (!vital(resource)) return undefined
      resource.category = [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'survey')]
      return ['Observation.category']
    },
    ['slice-min'],
  ),
  'component slice missing': on(
    ['Observation'],
    (resource) => {
      if (list(resource.component).length < 2 || !vital(resource)) return undefined
      if (!JSON.stringify(resource.meta).includes('blood-pressure')) return undefined
      resource.component = list(resource.component).slice(1)
      return ['Observation.component']
    },
    ['slice-min', 'cardinality-min'],
  ),
  'slice too often': on(
    ['Observation'],
    (resource) => {
      if (!JSON.stringify(resource.meta ?? '').includes('blood-pressure')) return undefined
      resource.component = [...list(resource.component), structuredClone(list(resource.component)[0])]
      return ['Observation.component']
    },
    ['slice-max'],
  ),
  'value in no slice of a closed list': on(
    ['ExplanationOfBenefit'],
    (resource) => {
      if (!JSON.stringify(resource.meta ?? '').includes('pdex-prior')) return undefined
      const adjudication = list(resource.adjudication) as Json[]
      resource.adjudication = [
        ...adjudication,
        { category: concept('urn:oid:1.2.3', 'other'), amount: { value: 1, currency: 'USD' } },
      ]
      return [`ExplanationOfBenefit.adjudication[${adjudication.length}]`]
    },
    ['slice-closed'],
  ),
  'other type where the slicing is closed': on(
    ['Observation'],
    (resource) => {
      if (!/occupation|pregnancy/.test(JSON.stringify(resource.meta ?? ''))) return undefined
      delete resource.valueCodeableConcept
      resource.valueString = 'x'
      return ['Observation.valueString', 'Observation.value']
    },
    ['slice-closed', 'type-not-allowed'],
  ),
}
