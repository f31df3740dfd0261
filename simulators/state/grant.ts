/** What an access token is good for, as the bearer guard hands it to a handler. */
export interface Grant {
  readonly clientId: string
  /** Identifier of the caller's organization, as Consent actors name it. */
  readonly organization: { readonly system: string; readonly value: string }
  readonly scopes: readonly string[]
  /** `match`: good for $member-match and nothing else. `member`: good for the data of one Patient. */
  readonly kind: 'match' | 'member' | 'system'
  /** Logical id of the one Patient of a member token. */
  readonly patientId?: string
  /** Thumbprint of the certificate that it is bound to (RFC 8705). */
  readonly thumbprint?: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly permissions: { readonly claims: boolean; readonly priorAuthorizations: boolean }
}
