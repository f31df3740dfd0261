import { availableParallelism } from 'node:os'
import { relative, sep } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What starts other processes, or judges much: seconds, where the others take parts of one. The longest first. */
const long = [
  'cli/separate-process.test.ts',
  'profiles/cases/examples.test.ts',
  'reports/formats/html/page.test.ts',
  'reports/formats/html/reading.test.ts',
  'reports/allure-report.test.ts',
  'proof/sent-resources.test.ts',
  'cli/installed.test.ts',
  'profiles/input/judging.test.ts',
  'profiles/hl7/hl7.test.ts',
  'proof/sameness.test.ts',
  'simulators/fixtures/conformance.test.ts',
  'profiles/compile/sheets.test.ts',
  'harness/sick-answers.test.ts',
  'cli/sources.test.ts',
  'certs/authorities.test.ts',
  'cli/live-reports.test.ts',
  'steps/generated/conformance.test.ts',
  'simulators/faults/retrieval.test.ts',
  'simulators/parts/population.test.ts',
  'profiles/input/input.test.ts',
]

/**
 * What takes long begins first, so that no worker is left alone with it at the end. Vitest knows what took long from an earlier
 * run; a fresh checkout has none, and would go by the size of the files.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const nameOf = ({ moduleId }: TestSpecification): string => relative(this.ctx.config.root, moduleId)
    const known = sorted.some((file) => this.ctx.cache.getFileTestResults(`${file.project.name}:${nameOf(file)}`))
    if (known) return sorted
    const rank = (file: TestSpecification): number => {
      const at = long.indexOf(nameOf(file).split(sep).join('/'))
      return at < 0 ? long.length : at
    }
    return sorted.sort((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    include: ['{bench,certs,cli,flows,guides,harness,profiles,proof,reports,simulators,steps}/**/*.test.ts'],
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one core to itself: on a laptop with two that is half.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
