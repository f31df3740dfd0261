/** Looking things up in the table of searches. */
import { date, type SearchParam, token } from './params.ts'
import { searchTable } from './table.ts'

/** Parameters that every type has. */
const commonParams: readonly SearchParam[] = [token('_id', 'id'), date('_lastUpdated', 'meta.lastUpdated')]

/** A parameter of a type by its name. */
export const paramOf = (type: string, name: string): SearchParam | undefined =>
  commonParams.find((p) => p.name === name) ?? searchTable[type]?.params.find((p) => p.name === name)

/** Types whose search offers _revinclude=Provenance:target, and all that can be searched. */
export const searchedTypes: readonly string[] = Object.keys(searchTable)
