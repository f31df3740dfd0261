/** The whole way to a token, over real mutual TLS, against the honest payer: what must work works, what must not does not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MatchAnswer } from '../harness/fixture.ts'
import { header } from '../harness/transcript.ts'
import { body, type SmallScene, type SmallStage, smallStage, status } from '../steps/stages/small-stage.ts'
import { discoverAuthorizationServer, discoverSmart } from './discover.ts'
import { introspect, revokeToken } from './introspect.ts'
import { claimsOf } from './jwt.ts'
import { consentTerms, matchMember } from './match-member.ts'
import { callMatchWith, readPatientWith } from './present-token.ts'
import { register } from './register.ts'
import { requestMatchToken, requestMemberToken, type SubjectMode } from './request-token.ts'
import { authenticationMistakes, requestMistakes, tokenVariations } from './token-mistakes.ts'
import { clientIdOf, namedAs } from './tokens.ts'

let stage: SmallStage
let here: SmallScene['here']
let client: SmallScene['client']
let payer: SmallScene['payer']

beforeAll(async () => {
  stage = await smallStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  ;({ here, client, payer } = await stage.open())
})

describe('the token to match members', () => {
  test('is bound to the certificate, short-lived and not to be stored', async () => {
    await client.performs(register(payer))
    const granted = await client.performs(requestMatchToken(payer))
    expect(status(granted)).toBe(200)
    expect(body(granted)).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
    expect(claimsOf(String(body(granted).access_token))?.cnf).toEqual({ 'x5t#S256': granted.tls?.client?.thumbprint })
    expect(header(granted.response as never, 'pragma')).toBe('no-cache')
  })

  test.each(Object.keys(authenticationMistakes))('is refused %s', async (mistake) => {
    await client.performs(register(payer))
    expect(status(await client.performs(requestMatchToken(payer)))).toBe(200)
    const refused = await client.performs(requestMatchToken(payer, mistake))
    expect([status(refused), body(refused).error]).toEqual([401, 'invalid_client'])
    expect(status(await client.performs(requestMatchToken(payer)))).toBe(200)
  })

  test.each(Object.keys(requestMistakes))('is refused %s', async (mistake) => {
    await client.performs(register(payer))
    const refused = await client.performs(requestMatchToken(payer, mistake))
    expect(status(refused)).toBe(400)
    expect(['invalid_request', 'unsupported_grant_type']).toContain(body(refused).error)
  })

  test('never has a scope that was not registered', async () => {
    await client.performs(register(payer, 'with the scope of the operation alone'))
    const narrowed = await client.performs(requestMatchToken(payer, 'for a scope that was not registered'))
    expect(body(narrowed).scope).toBe('http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match')
    for (const mistake of [
      'for a scope that nobody knows',
      'for a scope that is malformed',
      'for a scope that writes alone',
    ])
      expect(body(await client.performs(requestMatchToken(payer, mistake))).error).toBe('invalid_scope')
  })

  test('is given to an RSA client, and to a client that only shows its certificate', async () => {
    const other = here.actors['another payer']
    await other.performs(register(payer))
    expect(status(await other.performs(requestMatchToken(payer)))).toBe(200)
    await client.performs(register(payer, 'with its certificate as its credential'))
    const granted = await client.performs(requestMatchToken(payer))
    expect([status(granted), granted.request.body.includes('client_assertion')]).toEqual([200, false])
  })

  test('is good for the operation over its own certificate alone', async () => {
    await here.setUp('responding payer', { is: 'insures', person: 'Ana Adams' })
    const ana = here.person('Ana Adams')
    await client.performs(register(payer))
    await client.performs(requestMatchToken(payer))
    expect(status(await client.performs(matchMember(payer, ana, { policy: 'sensitive' })))).toBe(200)
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token to match members')))).toBe(403)
    expect(status(await client.performs(callMatchWith(payer, 'no token')))).toBe(401)
    const other = here.actors['another payer']
    const stolen = await other.performs(callMatchWith(payer, 'its token to match members', client))
    expect([status(stolen), header(stolen.response as never, 'www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ])
  })
})

describe('the token for a member', () => {
  const matched = async (): Promise<void> => {
    for (const person of ['Ana Adams', 'Iris Ito']) await here.setUp('responding payer', { is: 'insures', person })
    await client.performs(register(payer))
    await client.performs(requestMatchToken(payer))
    await client.performs(matchMember(payer, here.person('Ana Adams'), { policy: 'sensitive' }))
  }

  test.each(['sub', 'extension', 'parameter'] satisfies SubjectMode[])(
    'names the member in %s',
    async (subjectMode) => {
      await matched()
      const ana = here.person('Ana Adams')
      const granted = await client.performs(requestMemberToken(payer, ana, { subjectMode }))
      expect([status(granted), body(granted).patient]).toEqual([200, ana.patientId])
      expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(200)
      expect([403, 404]).toContain(
        status(await client.performs(readPatientWith(payer, here.person('Iris Ito'), 'its token for the data'))),
      )
      expect(status(await client.performs(callMatchWith(payer, 'its token for the data')))).toBe(403)
      for (const phrase of [
        'no token',
        'a token that nobody issued',
        'its token for the data, altered',
        'its token for the data in the query',
      ])
        expect(status(await client.performs(readPatientWith(payer, ana, phrase)))).toBe(401)
    },
  )

  test.each([
    ['and is named by id', {}],
    ['and is named by identifier alone', { is: 'identifier-only-match' }],
  ] as const)('is given for who was matched by hand %s', async (_how, setting) => {
    const ana = here.person('Ana Adams')
    for (const person of ['Ana Adams', 'Iris Ito']) await here.setUp('responding payer', { is: 'insures', person })
    if ('is' in setting) await here.setUp('responding payer', setting)
    await client.performs(register(payer))
    const refused = await client.performs(requestMemberToken(payer, ana))
    expect([status(refused), body(refused).error]).toEqual([400, 'invalid_grant'])
    const clientId = clientIdOf(client, payer)
    const terms = consentTerms(here.clock.now(), { policy: 'sensitive' })
    const fixture = { is: 'matched', payer: client.name, clientId, person: ana.name, ...terms } as const
    const { match } = await here.setUp('responding payer', fixture)
    client.matchedByHand('responding payer', ana.name, match as MatchAnswer)
    expect(namedAs(client, payer, ana)).toEqual({
      ...('is' in setting ? {} : { id: ana.patientId }),
      identifier: expect.objectContaining({ value: ana.memberIdentifier?.value }),
    })
    expect(namedAs(client, payer, here.person('Iris Ito'))).toEqual({})
    const granted = await client.performs(requestMemberToken(payer, ana))
    expect([status(granted), body(granted).patient]).toEqual([200, ana.patientId])
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(200)
    expect(body(await client.performs(requestMemberToken(payer, here.person('Iris Ito')))).error).toBe('invalid_grant')
    await here.clock.wait(92 * 86_400)
    expect(body(await client.performs(requestMemberToken(payer, ana))).error).toBe('invalid_grant')
    await expect(here.setUp('responding payer', { ...fixture, person: 'Zoe Zhang' })).rejects.toMatchObject({
      code: 'cannot-set-up',
    })
  })

  test('is resolved from a member identifier, and only for whom the client has matched', async () => {
    await matched()
    const ana = here.person('Ana Adams')
    const granted = await client.performs(requestMemberToken(payer, { identifier: ana.memberIdentifier as never }))
    expect(body(granted).patient).toBe(ana.patientId)
    const refused = await client.performs(requestMemberToken(payer, here.person('Iris Ito')))
    expect([status(refused), body(refused).error]).toEqual([400, 'invalid_grant'])
  })

  test('ends with the consent, at issue and at use, and with time', async () => {
    await matched()
    const ana = here.person('Ana Adams')
    await client.performs(requestMemberToken(payer, ana))
    await here.clock.wait(301)
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(401)
    await client.performs(requestMemberToken(payer, ana))
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(200)
    await here.setUp('responding payer', { is: 'consent-revoked', person: 'Ana Adams', payer: 'requesting payer' })
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(403)
    expect(body(await client.performs(requestMemberToken(payer, ana))).error).toBe('invalid_grant')
  })

  test('is introspected by its owner, and dead when given back', async () => {
    await matched()
    const ana = here.person('Ana Adams')
    await client.performs(requestMemberToken(payer, ana))
    expect(body(await client.performs(introspect(payer, 'member')))).toMatchObject({
      active: true,
      patient: ana.patientId,
      cnf: { 'x5t#S256': expect.any(String) },
    })
    expect(status(await client.performs(introspect(payer, 'member', { anonymous: true })))).toBe(401)
    expect(body(await client.performs(introspect(payer, 'member', { about: 'a token that nobody issued' })))).toEqual({
      active: false,
    })
    expect(status(await client.performs(revokeToken(payer, 'member')))).toBe(200)
    expect(body(await client.performs(introspect(payer, 'member')))).toEqual({ active: false })
    expect(status(await client.performs(readPatientWith(payer, ana, 'its token for the data')))).toBe(401)
  })
})

test('an id comes again in another assertion, whatever key signs it', async () => {
  await client.performs(discoverSmart(payer))
  await client.performs(register(payer))
  await client.performs(requestMatchToken(payer))
  const again = await client.performs(requestMatchToken(payer, 'with the jti of an assertion that was used before'))
  const texts = client.transcript
    .all('match-token')
    .map(({ request }) => new URLSearchParams(request.body).get('client_assertion') ?? '')
  const [first, second] = texts.slice(-2).map((text) => ({ text, jti: claimsOf(text)?.jti }))
  expect(second?.jti).toBe(first?.jti)
  expect(second?.text).not.toBe(first?.text)
  expect(status(again)).toBe(401)
})

describe('what is unusual and right', () => {
  test.each(Object.keys(tokenVariations).filter((v) => !v.startsWith('for ')))('%s', async (variation) => {
    await client.performs(register(payer))
    await client.performs(requestMatchToken(payer))
    await here.clock.wait(400)
    expect(status(await client.performs(requestMatchToken(payer, variation)))).toBe(200)
  })

  test('discovery answers with JSON whatever is accepted, and the two documents agree', async () => {
    for (const accept of ['text/html', null]) {
      const answer = await client.performs(discoverSmart(payer, accept))
      expect([status(answer), header(answer.response as never, 'content-type')]).toEqual([200, 'application/json'])
    }
    const server = await client.performs(discoverAuthorizationServer(payer))
    expect(status(server)).toBe(200)
    expect(body(server).issuer).toBe(server.intent.issuer)
  })
})
