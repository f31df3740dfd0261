import type { ConsentTerms } from './person.ts'

/**
 * Something that is true when a scenario starts, or becomes true in its middle, in the world of the system that answers.
 * Plain data: applied to a simulation, sent to a system that offers hooks, looked up in the plan for one that does not.
 */
export type Fixture =
  /** Holds this member with the complete record. */
  | { readonly is: 'insures'; readonly person: string }
  /** Holds two members with identical demographics and card. */
  | { readonly is: 'insures-twins'; readonly person: string }
  /** Holds nobody like that. */
  | { readonly is: 'insures-nobody-like'; readonly person: string }
  /** How the system treats a #regular consent: leaves sensitive records out, labels them, or can do neither. */
  | { readonly is: 'segmentation'; readonly way: 'excludes' | 'tags' | 'cannot' }
  /** The member told the responding payer not to share with that payer. */
  | { readonly is: 'blocked-by-member'; readonly person: string; readonly payer: string }
  /** The consent that the match brought is revoked now. */
  | { readonly is: 'consent-revoked'; readonly person: string; readonly payer: string }
  /** What one client may see besides clinical data. */
  | {
      readonly is: 'permissions'
      readonly payer: string
      readonly claims: boolean
      readonly priorAuthorizations: boolean
    }
  /** Member of the trust community: endorsed, bundle merged, known to the responding payer. Or only part of the way. */
  | { readonly is: 'trusted'; readonly payer: string; readonly standing: 'member' | 'endorsed-only' | 'removed' }
  /** That payer registered its client by hand: under this id, with this metadata (RFC 7591 §2). */
  | {
      readonly is: 'registered'
      readonly payer: string
      readonly clientId: string
      readonly metadata: Readonly<Record<string, unknown>>
    }
  /** That payer's client matched the member before, with a consent of that policy and period (FHIR dates, both days inside). */
  | ({
      readonly is: 'matched'
      readonly payer: string
      readonly clientId: string
      readonly person: string
    } & ConsentTerms)
  /** The certificate with that thumbprint is revoked; how the responder can learn of it. */
  | { readonly is: 'certificate-revoked'; readonly thumbprint: string; readonly via: 'crl' | 'ocsp' }
  /** The next export runs for that many polls, fails, or ends at once. */
  | { readonly is: 'export'; readonly way: 'ready-at-once' | 'slow' | 'fails'; readonly polls?: number }
  /** The match answer carries MemberIdentifier alone. */
  | { readonly is: 'identifier-only-match' }
  /** A resource of the member was deleted. */
  | { readonly is: 'deleted'; readonly person: string; readonly type: string }
  /** A resource of the member was updated now (its newest version differs). */
  | { readonly is: 'updated'; readonly person: string; readonly type: string }

export type FixtureKind = Fixture['is']

/** The Parameters that $member-match answers, as far as they name the member. */
export interface MatchAnswer {
  readonly parameter?:
    | readonly {
        readonly name?: string | undefined
        readonly valueIdentifier?:
          | { readonly system?: string | undefined; readonly value?: string | undefined }
          | undefined
        readonly valueReference?: { readonly reference?: string | undefined } | undefined
      }[]
    | undefined
}

/** What a system says when it has made a fixture true, if it says anything. */
export interface FixtureAnswer {
  /** URL where a client that was registered by hand gets its tokens: who is told needs not discover it. */
  readonly tokenEndpoint?: string
  /** How a member who was matched by hand is named from then on. */
  readonly match?: MatchAnswer
}
