/**
 * What the simulators and the flows send is sound: every FHIR body of a played run against its type, the profiles that it claims and the
 * profile that its guide demands. By a sample every day; all scenarios with VITRUVIAN_EVERY_SCENARIO=1.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editionSets } from '../guides/editions.ts'
import type { Exchange } from '../harness/transcript.ts'
import { everyPlace } from '../steps/play.ts'
import { errorsOf, type SentResource, sentResources } from './sent-resources.ts'
import { openTheatre, type Theatre } from './theatre.ts'

const whole = process.env.VITRUVIAN_EVERY_SCENARIO === '1'
let stage: Theatre
/** What is played of each edition. */
let places: readonly string[][]
beforeAll(async () => {
  stage = await openTheatre({ certs: 'certs/issued', seed: 'vitruvian' })
  const all = await everyPlace()
  // Of the newest edition the first scenario of every feature, of the others some of them: trust, match, reads, searches, exports.
  const first = all.filter(({ uri }, at) => all.findIndex((one) => one.uri === uri) === at)
  const chosen = editionSets.map((_, at) => (whole ? all : at === 0 ? first : first.filter((_, i) => i % 2 === at % 2)))
  places = chosen.map((some) => some.map(({ uri, line }) => `${uri}:${line}`))
}, 60_000)
afterAll(() => stage.close())

/** Of this member the payer knows neither gender nor birth sex, so that a match about him breaks one rule and is to be refused. */
const nobody = 'Finn Fisher'
const isMeant = ({ exchange, where }: SentResource, error: string): boolean =>
  exchange.intent.person === nobody && where.endsWith('request') && error.includes('The rule hrex-pat-1 is broken')

describe.each(editionSets.map((editions, at) => ({ ...editions, editions, at })))(
  'a run under PDex $pdex',
  ({ editions, at }) => {
    it('sends nothing that its profiles refuse', async () => {
      const told = await stage.play(places[at] ?? [], at)
      const sent = told.flatMap(({ scenario, exchanges }) =>
        sentResources(exchanges).map((each) => ({ ...each, name: scenario.name })),
      )
      const types = new Set(sent.map(({ resource }) => resource.resourceType))
      for (const type of ['Parameters', 'Bundle', 'CapabilityStatement', 'Patient', 'OperationOutcome'])
        expect(types).toContain(type)
      expect(sent.filter(({ where }) => where.includes('request')).length).toBeGreaterThan(3)
      const errors = sent.flatMap((each) => errorsOf(each, editions).map((error) => ({ each, error })))
      const others = errors.filter(({ each, error }) => !isMeant(each, error))
      expect(others.map(({ each, error }) => `${each.name}: ${error}`)).toEqual([])
      // Who is there for an error must bring it.
      for (const each of sent.filter(
        ({ exchange, where }) => exchange.intent.person === nobody && where.endsWith('request'),
      ))
        expect(errors.filter((found) => found.each === each && isMeant(each, found.error))).toHaveLength(1)
    }, 900_000)
  },
)

describe('the question itself', () => {
  const editions = editionSets[0] as (typeof editionSets)[number]
  const exchange = (body: unknown, intent: Record<string, string> = {}): Exchange => ({
    id: 'x1',
    move: 'search',
    from: 'a',
    to: 'b',
    at: '2026-03-02T15:00:00.000Z',
    intent,
    request: {
      method: 'POST',
      url: 'https://b.test/Patient/$member-match',
      headers: [['Content-Type', 'application/fhir+json']],
      body: JSON.stringify(body),
    },
    response: {
      status: 200,
      statusText: '',
      headers: [['content-type', 'application/fhir+json']],
      body: JSON.stringify(body),
    },
    timings: { connect: 0, firstByte: 0, total: 0 },
  })
  const errors = (body: unknown, intent?: Record<string, string>): string =>
    sentResources([exchange(body, intent)])
      .flatMap((each) => errorsOf(each, editions))
      .join('\n')

  it('finds what is wrong by type, by claim and by demand, alone and in a Bundle', () => {
    expect(errors({ resourceType: 'Basic' })).toMatch(/x1 request Basic Basic\.code cardinality-min/)
    const patient = { resourceType: 'Patient', id: 'a' }
    expect(errors(patient)).toMatch(/Patient\/a Patient\.identifier cardinality-min/)
    expect(
      errors({
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [{ fullUrl: 'http://b.test/Patient/a', resource: patient }],
      }),
    ).toMatch(/Patient\/a Patient\.identifier/)
    expect(errors({ resourceType: 'Parameters' })).toMatch(/hrex-parameters-member-match-in/)
    expect(errors({ resourceType: 'Observation', status: 'final', code: { text: 'a' } })).toMatch(
      /claims none of the profiles/,
    )
    expect(errors('no resource')).toMatch(/structure-not-a-resource/)
  })
  it('leaves out requests that are meant to be wrong, and what is not FHIR', () => {
    expect(errors({ resourceType: 'Basic' }, { mistake: 'no-code' })).not.toContain('request')
    expect(
      sentResources([
        {
          ...exchange({}),
          request: { method: 'POST', url: '', headers: [['Content-Type', 'application/json']], body: '{}' },
        },
      ]),
    ).toHaveLength(1)
  })
})
