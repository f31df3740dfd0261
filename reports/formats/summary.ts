/** summary.json: the sums of the run, every requirement with its verdict, every finding with its place; for scripts. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findingGroups, placeId } from '../findings.ts'
import { tally } from '../run.ts'
import { headline } from '../wording.ts'
import type { Format, Material } from './format.ts'

export const summary: Format = {
  name: 'json',
  path: 'summary.json',
  about: 'the sums, requirements and findings as JSON',
  begin: (folder) => ({
    end: (material) => writeFile(join(folder, 'summary.json'), `${JSON.stringify(summaryOf(material), null, 2)}\n`),
  }),
}

/** The content of the file. */
export function summaryOf({ run, sums }: Material): object {
  const { line: _, format: __, scenarios: ___, ...facts } = run.line
  return {
    format: 1,
    headline: headline(sums, run.incomplete),
    run: {
      ...facts,
      ...(run.complete ? { finishedAt: run.complete.finishedAt, milliseconds: run.complete.milliseconds } : {}),
    },
    ...(run.incomplete ? { incomplete: run.incomplete } : {}),
    totals: { scenarios: sums.scenarios, requirements: sums.requirements, verdicts: sums.verdicts },
    byFlow: sums.byFlow,
    byLevel: sums.byLevel,
    byEdition: sums.byEdition,
    byFeature: sums.byFeature,
    requirements: sums.judged.map(({ id, requirement, level, flow, code, verdicts }) => ({
      id,
      level,
      flow,
      code,
      ...(requirement ? { statement: requirement.statement, url: requirement.url } : {}),
      verdicts: tally(verdicts.map(({ verdict }) => verdict.code)),
      scenarios: [...new Set(verdicts.map(({ scenario }) => scenario.id))],
    })),
    findings: findingGroups(sums, ['error', 'fail', 'warning', 'skip']).map(({ verdict, finding, places }) => ({
      code: verdict.code,
      requirement: verdict.requirement,
      verb: verdict.verb,
      check: verdict.check,
      title: verdict.title,
      ...(finding ? { message: finding.message } : {}),
      ...(finding?.expected === undefined ? {} : { expected: finding.expected }),
      ...(finding?.actual === undefined ? {} : { actual: finding.actual }),
      ...(finding?.expression ? { expression: finding.expression } : {}),
      places: places.map(placeId),
    })),
    scenarios: run.scenarios.map(({ id, line, code, reason, milliseconds, verdicts }) => ({
      id,
      feature: line.feature,
      uri: line.uri,
      name: line.name,
      ...(line.example ? { example: line.example } : {}),
      editions: line.editions,
      code,
      ...(reason ? { reason } : {}),
      milliseconds,
      verdicts: tally(verdicts.map(({ verdict }) => verdict.code)),
    })),
  }
}
