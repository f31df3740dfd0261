/** What PDex's prior authorization profile demands, element by element (SD pdex-priorauthorization). */
import { type Check, undecided } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { at, codingsAt, extensionsOf, keyOf, type Received } from '../../core/received.ts'
import { anyKey } from '../../core/rest.ts'
import { covers, holdings } from '../holdings.ts'
import { hrexCoverage, priorAuthorization } from '../profiles.ts'
import { adjudicationIsSliced, denialsHaveX12Reasons, reviewActionsAreComplex } from './adjudication-profile.ts'
import { authorization, claims, fromSystems, pdex, wrong } from './own-judging.ts'

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

/** The Coverage that is pointed at came along, and is one of HRex. */
function coverage(
  one: Received,
  path: string,
  key: string,
  all: readonly Received[],
  scene: Scene,
  transcript: Transcript,
): Finding[] {
  const target = all.find(({ resource }) => keyOf(resource) === key)?.resource
  if (!target) {
    // Whoever got every Coverage of the member, and not this one, was pointed at nothing.
    const whole = holdings(transcript, scene).some((holding) => covers(holding, 'Coverage'))
    return whole
      ? [wrong(one, 'dangling-reference', 'is covered by a Coverage that never came', path, { actual: key })]
      : [undecided(one.exchange, `the Coverage of ${keyOf(one.resource)} did not come, so it cannot be judged`)]
  }
  if (at(target, 'payor').length === 0)
    return [wrong(one, 'incomplete-reference', 'is covered by a Coverage without a payor', path, { actual: key })]
  const answer = validate(target, hrexCoverage, scene.editions)
  if (!answer.decided) return [undecided(one.exchange, `${key} could not be validated: ${answer.reason}`)]
  const [issue] = answer.issues.filter(({ severity }) => severity === 'error')
  return issue
    ? [
        wrong(one, 'other-profile', `is covered by a Coverage that is none of HRex: ${issue.message}`, path, {
          expected: hrexCoverage,
          actual: key,
        }),
      ]
    : []
}

export const authorizationPointsRight = authorization(
  'PDEX-470',
  'A prior authorization points at Patient, insurer, provider and Coverage',
  (one, all, scene, transcript) => [
    ...Object.entries(targets).flatMap(([path, types]) =>
      at(one.resource, path).flatMap((reference) => {
        const literal = (reference as { reference?: string }).reference
        const key = literal === undefined ? undefined : anyKey(literal)
        const type = key?.split('/')[0] ?? (reference as { type?: string }).type
        if (type !== undefined && !types.includes(type))
          return [
            wrong(one, 'wrong-reference', `has a ${path} that is a ${type}`, path, { expected: types, actual: type }),
          ]
        return key?.startsWith('Coverage/') ? coverage(one, path, key, all, scene, transcript) : []
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
