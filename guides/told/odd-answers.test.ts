/** Answers in which something stands where FHIR has something else: every check reads on, and none takes it for trouble of its own. */
import { expect, it } from 'vitest'
import { type Random, random } from '../../harness/random.ts'
import { editionSets } from '../editions.ts'
import { oracles } from '../oracles/index.ts'
import { anaScene, story } from './story.ts'
import { type Step, told, transcriptOf } from './told.ts'
import { verdictsOf } from './verdicts.ts'

const auth = 'https://old.example/auth'
/** What a story of data leaves out: discovery, a registration, a token, a copy of main. */
const beginning: readonly Step[] = [
  told('well-known', 'https://old.example/.well-known/davinci-pdex', {
    answer: { endpoints: [{ 'payer-to-payer': 'x' }] },
  }),
  told('smart-configuration', 'https://old.example/fhir/.well-known/smart-configuration', {
    answer: { token_endpoint: `${auth}/token`, capabilities: ['permission-v2'], mtls_endpoint_aliases: {} },
  }),
  told('udap-configuration', 'https://old.example/fhir/.well-known/udap', {
    answer: { udap_versions_supported: ['1'], signed_metadata: 'e30.e30.x' },
  }),
  told('register', `${auth}/register`, {
    method: 'POST',
    body: '{"jwks":{"keys":[{"kty":"EC","kid":"1"}]},"grant_types":["client_credentials"]}',
    status: 201,
    answer: { client_id: 'c', jwks: { keys: [{ kty: 'EC' }] } },
  }),
  told('introspect', `${auth}/introspect`, { method: 'POST', body: 'token=t', answer: { active: true, cnf: {} } }),
  told('refresh-repository', 'https://trust.example/main', {
    answer: {
      bundles: [
        {
          bundle: {
            resourceType: 'Bundle',
            signature: { data: 'eA==' },
            entry: [
              {
                fullUrl: 'urn:uuid:1',
                resource: {
                  resourceType: 'Endpoint',
                  payloadType: [{ coding: [{ code: 'NA' }] }],
                  payloadMimeType: ['text/plain'],
                  managingOrganization: { reference: 'Organization/1' },
                  extension: [
                    {
                      url: 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/base-ext-associatedServers',
                      extension: [{ url: 'serverURL', valueString: 'https://old.example/fhir' }],
                    },
                  ],
                },
              },
              { resource: { resourceType: 'Organization', id: '1', telecom: [{ system: 'url' }], endpoint: [{}] } },
            ],
          },
        },
      ],
    },
  }),
]

const odd = [null, 'x', 0, true, [], {}, [null], ['x'], [[]]]
type Place = readonly [holder: Record<string, unknown>, name: string]

const placesIn = (value: unknown): Place[] =>
  value === null || typeof value !== 'object'
    ? []
    : Object.entries(value).flatMap(([name, inner]) => [
        [value as Record<string, unknown>, name] as const,
        ...placesIn(inner),
      ])

/** JSON with something odd at one of its places; nearer to its top more often, where more rests on it. */
function oddly(text: string, chance: Random): string {
  const value = JSON.parse(text) as unknown
  const places = placesIn(value)
  if (places.length === 0) return JSON.stringify(chance.pick(odd))
  const [holder, name] = chance.pick(chance.chance(0.5) ? places.slice(0, 20) : places)
  holder[name] = chance.pick(odd)
  return JSON.stringify(value)
}

/** Every answer of JSON or of lines of it, each with one odd place. */
const allOddly = (steps: readonly Step[], chance: Random): Step[] =>
  steps.map((step) => {
    const text = step.response?.body
    if (!step.response || !text) return step
    const lines = text.trimEnd().split('\n')
    const at = chance.between(0, lines.length - 1)
    const body = lines.map((line, i) => (i === at ? oddly(line, chance) : line)).join('\n')
    return { ...step, response: { ...step.response, body } }
  })

it.each(Array.from({ length: 12 }, (_, round) => round))('round %i', (round) => {
  const steps = allOddly([...beginning, ...story()], random(`odd ${round}`))
  const scene = anaScene({ ...(round % 2 ? { editions: editionSets[0] } : {}) })
  const broken = verdictsOf('', steps, scene).filter(({ code }) => code === 'error')
  expect(broken.map(({ check, findings }) => `${check}: ${findings[0]?.message}`)).toEqual([])
  for (const { look } of oracles) expect(() => look(transcriptOf(...steps), scene)).not.toThrow()
})
