/** A member's record in a few resources, for what is about which of them come. */

const ana = { reference: 'Patient/ana' }
/** A resource of Ana. */
export const of = (resourceType: string, id: string, more: object = {}): object => ({
  resourceType,
  id,
  subject: ana,
  patient: ana,
  ...more,
})
export const person = { resourceType: 'Patient', id: 'ana' }
export const [c1, c2] = [of('Condition', 'c1'), of('Condition', 'c2')]
export const claim = of('ExplanationOfBenefit', 'e1', { use: 'claim' })
export const authorization = of('ExplanationOfBenefit', 'e2', { use: 'preauthorization' })
