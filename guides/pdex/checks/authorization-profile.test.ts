/** What PDex's profile of prior authorizations demands: each element as it should be, as it may be, and wrong. */
import { expect, it } from 'vitest'
import { came, coded, having, pdex } from '../../told/authorizations.ts'
import { authorization, claim, coverage, observation } from '../../told/record.ts'
import { sceneOf } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const total = (...totals: readonly object[]): object => having({ total: totals })
const values = pdex('CodeSystem', 'PriorAuthorizationValueCodes')
const used = (value: object): object => ({
  category: coded(values, 'utilized'),
  extension: [{ url: pdex('StructureDefinition', 'PriorAuthorizationUtilization'), ...value }],
})
const item = (more: object): object => having({ item: [more] })
const procedure = (system: string, code = '99213'): object => item({ productOrService: coded(system, code) })

const rows: readonly Row[] = [
  ['names its profile', 'PDEX-464', 'pass', came(authorization)],
  [
    'names it at a version',
    'PDEX-464',
    'pass',
    came(having({ meta: { profile: [`${pdex('StructureDefinition', 'pdex-priorauthorization')}|2.2.0`, 'x'] } })),
  ],
  ['names another', 'PDEX-464', 'fail missing-profile', came(having({ meta: { profile: ['x'] } }))],
  ['is of another use, which is judged elsewhere', 'PDEX-464', 'skip not-decided', came(having({ use: 'claim' }))],
  ['is a claim', 'PDEX-464', 'skip not-decided: no prior authorization came', came(claim)],
  ['is no claim between payers', 'PDEX-022/claims-between', 'skip not-decided', came(authorization)],
  ['is of use preauthorization', 'PDEX-465', 'pass', came(authorization)],
  ['names the profile and is of another use', 'PDEX-465', 'fail wrong-value', came(having({ use: 'claim' }))],
  [
    'another resource names its profile',
    'PDEX-465',
    'skip not-decided',
    came({ ...observation, meta: authorization.meta, use: 'preauthorization' }),
  ],

  ['a procedure', 'PDEX-468', 'pass', came(authorization)],
  [
    'a procedure of HCPCS',
    'PDEX-468',
    'pass',
    came(procedure('https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets')),
  ],
  [
    'none, and why',
    'PDEX-468',
    'pass',
    came(procedure('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'not-applicable')),
  ],
  [
    'none, for another reason',
    'PDEX-468',
    'fail wrong-system',
    came(procedure('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'unknown')),
  ],
  [
    'none, for a reason in no words of FHIR',
    'PDEX-468',
    'fail wrong-system',
    came(procedure('https://old.example', 'not-applicable')),
  ],
  ['no item', 'PDEX-468', 'skip not-decided', came(having({ item: [] }))],
  [
    'a service type',
    'PDEX-469',
    'pass',
    came(item({ category: coded('https://x12.org/codes/service-type-codes', '48') })),
  ],
  [
    'a service type of another system',
    'PDEX-469',
    'fail wrong-system',
    came(item({ category: coded('https://old.example', '48') })),
  ],
  ['no category', 'PDEX-469', 'skip not-decided', came(item({ productOrService: {} }))],

  ['points right', 'PDEX-470', 'pass', came(authorization, coverage)],
  [
    'is for a device',
    'PDEX-470',
    'fail wrong-reference: has a patient that is a Device',
    came(having({ patient: { reference: 'Device/d' } }), coverage),
  ],
  [
    'says what it points at',
    'PDEX-470',
    'fail wrong-reference: has a provider that is a Device',
    came(having({ provider: { type: 'Device', identifier: { value: '1' } } }), coverage),
  ],
  [
    'points at somebody by identifier alone',
    'PDEX-470',
    'pass',
    came(having({ provider: { identifier: { value: '1' } } }), coverage, {
      ...coverage,
      id: undefined,
      payor: undefined,
    }),
  ],
  [
    'is covered by what nobody pays',
    'PDEX-470',
    'fail incomplete-reference',
    came(authorization, { ...coverage, payor: [] }),
  ],
  [
    'another Coverage is paid by nobody',
    'PDEX-470',
    'pass',
    came(authorization, coverage, { ...coverage, id: 'v2', payor: [] }),
  ],
  ['the Coverage did not come', 'PDEX-470', 'skip not-decided: the Coverage', came(authorization)],
  ['is covered by nothing', 'PDEX-470', 'fail missing-element', came(having({ insurance: [{ focal: true }] }))],
  [
    'has two periods',
    'PDEX-470',
    'fail too-many',
    came(having({ preAuthRefPeriod: [{ start: '2025' }, { start: '2026' }] }), coverage),
  ],

  [
    'a known total',
    'PDEX-472',
    'pass',
    came(total({ category: coded(values, 'eligible') }, used({ valueQuantity: {} }), used({ valueRatio: {} }))),
  ],
  ['a total of another system', 'PDEX-472', 'pass', came(total({ category: coded('https://old.example', 'x') }))],
  [
    'a total that the system does not have',
    'PDEX-472',
    'warning wrong-code',
    came(total({ category: coded(values, 'x') })),
  ],
  ['utilization as a string', 'PDEX-472', 'warning wrong-type', came(total(used({ valueString: 'much' })))],
  ['no total', 'PDEX-472', 'skip not-decided', came(having({ total: undefined }))],
]

it.each(rows)('an authorization %s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
