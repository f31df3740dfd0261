/** Where a certificate says that its revocation can be learned: CRL distribution points and OCSP responders. */
import * as asn1 from '@peculiar/asn1-x509'
import { once } from '../harness/once.ts'
import { thumbprint } from '../harness/tls-facts.ts'
import { extensionOf, readCertificate } from './certificate.ts'

export interface RevocationSources {
  readonly lists: readonly string[]
  readonly responders: readonly string[]
}

const known = new Map<string, RevocationSources>()

/** Only http and https: other schemes are nobody's business here. Each certificate is read once. */
export const revocationSources = (der: Uint8Array): RevocationSources =>
  once(known, thumbprint(der), () => readSources(der), 1000)

function readSources(der: Uint8Array): RevocationSources {
  const certificate = readCertificate(der)
  const points = extensionOf(certificate, asn1.id_ce_cRLDistributionPoints, asn1.CRLDistributionPoints) ?? []
  const access = extensionOf(certificate, asn1.id_pe_authorityInfoAccess, asn1.AuthorityInfoAccessSyntax) ?? []
  return {
    lists: web(points.flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? [])),
    responders: web(
      access.filter(({ accessMethod }) => accessMethod === asn1.id_ad_ocsp).map(({ accessLocation }) => accessLocation),
    ),
  }
}

const web = (names: readonly asn1.GeneralName[]): string[] =>
  names.map(({ uniformResourceIdentifier = '' }) => uniformResourceIdentifier).filter((url) => /^https?:/.test(url))
