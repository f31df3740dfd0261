/** The rows of a payer's table for matching a member and for finding its endpoints. */
import { bearer } from '../guards/bearer.ts'
import { fhirJson } from '../guards/fhir-json.ts'
import { type Route, route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { davinciConfiguration } from './davinci-configuration.ts'
import { memberMatch } from './member-match.ts'

const definition = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'

/** Behind mutual TLS. */
export const matchRoutes = (state: PayerState): Route[] => [
  route('POST', '/fhir/Patient/$member-match', [bearer(state, 'match'), fhirJson], memberMatch(state), {
    type: 'Patient',
    operation: { name: 'member-match', definition },
  }),
]

/** On the host that speaks ordinary TLS: discovery is for everybody. */
export const discoveryRoutes = (state: PayerState): Route[] => [
  route('GET', '/fhir/.well-known/davinci-configuration', [], davinciConfiguration(state)),
]
