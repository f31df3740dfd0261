/** What PDex's own profiles of devices and dispenses demand: each element as it should be, as it may be, and wrong. */
import { expect, it } from 'vitest'
import { observation } from '../../told/record.ts'
import { type Step, sceneOf, searchset, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const pdex = (id: string): string => `http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/${id}`
const came = (...resources: readonly object[]): Step[] => [
  told('search', 'Device?patient=ana', { answer: searchset(resources) }),
]

const device = { resourceType: 'Device', id: 'd', type: { text: 'pump' }, patient: { reference: 'Patient/ana' } }
const carrier = { deviceIdentifier: '1' }
const implant = { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-implantable-device'] }
const ndc = 'http://hl7.org/fhir/sid/ndc'
const dispense = {
  resourceType: 'MedicationDispense',
  id: 'm',
  meta: { profile: [pdex('pdex-medicationdispense')] },
  status: 'completed',
  subject: { reference: 'Patient/ana' },
  medicationCodeableConcept: {
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm' }, { system: ndc, code: '00904-6773-61' }],
  },
}
const refilled = (...values: readonly object[]): object => ({
  ...dispense,
  extension: values.map((value) => ({ url: pdex('DispenseRefill'), ...value })),
})

const rows: readonly Row[] = [
  ['a device', 'PDEX-473', 'pass', came(device, { ...device, id: 'e', udiCarrier: [carrier] })],
  [
    'neither type nor patient',
    'PDEX-473',
    'fail missing-element missing-element',
    came({ ...device, type: undefined, patient: undefined }),
  ],
  ['two carriers', 'PDEX-473', 'fail too-many', came({ ...device, udiCarrier: [carrier, carrier] })],
  [
    'a carrier without an identifier',
    'PDEX-473',
    'fail missing-element: has a UDI carrier without',
    came({ ...device, udiCarrier: [{ carrierHRF: 'x' }] }),
  ],
  ['an implant of US Core', 'PDEX-473', 'skip not-decided', came({ ...device, meta: implant, type: undefined })],
  [
    'an implant that names both profiles',
    'PDEX-473',
    'fail missing-element',
    came({
      ...device,
      meta: { profile: [...implant.profile, pdex('pdex-device')] },
      type: undefined,
    }),
  ],
  ['no device', 'PDEX-473', 'skip not-decided', came(observation)],

  ['a drug by NDC', 'PDEX-474', 'pass', came(dispense)],
  [
    'a drug by other codes',
    'PDEX-474',
    'fail wrong-system',
    came({ ...dispense, medicationCodeableConcept: { coding: [{ system: 'x' }] } }),
  ],
  [
    'a drug by reference',
    'PDEX-474',
    'fail missing-element',
    came({ ...dispense, medicationCodeableConcept: undefined, medicationReference: {} }),
  ],
  ['no status', 'PDEX-474', 'fail missing-element', came({ ...dispense, status: undefined })],
  ['for a group', 'PDEX-474', 'fail wrong-reference', came({ ...dispense, subject: { reference: 'Group/g' } })],
  ['for somebody by identifier', 'PDEX-474', 'pass', came({ ...dispense, subject: { identifier: { value: '1' } } })],
  ['for what is inside of it', 'PDEX-474', 'pass', came({ ...dispense, subject: { reference: '#p' } })],
  ['of US Core', 'PDEX-474', 'skip not-decided', came({ ...dispense, meta: {}, status: undefined })],
  ['no dispense that names the profile', 'PDEX-474', 'skip not-decided', came({ ...observation, meta: dispense.meta })],

  ['a refill', 'PDEX-475', 'pass', came(refilled({ valueQuantity: { value: 1 } }))],
  ['a refill that is a number', 'PDEX-475', 'fail wrong-type', came(refilled({ valueInteger: 1 }))],
  ['two refills', 'PDEX-475', 'fail too-many', came(refilled({ valueQuantity: {} }, { valueQuantity: {} }))],
  ['no refill', 'PDEX-475', 'skip not-decided', came(dispense)],
  [
    'no dispense',
    'PDEX-475',
    'skip not-decided',
    came({ ...refilled({ valueInteger: 1 }), resourceType: 'MedicationRequest' }),
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
