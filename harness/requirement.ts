/** One statement of a guide, in our words, with the way back to the guide's own. */
import type { GuideKey } from './edition.ts'
import type { Verb } from './verdict.ts'

export type Testability =
  | 'automatic-server'
  | 'automatic-client'
  | 'automatic-server+client'
  | 'needs-attestation'
  | 'not-testable'

/** A party that a statement binds, as a stage has seats for them. */
export type Seat = 'responding payer' | 'requesting payer' | 'payer' | 'provider' | 'member app' | 'trust manager'

export interface Requirement {
  /** Ours and stable: `PDEX-199`, `HREX-021`, `AUTH-030`. */
  readonly id: string
  readonly guide: GuideKey
  readonly level: Verb
  /** `payer-server`, `payer-client`, `trust-manager`, `server` ... as the guide names them; several are parted by `; `. */
  readonly actor: string
  /** The seats that the actor may take; none where it binds the authors of guides. */
  readonly seats: readonly Seat[]
  /** Which side of the wire it is about, where the actor's name does not tell: client, server, both, artifact. */
  readonly role?: string
  /** TF MTLS DCR TOK MM RET PROV DATA CAP GEN ...; several are parted by `;`. */
  readonly flow: string
  /** `2.0+`, `2.0-2.1`, `2.2`; 'all' where the guide has one edition. */
  readonly versions: string
  /** Editions, by major.minor, in which it stands at another level than `level`: there it is listed, not judged. */
  readonly levels?: Readonly<Record<string, Verb>>
  /** The guide's own keys, by the edition (major.minor) that gives them: guides renumber between builds. */
  readonly keys?: Readonly<Record<string, readonly string[]>>
  readonly statement: string
  /** Where in the guide: `p2p-single §199`. */
  readonly where: string
  /** Opens the page of the guide that says it. */
  readonly url: string
  readonly testability: Testability
  /** Why it is not automatic; there exactly when it is not. */
  readonly reason?: string
  /** How a test sees it. */
  readonly observation: string
  /** The negative case. */
  readonly negative: string
  /** Written reason why an automatic requirement has no check yet. */
  readonly untested?: string
}

/** `@PDEX-199`, `@CONF-042`, `@X-TB-08` are requirements; `@pdex` and `@only-pdex-2.2` are not. */
export const isRequirementId = (text: string): boolean => /^[A-Z]+(?:-[A-Z]+)*-\d+$/.test(text)

/** The flows that it belongs to: nearly always one. */
export const flowsOf = ({ flow }: Pick<Requirement, 'flow'>): readonly string[] => flow.split(';').map((f) => f.trim())

/** The actors that it binds. */
export const actorsOf = ({ actor }: Pick<Requirement, 'actor'>): readonly string[] =>
  actor.split(';').map((one) => one.trim())

export const isAutomatic = ({ testability }: Pick<Requirement, 'testability'>): boolean =>
  testability.startsWith('automatic')
