/**
 * Certificates as DER (RFC 5280 §4.1): the library lays each part out once, since most certificates say mostly the same, and
 * what is new is signed on the spot. What is made is not read back.
 */
import { createHash, type KeyObject, sign } from 'node:crypto'
import { AsnConvert, AsnSerializer, type IAsnConvertible, OctetString } from '@peculiar/asn1-schema'
import * as asn1 from '@peculiar/asn1-x509'
import { once } from '../harness/once.ts'
import { thumbprint } from '../harness/tls-facts.ts'
import { serialNumber, x509 } from './keys.ts'

/** A distinguished name: `CN=New Plan, O=New Plan`, or one that was read. */
export type Name = string | asn1.Name

export interface Statement {
  readonly subject: Name
  readonly issuer: Name
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: KeyObject
  readonly extensions: readonly asn1.Extension[]
}

/** A certificate that says so, under a new serial number. */
export function signCertificate(said: Statement, signer: KeyObject): Uint8Array {
  const { hash, algorithm } = signatureOf(signer)
  const tbsCertificate = laidOut(
    new asn1.TBSCertificate({
      version: asn1.Version.v3,
      serialNumber: bufferOf(Buffer.from(serialNumber(), 'hex')),
      signature: algorithm,
      issuer: nameOf(said.issuer),
      validity: period(said.notBefore, said.notAfter),
      subject: nameOf(said.subject),
      subjectPublicKeyInfo: publicKey(said.publicKey).info,
      extensions: new asn1.Extensions([...said.extensions]),
    }),
  )
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate))
  const signatureValue = bufferOf(sign(hash, signed, signer))
  const certificate = new asn1.Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue })
  return new Uint8Array(AsnConvert.serialize(certificate))
}

const read = new Map<string, asn1.TBSCertificate>()

/** What a certificate (DER) says; each is read once. Throws when it is none. */
export const readCertificate = (der: Uint8Array): asn1.TBSCertificate =>
  once(read, thumbprint(der), () => AsnConvert.parse(der, asn1.Certificate).tbsCertificate)

/** The value of an extension, undefined where the certificate has none of that kind. Throws when it is no such value. */
export function extensionOf<T>({ extensions }: asn1.TBSCertificate, id: string, kind: new () => T): T | undefined {
  const found = extensions?.find(({ extnID }) => extnID === id)
  return found && AsnConvert.parse(found.extnValue.buffer, kind)
}

const extensions = new Map<string, asn1.Extension>()

/** An extension whose value is told by its name; it is laid out once. */
export const extension = (
  id: string,
  name: string,
  value: () => object,
  { critical = false }: { readonly critical?: boolean } = {},
): asn1.Extension =>
  once(extensions, `${id} ${critical} ${name}`, () =>
    laidOut(new asn1.Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value())) })),
  )

/** By what a key is recognized: the SHA-1 of its bits (RFC 5280 §4.2.1.2, method 1). */
export const keyIdentifier = (key: KeyObject): Buffer => publicKey(key).identifier

/** A part that the library need not lay out again. It takes anything that says for itself how it is written. */
class LaidOut implements IAsnConvertible {
  readonly #schema: ReturnType<typeof AsnSerializer.toASN>
  constructor(part: object) {
    this.#schema = AsnSerializer.toASN(part)
  }
  toASN(): ReturnType<typeof AsnSerializer.toASN> {
    return this.#schema
  }
  toSchema(): never {
    throw new TypeError('a part that is laid out is not read')
  }
  fromASN(): never {
    return this.toSchema()
  }
}
const laidOut = <Part extends object>(part: Part): Part => new LaidOut(part) as object as Part

const names = new Map<string, asn1.Name>()
const nameOf = (name: Name): asn1.Name =>
  typeof name === 'string'
    ? once(names, name, () => laidOut(AsnConvert.parse(new x509.Name(name).toArrayBuffer(), asn1.Name)))
    : name

const periods = new Map<string, asn1.Validity>()
const period = (notBefore: Date, notAfter: Date): asn1.Validity =>
  once(periods, `${notBefore.getTime()} ${notAfter.getTime()}`, () =>
    laidOut(new asn1.Validity({ notBefore, notAfter })),
  )

interface PublicKey {
  readonly info: asn1.SubjectPublicKeyInfo
  readonly identifier: Buffer
}
const publicKeys = new Map<string, PublicKey>()
function publicKey(key: KeyObject): PublicKey {
  const spki = key.export({ type: 'spki', format: 'der' })
  return once(publicKeys, spki.toString('latin1'), () => {
    const info = AsnConvert.parse(spki, asn1.SubjectPublicKeyInfo)
    const identifier = createHash('sha1').update(Buffer.from(info.subjectPublicKey)).digest()
    return { info: laidOut(info), identifier }
  })
}

/** RFC 5758 §3.2 and RFC 4055 §5: with a NULL for RSA, without any parameters for ECDSA. */
const algorithms = {
  rsa: {
    hash: 'sha256',
    algorithm: laidOut(new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null })),
  },
  'P-256': { hash: 'sha256', algorithm: laidOut(new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })) },
  'P-384': { hash: 'sha384', algorithm: laidOut(new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.3' })) },
} as const
const signatureOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) =>
  algorithms[asymmetricKeyType === 'rsa' ? 'rsa' : asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256']

/** Without the pool behind it that a Buffer may have. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
