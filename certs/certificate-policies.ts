/**
 * Certificate policies (RFC 5280 §6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5): with every policy welcome at the start,
 * is there one left at the end where an authority asks for one?
 */
import * as asn1 from '@peculiar/asn1-x509'
import { extensionOf } from './certificate.ts'

const anyPolicy = asn1.id_ce_certificatePolicies_anyPolicy

/** The lowest row of the tree: a policy, and what it may be called in the next certificate. Higher rows decide nothing more. */
type Row = Map<string, ReadonlySet<string>>

export interface Link {
  readonly said: asn1.TBSCertificate
  readonly selfIssued: boolean
}

/** Why no policy is left where one must be; undefined where all is well. `path` goes from below the root to the leaf. */
export function policyDoubt(path: readonly Link[]): string | undefined {
  let row: Row = new Map([[anyPolicy, new Set([anyPolicy])]])
  // How many certificates until a policy is needed, until none may be renamed, until "any" means none.
  let explicit = path.length + 1
  let mapping = path.length + 1
  let any = path.length + 1
  for (const [i, { said, selfIssued }] of path.entries()) {
    const last = i === path.length - 1
    row = below(row, said, any > 0 || (!last && selfIssued))
    if (explicit === 0 && row.size === 0) return none
    const mappings = extensionOf(said, asn1.id_ce_policyMappings, asn1.PolicyMappings) ?? []
    if (mappings.some((one) => one.issuerDomainPolicy === anyPolicy || one.subjectDomainPolicy === anyPolicy))
      return 'any policy is mapped to another'
    if (last) {
      explicit = Math.max(explicit - 1, 0)
    } else {
      rename(row, mappings, mapping > 0)
      if (!selfIssued) [explicit, mapping, any] = [explicit, mapping, any].map((left) => Math.max(left - 1, 0)) as Three
    }
    const limits = extensionOf(said, asn1.id_ce_policyConstraints, asn1.PolicyConstraints)
    const demanded = number(limits?.requireExplicitPolicy)
    if (!last || demanded === 0) explicit = Math.min(explicit, demanded)
    mapping = Math.min(mapping, number(limits?.inhibitPolicyMapping))
    any = Math.min(any, number(extensionOf(said, asn1.id_ce_inhibitAnyPolicy, asn1.InhibitAnyPolicy)?.value))
  }
  return explicit === 0 && row.size === 0 ? none : undefined
}
type Three = [number, number, number]

const none = 'an authority asks for a certificate policy that the whole chain shares, and there is none'

/** The policies of a certificate that a policy above it leads to; none at all where it names none. */
function below(above: Row, said: asn1.TBSCertificate, anyCounts: boolean): Row {
  const named = extensionOf(said, asn1.id_ce_certificatePolicies, asn1.CertificatePolicies) ?? []
  const policies = new Set(named.map(({ policyIdentifier }) => policyIdentifier))
  const expected = new Set([...above.values()].flatMap((names) => [...names]))
  const row: Row = new Map()
  for (const policy of policies)
    if (policy !== anyPolicy && (expected.has(policy) || above.has(anyPolicy))) row.set(policy, new Set([policy]))
  if (policies.has(anyPolicy) && anyCounts)
    for (const policy of expected) if (!row.has(policy)) row.set(policy, new Set([policy]))
  return row
}

/** What an authority calls otherwise in its own domain is known below it by that name, or not at all where that is inhibited. */
function rename(row: Row, mappings: readonly asn1.PolicyMapping[], allowed: boolean): void {
  for (const policy of new Set(mappings.map(({ issuerDomainPolicy }) => issuerDomainPolicy)))
    if (!allowed) row.delete(policy)
    else if (row.has(policy) || row.has(anyPolicy)) {
      const own = mappings.filter(({ issuerDomainPolicy }) => issuerDomainPolicy === policy)
      row.set(policy, new Set(own.map(({ subjectDomainPolicy }) => subjectDomainPolicy)))
    }
}

/** A count of certificates; none is endless. */
const number = (bytes: ArrayBuffer | undefined): number =>
  bytes === undefined ? Number.POSITIVE_INFINITY : Number(BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`))
