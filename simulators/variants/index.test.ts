/** The list of variants holds together: unique names, a source each, requirements that exist and have a check, rows that exist. */
import { describe, expect, it } from 'vitest'
import { guides } from '../../guides/index.ts'
import { faults } from '../faults/index.ts'
import { variants } from './index.ts'

const checks = new Set(guides.flatMap((guide) => guide.checks).map(({ requirement }) => requirement))

describe('the list of variants', () => {
  it('names each once, and none like a fault', () => {
    expect(variants.length).toBeGreaterThan(100)
    const ids = variants.map(({ id }) => id)
    const wrong = new Set(faults.map(({ id }) => id))
    expect(ids.filter((id, i) => ids.indexOf(id) !== i || wrong.has(id))).toEqual([])
  })

  it('says what each is, where it is allowed, and does something', () => {
    const idle = variants.filter(({ settings, host, dress, trust }) => !settings && !host && !dress && !trust?.length)
    const unsaid = variants.filter(({ title, source }) => title.length < 10 || source.length < 5)
    expect({ idle, unsaid }).toEqual({ idle: [], unsaid: [] })
  })

  it('comes near requirements that are judged', () => {
    const unjudged = variants.flatMap(({ id, touches, mayWarn = [] }) =>
      [...touches, ...mayWarn].filter((one) => !checks.has(one)).map((one) => `${id}: ${one}`),
    )
    expect(unjudged).toEqual([])
  })
})
