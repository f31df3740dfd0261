/**
 * The clients of the authorization server: registered software, each bound to an organization and to the certificate it
 * registered with (PDex "Dynamic Client Registration", RFC 7591/7592), and what each organization may see.
 */
import type { JWK } from 'jose'
import type { Random } from '../../harness/random.ts'

export type AuthMethod = 'private_key_jwt' | 'tls_client_auth'

/** The names by which tls_client_auth may know a client (RFC 8705 §2.1.2). */
export const tlsNames = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

/** What a client registered, as the server understood it (RFC 7591 §2). */
export interface ClientMetadata {
  readonly client_name?: string
  readonly contacts?: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly redirect_uris?: readonly string[]
  readonly token_endpoint_auth_method: AuthMethod
  readonly jwks_uri?: string
  readonly jwks?: { readonly keys: readonly JWK[] }
  readonly scope: string
  readonly software_id?: string
  readonly software_version?: string
  readonly software_statement?: string
  readonly tls_client_certificate_bound_access_tokens: boolean
  readonly tls_client_auth_subject_dn?: string
  readonly tls_client_auth_san_dns?: string
  readonly tls_client_auth_san_uri?: string
  readonly tls_client_auth_san_ip?: string
  readonly tls_client_auth_san_email?: string
}

export interface Organization {
  /** The URI in the SAN of its certificates. */
  readonly uri: string
  readonly identifier: { readonly system: string; readonly value: string }
}

export interface Client {
  readonly id: string
  readonly organization: Organization
  /** Of the certificate on the connection that registered it. A renewed certificate of the same organization is welcome too. */
  readonly thumbprint?: string
  readonly metadata: ClientMetadata
  /** Opens the registration itself (RFC 7592). */
  readonly registrationToken: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** Registered with a UDAP software statement: another of the same issuer changes it. */
  readonly udap: boolean
}

export interface Permissions {
  readonly claims: boolean
  readonly priorAuthorizations: boolean
}

export class Clients {
  readonly #random: Random
  readonly #clients = new Map<string, Client>()
  readonly #permissions = new Map<string, Permissions>()
  /** When a JWT id of an issuer may be used again: seconds since 1970. */
  readonly #used = new Map<string, number>()

  constructor(random: Random) {
    this.#random = random
  }

  register(part: Omit<Client, 'id' | 'registrationToken'>): Client {
    const client: Client = {
      ...part,
      id: this.#random.uuid(),
      registrationToken: this.#random.uuid() + this.#random.uuid(),
    }
    this.#clients.set(client.id, client)
    return client
  }

  /** Takes over a client that was registered by hand. False when that id is taken. */
  enrol(part: Omit<Client, 'registrationToken'>): boolean {
    if (this.#clients.has(part.id)) return false
    this.#clients.set(part.id, { ...part, registrationToken: this.#random.uuid() })
    return true
  }

  find(id: string): Client | undefined {
    return this.#clients.get(id)
  }

  /** The client that this organization registered in the UDAP way, if there is one. */
  byUdapIssuer(uri: string): Client | undefined {
    return [...this.#clients.values()].find((client) => client.udap && client.organization.uri === uri)
  }

  /** Another set of metadata for the same client; undefined when there is no such client. */
  update(id: string, metadata: ClientMetadata): Client | undefined {
    const known = this.#clients.get(id)
    if (!known) return undefined
    const client = { ...known, metadata }
    this.#clients.set(id, client)
    return client
  }

  delete(id: string): boolean {
    return this.#clients.delete(id)
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#clients.values()
  }

  /** What that organization may see besides clinical data; everything unless told. */
  permissionsOf({ identifier }: Organization): Permissions {
    return (
      this.#permissions.get(`${identifier.system}|${identifier.value}`) ?? { claims: true, priorAuthorizations: true }
    )
  }

  permit(identifier: Organization['identifier'], permissions: Permissions): void {
    this.#permissions.set(`${identifier.system}|${identifier.value}`, permissions)
  }

  /**
   * Notes a JWT id until its JWT has expired. False when that issuer has used it in a JWT that still lives;
   * afterwards it may come again (UDAP general, `jti`).
   */
  useOnce(issuer: string, jti: string, expires: number, now: number): boolean {
    const key = JSON.stringify([issuer, jti])
    const until = this.#used.get(key)
    if (until !== undefined && until > now) return false
    if (this.#used.size > 10_000) for (const [old, end] of this.#used) if (end <= now) this.#used.delete(old)
    this.#used.set(key, expires)
    return true
  }
}
