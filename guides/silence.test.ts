/** Where nothing was said no check has anything to say: none passes, and none blames anybody. */
import { expect, it } from 'vitest'
import { verdictOf } from '../harness/check.ts'
import { Transcript } from '../harness/transcript.ts'
import { editionSets } from './editions.ts'
import { guides } from './index.ts'
import { anaScene } from './told/story.ts'

const checks = guides.flatMap((guide) => guide.checks)

it.each(editionSets.map((editions) => ({ ...editions, editions })))('under PDex $pdex', ({ editions }) => {
  const scene = { ...anaScene({}), editions }
  const talkative = checks.filter((check) => verdictOf(check, new Transcript(), scene).code !== 'skip')
  expect(checks.length).toBeGreaterThan(500)
  expect(talkative.map(({ id }) => id)).toEqual([])
})
