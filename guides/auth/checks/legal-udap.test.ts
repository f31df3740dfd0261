/** What UDAP leaves to a server, and to one that knows nothing of it, is no failure; an answer that never came blames nobody. */
import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../../harness/transcript.ts'
import { answeredWith, asking, code, exchange, json, jwt, lost } from '../../told/registered.ts'
import { knowsCommunities, listsRequiredMetadata, servesMetadata } from './udap.ts'
import { modifiesAndCancels } from './udap-registration.ts'
import { forgetsExpiredIds, grantsByAssertion, understandsRsa } from './udap-token.ts'

const later = (x: Exchange, seconds: number): Exchange => ({
  ...x,
  at: new Date(Date.parse(x.at) + seconds * 1000).toISOString(),
})

describe('UDAP', () => {
  const statement = { iss: 'u', grant_types: ['client_credentials'] }
  const registers = (intent: object = {}, status = 201): Exchange =>
    exchange(
      'r',
      'register',
      { body: JSON.stringify({ udap: '1', software_statement: jwt({ alg: 'RS256' }, statement) }) },
      status < 300 ? { client_id: 'c1' } : { error: 'invalid_client_metadata' },
      { form: 'udap', ...intent },
      { status },
    )
  const cancels = { variation: 'with no grant types' }
  const changes = { variation: 'with the scope of the operation alone' }
  test('to cancel a registration is advice, to change it is not', () => {
    const asks = (x: Exchange): Exchange => x
    const no = answeredWith(asking(), 401, { error: 'invalid_client' })
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), no)).toBe('pass')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 400))).toBe('warning')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), asks(asking()))).toBe('warning')
    expect(code(modifiesAndCancels, registers(), registers(changes, 400))).toBe('fail')
    expect(code(modifiesAndCancels, registers(), lost(registers(changes)))).toBe('error')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), lost(asking()))).toBe('error')
  })
  const b2b = (mistake?: string, change: object = {}): Exchange => ({
    ...asking({ form: { udap: '1' } }),
    intent: mistake ? { mistake } : {},
    response: {
      status: 200,
      statusText: '',
      headers: json,
      body: JSON.stringify({ access_token: 'a', expires_in: 300, ...change }),
    },
  })
  const metadata = (change: object): Exchange => exchange('d', 'udap-configuration', { method: 'GET' }, change)
  test('who may do without the extension may leave it out', () => {
    const without = 'without the extension that says who asks'
    const required = metadata({
      udap_authorization_extensions_supported: ['hl7-b2b'],
      udap_authorization_extensions_required: ['hl7-b2b'],
    })
    const supported = metadata({ udap_authorization_extensions_supported: ['hl7-b2b'] })
    expect(code(grantsByAssertion, required, b2b(), b2b(without))).toBe('fail')
    expect(code(grantsByAssertion, supported, b2b(), b2b(without))).toBe('warning')
    expect(code(grantsByAssertion, supported, b2b(), b2b('with an extension of another version'))).toBe('fail')
  })
  test('404 is how UDAP 1.0 answers to a community that it does not know', () => {
    const asks = (status: number): Exchange => ({ ...answeredWith(metadata({}), status), intent: { community: 'u' } })
    expect(code(knowsCommunities, metadata({}), asks(204))).toBe('pass')
    expect(code(knowsCommunities, metadata({}), asks(404))).toBe('warning')
    expect(code(knowsCommunities, metadata({}), asks(400))).toBe('fail')
  })
  test('a lifetime that is not told is not too long', () => {
    expect(code(grantsByAssertion, b2b(undefined, { expires_in: 3601 }))).toBe('fail')
    expect(code(grantsByAssertion, b2b(undefined, { expires_in: undefined }))).toBe('skip')
  })
  test('what was never answered blames nobody', () => {
    expect(code(grantsByAssertion, lost(b2b()))).toBe('error')
    expect(code(understandsRsa, lost(registers()))).toBe('error')
    const again = { ...later(asking(), 400), intent: { variation: 'with the jti of an assertion that has expired' } }
    expect(code(forgetsExpiredIds, asking(), lost(again))).toBe('error')
  })
  test('a server without UDAP answers as it answers to any address that it does not know', () => {
    for (const status of [400, 404, 405, 410, 501]) {
      expect(code(servesMetadata, answeredWith(metadata({}), status, { resourceType: 'OperationOutcome' }))).toBe(
        'skip',
      )
      expect(
        code(listsRequiredMetadata, answeredWith(metadata({}), status, { resourceType: 'OperationOutcome' })),
      ).toBe('skip')
    }
    // Who asks for a token before it tells is judged once.
    expect(code(servesMetadata, answeredWith(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe('fail')
    expect(code(listsRequiredMetadata, answeredWith(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe(
      'skip',
    )
  })
})
