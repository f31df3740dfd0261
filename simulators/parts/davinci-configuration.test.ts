import { expect, it } from 'vitest'
import type { PayerState } from '../state/payer-state.ts'
import { davinciConfiguration } from './davinci-configuration.ts'

it('says who the payer is and where each API begins', async () => {
  const state = {
    editions: { pdex: '2.2.0' },
    base: 'https://mtls.example/t',
    identity: { identifier: { system: 'urn:naic', value: '1', period: {} } },
  } as unknown as PayerState
  const url = 'https://open.example/t/fhir/.well-known/davinci-configuration'
  const response = await davinciConfiguration(state)(new Request(url), { params: {}, url: new URL(url) })
  expect(response.headers.get('content-type')).toBe('application/json')
  const document = (await response.json()) as { identifier: object; endpoints: Record<string, string> }
  expect(document.identifier).toEqual({ system: 'urn:naic', value: '1' })
  expect(document.endpoints['davinci_pdex_payer_endpoint#2.2']).toBe('https://mtls.example/t/fhir')
  expect(Object.keys(document.endpoints)).toHaveLength(6)
})
