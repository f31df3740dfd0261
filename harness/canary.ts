/**
 * Canaries: tokens that sit in identifiers and free text of a synthetic record and are found nowhere else. Wherever one turns
 * up, it tells whose it is, what it belongs to and whether it was sensitive: `cnry-grace-green-x7k2-sensitive.clinical-0012`.
 * Whoever plants them and whoever looks for them read the format here; they travel in the records that a plan has loaded.
 */
import type { FhirResource, Person } from './person.ts'

/** What a resource is to a permission: clinical data, claims and prior authorizations can be granted apart. */
export type CanaryKind = 'demographic' | 'coverage' | 'clinical' | 'claim' | 'prior-authorization'

/** What a token says of itself. */
export interface Canary {
  readonly token: string
  /** First part of the logical ids of the member. */
  readonly member: string
  readonly sensitive: boolean
  readonly kind: CanaryKind
}

/** What every token begins with. */
export const canaryMark = 'cnry-'

/** The token of that number. */
export const canaryText = (member: string, kind: CanaryKind, sensitive: boolean, number: number): string =>
  `${canaryMark}${member}-${sensitive ? 'sensitive.' : ''}${kind}-${String(number).padStart(4, '0')}`

const pattern = 'cnry-([a-z0-9-]+?)-(sensitive\\.)?(demographic|coverage|clinical|claim|prior-authorization)-\\d{4,}'
const anywhere = new RegExp(pattern, 'g')
const here = new RegExp(pattern, 'y')

const read = ([token, member, sensitive, kind]: RegExpExecArray | RegExpMatchArray): Canary => ({
  token: token as string,
  member: member as string,
  sensitive: sensitive !== undefined,
  kind: kind as CanaryKind,
})

/** The tokens in a text, in order. */
export const canariesIn = (text: string): Canary[] => [...text.matchAll(anywhere)].map(read)

/** The token that begins at that place of a text; undefined when none does. */
export function canaryAt(text: string, index: number): Canary | undefined {
  here.lastIndex = index
  const found = here.exec(text)
  return found ? read(found) : undefined
}

/** A token and the resource that carries it. */
export interface PlantedCanary extends Canary {
  readonly type: FhirResource['resourceType']
  readonly id: string
}

/** Text of a resource with what its attachments and a Binary hold laid open. */
function textOf(resource: FhirResource): string {
  const text = JSON.stringify(resource)
  const contents = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)]
  return text + contents.map(([, data]) => Buffer.from(data as string, 'base64').toString('utf8')).join('\n')
}

/** Every canary in a record: where it sits and what its appearance elsewhere would mean. */
export const canariesOf = (person: Person): readonly PlantedCanary[] =>
  (person.record ?? []).flatMap((resource) =>
    canariesIn(textOf(resource)).map((canary) => ({
      ...canary,
      type: resource.resourceType,
      id: resource.id ?? '',
    })),
  )
