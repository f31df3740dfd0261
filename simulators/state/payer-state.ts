/** What a simulated payer knows: one private world for each tenant. The stores are in the files beside this one. */
import type { Identity } from '../../harness/actor.ts'
import type { Clock } from '../../harness/clock.ts'
import type { Editions } from '../../harness/edition.ts'
import type { Fetch } from '../../harness/fetch.ts'
import type { Random } from '../../harness/random.ts'
import type { Credentials } from '../../harness/wire.ts'
import type { Clients } from './clients.ts'
import type { Consents } from './consents.ts'
import type { Directory } from './directory.ts'
import type { ExportJobs } from './export-jobs.ts'
import type { Members } from './members.ts'
import type { Records } from './records.ts'
import type { Tokens } from './tokens.ts'

/** Legal choices that a conformant payer may make: a variant changes these and nothing may be flagged. */
export interface PayerSettings {
  /** How a #regular consent is honoured. */
  segmentation: 'excludes' | 'tags' | 'cannot'
  /** Does a match answer carry MemberId beside MemberIdentifier? */
  memberId: boolean
  /** What a caller gets for another member's data; `empty`: nothing found, where a Bundle can say so, else 404. */
  foreign: 403 | 404 | 'empty'
  pageSize: number
  /** Seconds that an access token lives. */
  tokenSeconds: number
  /** What an access token looks like; a signed JWT unless told. */
  tokenFormat?: 'jwt' | 'opaque'
  /** Lines of one file of an export; without it all of a type are in one. */
  fileLines?: number
  /** Does an export hold what belongs to nobody, beside the member's own records? It does unless told. */
  exportsShared?: boolean
}

export interface PayerState {
  readonly clock: Clock
  readonly editions: Editions
  readonly random: Random
  /** This payer. */
  readonly identity: Identity
  /** Absolute base of this tenant on the mTLS host, no slash at the end. FHIR is at `${base}/fhir`, OAuth at `${base}/auth`. */
  readonly base: string
  /** The same on the host that speaks ordinary TLS. */
  readonly openBase: string
  readonly settings: PayerSettings
  /** The trust community, as this payer's copy of it says. */
  readonly directory: Directory
  readonly clients: Clients
  readonly tokens: Tokens
  readonly members: Members
  readonly consents: Consents
  readonly records: Records
  readonly jobs: ExportJobs
  /** Fetches what clients publish, their JWK sets above all; absent: jwks_uri is not offered. */
  readonly fetch?: Fetch
  /** What UDAP discovery shows; absent: no UDAP here. The certificate is an RSA one whose SAN names both FHIR bases. */
  readonly udap?: { readonly community: string; readonly credentials: () => Promise<Credentials> }
}
