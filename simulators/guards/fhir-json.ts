/** What a caller can be answered in: Accept, _format and fhirVersion negotiated (FHIR R4 http, "Content Types and encodings"). */
import { once } from '../../harness/once.ts'
import type { Asked } from '../asked.ts'
import { type Guard, outcome } from '../simulator.ts'

interface Wanted {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
  readonly quality: number
}

/** The Accept header, the most wanted first; none means anything. */
export function acceptOf(request: Asked): readonly Wanted[] {
  const header = request.headers.get('accept')
  if (!header?.trim()) return [{ type: '*/*', parameters: {}, quality: 1 }]
  return once(read, header, () => wantedBy(header))
}

const read = new Map<string, readonly Wanted[]>()

const wantedBy = (header: string): Wanted[] =>
  header
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((p) => p.trim().toLowerCase())
      const parameters = Object.fromEntries(rest.map((p) => p.split('=').map((s) => s.trim().replace(/^"|"$/g, ''))))
      const quality = Number(parameters.q ?? 1)
      return { type, parameters, quality: Number.isNaN(quality) ? 1 : quality }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)

/** Does a wish cover that media type? */
export const covers = (wanted: string, type: string): boolean =>
  wanted === '*/*' || wanted === type || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)))

const fhir4 = new Set<string | undefined>([undefined, '4.0', '4.0.1'])
const jsonFormats = new Set(['json', 'application/json', 'application/fhir+json', 'text/json'])

/** Lets through whoever can read one of these types; `_format`, where it counts, outranks Accept. */
export const accepts =
  (...types: string[]): Guard =>
  (request, { url }) => {
    const asJson = types.includes('application/fhir+json')
    const format = asJson && url.search !== '' ? url.searchParams.get('_format') : null
    if (format !== null) {
      // An unescaped plus comes as a space.
      const plain = format.split(';')[0]?.trim().replace(' ', '+').toLowerCase() ?? ''
      return jsonFormats.has(plain) ? undefined : outcome(406, 'not-supported', 'this server speaks JSON only')
    }
    const readable = acceptOf(request).some(
      ({ type, parameters }) => types.some((offered) => covers(type, offered)) && fhir4.has(parameters.fhirversion),
    )
    return readable
      ? undefined
      : outcome(406, 'not-supported', `this is offered as ${types.join(', ')} only (FHIR 4.0)`)
  }

/** For everything that answers with a resource. */
export const fhirJson: Guard = accepts('application/fhir+json', 'application/json', 'text/json')

/** Media type of a body, in lower case, without parameters. */
export const bodyType = (request: Asked): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** Refuses a body of another type. */
export const takes =
  (...types: string[]): Guard =>
  (request) =>
    types.includes(bodyType(request))
      ? undefined
      : outcome(415, 'not-supported', `the body must be ${types.filter(Boolean).join(' or ')}`)
