/** Registration against our own payer: what it gives, what it refuses, what may be otherwise. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Exchange, header, json } from '../harness/transcript.ts'
import { body, type SmallScene, type SmallStage, smallStage, status } from '../steps/stages/small-stage.ts'
import { discoverSmart } from './discover.ts'
import { introspect } from './introspect.ts'
import { deleteRegistration, readRegistration, updateRegistration } from './manage-registration.ts'
import { register } from './register.ts'
import { registrationMistakes, registrationVariations } from './registration-mistakes.ts'
import { matchScope, metadataOf } from './registration-request.ts'
import { requestMatchToken } from './request-token.ts'

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
