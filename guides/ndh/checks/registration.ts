/** What a published Endpoint promises about registration and discovery, tried out. */
import { type Check, check } from '../../../harness/check.ts'
import { smartFromMetadata } from '../../pdex/checks/discovery.ts'
import { registersOnlyMembers } from '../../pdex/checks/mutual-tls.ts'

export const registrationNeedsMutualTls = check(
  'NDH-017',
  'IMPLIED',
  'The registration endpoint is reachable over mutual TLS alone',
  registersOnlyMembers,
)
export const metadataNamesSmart = check(
  'NDH-018',
  'IMPLIED',
  'The CapabilityStatement or smart-configuration names the SMART endpoints, and they agree',
  (transcript, scene) => smartFromMetadata(transcript, scene.responder),
)

export const registrationChecks: readonly Check[] = [registrationNeedsMutualTls, metadataNamesSmart]
export const registrationUntested: Readonly<Record<string, string>> = {}
