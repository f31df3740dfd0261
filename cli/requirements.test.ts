/** The verbs about requirements: filters, explanations, differences, and what is said when something is not known. */
import { describe, expect, it, vi } from 'vitest'
import { difference, rerunTags } from './requirements/diff.ts'
import { editionOf } from './requirements/editions.ts'
import { runAt } from './requirements/last-run.ts'
import { entries, entryOf } from './requirements/ledger.ts'
import { filtered } from './requirements/list.ts'
import { matrixOf } from './requirements/matrix.ts'
import { show } from './requirements/show.ts'

const all = await entries()

/** What a verb prints. */
async function said(verb: () => Promise<number>): Promise<string> {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    expect(await verb()).toBe(0)
  } finally {
    write.mockRestore()
  }
  return text
}

describe('list', () => {
  it('takes every filter at once', () => {
    const found = filtered(all, {
      guide: 'hrex',
      flow: 'mm',
      level: 'shall',
      actor: 'payer-server',
      state: 'judged',
      text: 'no match: 422',
    })
    expect(found.map(({ requirement }) => requirement.id)).toEqual(['HREX-009'])
  })
  it('knows several actors and flows of a row, and seats', () => {
    const both = filtered(all, { guide: 'cdex', actor: 'data-source', flow: 'SIG' })
    expect(both.some(({ requirement }) => requirement.actor.includes(';') || requirement.flow.includes(';'))).toBe(true)
    expect(filtered(all, { seat: 'trust manager' }).length).toBeGreaterThan(5)
  })
  it('keeps to an edition of one guide', () => {
    const [early, late] = ['pdex@2.1.0', 'pdex@2.2'].map((edition) => filtered(all, { edition }))
    expect(early?.some(({ requirement }) => requirement.versions === '2.2')).toBe(false)
    expect(late?.some(({ requirement }) => requirement.versions === '2.1')).toBe(false)
  })
  it('refuses values that nothing has, and says what there is', () => {
    expect(() => filtered(all, { flow: 'MMM' })).toThrow(/no statement has the flow/)
    expect(() => filtered(all, { edition: 'pdex@9.9' })).toThrow(/no edition 9.9/)
    expect(() => editionOf('nonsense')).toThrow(/names no edition/)
    expect(() => editionOf('foo@1.0')).toThrow(/no guide "foo"/)
  })
})

describe('show', () => {
  it('finds by id and by the key of the guide', () => {
    expect(entryOf(all, 'pdex-115').requirement.id).toBe('PDEX-115')
    expect(entryOf(all, 'hrex:mm-9').requirement.id).toBe('HREX-009')
    expect(entryOf(all, '@CONF-042').guide.key).toBe('cdex')
  })
  it('suggests the nearest ids', () => {
    expect(() => entryOf(all, 'HREX-0009')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('HREX-009') }),
    )
  })
  it('tells everything about one', async () => {
    const text = await said(() => show('HREX-009', { from: 'nowhere' }))
    for (const part of [
      'SHALL mm-9',
      'judged',
      'check ',
      'scenario ',
      'fault ',
      'variant ',
      'sha256',
      'no run has left a record',
    ])
      expect(text).toContain(part)
    const json = JSON.parse(await said(() => show('X-TB-08', { from: 'nowhere', json: true }))) as Record<
      string,
      unknown
    >
    expect(json).toMatchObject({
      state: 'not yet',
      because: 'Its flow (TB) is not played yet.',
      checks: [],
      faults: [],
    })
  })
})

describe('diff', () => {
  const between = (from: string, to: string) => difference(all, editionOf(from), editionOf(to))

  it('says what is new, gone, and at another level', () => {
    const found = between('pdex@2.1.0', 'pdex@2.2.0')
    const ids = (part: keyof typeof found): string[] => found[part].map(({ entry }) => entry.requirement.id)
    expect(ids('added')).toEqual(expect.arrayContaining(['PDEX-108', 'PDEX-132']))
    expect(ids('removed')).toEqual(expect.arrayContaining(['PDEX-133', 'PDEX-277']))
    expect(found.changed.find(({ entry }) => entry.requirement.id === 'PDEX-101')).toMatchObject({
      from: 'MAY',
      to: 'SHALL',
    })
    expect(rerunTags(found)).toMatch(/^@[A-Z]+-\d+( or @[A-Z]+-\d+)+$/)
    expect(rerunTags(found)).toContain('@PDEX-132')
  })
  it('is the other way round the other way round', () => {
    const [there, back] = [between('cdex@2.1.0', 'cdex@3.0.0-ballot'), between('cdex@3.0.0-ballot', 'cdex@2.1.0')]
    expect(back.added).toHaveLength(there.removed.length)
    expect(back.removed).toHaveLength(there.added.length)
    expect(back.changed).toHaveLength(there.changed.length)
  })
  it('finds nothing between an edition and itself', () => {
    const { added, removed, changed, rekeyed } = between('hrex@1.2.0', 'hrex@1.2.0')
    expect([added, removed, changed, rekeyed].flat()).toEqual([])
  })
  it('knows the editions of Formulary', () => {
    const { added } = between('formulary@2.0.1', 'formulary@2.1.0')
    expect(added.map(({ entry }) => entry.requirement.id)).toEqual(['FORM-073', 'FORM-082', 'FORM-085', 'FORM-102'])
  })
})

describe('matrix', () => {
  it('has a row for each statement, judged exactly when it has checks and scenarios in an edition that is played', async () => {
    const { rows, guides } = await matrixOf(all)
    expect(rows).toHaveLength(1292)
    expect(guides.map(({ key }) => key)).toContain('atr')
    const wrong = rows.filter(
      ({ state, checks, scenarios }) => state === 'judged' && (checks.length === 0 || scenarios === 0),
    )
    expect(wrong).toEqual([])
    expect(rows.filter(({ state, because }) => (state === 'judged') !== (because === undefined))).toEqual([])
  })
  it('says where there is no run', async () => {
    await expect(runAt('nowhere')).rejects.toMatchObject({ code: 'file-trouble' })
  })
})
