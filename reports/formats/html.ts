/**
 * report.html: one file that needs nothing else, from a disk or a server. What matters can be read without script; its own
 * script adds filters, search and the transcripts. Hostile text stays text: it is escaped, and no script but ours may run.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renamePatiently } from '../../harness/rename.ts'
import { safe } from '../diagram.ts'
import { headline } from '../wording.ts'
import type { Format, Material } from './format.ts'
import { framed, keysLine } from './html/frame.ts'
import { islandsOf, type Part, partsOf, type Shelf } from './html/islands.ts'
import { requirementList, scenarioList } from './html/lists.ts'
import { overview } from './html/overview.ts'

export const html: Format = {
  name: 'html',
  path: 'report.html',
  about: 'the report for people: one file, no request to anywhere',
  begin: (folder) => {
    const { take, join: joined, end } = islandsOf()
    return {
      take,
      join: (share) => joined(share as Shelf),
      end: async (material) =>
        writeWhole(join(folder, 'report.html'), await reportHtml(material, await partsOf(await end(), material))),
    }
  },
  share: () => islandsOf(),
}

/** Half a page might pass for a whole one: it gets its name when it is written. */
async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.part`
  try {
    await writeFile(part, text)
    renamePatiently(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** The page as text. */
function reportHtml(material: Material, parts: readonly Part[]): Promise<string> {
  const { run, sums } = material
  const islands = parts.map(({ id, text }) => `<script type="text/plain" id="part-${id}">${text}</script>`)
  const note = run.line.synthetic
    ? undefined
    : material.peopleShown
      ? 'This report shows personal data of members. It is for the tester alone, not for sharing.'
      : 'Personal data of members was masked, for the system under test may hold real people. The record beside this report was not.'
  return framed({
    title: `${headline(sums, run.incomplete)} ${run.line.title} · Vitruvian`,
    sheets: [
      'tokens',
      'base',
      'frame',
      'overview',
      'lists',
      'scenario',
      'sequence',
      'transcript',
      'narrow',
      'print',
      'forced',
    ],
    script: 'main',
    home: '#overview',
    label: 'Report',
    nav: [
      ['#overview', 'Overview'],
      ['#requirements', 'Requirements'],
      ['#scenarios', 'Scenarios'],
    ],
    noScript:
      'The transcripts, filters and search of this report need its own script, which is switched off. Everything else is below.',
    body: `${overview(material, note)}\n${requirementList(material)}\n${scenarioList(material)}`,
    footer: `<p>Vitruvian ${safe(run.line.version)}, run ${safe(run.line.id)}. Secrets and tokens are masked; equal placeholders are equal secrets.</p>${keysLine(
      [
        [['/'], 'search'],
        [['j', 'k'], 'next and previous scenario'],
        [['o'], 'overview'],
      ],
    )}`,
    islands: islands.join('\n'),
  })
}
