/** The data routes of a payer, searched: whose records are found, by which parameters, in which pages, with what. */
import type { Provenance } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { base, ids, json, link, smallPayer } from './small-payer.ts'

test("a search finds the member's own, whatever it names", async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  expect(ids(await json(payer.ask('a', '/fhir/Condition?patient=ana')))).toEqual([
    'Condition/ana-pressure',
    'Condition/ana-secret',
  ])
  expect(ids(await json(payer.ask('a', '/fhir/Condition')))).toEqual(['Condition/ana-pressure', 'Condition/ana-secret'])
  expect(await json(payer.ask('a', '/fhir/Condition?patient=bob'))).toMatchObject({ type: 'searchset', total: 0 })
  expect(ids(await json(payer.ask('a', '/fhir/Patient?identifier=https://payer.example/umb|U-ana')))).toEqual([
    'Patient/ana',
  ])
  expect(ids(await json(payer.ask('a', '/fhir/Patient?identifier=U-bob')))).toEqual([])
})

test('parameters: forms of tokens, references, dates and strings', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const found = async (query: string): Promise<string[]> =>
    ids(await json(payer.ask('a', `/fhir/${query}`)), 'match').map((k) => k.split('ana-')[1] ?? k)
  expect(await found('Condition?code=59621000')).toEqual(['pressure'])
  expect(await found('Condition?code=http://snomed.info/sct|59621000')).toEqual(['pressure'])
  expect(await found('Condition?code=|59621000')).toEqual([])
  expect(await found('Condition?code=http://snomed.info/sct|')).toEqual(['pressure', 'secret'])
  expect(await found('Condition?code=59621000,35489007')).toEqual(['pressure', 'secret'])
  expect(await found('Condition?code=59621000&code=35489007')).toEqual([])
  expect(await found('Condition?code:not=59621000')).toEqual(['secret'])
  expect(await found('Condition?code:text=high\\, but')).toEqual(['pressure'])
  expect(await found('Condition?recorded-date:missing=true')).toEqual(['secret'])
  expect(await found('ExplanationOfBenefit?identifier=1\\,ana')).toEqual(['claim'])
  expect(await found('ExplanationOfBenefit?identifier=1,ana')).toEqual([])
  expect(await found('Encounter?status=http://hl7.org/fhir/encounter-status|finished')).toEqual(['visit'])
  expect(await found('Encounter?class=AMB&date=2024-03-14')).toEqual(['visit'])
  expect(await found('Encounter?location=clinic')).toEqual(['visit'])
  for (const patient of ['ana', 'Patient/ana', `${base}/fhir/Patient/ana`])
    expect(await found(`Encounter?patient=${patient}`)).toEqual(['visit'])
  expect(await found('Encounter?patient=https://elsewhere.example/Patient/ana')).toEqual([])
  expect(await found('Condition?onset-date=ge2024-04')).toEqual(['secret'])
  expect(await found('Condition?onset-date=2024')).toEqual(['pressure', 'secret'])
  expect(await found('Condition?onset-date=2024-03-14')).toEqual([])
  expect(await found('Condition?_lastUpdated=gt2025-02-01')).toEqual(['secret'])
  expect(await found('Patient?name=nunez')).toEqual(['Patient/ana'])
  expect(await found('Patient?name:exact=nunez')).toEqual([])
  expect(await found('Patient?given:contains=OS')).toEqual(['Patient/ana'])
  expect(await found('ExplanationOfBenefit?service-date=2024-03-14')).toEqual(['claim'])
  expect(await found('DocumentReference?_id=ana-note,ana-letter')).toEqual(['note', 'letter'])
})

test('what is wrong is refused, what is unknown is left out of self, or refused when strict', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  for (const query of [
    'Condition?onset-date=abc',
    'Condition?_count=x',
    'Condition?code:above=1',
    'Condition?code=|',
    'Condition?_lastUpdated=2024-13',
  ])
    expect((await payer.ask('a', `/fhir/${query}`)).status, query).toBe(400)
  const lenient = await json(payer.ask('a', '/fhir/Condition?patient=ana&colour=red'))
  expect(link(lenient, 'self')).toBe(`${base}/fhir/Condition?patient=ana`)
  expect(lenient.total).toBe(2)
  const strict = await payer.ask('a', '/fhir/Condition?patient=ana&colour=red', {
    headers: { prefer: 'handling=strict' },
  })
  expect([strict.status, (await json<{ resourceType: string }>(strict)).resourceType]).toEqual([
    400,
    'OperationOutcome',
  ])
  expect((await payer.ask('a', '/fhir/NoSuchType')).status).toBe(404)
})

test('POST _search is the same search', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const post = (body: string, type: string): Promise<Response> =>
    payer.ask('a', '/fhir/Condition/_search', { method: 'POST', body, headers: { 'content-type': type } })
  const posted = await json(post('patient=ana&code=59621000', 'application/x-www-form-urlencoded'))
  expect(ids(posted)).toEqual(['Condition/ana-pressure'])
  expect(link(posted, 'self')).toBe(`${base}/fhir/Condition?patient=ana&code=59621000`)
  expect((await post('{}', 'application/json')).status).toBe(415)
})

test('pages: no loss, no repetition, bound to client and member, filtered again', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  payer.admit('other', 'ana')
  payer.admit('b', 'bob')
  const first = await json(payer.ask('a', '/fhir/DocumentReference?patient=ana&_count=1'))
  expect(first).toMatchObject({
    total: 3,
    entry: [{ fullUrl: `${base}/fhir/DocumentReference/ana-note`, search: { mode: 'match' } }],
  })
  const next = link(first, 'next') ?? ''
  expect((await payer.ask('other', next)).status).toBe(404)
  expect((await payer.ask('b', next)).status).toBe(404)
  const second = await json(payer.ask('a', next))
  expect(ids(second)).toEqual(['DocumentReference/ana-letter'])
  payer.admit('a', 'ana', { policy: 'regular' })
  const third = await json(payer.ask('a', link(second, 'next') ?? ''))
  expect(ids(third)).toEqual([])
  expect(link(third, 'next')).toBeUndefined()
  expect(await json(payer.ask('a', '/fhir/Condition?_summary=count'))).toEqual(
    expect.not.objectContaining({ entry: expect.anything() }),
  )
})

test('includes once each, the Provenance about the matches, and who sent them', async () => {
  const payer = smallPayer()
  payer.admit('a', 'ana')
  const claims = await json(
    payer.ask(
      'a',
      '/fhir/ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*&_include:iterate=Coverage:payor',
    ),
  )
  expect(ids(claims, 'include').sort()).toEqual([
    'Coverage/ana-coverage',
    'DocumentReference/ana-letter',
    'Organization/insurer',
    'Patient/ana',
    'Practitioner/doctor',
  ])
  const only = await json(payer.ask('a', '/fhir/ExplanationOfBenefit?use=claim&_include=ExplanationOfBenefit:coverage'))
  expect(ids(only, 'include')).toEqual(['Coverage/ana-coverage'])
  const conditions = await json(payer.ask('a', '/fhir/Condition?patient=ana&_revinclude=Provenance:target'))
  const provenance = (conditions.entry ?? [])
    .filter((e) => e.resource?.resourceType === 'Provenance')
    .map((e) => e.resource as Provenance)
  expect(provenance.map((p) => p.target.map((t) => t.reference))).toEqual([
    ['Condition/ana-pressure', 'Condition/ana-secret', 'Encounter/ana-visit'],
    ['Condition/ana-pressure', 'Condition/ana-secret'],
  ])
  expect(provenance[1]?.agent[0]).toMatchObject({
    type: { coding: [{ code: 'transmitter' }] },
    who: { reference: 'Organization/insurer' },
  })
  expect(await json(payer.ask('a', `/fhir/Provenance/${provenance[1]?.id}`))).toEqual(provenance[1])
})
