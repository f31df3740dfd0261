/**
 * What RFC 5280 §6.1 demands of a path beyond names, signatures and dates: what must be understood, who may sign how far down,
 * which names and which policies. OpenSSL's part in Node does not look at these when it is asked about one certificate.
 */
import type { X509Certificate } from 'node:crypto'
import * as asn1 from '@peculiar/asn1-x509'
import { extensionOf, readCertificate } from './certificate.ts'
import { type Link, policyDoubt } from './certificate-policies.ts'
import { nameDoubt, namesOf, readNameConstraints } from './name-constraints.ts'

/** Extensions that are looked at, here or by who asks for the path: any other that is critical is not understood (§4.2). */
const understood: ReadonlySet<string> = new Set([
  asn1.id_ce_basicConstraints,
  asn1.id_ce_keyUsage,
  asn1.id_ce_extKeyUsage,
  asn1.id_ce_subjectAltName,
  asn1.id_ce_nameConstraints,
  asn1.id_ce_certificatePolicies,
  asn1.id_ce_policyMappings,
  asn1.id_ce_policyConstraints,
  asn1.id_ce_inhibitAnyPolicy,
  asn1.id_ce_cRLDistributionPoints,
])

/** Why the path (leaf first, root last) is none by these rules, or undefined. The root's own limits count, as they do for OpenSSL. */
export function pathDoubt(path: readonly X509Certificate[]): string | undefined {
  try {
    const links = path.map((certificate) => ({
      said: readCertificate(certificate.raw),
      selfIssued: certificate.subject === certificate.issuer,
    }))
    for (const [i, { said }] of links.entries()) {
      const doubt = extensionsDoubt(said) ?? (i > 0 ? signerDoubt(links, i) : undefined)
      if (doubt) return doubt
    }
    return policyDoubt(links.slice(0, -1).reverse())
  } catch (cause) {
    return `a certificate in it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

function extensionsDoubt({ extensions = new asn1.Extensions() }: asn1.TBSCertificate): string | undefined {
  const ids = extensions.map(({ extnID }) => extnID)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice) return `an extension (${twice}) is there twice`
  const unknown = extensions.find(({ extnID, critical }) => critical && !understood.has(extnID))
  return unknown && `a critical extension (${unknown.extnID}) is not understood`
}

/** May the i-th certificate sign for those before it? */
function signerDoubt(links: readonly Link[], i: number): string | undefined {
  const { said } = links[i] as Link
  const basic = extensionOf(said, asn1.id_ce_basicConstraints, asn1.BasicConstraints)
  if (!basic?.cA) return 'a certificate of nobody who may sign another signs one'
  const usage = extensionOf(said, asn1.id_ce_keyUsage, asn1.KeyUsage)
  if (usage && !(usage.toNumber() & asn1.KeyUsageFlags.keyCertSign))
    return 'a key that may not sign certificates signs one'
  const between = links.slice(1, i).filter(({ selfIssued }) => !selfIssued).length
  if (between > (basic.pathLenConstraint ?? Number.POSITIVE_INFINITY))
    return 'there are more authorities in it than one of them allows'
  const constraints = said.extensions?.find(({ extnID }) => extnID === asn1.id_ce_nameConstraints)
  return constraints && namesDoubt(readNameConstraints(constraints.extnValue.buffer), links.slice(0, i))
}

/** Its own names are its authority's affair where a certificate between is self-issued (§6.1.3 (b) and (c)). */
function namesDoubt(constraints: asn1.NameConstraints, below: readonly Link[]): string | undefined {
  for (const [i, { said, selfIssued }] of below.entries()) {
    if (i > 0 && selfIssued) continue
    const alternative = extensionOf(said, asn1.id_ce_subjectAltName, asn1.SubjectAlternativeName)
    for (const name of namesOf(said.subject, alternative)) {
      const doubt = nameDoubt(constraints, name)
      if (doubt) return `the name constraints of an authority are not kept: ${doubt}`
    }
  }
  return undefined
}
