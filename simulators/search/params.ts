/** How a row of the search table is written: kinds of parameters, and what a type offers. */
export type ParamKind = 'token' | 'reference' | 'date' | 'string'

export interface SearchParam {
  readonly name: string
  readonly kind: ParamKind
  /** In the language of path.ts. */
  readonly path: string
  /** Of a code: its implied system. */
  readonly system?: string
  /** Of a reference: the types it may point at. */
  readonly targets?: readonly string[]
}

export interface TypeRow {
  readonly params: readonly SearchParam[]
  /** `patient+category`: parameters that a client may count on together. */
  readonly combinations: readonly string[]
  /** `participant:Practitioner` -> where the references are. */
  readonly includes: Readonly<Record<string, string>>
  /** _revinclude=Provenance:target. */
  readonly provenance: boolean
  /** Where the time of care is: what `start` and `end` of $everything ask for. */
  readonly care?: string
}

export const token = (name: string, path = name, system?: string): SearchParam => ({
  name,
  kind: 'token',
  path,
  ...(system === undefined ? {} : { system }),
})
export const date = (name: string, path = name): SearchParam => ({ name, kind: 'date', path })
export const text = (name: string, path = name): SearchParam => ({ name, kind: 'string', path })
export const reference = (name: string, path: string, ...targets: string[]): SearchParam => ({
  name,
  kind: 'reference',
  path,
  targets,
})
export const patient = (path: 'patient' | 'subject' | 'beneficiary'): SearchParam =>
  reference('patient', path, 'Patient')

export const hl7 = (name: string): string => `http://hl7.org/fhir/${name}`
export const address = [
  text('address'),
  text('address-city', 'address.city'),
  text('address-state', 'address.state'),
  text('address-postalcode', 'address.postalCode'),
]
export const row = (
  params: readonly SearchParam[],
  more: Partial<Omit<TypeRow, 'params'>> & { readonly of?: 'nobody' } = {},
): TypeRow => ({
  params,
  combinations: more.combinations ?? [],
  includes: more.includes ?? {},
  provenance: more.provenance ?? more.of !== 'nobody',
  ...(more.care === undefined ? {} : { care: more.care }),
})
