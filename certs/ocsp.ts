/** OCSP (RFC 6960): an authority answers for its certificates; a client asks and believes only a signed answer to its own question. */
import * as asn1js from 'asn1js'
import { type Authority, validity } from './authority.ts'
import { pkiCertificate, pkijs, pkiOcspRequest, pkiOcspResponse } from './pki.ts'
import { type Revocation, sameSerial, wholeSecond } from './revocation-list.ts'

const nonceExtension = '1.3.6.1.5.5.7.48.1.2'
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** `ResponseStatus` of RFC 6960 §4.2.1. */
const malformedRequest = 1

/** The answer (DER) to a request (DER): good, revoked, or unknown for a certificate of somebody else. */
export async function answerOcsp(
  authority: Authority,
  request: Uint8Array,
  revoked: readonly Revocation[],
): Promise<Uint8Array> {
  let asked: pkijs.OCSPRequest
  try {
    asked = pkiOcspRequest(request)
  } catch {
    return ocspFailure(malformedRequest)
  }
  const own = pkiCertificate(authority.certificate.raw)
  const basic = new pkijs.BasicOCSPResponse()
  basic.tbsResponseData.responderID = own.subject
  basic.tbsResponseData.producedAt = validity.notBefore
  for (const { reqCert } of asked.tbsRequest.requestList) {
    const serial = hex(reqCert.serialNumber.valueBlock.valueHexView)
    const revocation = revoked.find((entry) => sameSerial(entry.serial, serial))
    const ours = await isIssuer(own, reqCert)
    basic.tbsResponseData.responses.push(
      new pkijs.SingleResponse({
        certID: reqCert,
        certStatus: !ours ? status(2) : revocation ? revokedStatus(revocation.at) : status(0),
        thisUpdate: validity.notBefore,
        nextUpdate: validity.notAfter,
      }),
    )
  }
  const nonce = asked.tbsRequest.requestExtensions?.find((extension) => extension.extnID === nonceExtension)
  if (nonce) basic.tbsResponseData.responseExtensions = [nonce]
  basic.certs = [own]
  await basic.sign(authority.keys.privateKey, 'SHA-256')
  const response = new pkijs.OCSPResponse({
    responseStatus: new asn1js.Enumerated({ value: 0 }),
    responseBytes: new pkijs.ResponseBytes({
      responseType: pkijs.id_PKIX_OCSP_Basic,
      response: new asn1js.OctetString({ valueHex: basic.toSchema().toBER(false) }),
    }),
  })
  return new Uint8Array(response.toSchema().toBER(false))
}

const ocspFailure = (value: number): Uint8Array =>
  new Uint8Array(new pkijs.OCSPResponse({ responseStatus: new asn1js.Enumerated({ value }) }).toSchema().toBER(false))

/** `CertStatus` is a CHOICE of three tagged values: good [0], revoked [1] with its time, unknown [2]. */
const status = (tagNumber: 0 | 2): asn1js.Primitive =>
  new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber }, lenBlock: { length: 1 } } as asn1js.PrimitiveParams)
const revokedStatus = (at: Date): asn1js.Constructed =>
  new asn1js.Constructed({
    idBlock: { tagClass: 3, tagNumber: 1 },
    value: [new asn1js.GeneralizedTime({ valueDate: wholeSecond(at) })],
  })

async function isIssuer(own: pkijs.Certificate, asked: pkijs.CertID): Promise<boolean> {
  const hashAlgorithm = pkijs.getAlgorithmByOID(asked.hashAlgorithm.algorithmId) as { name?: string }
  if (!hashAlgorithm.name) return false
  const expected = new pkijs.CertID()
  await expected.createForCertificate(own, { hashAlgorithm: hashAlgorithm.name, issuerCertificate: own })
  const same = (one: asn1js.OctetString, other: asn1js.OctetString): boolean =>
    hex(one.valueBlock.valueHexView) === hex(other.valueBlock.valueHexView)
  return same(expected.issuerNameHash, asked.issuerNameHash) && same(expected.issuerKeyHash, asked.issuerKeyHash)
}

/** A question (DER) about a certificate, with a nonce. */
export async function ocspQuestion(certificate: Uint8Array, issuer: Uint8Array): Promise<Uint8Array> {
  const request = new pkijs.OCSPRequest()
  const issuerCertificate = pkiCertificate(issuer)
  await request.createForCertificate(pkiCertificate(certificate), { hashAlgorithm: 'SHA-256', issuerCertificate })
  const nonce = new asn1js.OctetString({ valueHex: crypto.getRandomValues(new Uint8Array(16)).buffer })
  request.tbsRequest.requestExtensions = [
    new pkijs.Extension({ extnID: nonceExtension, extnValue: nonce.toBER(false) }),
  ]
  return new Uint8Array(request.toSchema(true).toBER(false))
}

export type OcspAnswer =
  | { readonly believed: true; readonly status: 'good' | 'revoked' | 'unknown' }
  | { readonly believed: false; readonly why: string }

/** What a response (DER) says of that certificate, or why it cannot be believed. `question` is what was asked, for its nonce. */
export async function readOcsp(
  response: Uint8Array,
  certificate: Uint8Array,
  issuer: Uint8Array,
  at: Date,
  question?: Uint8Array,
): Promise<OcspAnswer> {
  const no = (why: string): OcspAnswer => ({ believed: false, why })
  try {
    const read = pkiOcspResponse(response)
    const code = read.responseStatus.valueBlock.valueDec
    if (code !== 0 || !read.responseBytes) return no(`the responder declined with status ${code}`)
    const basic = pkijs.BasicOCSPResponse.fromBER(new Uint8Array(read.responseBytes.response.valueBlock.valueHexView))
    const by = pkiCertificate(issuer)
    basic.certs = [...(basic.certs ?? []), by]
    if (!(await basic.verify({ trustedCerts: [by], issuerCerts: [by], trustedResponders: [by] })))
      return no('its signature does not hold')
    const single = basic.tbsResponseData.responses.find(
      ({ thisUpdate, nextUpdate }) => thisUpdate <= at && (!nextUpdate || nextUpdate >= at),
    )
    if (!single) return no('it is not of this time')
    const nonceOf = (extensions: readonly pkijs.Extension[] | undefined): string | undefined => {
      const found = extensions?.find((extension) => extension.extnID === nonceExtension)
      return found && hex(found.extnValue.valueBlock.valueHexView)
    }
    const answered = nonceOf(basic.tbsResponseData.responseExtensions)
    const asked = question && nonceOf(pkiOcspRequest(question).tbsRequest.requestExtensions)
    // A responder may leave the nonce out (RFC 8954 §2.1); one that it sends must be ours.
    if (asked && answered && asked !== answered) return no('it answers somebody else')
    const { isForCertificate, status } = await basic.getCertificateStatus(pkiCertificate(certificate), by)
    if (!isForCertificate) return no('it is about another certificate')
    return { believed: true, status: status === 0 ? 'good' : status === 1 ? 'revoked' : 'unknown' }
  } catch (cause) {
    return no(`it cannot be believed: ${(cause as Error).message}`)
  }
}
