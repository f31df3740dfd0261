/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { bindingChecks } from './binding.ts'
import { discoveryChecks, discoveryUntested } from './discovery.ts'
import { introspectionChecks } from './introspection.ts'
import { keyRotationChecks } from './key-rotation.ts'
import { keysChecks } from './keys.ts'
import { managementChecks } from './management.ts'
import { mutualTlsChecks, mutualTlsUntested } from './mutual-tls.ts'
import { registrationChecks } from './registration.ts'
import { registrationRefusalChecks } from './registration-refusals.ts'
import { registrationRequestChecks } from './registration-request.ts'
import { resourceChecks } from './resource.ts'
import { scopesChecks } from './scopes.ts'
import { serverMetadataChecks, serverMetadataUntested } from './server-metadata.ts'
import { subjectChecks } from './subject.ts'
import { tokenChecks, tokenUntested } from './token.ts'
import { tokenRequestChecks } from './token-request.ts'
import { transportChecks } from './transport.ts'
import { udapChecks } from './udap.ts'
import { udapRegistrationChecks } from './udap-registration.ts'
import { udapTokenChecks } from './udap-token.ts'

export const authChecks: readonly Check[] = [
  ...bindingChecks,
  ...discoveryChecks,
  ...introspectionChecks,
  ...keyRotationChecks,
  ...keysChecks,
  ...managementChecks,
  ...mutualTlsChecks,
  ...registrationChecks,
  ...registrationRefusalChecks,
  ...registrationRequestChecks,
  ...resourceChecks,
  ...scopesChecks,
  ...serverMetadataChecks,
  ...subjectChecks,
  ...tokenChecks,
  ...tokenRequestChecks,
  ...transportChecks,
  ...udapChecks,
  ...udapRegistrationChecks,
  ...udapTokenChecks,
]

export const authUntested: Readonly<Record<string, string>> = {
  ...discoveryUntested,
  ...mutualTlsUntested,
  ...serverMetadataUntested,
  ...tokenUntested,
}
