/** Certificates that nobody vouches for: signed by themselves, made by `selfsigned`, to be refused. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { generate, type SubjectAltNameEntry } from 'selfsigned'
import type { Credentials } from '../harness/wire.ts'
import { validity } from './authority.ts'
import type { Terms } from './issue.ts'

/** A self-signed certificate with those names, and with that key when the terms bring one. */
export async function throwAway(
  terms: Pick<Terms, 'subject' | 'uris' | 'dns' | 'ips' | 'keyPem'>,
): Promise<Credentials> {
  const names: SubjectAltNameEntry[] = [
    ...(terms.uris ?? []).map((value) => ({ type: 6 as const, value })),
    ...(terms.dns ?? []).map((value) => ({ type: 2 as const, value })),
    ...(terms.ips ?? []).map((ip) => ({ type: 7 as const, ip })),
  ]
  const commonName = /CN=((?:[^,\\]|\\.)*)/.exec(terms.subject)?.[1]?.replace(/\\(.)/g, '$1') ?? terms.subject
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: terms.keyPem && createPublicKey(terms.keyPem).asymmetricKeyType === 'rsa' ? 'rsa' : 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: validity.notBefore,
    notAfterDate: validity.notAfter,
    ...(terms.keyPem
      ? {
          keyPair: {
            privateKey: terms.keyPem,
            publicKey: createPublicKey(terms.keyPem).export({ type: 'spki', format: 'pem' }).toString(),
          },
        }
      : {}),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', clientAuth: true, serverAuth: true },
      ...(names.length ? [{ name: 'subjectAltName' as const, altNames: names }] : []),
    ],
  })
  const key = createPrivateKey(made.private).export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: made.cert, key }
}
