import { describe, expect, it } from 'vitest'
import { Actor, type Identity, type Message } from '../harness/actor.ts'
import { VirtualClock } from '../harness/clock.ts'
import { isHarnessError } from '../harness/errors.ts'
import type { Person } from '../harness/person.ts'
import { Transcript } from '../harness/transcript.ts'
import type { Outgoing, Wire } from '../harness/wire.ts'
import { discoverEndpoints, endpointIn, findAgain } from './discover-endpoints.ts'
import { guessCards, manners, matchMember, mistakes } from './match-member.ts'
import { bodyOf, draftMatch } from './match-request.ts'
import { variations } from './match-variations.ts'
import { moments } from './moments.ts'

const naic = 'urn:oid:2.16.840.1.113883.6.300'
const identity = (name: string, value: string): Identity => ({
  name,
  uri: `https://${name}.example/payer`,
  identifier: { system: naic, value },
})
const now = new Date('2026-03-02T15:00:00Z')
const person: Person = {
  name: 'Ana Adams',
  part: 'tried',
  submitted: {
    patient: {
      resourceType: 'Patient',
      id: '1',
      name: [{ family: 'Adams', given: ['Ana'] }, { given: ['Annie'] }],
      gender: 'female',
      birthDate: '1980-12-31',
    },
    coverageToMatch: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ value: 'W100999999' }],
      subscriberId: 'W100999999',
      beneficiary: { reference: 'Patient/1' },
      relationship: {},
      payor: [{}],
    },
    coverageToLink: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ value: 'N200' }],
      subscriberId: 'N200',
      beneficiary: { reference: 'Patient/1' },
      payor: [{}],
      network: 'wide',
      order: 1,
    },
  },
}

/** Two actors on a wire of which the test writes the other end. */
function stage(answer: (sent: Outgoing) => { status: number; body: unknown }) {
  const sent: Outgoing[] = []
  const wire = {
    send: async (outgoing: Outgoing) => {
      sent.push(outgoing)
      const { status, body } = answer(outgoing)
      const { method, url, headers } = outgoing
      return {
        request: { method, url, headers, body: outgoing.body ?? '' },
        response: { status, statusText: '', headers: [], body: JSON.stringify(body) },
        timings: { connect: 0, firstByte: 0, total: 0 },
      }
    },
  } as unknown as Wire
  const transcript = new Transcript()
  const clock = new VirtualClock(now)
  const places = { fhir: 'https://old.example/fhir', open: 'https://open.old.example/fhir' }
  const asker = new Actor({
    name: 'requesting payer',
    identity: identity('new', '2'),
    places: {},
    clock,
    transcript,
    wire,
  })
  const payer = new Actor({ name: 'responding payer', identity: identity('old', '1'), places, clock, transcript, wire })
  const withToken = async (): Promise<void> => {
    const message: Message = { method: 'POST', url: 'https://old.example/auth/token' }
    await asker.send('match-token', payer, message)
  }
  return { asker, payer, sent, transcript, withToken }
}
const token = (sent: Outgoing): { status: number; body: unknown } | undefined =>
  sent.url.endsWith('/token') ? { status: 200, body: { access_token: 'T' } } : undefined

describe('the request', () => {
  const about = { asker: identity('new', '2'), payer: identity('old', '1'), now }
  const terms = { policy: 'sensitive', start: '2026-03-01', end: '2026-05-30' } as const
  const good = bodyOf(draftMatch(person, terms, about))

  it('has four parameters, no nickname, and little of our own coverage', () => {
    const { parameter } = JSON.parse(good) as { parameter: { name: string; resource: Record<string, unknown> }[] }
    expect(parameter.map(({ name }) => name)).toEqual(['MemberPatient', 'Consent', 'CoverageToMatch', 'CoverageToLink'])
    expect(parameter[0]?.resource.name).toEqual([{ family: 'Adams', given: ['Ana'] }])
    expect(Object.keys(parameter[3]?.resource ?? {})).not.toContain('network')
  })

  it.each(Object.keys(manners))('%s: is another request, and leaves the person as they were', (manner) => {
    const before = JSON.stringify(person)
    const draft = draftMatch(person, terms, about)
    manners[manner]?.(draft)
    expect([draft.method, bodyOf(draft)]).not.toEqual(['POST', good])
    expect(JSON.stringify(person)).toBe(before)
  })

  it('a manner is either a mistake or a variation', () => {
    expect(Object.keys(variations).filter((phrase) => phrase in mistakes)).toEqual([])
  })
})

describe('asking', () => {
  it('goes with the token to the operation, from yesterday to 90 days from now', async () => {
    const { asker, payer, sent, withToken } = stage((x) => token(x) ?? { status: 200, body: {} })
    await withToken()
    const x = await asker.performs(matchMember(payer, person, { policy: 'regular' }))
    expect(sent.at(-1)?.url).toBe('https://old.example/fhir/Patient/$member-match')
    expect(x.request.headers).toContainEqual(['Authorization', 'Bearer T'])
    expect(x.intent).toEqual({ person: 'Ana Adams', policy: 'regular', start: '2026-03-01', end: '2026-05-31' })
    expect(x.request.body).toContain('#regular')
  })

  it('tells what was meant to be wrong, or only different', async () => {
    const { asker, payer, withToken } = stage((x) => token(x) ?? { status: 422, body: {} })
    await withToken()
    const wrong = await asker.performs(matchMember(payer, person, { policy: 'sensitive', manner: 'with GET' }))
    expect(wrong.intent.mistake).toBe('with GET')
    expect([wrong.request.method, wrong.request.body]).toEqual(['GET', ''])
    const other = await asker.performs(
      matchMember(payer, person, { policy: 'sensitive', manner: 'with a mutual consent' }),
    )
    expect(other.intent).toMatchObject({ variation: 'with a mutual consent' })
    expect(other.intent.mistake).toBeUndefined()
  })

  it('needs a token, and a manner that somebody knows', async () => {
    const { asker, payer, withToken } = stage((x) => token(x) ?? { status: 200, body: {} })
    const code = (error: unknown): string => (isHarnessError(error) ? error.code : 'none')
    await expect(asker.performs(matchMember(payer, person, { policy: 'regular' })).catch(code)).resolves.toBe(
      'not-seen',
    )
    await withToken()
    await expect(
      asker.performs(matchMember(payer, person, { policy: 'regular', manner: 'politely' })).catch(code),
    ).resolves.toBe('bad-input')
  })

  it('guesses a new card each time, of the same length, until it is stopped', async () => {
    let n = 0
    const { asker, payer, transcript, withToken } = stage((x) => token(x) ?? { status: ++n < 8 ? 422 : 429, body: {} })
    await withToken()
    await asker.performs(guessCards(payer, person))
    const cards = transcript
      .all('member-match')
      .map(({ request }) => /"subscriberId":"(W\d+)"/.exec(request.body)?.[1] as string)
    expect(cards).toHaveLength(8)
    expect(new Set([...cards, 'W100999999']).size).toBe(9)
    expect(cards.every((card) => card.length === 10)).toBe(true)
  })

  it('gives up guessing after 25 cards', async () => {
    const { asker, payer, transcript, withToken } = stage((x) => token(x) ?? { status: 422, body: {} })
    await withToken()
    await asker.performs(guessCards(payer, person))
    expect(transcript.all('member-match')).toHaveLength(25)
  })
})

describe('finding endpoints', () => {
  const offering = (endpoints: unknown) =>
    stage(({ url }) =>
      url.includes('well-known')
        ? { status: 200, body: { endpoints } }
        : { status: url.includes('given-up') ? 404 : 200, body: {} },
    )

  it('takes the newest version, and the code without one when there is nothing better', async () => {
    const found = async (endpoints: unknown): Promise<string | undefined> => {
      const { asker, payer } = offering(endpoints)
      return asker.performs(discoverEndpoints(payer))
    }
    const code = 'davinci_pdex_payer_endpoint'
    expect(await found({ [code]: 'https://a', [`${code}#2.1`]: 'https://b', [`${code}#10.0`]: 'https://c' })).toBe(
      'https://c',
    )
    expect(await found({ [code]: 'https://a', davinci_pdex_patient_endpoint: 'https://p' })).toBe('https://a')
    expect(await found({ [code]: '/relative', [`${code}#x`]: 'https://b' })).toBeUndefined()
    expect(await found(undefined)).toBeUndefined()
    expect(await found([])).toBeUndefined()
  })

  it('asks without a certificate and tries out what it found', async () => {
    const { asker, payer, transcript, sent } = offering({
      davinci_pdex_payer_endpoint: 'https://mtls.old.example/fhir/',
    })
    await asker.performs(discoverEndpoints(payer))
    expect(sent.map(({ url }) => url)).toEqual([
      'https://open.old.example/fhir/.well-known/davinci-configuration',
      'https://mtls.old.example/fhir/metadata',
    ])
    expect(endpointIn(transcript.last('well-known'))).toBe('https://mtls.old.example/fhir/')
  })

  it('looks up again where an address does not answer', async () => {
    const { asker, payer, transcript } = offering({ davinci_pdex_payer_endpoint: 'https://mtls.old.example/fhir' })
    await asker.performs(findAgain(payer))
    expect(transcript.every().map(({ move }) => move)).toEqual(['metadata', 'well-known', 'metadata'])
  })
})

it('moments are dates by the clock', () => {
  expect(Object.fromEntries(Object.entries(moments).map(([phrase, at]) => [phrase, at(now)]))).toEqual({
    'three months ago': '2025-12-02',
    yesterday: '2026-03-01',
    today: '2026-03-02',
    tomorrow: '2026-03-03',
    'in three months': '2026-05-31',
    'last year': '2025',
    'this year': '2026',
    'next year': '2027',
    'this month': '2026-03',
    'a minute ago': '2026-03-02T14:59:00.000Z',
    'in a minute': '2026-03-02T15:01:00.000Z',
  })
})
