/** FHIR demands its vital signs profiles of every Observation with one of their codes (http://hl7.org/fhir/R4/observation-vitalsigns.html). */
import { coreUrl } from '../compile/types.ts'
import type { Json } from './visit.ts'

/** Profile -> the LOINC codes that mean its vital sign, the profile's own first. */
const codes: Readonly<Record<string, string>> = {
  vitalspanel: '85353-1',
  resprate: '9279-1',
  heartrate: '8867-4',
  oxygensat: '2708-6',
  bodytemp: '8310-5',
  bodyheight: '8302-2',
  headcircum: '9843-4',
  bodyweight: '29463-7',
  bmi: '39156-5',
  bp: '85354-9',
}
const profiles = new Map(
  Object.entries(codes).flatMap(([profile, list]) => list.split(' ').map((code) => [code, profile])),
)

/** The profile that the codes of an Observation call for. */
export function vitalSignOf(observation: Json): string | undefined {
  const { coding } = (observation.code ?? {}) as Json
  if (!Array.isArray(coding)) return undefined
  for (const each of coding as Json[]) {
    const profile = each?.system === 'http://loinc.org' ? profiles.get(String(each.code)) : undefined
    if (profile !== undefined) return coreUrl + profile
  }
  return undefined
}
