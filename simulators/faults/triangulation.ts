/** Ways in which one route tells of a record what the others do not: each answer is sound by itself, and they do not agree. */
import type { FhirResource } from '../../harness/person.ts'
import type { Fault } from './fault.ts'
import { fault, ofEverything, rebundled, relined, type Spoil, within } from './spoiling.ts'

type Type = FhirResource['resourceType']
type Of<T extends Type> = Extract<FhirResource, { resourceType: T }>

const agree = ['PDEX-126'] as const

const changed =
  <T extends Type>(type: T, change: (resource: Of<T>) => void) =>
  (resources: readonly (FhirResource | undefined)[]): void => {
    for (const resource of resources) if (resource?.resourceType === type) change(resource as Of<T>)
  }

/** Every resource of that type as this route shows it. */
const inBundles = <T extends Type>(type: T, change: (resource: Of<T>) => void): Spoil =>
  rebundled((bundle) => changed(type, change)((bundle.entry ?? []).map(({ resource }) => resource)))

const inFiles = <T extends Type>(type: T, change: (resource: Of<T>) => void): Spoil =>
  relined((lines) => {
    changed(type, change)(lines)
    return lines
  })

const inEverything = <T extends Type>(type: T, change: (resource: Of<T>) => void): Spoil =>
  within(ofEverything, inBundles(type, change))

/** Only the date of what happened. */
const day = (instant: string): string => instant.slice(0, 10)

export const unlikeWays: readonly Fault[] = [
  fault(
    'export-drops-notes',
    'An export leaves the notes of Observations out',
    'file',
    agree,
    inFiles('Observation', (one) => {
      delete one.note
    }),
  ),
  fault(
    'export-is-a-version-behind',
    'An export is cut from a copy that is one version behind',
    'file',
    ['BULK-090'],
    inFiles('Patient', (one) => {
      const version = Number(one.meta?.versionId ?? '1')
      one.meta = { ...one.meta, versionId: String(version - 1), lastUpdated: '2017-01-01T00:00:00Z' }
    }),
  ),
  fault(
    'export-points-elsewhere',
    'In an export every Condition belongs to the first Encounter',
    'file',
    agree,
    relined((lines) => {
      const [first] = lines
      changed('Condition', (one) => {
        if (first?.resourceType === 'Condition' && first.encounter) one.encounter = first.encounter
      })(lines)
      return lines
    }),
  ),
  fault(
    'export-rounds-values',
    'An export rounds what was measured',
    'file',
    agree,
    inFiles('Observation', ({ valueQuantity }) => {
      if (valueQuantity?.value !== undefined) valueQuantity.value = Math.round(valueQuantity.value)
    }),
  ),
  fault(
    'export-forgets-a-contact',
    'An export knows one telephone or address of a Patient',
    'file',
    agree,
    inFiles('Patient', (one) => {
      one.telecom = (one.telecom ?? []).slice(0, 1)
    }),
  ),
  fault(
    'everything-forgets-the-hour',
    '$everything tells the day of an Observation and not the time',
    'all',
    agree,
    inEverything('Observation', (one) => {
      if (one.effectiveDateTime) one.effectiveDateTime = day(one.effectiveDateTime)
    }),
  ),
  fault(
    'everything-drops-the-recorder',
    '$everything does not say who wrote a Condition down',
    'all',
    agree,
    inEverything('Condition', (one) => {
      delete one.recorder
    }),
  ),
  fault(
    'everything-changes-a-status',
    'In $everything a prescription that was stopped is still active',
    'all',
    agree,
    inEverything('MedicationRequest', (one) => {
      if (one.status !== 'active') one.status = 'active'
    }),
  ),
  fault(
    'everything-loses-the-principal',
    '$everything shows Provenance without those on whose behalf somebody acted',
    'all',
    agree,
    inEverything('Provenance', (one) => {
      for (const agent of one.agent) delete agent.onBehalfOf
    }),
  ),
  fault(
    'search-drops-a-coding',
    'A search shows one coding where the record has several',
    'search',
    agree,
    inBundles('Condition', ({ code }) => {
      if (code?.coding) code.coding = code.coding.slice(0, 1)
    }),
  ),
  fault(
    'search-shows-an-old-name',
    'A search shows the name that a practitioner had before',
    'search',
    agree,
    inBundles('Practitioner', (one) => {
      for (const name of one.name ?? []) if (name.family) name.family = `${name.family}-Old`
    }),
  ),
  fault(
    'search-totals-otherwise',
    'A search shows the amounts of a claim without its last item',
    'search',
    agree,
    inBundles('ExplanationOfBenefit', (one) => {
      if (one.item && one.item.length > 1) one.item = one.item.slice(0, -1)
    }),
  ),
  fault(
    'second-page-of-everything-drops-remarks',
    'From the second page of $everything on remarks are missing',
    'everythingPage',
    agree,
    inBundles('Condition', (one) => {
      delete one.note
    }),
  ),
]
