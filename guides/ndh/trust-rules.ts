/** Who stands behind a published bundle: its signature, its endorsement, the key of the trust framework. */

import { alternativeNames, inForce, isSelfSigned, pathTo, sameKey } from '../../harness/certificates.ts'
import { noted, undecided, unmet } from '../../harness/check.ts'
import { mtlsExtensions, partOf } from '../../harness/endpoint-bundle.ts'
import { endorsedWith, readBundleSignature } from '../../harness/signature.ts'
import { certificatesOf, type Rule, unless } from './published.ts'

/** The signature is a real one over this content, by a certificate that leads to the community's root. */
export const isSigned: Rule = (p) => {
  const signature = readBundleSignature(p.bundle)
  const expression = 'Bundle.signature.data'
  if (signature.is === 'absent')
    return [unmet(p.exchange, 'missing-element', 'the bundle is not signed', { expression })]
  if (signature.is === 'certificate')
    return [
      unmet(p.exchange, 'not-a-signature', 'a certificate stands where the signature belongs: nothing is signed', {
        expected: 'a JWS or XML signature',
        actual: 'an X.509 certificate',
        expression,
      }),
    ]
  if (signature.is === 'xml')
    return [undecided(p.exchange, 'the signature is an XML signature, which is not verified here')]
  if (signature.is !== 'jws')
    return [unmet(p.exchange, 'not-a-signature', 'the signature is neither a JWS nor XML', { expression })]
  const [signer, ...between] = signature.chain
  if (!signature.valid || !signer)
    return [unmet(p.exchange, 'bad-signature', `the signature does not hold: ${signature.why}`, { expression })]
  const force = inForce(signer, new Date(p.scene.now))
  if (force !== 'yes')
    return [unmet(p.exchange, 'certificate-not-in-force', `the signing certificate is ${force}`, { expression })]
  const community = certificatesOf(p.transcript, 'community')
  const roots = community.filter(isSelfSigned)
  if (roots.length === 0)
    return [undecided(p.exchange, 'the signature holds; whether a trusted authority stands behind it was not asked')]
  return unless(
    pathTo(signer, [...between, ...community, ...certificatesOf(p.transcript, 'manager')], roots) !== undefined,
    p,
    'untrusted-signer',
    'the signing certificate does not lead to the authority of the community',
    { actual: signer.issuer.replaceAll('\n', ', '), expression },
  )
}

/** The trust framework's own key is there, can be read, and is the manager's. */
export const carriesTheFrameworkKey: Rule = (p) => {
  const [first] = p.read.endorsed
  const expression = `Endpoint.extension('${mtlsExtensions.trustFramework}').extension('publicCertificate')`
  if (!first || !partOf(first.raw, 'publicCertificate'))
    return [unmet(p.exchange, 'missing-element', 'the Endpoint carries no key of the trust framework', { expression })]
  if (!first.by)
    return [
      unmet(p.exchange, 'not-a-certificate', 'publicCertificate is neither a certificate nor a public key', {
        expression,
      }),
    ]
  const [manager] = certificatesOf(p.transcript, 'manager')
  if (!manager)
    return [noted(p.exchange, 'not-compared', "the manager's certificate was not fetched, so the key was not compared")]
  return unless(
    sameKey(first.by.key, manager.publicKey),
    p,
    'another-key',
    "publicCertificate is not the trust manager's",
    { expression },
  )
}

/** The endorsement is published, and what was endorsed is a certificate of this payer. */
export const publishesItsEndorsement: Rule = (p) =>
  p.endpoint && !p.read.endorsed.some(({ raw }) => partOf(raw, 'signedArtifact'))
    ? [
        unmet(p.exchange, 'missing-element', 'the Endpoint carries no signed artifact: nobody endorses it', {
          expression: `Endpoint.extension('${mtlsExtensions.trustFramework}').extension('signedArtifact')`,
        }),
      ]
    : carriesItsEndorsement(p)

/** What was endorsed is a certificate of this payer, by the key beside it. */
export const carriesItsEndorsement: Rule = (p) => {
  const at = `Endpoint.extension('${mtlsExtensions.trustFramework}')`
  const given = p.read.endorsed.filter(({ raw }) => partOf(raw, 'signedArtifact'))
  if (given.length === 0) return [undecided(p.exchange, 'the Endpoint carries no signed artifact')]
  return given.flatMap(({ signed, by }) => {
    const expression = `${at}.extension('signedArtifact')`
    const leaf = signed?.certificates[0]
    if (!signed || !leaf)
      return [unmet(p.exchange, 'not-a-certificate', 'signedArtifact holds no certificate', { expression })]
    if (!by) return [undecided(p.exchange, 'there is no key of the trust framework to verify the signed artifact with')]
    return [
      ...unless(
        endorsedWith(signed, by.key),
        p,
        'bad-signature',
        'signedArtifact does not verify with publicCertificate',
        { expression },
      ),
      ...unless(
        alternativeNames(leaf.subjectAltName, 'URI').length > 0,
        p,
        'no-uri',
        'the endorsed certificate names no organization by URI',
        { actual: leaf.subjectAltName, expression },
      ),
      ...(signed.layers > 0
        ? [
            noted(
              p.exchange,
              'odd-encoding',
              `signedArtifact holds ${signed.layers} more layers of base64 than it should`,
            ),
          ]
        : []),
    ]
  })
}
