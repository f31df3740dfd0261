import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CapturedConsent, Consents } from './consents.ts'

const requester = { system: 'urn:oid:2.16.840.1.113883.6.300', value: '11111' }
const other = { ...requester, value: '22222' }
const consent = (part: Partial<CapturedConsent> = {}): CapturedConsent => ({
  patientId: 'p1',
  clientId: 'c1',
  requester,
  policy: 'sensitive',
  start: '2026-03-01',
  end: '2026-03-31',
  receivedAt: new Date('2026-03-02T15:00:00Z'),
  ...part,
})
const now = new Date('2026-03-02T15:00:00Z')

describe('Consents', () => {
  it('permits what the consent says, to that payer, for that member', () => {
    const consents = new Consents()
    consents.store(consent({ policy: 'regular' }))
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: true, policy: 'regular' })
    expect(consents.decision('p1', other, now)).toEqual({ permitted: false, reason: 'none' })
    expect(consents.decision('p2', requester, now)).toEqual({ permitted: false, reason: 'none' })
    expect(consents.decision('p1', { ...requester, system: 'urn:other' }, now)).toEqual({
      permitted: false,
      reason: 'none',
    })
  })

  it('knows who matched whom', () => {
    const consents = new Consents()
    consents.store(consent())
    expect(consents.hasMatched('c1', 'p1')).toBe(true)
    expect(consents.hasMatched('c2', 'p1')).toBe(false)
    expect(consents.hasMatched('c1', 'p2')).toBe(false)
    expect(consents.hasMatched('c1p', '1')).toBe(false)
  })

  it('lets the latest consent supersede the one before it, narrower or shorter as it may be', () => {
    const consents = new Consents()
    consents.store(consent())
    consents.store(consent({ policy: 'regular', end: '2026-03-05', receivedAt: new Date('2026-03-03T00:00:00Z') }))
    expect(consents.decision('p1', requester, new Date('2026-03-05T23:59:59Z'))).toEqual({
      permitted: true,
      policy: 'regular',
    })
    expect(consents.decision('p1', requester, new Date('2026-03-06T00:00:00Z'))).toEqual({
      permitted: false,
      reason: 'expired',
    })
  })

  it('keeps the later of two that come in the wrong order', () => {
    const consents = new Consents()
    consents.store(consent({ policy: 'regular', receivedAt: new Date('2026-03-03T00:00:00Z') }))
    consents.store(consent({ policy: 'sensitive' }))
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: true, policy: 'regular' })
  })

  it('ends with a revocation and begins again with a new consent', () => {
    const consents = new Consents()
    consents.store(consent())
    consents.revoke('p1', requester)
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: false, reason: 'revoked' })
    consents.store(consent({ receivedAt: new Date('2026-03-02T16:00:00Z') }))
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: true, policy: 'sensitive' })
  })

  it('lets the member block a payer before and after a consent, and take it back', () => {
    const consents = new Consents()
    consents.block('p1', requester)
    expect(consents.isBlocked('p1', requester)).toBe(true)
    expect(consents.isBlocked('p1', other)).toBe(false)
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: false, reason: 'blocked' })
    consents.store(consent())
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: false, reason: 'blocked' })
    consents.unblock('p1', requester)
    expect(consents.decision('p1', requester, now)).toEqual({ permitted: true, policy: 'sensitive' })
  })

  it('is open on both of its days and closed on the days beside them', () => {
    const day = fc
      .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, fc.nat(800), fc.integer({ min: 0, max: 86_399_999 }), (start, length, time) => {
        const first = Date.parse(`${start}T00:00:00Z`)
        const final = first + length * 86_400_000
        const consents = new Consents()
        consents.store(consent({ start, end: new Date(final).toISOString().slice(0, 10) }))
        const reasonAt = (at: number): string => {
          const decision = consents.decision('p1', requester, new Date(at))
          return decision.permitted ? 'permitted' : decision.reason
        }
        expect(reasonAt(first - 86_400_000 + time)).toBe('not-yet')
        expect(reasonAt(first + time)).toBe('permitted')
        expect(reasonAt(final + time)).toBe('permitted')
        expect(reasonAt(final + 86_400_000 + time)).toBe('expired')
      }),
    )
  })

  it('follows any history as its last word says', () => {
    const event = fc.constantFrom('store', 'revoke', 'block', 'unblock')
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (history) => {
        const consents = new Consents()
        let stored = false
        let revoked = false
        let blocked = false
        history.forEach((what, i) => {
          if (what === 'store') {
            consents.store(consent({ receivedAt: new Date(now.getTime() + i) }))
            stored = true
            revoked = false
          } else if (what === 'revoke') {
            consents.revoke('p1', requester)
            revoked = true
          } else {
            consents[what as 'block' | 'unblock']('p1', requester)
            blocked = what === 'block'
          }
        })
        const expected = blocked ? 'blocked' : !stored ? 'none' : revoked ? 'revoked' : 'permitted'
        const decision = consents.decision('p1', requester, now)
        expect(decision.permitted ? 'permitted' : decision.reason).toBe(expected)
      }),
    )
  })
})
