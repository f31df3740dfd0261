/** The features and the sentences hold together: every sentence is defined once, every tag is in the ledger, and the words stay few. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { requirementsById } from '../guides/catalogue.ts'
import { guides } from '../guides/index.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const files = (folder: string, ending: string): string[] =>
  readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(home, folder, file), 'utf8'))

const features = files('features', '.feature')
const tags = [...new Set(features.flatMap((text) => text.match(/@[A-Z]+-\d+/g) ?? []))].map((tag) => tag.slice(1))

describe('the vocabulary', () => {
  it('stays small enough to own', () => {
    const sentences = files('steps', '.steps.ts').flatMap((text) => text.match(/^(?:Given|When|Then)\(/gm) ?? [])
    expect(sentences.length).toBeGreaterThan(20)
    expect(sentences.length).toBeLessThan(120)
  })

  it('tags nothing that the ledger does not know', () => {
    expect(tags.filter((tag) => !requirementsById.has(tag))).toEqual([])
  })

  it('plays every statement that has a check', () => {
    const judged = new Set(guides.flatMap((guide) => guide.checks).map((check) => check.requirement))
    expect([...judged].filter((id) => !tags.includes(id))).toEqual([])
  })

  it('tags scenarios and never features', () => {
    const onFeatures = features.filter((text) => /@[A-Z]+-\d+[^\n]*\n(?:\s*@[^\n]*\n)*\s*Feature:/.test(text))
    expect(onFeatures).toEqual([])
  })
})
