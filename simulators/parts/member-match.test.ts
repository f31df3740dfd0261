/** Member match where it succeeds: who is named, what is kept, and what a request may have besides. */
import type { Organization, Parameters } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { coverage, hl7, one, parameters, payer, policy, them, us } from './small-match.ts'

describe('one member who fits and a consent that can be honoured', () => {
  it('names the member by identifier and by patient id', async () => {
    const { ask } = payer()
    const response = await ask(parameters())
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/fhir\+json/)
    expect(await response.json()).toEqual({
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'MemberIdentifier',
          valueIdentifier: {
            type: { coding: [{ system: 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp', code: 'UMB' }] },
            system: 'urn:umb',
            value: 'UMB-ana',
            assigner: { display: 'Old Health' },
          },
        },
        { name: 'MemberId', valueReference: { reference: 'Patient/held-ana' } },
      ],
    })
  })

  it('leaves MemberId out where the payer does not give it', async () => {
    const response = await payer({ memberId: false }).ask(parameters())
    expect(((await response.json()) as Parameters).parameter).toHaveLength(1)
  })

  it('types the identifier MB and gives nothing else in HRex 1.0', async () => {
    const response = await payer({}, '1.0.0').ask(parameters())
    const { parameter } = (await response.json()) as Parameters
    expect(parameter).toHaveLength(1)
    expect(parameter?.[0]?.valueIdentifier?.type?.coding?.[0]).toEqual({ system: hl7('v2-0203'), code: 'MB' })
  })

  it('keeps the consent, who matched, and the coverage to link', async () => {
    const { ask, state, clock } = payer()
    await ask(parameters(({ Consent: c }) => Object.assign(c, { policy: [{ uri: policy('regular') }] })))
    expect(state.consents.decision('held-ana', them, clock.now())).toEqual({ permitted: true, policy: 'regular' })
    expect(state.consents.hasMatched('client-1', 'held-ana')).toBe(true)
    expect(state.members.linked('held-ana')).toEqual([coverage('N-1', them)])
  })

  it.each<[string, (p: ReturnType<typeof parameters>) => unknown]>([
    ['in another order', (p) => ({ ...p, parameter: [...(p.parameter ?? [])].reverse() })],
    ['without CoverageToLink', () => parameters(undefined, { CoverageToLink: undefined })],
    [
      'with birth sex and no gender',
      () =>
        parameters((p) => {
          delete p.MemberPatient.gender
          p.MemberPatient.extension = [
            { url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex', valueCode: 'F' },
          ]
        }),
    ],
    [
      'with an extension nobody knows',
      () =>
        parameters((p) => {
          p.MemberPatient.extension = [{ url: 'https://example.org/unknown', valueString: 'x' }]
        }),
    ],
    [
      'with more actors',
      () =>
        parameters((p) => {
          p.Consent.provision?.actor?.unshift(
            { role: one('v3-ParticipationType', 'IRCP'), reference: { identifier: us } },
            {
              role: one('provenance-participant-type', 'performer'),
              reference: { reference: 'Organization/somebody' },
            },
          )
        }),
    ],
    [
      'with contained organizations',
      () =>
        parameters((p) => {
          p.Consent.contained = [
            { resourceType: 'Organization', id: 'a', identifier: [us] } as Organization,
            { resourceType: 'Organization', id: 'b', identifier: [{ value: 'x' }, them] } as Organization,
          ]
          for (const [i, actor] of (p.Consent.provision?.actor ?? []).entries())
            actor.reference = { reference: i ? '#b' : '#a' }
        }),
    ],
    [
      'with another policy beside ours',
      () => parameters((p) => p.Consent.policy?.push({ uri: 'https://example.org/policy' })),
    ],
    [
      'on the last day',
      () => parameters((p) => Object.assign(p.Consent.provision?.period ?? {}, { end: '2026-03-02' })),
    ],
    [
      'on the first day',
      () => parameters((p) => Object.assign(p.Consent.provision?.period ?? {}, { start: '2026-03-02' })),
    ],
    [
      'this month',
      () => parameters((p) => Object.assign(p.Consent.provision?.period ?? {}, { start: '2026-03', end: '2026-03' })),
    ],
  ])('is matched %s', async (_, make) => {
    expect((await payer().ask(make(parameters()))).status).toBe(200)
  })
})
