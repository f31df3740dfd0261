/** Input of an operation, the same from a query and from a posted Parameters resource (FHIR R4 operations). */

import type { Parameters } from 'fhir/r4.js'
import type { Asked } from '../asked.ts'
import { bodyType } from '../guards/fhir-json.ts'
import type { Pair } from '../search/criteria.ts'
import { outcome } from '../simulator.ts'

/** Names and values in order; a refusal when a body is there and is no Parameters. */
export async function operationInput(request: Asked, url: URL): Promise<Pair[] | Response> {
  const pairs: Pair[] = [...url.searchParams].filter(([name]) => name !== '_format' && name !== '_pretty')
  if (request.method !== 'POST') return pairs
  const text = await request.text()
  if (text.trim() === '') return pairs
  if (!['application/fhir+json', 'application/json'].includes(bodyType(request)))
    return outcome(415, 'not-supported', 'the input is posted as application/fhir+json')
  let body: Partial<Parameters> | undefined
  try {
    body = JSON.parse(text) as Partial<Parameters>
  } catch {
    return outcome(400, 'structure', 'the body is no JSON')
  }
  if (body?.resourceType !== 'Parameters' || (body.parameter !== undefined && !Array.isArray(body.parameter)))
    return outcome(400, 'structure', 'the body is no Parameters resource')
  for (const parameter of body.parameter ?? []) {
    const value = Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1] as unknown
    const plain = typeof value === 'object' && value !== null ? (value as { reference?: unknown }).reference : value
    if (
      typeof parameter.name !== 'string' ||
      (typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'boolean')
    )
      return outcome(400, 'structure', 'a parameter of the body has no name or no value that can be read')
    pairs.push([parameter.name, String(plain)])
  }
  return pairs
}

/** Comma lists and repetitions are one list. */
export const listed = (pairs: readonly Pair[], name: string): string[] =>
  pairs
    .filter(([n]) => n === name)
    .flatMap(([, value]) => value.split(','))
    .map((v) => v.trim())
    .filter(Boolean)
