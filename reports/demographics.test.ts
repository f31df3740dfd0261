import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JournalLine } from '../harness/journal.ts'
import { withoutDemographics } from './demographics.ts'
import { createMasking } from './masking.ts'
import { runBuilder } from './read-run.ts'
import type { WholeRun, WholeScenario } from './run.ts'
import { personal } from './sample-data.ts'
import { sampleLines } from './sample-run.ts'

const runOf = (lines: readonly JournalLine[]): WholeRun => {
  const masking = createMasking()
  const scenarios: WholeScenario[] = []
  const builder = runBuilder((scenario) => scenarios.push(scenario))
  for (const line of lines) builder.add(masking.line(line))
  return { ...builder.run(), scenarios }
}

test('a run with made-up people is left as it is', () => {
  const run = runOf(sampleLines())
  expect(withoutDemographics(run)).toBe(run)
  for (const word of personal) expect(JSON.stringify(run)).toContain(word)
})

test('nothing that tells who somebody is stays in a run with real people', () => {
  const text = JSON.stringify(withoutDemographics(runOf(sampleLines({ synthetic: false }))))
  for (const word of personal) expect(text).not.toContain(word)
  // What an engineer needs is still there.
  for (const word of [
    '44054006',
    'Diabetes mellitus type 2',
    'Patient.$member-match',
    'MemberIdentifier',
    'us-core-condition',
    '2023-«date»',
  ])
    expect(text).toContain(word)
})

test('the same person is the same placeholder in address and body', () => {
  const { scenarios } = withoutDemographics(runOf(sampleLines({ synthetic: false })))
  const everything = scenarios
    .flatMap(({ exchanges }) => exchanges)
    .find(({ exchange }) => exchange.move === 'everything')
  const name = /Patient\/(«patient [0-9a-f]{8}»)/.exec(everything?.exchange.request.url ?? '')?.[1] as string
  expect(name).toBeTruthy()
  expect(everything?.exchange.response?.body).toContain(`"id":"${name}"`)
  expect(everything?.exchange.response?.body).toContain(`"reference":"Patient/${name}"`)
})

test('property: demographics of any patient are gone from bodies, addresses and findings', () => {
  const name = fc.stringMatching(/^[A-ZÄÖÜ][a-zäöüß]{5,12}qz$/)
  fc.assert(
    fc.property(
      name,
      name,
      fc.date({ min: new Date('1920-01-01'), max: new Date('2010-01-01'), noInvalidDate: true }),
      fc.uuid(),
      (family, given, born, id) => {
        const birthDate = born.toISOString().slice(0, 10)
        const lines = sampleLines({
          scenarios: 1,
          synthetic: false,
          planned: () => [
            {
              feature: 'f',
              uri: 'f.feature',
              name: 'n',
              steps: [
                {
                  keyword: 'When',
                  text: 'x',
                  setUp: [`it insures ${family}`],
                  says: [
                    {
                      move: 'search',
                      url: `https://a.example/fhir/Patient?name=${encodeURIComponent(family)}&birthdate=${birthDate}&_count=5`,
                      answer: {
                        status: 200,
                        body: JSON.stringify({
                          resourceType: 'Bundle',
                          entry: [
                            {
                              fullUrl: `https://a/Patient/${id}`,
                              resource: { resourceType: 'Patient', id, name: [{ family, given: [given] }], birthDate },
                            },
                          ],
                        }),
                      },
                    },
                  ],
                  finds: [
                    {
                      requirement: 'PDEX-118',
                      title: 't',
                      unmet: {
                        message: `Found ${given} ${family} (Patient/${id})`,
                        expected: { family },
                        actual: family,
                        expression: 'Patient.name',
                      },
                    },
                  ],
                },
              ],
            },
          ],
        })
        const text = JSON.stringify(withoutDemographics(runOf(lines)))
        for (const word of [family, given, birthDate, id, encodeURIComponent(family)]) expect(text).not.toContain(word)
      },
    ),
    { numRuns: 100 },
  )
})
