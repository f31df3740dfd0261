/** The leak oracle on told stories: what may be seen is never told, what may not be is, whatever it was written in. */
import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import type { Fixture } from '../../harness/fixture.ts'
import type { Person } from '../../harness/person.ts'
import type { Happening, Scene } from '../../harness/scene.ts'
import { type Exchange, Transcript } from '../../harness/transcript.ts'
import { requirementsById } from '../catalogue.ts'
import { ana, base, bundle, claim, data, exchange, iris, note, open, secret, trusted } from '../told/trusted.ts'
import { leakOracle } from './leak.ts'
import { verdictsOf } from './oracle.ts'

const scene = (more: Partial<Scene> = {}): Scene => ({
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: '2026-03-02T15:00:00Z',
  person: ana,
  bystander: iris,
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
  ...more,
})
const found = (exchanges: readonly Exchange[], more: Partial<Scene> = {}): string[] =>
  leakOracle
    .look(Transcript.of(exchanges), scene(more))
    .map(({ requirement, finding }) => `${requirement} ${finding.expression}`)

describe('what may be seen', () => {
  it('is the whole record, where the member lets everything go', () => {
    expect(found([...trusted('sensitive'), data(bundle(...(ana.record ?? [])))])).toEqual([])
  })

  it('is the record of who may have been matched: the answer was lost, or cannot be read', () => {
    const lost = (change: (x: Exchange) => Exchange): Exchange[] =>
      trusted('sensitive').map((x) => (x.move === 'member-match' ? change(x) : x))
    const failed = lost(({ response: _lost, ...x }) => ({
      ...x,
      failure: { kind: 'cut-off', code: 'ECONNRESET', message: 'the connection ended' },
    }))
    const garbled = lost((x) => ({
      ...x,
      response: { status: 200, statusText: '', headers: [], body: '\u001f\u008b' },
    }))
    const denied = lost((x) => ({ ...x, response: { status: 422, statusText: '', headers: [], body: '{}' } }))
    const seen = data(bundle(open, secret))
    expect([failed, garbled].map((story) => found([...story, seen]))).toEqual([[], []])
    expect(found([...denied, seen])).not.toEqual([])
  })

  it('is the record of whose token is said to live for no time at all', () => {
    const story = trusted('sensitive').map((x) =>
      x.move === 'member-token' && x.response
        ? { ...x, response: { ...x.response, body: x.response.body.replace(/"expires_in":\d+/, '"expires_in":0') } }
        : x,
    )
    expect(story.some((x) => x.response?.body.includes('"expires_in":0'))).toBe(true)
    expect(found([...story, data(bundle(open, secret))])).toEqual([])
  })

  it('is the record of who was matched by hand, by that consent and as long as it lasts', () => {
    const byHand = trusted('sensitive').filter(({ move }) => move !== 'member-match')
    const matched = (more: Partial<Extract<Fixture, { is: 'matched' }>> = {}): Partial<Scene> => ({
      happened: [
        {
          fixture: {
            is: 'matched',
            payer: 'requesting payer',
            clientId: 'c1',
            person: 'Ana Adams',
            policy: 'sensitive',
            start: '2026-03-01',
            end: '2026-05-31',
            ...more,
          },
          after: 0,
        },
      ],
    })
    const seen = [...byHand, data(bundle(open, secret))]
    expect(found(seen, matched())).toEqual([])
    expect(found(seen)).toEqual(['HREX-058 $.patient', 'HREX-058 Bundle.entry[0].resource.note[0].text'])
    expect(found(seen, matched({ policy: 'regular' }))).toEqual(['PDEX-137 Bundle.entry[1].resource.note[0].text'])
    expect(found(seen, matched({ payer: 'another payer' }))).toHaveLength(2)
    expect(found(seen, matched({ end: '2026-02-20' }))).toHaveLength(1)
  })

  it('is what is not sensitive, where the member lets only that go', () => {
    expect(found([...trusted('regular'), data(bundle(open, claim))])).toEqual([])
  })

  it('is what the caller itself has said', () => {
    const url = `${base}/Patient?identifier=${note('iris-ito-x7k2', 1)}&_id=iris-ito-x7k2`
    const body = { resourceType: 'Bundle', type: 'searchset', link: [{ relation: 'self', url }] }
    expect(found([...trusted('regular'), data(body, { url })])).toEqual([])
  })

  it('is anything of people who are not ours: of them nothing is said', () => {
    const theirs = (person: Person): Person => ({
      ...person,
      record: JSON.parse(JSON.stringify(person.record).replaceAll('cnry-', 'note-')) as FhirResource[],
    })
    const story = [...trusted('regular', theirs(ana)), data(JSON.stringify(theirs(iris).record))]
    expect(found(story, { person: theirs(ana), bystander: theirs(iris) })).toEqual([])
  })
})

describe('what may not be seen', () => {
  it('is what is sensitive, where the member lets only other data go', () => {
    expect(found([...trusted('regular'), data(bundle(open, secret))])).toEqual([
      'PDEX-137 Bundle.entry[1].resource.note[0].text',
    ])
  })

  it('is a claim, to a client that may not see claims', () => {
    const permissions = { claims: false, priorAuthorizations: true }
    expect(found([...trusted('sensitive'), data(bundle(open, claim))], { permissions })).toEqual([
      'PDEX-137 Bundle.entry[1].resource.identifier[0].value',
    ])
    expect(found([...trusted('sensitive'), data(bundle(open, secret))], { permissions })).toEqual([])
  })

  it('is the number of what is kept back', () => {
    const counted = (total: number) =>
      data({ ...bundle(open), total }, { url: `${base}/Condition?patient=ana-adams-k3f9` })
    expect(found([...trusted('regular'), counted(2)])).toEqual(['PDEX-137 Bundle.total'])
    expect(found([...trusted('regular'), counted(1)])).toEqual([])
    expect(found([...trusted('sensitive'), counted(2)])).toEqual([])
  })

  it('is anything of another member: data, id or number, in a body or a header', () => {
    const whole = trusted('sensitive')
    expect(found([...whole, data(bundle(...(iris.record ?? [])))])).toEqual([
      'HREX-058 Bundle.entry[0].resource.identifier[0].value',
    ])
    for (const value of [
      'Condition/iris-ito-x7k2-condition-1',
      'U-iris-ito-x7k2',
      encodeURIComponent(note('iris-ito-x7k2', 2)),
    ])
      expect(found([...whole, data({}, { headers: [['Location', `/x/${value}`]] })])).toEqual([
        'HREX-058 header Location',
      ])
  })

  it('is anything of a member whom nobody named', () => {
    const body = { resourceType: 'Condition', note: [{ text: note('zoe-zhang-aaaa', 1) }] }
    expect(found([...trusted('sensitive'), data(body)])).toEqual(['HREX-058 Condition.note[0].text'])
  })

  it('is anything of another member in a refusal', () => {
    const issue = [{ severity: 'error', code: 'forbidden', diagnostics: 'see iris-ito-x7k2-condition-1' }]
    expect(
      found([...trusted('sensitive'), data({ resourceType: 'OperationOutcome', issue }, { status: 403 })]),
    ).toEqual(['CORE-021 OperationOutcome.issue[0].diagnostics'])
  })

  it('is what the member has taken back, said no to, or let go until yesterday', () => {
    const before = trusted('sensitive')
    const happening = (fixture: Happening['fixture']): Partial<Scene> => ({ happened: [{ fixture, after: 3 }] })
    const asked = { person: 'Ana Adams', payer: 'requesting payer' }
    const story = [...before, data(bundle(open)), data(bundle(open))]
    expect(found(story)).toEqual([])
    for (const is of ['consent-revoked', 'blocked-by-member'] as const)
      expect(found(story, happening({ is, ...asked }))).toEqual(['HREX-058 Bundle.entry[0].resource.note[0].text'])
    expect(
      found([...trusted('sensitive', ana, '2026-03-31'), data(bundle(open), { at: '2026-04-03T15:00:00Z' })]),
    ).toEqual(['HREX-058 Bundle.entry[0].resource.note[0].text'])
    expect(
      found([...trusted('sensitive', ana, '2026-03-31'), data(bundle(open), { at: '2026-03-31T23:59:00Z' })]),
    ).toEqual([])
  })

  it('is for a reader to judge where an older token outlives the consent, and no more than the token was for', () => {
    const happened: Happening[] = [
      { fixture: { is: 'consent-revoked', person: 'Ana Adams', payer: 'requesting payer' }, after: 2 },
    ]
    const codes = (exchanges: readonly Exchange[], more: Partial<Scene> = { happened }): string[] =>
      verdictsOf([leakOracle], Transcript.of(exchanges), scene(more), requirementsById).map(
        ({ requirement, code }) => `${requirement} ${code}`,
      )
    const [match, token] = trusted('sensitive') as [Exchange, Exchange]
    expect(codes([match, token, data(bundle(open))])).toEqual(['HREX-058 warning'])
    const refusal = data(
      { resourceType: 'OperationOutcome', issue: [{ diagnostics: note(ana.patientId ?? '', 2) }] },
      { status: 403 },
    )
    expect(codes([match, token, refusal])).toEqual(['HREX-058 fail'])
    expect(codes([...trusted('regular'), data(bundle(secret))])).toEqual(['HREX-058 fail'])
    // A token that was granted after the end never was for anything.
    expect(codes([match, exchange({ move: 'read' }), token, data(bundle(open))])).toEqual(['HREX-058 fail'])
  })

  it('is nothing in a month or year that the consent still covers', () => {
    const seen = data(bundle(open), { at: '2026-03-30T15:00:00Z' })
    for (const end of ['2026-03', '2026']) expect(found([...trusted('sensitive', ana, end), seen])).toEqual([])
    expect(found([...trusted('sensitive', ana, '2026-02'), seen])).toHaveLength(1)
  })

  it('is not who the member is, in a match of the member that was asked for with another detail', () => {
    const [match] = trusted('sensitive') as [Exchange]
    const intent = { person: 'Ana Adams', mistake: 'with another birth date' }
    expect(found([{ ...match, intent }])).toEqual([])
    expect(found([{ ...match, intent: { ...intent, person: 'Iris Ito' } }])).toHaveLength(1)
  })

  it('is anything without a token, with one of somebody else, or with one that nobody issued', () => {
    const before = trusted('sensitive')
    expect(found([...before, exchange({ move: 'search', body: bundle(open) })])).toEqual([
      'HREX-058 Bundle.entry[0].resource.note[0].text',
    ])
    expect(found([...before, data(bundle(open), { from: 'another payer' })])).toHaveLength(1)
    expect(found([...before, data(bundle(open), { token: 'made up' })])).toHaveLength(1)
    // A token that is bound to nothing opens to whoever bears it: no server could tell.
    const bare = data(bundle(open), { move: 'probe', intent: { connection: 'without a certificate' } })
    expect(found([...before, bare, data(bundle(open), { from: 'another payer' })])).toEqual([])
    const metadata = exchange({
      move: 'smart-configuration',
      body: { tls_client_certificate_bound_access_tokens: true },
    })
    expect(found([metadata, ...before, bare, data(bundle(open), { from: 'another payer' })])).toHaveLength(1)
    const file = exchange({ move: 'export-file', url: `${base}/_export/1/a.ndjson`, body: `${JSON.stringify(open)}\n` })
    expect(found([...before, file])).toEqual(['BULK-003 Condition.note[0].text'])
  })

  it('is who the member is, in a match that is refused', () => {
    const refusal = (mistake: string): Exchange =>
      exchange({
        move: 'member-match',
        token: 'match',
        status: 422,
        intent: { person: 'Ana Adams', mistake },
        headers: [['X-Context', 'Patient%2Fana-adams-k3f9']],
      })
    expect(found([refusal('with a consent that ended yesterday')])).toEqual(['PDEX-114 header X-Context'])
    expect(found([refusal('with another birth date')])).toEqual(['HREX-009 header X-Context'])
  })

  it('is told as a verdict by the verb of the statement, once for each, and never as a pass', () => {
    const verdicts = verdictsOf(
      [leakOracle],
      Transcript.of([...trusted('regular'), data(bundle(secret)), data(bundle(secret))]),
      scene(),
      requirementsById,
    )
    expect(
      verdicts.map(({ requirement, check, code, findings }) => [requirement, check, code, findings.length]),
    ).toEqual([['PDEX-137', 'PDEX-137/leak-oracle', 'fail', 2]])
    expect(verdictsOf([leakOracle], Transcript.of(trusted('regular')), scene(), requirementsById)).toEqual([])
  })
})

it('finds a canary anywhere in an answer', () => {
  const [first, ...rest] = trusted('sensitive')
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.constantFrom('body', 'key', 'header', 'line'), (json, where) => {
      fc.pre(!json.includes('__proto__'))
      const token = note('iris-ito-x7k2', 2)
      const body =
        where === 'key'
          ? `{"a":${json},"${token}":1}`
          : where === 'line'
            ? `{"a":${json}}\n{"b":"${token}"}\n`
            : where === 'body'
              ? `{"a":${json},"b":["${token}"]}`
              : json
      const headers = where === 'header' ? ([['X-Any', token]] as const) : []
      expect(found([first as Exchange, ...rest, data(body, { headers })])).toHaveLength(1)
    }),
    { seed: 20260302, numRuns: 100 },
  )
})
