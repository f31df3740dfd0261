/** How a prior authorization tells what was decided: slices of adjudication, reasons of denials, review actions. */
import { expect, it } from 'vitest'
import { came, coded, having, pdex } from '../../told/authorizations.ts'
import { sceneOf } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

/** An authorization with that adjudication: of its only item, or of itself. */
const onItem = (...adjudication: readonly object[]): object => having({ item: [{ adjudication }] })
const onWhole = (...adjudication: readonly object[]): object => having({ item: undefined, adjudication })
const kind = (code: string, more: object = {}): object => ({
  category: coded(pdex('CodeSystem', 'PDexAdjudicationDiscriminator'), code),
  ...more,
})
const base = 'http://terminology.hl7.org/CodeSystem/adjudication'
const ofBase = (code: string, more: object = {}): object => ({ category: coded(base, code), ...more })
const carin = { category: coded('http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication', 'paidbypatient') }
const denied = (system: string): object => kind('denialreason', { reason: coded(system, '50') })
const [claimReasons, remarks] = ['claim-adjustment-reason-codes', 'remittance-advice-remark-codes'].map(
  (id) => `https://x12.org/codes/${id}`,
) as [string, string]

/** An authorization with a review action of these parts. */
const reviewed = (...extension: readonly object[]): object =>
  onItem(
    kind('allowedunits', { extension: [{ url: pdex('StructureDefinition', 'extension-reviewAction'), extension }] }),
  )
const reviewCode = (system: string): object => ({
  url: pdex('StructureDefinition', 'extension-reviewActionCode'),
  valueCodeableConcept: coded(system, 'A1'),
})
const reason = (system: string): object => ({ url: 'reasonCode', valueCodeableConcept: coded(system, '0F') })
const [x306, x886] = ['https://codesystem.x12.org/005010/306', 'https://codesystem.x12.org/external/886']

const rows: readonly Row[] = [
  ['no adjudication', 'PDEX-466', 'skip not-decided', came(having({ item: undefined }))],
  ['a denial with its reason', 'PDEX-466', 'pass', came(onItem(denied(claimReasons)))],
  [
    'a denial without a reason',
    'PDEX-466',
    'fail missing-element',
    came(onItem(kind('denialreason', { value: 1, amount: {} }))),
  ],
  ['a denial of the whole', 'PDEX-466', 'pass', came(onWhole(denied(claimReasons)))],
  [
    'units with their number',
    'PDEX-466',
    'pass',
    came(onItem(kind('allowedunits', { value: 2 }), kind('consumedunits', { value: 1 }))),
  ],
  [
    'allowed units without a number',
    'PDEX-466',
    'fail missing-element',
    came(onItem(kind('allowedunits', { amount: { value: 2 } }))),
  ],
  ['consumed units without a number', 'PDEX-466', 'fail missing-element', came(onItem(kind('consumedunits')))],
  [
    'units of the whole',
    'PDEX-466',
    'fail closed-slicing: counts units in the header',
    came(onWhole(kind('consumedunits', { value: 1 }))),
  ],
  [
    'an amount',
    'PDEX-466',
    'pass',
    came(onItem(ofBase('copay', { amount: { value: 1 } }), { ...carin, amount: { value: 1 } })),
  ],
  ['an amount of the whole', 'PDEX-466', 'pass', came(onWhole(ofBase('submitted', { amount: { value: 1 } })))],
  [
    'an amount without an amount',
    'PDEX-466',
    'fail missing-element missing-element',
    came(onItem(ofBase('copay', { value: 1 }), carin)),
  ],
  [
    'a kind that the profile does not know',
    'PDEX-466',
    'fail closed-slicing: a kind that',
    came(onItem(ofBase('tax', { amount: { value: 1 } }))),
  ],
  [
    'a kind of another system',
    'PDEX-466',
    'fail closed-slicing: a kind that',
    came(onItem({ category: coded('https://old.example', 'denialreason'), reason: {} })),
  ],
  [
    'a code of the kinds that does not exist',
    'PDEX-466',
    'fail closed-slicing: a kind that',
    came(onItem(kind('copay', { value: 1, amount: { value: 1 } }))),
  ],

  ['a reason from X12', 'PDEX-467', 'pass', came(onItem(denied(claimReasons), denied(remarks)))],
  ['a reason from elsewhere', 'PDEX-467', 'fail wrong-system', came(onItem(denied('https://old.example')))],
  [
    'one of two has a denial',
    'PDEX-467',
    'pass',
    came(onItem(kind('allowedunits')), { ...onItem(denied(claimReasons)), id: 'e3' }),
  ],
  [
    'no denial',
    'PDEX-467',
    'skip not-decided',
    came(onItem(kind('allowedunits', { reason: coded('https://old.example') }))),
  ],

  [
    'a review action',
    'PDEX-471',
    'pass',
    came(
      reviewed(
        reviewCode(x306),
        reason(x886),
        { url: 'number', valueString: 'A' },
        { url: 'secondSurgicalOpinionFlag', valueBoolean: true },
      ),
    ),
  ],
  [
    'a review action without a system',
    'PDEX-471',
    'pass',
    came(reviewed({ url: 'reasonCode', valueCodeableConcept: { text: 'x' } })),
  ],
  ['a review action of no parts', 'PDEX-471', 'fail wrong-structure', came(reviewed())],
  [
    'a review action that is a string',
    'PDEX-471',
    'fail wrong-structure',
    came(
      onItem(
        kind('allowedunits', {
          extension: [
            {
              url: pdex('StructureDefinition', 'extension-reviewAction'),
              valueString: 'x',
              extension: [{ url: 'number', valueString: 'A' }],
            },
          ],
        }),
      ),
    ),
  ],
  ['a part that nobody knows', 'PDEX-471', 'fail unknown-part', came(reviewed({ url: 'x', valueString: 'A' }))],
  ['a part of another type', 'PDEX-471', 'fail wrong-type', came(reviewed({ url: 'number', valueInteger: 1 }))],
  [
    'a number by code',
    'PDEX-471',
    'fail wrong-type',
    came(reviewed({ url: 'number', valueCodeableConcept: coded('x') })),
  ],
  ['its code from elsewhere', 'PDEX-471', 'fail wrong-system', came(reviewed(reviewCode('https://old.example/306')))],
  ['its code from another list of X12', 'PDEX-471', 'fail wrong-system', came(reviewed(reviewCode(x886)))],
  ['its reason from another list of X12', 'PDEX-471', 'fail wrong-system', came(reviewed(reason(x306)))],
  [
    'no review action',
    'PDEX-471',
    'skip not-decided',
    came(onItem(kind('allowedunits', { extension: [{ url: 'x', valueString: 'y' }] }))),
  ],
]

it.each(rows)('an authorization %s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
