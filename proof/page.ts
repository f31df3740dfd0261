/**
 * proof.html: one file that needs nothing else and has no script, in the dress of the report. All text is escaped here.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { Requirement } from '../harness/requirement.ts'
import type { VerdictCode } from '../harness/verdict.ts'
import { safe } from '../reports/diagram.ts'
import { icon, symbols } from '../reports/formats/html/signs.ts'
import { count } from '../reports/wording.ts'
import { home } from '../steps/play.ts'
import type { Row } from './matrix.ts'
import type { Proof } from './prove.ts'
import type { Catch, State } from './trial.ts'

const sheets = ['tokens', 'base', 'frame', 'overview', 'lists', 'narrow', 'print', 'forced']
/** What the report's sheets do not know: rows that open, and their fine print. */
const own = `#sums .sums .n { padding-left: 1.125rem; white-space: nowrap }
@media (max-width:43.75em){#sums .sums .n{white-space:normal;padding-left:0.5rem}}
.trial>summary{display:grid;grid-template-columns:6.5rem minmax(0,1fr) auto;gap:0.25rem 0.875rem;padding:0.5625rem 0.5rem;align-items:baseline}
.trial{border-bottom:1px solid var(--line)}.trial[open]>summary{background:var(--tint)}.trial .more{padding:0.375rem 0.5rem 1.125rem 9rem;font-size:0.875rem;display:grid;gap:0.5rem}
.trial .more li{padding:0.25rem 0;overflow-wrap:anywhere}.state{display:inline-flex;gap:0.375rem;align-items:center;color:var(--tone);font-weight:550}
.columns{columns:3 22em;column-gap:1.75rem;font-size:0.875rem}.columns li{break-inside:avoid;padding:0.125rem 0;overflow-wrap:anywhere}
.sums td,.sums th{overflow-wrap:anywhere}@media (max-width:43.75em){.trial>summary{grid-template-columns:1fr}.trial .more{padding-left:0.5rem}}`

/** A table that may be wider than a phone, in a box that the keyboard can scroll. */
const boxed = (label: string, table: string): string =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${label}">${table}</div>`

const words: Readonly<Record<State, { readonly code: VerdictCode; readonly word: string }>> = {
  caught: { code: 'pass', word: 'caught' },
  quiet: { code: 'pass', word: 'quiet' },
  masked: { code: 'skip', word: 'masked' },
  survived: { code: 'fail', word: 'survived' },
  alarm: { code: 'error', word: 'alarm' },
}

/** The page as text. `statements`: what a requirement says, by its id. */
export async function proofHtml(proof: Proof, statements: ReadonlyMap<string, Requirement>): Promise<string> {
  const sheet = (name: string): string =>
    readFileSync(join(home, 'reports', 'formats', 'html', 'styles', `${name}.css`), 'utf8')
  const { code } = await transform([...sheets.map(sheet), own].join('\n'), {
    loader: 'css',
    minify: true,
    target: 'chrome111',
    charset: 'utf8',
  })
  const style = code.trim()
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${safe(title(proof))} · Vitruvian proof</title>
<style>${style}</style>
</head>
<body>
${symbols}
<a class="skip" href="#main">Skip to the proof</a>
<header class="top"><span class="brand">Vitruvian</span><nav aria-label="Proof"><a href="#sums">Sums</a><a href="#trials">Trials</a><a href="#requirements">Requirements</a><a href="#loose">Loose ends</a></nav></header>
<main id="main" tabindex="-1">
<div class="hero"><p class="eyebrow">Can the checks fail?</p><h1>${safe(title(proof))}</h1>
<p class="soft">Seed ${safe(proof.seed)}. ${count(proof.scenarios, 'scenario')} played without a fault, and ${count(proof.rows.length, 'trial')} with something wrong or otherwise. ${
    proof.all
      ? 'Every scenario that reaches a faulty part was played.'
      : 'Each trial ended when every requirement that it names had been found unmet.'
  }${proof.whole ? '' : ' Not everything was tried: this is a part of the proof.'}</p></div>
${wrongs(proof)}
${sums(proof)}
${trials(proof)}
${byRequirement(proof, statements)}
${looseEnds(proof)}
</main>
</body>
</html>
`
}

/** What matters most, in one sentence. */
function title({ counts, alarms, rows }: Proof): string {
  const wolves = counts.alarm + (alarms.length > 0 ? 1 : 0)
  const pairs = rows.filter(({ kind }) => kind === 'pair').length
  const singles = rows.filter(({ kind }) => kind === 'fault' || kind === 'client fault').length
  const faults = [several(singles, 'fault'), pairs > 0 ? several(pairs, 'pair') : ''].filter(Boolean).join(' and ')
  const parts = [
    counts.survived > 0 ? `${counts.survived} of ${faults} survived` : `All caught: ${faults}`,
    wolves > 0 ? `${wolves} false alarms` : 'no false alarm',
  ]
  return parts.join(', ')
}

const several = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

const sign = (state: State): string =>
  `<span class="state is-${words[state].code}">${icon(words[state].code)}<span>${words[state].word}</span></span>`

function wrongs({ rows, alarms }: Proof): string {
  const wrong = rows.filter(({ state }) => state === 'survived' || state === 'alarm')
  const honest = alarms.map(
    ({ scenario, check, code, message }) =>
      `<li><b>${safe(code)}</b> <code>${safe(check)}</code> without any fault in ${safe(scenario)}: ${safe(message)}</li>`,
  )
  if (wrong.length + honest.length === 0) return ''
  return `<section class="block" aria-labelledby="wrong"><h2 id="wrong">What is wrong</h2>
${honest.length > 0 ? `<ul class="plain">${honest.join('')}</ul>` : ''}<div class="rows">${wrong.map((row) => trial(row, true)).join('')}</div></section>`
}

function sums({ kills, levels, counts, rows }: Proof): string {
  const kinds = (['fault', 'client fault', 'pair', 'variant'] as const).map((kind) => {
    const here = rows.filter((row) => row.kind === kind)
    const good = here.filter(({ state }) => state !== 'survived' && state !== 'alarm').length
    return `<tr><th scope="row">${kind}s</th><td class="n">${here.length}</td><td class="n">${good}</td><td class="n">${here.length - good}</td></tr>`
  })
  return `<section class="block" id="sums" aria-labelledby="sums-title"><h2 id="sums-title">Sums</h2>
${boxed('Trials', `<table class="sums"><caption>Trials${counts.masked > 0 ? ` <small>${counts.masked} pairs in which one fault keeps the other from showing</small>` : ''}</caption><thead><tr><td></td><th scope="col" class="n">tried</th><th scope="col" class="n">as wanted</th><th scope="col" class="n">not</th></tr></thead><tbody>${kinds.join('')}</tbody></table>`)}
${boxed(
  'Kills by level',
  `<table class="sums"><caption>Kills by level <small>a fault for each requirement that it names</small></caption><thead><tr><td></td><th scope="col" class="n">caught</th><th scope="col" class="n">of</th><th scope="col" class="n">share</th></tr></thead><tbody>${kills
    .map(
      ({ level, caught, of }) =>
        `<tr><th scope="row">${safe(level)}</th><td class="n">${caught}</td><td class="n">${of}</td><td class="n">${((100 * caught) / of).toFixed(1)} %</td></tr>`,
    )
    .join('')}</tbody></table>`,
)}
${boxed(
  'Automatic requirements',
  `<table class="sums"><caption>Automatic requirements by level and state</caption><thead><tr><td></td><th scope="col" class="n">proven</th><th scope="col" class="n">a fault survived</th><th scope="col" class="n">judged, no fault</th><th scope="col" class="n">not judged yet</th></tr></thead><tbody>${levels
    .map(
      ({ level, proven, survived, noFault, notJudged }) =>
        `<tr><th scope="row">${safe(level)}</th><td class="n">${proven}</td><td class="n">${survived}</td><td class="n">${noFault}</td><td class="n">${notJudged}</td></tr>`,
    )
    .join('')}</tbody></table>`,
)}</section>`
}

const trials = ({ rows }: Proof): string =>
  `<section class="block" id="trials" aria-labelledby="trials-title"><h2 id="trials-title">Trials <small>which scenario and check caught what</small></h2><div class="rows">${rows.map((row) => trial(row)).join('')}</div></section>`

function trial({ id, kind, title, state, missed, caught, misplaced, collateral, played }: Row, open = false): string {
  const list = (name: string, catches: readonly Catch[]): string =>
    catches.length === 0
      ? ''
      : `<div><h3>${name}</h3><ul>${catches
          .map(
            ({ requirement, check, code, scenario, pointing, message }) =>
              `<li><b>${safe(requirement)}</b> ${safe(code)} by <code>${safe(check)}</code> in ${safe(scenario)} <span class="soft">(${safe(pointing)}: ${safe(message)})</span></li>`,
          )
          .join('')}</ul></div>`
  return `<details class="trial"${open ? ' open' : ''}><summary>${sign(state)}<span><code>${safe(id)}</code> ${safe(title)}</span><span class="soft">${safe(kind)}</span></summary><div class="more">
${missed.length > 0 ? `<p>Not found unmet: ${safe(missed.join(', '))}</p>` : ''}${list('Caught by', caught)}${list('Found at another exchange, not counted', misplaced)}${list(kind === 'variant' ? 'Alarms' : 'Found besides', collateral)}
<p class="soft">${count(played.length, 'scenario')} played${played.length === 0 ? '' : `: ${safe(played.slice(0, 6).join('; '))}${played.length > 6 ? ` and ${played.length - 6} more` : ''}`}</p></div></details>`
}

function byRequirement({ rows }: Proof, statements: ReadonlyMap<string, Requirement>): string {
  const guards = new Map<string, Row[]>()
  for (const row of rows)
    if (row.kind === 'fault' || row.kind === 'client fault')
      for (const id of row.goals.flat()) guards.set(id, [...(guards.get(id) ?? []), row])
  const line = ([id, faults]: [string, Row[]]): string => {
    const caughtBy = faults.filter(({ caught }) => caught.some(({ requirement }) => requirement === id))
    return `<tr><th scope="row"><span class="req">${safe(id)}</span> <span class="soft">${safe(statements.get(id)?.level ?? '')}</span><br><span class="soft">${safe(statements.get(id)?.statement ?? '')}</span></th><td class="n">${caughtBy.length}</td><td class="n">${faults.length}</td></tr>`
  }
  const sorted = [...guards].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `<section class="block" id="requirements" aria-labelledby="requirements-title"><h2 id="requirements-title">Requirements <small>how many faults say that their checks can fail</small></h2>
<table class="sums"><thead><tr><td></td><th scope="col" class="n">faults caught</th><th scope="col" class="n">of</th></tr></thead><tbody>${sorted.map(line).join('')}</tbody></table></section>`
}

function looseEnds({ untripped, idle, unguarded, soleGuards, collateral, all }: Proof): string {
  const part = (name: string, note: string, items: readonly string[]): string =>
    `<details class="trial"><summary><span class="state">${items.length}</span><span>${name} <span class="soft">${note}</span></span><span></span></summary><div class="more"><ul class="columns">${items.map((item) => `<li>${safe(item)}</li>`).join('')}</ul></div></details>`
  return `<section class="block" id="loose" aria-labelledby="loose-title"><h2 id="loose-title">Loose ends</h2><div class="rows">
${part('Requirements without a fault', 'judged, and nothing shows that their checks can fail', unguarded)}
${part('Checks that no fault trips', all ? 'in any scenario' : 'in the scenarios that were played', untripped)}
${part(
  'Requirements guarded by one fault alone',
  '',
  soleGuards.map(({ requirement, fault }) => `${requirement}: ${fault}`),
)}
${all ? part('Scenarios that catch nothing', '', idle) : ''}
${part(
  'Faults that other requirements notice as well',
  'consequences, no alarms',
  collateral.map(({ trial: id, requirements }) => `${id}: ${requirements.join(', ')}`),
)}</div></section>`
}
