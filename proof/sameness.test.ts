/** Two plays of one scenario, each on a stage of its own, are the same conversation; a wrong answer is not. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faults } from '../simulators/faults/index.ts'
import { everyPlace } from '../steps/play.ts'
import { plain, saidIn } from './sameness.ts'
import { openTheatre, type Theatre, type Told } from './theatre.ts'

const stages: Theatre[] = []
let places: string[] = []
beforeAll(async () => {
  for (let i = 0; i < 2; i++) stages.push(await openTheatre({ certs: 'certs/issued', seed: 'sameness' }))
  // From applications to exports: keys, ids and addresses of every kind.
  const all = await everyPlace()
  const somewhere = all.filter((_, i) => i % 60 === 7)
  // A search whose value is an address with a port.
  places = [...somewhere, ...(await everyPlace('@CORE-044 or @NDH-023'))].map(({ uri, line }) => `${uri}:${line}`)
}, 60_000)
afterAll(() => Promise.all(stages.map((stage) => stage.close())))

const conversations = (told: readonly Told[]) =>
  told.map(({ scenario, exchanges }) => ({ name: scenario.name, said: saidIn(exchanges) }))

it('is the same conversation on another stage', async () => {
  expect(places.length).toBeGreaterThan(3)
  const [one, other] = stages as [Theatre, Theatre]
  const first = conversations(await one.play(places, 0))
  expect(first.flatMap(({ said }) => said).length).toBeGreaterThan(20)
  expect(conversations(await other.play(places, 0))).toEqual(first)
  const again = conversations(await one.play(places.slice(0, 1), 0))
  expect(again).toEqual(first.slice(0, 1))
}, 60_000)

it('is another one when an answer is another', async () => {
  const [stage] = stages as [Theatre]
  const paged = (await everyPlace('@CORE-037')).map(({ uri, line }) => `${uri}:${line}`)
  const fault = faults.filter(({ id }) => id === 'pages-lose-one')
  expect(fault).toHaveLength(1)
  const honest = conversations(await stage.play(paged, 0))
  expect(conversations(await stage.play(paged, 0, { faults: fault }))).not.toEqual(honest)
}, 60_000)

it('leaves out keys, signatures and ports, reads the claims of a token, and says that it was blind', () => {
  expect(plain('https://127.0.0.1:40123/p1/fhir')).toEqual({ text: 'https://127.0.0.1/p1/fhir', blind: false })
  expect(plain('?patient=https%3A%2F%2Flocalhost%3A40123%2Fp1').text).toBe('?patient=https%3A%2F%2Flocalhost%2Fp1')
  const token = (claims: object): string =>
    `${Buffer.from('{"alg":"ES384"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`
  expect(plain(token({ sub: 'a' }))).toEqual({ text: '{"alg":"ES384"}.{"sub":"a"}', blind: true })
  expect(plain(token({ sub: 'a' })).text).not.toBe(plain(token({ sub: 'b' })).text)
})
