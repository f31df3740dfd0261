/** A private key that belongs to nobody whom the other side knows, for signatures that must not be believed. */
import { unknownKey } from '../certs/identity.ts'
import type { Actor } from '../harness/actor.ts'
import { once } from '../harness/once.ts'

const made = new Map<string, Promise<string>>()

/** PKCS#8 PEM of a key that fits that algorithm. There is one for each: it is as strange the second time. */
export function strangersKey({ identity }: Actor, alg: unknown): Promise<string> {
  const kind = String(alg).startsWith('RS') ? 'RS384' : alg === 'ES256' ? 'ES256' : 'ES384'
  return once(made, kind, () => (identity.strangersKey ?? unknownKey)(kind))
}
