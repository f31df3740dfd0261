/**
 * Value sets that the guides refer to and no package at hand defines, as far as everybody knows what is in them: OMB's categories of race
 * and ethnicity, and administrative sex. What is listed is in; whether more is in stays open unless the list is the whole.
 */
import { difference, listPart, type Part, systemPart } from './parts.ts'

interface Known {
  readonly system: string
  readonly codes: readonly string[]
  readonly whole?: true
}

const race = 'urn:oid:2.16.840.1.113883.6.238'
const gender = 'http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender'
const nullFlavor = 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'
const vsac = 'http://cts.nlm.nih.gov/fhir/ValueSet/'

const known: Readonly<Record<string, readonly Known[]>> = {
  [`${vsac}2.16.840.1.114222.4.11.836`]: [
    { system: race, codes: ['1002-5', '2028-9', '2054-5', '2076-8', '2106-3'], whole: true },
  ],
  [`${vsac}2.16.840.1.114222.4.11.837`]: [{ system: race, codes: ['2135-2', '2186-5'], whole: true }],
  [`${vsac}2.16.840.1.113762.1.4.1`]: [{ system: gender, codes: ['F', 'M'] }],
  [`${vsac}2.16.840.1.113762.1.4.1021.24`]: [
    { system: gender, codes: ['F', 'M'] },
    { system: nullFlavor, codes: ['UNK'] },
  ],
  [`${vsac}2.16.840.1.113762.1.4.1021.102`]: [{ system: nullFlavor, codes: ['ASKU', 'UNK'] }],
  [`${vsac}2.16.840.1.113762.1.4.1021.103`]: [{ system: nullFlavor, codes: ['UNK'] }],
}

/** What is known of a value set that is not at hand. */
export function knownPart(canonical: string): Part | undefined {
  const parts = known[canonical.split('|')[0] as string]?.map(({ system, codes, whole }) => {
    const set = new Set(codes)
    return whole
      ? listPart(new Map([[system, set]]), undefined)
      : systemPart(system, set, `the value set ${canonical} is not at hand`)
  })
  return parts && (parts.length === 1 ? parts[0] : difference(parts, []))
}
