import type { Bundle, FhirResource } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import type { Identity } from '../../harness/actor.ts'
import { canariesOf } from '../../harness/canary.ts'
import type { ConsentPolicy, Person } from '../../harness/person.ts'
import { cast } from '../fixtures/people.ts'
import { searchedTypes } from '../search/lookup.ts'
import { type SmallPayer, smallPayer } from './small-payer.ts'

type Found = ReturnType<typeof canariesOf>[number]

const identity = (name: string, value: string): Identity => ({
  name,
  uri: `https://${value}.example`,
  identifier: { system: 'urn:naic', value },
})

/** The payer of the cast, with everybody's records. */
function payerOfTheCast(editions: Record<string, string>): { payer: SmallPayer; people: readonly Person[] } {
  const payer = smallPayer({ editions })
  const people = cast({
    editions,
    now: payer.clock.now(),
    seed: 'leaks',
    responder: identity('Old Plan', '95216'),
    requester: identity('New Plan', '00001'),
  }).filter(({ record }) => record)
  for (const { patientId, record } of people) payer.state.records.load(patientId ?? '', record ?? [])
  return { payer, people }
}

/** Everything that a token lets one see, by each way. */
async function everyWay(
  payer: SmallPayer,
  token: string,
  person: Person,
  others: readonly Person[],
): Promise<Record<string, string[]>> {
  const told: Record<string, string[]> = { search: [], everything: [], export: [], read: [] }
  const get = async (way: string, url: string, headers: Record<string, string> = {}): Promise<string> => {
    const response = await payer.ask(token, url, { headers })
    const text = await response.text()
    told[way]?.push(text)
    return text
  }
  const crawl = async (way: string, path: string): Promise<void> => {
    for (let url: string | undefined = path; url; ) {
      const bundle = JSON.parse(await get(way, url)) as Bundle
      url = bundle.link?.find(({ relation }) => relation === 'next')?.url
    }
  }
  for (const type of searchedTypes)
    await crawl('search', `/fhir/${type}?_revinclude=Provenance:target&_include=${type}:*&_count=40`)
  await crawl('everything', `/fhir/Patient/${person.patientId}/$everything?_count=60`)
  payer.state.jobs.plan({ way: 'ready-at-once' })
  const kickOff = await payer.ask(token, '/fhir/Patient/$export', { headers: { prefer: 'respond-async' } })
  const manifest = JSON.parse(await get('export', kickOff.headers.get('content-location') ?? '')) as {
    output: { url: string; count: number }[]
  }
  for (const { url, count } of manifest.output)
    expect((await get('export', url)).trimEnd().split('\n')).toHaveLength(count)
  for (const { record } of [person, ...others])
    for (const { resourceType, id } of record ?? []) {
      const path = `/fhir/${resourceType}/${id}`
      await get('read', path)
      await get('read', `${path}/_history`)
    }
  return told
}

const opened = (text: string): string =>
  text +
  [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)]
    .map(([, data]) => Buffer.from(data as string, 'base64').toString('utf8'))
    .join('\n')

/** Canaries that this client may meet. */
const allowed = (
  canaries: readonly Found[],
  policy: ConsentPolicy,
  permissions: { claims: boolean; priorAuthorizations: boolean },
): Found[] =>
  canaries.filter(
    ({ sensitive, kind }) =>
      (policy === 'sensitive' || !sensitive) &&
      (kind !== 'claim' || permissions.claims) &&
      (kind !== 'prior-authorization' || permissions.priorAuthorizations),
  )

const rights = [
  ['sensitive', true, true],
  ['regular', true, true],
  ['sensitive', false, true],
  ['regular', true, false],
] as const

test.each([
  { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' },
  { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '3.1.1' },
])(
  'of the cast each client sees all that it may and nothing else (%o)',
  async (editions) => {
    const { payer, people } = payerOfTheCast(editions)
    const everything = new Set(people.flatMap((person) => canariesOf(person).map(({ token }) => token)))
    const seen = (texts: readonly string[]): Set<string> => {
      const tokens = opened(texts.join('\n')).match(/cnry-[a-z0-9-]+?-(?:sensitive\.)?[a-z-]+-\d{4,}/g)
      return new Set((tokens ?? []).filter((token) => everything.has(token)))
    }
    const [last] = people.slice(-1)
    const chosen = people
      .filter(({ sensitive, record }) => sensitive?.length || (record?.length ?? 0) > 150)
      .slice(0, 2)
    expect(chosen).toHaveLength(2)
    for (const person of chosen) {
      const own = canariesOf(person)
      const documents = new Set(own.filter(({ type }) => type === 'Binary').map(({ token }) => token))
      for (const [policy, claims, priorAuthorizations] of rights) {
        const permissions = { claims, priorAuthorizations }
        const token = [person.patientId, policy, claims, priorAuthorizations].join('-')
        payer.admit(token, person.patientId ?? '', { policy, permissions, expires: 4e9 })
        const told = await everyWay(payer, token, person, last && last !== person ? [last] : [])
        const wanted = allowed(own, policy, permissions).map((c) => c.token)
        for (const [way, texts] of Object.entries(told)) {
          const expected = wanted.filter((t) => way === 'read' || !documents.has(t))
          const found = seen(texts)
          expect([...found].filter((t) => !expected.includes(t)).sort(), `${token}: ${way} leaks`).toEqual([])
          expect(expected.filter((t) => !found.has(t)).sort(), `${token}: ${way} loses`).toEqual([])
        }
      }
    }
  },
  120_000,
)

test('whatever is referred to in what is seen can be seen', async () => {
  const { payer, people } = payerOfTheCast({ pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' })
  for (const person of people.slice(0, 4)) {
    payer.admit(person.patientId ?? '', person.patientId ?? '', { expires: 4e9 })
    const bundle = (await (
      await payer.ask(person.patientId, `/fhir/Patient/${person.patientId}/$everything?_count=100000`)
    ).json()) as Bundle<FhirResource>
    const keys = new Set(bundle.entry?.map((e) => `${e.resource?.resourceType}/${e.resource?.id}`))
    const open = [...JSON.stringify(bundle).matchAll(/"reference":"([A-Z][A-Za-z]+\/[^"]+)"/g)].map(
      ([, key]) => key as string,
    )
    // The content of documents is fetched by itself.
    expect([...new Set(open)].filter((key) => !keys.has(key) && !key.startsWith('Binary/'))).toEqual([])
  }
})
