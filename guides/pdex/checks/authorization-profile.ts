/** What PDex's prior authorization profile demands, element by element (SD pdex-priorauthorization). */
import type { Check } from '../../../harness/check.ts'
import type { Finding, Verb } from '../../../harness/verdict.ts'
import { at, type Coding, codingsAt, extensionsOf, keyOf, type Received, type Resource } from '../../core/received.ts'
import { anyKey } from '../../core/rest.ts'
import { priorAuthorization } from '../profiles.ts'

import { claims, each, type Judge, pdex, wrong } from './own-judging.ts'

const discriminators = pdex('CodeSystem', 'PDexAdjudicationDiscriminator')
const carinAdjudication = 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication'
const adjudication = 'http://terminology.hl7.org/CodeSystem/adjudication'

const isAuthorization = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' &&
  (resource.use === 'preauthorization' || claims(resource, priorAuthorization))

const authorization = (requirement: string, title: string, judge: Judge, verb: Verb = 'SHALL'): Check =>
  each(requirement, verb, title, isAuthorization, 'prior authorization', judge)

export const authorizationClaimsItsProfile = authorization(
  'PDEX-464',
  'A prior authorization names its profile',
  (one) =>
    one.resource.use !== 'preauthorization'
      ? undefined
      : claims(one.resource, priorAuthorization)
        ? []
        : [
            wrong(one, 'missing-profile', 'does not name the profile of prior authorizations', 'meta.profile', {
              expected: priorAuthorization,
              actual: one.resource.meta?.profile,
            }),
          ],
)

export const authorizationIsForUse = authorization(
  'PDEX-465',
  'A prior authorization is of use preauthorization',
  (one) =>
    one.resource.use === 'preauthorization'
      ? []
      : [
          wrong(one, 'wrong-value', 'names the profile of prior authorizations and is of another use', 'use', {
            expected: 'preauthorization',
            actual: one.resource.use,
          }),
        ],
)

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

/** Every coding set at a path is from one of these systems; several codings of one concept may add others. */
const fromSystems = (
  one: Received,
  node: unknown,
  path: string,
  where: string,
  systems: readonly string[],
  what: string,
): Finding[] => {
  const concepts = at(node, path)
  return concepts.flatMap((concept) => {
    const codings = codingsAt({ concept }, 'concept')
    return codings.some(({ system }) => systems.includes(system ?? ''))
      ? []
      : [
          wrong(one, 'wrong-system', `has ${what} from another code system`, where, {
            expected: systems,
            actual: codings.map(({ system }) => system),
          }),
        ]
  })
}

export const denialsHaveX12Reasons = authorization('PDEX-467', 'A denial has a reason from X12', (one) => {
  const denials = adjudications(one.resource).filter(({ node }) =>
    codingsAt(node, 'category').some(isSlice('denialreason')),
  )
  if (denials.length === 0) return undefined
  return denials.flatMap(({ node, path }) =>
    fromSystems(one, node, 'reason', `${path}.reason`, adjustmentReasons, 'a reason of denial'),
  )
})

const procedures = [
  'http://www.ama-assn.org/go/cpt',
  'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  'https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/ProspMedicareFeeSvcPmtGen/HIPPSCodes',
]

export const itemsNameProcedures = authorization(
  'PDEX-468',
  'An item names a procedure of CPT, HCPCS or HIPPS',
  (one) => {
    const items = at(one.resource, 'item')
    if (items.length === 0) return undefined
    return items.flatMap((item, i) => {
      const codings = codingsAt(item, 'productOrService')
      const absent = codings.some(
        ({ system, code }) =>
          system === 'http://terminology.hl7.org/CodeSystem/data-absent-reason' && code === 'not-applicable',
      )
      return absent || codings.some(({ system }) => procedures.includes(system ?? ''))
        ? []
        : [
            wrong(one, 'wrong-system', 'has an item that names no procedure', `item[${i}].productOrService`, {
              expected: procedures,
              actual: codings.map(({ system }) => system),
            }),
          ]
    })
  },
)

export const itemsHaveServiceTypes = authorization(
  'PDEX-469',
  'The category of an item is an X12 service type',
  (one) => {
    const items = at(one.resource, 'item').filter((item) => at(item, 'category').length > 0)
    if (items.length === 0) return undefined
    return items.flatMap((item, i) =>
      fromSystems(
        one,
        item,
        'category',
        `item[${i}].category`,
        ['https://x12.org/codes/service-type-codes'],
        'a service type',
      ),
    )
  },
)

/** What an element may point at. */
const targets: Readonly<Record<string, readonly string[]>> = {
  patient: ['Patient'],
  insurer: ['Organization'],
  provider: ['Practitioner', 'PractitionerRole', 'Organization'],
  'insurance.coverage': ['Coverage'],
}

export const authorizationPointsRight = authorization(
  'PDEX-470',
  'A prior authorization points at Patient, insurer, provider and Coverage',
  (one, all) => [
    ...Object.entries(targets).flatMap(([path, types]) =>
      at(one.resource, path).flatMap((reference) => {
        const literal = (reference as { reference?: string }).reference
        const key = literal === undefined ? undefined : anyKey(literal)
        const type = key?.split('/')[0] ?? (reference as { type?: string }).type
        if (type !== undefined && !types.includes(type))
          return [
            wrong(one, 'wrong-reference', `has a ${path} that is a ${type}`, path, { expected: types, actual: type }),
          ]
        const target = all.find(({ resource }) => keyOf(resource) === key)?.resource
        return target?.resourceType === 'Coverage' && at(target, 'payor').length === 0
          ? [wrong(one, 'incomplete-reference', 'is covered by a Coverage without a payor', path, { actual: key })]
          : []
      }),
    ),
    ...(at(one.resource, 'insurance.coverage').length === 0
      ? [wrong(one, 'missing-element', 'has no insurance.coverage', 'insurance.coverage')]
      : []),
    ...(at(one.resource, 'preAuthRefPeriod').length > 1
      ? [
          wrong(one, 'too-many', 'has more than one period of authorization', 'preAuthRefPeriod', {
            expected: 1,
            actual: at(one.resource, 'preAuthRefPeriod').length,
          }),
        ]
      : []),
  ],
)

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

const amounts = pdex('CodeSystem', 'PriorAuthorizationValueCodes')
const utilization = pdex('StructureDefinition', 'PriorAuthorizationUtilization')

export const totalsTellUtilization = authorization(
  'PDEX-472',
  'Totals are submitted, eligible or utilized, with utilization as a quantity or ratio',
  (one) => {
    const totals = at(one.resource, 'total')
    if (totals.length === 0) return undefined
    return totals.flatMap((total, i) => {
      const codings = codingsAt(total, 'category')
      // The binding is extensible: a code of the system is judged, one of another system is legal where none fits.
      const unknown = codings.filter(
        ({ system, code }) => system === amounts && !['submitted', 'eligible', 'utilized'].includes(code ?? ''),
      )
      const used = extensionsOf(total, utilization)
      return [
        ...(unknown.length > 0
          ? [
              wrong(one, 'wrong-code', 'has a total of an unknown category', `total[${i}].category`, {
                actual: unknown,
              }),
            ]
          : []),
        ...used
          .filter((extension) => extension.valueQuantity === undefined && extension.valueRatio === undefined)
          .map((extension) =>
            wrong(one, 'wrong-type', 'tells utilization as neither quantity nor ratio', `total[${i}].extension`, {
              actual: Object.keys(extension),
            }),
          ),
      ]
    })
  },
  'DESC',
)

export const authorizationProfileChecks: readonly Check[] = [
  authorizationClaimsItsProfile,
  authorizationIsForUse,
  adjudicationIsSliced,
  denialsHaveX12Reasons,
  itemsNameProcedures,
  itemsHaveServiceTypes,
  authorizationPointsRight,
  reviewActionsAreComplex,
  totalsTellUtilization,
]
