/** Whom an authority has revoked: the register behind its list and its OCSP responder. */
import type { Authority } from '../../certs/authority.ts'
import { answerOcsp } from '../../certs/ocsp.ts'
import { type Revocation, revocationList, sameSerial } from '../../certs/revocation-list.ts'

export class RevocationRegister {
  readonly #authority: Authority
  readonly #revoked: Revocation[] = []
  #list: Promise<Uint8Array> | undefined
  #issue = 0

  constructor(authority: Authority) {
    this.#authority = authority
  }

  /** False when it was revoked before. */
  revoke(revocation: Revocation): boolean {
    if (this.isRevoked(revocation.serial)) return false
    this.#revoked.push(revocation)
    this.#list = undefined
    return true
  }

  isRevoked(serial: string): boolean {
    return this.#revoked.some((entry) => sameSerial(entry.serial, serial))
  }

  /** The list as of now, DER; signed anew only when somebody was revoked since. */
  list(): Promise<Uint8Array> {
    this.#list ??= revocationList(this.#authority, this.#revoked, ++this.#issue)
    return this.#list
  }

  /** The answer (DER) to an OCSP request (DER). */
  answer(request: Uint8Array): Promise<Uint8Array> {
    return answerOcsp(this.#authority, request, this.#revoked)
  }
}
