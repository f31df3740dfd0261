/** The overview of report.html: sums, what is not met, what was not decided. All text is escaped here. */
import { editionsText } from '../../../harness/edition.ts'
import type { Requirement } from '../../../harness/requirement.ts'
import type { Finding, VerdictCode } from '../../../harness/verdict.ts'
import { safe } from '../../diagram.ts'
import { type FindingGroup, findingGroups, type Place, placeId } from '../../findings.ts'
import { flowName, flowOf } from '../../flow-names.ts'
import { codes, type RollUp, type Row, type Run, sum, type Tally } from '../../run.ts'
import { unjudgedBecause } from '../../standing.ts'
import { count, duration, headline, meanings, scenarioTitle, shortEdition, valueText } from '../../wording.ts'
import type { Material } from '../format.ts'
import { badge, bar, icon, levelWords } from './signs.ts'

export function overview({ run, sums, requirements }: Material, note?: string): string {
  const unmet = findingGroups(sums, ['fail'])
  const trouble = findingGroups(sums, ['error'])
  const id = safe(run.scenarios[0]?.id ?? 's1')
  return `<section class="view" id="overview" aria-labelledby="overview-title">
${heading(run, sums, note)}
<div class="tallies">${tallyCard('Scenarios', sums.scenarios, 'scenarios')}${tallyCard('Requirements', sums.requirements, 'requirements')}${tallyCard('Verdicts', sums.verdicts)}</div>
${factsOf(run)}
${cards('What is not met', 'unmet', unmet, run)}${cards('Our own trouble, counted against nobody', 'trouble', trouble, run)}
<section class="block" aria-labelledby="sums-title"><h2 id="sums-title">Where it stands</h2>
${table('By flow', sums.byFlow, (row) => `<a href="#requirements?flow=${encodeURIComponent(row.name)}">${safe(flowName(row.name))}</a>${flowName(row.name) === row.name ? '' : ` <small>${safe(row.name)}</small>`}`)}
${table('By level', sums.byLevel, (row) => `<a href="#requirements?level=${encodeURIComponent(row.name)}">${safe(row.name)}</a>`)}
${table('By edition', sums.byEdition, (row) => `<a href="#scenarios?edition=${encodeURIComponent(row.name)}">${safe(row.name)}</a>`)}
${table(
  'By feature',
  sums.byFeature.map((one) => ({ name: one.name, verdicts: one.scenarios, requirements: one.scenarios })),
  (row) => `<a href="#scenarios?feature=${encodeURIComponent(row.name)}">${safe(row.name)}</a>`,
  'scenarios',
)}
</section>
${cards('What should be better', 'better', findingGroups(sums, ['warning']), run)}${undecided(run, sums)}${coverage(requirements, sums)}
<section class="block" aria-labelledby="words-title"><h2 id="words-title">What the words mean</h2><dl class="words">${codes.map((code) => `<div><dt>${badge(code)}</dt><dd>${meanings[code]}</dd></div>`).join('')}${levelWords}
<div><dt>ids</dt><dd><span class="id">${id}</span> is a scenario of this run, <span class="id">${id}-x3</span> the third exchange in it: what was asked, what was answered, and how to repeat it</dd></div>
<div><dt>oracle</dt><dd>looks at every scenario, whatever it is about: for data in hands that have no right to it, and for ways to the same data that disagree</dd></div></dl></section>
</section>`
}

function heading(run: Run, sums: RollUp, note?: string): string {
  return `<div class="hero"><p class="eyebrow">${safe(run.line.title)}</p>
<h1 id="overview-title" tabindex="-1">${safe(headline(sums, run.incomplete))}</h1>
${run.incomplete ? `<p class="banner is-error">${icon('error')} <span>This report is incomplete: ${safe(run.incomplete)}.</span></p>` : ''}
${note ? `<p class="banner is-warning">${icon('warning')} <span>${safe(note)}</span></p>` : ''}</div>`
}

/** When, by what, against whom. */
function factsOf({ line, complete }: Run): string {
  const seats = line.seats.map(
    ({ actor, played, base }) =>
      `<li>${safe(actor)} <span class="soft">${played}${base ? `, ${safe(base)}` : ''}</span></li>`,
  )
  const took = complete ? `, ${duration(complete.milliseconds)}` : ''
  return `<dl class="facts">
<div><dt>Played</dt><dd><time datetime="${safe(line.startedAt)}">${safe(line.startedAt.slice(0, 16).replace('T', ' '))} UTC</time>${took}</dd></div>
<div><dt>Judged by</dt><dd><ul>${line.editions.map((editions) => `<li>${safe(editionsText(editions))}</li>`).join('')}</ul></dd></div>
<div><dt>Seats</dt><dd><ul>${seats.join('')}</ul></dd></div>
<div><dt>Run</dt><dd>${safe(line.id)} <span class="soft">seed ${safe(line.seed)}, Vitruvian ${safe(line.version)}, ${safe(line.platform)}${line.plan ? `, plan ${safe(line.plan)}` : ''}</span></dd></div>
</dl>`
}

const tallyCard = (name: string, counts: Tally, view?: string): string =>
  `<div class="tally" role="group" aria-label="${name}"><h2><span class="big">${sum(counts).toLocaleString('en')}</span> ${name.toLowerCase()}</h2>${bar(counts)}<ul>${codes
    .map((code) => {
      const words = `${icon(code)}<b>${counts[code].toLocaleString('en')}</b> ${code}`
      return `<li class="is-${code}${counts[code] === 0 ? ' none' : ''}">${view && counts[code] > 0 ? `<a href="#${view}?verdict=${code}">${words}</a>` : `<span>${words}</span>`}</li>`
    })
    .join('')}</ul></div>`

function table(title: string, rows: readonly Row[], name: (row: Row) => string, of = 'verdicts'): string {
  if (rows.length === 0) return ''
  const cell = (counts: Tally, code: VerdictCode): string =>
    `<td class="n is-${code}${counts[code] === 0 ? ' none' : ''}">${counts[code].toLocaleString('en')}</td>`
  return `<div class="scroll"><table class="sums"><caption>${title} <small>${of}</small></caption><thead><tr><th scope="col"><span class="away">Name</span></th><th class="wide" scope="col"><span class="away">Share</span></th>${codes.map((code) => `<th class="n is-${code}" scope="col">${icon(code)}<span>${code}</span></th>`).join('')}</tr></thead><tbody>${rows
    .map(
      (row) =>
        `<tr><th scope="row">${name(row)}</th><td class="wide">${bar(row.verdicts)}</td>${codes.map((code) => cell(row.verdicts, code)).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>`
}

/** The first of many stand open, the rest are folded. */
function cards(title: string, id: string, groups: readonly FindingGroup[], { line }: Run): string {
  if (groups.length === 0) return ''
  const shown = 15
  const card = (group: FindingGroup): string => findingCard(group, line.editions.length > 1)
  const rest = groups.slice(shown)
  const folded =
    rest.length > 0
      ? `<details class="rest"><summary>${count(rest.length, 'more finding')}</summary>${rest.map(card).join('')}</details>`
      : ''
  return `<section class="block" aria-labelledby="${id}-title"><h2 id="${id}-title">${title} <span class="number">${count(groups.length, 'finding')}</span></h2><div class="panel">${groups.slice(0, shown).map(card).join('')}${folded}</div></section>`
}

function findingCard({ judged, verdict, finding, places }: FindingGroup, several: boolean): string {
  const shown = places.slice(0, 6)
  const left = places.length - shown.length
  const more = left > 0 ? ` and <a href="#${safe(verdict.requirement)}">${left} more</a>` : ''
  return `<article class="finding is-${verdict.code}"><h3>${badge(verdict.code)} <a class="req" href="#${safe(verdict.requirement)}">${safe(verdict.requirement)}</a> <span class="level">${verdict.verb}</span> <span>${safe(verdict.title)}</span></h3>
${finding ? `<p class="message">${safe(finding.message)}</p>${values(finding)}` : ''}
<p class="where"><span class="soft">${safe(flowName(judged.flow))}. Seen in</span> ${placesText(shown, several)}${more}</p></article>`
}

/** Scenarios of one name are told together; the edition goes along where there are several. */
function placesText(places: readonly Place[], several: boolean): string {
  const named = new Map<string, string[]>()
  for (const place of places) {
    const title = scenarioTitle(place.scenario.line)
    const edition = several ? ` <span class="soft">${safe(shortEdition(place.scenario.line.editions))}</span>` : ''
    const link = `<a href="#${placeId(place)}">${placeId(place)}</a>${edition}`
    named.set(title, [...(named.get(title) ?? []), link])
  }
  return [...named].map(([title, links]) => `${safe(title)} (${links.join(', ')})`).join('; ')
}

const longestValue = 400
function values(finding: Finding): string {
  const row = (label: string, value: unknown): string => {
    if (value === undefined) return ''
    const text = valueText(value)
    return `<div><dt>${label}</dt><dd><code>${safe(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text)}</code></dd></div>`
  }
  const rows = row('Expected', finding.expected) + row('Found', finding.actual) + row('At', finding.expression)
  return rows ? `<dl class="values">${rows}</dl>` : ''
}

/** What was not decided, by its reason: the reader sees at once whether it matters. */
function undecided(run: Run, sums: RollUp): string {
  const reasons = new Map<string, { ids: Set<string>; places: string[] }>()
  for (const { verdict, finding, places } of findingGroups(sums, ['skip'])) {
    const reason = finding?.message ?? 'no reason was given'
    const here = reasons.get(reason) ?? { ids: new Set(), places: [] }
    here.ids.add(verdict.requirement)
    here.places.push(...places.map(placeId))
    reasons.set(reason, here)
  }
  const unplayed = run.scenarios.filter(
    ({ code, reason, verdicts }) => code === 'skip' && reason && verdicts.length === 0,
  )
  if (reasons.size === 0 && unplayed.length === 0) return ''
  const row = (reason: string, ids: readonly string[], places: readonly string[]): string =>
    `<li><span>${safe(reason)}</span> <span class="soft">${ids.map((id) => `<a href="#${safe(id)}">${safe(id)}</a>`).join(' ')}${ids.length ? ', ' : ''}${count(places.length, 'time')}, first in <a href="#${places[0]}">${places[0]}</a></span></li>`
  return `<section class="block" aria-labelledby="skip-title"><h2 id="skip-title">Not decided</h2><ul class="plain">${[...reasons].map(([reason, { ids, places }]) => row(reason, [...ids], places)).join('')}${unplayed.map(({ id, reason }) => row(reason as string, [], [id])).join('')}</ul></section>`
}

/** How much of the catalogue the run could speak about. What is unknown is said, never counted as met. */
function coverage(requirements: readonly Requirement[], sums: RollUp): string {
  if (requirements.length === 0) return ''
  const judged = new Set(sums.judged.map(({ id }) => id))
  const flows = [...new Set(sums.judged.map(({ flow }) => flow))]
  const rows = flows.flatMap((flow) => {
    const here = requirements.filter((one) => flowOf(one.flow) === flow)
    if (here.length === 0) return []
    const of = (what: string): number =>
      here.filter((one) => !judged.has(one.id) && unjudgedBecause(one) === what).length
    const cells = [
      here.filter(({ id }) => judged.has(id)).length,
      of('untested'),
      of('attestation'),
      of('not testable'),
      of('not played'),
    ]
    return `<tr><th scope="row">${safe(flowName(flow))}</th>${[here.length, ...cells].map((n) => `<td class="n${n === 0 ? ' none' : ''}">${n}</td>`).join('')}</tr>`
  })
  return `<section class="block" aria-labelledby="cover-title"><h2 id="cover-title">How much of the guides was judged</h2><p class="soft">Statements of the flows above, in every edition. <a href="#requirements?verdict=none">Those without a verdict, and why</a></p><div class="scroll" tabindex="0" role="group" aria-labelledby="cover-title"><table class="sums cover"><thead><tr><th scope="col">Flow</th><th class="n" scope="col">statements</th><th class="n" scope="col">judged</th><th class="n" scope="col">no check yet</th><th class="n" scope="col">attested by people</th><th class="n" scope="col">not testable</th><th class="n" scope="col">not played</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`
}
