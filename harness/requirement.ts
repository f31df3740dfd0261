/** One statement of a guide, in our words, with the way back to the guide's own. */
import type { GuideKey } from './edition.ts'
import type { Verb } from './verdict.ts'

export type Testability = 'automatic-server' | 'automatic-client' | 'needs-attestation' | 'not-testable'

export interface Requirement {
  /** Ours and stable: `PDEX-199`, `HREX-021`, `AUTH-030`. */
  readonly id: string
  readonly guide: GuideKey
  readonly level: Verb
  /** `payer-server`, `payer-client`, `trust-manager`, `server` ... as the ledger names them. */
  readonly actor: string
  /** TF MTLS DCR TOK MM RET PROV DATA CAP GEN ... */
  readonly flow: string
  /** `2.0+`, `2.0-2.1`, `2.2`; 'all' where the guide has one edition. */
  readonly versions: string
  readonly statement: string
  /** Where in the guide: `p2p-single §199`. */
  readonly where: string
  /** Opens the page of the guide that says it. */
  readonly url: string
  readonly testability: Testability
  /** How a test sees it. */
  readonly observation: string
  /** The negative case. */
  readonly negative: string
  /** Written reason why an automatic requirement has no check yet. */
  readonly untested?: string
}
