/** A private key that belongs to nobody whom the other side knows, for signatures that must not be believed. */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { once } from '../harness/once.ts'

const makePair = promisify(generateKeyPair)
const made = new Map<string, Promise<string>>()

/** PKCS#8 PEM of a key that fits that algorithm. One is made for each: it is as strange the second time, and RSA takes long. */
export function strangersKey(alg: unknown): Promise<string> {
  const kind = String(alg).startsWith('RS') ? 'RSA' : alg === 'ES256' ? 'P-256' : 'P-384'
  return once(made, kind, () => make(kind))
}

async function make(kind: 'RSA' | 'P-256' | 'P-384'): Promise<string> {
  const { privateKey } =
    kind === 'RSA' ? await makePair('rsa', { modulusLength: 2048 }) : await makePair('ec', { namedCurve: kind })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
