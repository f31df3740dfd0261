/** Member match where it is refused: nobody or several fit, the consent, the request, and guessing. */
import fc from 'fast-check'
import type { OperationOutcome, Parameters } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { coverage, grant, one, type Parts, parameters, patient, payer, person, policy, them } from './small-match.ts'

const outcomeOf = async (response: Response) => (JSON.parse(await response.text()) as OperationOutcome).issue[0]
async function expectRefusal(response: Response, status: number, code: string, words: RegExp): Promise<void> {
  const text = await response.clone().text()
  const issue = await outcomeOf(response)
  expect({ status: response.status, code: issue?.code }).toEqual({ status, code })
  expect(issue?.details?.text).toMatch(words)
  expect(`${text}${JSON.stringify([...response.headers])}`).not.toMatch(/held-|UMB-|W-1|MemberIdentifier|1980/)
}

describe('who fits', () => {
  it('nobody', async () => {
    const { ask } = payer()
    const body = parameters((p) => Object.assign(p.CoverageToMatch, coverage('W-2')))
    await expectRefusal(await ask(body), 422, 'not-found', /no member fits/)
  })

  it('more than one', async () => {
    const { ask, state } = payer()
    state.members.insureTwin(person('ana'))
    await expectRefusal(await ask(parameters()), 422, 'multiple-matches', /more than one/)
  })
})

describe('a consent that cannot be honoured', () => {
  const period = (start: string, end: string) =>
    parameters((p) => Object.assign(p.Consent.provision?.period ?? {}, { start, end }))
  const actor = (i: number, reference: object) =>
    parameters((p) => Object.assign(p.Consent.provision?.actor?.[i] ?? {}, { reference }))

  it.each<[string, Parameters, RegExp]>([
    ['ended yesterday', period('2026-01-01', '2026-03-01'), /period is over/],
    ['ended last month', period('2026-01', '2026-02'), /period is over/],
    ['starts tomorrow', period('2026-03-03', '2026-05-01'), /has not begun/],
    ['names another recipient', actor(1, { identifier: { ...them, value: '3' } }), /IRCP/],
    ['names the recipient in another system', actor(1, { identifier: { ...them, system: 'urn:x' } }), /IRCP/],
    ['names the recipient by name alone', actor(1, { display: 'New Health' }), /IRCP/],
    ['names another performer', actor(0, { identifier: them }), /performer/],
  ])('because it %s', async (_, body, words) => {
    const { ask, state } = payer()
    await expectRefusal(await ask(body), 422, 'business-rule', words)
    expect(state.consents.hasMatched('client-1', 'held-ana')).toBe(false)
    expect(state.members.linked('held-ana')).toEqual([])
  })

  it('because the payer cannot tell sensitive data apart', async () => {
    const regular = parameters((p) => Object.assign(p.Consent, { policy: [{ uri: policy('regular') }] }))
    await expectRefusal(await payer({ segmentation: 'cannot' }).ask(regular), 422, 'business-rule', /non-sensitive/)
    expect((await payer({ segmentation: 'cannot' }).ask(parameters())).status).toBe(200)
    expect((await payer({ segmentation: 'tags' }).ask(regular)).status).toBe(200)
  })

  it('because the member blocked that payer, and no other', async () => {
    const { ask, state } = payer()
    state.consents.block('held-ana', { ...them, value: 'another' })
    expect((await ask(parameters())).status).toBe(200)
    state.consents.block('held-ana', them)
    await expectRefusal(await ask(parameters()), 422, 'business-rule', /otherwise/)
  })

  it('because there is none, from HRex 1.1 on after the match and in 1.0 before it', async () => {
    const none = parameters(undefined, { Consent: undefined })
    await expectRefusal(await payer().ask(none), 422, 'required', /no Consent/)
    await expectRefusal(await payer({}, '1.0.0').ask(none), 422, 'required', /no Consent/)
    const nobody = parameters((p) => Object.assign(p.CoverageToMatch, coverage('W-2')), { Consent: undefined })
    await expectRefusal(await payer().ask(nobody), 422, 'not-found', /no member/)
    await expectRefusal(await payer({}, '1.0.0').ask(nobody), 422, 'required', /no Consent/)
  })
})

describe('a request that is not as its profile says', () => {
  const spoil = (path: string, value: unknown): unknown => {
    const body = parameters() as unknown as Record<string, unknown>
    const names = path.split('.')
    const last = names.pop() as string
    let at: Record<string, unknown> = body
    for (const name of names) {
      const next = /^[A-Z]/.test(name)
        ? (body.parameter as { name: string; resource: unknown }[]).find((p) => p.name === name)?.resource
        : at[name]
      at = next as Record<string, unknown>
    }
    if (value === undefined) delete at[last]
    else at[last] = value
    return body
  }

  it.each<[string, unknown]>([
    ['resourceType', 'Bundle'],
    ['modifierExtension', [{ url: 'urn:x' }]],
    ['MemberPatient.resourceType', 'Person'],
    ['MemberPatient.id', undefined],
    ['MemberPatient.id', 'a b'],
    ['MemberPatient.name', undefined],
    ['MemberPatient.name', 'Ana Adams'],
    ['MemberPatient.name.0.family', undefined],
    ['MemberPatient.name.0.family', 7],
    ['MemberPatient.name.0.given', []],
    ['MemberPatient.name.0.given', [null]],
    ['MemberPatient.name.0.given', [7]],
    ['MemberPatient.birthDate', undefined],
    ['MemberPatient.birthDate', 'April'],
    ['MemberPatient.gender', undefined],
    ['MemberPatient.gender', 'F'],
    ['MemberPatient.implicitRules', 'urn:x'],
    ['CoverageToMatch.status', undefined],
    ['CoverageToMatch.identifier', undefined],
    ['CoverageToMatch.identifier.0.type', undefined],
    ['CoverageToMatch.identifier.0.value', undefined],
    ['CoverageToMatch.identifier.0.value', { value: 'W-1' }],
    ['CoverageToMatch.subscriberId', 7],
    ['CoverageToMatch.relationship', undefined],
    ['CoverageToMatch.relationship', { text: 'self' }],
    ['CoverageToMatch.relationship.coding.0.code', 'myself'],
    ['CoverageToMatch.payor', []],
    ['CoverageToMatch.payor', [{}, {}]],
    ['CoverageToMatch.beneficiary.reference', 'https://new.example/fhir/Patient/1'],
    ['CoverageToMatch.beneficiary.reference', 'Patient/2'],
    ['CoverageToMatch.beneficiary.reference', '#1'],
    ['CoverageToMatch.class', [{ type: one('coverage-class', 'group') }]],
    ['CoverageToLink.beneficiary.reference', 'Patient/2'],
    ['Consent.status', 'inactive'],
    ['Consent.scope', one('consentscope', 'research')],
    ['Consent.category', [one('v3-ActCode', 'INFA')]],
    ['Consent.patient.reference', 'Patient/2'],
    ['Consent.performer', undefined],
    ['Consent.performer', [{}, {}]],
    ['Consent.sourceReference', undefined],
    ['Consent.policy', undefined],
    ['Consent.policy.0.uri', policy('all')],
    ['Consent.policy', [{ uri: policy('regular') }, { uri: policy('sensitive') }]],
    ['Consent.provision', undefined],
    ['Consent.provision.type', 'deny'],
    ['Consent.provision.period', undefined],
    ['Consent.provision.period.end', undefined],
    ['Consent.provision.period.end', '2026-02-30'],
    ['Consent.provision.period.end', '2025-01-01'],
    ['Consent.provision.actor.1', { role: one('v3-ParticipationType', 'CST'), reference: { identifier: them } }],
    ['Consent.provision.actor.0', { role: one('v3-ParticipationType', 'IRCP'), reference: { identifier: them } }],
    ['Consent.provision.action', []],
    ['Consent.provision.action', [one('consentaction', 'access')]],
    ['Consent.provision.purpose', [{ code: 'TREAT' }]],
    ['Consent.provision.provision', [{ type: 'deny' }]],
  ])('%s as %j is refused', async (path, value) => {
    const response = await payer().ask(spoil(path, value))
    expect(response.status).toBe(422)
    const issue = await outcomeOf(response)
    expect(['structure', 'invalid', 'required', 'extension']).toContain(issue?.code)
    expect(issue?.expression?.[0]).toMatch(/^Parameters/)
    expect(JSON.stringify(issue)).not.toMatch(/held-|UMB-|W-1|Adams|new\.example/)
  })

  it.each<[string, unknown]>([
    [
      'an unknown parameter',
      { ...parameters(), parameter: [...(parameters().parameter ?? []), { name: 'Extra', resource: patient() }] },
    ],
    ['a name in another case', parameters(undefined, { MemberPatient: undefined, memberPatient: patient() } as Parts)],
    [
      'a parameter twice',
      { ...parameters(), parameter: [...(parameters().parameter ?? []), ...(parameters().parameter ?? [])] },
    ],
    ['a value instead of a resource', { ...parameters(), parameter: [{ name: 'MemberPatient', valueString: 'x' }] }],
    ['no parameter', { resourceType: 'Parameters' }],
    ['no CoverageToMatch', parameters(undefined, { CoverageToMatch: undefined })],
    ['a list', []],
    ['null', null],
    ['a number', 7],
    ['no JSON', '{"resourceType":'],
    ['nothing', ''],
    ['10,000 levels', `${'{"resourceType":"Parameters","parameter":['.repeat(10_000)}${']}'.repeat(10_000)}`],
    [
      '10,000 levels in a name',
      `{"resourceType":"Parameters","parameter":[{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}]}`,
    ],
  ])('%s is refused', async (_, body) => {
    const response = await payer().ask(body)
    expect(response.status).toBe(422)
    expect((await outcomeOf(response))?.severity).toBe('error')
  })

  it('nothing but JSON is read', async () => {
    await expectRefusal(
      await payer().ask('<Parameters/>', { type: 'application/fhir+xml' }),
      415,
      'not-supported',
      /json/,
    )
    expect((await payer().ask(parameters(), { type: 'application/json; charset=utf-8' })).status).toBe(200)
    await expectRefusal(await payer().ask(`"${'x'.repeat(2 ** 20)}"`), 413, 'too-long', /longer/)
  })

  it('whatever comes, the answer is a match or a refusal', async () => {
    const { ask } = payer()
    const paths = [...JSON.stringify(parameters()).matchAll(/"[^"]*"|\d+|\[|\{/g)].length
    await fc.assert(
      fc.asyncProperty(fc.nat(paths), fc.jsonValue({ maxDepth: 3 }), fc.boolean(), async (n, value, shallow) => {
        let i = 0
        const put = (old: unknown): unknown => {
          if (i++ === n) return value
          if (Array.isArray(old)) return old.map(put)
          if (typeof old === 'object' && old !== null)
            return Object.fromEntries(Object.entries(old).map(([k, v]) => [k, put(v)]))
          return old
        }
        const response = await ask(shallow ? value : put(parameters()))
        expect([200, 422, 429]).toContain(response.status)
      }),
      { numRuns: 600 },
    )
  })

  it('without a token it is not even read', async () => {
    const { ask } = payer()
    const { grant: _, ...stranger } = { grant, params: {} }
    const response = await ask('{', { ...stranger, grant: undefined as never })
    expect(response.status).toBe(401)
  })
})

describe('guessing', () => {
  const guess = (n: number, given = 'Ana') =>
    parameters((p) => {
      Object.assign(p.CoverageToMatch, coverage(`X-${n}`))
      Object.assign(p.MemberPatient.name?.[0] ?? {}, { given: [given] })
    })

  it('is stopped after five cards, for that person, for that client, for a quarter of an hour', async () => {
    const { ask, clock } = payer()
    for (let i = 0; i < 5; i++) expect((await ask(guess(i, i % 2 ? 'Ana' : 'Anna'))).status).toBe(422)
    const stopped = await ask(parameters())
    expect(stopped.headers.get('retry-after')).toBe('900')
    await expectRefusal(stopped, 429, 'throttled', /too many/)
    const born = parameters((p) => Object.assign(p.MemberPatient, { birthDate: '1980-04-06' }))
    expect((await ask(born)).status).toBe(422)
    expect((await ask(parameters(), { grant: { ...grant, clientId: 'client-2' } })).status).toBe(200)
    await clock.wait(899)
    expect((await ask(parameters())).status).toBe(429)
    await clock.wait(1)
    expect((await ask(parameters())).status).toBe(200)
  })

  it('is not what repeats the same card, or finds the right one in between', async () => {
    const { ask } = payer()
    for (let i = 0; i < 20; i++) expect((await ask(guess(1))).status).toBe(422)
    for (let i = 0; i < 4; i++) expect((await ask(guess(i))).status).toBe(422)
    expect((await ask(parameters())).status).toBe(200)
    for (let i = 0; i < 4; i++) expect((await ask(guess(i))).status).toBe(422)
  })
})
