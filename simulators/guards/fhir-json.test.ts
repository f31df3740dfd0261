/** Who asks in another format, or sends one, is told which is spoken. */
import { expect, test } from 'vitest'
import { matchRoutes } from '../parts/match-routes.ts'
import type { Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { takes } from './fhir-json.ts'

const url = new URL('https://127.0.0.1/t/fhir/Patient/$member-match')
const visit = { url } as Visit

test('names the types of a body that it takes, and none that has no name', async () => {
  const refusal = await takes('application/x-www-form-urlencoded', '')(
    new Request(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
    visit,
  )
  expect(refusal?.status).toBe(415)
  expect(JSON.stringify(await refusal?.json())).toContain('must be application/x-www-form-urlencoded"')
})

test('$member-match answers in JSON alone, and says so', async () => {
  const [row] = matchRoutes({ editions: {} } as PayerState)
  const asked = (accept: string) => row?.guards.at(-1)?.(new Request(url, { headers: { accept } }), visit)
  expect((await asked('application/fhir+xml'))?.status).toBe(406)
  expect(await asked('application/fhir+json')).toBeUndefined()
})
