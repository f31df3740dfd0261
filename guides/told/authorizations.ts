/** Prior authorizations as a search brings them, told in a line. */
import { authorization } from './record.ts'
import { type Step, searchset, told } from './told.ts'

/** A canonical of PDex: `pdex('CodeSystem', 'PDexAdjudicationDiscriminator')`. */
export const pdex = (kind: string, id: string): string => `http://hl7.org/fhir/us/davinci-pdex/${kind}/${id}`
/** These came when claims were searched. */
export const came = (...resources: readonly object[]): Step[] => [
  told('search', 'ExplanationOfBenefit?patient=ana', { answer: searchset(resources) }),
]
/** A concept by that coding, and by one of the payer's own beside it. */
export const coded = (system: string, code?: string): object => ({
  coding: [{ system, code }, { system: 'https://old.example/own' }],
})
/** A good authorization with this in it. */
export const having = (more: object): object => ({ ...authorization, ...more })
