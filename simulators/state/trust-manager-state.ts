/** What a simulated trust manager knows: the community's authority, its own, who applied, who is a member, and the repository. */
import type { Authority } from '../../certs/authority.ts'
import type { Identity } from '../../harness/actor.ts'
import type { Clock } from '../../harness/clock.ts'
import type { Revocations } from './revocations.ts'
import type { MergeRequests } from './trust-merge-requests.ts'
import type { Repository } from './trust-repository.ts'
import type { RevocationRegister } from './trust-revocations.ts'
import type { Submissions } from './trust-submissions.ts'

/** Legal choices of a trust manager. */
export interface TrustManagerSettings {
  /** How a certificate is signed, unless the request says: the payer's key certified anew, or a signature around its certificate. */
  endorsement: 'reissue' | 'detached'
}

/** An authority and whom it has revoked. */
export interface Office {
  readonly authority: Authority
  readonly revoked: RevocationRegister
}

export interface TrustManagerState {
  readonly clock: Clock
  /** Its `signing` key tells the manager's own people from everybody else. */
  readonly identity: Identity
  /** Absolute base of this tenant, no slash at the end. */
  readonly base: string
  readonly settings: TrustManagerSettings
  /** PEM of the roots that the community trusts. */
  readonly trusted: readonly string[]
  /** The public authority that issues identity certificates to payers. */
  readonly community: Office
  /** The manager's own signing certificate, granted by the community's root. */
  readonly manager: Office
  readonly submissions: Submissions
  readonly repository: Repository
  readonly mergeRequests: MergeRequests
  /** What it learns of certificates that another authority issued. */
  readonly revocations: Revocations
}
