/**
 * Every door behind which a member's data is: a search, $everything and its next page, an export, its status and its files.
 * A payer that looks at a token at one of them may forget to at the next.
 */
import type { Actor, Flow } from '../harness/actor.ts'
import { type Exchange, type HeaderList, header } from '../harness/transcript.ts'
import { exportMember, ofLittle } from './export.ts'
import { nextLink } from './follow-pages.ts'
import { fhirBase, said } from './tokens.ts'

export interface Door {
  readonly at: string
  readonly url: string
  /** FHIR's JSON unless told. */
  readonly accept?: string
  readonly headers?: HeaderList
}

/** The doors of that member, as far as the owner of the token came: the addresses of an export are those of its own. */
export function doorsOf(owner: Actor, payer: Actor, patientId: string): readonly Door[] {
  const base = fhirBase(payer)
  const everything = `${base}/Patient/${patientId}/$everything?_count=2`
  const last = (move: 'export-kick-off' | 'export-status' | 'probe', where: (x: Exchange) => boolean) =>
    owner.transcript.all(move, { from: owner.name, to: payer.name, where }).at(-1)
  const page = last('probe', (x) => x.request.url === everything && nextLink(x) !== undefined)
  const kickOff = last('export-kick-off', ({ response }) => response?.status === 202)
  const told = kickOff?.response && header(kickOff.response, 'content-location')
  const location = told !== undefined && URL.canParse(told, kickOff?.request.url) ? told : undefined
  const done = last('export-status', (x) => x.response?.status === 200 && Array.isArray(said(x).output))
  const manifest = said(done) as { requiresAccessToken?: unknown; output?: readonly ({ url?: string } | null)[] }
  // Where the address is the key, no token is looked at.
  const [file] = manifest.requiresAccessToken === false ? [] : (manifest.output ?? [])
  return [
    { at: 'search', url: `${base}/Condition?patient=${patientId}` },
    { at: 'everything', url: everything },
    ...(page ? [{ at: 'page', url: nextLink(page) as string }] : []),
    ...(kickOff
      ? [{ at: 'export', url: `${base}/Patient/$export`, headers: [['Prefer', 'respond-async']] as const }]
      : []),
    ...(kickOff && location ? [{ at: 'status', url: new URL(location, kickOff.request.url).href }] : []),
    ...(file?.url && URL.canParse(file.url) ? [{ at: 'file', url: file.url, accept: 'application/fhir+ndjson' }] : []),
    // A token is nothing to try where whoever listens would have it.
  ].filter(({ url }) => /^https:/i.test(url))
}

/** Opens them all with the member's own token, so that the addresses behind them are known. */
export const openDoors = (payer: Actor): Flow<Exchange[]> => exportMember(payer, { ...ofLittle, keep: true })
