/** The published mTLS Endpoint and its extensions (PDex mtls-endpoint; value sets of the National Directory). */
import { type Check, check } from '../../../harness/check.ts'
import type { Verb } from '../../../harness/verdict.ts'
import { carriesItsCertificate, endpointIsActive, endpointSpeaksFhir, managedInTheBundle } from '../endpoint-rules.ts'
import {
  artifactsAreCurrent,
  namesItsServers,
  saysHowToRegister,
  saysItsGuide,
  saysItsUse,
  saysMutualTls,
  trustFrameworkIsComplete,
} from '../extension-rules.ts'
import { eachPublished, type Rule } from '../published.ts'

const published = (requirement: string, verb: Verb, title: string, ...rules: Rule[]): Check =>
  check(requirement, verb, title, (transcript, scene) =>
    eachPublished(transcript, scene, (one) => rules.flatMap((rule) => rule(one))),
  )

export const endpointIsUsable = published(
  'NDH-005',
  'SHALL',
  'A published Endpoint is active, with a connection type, an https address and one payload type',
  endpointIsActive,
)
export const endpointShowsCertificate = published(
  'NDH-006',
  'SHALL',
  'A published Endpoint carries its mTLS certificate as signed object',
  carriesItsCertificate,
)
export const endpointNamesServers = published(
  'NDH-007',
  'IMPLIED',
  'A published Endpoint names FHIR base and registration endpoint',
  namesItsServers,
)
export const endpointTrustFramework = published(
  'NDH-008',
  'SHALL',
  'The trust framework extension is complete',
  trustFrameworkIsComplete,
)
export const endpointArtifacts = published(
  'NDH-009',
  'SHALL',
  'Exchange artifacts are complete, readable and in force',
  artifactsAreCurrent,
)
export const endpointRegistration = published(
  'NDH-010',
  'SHALL',
  'The dynamic registration extension names UDAP or SMART',
  saysHowToRegister,
)
export const endpointAccessControl = published(
  'NDH-011',
  'SHALL',
  'The access control mechanism is mutual-tls, given once',
  saysMutualTls,
)
export const endpointUseCase = published('NDH-012', 'SHALL', 'The use case extension is complete', saysItsUse)
export const endpointGuide = published(
  'NDH-013',
  'SHALL',
  'The implementation guide extension is well typed and names the right version of PDex',
  saysItsGuide,
)
export const endpointIsManaged = published(
  'NDH-014',
  'SHALL',
  'The managing organization is in the bundle, and the payload is FHIR',
  managedInTheBundle,
  endpointSpeaksFhir,
)

export const endpointChecks: readonly Check[] = [
  endpointIsUsable,
  endpointShowsCertificate,
  endpointNamesServers,
  endpointTrustFramework,
  endpointArtifacts,
  endpointRegistration,
  endpointAccessControl,
  endpointUseCase,
  endpointGuide,
  endpointIsManaged,
]
export const endpointUntested: Readonly<Record<string, string>> = {}
