/**
 * Access tokens that were issued, and what each is good for. The authorization server and the resource server are one
 * house: a token is known by what is kept here, not by what it claims of itself.
 */
import type { Grant } from './grant.ts'

export interface IssuedToken {
  readonly grant: Grant
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly revoked: boolean
}

export type TokenStanding = 'unknown' | 'revoked' | 'expired' | 'active'

export class Tokens {
  readonly #tokens = new Map<string, IssuedToken>()

  keep(text: string, grant: Grant, issuedAt: number): void {
    this.#tokens.set(text, { grant, issuedAt, revoked: false })
  }

  find(text: string): IssuedToken | undefined {
    return this.#tokens.get(text)
  }

  standing(text: string, now: number): TokenStanding {
    const token = this.#tokens.get(text)
    if (!token) return 'unknown'
    if (token.revoked) return 'revoked'
    return token.grant.expires > now ? 'active' : 'expired'
  }

  /** False when there was nothing to revoke. */
  revoke(text: string): boolean {
    const token = this.#tokens.get(text)
    if (!token || token.revoked) return false
    this.#tokens.set(text, { ...token, revoked: true })
    return true
  }

  /** The tokens of a client end with its registration (RFC 7592 §2.3). */
  revokeAllOf(clientId: string): void {
    for (const [text, token] of this.#tokens)
      if (token.grant.clientId === clientId) this.#tokens.set(text, { ...token, revoked: true })
  }

  /** Puts another token in the place of one: how a fault bends it without touching honest code. */
  replace(text: string, token: IssuedToken): void {
    this.#tokens.set(text, token)
  }
}
