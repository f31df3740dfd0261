/** Where a certificate says that its revocation can be learned: CRL distribution points and OCSP responders. */
import { once } from '../harness/once.ts'
import { thumbprint } from '../harness/wire.ts'
import { x509 } from './keys.ts'

export interface RevocationSources {
  readonly lists: readonly string[]
  readonly responders: readonly string[]
}

const known = new Map<string, RevocationSources>()

/** Only http and https: other schemes are nobody's business here. Each certificate is read once. */
export const revocationSources = (der: Uint8Array): RevocationSources =>
  once(known, thumbprint(der), () => readSources(der), 1000)

function readSources(der: Uint8Array): RevocationSources {
  const certificate = new x509.X509Certificate(new Uint8Array(der))
  const points = certificate.getExtension('2.5.29.31')
  const access = certificate.getExtension('1.3.6.1.5.5.7.1.1')
  const web = (urls: readonly (string | undefined)[]): string[] =>
    urls.filter((url) => /^https?:/.test(url ?? '')) as string[]
  return {
    lists:
      points instanceof x509.CRLDistributionPointsExtension
        ? web(
            points.distributionPoints.flatMap(
              (point) => point.distributionPoint?.fullName?.map((name) => name.uniformResourceIdentifier) ?? [],
            ),
          )
        : [],
    responders:
      access instanceof x509.AuthorityInfoAccessExtension ? web(access.ocsp.map((name) => String(name.value))) : [],
  }
}
