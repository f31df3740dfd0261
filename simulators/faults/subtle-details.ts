/** What the guides leave to choose, and what PDex profiles itself, nearly right: devices, dispenses, documents, Provenance. */
import type { Fault } from './fault.ts'
import { every, nodesWith, reworded } from './retrieval-payload.ts'
import { fault } from './spoiling.ts'

const choices: readonly Fault[] = [
  fault(
    'encounters-have-no-place',
    'Encounters tell a reason, and no place',
    'all',
    ['PDEX-368'],
    every('Encounter', (resource) => {
      delete resource.location
      delete resource.serviceProvider
    }),
  ),
  fault(
    'conditions-never-begin',
    'Conditions tell when they were recorded, and not when they began',
    'all',
    ['PDEX-370'],
    every('Condition', (resource) => {
      delete resource.onsetDateTime
      delete resource.extension
    }),
  ),
  fault(
    'care-teams-are-of-patients',
    'Care teams consist of the Patient',
    'all',
    ['PDEX-363'],
    every('CareTeam', (resource) => {
      resource.participant = (resource.participant as { member?: { reference?: string } }[]).filter(({ member }) =>
        member?.reference?.startsWith('Patient/'),
      )
    }),
  ),
  fault(
    'parts-of-results-have-no-value',
    'One part of a result has neither value nor reason',
    'all',
    ['PDEX-374'],
    every('Observation', (resource) => {
      const [first] = (resource.component ?? []) as Record<string, unknown>[]
      for (const name of Object.keys(first ?? {})) if (first && name !== 'code') delete first[name]
    }),
  ),
  fault(
    'npi-has-nine-digits',
    'The NPI of an organization lacks a digit',
    'all',
    ['PDEX-375'],
    every('Organization', (resource) => {
      for (const one of (resource.identifier ?? []) as { system?: string; value?: string }[])
        if (one.system?.endsWith('us-npi')) one.value = one.value?.slice(1) ?? ''
    }),
  ),
  fault(
    'custodians-are-people',
    'The custodian of a document is a practitioner',
    'all',
    ['PDEX-365', 'PDEX-046'],
    every('DocumentReference', (resource) => {
      resource.custodian = { reference: 'Practitioner/somebody' }
    }),
  ),
  fault(
    'documents-have-empty-addresses',
    'The address of a document is empty',
    'all',
    ['PDEX-365'],
    every('DocumentReference', (resource) =>
      nodesWith(resource, 'attachment', (node) => {
        ;(node.attachment as Record<string, unknown>).url = ''
      }),
    ),
  ),
  fault(
    'devices-lose-their-lot',
    'A device has a lot in its UDI, and none of its own',
    'all',
    ['PDEX-361'],
    every('Device', (resource) => {
      delete resource.lotNumber
    }),
  ),
  fault(
    'devices-have-another-serial-number',
    'A device has another serial number than its UDI says',
    'all',
    ['PDEX-361'],
    every('Device', (resource) => {
      resource.serialNumber = 'S000001'
    }),
  ),
  fault(
    'devices-expire-on-another-day',
    'A device expires on another day than its UDI says',
    'all',
    ['PDEX-361'],
    every('Device', (resource) => {
      resource.expirationDate = '2027-01-01'
    }),
  ),
  fault(
    'devices-have-two-carriers',
    'A device has two UDI carriers',
    'all',
    ['PDEX-473'],
    every('Device', (resource) => {
      const [first] = (resource.udiCarrier ?? []) as object[]
      if (first) resource.udiCarrier = [first, first]
    }),
  ),
  fault(
    'carriers-identify-nothing',
    'A UDI carrier has no device identifier',
    'all',
    ['PDEX-473'],
    every('Device', (resource) => nodesWith(resource, 'deviceIdentifier', (node) => delete node.deviceIdentifier)),
  ),
]

const others: readonly Fault[] = [
  fault(
    'drugs-are-in-ndc-without-a-code',
    'The NDC of a dispense names the system and no code',
    'all',
    ['PDEX-474'],
    every('MedicationDispense', (resource) =>
      nodesWith(resource, 'system', (node) => {
        if (String(node.system).endsWith('/ndc')) delete node.code
      }),
    ),
  ),
  fault(
    'dispenses-point-at-drugs',
    'A dispense points at its drug',
    'all',
    ['PDEX-474'],
    every('MedicationDispense', (resource) => {
      delete resource.medicationCodeableConcept
      resource.medicationReference = { reference: 'Medication/somewhere' }
    }),
  ),
  fault(
    'refills-are-counted-twice',
    'A dispense has two refill numbers',
    'all',
    ['PDEX-475'],
    every('MedicationDispense', (resource) => {
      const refills = ((resource.extension ?? []) as { url: string }[]).filter(({ url }) =>
        url.endsWith('DispenseRefill'),
      )
      resource.extension = [...((resource.extension ?? []) as object[]), ...refills]
    }),
  ),
  fault(
    'origins-are-of-a-made-up-role',
    'Provenance names a role that PDex does not have',
    'all',
    ['PDEX-476'],
    every('Provenance', (resource) =>
      reworded(resource, (text) => text.replaceAll('"code":"source","display":"Source"', '"code":"sender"')),
    ),
  ),
  fault(
    'formats-are-of-the-house',
    'The source format of a Provenance is from a system of the house',
    'all',
    ['PDEX-476'],
    every('Provenance', (resource) =>
      reworded(resource, (text) => text.replaceAll('CodeSystem/ProvenancePayerDataSource', 'CodeSystem/ourFormats')),
    ),
  ),
  fault(
    'formats-stand-on-the-agent',
    'The source format of a Provenance stands on the agent',
    'all',
    ['PDEX-477'],
    every('Provenance', (resource) => {
      for (const entity of (resource.entity ?? []) as Record<string, unknown>[]) {
        const [agent] = resource.agent as Record<string, unknown>[]
        if (agent && entity.extension) agent.extension = entity.extension
        delete entity.extension
      }
    }),
  ),
  fault(
    'transmitters-are-texts',
    'The payer is told as transmitter in words, without a code',
    'all',
    ['PDEX-069', 'PDEX-075', 'PDEX-078'],
    every('Provenance', (resource) => {
      for (const agent of resource.agent as Record<string, unknown>[])
        if (JSON.stringify(agent.type).includes('transmitter')) agent.type = { text: 'Transmitter' }
    }),
  ),
]

export const subtleDetailFaults: readonly Fault[] = [...choices, ...others]
