/**
 * report.html: one file that needs nothing else, from a disk or a server. What matters can be read without script; its own
 * script adds filters, search and the transcripts. Hostile text stays text: it is escaped, and no script but ours may run.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { safe } from '../diagram.ts'
import { headline } from '../wording.ts'
import type { Format, Material } from './format.ts'
import { islandsOf } from './html/islands.ts'
import { requirementList, scenarioList } from './html/lists.ts'
import { overview } from './html/overview.ts'
import { symbols } from './html/signs.ts'

export const html: Format = {
  name: 'html',
  path: 'report.html',
  about: 'the report for people: one file, no request to anywhere',
  write: async (material, folder) => writeFile(join(folder, 'report.html'), await reportHtml(material)),
}

const sheets = ['tokens', 'frame', 'overview', 'lists', 'scenario', 'transcript', 'narrow', 'print']
/** Before anything is drawn: whether there is script, and which theme the reader chose. */
const first = `document.documentElement.classList.add('js');try{const t=localStorage.getItem('vitruvian-theme');if(t)document.documentElement.dataset.theme=t}catch{}`

let bundled: Promise<string> | undefined
/** The report's own script, made from the modules in html/client. */
const clientScript = (): Promise<string> => {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL('./html/client/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  }).then(({ outputFiles }) => (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script'))
  return bundled
}

let styled: Promise<string> | undefined
const styleSheet = (): Promise<string> => {
  const read = (name: string): string => readFileSync(new URL(`./html/styles/${name}.css`, import.meta.url), 'utf8')
  styled ??= transform(sheets.map(read).join('\n'), {
    loader: 'css',
    minify: true,
    target: 'chrome111',
    charset: 'utf8',
  }).then(({ code }) => code.trim())
  return styled
}

/** The page as text. */
export async function reportHtml(material: Material): Promise<string> {
  const { run, sums } = material
  const [script, style] = await Promise.all([clientScript(), styleSheet()])
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const policy = `default-src 'none'; script-src ${hash(first)} ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`
  const islands = (await islandsOf(material)).parts.map(
    ({ id, text }) => `<script type="text/plain" id="part-${id}">${text}</script>`,
  )
  const note = run.line.synthetic
    ? undefined
    : material.peopleShown
      ? 'This report shows personal data of members. It is for the tester alone, not for sharing.'
      : 'Personal data of members was masked, for the system under test may hold real people. The record beside this report was not.'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${safe(headline(sums.scenarios, run.incomplete))} ${safe(run.line.title)} · Vitruvian</title>
<script>${first}</script>
<style>${style}</style>
</head>
<body>
${symbols}
<a class="skip" href="#main">Skip to the report</a>
<header class="top"><a class="brand" href="#overview">${mark}<span>Vitruvian</span></a>
<nav aria-label="Report"><a href="#overview">Overview</a><a href="#requirements">Requirements</a><a href="#scenarios">Scenarios</a></nav>
<button id="theme" type="button" title="Theme: system, light or dark" hidden>${half}<span></span></button></header>
<main id="main" tabindex="-1">
<noscript><p class="banner is-warning">The transcripts, filters and search of this report need its own script, which is switched off. Everything else is below.</p></noscript>
${overview(material, note)}
${requirementList(material)}
${scenarioList(material)}
</main>
<footer><p>Vitruvian ${safe(run.line.version)}, run ${safe(run.line.id)}. Secrets and tokens are masked; equal placeholders are equal secrets.</p><p class="keys">Keys: <kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> next and previous scenario, <kbd>o</kbd> overview.</p></footer>
${islands.join('\n')}
<script>${script}</script>
</body>
</html>
`
}

const half =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 1.4a6.6 6.6 0 0 1 0 13.2Z" fill="currentColor"/></svg>'
const mark =
  '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12.6" r="10.2" fill="none" stroke="currentColor" stroke-width="1.4"/><rect x="4.2" y="6.6" width="15.6" height="15.6" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M12 6.8v8M4.6 11.2h14.8M12 14.8l-4.6 6.8M12 14.8l4.6 6.8" stroke="currentColor" stroke-width="1.4" fill="none"/><circle cx="12" cy="5" r="1.5" fill="currentColor"/></svg>'
