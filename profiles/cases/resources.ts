/** Small resources that probes are made of. */

export const patient = (more: object = {}): object => ({ resourceType: 'Patient', ...more })
export const observation = (more: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
})
export const condition = (more: object = {}): object => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/1' },
  ...more,
})
export const organization = (more: object = {}): object => ({ resourceType: 'Organization', name: 'O', ...more })
export const questionnaire = (...item: object[]): object => ({ resourceType: 'Questionnaire', status: 'draft', item })
export const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter })
export const bundle = (type: string, ...entry: object[]): object => ({
  resourceType: 'Bundle',
  type,
  ...(entry.length > 0 && { entry }),
})

/** A UUID as full URL, told by a number. */
export const uuid = (number: number): string => `urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-${String(number).padStart(12, '0')}`

/** An entry with a full URL; a string is its own, a number that of a UUID. */
export const entry = (at: string | number, resource: object, more: object = {}): object => ({
  fullUrl: typeof at === 'number' ? uuid(at) : at,
  resource,
  ...more,
})

/** A code system that nobody has. */
export const system = 'http://vitruvian.test/cs'
export const ucum = 'http://unitsofmeasure.org'
export const coded = (code: string, of = system): { coding: { system: string; code: string }[] } => ({
  coding: [{ system: of, code }],
})

/** A narrative. */
export const xhtml = (inner: string): object => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`,
})
