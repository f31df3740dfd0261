/** Keys as jose uses them. Reading one takes longer than signing or verifying with it, and there are few: each is read once. */
import { importJWK, importPKCS8, type JWK } from 'jose'
import { once } from '../harness/once.ts'

const secrets = new Map<string, ReturnType<typeof importPKCS8>>()
const publics = new Map<string, ReturnType<typeof importJWK>>()

/** A private key (PKCS#8 PEM) for signing by `alg`. Rejects as jose does. */
export const signingKey = (pem: string, alg: string): ReturnType<typeof importPKCS8> =>
  once(secrets, `${alg} ${pem}`, () => importPKCS8(pem, alg))

/** A public key for verifying by `alg`. Rejects as jose does. */
export const verifyingKey = (jwk: JWK, alg: string | undefined): ReturnType<typeof importJWK> =>
  once(publics, `${alg} ${JSON.stringify(jwk)}`, () => importJWK(jwk, alg))
