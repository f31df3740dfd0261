/** A member's certificate, wrong in one way and right in every other: same key, same names, same issuer where that is possible. */
import { certificateFrom } from '../harness/certificates.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Credentials } from '../harness/wire.ts'
import type { Authorities } from './authorities.ts'
import { distinguishedName } from './distinguished-name.ts'
import { issue, over, type Terms, tocome } from './issue.ts'
import { keysFromPem } from './keys.ts'
import { throwAway } from './throw-away.ts'

/** Whose certificate goes wrong. */
export interface Owner {
  readonly name: string
  readonly uri: string
  readonly credentials: Credentials
}

/** What a mistake may need to know: addresses for revocation, and the URI of somebody else. */
export interface Surroundings {
  /** Absolute base of the authority that publishes revocations: `${trust}/ca`. */
  readonly authority?: string
  readonly another?: string
}

type Make = (all: Authorities, owner: Owner, around: Surroundings) => Promise<Credentials | null>

const terms = ({ name, uri, credentials }: Owner): Terms => ({
  subject: distinguishedName(name),
  uris: [uri],
  keyPem: credentials.key,
})
const wrong =
  (change: (owner: Owner, around: Surroundings) => Partial<Terms>): Make =>
  async (all, owner, around) =>
    (await issue(all.intermediate, { ...terms(owner), ...change(owner, around) })).credentials
const own = async (all: Authorities, more: Omit<Terms, 'key' | 'keyPem'>): Promise<Credentials> =>
  (await issue(all.intermediate, more)).credentials

/** A list of its own for each certificate: nobody can have an older copy of it. */
const shard = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')
const authorityOf = ({ authority }: Surroundings): string => {
  if (!authority) throw new HarnessError('cannot-set-up', 'there is no authority that could publish a revocation')
  return authority
}

/** Every wrong certificate, by the words that follow "a certificate" in a sentence. */
export const mistakes = {
  'without a certificate': async () => null,
  'that has expired': wrong(() => over),
  'that is not valid yet': wrong(() => tocome),
  'for servers only': wrong(() => ({ usages: ['serverAuth'] })),
  'for signing code only': wrong(() => ({ usages: ['codeSigning'] })),
  'signed by itself': async (_all, owner) =>
    throwAway({ subject: distinguishedName(owner.name), uris: [owner.uri], keyPem: owner.credentials.key }),
  'signed by an authority that nobody trusts': async (all, owner) => (await issue(all.rogue, terms(owner))).credentials,
  // An authority by name only: subject and key id of the real one, key of the rogue.
  'signed by an impostor of the authority': async (all, owner) =>
    (
      await issue(
        { ...all.rogue, certificate: all.intermediate.certificate, chain: all.intermediate.chain },
        terms(owner),
      )
    ).credentials,
  // A member is no authority: its own certificate must not sign another.
  'signed by a member': async (all, owner) => {
    const certificate = certificateFrom(owner.credentials.cert)
    const keys = await keysFromPem(owner.credentials.key)
    const member = { ...all.intermediate, certificate, keys, chain: owner.credentials.cert }
    // Another subject, else it would be self-signed; the same key, so that nothing but the signer is wrong.
    return (await issue(member, { ...terms(owner), subject: distinguishedName(`${owner.name} Branch`) })).credentials
  },
  'that names another payer': wrong((_owner, { another }) => ({
    uris: [another ?? 'https://somebody-else.example/payer'],
  })),
  'that names a host instead of a URI': wrong(({ uri }) => ({ uris: [], dns: [new URL(uri).hostname] })),
  'that names an e-mail address instead of a URI': wrong(({ uri }) => ({
    uris: [],
    emails: [`security@${new URL(uri).hostname}`],
  })),
  'that names nobody': wrong(() => ({ uris: [] })),
  'that it never published': (all, { name, uri }) => own(all, { subject: distinguishedName(name), uris: [uri] }),
  'of nobody in the repository': (all) =>
    own(all, { subject: distinguishedName('Unlisted Plan'), uris: ['https://unlisted-plan.example/payer'] }),
  'revoked by list': wrong((_owner, around) => ({
    crlUrl: `${authorityOf(around)}/crl/${shard()}`,
  })),
  'revoked by OCSP': wrong((_owner, around) => ({ ocspUrl: `${authorityOf(around)}/ocsp` })),
  'with a short key': (all, { name, uri }) =>
    issue(all.intermediate, { subject: distinguishedName(name), uris: [uri], key: 'rsa-1024' }).then(
      ({ credentials }) => credentials,
    ),
} satisfies Record<string, Make>

export type CertificateMistake = keyof typeof mistakes

export const isCertificateMistake = (text: string): text is CertificateMistake => text in mistakes

/** Those whose certificate the authority must revoke before it is used. */
export const isRevoked = (mistake: string): boolean => mistake.startsWith('revoked')
