/** The triangulation oracle on told stories: what legally differs between two ways is never told, what does not agree is. */
import { describe, expect, it } from 'vitest'
import type { Fixture } from '../../harness/fixture.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, Transcript } from '../../harness/transcript.ts'
import type { Resource } from '../core/received.ts'
import { differences, isSame } from './difference.ts'
import { triangulationOracle } from './triangulation.ts'

const base = 'https://old.example/fhir'
const subject = { reference: 'Patient/p1' }
const patient: Resource = { resourceType: 'Patient', id: 'p1', meta: { versionId: '1' }, name: [{ family: 'Adams' }] }
const condition: Resource = {
  resourceType: 'Condition',
  id: 'c1',
  meta: { versionId: '1', lastUpdated: '2025-01-01T00:00:00Z' },
  subject,
  code: { text: 'Asthma', coding: [{ code: '1' }, { code: '2' }] },
  note: [{ text: 'one' }],
}
const other: Resource = { ...condition, id: 'c2', meta: { versionId: '1', lastUpdated: '2026-01-01T00:00:00Z' } }

let number = 0
const exchange = (
  move: Exchange['move'],
  path: string,
  body: unknown,
  more: Partial<Exchange> & { status?: number } = {},
): Exchange => {
  const { status = 200, ...rest } = more
  return {
    id: `x${++number}`,
    move,
    from: 'requesting payer',
    to: 'responding payer',
    at: '2026-03-02T15:00:00Z',
    intent: {},
    request: { method: 'GET', url: `${base}/${path}`, headers: [['Authorization', 'Bearer t']], body: '' },
    response: {
      status,
      statusText: '',
      headers: move === 'export-kick-off' ? [['Content-Location', `${base}/_export/1`]] : [],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    timings: { connect: 0, firstByte: 0, total: 0 },
    ...rest,
  }
}
const token = (): Exchange =>
  exchange(
    'member-token',
    'token',
    { access_token: 't', patient: 'p1', scope: 'patient/*.rs' },
    { intent: { person: 'Ana' } },
  )
const bundle = (...resources: readonly Resource[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
})
const search = (...resources: readonly Resource[]): Exchange =>
  exchange('search', 'Condition?patient=p1', bundle(...resources))
const everything = (...resources: readonly Resource[]): Exchange =>
  exchange('everything', 'Patient/p1/$everything', bundle(patient, ...resources))
const exported = (query: string, ...resources: readonly Resource[]): Exchange[] => [
  exchange('export-kick-off', `Patient/$export${query}`, '', { status: 202 }),
  exchange('export-status', '_export/1', {
    transactionTime: '2026-03-02T15:00:00Z',
    request: `${base}/Patient/$export${query}`,
    requiresAccessToken: true,
    output: [{ type: 'Any', url: `${base}/_export/1/${query.length}.ndjson` }],
    error: [],
  }),
  exchange(
    'export-file',
    `_export/1/${query.length}.ndjson`,
    resources.map((one) => `${JSON.stringify(one)}\n`).join(''),
  ),
]
const read = (resource: Resource, status = 200): Exchange =>
  exchange('read', `${resource.resourceType}/${resource.id}`, status === 200 ? resource : {}, { status })

const scene: Scene = {
  editions: { pdex: '2.2.0' },
  now: '2026-03-02T15:00:00Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
const found = (exchanges: readonly Exchange[], more: Partial<Scene> = {}): string[] =>
  triangulationOracle
    .look(Transcript.of([token(), ...exchanges]), { ...scene, ...more })
    .map(({ requirement, finding }) => `${requirement} ${finding.code} ${finding.expression ?? ''}`.trim())

describe('what legally differs', () => {
  it('is nothing, where every way gives the same', () => {
    expect(
      found([search(condition), everything(condition), ...exported('', patient, condition), read(condition)]),
    ).toEqual([])
  })

  it('is order, meta, narrative, and how a reference is written', () => {
    const otherwise: Resource = {
      note: [{ text: 'one' }],
      code: { coding: [{ code: '2' }, { code: '1' }], text: 'Asthma' },
      subject: { reference: `${base}/Patient/p1` },
      text: { status: 'generated', div: '<div/>' },
      meta: { versionId: '1', profile: ['http://x'], tag: [{ code: 'y' }] },
      id: 'c1',
      resourceType: 'Condition',
    }
    expect(found([search(condition), everything(otherwise)])).toEqual([])
  })

  it('is the way in which the content of a document is given', () => {
    const document = (attachment: object): Resource => ({
      resourceType: 'DocumentReference',
      id: 'd1',
      meta: { versionId: '1' },
      subject,
      content: [{ attachment: { contentType: 'text/plain', ...attachment } }],
    })
    const plain = document({ url: 'Binary/b1' })
    const by = (one: Resource) => [search(plain), ...exported('', patient, one)]
    expect(found(by(document({ url: 'https://files.example/x?sig=1' })))).toEqual([])
    expect(found(by(document({ data: 'b2s=', size: 2 })))).toEqual([])
    expect(found(by(document({ url: `${base}/Binary/b2` })))).toHaveLength(1)
    expect(found(by(document({ data: 'b2s=', title: 'another' })))).toHaveLength(1)
  })

  it('is what was asked for with some elements, or came cut down', () => {
    const cut = { ...condition, note: undefined, meta: { versionId: '1', tag: [{ code: 'SUBSETTED' }] } }
    expect(found([search(condition), exchange('search', 'Condition?patient=p1&_elements=code', bundle(cut))])).toEqual(
      [],
    )
    expect(found([search(condition), everything(cut as unknown as Resource)])).toEqual([])
  })

  it('is what Provenance and records of nobody one way brings along', () => {
    const provenance: Resource = { resourceType: 'Provenance', id: 'v1', target: [{ reference: 'Condition/c1' }] }
    const organization: Resource = { resourceType: 'Organization', id: 'o1', name: 'x' }
    expect(found([...exported('', patient, condition), everything(condition, provenance, organization)])).toEqual([])
  })

  it('is what came before an update and after it', () => {
    const updated = {
      ...condition,
      meta: { versionId: '2', lastUpdated: '2026-02-01T00:00:00Z' },
      note: [{ text: 'two' }],
    }
    const fixture: Fixture = { is: 'updated', person: 'Ana', type: 'Condition' }
    const story = [search(condition), everything(updated)]
    expect(found(story, { happened: [{ fixture, after: 2 }] })).toEqual([])
    expect(found(story)).toEqual(['PDEX-126 stale-version Bundle.entry[0].resource.meta.versionId'])
  })

  it('is a version and another version', () => {
    const first = { ...condition, meta: { versionId: '1' } }
    const second = { ...condition, meta: { versionId: '2' }, note: [{ text: 'two' }] }
    expect(found([search(second), exchange('vread', 'Condition/c1/_history/1', first)])).toEqual([])
    expect(found([search(first), exchange('vread', 'Condition/c1/_history/1', { ...first, note: [] })])).toHaveLength(1)
  })

  it('is what another scope or the other edition keeps out', () => {
    const claim: Resource = { resourceType: 'ExplanationOfBenefit', id: 'e1', use: 'claim', patient: subject }
    const story = [...exported('', patient, claim), everything()]
    expect(found(story)).toEqual(['PDEX-126 missing-record'])
    expect(found(story, { editions: { pdex: '2.1.0' } })).toEqual([])
  })
})

describe('what does not agree', () => {
  it('is an element that one way drops: the odd one of three is told, by the smallest difference', () => {
    const { note: _, ...without } = condition
    const worse = { ...other, code: { text: 'Asthma' }, note: [] }
    expect(
      found([
        search(condition, other),
        ...exported('', patient, without as Resource, worse),
        everything(condition, other),
      ]),
    ).toEqual(['PDEX-126 unlike line 2: Condition.note'])
  })

  it('is a record that one way leaves out', () => {
    expect(found([search(condition, other), everything(condition)])).toEqual(['PDEX-126 missing-record'])
  })

  it('is told by the first six of what is left out, how many more there are, and how much came', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...condition, id: `n${n}` }))
    const [suspicion] = triangulationOracle.look(
      Transcript.of([token(), search(condition, ...many), everything(condition)]),
      scene,
    )
    expect(suspicion?.finding).toMatchObject({
      message:
        'found by the triangulation oracle: $everything leaves out Condition/n0, which search gives; likewise 8 more',
      expected: [...many.slice(0, 6).map(({ id }) => `Condition/${id}`), 'and 3 more'],
      actual: '2 records, not these',
    })
  })

  it('is an old version in an export', () => {
    const newer = { ...condition, meta: { versionId: '2', lastUpdated: '2026-01-01T00:00:00Z' } }
    expect(found([search(newer), ...exported('', patient, condition)])).toEqual([
      'BULK-090 stale-version line 2.meta.versionId',
    ])
  })

  it('is a record that is listed and cannot be read', () => {
    expect(found([search(condition), read(condition, 404)])).toEqual(['CORE-010 unreadable'])
    expect(found([read(condition, 404)])).toEqual([])
  })

  it('is a part that holds less or more than the whole says', () => {
    const since = '?_since=2025-06-01T00:00:00Z'
    expect(found([...exported('', patient, condition, other), ...exported(since, other)])).toEqual([])
    expect(found([...exported('', patient, condition, other), ...exported(since)])).toEqual(['BULK-031 missing-record'])
    expect(found([...exported('', patient, condition), ...exported(since, other)])).toContain('BULK-031 extra-record')
    expect(found([...exported('', patient, condition), ...exported('?_type=Condition')])).toEqual([
      'BULK-032 missing-record',
    ])
  })

  it('is a list in small pages that is not the list in one', () => {
    const small = exchange('search', 'Condition?patient=p1&_count=1', bundle(condition))
    expect(found([search(condition, other), small])).toEqual(['CORE-037 missing-record'])
    expect(found([search(condition), small])).toEqual([])
  })
})

describe('a difference', () => {
  it('is shrunk to the element, and is none where nothing differs that matters', () => {
    const changed = { ...condition, code: { text: 'Asthma', coding: [{ code: '1' }, { code: '3' }] } }
    expect(differences(condition, changed)).toEqual([
      { expression: 'Condition.code.coding[1].code', here: '2', there: '3' },
    ])
    expect(isSame(condition, { ...condition, meta: {} })).toBe(true)
    expect(differences(condition, condition)).toEqual([])
  })
})
