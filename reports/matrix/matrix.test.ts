/** The matrix: every format has every row and the same sums, and hostile text stays text. */
import { expect, it } from 'vitest'
import { matrixHtml } from './html.ts'
import { countStates } from './rows.ts'
import { sampleMatrix } from './sample-matrix.ts'
import { matrixCsv, matrixJson, matrixMarkdown } from './text.ts'

const { rows } = sampleMatrix

it('has every row and the same sums in every format', async () => {
  const json = JSON.parse(matrixJson(sampleMatrix)) as {
    counts: { all: number; byState: Record<string, number> }
    requirements: { id: string; state: string }[]
  }
  const counts = countStates(rows)
  expect(json.counts).toMatchObject({ all: rows.length, byState: counts })
  expect(json.requirements.map(({ id }) => id)).toEqual(rows.map(({ requirement }) => requirement.id))
  expect(matrixCsv(sampleMatrix).trim().split('\r\n')).toHaveLength(rows.length + 1)
  const markdown = matrixMarkdown(sampleMatrix)
  const html = await matrixHtml(sampleMatrix)
  for (const { requirement } of rows) {
    expect(markdown).toContain(`[${requirement.id}](`)
    expect(html).toContain(`id="${requirement.id}"`)
  }
  expect(markdown).toContain(`| **all** | ${counts.judged} | 1 | 0 | 1 | 0 | ${rows.length} |`)
})

it('takes hostile text for text', async () => {
  expect(await matrixHtml(sampleMatrix)).not.toContain('<script>alert')
  expect(matrixMarkdown(sampleMatrix)).toContain('\\| =1+1')
  expect(matrixCsv(sampleMatrix)).toContain('"</script><script>alert(1)</script> | =1+1 ""x"""')
})
