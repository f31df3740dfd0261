/** The whole way to a token, over real mutual TLS, against the honest payer: what must work works, what must not does not. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../harness/actor.ts'
import type { MatchAnswer } from '../harness/fixture.ts'
import { type Exchange, header, json, Transcript } from '../harness/transcript.ts'
import type { Stage, Tenancy } from '../steps/run.ts'
import { selfPlay } from '../steps/stages/self-play.ts'
import { discoverAuthorizationServer, discoverSmart } from './discover.ts'
import { introspect, revokeToken } from './introspect.ts'
import { claimsOf } from './jwt.ts'
import { deleteRegistration, readRegistration, updateRegistration } from './manage-registration.ts'
import { consentTerms, matchMember } from './match-member.ts'
import { callMatchWith, readPatientWith } from './present-token.ts'
import { register } from './register.ts'
import { registrationMistakes, registrationVariations } from './registration-mistakes.ts'
import { matchScope, metadataOf } from './registration-request.ts'
import { requestMatchToken, requestMemberToken, type SubjectMode } from './request-token.ts'
import { authenticationMistakes, requestMistakes, tokenVariations } from './token-mistakes.ts'
import { clientIdOf, namedAs } from './tokens.ts'

let folder: string
let stage: Stage
let here: Tenancy
let client: Actor
let payer: Actor
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authorization-'))
  stage = await selfPlay({ certs: folder, seed: 'test' })
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  await here?.close()
  here = await stage.open(`t${++count}`, { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }, new Transcript())
  client = here.actors['requesting payer']
  payer = here.actors['responding payer']
  for (const name of ['requesting payer', 'another payer'] as const)
    await here.setUp('responding payer', { is: 'trusted', payer: name, standing: 'member' })
})

const body = (exchange: Exchange | undefined): Record<string, unknown> =>
  (exchange?.response ? json(exchange.response) : {}) as Record<string, unknown>
const status = (exchange: Exchange | undefined): number | string | undefined =>
  exchange?.response?.status ?? exchange?.failure?.kind

describe('registration', () => {
  test('gives a client id, everything that was registered, and a way to manage it', async () => {
    await client.performs(discoverSmart(payer))
    const made = await client.performs(register(payer))
    expect(status(made)).toBe(201)
    expect(body(made)).toMatchObject({
      client_id: expect.any(String),
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      registration_access_token: expect.any(String),
    })
    expect(header(made?.response as never, 'cache-control')).toContain('no-store')
    expect(status(await client.performs(readRegistration(payer)))).toBe(200)
    const changed = await client.performs(updateRegistration(payer, { client_name: 'New name' }))
    expect([status(changed), body(changed).client_name]).toEqual([200, 'New name'])
    expect(status(await client.performs(readRegistration(payer, 'a garbled one')))).toBe(401)
    expect(status(await client.performs(deleteRegistration(payer)))).toBe(204)
    expect(status(await client.performs(readRegistration(payer)))).toBe(401)
    const late = await client.performs(requestMatchToken(payer))
    expect([status(late), body(late).error]).toEqual([401, 'invalid_client'])
  })

  test('by hand is good for tokens, and does not stand in the way of another', async () => {
    const fixture = { is: 'registered', payer: client.name, clientId: 'by-hand', metadata: metadataOf(client) } as const
    const told = await here.setUp('responding payer', fixture)
    client.registeredByHand('responding payer', { clientId: fixture.clientId, ...told })
    const granted = await client.performs(requestMatchToken(payer))
    expect([status(granted), body(granted).scope]).toEqual([200, matchScope])
    // It was told where tokens are given, and looks up what it was not told.
    expect(client.transcript.all('smart-configuration')).toHaveLength(0)
    expect(status(await client.performs(introspect(payer, 'match')))).toBe(200)
    expect(client.transcript.all('smart-configuration')).toHaveLength(1)
    expect(status(await client.performs(register(payer)))).toBe(201)
    expect(status(await client.performs(requestMatchToken(payer)))).toBe(200)
    await expect(here.setUp('responding payer', fixture)).rejects.toMatchObject({ code: 'cannot-set-up' })
    await expect(
      here.setUp('responding payer', { ...fixture, clientId: 'other', metadata: { jwks: 'none' } }),
    ).rejects.toMatchObject({ code: 'cannot-set-up' })
  })

  test.each(Object.keys(registrationMistakes))('is refused %s', async (mistake) => {
    expect(status(await client.performs(register(payer)))).toBe(201)
    let refused: Exchange | undefined
    try {
      refused = await client.performs(register(payer, mistake))
    } catch (error) {
      expect((error as Error).message).toContain('holds no')
      return
    }
    if (mistake === 'without a certificate') expect(['refused', 401, 403]).toContain(status(refused))
    else {
      expect(status(refused)).toBe(400)
      expect(body(refused).error).toMatch(/^(invalid|unapproved)_(client_metadata|software_statement|redirect_uri)$/)
    }
  })

  const variations = Object.keys(registrationVariations).filter((v) => v !== 'with no grant types')
  test.each(variations)('succeeds %s', async (variation) => {
    let made: Exchange | undefined
    try {
      made = await client.performs(register(payer, variation))
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/cannot-set-up|not-seen/)
      return
    }
    expect(body(made)).toHaveProperty('client_id')
    expect(status(made)).toBe(201)
    const token = await client.performs(requestMatchToken(payer))
    if (variation === 'with two keys of the same id') expect(body(token).error).toBe('invalid_client')
    else expect(status(token)).toBe(200)
  })

  test('shows what was signed, not what was said beside it', async () => {
    const made = await client.performs(register(payer, 'with another name beside the statement than in it'))
    expect(body(made).client_name).not.toContain('nobody signed')
    expect(body(made).software_statement).toEqual(
      (json(made?.request as never) as Record<string, unknown>).software_statement,
    )
  })
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
