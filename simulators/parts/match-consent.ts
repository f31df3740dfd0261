/** Reads the Consent of a match request: what hrex-consent asks for, and no more of it than a decision needs. */
import { holdsAt } from '../../harness/edition.ts'
import type { ConsentPolicy } from '../../harness/person.ts'
import { placeInPeriod, span } from '../state/period.ts'
import type { Element } from './element.ts'

export interface SubmittedConsent {
  readonly policy: ConsentPolicy
  readonly start: string
  readonly end: string
  /** Who discloses, and who receives: the identifiers by which the actors name them. */
  readonly performers: readonly OrganizationIdentifier[]
  readonly recipients: readonly OrganizationIdentifier[]
}
export interface OrganizationIdentifier {
  readonly system: string
  readonly value: string
}

const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`
const policyPage = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition-hrex-consent.html'

/** The two policies of the value set hrex-consent-policy. */
const policyUris: Readonly<Record<string, ConsentPolicy>> = {
  [`${policyPage}#regular`]: 'regular',
  [`${policyPage}#sensitive`]: 'sensitive',
}

/** What the profile leaves no room for in a provision. */
const closed = ['securityLabel', 'purpose', 'class', 'code', 'dataPeriod', 'data', 'provision'] as const

/** Throws Unreadable where the Consent is not what hrex-consent of that HRex version says. */
export function readConsent(consent: Element, patientReference: string, hrex: string): SubmittedConsent {
  if (consent.neededText('status') !== 'active') consent.refuse('is not active', 'status')
  consent.needed('scope')
  if (!consent.hasCode('scope', hl7('consentscope'), 'patient-privacy'))
    consent.refuse('is not patient-privacy', 'scope')
  if (consent.list('category').length === 0) consent.refuse('is missing', 'category', 'required')
  if (!holdsAt('1.0', hrex) && !consent.hasCode('category', hl7('v3-ActCode'), 'IDSCL'))
    consent.refuse('does not say IDSCL', 'category')
  if (consent.needed('patient').neededText('reference') !== patientReference)
    consent.refuse('does not refer to MemberPatient by its id as a relative reference', 'patient')
  if (consent.list('performer').length !== 1) consent.refuse('does not name exactly one', 'performer', 'required')
  consent.needed('sourceReference')
  return { policy: readPolicy(consent), ...readProvision(consent) }
}

function readPolicy(consent: Element): ConsentPolicy {
  const policies = consent.list('policy')
  if (policies.length === 0) consent.refuse('is missing', 'policy', 'required')
  const known = policies.flatMap((policy) => policyUris[policy.text('uri') ?? ''] ?? [])
  if (known.length !== 1) consent.refuse('does not name exactly one of the two HRex policies', 'policy')
  return known[0] as ConsentPolicy
}

function readProvision(consent: Element): Omit<SubmittedConsent, 'policy'> {
  const provision = consent.needed('provision')
  if (provision.neededText('type') !== 'permit') provision.refuse('is not permit', 'type')
  const unwanted =
    closed.find((name) => provision.has(name)) ?? (provision.has('modifierExtension') && 'modifierExtension')
  if (unwanted) provision.refuse('has no place in this Consent', unwanted)
  const actions = provision.list('action')
  if (actions.length !== 1 || !provision.hasCode('action', hl7('consentaction'), 'disclose'))
    provision.refuse('is not disclose and nothing else', 'action')

  const period = provision.needed('period')
  const start = period.neededText('start')
  const end = period.neededText('end')
  if (!span(start)) period.refuse('is not a date', 'start')
  if (!span(end)) period.refuse('is not a date', 'end')
  if (placeInPeriod(start, end, new Date(0)) === undefined) period.refuse('ends before it starts')

  const contained = organizations(consent)
  const actors = provision.list('actor')
  const those = (system: string, code: string): OrganizationIdentifier[] =>
    actors
      .filter((actor) => actor.hasCode('role', system, code))
      .flatMap((actor) => named(actor.needed('reference'), contained))
  const has = (system: string, code: string): boolean => actors.some((actor) => actor.hasCode('role', system, code))
  const performer = [hl7('provenance-participant-type'), 'performer'] as const
  const recipient = [hl7('v3-ParticipationType'), 'IRCP'] as const
  if (!has(...performer)) provision.refuse('has no performer: who discloses', 'actor', 'required')
  if (!has(...recipient)) provision.refuse('has no IRCP: who receives', 'actor', 'required')
  return { start, end, performers: those(...performer), recipients: those(...recipient) }
}

/** An actor is named by a logical identifier, by a contained Organization, or by both. */
function named(
  reference: Element,
  contained: ReadonlyMap<string, readonly OrganizationIdentifier[]>,
): OrganizationIdentifier[] {
  const logical = reference.child('identifier')
  const local = reference.text('reference') ?? ''
  return [
    ...(logical ? identifier(logical) : []),
    ...(local.startsWith('#') ? (contained.get(local.slice(1)) ?? []) : []),
  ]
}

const organizations = (consent: Element): ReadonlyMap<string, readonly OrganizationIdentifier[]> =>
  new Map(
    consent
      .list('contained')
      .filter((resource) => resource.raw('resourceType') === 'Organization')
      .map((resource) => [resource.text('id') ?? '', resource.list('identifier').flatMap(identifier)]),
  )

const identifier = (element: Element): OrganizationIdentifier[] => {
  const system = element.text('system')
  const value = element.text('value')
  return system && value ? [{ system, value }] : []
}
