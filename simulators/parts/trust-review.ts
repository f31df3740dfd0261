/**
 * The review of a bundle before it may go to main (PDex trust framework): shape, signature, endorsement and ownership.
 * Every entry is held to what its type implies, since the bundle profile does not slice entries.
 */
import type { Bundle, Endpoint, OperationOutcomeIssue, Organization } from 'fhir/r4.js'
import { certificateFrom, inForce, isSelfSigned, sameKey } from '../../harness/certificates.ts'
import {
  type EndpointBundle,
  extensionsOf,
  mtlsExtensions,
  partOf,
  readEndpointBundle,
} from '../../harness/endpoint-bundle.ts'
import { endorsedWith, readBundleSignature } from '../../harness/signature.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Submission } from '../state/trust-submissions.ts'

type Issue = OperationOutcomeIssue
const issue = (code: Issue['code'], text: string, expression: string): Issue => ({
  severity: 'error',
  code,
  details: { text },
  diagnostics: text,
  expression: [expression],
})
const unless = (met: boolean, code: Issue['code'], text: string, expression: string): Issue[] =>
  met ? [] : [issue(code, text, expression)]

/** Everything that is wrong with a change; none means that it may be merged. */
export function review(path: string, content: string | null, state: TrustManagerState, onMain?: string): Issue[] {
  if (!/^bundles\/[\w.-]+\.json$/.test(path))
    return [issue('business-rule', 'only bundles/*.json may be changed by members', path)]
  if (content === null) return [issue('business-rule', 'a bundle leaves main when the trust manager removes it', path)]
  let bundle: Bundle
  try {
    bundle = JSON.parse(content) as Bundle
  } catch {
    return [issue('structure', 'the file is not JSON', path)]
  }
  if (bundle?.resourceType !== 'Bundle') return [issue('structure', 'the file holds no Bundle', path)]
  const read = readEndpointBundle(bundle)
  return [
    ...shapeOfBundle(bundle, read, state),
    ...read.endpoints.flatMap((endpoint) => shapeOfEndpoint(endpoint, bundle, read)),
    ...read.organizations.flatMap(shapeOfOrganization),
    ...trustOf(bundle, read, state, onMain),
  ]
}

function shapeOfBundle(
  bundle: Bundle,
  { endpoints, organizations }: EndpointBundle,
  { clock }: TrustManagerState,
): Issue[] {
  return [
    ...unless(bundle.type === 'collection', 'value', 'the bundle is a collection', 'Bundle.type'),
    ...unless(Boolean(bundle.timestamp), 'required', 'the bundle has a timestamp', 'Bundle.timestamp'),
    ...unless(
      !bundle.timestamp || new Date(bundle.timestamp) <= clock.now(),
      'value',
      'the timestamp is not in the future',
      'Bundle.timestamp',
    ),
    ...unless(
      endpoints.length === 1,
      'business-rule',
      `one Endpoint is expected, not ${endpoints.length}`,
      'Bundle.entry',
    ),
    ...unless(
      organizations.length === 2,
      'business-rule',
      `two Organizations (plan and operator) are expected, not ${organizations.length}`,
      'Bundle.entry',
    ),
    ...unless(
      (bundle.entry ?? []).length === endpoints.length + organizations.length,
      'business-rule',
      'nothing but Endpoint and Organizations belongs in the bundle',
      'Bundle.entry',
    ),
  ]
}

function shapeOfEndpoint(endpoint: Endpoint, bundle: Bundle, { published }: EndpointBundle): Issue[] {
  const at = 'Bundle.entry.resource.ofType(Endpoint)'
  const objects = extensionsOf(endpoint, mtlsExtensions.signedObject)
  const complete = objects.filter(
    (object) => partOf(object, 'ObjectType') && partOf(object, 'Object')?.valueBase64Binary,
  )
  const managing = endpoint.managingOrganization?.reference
  const targets = (bundle.entry ?? []).flatMap(({ fullUrl, resource }) =>
    resource?.resourceType === 'Organization' ? [fullUrl, `Organization/${resource.id}`] : [],
  )
  return [
    ...unless(endpoint.status === 'active', 'value', 'the Endpoint is active', `${at}.status`),
    ...unless(
      Boolean(endpoint.connectionType?.code),
      'required',
      'the Endpoint has a connection type',
      `${at}.connectionType`,
    ),
    ...unless(endpoint.payloadType?.length === 1, 'required', 'the Endpoint has one payload type', `${at}.payloadType`),
    ...unless(
      endpoint.address?.startsWith('https://') ?? false,
      'value',
      'the address of the Endpoint is an https URL',
      `${at}.address`,
    ),
    ...unless(
      objects.length > 0 && complete.length === objects.length,
      'required',
      'the Endpoint carries its mTLS certificate as signed object, with ObjectType and Object',
      `${at}.extension('${mtlsExtensions.signedObject}')`,
    ),
    ...unless(
      published.some(({ kind }) => kind === 'certificate'),
      'value',
      'the signed object is a certificate',
      `${at}.extension('${mtlsExtensions.signedObject}')`,
    ),
    ...unless(
      managing !== undefined && targets.includes(managing),
      'not-found',
      'managingOrganization refers to an Organization of the bundle',
      `${at}.managingOrganization`,
    ),
    ...partsOf(endpoint, at),
  ]
}

/** Parts that the complex extensions must have, and of which type. */
const required = [
  [mtlsExtensions.associatedServers, 'associatedServersType'],
  [mtlsExtensions.trustFramework, 'trustFrameworkType'],
  [mtlsExtensions.secureExchangeArtifacts, 'secureExchangeArtifactsType'],
  [mtlsExtensions.useCase, 'endpointUsecasetype'],
] as const

const partsOf = (endpoint: Endpoint, at: string): Issue[] =>
  required.flatMap(([url, name]) =>
    extensionsOf(endpoint, url).flatMap((extension) =>
      unless(
        Boolean(partOf(extension, name)?.valueCodeableConcept),
        'required',
        `${name} is a CodeableConcept`,
        `${at}.extension('${url}').extension('${name}')`,
      ),
    ),
  )

function shapeOfOrganization(organization: Organization): Issue[] {
  const at = `Bundle.entry.resource.ofType(Organization).where(id='${organization.id}')`
  const telecom = organization.telecom ?? []
  return [
    ...unless(
      organization.active !== undefined,
      'required',
      'the Organization says whether it is active',
      `${at}.active`,
    ),
    ...unless(Boolean(organization.name), 'required', 'the Organization has a name', `${at}.name`),
    ...unless(
      telecom.length > 0 && telecom.every(({ system }) => system === 'url'),
      'value',
      'the Organization has telecoms, each of them a url',
      `${at}.telecom`,
    ),
    ...unless(
      (organization.endpoint ?? []).length <= 1,
      'value',
      'the Organization has at most one endpoint',
      `${at}.endpoint`,
    ),
  ]
}

/** Signed by an endorsed member, who owns the organization and, if there was one, the file. */
function trustOf(bundle: Bundle, read: EndpointBundle, state: TrustManagerState, onMain?: string): Issue[] {
  const signature = readBundleSignature(bundle)
  if (signature.is === 'absent') return [issue('required', 'the bundle is not signed', 'Bundle.signature')]
  if (signature.is !== 'jws')
    return [issue('value', `the signature is no JWS but ${signature.is}`, 'Bundle.signature.data')]
  if (!signature.valid)
    return [issue('value', `the signature does not hold: ${signature.why}`, 'Bundle.signature.data')]
  const [signer] = signature.chain
  const member = signer && state.submissions.memberBy(signer)
  if (!signer || !member)
    return [issue('security', 'the bundle is not signed with an endorsed certificate', 'Bundle.signature.data')]
  if (member.status !== 'endorsed')
    return [issue('security', 'the membership of the signer has ended', 'Bundle.signature.data')]
  const { clock, manager } = state
  const { endorsed, published, plan } = read
  const own = endorsed.find(({ signed }) => signed?.certificates[0]?.raw.equals(signer.raw))
  const owns = member.organization.identifiers.some((one) =>
    plan?.identifier?.some((other) => one.system === other.system && one.value === other.value),
  )
  const owner = onMain === undefined ? undefined : fileOwner(onMain, state)
  const managerCertificate = certificateFrom(manager.authority.pem)
  const artifact = `Bundle.entry.resource.ofType(Endpoint).extension('${mtlsExtensions.trustFramework}')`
  return [
    ...unless(
      own?.signed !== undefined && endorsedWith(own.signed, managerCertificate.publicKey),
      'security',
      'signedArtifact is what the trust manager endorsed',
      artifact,
    ),
    ...unless(
      own?.by !== undefined && sameKey(own.by.key, managerCertificate.publicKey),
      'security',
      "publicCertificate is the trust manager's",
      artifact,
    ),
    ...unless(inForce(signer, clock.now()) === 'yes', 'expired', 'the endorsed certificate is in force', artifact),
    ...unless(
      published.every(
        ({ certificates: [leaf] }) => !leaf || (inForce(leaf, clock.now()) === 'yes' && !isSelfSigned(leaf)),
      ),
      'expired',
      'published certificates are in force and issued by an authority',
      `Bundle.entry.resource.ofType(Endpoint).extension('${mtlsExtensions.signedObject}')`,
    ),
    ...unless(
      owns,
      'security',
      'the bundle is about the organization that signed it',
      'Bundle.entry.resource.ofType(Organization)',
    ),
    ...unless(!owner || owner.id === member.id, 'security', 'the file on main belongs to another member', 'Bundle'),
  ]
}

/** The member whose signature a bundle on main carries. */
export function fileOwner(content: string, state: TrustManagerState): Submission | undefined {
  try {
    const signature = readBundleSignature(JSON.parse(content) as Bundle)
    const [signer] = signature.is === 'jws' ? signature.chain : []
    return signer && state.submissions.memberBy(signer)
  } catch {
    return undefined
  }
}
