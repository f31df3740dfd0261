/** Provenance as it came: who did what to which resource, and in what form the payer had received it (PDex Provenance). */
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import { payload } from '../conformance/payload.ts'
import { at, type Coding, codingsAt, extensionsOf, keyOf, type Received, type Resource } from '../core/received.ts'
import { anyKey } from '../core/rest.ts'
import type { Holding } from './holdings.ts'

const usCoreParticipants = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type'
const participants = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'
export const agentRoles = 'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/ProvenanceAgentRoleType'
export const sourceFormats = 'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/ProvenancePayerDataSource'
export const sourceFormatUrl = 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/ProvenanceSourceFrom'

export interface Agent {
  readonly type?: unknown
  readonly who?: {
    readonly reference?: string
    readonly type?: string
    readonly identifier?: unknown
    readonly display?: string
  }
  readonly onBehalfOf?: { readonly reference?: string; readonly type?: string }
}

export const agentsOf = (provenance: Resource): Agent[] => at(provenance, 'agent') as Agent[]

/** What an agent did: codes of its type. */
export const agentCodes = (agent: Agent): Coding[] => codingsAt(agent, 'type')

export const isTransmitter = (agent: Agent): boolean =>
  agentCodes(agent).some(
    ({ system, code }) => code === 'transmitter' && (system === usCoreParticipants || system === undefined),
  )

/** Who made or first had it: author, or source of the PDex roles. */
export const isOrigin = (agent: Agent): boolean =>
  agentCodes(agent).some(
    ({ system, code }) =>
      (code === 'author' && (system === participants || system === agentRoles)) ||
      (code === 'source' && system === agentRoles),
  )

/** Keeps the record: custodian, or transmitter. */
export const isCustodial = (agent: Agent): boolean =>
  isTransmitter(agent) || agentCodes(agent).some(({ system, code }) => code === 'custodian' && system === participants)

/** `Organization`, `Practitioner` ...: the type that a reference says or names. */
export const typeOf = (reference: { reference?: string; type?: string } | undefined): string | undefined =>
  reference?.type ?? anyKey(reference?.reference ?? '')?.split('/')[0]

/** Keys of what a Provenance is about. */
export const targetsOf = (provenance: Resource): string[] =>
  at(provenance, 'target.reference').flatMap((reference) => anyKey(String(reference)) ?? [])

/** Codes of the form in which an entity came. */
export const formatsOf = (provenance: Resource): Coding[] =>
  at(provenance, 'entity')
    .flatMap((entity) => extensionsOf(entity, sourceFormatUrl))
    .flatMap((extension) => codingsAt(extension, 'valueCodeableConcept'))

export const isProvenance = ({ resource }: Received): boolean => resource.resourceType === 'Provenance'

/** Every Provenance that the requester received; throws `not-seen` when it received nothing at all. */
export const provenances = (transcript: Transcript, scene: Scene): Received[] =>
  payload(transcript, scene).filter(isProvenance)

export const provenancesIn = ({ seen }: Holding): Received[] => [...seen.values()].filter(isProvenance)

/** Identifiers by which the responding payer is known to the member: those of the payor of the coverage to match. */
function payorIdentifiers(scene: Scene): Set<string> {
  const coverage = scene.person?.submitted.coverageToMatch as unknown as Resource | undefined
  const found = new Set<string>()
  for (const value of [...at(coverage, 'payor.identifier.value'), ...at(coverage, 'contained.identifier.value')])
    found.add(String(value))
  return found
}

/**
 * Is that the responding payer? By identifier where the Organization came, else by being payor or insurer of what came;
 * undefined where neither is known.
 */
export function isThePayer(agent: Agent, all: readonly Received[], scene: Scene): boolean | undefined {
  const known = payorIdentifiers(scene)
  const direct = at(agent.who, 'identifier.value').map(String)
  if (direct.some((value) => known.has(value))) return true
  const key = anyKey(agent.who?.reference ?? '')
  // An identifier of another kind decides nothing where a reference leads further.
  if (key === undefined) return direct.length > 0 && known.size > 0 ? false : undefined
  const organization = all.find(({ resource }) => keyOf(resource) === key)?.resource
  if (organization && known.size > 0) {
    const values = at(organization, 'identifier.value').map(String)
    if (values.some((value) => known.has(value))) return true
  }
  const paying = all.some(({ resource }) =>
    [...at(resource, 'payor.reference'), ...at(resource, 'insurer.reference')].some(
      (reference) => anyKey(String(reference)) === key,
    ),
  )
  if (paying) return true
  return organization && known.size > 0 ? false : undefined
}
