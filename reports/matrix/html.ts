/** The matrix for people: one file that needs nothing else, in the dress of the report. All text is escaped here. */
import { type State, states } from '../../guides/state.ts'
import { majorMinor } from '../../harness/edition.ts'
import { actorsOf } from '../../harness/requirement.ts'
import type { VerdictCode } from '../../harness/verdict.ts'
import { safe } from '../diagram.ts'
import { flowName, flowOf } from '../flow-names.ts'
import { type Choices, filterForm } from '../formats/html/filter-form.ts'
import { framed, keysLine } from '../formats/html/frame.ts'
import { safeUrl } from '../formats/html/lists.ts'
import { badge, icon, levelWords } from '../formats/html/signs.ts'
import { codes } from '../run.ts'
import { count } from '../wording.ts'
import { byLevel, type Counts, countStates, keysText, type Matrix, type MatrixRow } from './rows.ts'

/** A state has the sign and tone of the verdict that is nearest to it, and always its word. */
const signs: Readonly<Record<State, VerdictCode | 'none'>> = {
  judged: 'pass',
  attested: 'warning',
  'not testable': 'none',
  untested: 'error',
  'not yet': 'skip',
}

const meanings: Readonly<Record<State, string>> = {
  judged: 'a check judges it in a scenario',
  attested: 'only a person can show it; the reason stands beside it',
  'not testable': 'nobody can see it; the reason stands beside it',
  untested: 'it could be judged and is not; the reason stands beside it',
  'not yet': 'its flow, or its edition, is not played yet',
}

const chip = (state: State): string =>
  `<span class="badge is-${signs[state]}">${icon(signs[state])}<span>${state}</span></span>`

/** The page as text. */
export const matrixHtml = (matrix: Matrix): Promise<string> =>
  framed({
    title: 'Requirements and what becomes of them · Vitruvian',
    sheets: ['tokens', 'base', 'frame', 'overview', 'lists', 'matrix', 'narrow', 'print', 'forced'],
    script: 'matrix',
    home: '#sums',
    label: 'Matrix',
    nav: [
      ['#sums', 'Sums'],
      ['#matrix', 'Requirements'],
    ],
    noScript:
      'Filters and search need the script of this page, which is switched off. Everything is below all the same.',
    body: `${sums(matrix)}\n${list(matrix)}`,
    footer: `<p>Vitruvian ${safe(matrix.version)}. Statements are in our words; each opens the page of its guide.</p>${keysLine([[['/'], 'search']])}`,
  })

function sums({ guides, rows, run }: Matrix): string {
  const all = countStates(rows)
  const table = (title: string, lines: readonly (readonly [name: string, counts: Counts])[]): string =>
    `<div class="scroll"><table class="sums"><caption>${title}</caption><thead><tr><th scope="col"><span class="away">Name</span></th>${states.map((state) => `<th class="n is-${signs[state]}" scope="col">${icon(signs[state])}<span>${state}</span></th>`).join('')}<th class="n" scope="col">all</th></tr></thead><tbody>${lines
      .map(
        ([name, counts]) =>
          `<tr><th scope="row">${name}</th>${states.map((state) => `<td class="n is-${signs[state]}${counts[state] === 0 ? ' none' : ''}">${counts[state].toLocaleString('en')}</td>`).join('')}<td class="n">${states.reduce((n, state) => n + counts[state], 0).toLocaleString('en')}</td></tr>`,
      )
      .join('')}</tbody></table></div>`
  const link = (name: string, value: string, text: string): string =>
    `<a href="#matrix?${name}=${encodeURIComponent(value)}">${safe(text)}</a>`
  return `<section class="view" id="sums" aria-labelledby="sums-title"><div class="hero"><p class="eyebrow">${count(guides.length, 'guide')}</p>
<h1 id="sums-title" tabindex="-1">${count(rows.length, 'requirement')}, ${all.judged.toLocaleString('en')} of them judged</h1>
<p class="soft">${
    run
      ? `Last verdicts are those of run ${safe(run.id)}, <time datetime="${safe(run.startedAt)}">${safe(run.startedAt.slice(0, 16).replace('T', ' '))} UTC</time>.`
      : 'No run is shown: what a requirement was last found to be is left out.'
  }</p>${run?.incomplete ? `<p class="banner is-error">${icon('error')} <span>That run is incomplete: ${safe(run.incomplete)}.</span></p>` : ''}</div>
<section class="block"><h2>Where it stands</h2>
${table(
  'By guide',
  guides.map(({ key, title, versions }) => [
    `${link('guide', key, title)} <small>${safe(versions.join(', '))}</small>`,
    countStates(rows.filter(({ requirement }) => requirement.guide === key)),
  ]),
)}
${table(
  'By level',
  byLevel(rows).map(({ level, counts }) => [link('level', level, level), counts]),
)}</section>
<section class="block"><h2>What the words mean</h2><dl class="words">${states.map((state) => `<div><dt>${chip(state)}</dt><dd>${meanings[state]}</dd></div>`).join('')}${levelWords}</dl></section></section>`
}

function list({ guides, rows, run }: Matrix): string {
  const each = (values: readonly string[], name = (value: string): string => value): Choices =>
    [...new Set(values)].map((value) => [value, name(value)])
  const all = rows.map(({ requirement }) => requirement)
  const form = filterForm(
    'matrix',
    'words, ids, or keys of the guides',
    { name: 'state', values: states.map((state) => ({ value: state, text: state, sign: signs[state] })) },
    {
      guide: guides.map(({ key, title }) => [key, title]),
      level: each(all.map(({ level }) => level)),
      flow: each(all.map(({ flow }) => flowOf(flow)).sort(), flowName),
      actor: each(all.flatMap((r) => [...actorsOf(r)]).sort(), (actor) => actor.replaceAll('-', ' ')),
      seat: each(all.flatMap(({ seats }) => [...seats]).sort()),
      ...(run ? { verdict: each([...codes, 'no verdict']) } : {}),
    },
  )
  const groups = guides.map(
    ({ key, title, versions }) =>
      `<section class="group"><h3>${safe(title)} <small>${safe(versions.join(', '))}</small></h3>${rows
        .filter(({ requirement }) => requirement.guide === key)
        .map((row) => rowOf(row, run !== undefined))
        .join('')}</section>`,
  )
  return `<section class="view" id="matrix" aria-labelledby="matrix-title"><h2 class="view-title" id="matrix-title" tabindex="-1">Requirements</h2>
${form}
${groups.join('')}<p class="nothing" hidden>Nothing fits these filters.</p></section>`
}

function rowOf(
  { requirement: r, state, because, checks, scenarios, faults, variants, verdict }: MatrixRow,
  run: boolean,
): string {
  const facts: readonly (readonly [name: string, text: string])[] = [
    ['key', keysText(r)],
    ['editions', editionsOf(r.versions, r.levels)],
    ['actor', `${r.actor.replaceAll('-', ' ')}${r.role ? `, ${r.role}` : ''}`],
    ['seen by', r.observation],
    ['not met when', r.negative],
    [
      'proof',
      state === 'judged'
        ? [count(scenarios, 'scenario'), count(faults, 'fault'), count(variants, 'variant')].join(', ')
        : '',
    ],
  ]
  return `<details class="row req" id="${safe(r.id)}" data-state="${state}" data-guide="${r.guide}" data-level="${r.level}" data-flow="${safe(flowOf(r.flow))}" data-actor="${safe(actorsOf(r).join('|'))}" data-seat="${safe(r.seats.join('|'))}"${run ? ` data-verdict="${verdict?.code ?? 'no verdict'}"` : ''}>
<summary>${chip(state)}<span class="id">${safe(r.id)}</span><span class="level">${r.level}</span><span class="says">${safe(r.statement)}</span><span class="counts">${verdict ? badge(verdict.code) : ''}</span></summary>
<div class="more">${because ? `<p>${safe(because)}</p>` : ''}${checks.length > 0 ? `<ul class="plain">${checks.map((title) => `<li>${safe(title)}</li>`).join('')}</ul>` : ''}<p class="guide"><a href="${safe(safeUrl(r.url))}" target="_blank" rel="noopener noreferrer">${safe(r.guide)}, ${safe(r.where)}</a></p><dl class="pairs">${facts
    .filter(([, text]) => text !== '' && text !== 'n/a')
    .map(([name, text]) => `<div><dt>${name}</dt><dd>${safe(text)}</dd></div>`)
    .join('')}</dl></div></details>`
}

/** `2.2; SHOULD in 2.1` */
const editionsOf = (note: string, levels: Readonly<Record<string, string>> = {}): string =>
  [note, ...Object.entries(levels).map(([edition, level]) => `${level} in ${majorMinor(edition)}`)].join('; ')
