/** Every fault of an authorization server and of the rows that its tokens open. */
import { assertionFaults } from './authorization-assertions.ts'
import { bearerFaults } from './authorization-bearer.ts'
import { authorizationChoiceFaults } from './authorization-choices.ts'
import { discoveryFaults, introspectionFaults } from './authorization-discovery.ts'
import { registrationFaults } from './authorization-registration.ts'
import type { PayerFault } from './authorization-spoiling.ts'
import { tokenFaults } from './authorization-tokens.ts'
import { subtleDiscoveryFaults } from './subtle-discovery.ts'
import { subtleGrantFaults } from './subtle-grants.ts'
import { subtleTokenFaults } from './subtle-tokens.ts'

export const authorizationFaults: readonly PayerFault[] = [
  ...registrationFaults,
  ...discoveryFaults,
  ...introspectionFaults,
  ...assertionFaults,
  ...tokenFaults,
  ...bearerFaults,
  ...authorizationChoiceFaults,
  ...subtleTokenFaults,
  ...subtleDiscoveryFaults,
  ...subtleGrantFaults,
]
