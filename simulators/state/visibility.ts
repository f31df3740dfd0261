/**
 * What a caller may see: the member's own compartment, less what their consent keeps back, less what this caller was not
 * granted. The one filter of search, read, history, include, $everything, export and documents; PDex "FHIR Access Permissions".
 */
import type { Attachment, Provenance } from 'fhir/r4.js'
import type { ConsentPolicy, FhirResource } from '../../harness/person.ts'
import { permits } from '../parts/scopes.ts'
import { attachments, keyOfReference, literalReferences } from '../search/references.ts'
import { each } from './each.ts'
import type { Grant } from './grant.ts'
import { ownOrganization } from './own-organization.ts'
import type { PayerState } from './payer-state.ts'
import { sharedTypes } from './shelf.ts'

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
/** InformationSensitivityPolicy of v3-ActCode, as far as payers label by it. */
const sensitivities = new Set([
  'ETH',
  'ETHUD',
  'OPIOIDUD',
  'SUD',
  'PSY',
  'PSYTHPN',
  'MH',
  'BH',
  'HIV',
  'STD',
  'SEX',
  'SDV',
  'GDIS',
  'TBOO',
  'SICKLE',
  'ABORTION',
])

/** Labelled as sensitive: confidentiality R or V, or a sensitivity policy. */
export const isSensitive = ({ meta }: FhirResource): boolean =>
  meta?.security?.some(
    ({ system, code = '' }) =>
      (system === confidentiality && (code === 'R' || code === 'V')) || (system === actCode && sensitivities.has(code)),
  ) ?? false

/** Documents that can be about a claim alone. */
const supportingTypes = new Set(['DocumentReference', 'QuestionnaireResponse', 'DiagnosticReport', 'Observation'])

/** What one caller sees of one member, as long as caller, consent and records stay what they are: see `sightOf`. */
export class Sight {
  readonly patientId: string | undefined
  /** Undefined: no consent holds, and nothing is seen. */
  readonly policy: ConsentPolicy | undefined
  readonly #grant: Grant
  readonly #state: PayerState
  readonly #scoped = new Map<string, boolean>()
  readonly #redactions = new WeakMap<Provenance, Provenance>()
  #reach: Set<string> | undefined

  constructor(state: PayerState, grant: Grant | undefined, policy: ConsentPolicy | undefined) {
    this.#state = state
    this.#grant = grant ?? nobody
    this.patientId = memberOf(grant)
    this.policy = policy
  }

  /** Is it the member's, and may the caller see it? What belongs to nobody is no member's. */
  seesOwn(resource: FhirResource): boolean {
    return this.#isOwn(resource) && this.lets(resource)
  }

  /** May the caller see it, given that it is the member's or is referred to by what they see? */
  lets(resource: FhirResource): boolean {
    if (this.policy === undefined || this.patientId === undefined) return false
    if (!this.inScope(resource.resourceType)) return false
    if (this.policy === 'regular' && isSensitive(resource)) return false
    switch (resource.resourceType) {
      case 'ExplanationOfBenefit':
      case 'Claim':
      case 'ClaimResponse':
        return this.#grants(resource.use)
      case 'Binary':
        return this.#opens(resource.id ?? '')
      case 'Provenance':
        return resource.target.some((target) => this.#seesTarget(target.reference))
      default:
        return !supportingTypes.has(resource.resourceType) || this.#mayBeShown(resource)
    }
  }

  /** Own, or referred to by something own that is seen. */
  async sees(resource: FhirResource): Promise<boolean> {
    if (!sharedTypes.has(resource.resourceType)) return this.seesOwn(resource)
    return this.lets(resource) && (await this.reach()).has(`${resource.resourceType}/${resource.id}`)
  }

  /** As it is let out: documents by absolute URL, Provenance without targets that are kept back. */
  shows(resource: FhirResource): FhirResource {
    if (resource.resourceType === 'Provenance') return this.#redacted(resource)
    const documents = attachments(resource)
    return documents.length > 0 && documents.some(({ url }) => url?.startsWith('Binary/'))
      ? absolute(resource, `${this.#state.base}/fhir`)
      : resource
  }

  /** Follows a reference as far as the caller sees: for includes and chains, from something that is seen. */
  follow(reference: string): FhirResource | undefined {
    const key = this.#localKey(reference)
    return key === undefined ? undefined : this.find(key)
  }

  /** What is here under that `Type/id`, if the caller sees it. */
  find(key: string): FhirResource | undefined {
    const held = this.#state.records.held(key)
    if (!held) return undefined
    const { resource, owner } = held
    const within = sharedTypes.has(resource.resourceType) || (owner !== undefined && owner === this.patientId)
    return within && this.lets(resource) ? resource : undefined
  }

  /** `Type/id` of everything that belongs to nobody and that the visible record refers to, directly or not. */
  async reach(): Promise<ReadonlySet<string>> {
    if (this.#reach) return this.#reach
    const reached = new Reach(this)
    if (this.patientId !== undefined && this.policy !== undefined)
      await each(this.#state.records.stream(this.patientId), (resource) => {
        if (this.lets(resource)) reached.from(resource)
      })
    reached.fromOwn(this.#state)
    this.#reach = reached.keys
    return this.#reach
  }

  #isOwn({ resourceType: type, id = '' }: FhirResource): boolean {
    return this.patientId !== undefined && this.#state.records.owner(type, id) === this.patientId
  }

  /** Within the scopes of the token; a right to read or to search lets a type be seen. */
  inScope(type: string): boolean {
    const known = this.#scoped.get(type)
    if (known !== undefined) return known
    const { scopes } = this.#grant
    const inScope = permits(scopes, type, 'r') || permits(scopes, type, 's')
    this.#scoped.set(type, inScope)
    return inScope
  }

  #grants(use: string | undefined): boolean {
    const { claims, priorAuthorizations } = this.#grant.permissions
    return use === 'claim' ? claims : priorAuthorizations
  }

  /** What only supports claims that are kept back is kept back with them. */
  #mayBeShown(resource: FhirResource): boolean {
    const { claims, priorAuthorizations } = this.#grant.permissions
    if (claims && priorAuthorizations) return true
    const supported = [...this.#state.records.supportedBy(resource.resourceType, resource.id ?? '')]
    if (resource.resourceType === 'DocumentReference')
      for (const key of literalReferences(resource.context?.related)) {
        const [type = '', id = ''] = key.split('/')
        const related = type === 'ExplanationOfBenefit' ? this.#state.records.read(type, id) : undefined
        if (related) supported.push(related)
      }
    return (
      supported.length === 0 || supported.some((r) => r.resourceType === 'ExplanationOfBenefit' && this.#grants(r.use))
    )
  }

  /** Content is open when a document that is seen attaches it; content that nothing attaches is the member's own. */
  #opens(binaryId: string): boolean {
    const documents = [...this.#state.records.attaching(binaryId)]
    return documents.length === 0 || documents.some((document) => this.seesOwn(document))
  }

  #seesTarget(reference: string | undefined): boolean {
    const key = this.#localKey(reference)
    if (key === undefined) return false
    const held = this.#state.records.held(key)
    if (!held) return false
    const { resource: target, owner } = held
    const isOwn = this.patientId !== undefined && owner === this.patientId
    // Provenance of Provenance would ask in a circle.
    if (target.resourceType === 'Provenance') return isOwn && !(this.policy === 'regular' && isSensitive(target))
    return (isOwn || sharedTypes.has(target.resourceType)) && this.lets(target)
  }

  #redacted(provenance: Provenance): Provenance {
    const shown = this.#redactions.get(provenance) ?? this.#redact(provenance)
    this.#redactions.set(provenance, shown)
    return shown
  }

  #redact(provenance: Provenance): Provenance {
    const target = provenance.target.filter(({ reference }) => this.#seesTarget(reference))
    if (target.length === provenance.target.length) return provenance
    const redacted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'REDACTED' }
    return {
      ...provenance,
      target,
      meta: { ...provenance.meta, security: [...(provenance.meta?.security ?? []), redacted] },
    }
  }

  /** The key of a reference to something here; another server's is nothing here. */
  #localKey(reference: string | undefined): string | undefined {
    const elsewhere =
      reference?.includes(':') &&
      /^[a-z][a-z0-9+.-]*:/i.test(reference) &&
      !reference.startsWith(`${this.#state.base}/fhir/`)
    return elsewhere ? undefined : keyOfReference(reference)
  }
}

const memberOf = (grant: Grant | undefined): string | undefined =>
  grant?.kind === 'member' ? grant.patientId : undefined

/** What the consent in force now lets the holder of that grant see. */
function policyFor(state: PayerState, grant: Grant | undefined): ConsentPolicy | undefined {
  const patientId = memberOf(grant)
  if (patientId === undefined || grant === undefined) return undefined
  const decision = state.consents.decision(patientId, grant.organization, state.clock.now())
  return decision.permitted ? decision.policy : undefined
}

const last = new WeakMap<
  PayerState,
  { readonly sight: Sight; readonly grant: Grant | undefined; readonly at: number }
>()

/** What the holder of that grant sees now. The consent is asked each time; what was worked out before holds until it or a record changes. */
export function sightOf(state: PayerState, grant: Grant | undefined): Sight {
  const at = state.records.changes
  const policy = policyFor(state, grant)
  const known = last.get(state)
  if (known && known.grant === grant && known.at === at && known.sight.policy === policy) return known.sight
  const sight = new Sight(state, grant, policy)
  last.set(state, { sight, grant, at })
  return sight
}

/** Gathers what belongs to nobody, following references from one to the next. */
export class Reach {
  readonly keys = new Set<string>()
  readonly #sight: Sight
  constructor(sight: Sight) {
    this.#sight = sight
  }

  /** Adds what that resource refers to. */
  from(value: unknown): void {
    for (const key of literalReferences(value)) {
      if (this.keys.has(key) || !sharedTypes.has(key.slice(0, key.indexOf('/')))) continue
      const found = this.#sight.follow(key)
      if (!found) continue
      this.keys.add(key)
      this.from(found)
    }
  }

  /** Adds the payer's own Organization, which every Provenance of a transmission refers to. */
  fromOwn(state: PayerState): void {
    this.from({ reference: `Organization/${ownOrganization(state).id}` })
  }
}

/** Is that resource visible to the holder of that grant? */
export const visible = (resource: FhirResource, grant: Grant | undefined, state: PayerState): Promise<boolean> =>
  sightOf(state, grant).sees(resource)

const nobody: Grant = {
  clientId: '',
  organization: { system: '', value: '' },
  scopes: [],
  kind: 'match',
  expires: 0,
  permissions: { claims: false, priorAuthorizations: false },
}

/** Relative attachment URLs made absolute: an exported file has no base that they could be relative to. */
function absolute(resource: FhirResource, base: string): FhirResource {
  const moved = (attachment: Attachment): Attachment =>
    attachment.url?.startsWith('Binary/') ? { ...attachment, url: `${base}/${attachment.url}` } : attachment
  switch (resource.resourceType) {
    case 'DocumentReference':
      return { ...resource, content: resource.content.map((c) => ({ ...c, attachment: moved(c.attachment) })) }
    case 'DiagnosticReport':
      return { ...resource, presentedForm: (resource.presentedForm ?? []).map(moved) }
    case 'Consent':
      return resource.sourceAttachment ? { ...resource, sourceAttachment: moved(resource.sourceAttachment) } : resource
    case 'ExplanationOfBenefit':
      return {
        ...resource,
        supportingInfo: (resource.supportingInfo ?? []).map((info) =>
          info.valueAttachment ? { ...info, valueAttachment: moved(info.valueAttachment) } : info,
        ),
      }
    default:
      return resource
  }
}
