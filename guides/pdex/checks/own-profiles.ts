/** What PDex's own profiles demand, element by element: device and dispense here, prior authorization beside. */
import type { Check } from '../../../harness/check.ts'
import { at, codingsAt, extensionsOf, type Resource } from '../../core/received.ts'
import { anyKey } from '../../core/rest.ts'
import { implantableDevice, pdexDevice, pdexMedicationDispense } from '../profiles.ts'

import { authorizationProfileChecks } from './authorization-profile.ts'
import { claims, each, pdex, wrong } from './own-judging.ts'

/** Devices that are no implants of US Core by their own word. */
const isPdexDevice = (resource: Resource): boolean =>
  resource.resourceType === 'Device' && (claims(resource, pdexDevice) || !claims(resource, implantableDevice))

export const deviceIsComplete = each(
  'PDEX-473',
  'SHALL',
  'A device has a type, a patient and at most one UDI carrier with an identifier',
  isPdexDevice,
  'PDex device',
  (one) => {
    const carriers = at(one.resource, 'udiCarrier')
    return [
      ...(['type', 'patient'] as const)
        .filter((path) => at(one.resource, path).length === 0)
        .map((path) => wrong(one, 'missing-element', `has no ${path}`, path)),
      ...(carriers.length > 1
        ? [
            wrong(one, 'too-many', 'has more than one UDI carrier', 'udiCarrier', {
              expected: 1,
              actual: carriers.length,
            }),
          ]
        : []),
      ...carriers
        .filter((carrier) => at(carrier, 'deviceIdentifier').length === 0)
        .map(() =>
          wrong(one, 'missing-element', 'has a UDI carrier without deviceIdentifier', 'udiCarrier.deviceIdentifier'),
        ),
    ]
  },
)

const isDispense = (resource: Resource): boolean => resource.resourceType === 'MedicationDispense'
const ndc = 'http://hl7.org/fhir/sid/ndc'

export const dispenseNamesNdc = each(
  'PDEX-474',
  'SHALL',
  'A dispense of the PDex profile names its drug by NDC',
  (resource) => isDispense(resource) && claims(resource, pdexMedicationDispense),
  'dispense that names the PDex profile',
  (one) => {
    const codings = codingsAt(one.resource, 'medicationCodeableConcept')
    const subject = at(one.resource, 'subject.reference').map((reference) => anyKey(String(reference))?.split('/')[0])
    return [
      ...(one.resource.medicationCodeableConcept === undefined
        ? [
            wrong(one, 'missing-element', 'has no medicationCodeableConcept', 'medication', {
              actual: Object.keys(one.resource).filter((name) => name.startsWith('medication')),
            }),
          ]
        : codings.some(({ system, code }) => system === ndc && Boolean(code))
          ? []
          : [
              wrong(one, 'wrong-system', 'names its drug without NDC', 'medicationCodeableConcept', {
                expected: ndc,
                actual: codings.map(({ system }) => system),
              }),
            ]),
      ...(at(one.resource, 'status').length === 0 ? [wrong(one, 'missing-element', 'has no status', 'status')] : []),
      ...(subject.some((type) => type !== undefined && type !== 'Patient')
        ? [wrong(one, 'wrong-reference', 'is for somebody other than a Patient', 'subject', { actual: subject })]
        : []),
    ]
  },
)

const refill = pdex('StructureDefinition', 'DispenseRefill')

export const refillIsAQuantity = each(
  'PDEX-475',
  'SHALL',
  'The refill number of a dispense is one Quantity',
  isDispense,
  'dispense',
  (one) => {
    const refills = extensionsOf(one.resource, refill)
    if (refills.length === 0) return undefined
    return [
      ...(refills.length > 1
        ? [
            wrong(one, 'too-many', 'has more than one refill number', 'extension', {
              expected: 1,
              actual: refills.length,
            }),
          ]
        : []),
      ...refills
        .filter((extension) => extension.valueQuantity === undefined)
        .map((extension) =>
          wrong(one, 'wrong-type', 'has a refill number that is no Quantity', 'extension', {
            expected: 'valueQuantity',
            actual: Object.keys(extension),
          }),
        ),
    ]
  },
)

export const ownProfileChecks: readonly Check[] = [
  ...authorizationProfileChecks,
  deviceIsComplete,
  dispenseNamesNdc,
  refillIsAQuantity,
]
