import type { Finding } from '../../../harness/verdict.ts'
import { at, type Coding, codingsAt, extensionsOf, type Resource } from '../../core/received.ts'
import { authorization, fromSystems, pdex, wrong } from './own-judging.ts'

const discriminators = pdex('CodeSystem', 'PDexAdjudicationDiscriminator')
const carinAdjudication = 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication'
const adjudication = 'http://terminology.hl7.org/CodeSystem/adjudication'

interface Adjudication {
  readonly node: unknown
  readonly path: string
  readonly onItem: boolean
}
const adjudications = (resource: Resource): Adjudication[] => [
  ...at(resource, 'adjudication').map((node, i) => ({ node, path: `adjudication[${i}]`, onItem: false })),
  ...at(resource, 'item').flatMap((item, i) =>
    at(item, 'adjudication').map((node, j) => ({ node, path: `item[${i}].adjudication[${j}]`, onItem: true })),
  ),
]

const isAmount = ({ system, code }: Coding): boolean =>
  system === carinAdjudication ||
  (system === adjudication && ['submitted', 'copay', 'eligible', 'deductible', 'benefit'].includes(code ?? ''))
const isSlice =
  (name: string) =>
  ({ system, code }: Coding): boolean =>
    system === discriminators && code === name

export const adjudicationIsSliced = authorization(
  'PDEX-466',
  'Adjudication is of the kinds that the profile names, each with its value',
  (one) => {
    const all = adjudications(one.resource)
    if (all.length === 0) return undefined
    return all.flatMap(({ node, path, onItem }) => {
      const codings = codingsAt(node, 'category')
      const has = (name: string): boolean => at(node, name).length > 0
      const without = (name: string): Finding[] =>
        has(name) ? [] : [wrong(one, 'missing-element', `has an adjudication without ${name}`, `${path}.${name}`)]
      if (codings.some(isSlice('denialreason'))) return without('reason')
      if (codings.some(isSlice('allowedunits')) || codings.some(isSlice('consumedunits')))
        return onItem
          ? without('value')
          : [wrong(one, 'closed-slicing', 'counts units in the header, where only items do', path, { actual: codings })]
      if (codings.some(isAmount)) return without('amount')
      return [
        wrong(
          one,
          'closed-slicing',
          'has an adjudication of a kind that the profile does not know',
          `${path}.category`,
          { actual: codings },
        ),
      ]
    })
  },
)

const adjustmentReasons = [
  'https://x12.org/codes/claim-adjustment-reason-codes',
  'https://x12.org/codes/remittance-advice-remark-codes',
]

export const denialsHaveX12Reasons = authorization('PDEX-467', 'A denial has a reason from X12', (one) => {
  const denials = adjudications(one.resource).filter(({ node }) =>
    codingsAt(node, 'category').some(isSlice('denialreason')),
  )
  if (denials.length === 0) return undefined
  return denials.flatMap(({ node, path }) =>
    fromSystems(one, node, 'reason', `${path}.reason`, adjustmentReasons, 'a reason of denial'),
  )
})

const reviewAction = pdex('StructureDefinition', 'extension-reviewAction')
const reviewActionCode = pdex('StructureDefinition', 'extension-reviewActionCode')
/** Part of a review action -> the name of its value. */
const reviewParts: Readonly<Record<string, string>> = {
  [reviewActionCode]: 'valueCodeableConcept',
  number: 'valueString',
  reasonCode: 'valueCodeableConcept',
  secondSurgicalOpinionFlag: 'valueBoolean',
}

export const reviewActionsAreComplex = authorization(
  'PDEX-471',
  'A review action has a code of X12 306 and reasons of X12 886',
  (one) => {
    const actions = adjudications(one.resource).flatMap(({ node, path }) =>
      extensionsOf(node, reviewAction).map((action) => ({ action, path: `${path}.extension` })),
    )
    if (actions.length === 0) return undefined
    return actions.flatMap(({ action, path }) => {
      const parts = at(action, 'extension') as Record<string, unknown>[]
      const found: Finding[] = []
      if (Object.keys(action).some((name) => name.startsWith('value')) || parts.length === 0)
        found.push(
          wrong(one, 'wrong-structure', 'has a review action that is no complex extension', path, {
            actual: Object.keys(action),
          }),
        )
      for (const part of parts) {
        const value = reviewParts[String(part.url)]
        if (value === undefined)
          found.push(wrong(one, 'unknown-part', 'has a review action with an unknown part', path, { actual: part.url }))
        else if (part[value] === undefined)
          found.push(
            wrong(one, 'wrong-type', `has a review action whose ${part.url} is no ${value}`, path, { expected: value }),
          )
        const systems = codingsAt(part, 'valueCodeableConcept').map(({ system = '' }) => system)
        const number = part.url === reviewActionCode ? '306' : part.url === 'reasonCode' ? '886' : undefined
        if (
          number &&
          systems.length > 0 &&
          !systems.some((system) => /x12\.org/.test(system) && system.includes(number))
        )
          found.push(
            wrong(one, 'wrong-system', `has a review action with a code outside of X12 ${number}`, path, {
              actual: systems,
            }),
          )
      }
      return found
    })
  },
)
