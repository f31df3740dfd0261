/** Discovery lists nothing that a client who believes it is refused for. */
import { expect, test } from 'vitest'
import type { PayerState } from '../state/payer-state.ts'
import { serverMetadata } from './authorization-server.ts'
import { signingAlgorithms } from './client-authentication.ts'

test('the algorithms are those by which a client with a key set is let in, UDAP or not', () => {
  for (const udap of [undefined, {}]) {
    const metadata = serverMetadata({ base: 'https://127.0.0.1/t', udap } as unknown as PayerState, [])
    expect(metadata.token_endpoint_auth_signing_alg_values_supported).toEqual(signingAlgorithms)
  }
})
