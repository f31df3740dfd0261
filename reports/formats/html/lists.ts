/** The lists of report.html: requirements and scenarios, with the forms that filter them. All text is escaped here. */
import { editionsText } from '../../../harness/edition.ts'
import type { Requirement } from '../../../harness/requirement.ts'
import type { VerdictCode } from '../../../harness/verdict.ts'
import { safe } from '../../diagram.ts'
import { flowName, flowOf, flowOrder } from '../../flow-names.ts'
import { codes, type JudgedRequirement, type PlayedScenario, type Tally, tally } from '../../run.ts'
import { standings } from '../../standing.ts'
import { duration, exampleBeside, shortEdition } from '../../wording.ts'
import type { Material } from '../format.ts'
import { filterForm, type Toggle } from './filter-form.ts'
import { badge, icon } from './signs.ts'

export function requirementList({ sums, requirements }: Material): string {
  const judged = new Map(sums.judged.map((one) => [one.id, one]))
  const rest = standings(requirements, sums).filter(({ code }) => code === undefined)
  const there = new Set([
    ...sums.judged.map(({ flow }) => flow),
    ...rest.map(({ requirement }) => flowOf(requirement.flow)),
  ])
  const flows = [...new Set([...flowOrder, ...there])].filter((flow) => there.has(flow))
  const groups = flows.map((flow) => {
    const rows = [
      ...[...judged.values()].filter((one) => one.flow === flow).map(judgedRow),
      ...rest
        .filter(({ requirement }) => flowOf(requirement.flow) === flow)
        .map(({ requirement, reason }) => unjudgedRow(requirement, reason ?? '')),
    ]
    return `<section class="group"><h3>${safe(flowName(flow))}</h3>${rows.join('')}</section>`
  })
  const levels = [...new Set([...sums.judged.map(({ level }) => level), ...requirements.map(({ level }) => level)])]
  return `<section class="view" id="requirements" aria-labelledby="requirements-title"><h2 class="view-title" id="requirements-title" tabindex="-1">Requirements</h2>
${filterForm('requirements', 'words or ids', verdictToggle([...codes, 'none']), {
  flow: flows.map((flow) => [flow, flowName(flow)]),
  level: levels.map((level) => [level, level]),
  edition: sums.byEdition.map(({ name }) => [name, name]),
  actor: [...new Set(requirements.map(({ actor }) => actor))]
    .sort()
    .map((actor) => [actor, actor.replaceAll('-', ' ')]),
})}
${groups.join('')}<p class="nothing" hidden>Nothing fits these filters.</p></section>`
}

function judgedRow({ id, requirement, level, flow, code, verdicts }: JudgedRequirement): string {
  const counts = tally(verdicts.map(({ verdict }) => verdict.code))
  const editions = [...new Set(verdicts.map(({ scenario }) => editionsText(scenario.line.editions)))]
  const groups = new Map<string, string>()
  for (const { scenario, verdict } of verdicts) {
    if (verdict.code === 'pass') continue
    const finding = verdict.findings[0]
    const key = `${verdict.code}${finding?.message}`
    if (!groups.has(key))
      groups.set(
        key,
        `<li>${badge(verdict.code)} <a href="#${scenario.id}${finding?.exchange ? `-${safe(finding.exchange)}` : ''}">${scenario.id}</a> ${safe(finding?.message ?? verdict.title)}</li>`,
      )
  }
  return `<details class="row req" id="${safe(id)}" data-verdict="${code}" data-level="${level}" data-flow="${safe(flow)}" data-actor="${safe(requirement?.actor ?? '')}" data-edition="${safe(editions.join('|'))}">
<summary>${badge(code)}<span class="id">${safe(id)}</span><span class="level">${level}</span><span class="says">${safe(requirement?.statement ?? verdicts[0]?.verdict.title ?? '')}</span><span class="counts">${small(counts)}</span></summary>
<div class="more">${requirement ? guideLine(requirement) : '<p class="soft">The catalogue at hand does not list it.</p>'}<ul class="plain static">${[...groups.values()].join('')}</ul></div></details>`
}

const unjudgedRow = (requirement: Requirement, reason: string): string =>
  `<details class="row req" id="${safe(requirement.id)}" data-verdict="none" data-level="${requirement.level}" data-flow="${safe(flowOf(requirement.flow))}" data-actor="${safe(requirement.actor)}" data-edition="">
<summary><span class="badge is-none">${icon('none')}<span>not judged</span></span><span class="id">${safe(requirement.id)}</span><span class="level">${requirement.level}</span><span class="says">${safe(requirement.statement)}</span><span class="counts"></span></summary>
<div class="more"><p>${safe(reason)}</p>${guideLine(requirement)}</div></details>`

const guideLine = (r: Requirement): string =>
  `<p class="guide"><a href="${safe(safeUrl(r.url))}" target="_blank" rel="noopener noreferrer">${safe(r.guide)}, ${safe(r.where)}</a> <span class="soft">${safe(r.actor.replaceAll('-', ' '))}, editions ${safe(r.versions)}</span></p>${r.observation === 'n/a' ? '' : `<p class="soft">Seen by: ${safe(r.observation)}</p>`}`

/** Only what opens a page may be a link. */
export const safeUrl = (url: string): string => (/^https?:\/\//i.test(url) ? url : '#')

const small = (counts: Tally): string =>
  codes
    .filter((code) => counts[code] > 0)
    .map(
      (code) =>
        `<span class="is-${code}" title="${counts[code]} ${code}">${icon(code)}${counts[code]}<span class="away"> ${code}</span></span>`,
    )
    .join('')

export function scenarioList({ run, sums }: Material): string {
  const judged = new Map(sums.judged.map(({ id, flow }) => [id, flow]))
  const groups = sums.byFeature.map(({ name, uri }) => {
    const rows = run.scenarios.filter(({ line }) => line.uri === uri).map((scenario) => scenarioRow(scenario, judged))
    return `<section class="group"><h3>${safe(name)} <small>${safe(uri)}</small></h3><ul class="rows">${rows.join('')}</ul></section>`
  })
  const actors = [...new Set(run.scenarios.flatMap((scenario) => scenario.actors))].sort()
  return `<section class="view" id="scenarios" aria-labelledby="scenarios-title"><h2 class="view-title" id="scenarios-title" tabindex="-1">Scenarios</h2>
${filterForm('scenarios', 'words, ids, or anything that was sent', verdictToggle(codes), {
  flow: [...new Set(sums.judged.map(({ flow }) => flow))].map((flow) => [flow, flowName(flow)]),
  level: [...new Set(sums.judged.map(({ level }) => level))].map((level) => [level, level]),
  edition: sums.byEdition.map(({ name }) => [name, name]),
  actor: actors.map((actor) => [actor, actor]),
  feature: [...new Set(sums.byFeature.map(({ name }) => name))].map((name) => [name, name]),
})}
${groups.join('')}<p class="nothing" hidden>Nothing fits these filters.</p></section>
<section class="view" id="scenario" aria-labelledby="scenario-title" hidden></section>`
}

function scenarioRow(scenario: PlayedScenario, flows: ReadonlyMap<string, string>): string {
  const { id, line, code, reason, milliseconds, verdicts, actors } = scenario
  const counts = tally(verdicts.map(({ verdict }) => verdict.code))
  const of = (what: readonly string[]): string => safe([...new Set(what)].join('|'))
  const ids = verdicts.map(({ verdict }) => verdict.requirement)
  return `<li class="row" data-id="${id}" data-verdict="${code}" data-flow="${of(ids.map((one) => flows.get(one) ?? ''))}" data-level="${of(verdicts.map(({ verdict }) => verdict.verb))}" data-edition="${safe(editionsText(line.editions))}" data-actor="${of(actors)}" data-feature="${safe(line.feature)}" data-ids="${of(ids)}"><a href="#${id}">${badge(code)}<span class="says">${safe(line.name)}${exampleBeside(line) ? ` <span class="example">${safe(exampleBeside(line))}</span>` : ''}${reason ? ` <span class="soft">${safe(reason)}</span>` : ''}</span><span class="edition">${safe(shortEdition(line.editions))}</span><span class="counts">${small(counts)}</span><span class="took">${duration(milliseconds)}</span></a></li>`
}

/** The five verdicts, and what has none. */
const verdictToggle = (values: readonly (VerdictCode | 'none')[]): Toggle => ({
  name: 'verdict',
  values: values.map((code) => ({ value: code, text: code === 'none' ? 'not judged' : code, sign: code })),
})
