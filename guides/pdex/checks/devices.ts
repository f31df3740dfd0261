/** Notes of the CapabilityStatements on devices: their UDI, and how they are found (CapStmt documentation). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payloadOf } from '../../conformance/payload.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { few, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { at, keyOf } from '../../core/received.ts'
import { succeeded } from '../../core/rest.ts'

/** What stands behind a mark of GS1, to the next one. */
const partOf = (text: string, mark: string): string | undefined =>
  text.includes(mark) ? text.split(mark)[1]?.split('(')[0]?.trim() : undefined

/** Letter by letter; a date of GS1 is YYMMDD, and a day of 00 is the whole month. */
function isSame(told: string, value: string): boolean {
  if (told === value) return true
  const day = value.slice(2, 10).replaceAll('-', '')
  return (
    /^\d{6}$/.test(told) && /^\d{4}(-\d\d)?/.test(value) && day.startsWith(told.replace(/00$/, '').slice(0, day.length))
  )
}

export const devicesCarryTheirUdi = check(
  'PDEX-361',
  'SHALL',
  'The UDI of an implant is given in its readable form',
  (transcript, scene) => {
    const all = payloadOf(transcript, scene, 'Device').filter(({ resource }) => resource.udiCarrier !== undefined)
    if (all.length === 0) return [undecided(undefined, 'no Device with a UDI came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => {
        const text = at(resource, 'udiCarrier.carrierHRF').map(String)
        if (text.length === 0)
          return [
            unmet(exchange, 'missing-element', `${keyOf(resource)} has a UDI without carrierHRF`, {
              expected: 'udiCarrier.carrierHRF',
              expression: `${expression}.udiCarrier`,
            }),
          ]
        // The readable form of GS1 names its parts: (10) lot, (11) made, (17) expires, (21) serial number.
        const parts = {
          '(10)': 'lotNumber',
          '(11)': 'manufactureDate',
          '(17)': 'expirationDate',
          '(21)': 'serialNumber',
        } as const
        return Object.entries(parts).flatMap(([mark, element]): Finding[] => {
          const told = text.flatMap((one) => partOf(one, mark) ?? [])
          if (told.length === 0) return []
          const value = resource[element]
          if (value === undefined)
            return [
              unmet(exchange, 'missing-element', `${keyOf(resource)} names ${mark} in its UDI and has no ${element}`, {
                expected: element,
                expression,
              }),
            ]
          return told.some((one) => isSame(one, String(value)))
            ? []
            : [
                unmet(exchange, 'different-value', `${keyOf(resource)} has another ${element} than its UDI says`, {
                  expected: told,
                  actual: value,
                  expression: `${expression}.${element}`,
                }),
              ]
        })
      }),
    )
  },
)

export const devicesAreFoundByType = check(
  'PDEX-362',
  'SHOULD',
  'Devices are found by type; without UDI they name maker or model',
  (transcript, scene) => {
    const later = transcript.from(0)
    const made = requests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        interaction === 'search-type' && type === 'Device' && params.has('type') && !isMistaken(x),
    )
    const all = payloadOf(transcript, scene, 'Device')
    const bare = all.filter(
      ({ resource }) =>
        resource.udiCarrier === undefined && resource.manufacturer === undefined && resource.modelNumber === undefined,
    )
    if (made.length === 0 && bare.length === 0) return [undecided(undefined, 'nobody searched devices by type')]
    return few([
      ...made.flatMap((x) =>
        succeeded(x)
          ? exactness(x, later)
          : [400, 404].includes(answered(x).status)
            ? [noted(x, 'not-offered', 'devices are not searched by type')]
            : status(x, [200], 'devices are found by type'),
      ),
      ...bare.map(({ resource, exchange, expression }) =>
        suspicious(exchange, 'missing-element', `${keyOf(resource)} has no UDI and names neither maker nor model`, {
          expression,
        }),
      ),
    ])
  },
)

export const deviceChecks: readonly Check[] = [devicesCarryTheirUdi, devicesAreFoundByType]
