/**
 * allure-results/: a test result for each scenario and edition, written with allure-js-commons. One transcript for each
 * scenario, kept once when two are the same; history ids stay the same from run to run, so that Allure draws trends.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ContentType, Status } from 'allure-js-commons'
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter'
import { editionsText } from '../../harness/edition.ts'
import { renamePatiently } from '../../harness/rename.ts'
import type { Requirement } from '../../harness/requirement.ts'
import { codes } from '../run.ts'
import { transcriptPage } from '../transcript-page.ts'
import { headline } from '../wording.ts'
import { digest, resultOf } from './allure-result.ts'
import type { Format, Material, Sharing, Writing } from './format.ts'

const name = 'allure-results'

export const allure: Format = {
  name: 'allure',
  path: name,
  about: 'results for Allure 2 and 3; npm run report:allure draws them',
  begin: beginAllure,
  share: shareOf,
}

function beginAllure(folder: string, requirements: readonly Requirement[]): Writing {
  const resultsDir = join(folder, name)
  const begun = partOf(folder)
  const clear = (): void => rmSync(begun, { recursive: true, force: true, maxRetries: 5 })
  rmSync(resultsDir, { recursive: true, force: true, maxRetries: 5 })
  clear()
  const { take } = shareOf(folder, requirements)
  return {
    take,
    end: async (material) => {
      writeAbout(material, new FileSystemWriter({ resultsDir: begun }))
      const { line } = material.run
      const executor = {
        name: `Vitruvian ${line.version}`,
        type: 'vitruvian',
        buildName: line.id,
        reportName: line.title,
      }
      writeFileSync(join(begun, 'executor.json'), JSON.stringify(executor))
      moved(begun, resultsDir)
    },
    abandon: clear,
  }
}

/** Results and transcripts of scenarios. They lie in one folder, whichever process writes them: nothing is left to be joined. */
function shareOf(folder: string, requirements: readonly Requirement[]): Sharing {
  const begun = partOf(folder)
  mkdirSync(begun, { recursive: true })
  // Allure's own writer flushes the disk for each file, which takes longer than the run: it is left the few that it has a form for.
  const write = (file: string, content: string | Uint8Array): void => writeFileSync(join(begun, file), content)
  const urls = new Map(requirements.map(({ id, url }) => [id, url]))
  const transcripts = new Set<string>()
  const seen = new Map<string, number>()
  /** Sets of editions are played side by side: for each time begins with the run. */
  const clocks = new Map<string, number>()
  return {
    take: (scenario, run) => {
      const editions = editionsText(scenario.line.editions)
      const at = clocks.get(editions) ?? Date.parse(run.startedAt)
      clocks.set(editions, at + Math.max(1, scenario.milliseconds))
      const result = resultOf(run, scenario, at, urls)
      // Allure takes two results of one history for tries of the same test and shows the last alone.
      const twin = seen.get(result.historyId as string) ?? 0
      seen.set(result.historyId as string, twin + 1)
      if (twin > 0) {
        result.historyId = digest(`${result.historyId}\0${twin + 1}`).slice(0, 32)
        result.parameters.push({ name: 'played again', value: String(twin + 1) })
      }
      if (scenario.exchanges.length > 0) {
        const page = Buffer.from(transcriptPage(scenario))
        const source = `${digest(page).slice(0, 32)}-attachment.html`
        if (!transcripts.has(source)) write(source, page)
        transcripts.add(source)
        result.attachments.push({ name: 'Transcript', type: ContentType.HTML, source })
      }
      write(`${result.uuid}-result.json`, JSON.stringify(result))
    },
    end: async () => undefined,
  }
}

/** Some of the results might pass for all of them: the folder gets its name when they are written. */
const partOf = (folder: string): string => join(folder, `${name}.part`)

function moved(from: string, to: string): void {
  try {
    renamePatiently(from, to)
  } catch {
    // Where somebody looks into the files just now, as a scanner does, a folder cannot get another name.
    cpSync(from, to, { recursive: true })
    rmSync(from, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What Allure shows beside the results: how they are sorted, and what was judged. */
function writeAbout({ run, sums }: Material, writer: FileSystemWriter): void {
  writer.writeCategoriesDefinitions([
    { name: 'A requirement is not met', matchedStatuses: [Status.FAILED] },
    { name: 'Our own trouble, not counted against the system', matchedStatuses: [Status.BROKEN] },
    { name: 'Not decided', matchedStatuses: [Status.SKIPPED] },
    { name: 'Should be better', matchedStatuses: [Status.PASSED], messageRegex: 'Should be better[\\s\\S]*' },
  ])
  writer.writeEnvironmentInfo({
    Result: headline(sums, run.incomplete),
    Editions: run.line.editions.map(editionsText).join('; '),
    ...Object.fromEntries(
      run.line.seats.map(({ actor, played, base }) => [`Seat of the ${actor}`, base ? `${played}, ${base}` : played]),
    ),
    Scenarios: codes.map((code) => `${sums.scenarios[code]} ${code}`).join(', '),
    Verdicts: codes.map((code) => `${sums.verdicts[code]} ${code}`).join(', '),
    Run: run.line.id,
    Seed: run.line.seed,
    Version: run.line.version,
    Platform: run.line.platform,
    ...(run.incomplete ? { Incomplete: run.incomplete } : {}),
  })
}
