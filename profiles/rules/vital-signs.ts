/** FHIR demands its vital signs profiles of every Observation with one of their codes (http://hl7.org/fhir/R4/observation-vitalsigns.html). */
import { coreUrl } from '../compile/types.ts'
import type { Json } from './visit.ts'

/** Profile -> the LOINC codes that mean its vital sign, the profile's own first. */
const codes: Readonly<Record<string, string>> = {
  vitalspanel: '85353-1',
  resprate: '9279-1 76170-0 76172-6 76171-8 19840-8 33438-3 76270-8 11291-2',
  heartrate:
    '8867-4 60978-4 73795-7 73799-9 76476-1 76477-9 8889-8 8890-6 8891-4 8892-2 8893-0 40443-4 55425-3 68999-2 11328-2 69000-8 8886-4',
  oxygensat: '2708-6 59408-5 19224-5 20564-1 2709-4 2710-2 2713-6 51733-4 59417-6 89276-0 97549-0',
  bodytemp:
    '8310-5 60834-9 60835-6 60836-4 60838-0 60955-2 61009-7 75539-7 75987-8 76010-8 76011-6 76278-1 8309-7 8328-7 8329-5 8330-3 8331-1 8332-9 8333-7 8334-5 91371-5 98657-0 98663-8',
  bodyheight: '8302-2 3137-7 3138-5 8306-3 8308-9',
  headcircum: '9843-4 8287-5',
  bodyweight: '29463-7 3141-9 3142-7 75292-3 79348-9 8350-1 8351-9',
  bmi: '39156-5 59574-4 89270-3',
  bp: '85354-9 35094-2 8459-0 76534-7 55284-4 8480-6',
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
